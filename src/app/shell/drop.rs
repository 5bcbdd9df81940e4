//! Files from outside: dropped on the page, or chosen in the browser's dialog.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;
use web_sys::DragEvent;

use super::{
    chrome::{Chrome, use_chrome},
    part::Icon,
    text::text,
};
use crate::app::command::Action;

/// The input behind every button that opens a file.
#[component]
pub fn FileBox() -> impl IntoView {
    let chrome = use_chrome();
    let choose = move |_| {
        let Some(input) = chrome.file_box.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            chrome.act(Action::OpenFile(file));
        }
        // The same file may be chosen again, after it has changed on the disk.
        input.set_value("");
    };
    view! {
        <input
            node_ref=chrome.file_box
            class="sr-only"
            type="file"
            data-testid="file-input"
            tabindex="-1"
            aria-label=chrome.say(text!(open_file))
            accept=".ged,.gedcom,.gdz,.csv,.json,text/plain,application/octet-stream,application/x-gedcom"
            on:change=choose
        />
    }
}

#[component]
pub fn DropOverlay() -> impl IntoView {
    let chrome = use_chrome();
    listen(chrome);
    move || {
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
        })
    }
}

fn listen(chrome: Chrome) {
    let target = chrome.app.is_drop_target;
    let over = window_event_listener(ev::dragover, move |event| {
        if holds_files(&event) {
            event.prevent_default();
            target.set(true);
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
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            event.prevent_default();
            chrome.act(Action::OpenFile(file));
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
