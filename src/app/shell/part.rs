//! The small parts that all panels are made of.

use std::sync::{Arc, Mutex};

use leptos::{ev, prelude::*, tachys::reactive_graph::SharedReactiveFunction};

use super::{
    chrome::use_chrome,
    keys::is_mac,
    text::{Text, text},
};
use crate::app::{command::Command, shortcut::Shortcut};

/// What `show` has to show, again whenever something that it reads changes.
///
/// It is of one type whatever it shows, so that the code around it is in the program once.
pub fn live(mut show: impl FnMut() -> Option<AnyView> + Send + 'static) -> AnyView {
    let show: SharedReactiveFunction<AnyView> =
        Arc::new(Mutex::new(move || show().unwrap_or_else(|| ().into_any())));
    show.into_any()
}

/// A drawing of `public/icons.svg`, which stands in the page itself so that it needs no bridge.
/// Decorative: what it stands for is said beside it.
#[component]
pub fn Icon(
    /// Its id in the sprite.
    #[prop(into)]
    name: Signal<&'static str>,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=move || format!("#{}", name.get())></use>
        </svg>
    }
}

/// A button that shows an icon and says what it does on hover and to screen readers.
#[component]
pub fn IconButton(
    #[prop(into)] icon: Signal<&'static str>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] testid: Option<&'static str>,
    #[prop(optional, into)] is_pressed: Option<Signal<bool>>,
    #[prop(into)] on_press: Callback<ev::MouseEvent>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-button"
            data-testid=testid
            title=title
            aria-label=title
            aria-pressed=is_pressed.map(|it| move || it.get().to_string())
            on:click=move |event| on_press.run(event)
        >
            <Icon name=icon />
        </button>
    }
}

/// An icon button for a command: its title names the key as well.
#[component]
pub fn CommandButton(
    command: Command,
    icon: &'static str,
    #[prop(optional)] testid: Option<&'static str>,
    #[prop(optional, into)] is_pressed: Option<Signal<bool>>,
) -> impl IntoView {
    let chrome = use_chrome();
    let title = Signal::derive(move || titled(command, chrome.locale()));
    let is_unavailable = move || !command.is_available(&chrome.app);
    view! {
        <button
            type="button"
            class="icon-button"
            data-testid=testid
            title=title
            aria-label=chrome.say(command.title())
            aria-keyshortcuts=command.shortcuts().first().map(|shortcut| shortcut.aria())
            aria-pressed=is_pressed.map(|it| move || it.get().to_string())
            disabled=is_unavailable
            on:click=move |_| chrome.run(command)
        >
            <Icon name=icon />
        </button>
    }
}

/// `Fit everything in view (F)`.
pub fn titled(command: Command, locale: super::text::Language) -> String {
    let title = command.title().of(locale);
    match command.shortcuts().first() {
        Some(shortcut) => format!("{title} ({})", shortcut.caps(is_mac()).join(" ")),
        None => title.to_owned(),
    }
}

/// The caps of a key.
#[component]
pub fn Keys(shortcut: Shortcut) -> impl IntoView {
    let caps: Vec<_> =
        shortcut.caps(is_mac()).into_iter().map(|cap| view! { <kbd>{cap}</kbd> }).collect();
    view! { <span class="keys">{caps}</span> }
}

/// The cross in the corner of a panel.
#[component]
pub fn CloseButton(#[prop(into)] on_press: Callback<ev::MouseEvent>) -> impl IntoView {
    let chrome = use_chrome();
    let title = Signal::derive(move || text!(close).of(chrome.locale()).to_owned());
    view! { <IconButton icon="close" title on_press /> }
}

/// A list of things that go by numbers, to choose one from.
#[component]
pub fn Choice(
    label: Text,
    testid: &'static str,
    /// The numbers, and what each is called in the language of the page.
    #[prop(into)]
    options: Signal<Vec<(u32, String)>>,
    #[prop(into)] chosen: Signal<u32>,
    #[prop(into)] choose: Callback<u32>,
) -> impl IntoView {
    let chrome = use_chrome();
    let option = move |(value, name): (u32, String)| {
        view! {
            <option value=value.to_string() prop:selected=move || chosen.get() == value>
                {name}
            </option>
        }
        .into_any()
    };
    let options =
        live(move || Some(options.get().into_iter().map(option).collect::<Vec<_>>().into_any()));
    view! {
        <label class="choice">
            <span>{chrome.say(label)}</span>
            <select
                data-testid=testid
                on:change=move |event| {
                    if let Ok(value) = event_target_value(&event).parse() {
                        choose.run(value);
                    }
                }
            >
                {options}
            </select>
        </label>
    }
}

/// A button with words in it.
#[component]
pub fn TextButton(
    label: Text,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] is_primary: bool,
    #[prop(optional)] testid: Option<&'static str>,
    #[prop(into)] on_press: Callback<ev::MouseEvent>,
) -> impl IntoView {
    let chrome = use_chrome();
    view! {
        <button
            type="button"
            class="button"
            class:primary=is_primary
            data-testid=testid
            on:click=move |event| on_press.run(event)
        >
            {icon.map(|name| view! { <Icon name /> })}
            <span>{chrome.say(label)}</span>
        </button>
    }
}
