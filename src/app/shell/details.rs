//! The panel that says everything about the selected node.

use banyan_topology::Severity;
use banyan_view::{Place, ToldRow, ToldSection, Value, View};
use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    format,
    part::{CloseButton, CommandButton, live},
    text::{say, text},
};
use crate::app::command::{Action, Command};

#[component]
pub fn DetailsPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    // How two are related takes the place of what there is to say of one.
    let is_open =
        Memo::new(move |_| app.selected.with(Option::is_some) || app.kin.with(Option::is_some));
    let announcement = move || {
        if app.kin.with(Option::is_some) {
            return app
                .details
                .with(|it| it.as_ref().map(|it| format!("{} {}", it.title, it.subtitle)));
        }
        let name = app
            .selected
            .with(|node| node.as_ref().map(|node| format!("{} {}", node.title, node.subtitle)));
        name.map(|name| say!(chrome.locale(), selected, name = name))
    };
    view! {
        <p class="sr-only" aria-live="polite">{announcement}</p>
        {live(move || is_open.get().then(|| view! { <Panel /> }.into_any()))}
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
        let heading = from_details.or_else(|| {
            app.selected
                .with(|node| node.as_ref().map(|it| (it.title.clone(), it.subtitle.clone())))
        });
        heading.unwrap_or_default()
    });
    let sections = live(move || Some(all(app.details.get()?.sections)));
    view! {
        <aside class="details panel" data-testid="details" aria-label=chrome.say(text!(details))>
            <header class="details-head">
                <div class="details-title">
                    <h2 dir="auto">{move || heading.get().0}</h2>
                    <p dir="auto">{move || heading.get().1}</p>
                </div>
                <div class="panel-actions">
                    <CommandButton command=Command::Relate icon="family" testid="relate" />
                    {live(move || {
                        app.kin
                            .with(Option::is_some)
                            .then(|| {
                                view! { <CommandButton command=Command::NextWay icon="retry" testid="next-way" /> }
                                    .into_any()
                            })
                    })}
                    <CommandButton command=Command::CentreSelection icon="centre" testid="details-centre" />
                    {live(move || {
                        (app.view.get() == View::Family)
                            .then(|| {
                                view! { <CommandButton command=Command::EditPerson icon="edit" testid="details-edit" /> }
                                    .into_any()
                            })
                    })}
                    <CommandButton command=Command::CopyDetails icon="copy" testid="details-copy" />
                    <CloseButton on_press=move |_| chrome.act(Action::Run(Command::CloseOrClear)) />
                </div>
            </header>
            <div class="details-body">{sections}</div>
        </aside>
    }
}

/// Sections, one below the other.
pub fn all(sections: Vec<ToldSection>) -> AnyView {
    let parts = sections.into_iter().map(|section| view! { <Part section /> }.into_any());
    parts.collect::<Vec<_>>().into_any()
}

/// Label and value, row by row; folded where the section says so.
#[component]
pub fn Part(section: ToldSection) -> impl IntoView {
    let ToldSection { heading, is_folded, severity, rows } = section;
    let mut last = String::new();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let is_repeated = last == row.label;
            last.clone_from(&row.label);
            view! { <Line row is_repeated /> }
        })
        .collect();
    let rows = view! { <dl>{rows}</dl> };
    let class = match severity {
        Some(Severity::Critical) => "details-section finding critical",
        Some(Severity::Warning) => "details-section finding warning",
        Some(Severity::Notice) => "details-section finding",
        None => "details-section",
    };
    if is_folded {
        return view! { <details class=class><summary>{heading}</summary>{rows}</details> }
            .into_any();
    }
    let heading = (!heading.is_empty()).then(|| view! { <h3>{heading}</h3> });
    view! { <section class=class>{heading}{rows}</section> }.into_any()
}

#[component]
fn Line(
    row: ToldRow,
    /// The line above has the same label, so that eyes need it no second time.
    is_repeated: bool,
) -> impl IntoView {
    let chrome = use_chrome();
    let ToldRow { label, hint, value, is_code, place, share, ink } = row;
    let bar = share.map(|share| bar(share, &ink));
    view! {
        <div class="row" class:repeated=is_repeated>
            <dt class:explained=!hint.is_empty() title=hint>{label}</dt>
            <dd>{bar}{shown(chrome, value, is_code, place)}</dd>
        </div>
    }
}

/// So many thousandths of a bar in the colour of a token, or in the usual one.
fn bar(share: u32, ink: &str) -> AnyView {
    let width = format!("{}.{}%", share.min(1000) / 10, share.min(1000) % 10);
    let mark = if ink.is_empty() { String::new() } else { format!("var(--ink-{ink})") };
    view! {
        <span class="share" style=("--mark", mark)>
            <span class="share-bar" style:width=width></span>
        </span>
    }
    .into_any()
}

fn shown(chrome: Chrome, value: Value, is_code: bool, place: Option<Place>) -> AnyView {
    if let Some(place) = place {
        let text = move || format::value(&value, chrome.locale());
        let go = move |_| chrome.act(Action::GoToPlace(place.clone()));
        return view! { <button type="button" class="link" dir="auto" on:click=go>{text}</button> }
            .into_any();
    }
    match value {
        Value::Unknown => {
            view! { <span class="unknown">{chrome.say(text!(unknown))}</span> }.into_any()
        }
        Value::Text(text) if is_code => view! { <code>{text}</code> }.into_any(),
        Value::Text(text) => view! { <span dir="auto">{text}</span> }.into_any(),
        Value::Moment(millis) => {
            let millis = millis as f64;
            let passed = move || format::ago(chrome.now_millis.get() - millis, chrome.locale());
            view! { <time title=move || format::moment(millis, chrome.locale())>{passed}</time> }
                .into_any()
        }
        Value::PerMille(n) => view! {
            {bar(n, "")}
            <span>{move || format::per_mille(n, chrome.locale())}</span>
        }
        .into_any(),
        value => view! { <span>{move || format::value(&value, chrome.locale())}</span> }.into_any(),
    }
}
