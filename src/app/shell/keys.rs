//! From pressed keys to commands.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};

use super::chrome::Chrome;
use crate::app::{command::Command, shortcut::Pressed};

/// Where keys are text, or choose among options.
const TAKES_KEYS: &str = "input, textarea, select, [contenteditable], [role=menu]";

pub fn listen(chrome: Chrome) {
    let handle = window_event_listener(ev::keydown, move |event| untrack(|| press(chrome, &event)));
    on_cleanup(move || handle.remove());
}

fn press(chrome: Chrome, event: &KeyboardEvent) {
    // A key that composes a Chinese character belongs to the input method.
    if event.default_prevented() || event.is_composing() {
        return;
    }
    let key = event.key();
    let pressed = Pressed {
        key: &key,
        shift: event.shift_key(),
        ctrl: event.ctrl_key(),
        meta: event.meta_key(),
        alt: event.alt_key(),
    };
    let Some(command) = Command::for_key(pressed, &chrome.app) else { return };
    let is_taken = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest(TAKES_KEYS).ok().flatten())
        .is_some();
    let is_modified = pressed.ctrl || pressed.meta;
    let always = is_modified || command == Command::CloseOrClear;
    if (is_taken || chrome.app.is_help_open.get()) && !always {
        return;
    }
    event.prevent_default();
    chrome.run(command);
}

/// Whether keys are named as on a Mac.
pub fn is_mac() -> bool {
    let platform = window().navigator().platform().unwrap_or_default();
    platform.starts_with("Mac") || platform.starts_with("iP")
}
