//! The list of what is odd in the file that is open, or wrong with the cache that is watched.

use banyan_view::{ToldFindings, View};
use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    details, format,
    part::{CloseButton, CommandButton, Icon, live},
    text::{say, text},
    tools::shown_name,
};
use crate::{app::command::Command, message::DiagnosticRow};

#[component]
pub fn DiagnosticsPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    live(move || {
        let is_told = match app.view.get() {
            View::Family => app.figures.with(|figures| !figures.sections.is_empty()),
            view => view.is_live() && app.is_diagnostics_open.get(),
        };
        if is_told {
            return Some(view! { <Findings /> }.into_any());
        }
        if app.view.get().is_live() {
            return None;
        }
        let family = app.is_diagnostics_open.get().then(|| app.family.get()).flatten()?;
        let name = shown_name(chrome.locale(), &family.source, &family.name);
        let title = say!(chrome.locale(), diagnostics_title, name = name);
        let shown = family.diagnostics.len() as u64;
        let total = u64::from(family.diagnostics_total);
        let cut = (shown < total).then(|| {
            let shown = format::count(shown, chrome.locale());
            let total = format::count(total, chrome.locale());
            view! { <p class="panel-note">{say!(chrome.locale(), diagnostics_first, shown = shown, total = total)}</p> }
        });
        let rows: Vec<_> = family.diagnostics.into_iter().map(|row| line(chrome, row)).collect();
        Some(view! {
            <aside class="diagnostics panel" data-testid="diagnostics" aria-label=title.clone()>
                <header class="panel-head">
                    <h2 dir="auto">{title.clone()}</h2>
                    <CloseButton on_press=move |_| app.is_diagnostics_open.set(false) />
                </header>
                <div class="diagnostics-body" tabindex="0">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col" class="number">{chrome.say(text!(diagnostics_line))}</th>
                                <th scope="col">{chrome.say(text!(diagnostics_tag))}</th>
                                <th scope="col">{chrome.say(text!(diagnostics_what))}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {cut}
            </aside>
        }.into_any())
    })
}

#[component]
fn Findings() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let title = move || {
        if app.view.get().is_live() {
            return text!(findings).of(chrome.locale()).to_owned();
        }
        app.figures.with(|figures| figures.badge.clone())
    };
    let sections = live(move || Some(details::all(app.told().with(|told| told.sections.clone()))));
    let notes = live(move || {
        let notes = app.told().with(|told| told.notes.clone()).into_iter();
        let note = |note| view! { <p class="panel-note">{note}</p> }.into_any();
        Some(notes.map(note).collect::<Vec<_>>().into_any())
    });
    view! {
        <aside class="details panel" data-testid="findings" aria-label=title>
            <header class="panel-head">
                <h2>{title}</h2>
                <div class="panel-actions">
                    <CommandButton command=Command::CopyFindings icon="copy" testid="findings-copy" />
                    <CloseButton on_press=move |_| {
                        app.is_diagnostics_open.set(false);
                        app.figures.set(ToldFindings::default());
                    } />
                </div>
            </header>
            <div class="details-body" tabindex="0">{sections}{notes}</div>
        </aside>
    }
}

fn line(chrome: Chrome, row: DiagnosticRow) -> impl IntoView {
    let (severity, icon, class) = match row.severity {
        0 => (text!(severity_info), "info", "info"),
        1 => (text!(severity_warning), "warning", "warning"),
        _ => (text!(severity_error), "alert", "error"),
    };
    let DiagnosticRow { line, tag, titles, details, .. } = row;
    let title = move || titles[chrome.locale() as usize].clone();
    let particulars = move || details[chrome.locale() as usize].clone();
    view! {
        <tr class=class>
            <td class="number">{format::count(u64::from(line), chrome.locale())}</td>
            <td><code>{tag}</code></td>
            <td>
                <span class="severity" title=chrome.say(severity)>
                    <Icon name=icon />
                    <span class="sr-only">{chrome.say(severity)}</span>
                </span>
                <span>{title}</span>
                <span class="particulars">{particulars}</span>
            </td>
        </tr>
    }
}
