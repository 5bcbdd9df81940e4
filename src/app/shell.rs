//! Everything that floats above the canvas: the bar, the panels, the menus, the keys.
//!
//! The shell shows the signals of [`App`], carries out the commands that are its own, and hands the
//! rest to its [`Deck`]. It knows neither the camera nor the engines.

pub mod bar;
pub mod caption;
pub mod chrome;
pub mod code;
pub mod corner;
pub mod details;
pub mod diagnostics;
pub mod drop;
pub mod empty;
pub mod export;
mod form;
pub mod format;
pub mod help;
pub mod keys;
pub mod lab;
pub mod legend;
pub mod memory;
pub mod menu;
pub mod part;
pub mod pill;
pub mod progress;
pub mod search;
pub mod status;
pub mod table;
pub mod text;
pub mod toast;
pub mod tools;
pub mod trouble;

use std::time::Duration;

use banyan_view::View;
use leptos::{ev, prelude::*};

use self::{
    bar::Bar,
    chrome::{Chrome, Menu},
    corner::{Figures, ZoomTools},
    details::DetailsPanel,
    diagnostics::DiagnosticsPanel,
    drop::{DropOverlay, FileBox},
    empty::EmptyState,
    export::ExportPanel,
    form::FormPanel,
    help::HelpDialog,
    lab::LabPanel,
    legend::Legend,
    menu::MenuView,
    part::live,
    pill::use_status,
    progress::ProgressPanel,
    status::Status,
    text::text,
    toast::ToastView,
    tools::{Places, Tools, shown_name},
    trouble::{LoadErrorPanel, PanicPanel, StaleNote},
};
use super::{
    command::{Action, Deck},
    state::App,
};
use crate::stage::{MinimapView, StageView, TopRow};

/// The whole page. Remembers theme, language and panels in the browser, listens to keys and files.
#[component]
pub fn Shell(app: App, deck: Deck) -> impl IntoView {
    let chrome = Chrome::new(app, deck);
    provide_context(chrome);
    memory::keep(chrome);
    keys::listen(chrome);
    tick(chrome);
    name_page(chrome);
    let stage_label = Signal::derive(move || text!(canvas).of(chrome.locale()).to_owned());
    let minimap_label = Signal::derive(move || text!(minimap).of(chrome.locale()).to_owned());
    let has_minimap = Memo::new(move |_| app.panels.get().minimap);
    // Without a scene the minimap is not seen, but has its size: a scene begins clear of it.
    let is_minimap_empty = Memo::new(move |_| {
        let view = app.view.get();
        app.scenes.with(|scenes| scenes.get(&view).is_none())
    });
    let status = use_status(chrome);
    let is_stale = move || {
        matches!(
            status.get(),
            Status::Stale { .. } | Status::Reconnecting { .. } | Status::Down { .. }
        )
    };
    let open_menu = move |event: ev::MouseEvent| {
        event.prevent_default();
        // The menu is about what lies under the pointer.
        if let Some(node) = app.hovered.get_untracked() {
            chrome.act(Action::Select(node));
        }
        chrome.menu.set(Some(Menu::Context { x_px: event.client_x(), y_px: event.client_y() }));
    };
    view! {
        <Bar />
        <main class="deck" class:stale=is_stale on:contextmenu=open_menu>
            <StageView label=stage_label />
            <EmptyState />
        </main>
        <div class="corner top-left">
            {live(move || {
                has_minimap.get().then(|| {
                    view! {
                        <div class="minimap-frame panel" class:waiting=is_minimap_empty>
                            <MinimapView label=minimap_label />
                        </div>
                    }
                    .into_any()
                })
            })}
            <TopRow>
                <Tools />
                <Places />
            </TopRow>
        </div>
        <div class="corner bottom-left">
            <Legend />
            <ZoomTools />
        </div>
        <div class="corner top-middle">
            <ProgressPanel />
            <StaleNote />
            <LoadErrorPanel />
            <PanicPanel />
        </div>
        <div class="corner right">
            <ExportPanel />
            <FormPanel />
            <DetailsPanel />
            <DiagnosticsPanel />
            <LabPanel />
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

/// Tells tabs and bookmarks apart by what they show.
fn name_page(chrome: Chrome) {
    let app = chrome.app;
    Effect::new(move || {
        let selected = app.selected.with(|node| node.as_ref().map(|node| node.title.clone()));
        let subject = match app.view.get() {
            View::Family => app.family.with(|family| {
                family
                    .as_ref()
                    .map(|family| shown_name(chrome.locale(), &family.source, &family.name))
            }),
            View::Connections | View::Keyspace => app.target.get().map(|target| target.0),
            View::Lab => Some(text!(view_lab).of(chrome.locale()).to_owned()),
        };
        let brand = text!(brand).of(chrome.locale()).to_owned();
        let parts: Vec<_> = selected.into_iter().chain(subject).chain([brand]).collect();
        document().set_title(&parts.join(" · "));
    });
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
