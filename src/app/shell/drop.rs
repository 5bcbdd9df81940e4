//! Files from outside: dropped on the page, or chosen in the browser's dialog.

mod folder;

use js_sys::Reflect;
use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use web_sys::DragEvent;

use super::{
    chrome::{Chrome, use_chrome},
    part::{Icon, live},
    text::text,
};
use crate::app::command::{Action, Command};

/// The input behind every button that opens a file or a folder.
#[component]
pub fn FileBox() -> impl IntoView {
    let chrome = use_chrome();
    view! {
        <input
            node_ref=chrome.file_box
            class="sr-only"
            type="file"
            data-testid="file-input"
            tabindex="-1"
            aria-label=chrome.say(text!(open_file))
            accept=".ged,.gedcom,.gdz,.csv,.json,text/plain,application/octet-stream,application/x-gedcom"
            on:change=move |_| chosen(chrome)
        />
    }
}

fn chosen(chrome: Chrome) {
    let Some(input) = chrome.file_box.get_untracked() else { return };
    if let Some(list) = input.files() {
        let files = (0..list.length()).filter_map(|at| list.get(at));
        // Of a file that was chosen by itself this is empty.
        let path = |file: &web_sys::File| {
            let path = Reflect::get(file, &"webkitRelativePath".into()).ok()?.as_string()?;
            (!path.is_empty()).then_some(path)
        };
        let files: Vec<_> =
            files.map(|file| (path(&file).unwrap_or_else(|| file.name()), file)).collect();
        chrome.act(Action::OpenFiles(files));
    }
    // The same file may be chosen again, after it has changed on the disk.
    input.set_value("");
}

#[component]
pub fn DropOverlay() -> impl IntoView {
    let chrome = use_chrome();
    listen(chrome);
    live(move || {
        chrome.app.is_drop_target.get().then(|| {
            view! {
                <div class="drop" data-testid="drop">
                    <div class="drop-frame">
                        <Icon name="open" />
                        <h2>{chrome.say(text!(drop_title))}</h2>
                        <p>{chrome.say(text!(drop_text))}</p>
                    </div>
                </div>
            }
            .into_any()
        })
    })
}

fn listen(chrome: Chrome) {
    let target = chrome.app.is_drop_target;
    let over = window_event_listener(ev::dragover, move |event| {
        if holds_files(&event) {
            event.prevent_default();
            if !target.get_untracked() {
                target.set(true);
                chrome.act(Action::Run(Command::OpenFile));
            }
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event| {
        // Leaving one element for another is no leaving of the page.
        if event.related_target().is_none() {
            target.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event| {
        target.set(false);
        if holds_files(&event) {
            event.prevent_default();
            // Entries have to be taken out before the event is over.
            let entries = folder::entries(&event);
            spawn_local(async move {
                chrome.act(Action::OpenFiles(folder::files(entries).await));
            });
        }
    });
    on_cleanup(move || {
        for handle in [over, leave, drop] {
            handle.remove();
        }
    });
}

fn holds_files(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|transfer| transfer.types().includes(&JsValue::from("Files"), 0))
}
