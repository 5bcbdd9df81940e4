//! The bar on top: where one is, what one looks for, how fresh it is.

use banyan_view::View;
use leptos::prelude::*;

use super::{
    chrome::{Menu, use_chrome},
    part::{CommandButton, Icon, IconButton, titled},
    pill::StatusPill,
    search::SearchBox,
    text::{Text, text},
};
use crate::app::{command::Command, state::ThemeChoice};

#[component]
pub fn Bar() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    // The lab is in the menu.
    let views = View::ALL.into_iter().filter(|view| *view != View::Lab);
    let views: Vec<_> = views.map(|view| view! { <ViewTab view /> }).collect();
    let theme_icon = Signal::derive(move || match app.theme.get() {
        ThemeChoice::System => "theme-system",
        ThemeChoice::Light => "theme-light",
        ThemeChoice::Dark => "theme-dark",
    });
    let theme_title = Signal::derive(move || {
        let title = match app.theme.get() {
            ThemeChoice::System => text!(theme_system),
            ThemeChoice::Light => text!(theme_light),
            ThemeChoice::Dark => text!(theme_dark),
        };
        title.of(chrome.locale()).to_owned()
    });
    let menu_title = Signal::derive(move || text!(menu).of(chrome.locale()).to_owned());
    let is_menu_open = Signal::derive(move || chrome.menu.get() == Some(Menu::Main));
    view! {
        <header class="bar">
            <div class="bar-start">
                <div class="brand">
                    <svg class="mark" aria-hidden="true">
                        <use href={"#banyan".to_owned()}></use>
                    </svg>
                    <h1>{chrome.say(text!(brand))}</h1>
                </div>
                <nav class="views" aria-label=chrome.say(text!(views))>{views}</nav>
            </div>
            <SearchBox />
            <div class="bar-end">
                <StatusPill />
                <CommandButton command=Command::OpenFile icon="open" testid="open-file" />
                <span class="wide-only">
                    <IconButton
                        icon=theme_icon
                        title=theme_title
                        testid="theme"
                        on_press=move |_| chrome.run(Command::CycleTheme)
                    />
                </span>
                <button
                    type="button"
                    class="icon-button language wide-only"
                    data-testid="language"
                    title=move || titled(Command::SwitchLanguage, chrome.locale())
                    aria-label=chrome.say(text!(language_switch))
                    on:click=move |_| chrome.run(Command::SwitchLanguage)
                >
                    {chrome.say(text!(language_short))}
                </button>
                <IconButton
                    icon="menu"
                    title=menu_title
                    testid="menu-button"
                    is_pressed=is_menu_open
                    on_press=move |_| {
                        chrome.menu.update(|menu| {
                            *menu = if menu.is_none() { Some(Menu::Main) } else { None };
                        });
                    }
                />
            </div>
        </header>
    }
}

#[component]
fn ViewTab(view: View) -> impl IntoView {
    let chrome = use_chrome();
    let command = Command::Show(view);
    let (icon, testid) = match view {
        View::Family => ("family", "view-family"),
        View::Connections => ("connections", "view-connections"),
        View::Keyspace => ("keyspace", "view-keyspace"),
        View::Lab => ("minimap", "view-lab"),
    };
    let is_current = move || chrome.app.view.get() == view;
    view! {
        <button
            type="button"
            class="view-tab"
            data-testid=testid
            aria-current=move || is_current().then_some("page")
            title=move || titled(command, chrome.locale())
            on:click=move |_| chrome.run(command)
        >
            <Icon name=icon />
            <span>{chrome.say(view_name(view))}</span>
        </button>
    }
}

pub fn view_name(view: View) -> Text {
    match view {
        View::Family => text!(view_family),
        View::Connections => text!(view_connections),
        View::Keyspace => text!(view_keyspace),
        View::Lab => text!(view_lab),
    }
}
