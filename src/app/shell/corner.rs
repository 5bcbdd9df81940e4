//! The two lower corners: zoom on the left, the figures of the view on the right.

use banyan_topology::Severity;
use banyan_view::View;
use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    format,
    part::{CommandButton, live},
    text::{Language, Text, say, text},
};
use crate::{
    app::command::Command,
    message::{Charted, FamilySummary, LiveFacts},
};

#[component]
pub fn ZoomTools() -> impl IntoView {
    let chrome = use_chrome();
    let is_legend_open = Signal::derive(move || chrome.app.panels.get().legend);
    let is_minimap_open = Signal::derive(move || chrome.app.panels.get().minimap);
    let percent = move || {
        let share = chrome.app.scale.get();
        format::percent(share, chrome.locale())
    };
    view! {
        <div class="zoom" role="group" aria-label=chrome.say(text!(zoom))>
            <div class="panel zoom-group">
                <CommandButton command=Command::ZoomOut icon="minus" testid="zoom-out" />
                <output class="zoom-share" data-testid="zoom-share">{percent}</output>
                <CommandButton command=Command::ZoomIn icon="plus" testid="zoom-in" />
            </div>
            <div class="panel zoom-group">
                <CommandButton command=Command::Fit icon="fit" testid="zoom-fit" />
                <CommandButton command=Command::Home icon="home" testid="zoom-home" />
            </div>
            <div class="panel zoom-group">
                <CommandButton
                    command=Command::ToggleMinimap
                    icon="minimap"
                    testid="toggle-minimap"
                    is_pressed=is_minimap_open
                />
                <CommandButton
                    command=Command::ToggleLegend
                    icon="legend"
                    testid="toggle-legend"
                    is_pressed=is_legend_open
                />
            </div>
        </div>
    }
}

/// One figure and what it means.
struct Figure {
    text: String,
    hint: String,
}

#[component]
pub fn Figures() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let figures = move || {
        let locale = chrome.locale();
        match app.view.get() {
            View::Family => app.family.with(|family| {
                family.as_ref().map(|family| {
                    app.charted.with(|charted| family_figures(family, charted, locale))
                })
            }),
            View::Connections => with_facts(chrome, |facts| connection_figures(facts, locale)),
            View::Keyspace => with_facts(chrome, |facts| keyspace_figures(facts, locale)),
            View::Lab => app.scenes.with(|scenes| {
                let nodes = u64::from(scenes.get(&View::Lab)?.nodes);
                let text = counted(nodes, locale, NODES);
                Some(vec![Figure { text, hint: String::new() }])
            }),
        }
    };
    live(move || {
        let figures: Vec<_> = figures()?
            .into_iter()
            .map(|Figure { text, hint }| view! { <li title=hint>{text}</li> }.into_any())
            .collect();
        let footer = view! {
            <footer class="figures" data-testid="figures" aria-label=chrome.say(text!(status_line))>
                <ul>{figures}</ul>
                {live(move || notes(chrome))}
            </footer>
        };
        Some(footer.into_any())
    })
}

/// How many notes there are on a family, and how much is wrong with a cache.
fn notes(chrome: Chrome) -> Option<AnyView> {
    let app = chrome.app;
    let (text, class) = match app.view.get() {
        View::Family => {
            let total =
                app.family.with(|it| it.as_ref().map_or(0, |family| family.diagnostics_total));
            let text = (total > 0).then(|| counted(u64::from(total), chrome.locale(), NOTES))?;
            (text, "link")
        }
        view if view.is_live() => app.findings.with(|findings| {
            let class = match findings.severity {
                Some(Severity::Critical) => "link critical",
                Some(Severity::Warning) => "link warning",
                _ => "link",
            };
            (findings.badge.clone(), class)
        }),
        _ => return None,
    };
    // Of a target that was not looked at yet there is nothing to say.
    if text.is_empty() {
        return None;
    }
    let button = view! {
        <button
            type="button"
            class=class
            data-testid="show-diagnostics"
            on:click=move |_| chrome.run(Command::ShowDiagnostics)
        >
            {text}
        </button>
    };
    Some(button.into_any())
}

fn with_facts(chrome: Chrome, figures: impl Fn(&LiveFacts) -> Vec<Figure>) -> Option<Vec<Figure>> {
    let target = chrome.app.target.get()?;
    chrome.app.heard.with(|all| all.get(&target)?.facts.as_ref().map(figures))
}

fn family_figures(family: &FamilySummary, charted: &Charted, locale: Language) -> Vec<Figure> {
    let plain = |text| Figure { text, hint: String::new() };
    let total = family.parse_millis + family.layout_millis;
    let parse = format::millis(family.parse_millis, locale);
    let layout = format::millis(family.layout_millis, locale);
    let mut figures = vec![
        plain(counted(u64::from(charted.persons), locale, PERSONS)),
        plain(counted(u64::from(charted.generations), locale, GENERATIONS)),
        Figure {
            text: counted(u64::from(charted.cross_links), locale, CROSS_LINKS),
            hint: text!(legend_cross).of(locale).to_owned(),
        },
        Figure {
            text: format::millis(total, locale),
            hint: say!(locale, opened_in_hint, parse = parse, layout = layout),
        },
    ];
    if !charted.edits.is_empty() {
        figures.push(plain(charted.edits.clone()));
    }
    if !charted.hidden.is_empty() {
        figures.push(plain(charted.hidden.clone()));
    }
    figures
}

fn connection_figures(facts: &LiveFacts, locale: Language) -> Vec<Figure> {
    let plain = |text| Figure { text, hint: String::new() };
    let mut figures = vec![plain(counted(facts.clients, locale, CLIENTS))];
    if facts.blocked != Some(0) {
        let count = known(facts.blocked, locale);
        figures.push(plain(say!(locale, count_blocked, count = count)));
    }
    if let Some(ops) = facts.ops_per_sec {
        figures.push(plain(say!(locale, count_ops, count = format::count(ops, locale))));
    }
    if let Some(bytes) = facts.memory_bytes {
        figures.push(memory(bytes, locale));
    }
    figures.extend(cost(facts, locale));
    figures
}

fn keyspace_figures(facts: &LiveFacts, locale: Language) -> Vec<Figure> {
    let seen = format::count(facts.keys_seen, locale);
    let text = match facts.keys_total {
        _ if facts.keys_complete => counted(facts.keys_seen, locale, KEYS),
        Some(total) => {
            say!(locale, keys_seen, seen = seen, total = format::count(total, locale))
        }
        None => say!(locale, keys_seen_alone, seen = seen),
    };
    let hint =
        if facts.keys_complete { text!(keys_complete_hint) } else { text!(keys_partial_hint) };
    let mut figures = vec![Figure { text, hint: hint.of(locale).to_owned() }];
    if let Some(bytes) = facts.memory_bytes {
        figures.push(memory(bytes, locale));
    }
    figures.extend(cost(facts, locale));
    figures
}

/// A count that the server may keep to itself.
fn known(count: Option<u64>, locale: Language) -> String {
    count.map_or_else(|| text!(unknown).of(locale).to_owned(), |count| format::count(count, locale))
}

fn memory(bytes: u64, locale: Language) -> Figure {
    Figure {
        text: say!(locale, memory_used, size = format::bytes(bytes, locale)),
        hint: text!(memory_hint).of(locale).to_owned(),
    }
}

/// Nothing where nobody counts: no zero that looks like a fact.
fn cost(facts: &LiveFacts, locale: Language) -> Option<Figure> {
    let commands = format::count(facts.cost_commands?, locale);
    let time = format::millis(facts.cost_micros? as f64 / 1000.0, locale);
    Some(Figure {
        text: say!(locale, cost, commands = commands, time = time),
        hint: text!(cost_hint).of(locale).to_owned(),
    })
}

/// The sentences for one and for any other number, which Chinese does not tell apart.
pub(super) type Counted = (Text, fn(Language, String) -> String);

pub(super) const PERSONS: Counted =
    (text!(count_person), |locale, n| say!(locale, count_persons, count = n));
pub(super) const GENERATIONS: Counted =
    (text!(count_generation), |locale, n| say!(locale, count_generations, count = n));
const CROSS_LINKS: Counted =
    (text!(count_cross_link), |locale, n| say!(locale, count_cross_links, count = n));
const CLIENTS: Counted = (text!(count_client), |locale, n| say!(locale, count_clients, count = n));
const NODES: Counted = (text!(count_node), |locale, n| say!(locale, count_nodes, count = n));
const KEYS: Counted = (text!(count_key), |locale, n| say!(locale, count_keys, count = n));
const NOTES: Counted = (text!(count_note), |locale, n| say!(locale, count_notes, count = n));

pub(super) fn counted(n: u64, locale: Language, (one, many): Counted) -> String {
    let number = format::count(n, locale);
    if n == 1 { one.of(locale).replace("{count}", &number) } else { many(locale, number) }
}
