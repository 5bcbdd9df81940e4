//! What went wrong: what happened, where, and what to do.

use leptos::prelude::*;

use super::{
    chrome::use_chrome,
    code::error_text,
    format,
    part::{CloseButton, Icon, TextButton, live},
    pill::{hint, use_status},
    status::Status,
    text::{say, text},
};
use crate::app::command::Command;

/// A file that could not be opened.
#[component]
pub fn LoadErrorPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    live(move || {
        app.load_error.get().map(|error| {
            let name = error.name.clone();
            let title = move || say!(chrome.locale(), error_title, name = name.clone());
            let place =
                error.line.map(|line| move || say!(chrome.locale(), error_line, line = line));
            let text = error_text(&error.code);
            let details = error.details;
            let particulars = (!details[0].is_empty()).then(|| {
                let particulars = move || details[chrome.locale() as usize].clone();
                view! { <p class="particulars">{particulars}</p> }
            });
            let has_family = move || app.family.with(Option::is_some);
            view! {
                <section class="trouble panel" data-testid="error" role="alert">
                    <header class="panel-head">
                        <Icon name="alert" />
                        <h2 dir="auto">{title}</h2>
                        <CloseButton on_press=move |_| app.load_error.set(None) />
                    </header>
                    <p>
                        {text.map(|text| chrome.say(text))}
                        {place.map(|place| view! { <span class="place">{place}</span> })}
                    </p>
                    {particulars}
                    {live(move || has_family().then(|| view! { <p class="muted">{chrome.say(text!(error_kept))}</p> }.into_any()))}
                    <div class="panel-foot">
                        {error
                            .can_force
                            .then(|| {
                                view! {
                                    <TextButton
                                        label=text!(command_open_anyway)
                                        icon="alert"
                                        testid="open-anyway"
                                        on_press=move |_| chrome.run(Command::OpenAnyway)
                                    />
                                }
                            })}
                        <TextButton
                            label=text!(error_other_file)
                            icon="open"
                            is_primary=true
                            on_press=move |_| {
                                app.load_error.set(None);
                                chrome.run(Command::OpenFile);
                            }
                        />
                    </div>
                </section>
            }
            .into_any()
        })
    })
}

/// Why the live picture stands still, above the picture as it was.
#[component]
pub fn StaleNote() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let status = use_status(chrome);
    let has_picture = move || {
        let view = app.view.get();
        app.scenes.with(|scenes| scenes.get(&view).is_some_and(|scene| scene.nodes > 0))
    };
    let note = Memo::new(move |_| {
        let status = status.get();
        let locale = chrome.locale();
        match &status {
            Status::Down { since_millis, .. } | Status::Reconnecting { since_millis } => {
                let at = format::clock((*since_millis)?, locale);
                has_picture()
                    .then(|| say!(locale, stale_note, reason = hint(chrome, &status), at = at))
            }
            Status::WrongVersion { .. } => Some(hint(chrome, &status)),
            _ => None,
        }
    });
    let needs_reload = Memo::new(move |_| matches!(status.get(), Status::WrongVersion { .. }));
    live(move || {
        note.get().map(|note| {
            view! {
                <section class="stale-note panel" data-testid="stale-note" role="status">
                    <Icon name="clock" />
                    <p>{note}</p>
                    {live(move || needs_reload.get().then(|| view! { <Reload /> }.into_any()))}
                </section>
            }
            .into_any()
        })
    })
}

#[component]
fn Reload() -> impl IntoView {
    view! {
        <TextButton
            label=text!(reload)
            icon="retry"
            is_primary=true
            on_press=move |_| {
                // A page can always reload itself.
                let _ = window().location().reload();
            }
        />
    }
}

/// A program of ours that failed.
#[component]
pub fn PanicPanel() -> impl IntoView {
    let chrome = use_chrome();
    live(move || {
        chrome.app.panic_report.get().map(|report| {
            let copied = report.clone();
            view! {
                <section class="trouble panel" data-testid="panic" role="alert">
                    <header class="panel-head">
                        <Icon name="alert" />
                        <h2>{chrome.say(text!(panic_title))}</h2>
                    </header>
                    <p>{chrome.say(text!(panic_text))}</p>
                    <pre class="report">{report}</pre>
                    <div class="panel-foot">
                        <TextButton
                            label=text!(panic_copy)
                            icon="copy"
                            on_press=move |_| chrome.copy(copied.clone(), text!(copied_report))
                        />
                        <Reload />
                    </div>
                </section>
            }
            .into_any()
        })
    })
}
