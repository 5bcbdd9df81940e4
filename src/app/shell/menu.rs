//! The menu of the bar and the one under the pointer.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::{
    chrome::{Chrome, Menu, stepped, use_chrome},
    part::{Keys, live},
    text::text,
};
use crate::{app::command::Command, message::Sample};
use banyan_view::{Arrange, Branch, Part};

const MAIN: [&[Command]; 7] = [
    &[
        Command::OpenFile,
        Command::OpenFolder,
        Command::ShowKept,
        Command::OpenSample(Sample::Honglou),
        Command::OpenSample(Sample::DarwinWedgwood),
        Command::ShowDiagnostics,
    ],
    &[Command::AddPerson, Command::Undo, Command::Redo, Command::SaveFamily],
    &[
        Command::ShowTimeline,
        Command::ShowPart(Part::Su),
        Command::ShowPart(Part::Ou),
        Command::ShowPart(Part::Pagoda),
        Command::ShowPart(Part::List),
        Command::ShowEveryone,
        Command::ShowFigures,
        Command::ShowTable,
        Command::CycleColouring,
        Command::HideLiving,
    ],
    &[Command::ShowCommands, Command::ToggleMinimap, Command::ToggleLegend],
    &[
        Command::CycleTheme,
        Command::SwitchLanguage,
        Command::CycleCalendar,
        Command::CyclePictureMemory,
    ],
    &[Command::Show(banyan_view::View::Lab)],
    &[Command::CopyLink, Command::ShowExport, Command::Print, Command::ShowHelp],
];

const ON_NODE: [&[Command]; 4] = [
    &[Command::Relate, Command::CentreSelection, Command::CopyDetails],
    &[Command::EditPerson, Command::AddPerson, Command::LinkPersons, Command::RemovePerson],
    &[
        Command::Arrange(Arrange::Fold(Branch::Descendants)),
        Command::Arrange(Arrange::Fold(Branch::Ancestors)),
        Command::Arrange(Arrange::FlipCouple),
    ],
    &[
        Command::ShowPart(Part::Ancestors),
        Command::ShowPart(Part::Descendants),
        Command::ShowPart(Part::Hourglass),
        Command::ShowPart(Part::Relatives),
        Command::ShowPart(Part::Fan),
        Command::ShowPart(Part::HalfFan),
        Command::ShowPart(Part::Su),
        Command::ShowPart(Part::Ou),
        Command::ShowPart(Part::Pagoda),
        Command::ShowPart(Part::List),
    ],
];

const ON_CANVAS: [&[Command]; 5] = [
    &[Command::Fit, Command::Home, Command::ZoomIn, Command::ZoomOut],
    &[Command::ShowTimeline, Command::ShowEveryone],
    &[
        Command::Arrange(Arrange::UnfoldAll),
        Command::Arrange(Arrange::HideInLaws),
        Command::Arrange(Arrange::LockBirthOrder),
        Command::Arrange(Arrange::MaleLine),
    ],
    &[Command::ToggleMinimap, Command::ToggleLegend, Command::RescanKeys],
    &[Command::Search, Command::CopyLink, Command::ShowExport, Command::Print, Command::ShowHelp],
];

#[component]
pub fn MenuView() -> impl IntoView {
    let chrome = use_chrome();
    live(move || chrome.menu.get().map(|menu| view! { <OpenMenu menu /> }.into_any()))
}

#[component]
fn OpenMenu(menu: Menu) -> impl IntoView {
    let chrome = use_chrome();
    let list: NodeRef<html::Div> = NodeRef::new();
    let groups: Vec<&'static [Command]> = match menu {
        Menu::Main => MAIN.to_vec(),
        Menu::Context { .. } => {
            let has_selection = chrome.app.selected.with_untracked(Option::is_some);
            has_selection.then_some(ON_NODE).into_iter().flatten().chain(ON_CANVAS).collect()
        }
    };
    let groups: Vec<_> = groups
        .into_iter()
        .map(|commands| {
            let items: Vec<_> = commands
                .iter()
                .filter(|command| {
                    // In this menu what is impossible only takes room.
                    menu == Menu::Main || untrack(|| command.is_available(&chrome.app))
                })
                .map(|command| item(chrome, *command))
                .collect();
            (!items.is_empty())
                .then(|| view! { <div role="group" class="menu-group">{items}</div> }.into_any())
        })
        .collect();
    let before =
        document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    Effect::new(move || {
        let Some(list) = list.get() else { return };
        if let Menu::Context { x_px, y_px } = menu {
            place(&list, x_px, y_px);
        }
        focus_item(&list, 0);
    });
    let before = StoredValue::new_local(before);
    on_cleanup(move || {
        if let Some(Some(before)) = before.try_get_value() {
            // What had the focus may be gone by now, and then the page has it.
            let _ = before.focus();
        }
    });
    let press = move |event: ev::KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Tab" => {
                chrome.menu.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        focus_item(&list, step);
    };
    view! {
        <div
            class="menu-scrim"
            on:pointerdown=move |_| chrome.menu.set(None)
            on:contextmenu=move |event| {
                event.prevent_default();
                chrome.menu.set(None);
            }
        />
        <div
            node_ref=list
            class="menu panel"
            class:main=menu == Menu::Main
            role="menu"
            data-testid="menu"
            aria-label=chrome.say(text!(menu))
            on:keydown=press
        >
            {groups}
        </div>
    }
}

fn item(chrome: Chrome, command: Command) -> AnyView {
    view! {
        <button
            type="button"
            class="menu-item"
            role="menuitem"
            data-command=command.id()
            disabled=move || !command.is_available(&chrome.app)
            on:click=move |_| chrome.run(command)
        >
            <span>{chrome.say(command.title())}</span>
            {command.shortcuts().first().map(|shortcut| view! { <Keys shortcut=*shortcut /> })}
        </button>
    }
    .into_any()
}

/// Puts the menu at the pointer, within the window.
fn place(list: &HtmlElement, x_px: i32, y_px: i32) {
    let size = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or_default()
    };
    let fit = |at: i32, own: i32, all: f64| f64::from(at).min(all - f64::from(own) - 8.0).max(8.0);
    // Whole px: casts saturate, and a window is smaller than that.
    let left = fit(x_px, list.offset_width(), size(window().inner_width())) as i32;
    let top = fit(y_px, list.offset_height(), size(window().inner_height())) as i32;
    let style = list.style();
    // Lengths are valid values of these properties.
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}

/// Moves the focus by `step` items; 0 is the first item.
fn focus_item(list: &HtmlElement, step: isize) {
    let Ok(found) = list.query_selector_all("[role=menuitem]:not(:disabled)") else { return };
    let items: Vec<HtmlElement> =
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect();
    let active = document().active_element();
    let at = items.iter().position(|item| active.as_ref() == Some(item.as_ref()));
    let next = if step == 0 { Some(0) } else { stepped(at, items.len(), step) };
    if let Some(item) = next.and_then(|next| items.get(next)) {
        // It is visible and enabled, so it takes the focus.
        let _ = item.focus();
    }
}
