//! All keys and gestures.

use banyan_view::Direction;
use leptos::{html, prelude::*};

use super::{
    chrome::use_chrome,
    part::{CloseButton, Keys},
    text::{Text, text},
};
use crate::app::{
    command::{Command, Group},
    shortcut::Shortcut,
};

#[component]
pub fn HelpDialog() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (app.is_help_open.get(), dialog.open()) {
            // It is on the page and closed: it can open.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let groups = Group::ALL.map(|group| view! { <CommandGroup group /> });
    let gestures = [
        (text!(help_drag), text!(help_drag_text)),
        (text!(help_wheel), text!(help_wheel_text)),
        (text!(help_double_click), text!(help_double_click_text)),
        (text!(help_click), text!(help_click_text)),
        (text!(help_menu), text!(help_menu_text)),
    ]
    .map(|(gesture, what): (Text, Text)| {
        view! {
            <div class="help-row">
                <dt>{chrome.say(what)}</dt>
                <dd>{chrome.say(gesture)}</dd>
            </div>
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class="help panel"
            data-testid="help"
            aria-label=chrome.say(text!(help_title))
            on:close=move |_| app.is_help_open.set(false)
            on:click=move |event| {
                // A press beside the dialog is a press on the dialog element itself.
                let is_beside = dialog
                    .get_untracked()
                    .is_some_and(|dialog| event.target() == Some((*dialog).clone().into()));
                if is_beside {
                    app.is_help_open.set(false);
                }
            }
        >
            <div class="help-content">
                <header class="panel-head">
                    <h2>{chrome.say(text!(help_title))}</h2>
                    <CloseButton on_press=move |_| app.is_help_open.set(false) />
                </header>
                <div class="help-body">
                    <div class="help-columns">
                        {groups}
                        <section>
                            <h3>{chrome.say(text!(help_pointer))}</h3>
                            <dl>{gestures}</dl>
                        </section>
                    </div>
                </div>
            </div>
        </dialog>
    }
}

#[component]
fn CommandGroup(group: Group) -> impl IntoView {
    let chrome = use_chrome();
    let row = move |title: Text, shortcuts: Vec<Shortcut>| {
        let keys: Vec<_> =
            shortcuts.into_iter().map(|shortcut| view! { <Keys shortcut /> }).collect();
        view! {
            <div class="help-row">
                <dt>{chrome.say(title)}</dt>
                <dd>{keys}</dd>
            </div>
        }
    };
    let rows: Vec<_> = Command::ALL
        .into_iter()
        .filter(|command| command.group() == group)
        .filter_map(|command| match command {
            // Four arrows are one thing to know.
            Command::Walk(Direction::Up) => Some(row(text!(help_walk), arrows(Command::Walk))),
            Command::Pan(Direction::Up) => Some(row(text!(help_pan), arrows(Command::Pan))),
            Command::Walk(_) | Command::Pan(_) => None,
            _ if command.shortcuts().is_empty() => None,
            _ => Some(row(command.title(), command.shortcuts().to_vec())),
        })
        .collect();
    view! {
        <section>
            <h3>{chrome.say(group.title())}</h3>
            <dl>{rows}</dl>
        </section>
    }
}

/// The arrows of the commands for all four directions, with what is held down named once.
fn arrows(command: fn(Direction) -> Command) -> Vec<Shortcut> {
    let keys = |direction| command(direction).shortcuts();
    let first = keys(Direction::Left).first();
    let rest = [Direction::Up, Direction::Down, Direction::Right];
    first.into_iter().chain(rest.into_iter().filter_map(|it| keys(it).last())).copied().collect()
}
