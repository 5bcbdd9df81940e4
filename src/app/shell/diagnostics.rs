//! The list of what is odd in the file that is open, or wrong with the cache that is watched.

use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    details::Part,
    format,
    part::{CloseButton, CommandButton, Icon},
    text::{say, text},
    tools::shown_name,
};
use crate::{app::command::Command, message::DiagnosticRow};

#[component]
pub fn DiagnosticsPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    move || {
        if app.view.get().is_live() {
            return app.is_diagnostics_open.get().then(|| view! { <Findings /> }.into_any());
        }
        let family = app.is_diagnostics_open.get().then(|| app.family.get()).flatten()?;
        let name = shown_name(chrome, &family.source, &family.name);
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
    }
}

#[component]
fn Findings() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let sections = move || {
        let sections = app.findings.with(|findings| findings.sections.clone());
        sections.into_iter().map(|section| view! { <Part section /> }).collect::<Vec<_>>()
    };
    let notes = move || {
        let notes = app.findings.with(|findings| findings.notes.clone());
        notes.into_iter().map(|note| view! { <p class="panel-note">{note}</p> }).collect::<Vec<_>>()
    };
    view! {
        <aside class="details panel" data-testid="findings" aria-label=chrome.say(text!(findings))>
            <header class="panel-head">
                <h2>{chrome.say(text!(findings))}</h2>
                <div class="panel-actions">
                    <CommandButton command=Command::CopyFindings icon="copy" testid="findings-copy" />
                    <CloseButton on_press=move |_| app.is_diagnostics_open.set(false) />
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
    let DiagnosticRow { line, tag, titles, detail, .. } = row;
    // Without a translation the reader's own English says it.
    let particulars = if titles[0].is_empty() { "" } else { "particulars" };
    let title = move || titles[chrome.locale() as usize].clone();
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
                <span class=particulars>{detail}</span>
            </td>
        </tr>
    }
}
