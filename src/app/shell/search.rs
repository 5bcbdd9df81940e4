//! The search box: finds nodes of the current view, and commands after a `>`.

use banyan_view::{NodeSummary, View};
use leptos::{ev, prelude::*};

use super::{
    chrome::{Chrome, stepped, use_chrome},
    format,
    part::{Icon, Keys, live},
    text::{say, text},
};
use crate::app::command::Command;

/// A line of the list.
#[derive(Clone, PartialEq)]
enum Entry {
    Node(NodeSummary),
    Command(Command),
}

#[component]
pub fn SearchBox() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let active = RwSignal::new(0_usize);
    let entries = Memo::new(move |_| entries(chrome));
    let is_open = move || app.is_search_open.get();
    let placeholder = move || {
        let text = match app.view.get() {
            View::Family => text!(search_family_placeholder),
            View::Connections => text!(search_connections_placeholder),
            View::Keyspace => text!(search_keyspace_placeholder),
            View::Lab => text!(search_lab_placeholder),
        };
        text.of(chrome.locale())
    };
    Effect::new(move || {
        chrome.query.track();
        active.set(0);
    });
    // What was found in one scene says nothing in another.
    Effect::new(move |is_later: Option<()>| {
        app.view.track();
        app.family.track();
        if is_later.is_some() {
            chrome.query.set(String::new());
        }
    });
    let press = move |event: ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let len = entries.with_untracked(Vec::len);
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Enter" => {
                let entry =
                    entries.with_untracked(|list| list.get(active.get_untracked()).cloned());
                if let Some(entry) = entry {
                    event.prevent_default();
                    choose(chrome, entry);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        app.is_search_open.set(true);
        if let Some(next) = stepped(Some(active.get_untracked()), len, step) {
            active.set(next);
            scroll_to(next);
        }
    };
    view! {
        <search class="search" class:open=is_open>
            <label class="search-field">
                <Icon name="search" />
                <input
                    node_ref=chrome.search_box
                    data-testid="search"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    placeholder=placeholder
                    aria-label=placeholder
                    aria-expanded=move || is_open().to_string()
                    aria-controls="search-results"
                    aria-autocomplete="list"
                    aria-activedescendant=move || {
                        (is_open() && !entries.with(Vec::is_empty)).then(|| option_id(active.get()))
                    }
                    prop:value=move || chrome.query.get()
                    on:focus=move |_| app.is_search_open.set(true)
                    on:blur=move |_| app.is_search_open.set(false)
                    on:input=move |event| {
                        app.is_search_open.set(true);
                        chrome.set_query(event_target_value(&event));
                    }
                    on:keydown=press
                />
                {live(move || {
                    let is_empty = chrome.query.with(String::is_empty);
                    Some(if is_empty { search_key() } else { view! { <Clear /> }.into_any() })
                })}
            </label>
            // A press on the list must not take the focus from the box, which would close the list.
            <div
                class="search-panel panel"
                class:hidden=move || !is_open()
                on:mousedown=|event| event.prevent_default()
            >
                <ul
                    id="search-results"
                    class="results"
                    data-testid="results"
                    role="listbox"
                    aria-label=chrome.say(text!(results))
                >
                    {live(move || {
                        let list = entries.get().into_iter().enumerate();
                        let line = |(at, entry)| view! { <Line at entry active /> }.into_any();
                        Some(list.map(line).collect::<Vec<_>>().into_any())
                    })}
                </ul>
                <p class="search-note" aria-live="polite">{move || note(chrome, entries.with(Vec::len))}</p>
            </div>
        </search>
    }
}

/// What opens the box, where nothing is written in it.
fn search_key() -> AnyView {
    let shortcut = Command::Search.shortcuts().first().copied();
    let keys = shortcut.map(|shortcut| view! { <Keys shortcut /> }.into_any());
    view! { <span class="search-key">{keys}</span> }.into_any()
}

#[component]
fn Clear() -> impl IntoView {
    let chrome = use_chrome();
    view! {
        <button
            type="button"
            class="icon-button search-clear"
            data-testid="search-clear"
            title=chrome.say(text!(search_clear))
            aria-label=chrome.say(text!(search_clear))
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| chrome.set_query(String::new())
        >
            <Icon name="close" />
        </button>
    }
}

#[component]
fn Line(at: usize, entry: Entry, active: RwSignal<usize>) -> impl IntoView {
    let chrome = use_chrome();
    let is_active = move || active.get() == at;
    let chosen = entry.clone();
    let content = match entry {
        Entry::Node(node) => view! {
            <span class="result-title" dir="auto">{node.title}</span>
            <span class="result-subtitle" dir="auto">{node.subtitle}</span>
        }
        .into_any(),
        Entry::Command(command) => view! {
            <span class="result-title">{chrome.say(command.title())}</span>
            {command.shortcuts().first().map(|shortcut| view! { <Keys shortcut=*shortcut /> })}
        }
        .into_any(),
    };
    view! {
        <li
            id=option_id(at)
            class="result"
            class:active=is_active
            role="option"
            aria-selected=move || is_active().to_string()
            on:mousemove=move |_| {
                if active.get_untracked() != at {
                    active.set(at);
                }
            }
            on:click=move |_| choose(chrome, chosen.clone())
        >
            {content}
        </li>
    }
}

fn entries(chrome: Chrome) -> Vec<Entry> {
    let query = chrome.query.get();
    let app = chrome.app;
    if let Some(words) = query.strip_prefix('>') {
        let locale = chrome.locale();
        // English titles and ids; Chinese knows no case.
        let words = words.to_ascii_lowercase();
        Command::ALL
            .into_iter()
            .filter(|command| command.is_available(&app))
            .filter(|command| {
                let title = command.title().of(locale).to_ascii_lowercase();
                words
                    .split_whitespace()
                    .all(|word| title.contains(word) || command.id().contains(word))
            })
            .map(Entry::Command)
            .collect()
    } else if query.trim().is_empty() {
        Vec::new()
    } else {
        app.search.with(|search| search.nodes.iter().cloned().map(Entry::Node).collect())
    }
}

/// The line below the list.
fn note(chrome: Chrome, shown: usize) -> String {
    let locale = chrome.locale();
    let query = chrome.query.get();
    let query = query.trim();
    if query.is_empty() {
        return text!(search_hint).of(locale).to_owned();
    }
    if query.starts_with('>') {
        return if shown == 0 {
            say!(locale, search_nothing, query = query.to_owned())
        } else {
            String::new()
        };
    }
    chrome.app.search.with(|search| {
        if search.query != query {
            return String::new();
        }
        if search.total == 0 {
            return say!(locale, search_nothing, query = query.to_owned());
        }
        let shown = format::count(shown as u64, locale);
        let total = format::count(u64::from(search.total), locale);
        say!(locale, search_total, shown = shown, total = total)
    })
}

fn choose(chrome: Chrome, entry: Entry) {
    chrome.close_search();
    match entry {
        Entry::Node(node) => chrome.go_to(node),
        Entry::Command(command) => {
            chrome.set_query(String::new());
            chrome.run(command);
        }
    }
}

fn option_id(at: usize) -> String {
    format!("result-{at}")
}

fn scroll_to(at: usize) {
    if let Some(element) = document().get_element_by_id(&option_id(at)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
