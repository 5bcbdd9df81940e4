//! The panel that says everything about the selected node.

use banyan_view::{Label, Row, Section, Value};
use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    format,
    label::{hint, label},
    part::{CloseButton, CommandButton},
    text::{say, text},
};
use crate::app::command::{Action, Command};

#[component]
pub fn DetailsPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let is_open = Memo::new(move |_| app.selected.with(Option::is_some));
    let announcement = move || {
        let name = app.selected.with(|node| node.as_ref().map(|node| node.title.clone()));
        name.map(|name| say!(chrome.locale(), selected, name = name))
    };
    view! {
        <p class="sr-only" aria-live="polite">{announcement}</p>
        {move || is_open.get().then(|| view! { <Panel /> })}
    }
}

#[component]
fn Panel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    // Until the engine has answered, the card's own words.
    let heading = Memo::new(move |_| {
        let from_details = app
            .details
            .with(|details| details.as_ref().map(|it| (it.title.clone(), it.subtitle.clone())));
        from_details.or_else(|| {
            app.selected
                .with(|node| node.as_ref().map(|it| (it.title.clone(), it.subtitle.clone())))
        })
    });
    let sections = move || {
        let details = app.details.get()?;
        Some(
            details
                .sections
                .into_iter()
                .map(|section| view! { <Part section /> })
                .collect::<Vec<_>>(),
        )
    };
    view! {
        <aside class="details panel" data-testid="details" aria-label=chrome.say(text!(details))>
            <header class="details-head">
                <div class="details-title">
                    <h2 dir="auto">{move || heading.get().map(|(title, _)| title)}</h2>
                    <p dir="auto">{move || heading.get().map(|(_, subtitle)| subtitle)}</p>
                </div>
                <div class="panel-actions">
                    <CommandButton command=Command::CentreSelection icon="centre" testid="details-centre" />
                    <CommandButton command=Command::CopyDetails icon="copy" testid="details-copy" />
                    <CloseButton on_press=move |_| chrome.act(Action::Run(Command::CloseOrClear)) />
                </div>
            </header>
            <div class="details-body">{sections}</div>
        </aside>
    }
}

#[component]
fn Part(section: Section) -> impl IntoView {
    let chrome = use_chrome();
    let mut last = None;
    let rows: Vec<_> = section
        .rows
        .into_iter()
        .map(|row| {
            let is_repeated = last.replace(row.label) == Some(row.label);
            view! { <Line row is_repeated /> }
        })
        .collect();
    view! {
        <section class="details-section">
            {section.heading.map(|heading| view! { <h3>{chrome.say(label(heading))}</h3> })}
            <dl>{rows}</dl>
        </section>
    }
}

#[component]
fn Line(
    row: Row,
    /// The line above has the same label, so that eyes need it no second time.
    is_repeated: bool,
) -> impl IntoView {
    let chrome = use_chrome();
    let Row { label: name, value, node } = row;
    let title = move || hint(name).map(|text| text.of(chrome.locale()));
    view! {
        <div class="row" class:repeated=is_repeated>
            <dt title=title class:explained=hint(name).is_some()>{chrome.say(label(name))}</dt>
            <dd>{shown(chrome, name, value, node)}</dd>
        </div>
    }
}

fn shown(chrome: Chrome, name: Label, value: Value, node: Option<u32>) -> AnyView {
    if let Some(node) = node {
        let text = move || format::value(&value, chrome.locale());
        return view! {
            <button type="button" class="link" dir="auto" on:click=move |_| chrome.act(Action::GoToNode(node))>
                {text}
            </button>
        }
        .into_any();
    }
    match value {
        Value::Unknown => {
            view! { <span class="unknown">{chrome.say(text!(unknown))}</span> }.into_any()
        }
        Value::Text(text) if is_code(name) => view! { <code>{text}</code> }.into_any(),
        Value::Text(text) => view! { <span dir="auto">{text}</span> }.into_any(),
        Value::Moment(millis) => {
            let millis = millis as f64;
            let passed = move || format::ago(chrome.now_millis.get() - millis, chrome.locale());
            view! { <time title=move || format::moment(millis, chrome.locale())>{passed}</time> }
                .into_any()
        }
        Value::PerMille(n) => {
            let width = format!("{}%", f64::from(n.min(1000)) / 10.0);
            view! {
                <span class="share">
                    <span class="share-bar" style:width=width></span>
                </span>
                <span>{move || format::per_mille(n, chrome.locale())}</span>
            }
            .into_any()
        }
        value => view! { <span>{move || format::value(&value, chrome.locale())}</span> }.into_any(),
    }
}

/// What people copy into a terminal.
fn is_code(name: Label) -> bool {
    matches!(
        name,
        Label::Address
            | Label::LastCommand
            | Label::Flags
            | Label::Prefix
            | Label::Record
            | Label::TcpState
    )
}
