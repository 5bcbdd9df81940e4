//! What this browser remembers of the page's looks, and how they reach the document.

use banyan_view::ShownCalendar;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, closure::Closure};

use super::{chrome::Chrome, text::tag};
use crate::{
    app::state::{App, Panels, ThemeChoice},
    message::PictureMemory,
};

// `index.html` reads the first two before the program is there, so that nothing flashes.
const THEME: &str = "banyan.theme";
const LANGUAGE: &str = "banyan.language";
const PANELS: &str = "banyan.panels";
const PICTURES: &str = "banyan.pictures";
const LIVING: &str = "banyan.living";
const CALENDAR: &str = "banyan.calendar";

/// Reads what was chosen before, and from now on keeps it and puts it on the document.
pub fn keep(chrome: Chrome) {
    let app = chrome.app;
    recall(app);
    follow_system_theme(app);
    Effect::new(move || {
        let theme = app.theme.get();
        store(THEME, theme_name(theme));
        app.is_dark.set(is_dark(theme));
    });
    Effect::new(move || {
        set_on_root("data-theme", if app.is_dark.get() { "dark" } else { "light" });
        show_theme_colour();
    });
    Effect::new(move || {
        let tag = tag(app.locale.get());
        store(LANGUAGE, tag);
        set_on_root("lang", tag);
    });
    Effect::new(move || store_place(PICTURES, app.pictures.get() as u8));
    Effect::new(move || store_place(CALENDAR, app.calendar.get() as u8));
    Effect::new(move || store(LIVING, if app.hides_living.get() { "hidden" } else { "" }));
    Effect::new(move || {
        let Panels { minimap, legend, .. } = app.panels.get();
        let names = [("minimap", minimap), ("legend", legend)];
        let open: Vec<_> =
            names.iter().filter(|(_, is_open)| *is_open).map(|(name, _)| *name).collect();
        store(PANELS, &open.join(" "));
    });
}

fn recall(app: App) {
    app.theme.set(match read(THEME).as_deref() {
        Some("light") => ThemeChoice::Light,
        Some("dark") => ThemeChoice::Dark,
        _ => ThemeChoice::System,
    });
    app.is_dark.set(is_dark(app.theme.get_untracked()));
    if let Some(&pictures) = read_place(PICTURES).and_then(|place| PictureMemory::ALL.get(place)) {
        app.pictures.set(pictures);
    }
    app.hides_living.set(read(LIVING).as_deref() == Some("hidden"));
    if let Some(&calendar) = read_place(CALENDAR).and_then(|place| ShownCalendar::ALL.get(place)) {
        app.calendar.set(calendar);
    }
    if let Some(open) = read(PANELS) {
        let is_open = |name| open.split(' ').any(|panel| panel == name);
        app.panels.update(|panels| {
            (panels.minimap, panels.legend) = (is_open("minimap"), is_open("legend"));
        });
    } else if window()
        .match_media("(max-width: 719px)")
        .ok()
        .flatten()
        .is_some_and(|it| it.matches())
    {
        app.panels.update(|panels| panels.minimap = false);
    }
}

fn follow_system_theme(app: App) {
    let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else { return };
    let changed =
        Closure::<dyn FnMut()>::new(move || app.is_dark.set(is_dark(app.theme.get_untracked())));
    query.set_onchange(Some(changed.as_ref().unchecked_ref()));
    // The page follows the system as long as it lives, and so must the query.
    changed.forget();
    std::mem::forget(query);
}

fn is_dark(theme: ThemeChoice) -> bool {
    match theme {
        ThemeChoice::Light => false,
        ThemeChoice::Dark => true,
        ThemeChoice::System => system_is_dark(),
    }
}

pub fn system_is_dark() -> bool {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

fn theme_name(theme: ThemeChoice) -> &'static str {
    match theme {
        ThemeChoice::System => "system",
        ThemeChoice::Light => "light",
        ThemeChoice::Dark => "dark",
    }
}

/// Browsers on phones colour their own bar by this.
fn show_theme_colour() {
    let Some(body) = document().body() else { return };
    let Ok(Some(style)) = window().get_computed_style(&body) else { return };
    let colour = style.get_property_value("background-color").unwrap_or_default();
    if let Ok(Some(meta)) = document().query_selector("meta[name=theme-color]") {
        // A meta element takes every content.
        let _ = meta.set_attribute("content", &colour);
    }
}

fn set_on_root(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        // The names are ours and valid.
        let _ = root.set_attribute(name, value);
    }
}

/// Nothing where the browser keeps nothing, as in some private windows.
fn read(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// A place in a list of less than ten.
fn read_place(key: &str) -> Option<usize> {
    read(key)?.parse().ok()
}

fn store_place(key: &str, place: u8) {
    store(key, char::from(b'0' + place).encode_utf8(&mut [0; 4]));
}

fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A full or forbidden storage costs a preference, no more.
        let _ = storage.set_item(key, value);
    }
}
