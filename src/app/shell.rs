//! Everything that floats above the canvas: the bar, the panels, the menus, the keys.
//!
//! The shell shows the signals of [`App`], carries out the commands that are its own, and hands the
//! rest to its [`Deck`]. It knows neither the camera nor the engines.

pub mod bar;
pub mod chrome;
pub mod code;
pub mod corner;
pub mod details;
pub mod diagnostics;
pub mod drop;
pub mod empty;
pub mod format;
pub mod help;
pub mod keys;
pub mod label;
pub mod legend;
pub mod memory;
pub mod menu;
pub mod part;
pub mod pill;
pub mod progress;
pub mod search;
pub mod status;
pub mod text;
pub mod toast;
pub mod tools;
pub mod trouble;

use std::time::Duration;

use leptos::{ev, prelude::*};

use self::{
    bar::Bar,
    chrome::{Chrome, Menu},
    corner::{Figures, ZoomTools},
    details::DetailsPanel,
    diagnostics::DiagnosticsPanel,
    drop::{DropOverlay, FileBox},
    empty::EmptyState,
    help::HelpDialog,
    legend::Legend,
    menu::MenuView,
    progress::ProgressPanel,
    text::text,
    toast::ToastView,
    tools::Tools,
    trouble::{LoadErrorPanel, PanicPanel},
};
use super::{command::Deck, state::App};
use crate::stage::{MinimapView, StageView};

/// The whole page. Remembers theme, language and panels in the browser, listens to keys and files.
#[component]
pub fn Shell(app: App, deck: Deck) -> impl IntoView {
    let chrome = Chrome::new(app, deck);
    provide_context(chrome);
    memory::keep(chrome);
    keys::listen(chrome);
    tick(chrome);
    let stage_label = Signal::derive(move || text!(canvas).of(chrome.locale()).to_owned());
    let minimap_label = Signal::derive(move || text!(minimap).of(chrome.locale()).to_owned());
    let has_minimap = Memo::new(move |_| {
        let view = app.view.get();
        app.panels.get().minimap && app.scenes.with(|scenes| scenes.contains_key(&view))
    });
    let open_menu = move |event: ev::MouseEvent| {
        event.prevent_default();
        chrome.menu.set(Some(Menu::Context { x_px: event.client_x(), y_px: event.client_y() }));
    };
    view! {
        <Bar />
        <main class="deck" on:contextmenu=open_menu>
            <StageView label=stage_label />
            <EmptyState />
        </main>
        <div class="corner top-left">
            {move || {
                has_minimap.get().then(|| {
                    view! {
                        <div class="minimap-frame panel">
                            <MinimapView label=minimap_label />
                        </div>
                    }
                })
            }}
            <Tools />
        </div>
        <div class="corner bottom-left">
            <Legend />
            <ZoomTools />
        </div>
        <div class="corner top-middle">
            <ProgressPanel />
            <LoadErrorPanel />
            <PanicPanel />
        </div>
        <div class="corner right">
            <DetailsPanel />
            <DiagnosticsPanel />
        </div>
        <div class="corner bottom-right">
            <Figures />
        </div>
        <MenuView />
        <HelpDialog />
        <ToastView />
        <DropOverlay />
        <FileBox />
    }
}

/// Lets the clock of the page run while somebody looks at live data.
fn tick(chrome: Chrome) {
    let handle = set_interval_with_handle(
        move || {
            let is_seen = !document().hidden() && chrome.app.view.get_untracked().is_live();
            if is_seen {
                chrome.now_millis.set(js_sys::Date::now());
            }
        },
        Duration::from_secs(1),
    );
    if let Ok(handle) = handle {
        on_cleanup(move || handle.clear());
    }
}
