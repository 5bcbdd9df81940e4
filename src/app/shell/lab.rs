//! The lab: makes scenes of any size up, and repeats on the reader's machine the experiment that the
//! project grew from.

use std::fmt::Write as _;

use banyan_view::View;
use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    format,
    part::{Choice, TextButton, live},
    text::{Language, Text, say, text},
};
use crate::{
    app::command::{Action, Command},
    message::{Kind, Made, Trial, Tried, Way},
};

/// Sizes to choose from; the address takes any.
const SIZES: [u32; 8] = [800, 1_000, 10_000, 50_000, 100_000, 200_000, 1_000_000, Made::MOST_NODES];
const CHURNS: [u32; 4] = [0, 10, 100, 1_000];
const CIRCLES: [u32; 5] = [50, 100, 200, 500, 1_000];

#[component]
pub fn LabPanel() -> impl IntoView {
    let chrome = use_chrome();
    let is_open = Memo::new(move |_| chrome.app.view.get() == View::Lab);
    live(move || {
        is_open.get().then(|| {
            view! {
                <aside class="lab panel" data-testid="lab" aria-label=chrome.say(text!(view_lab))>
                    <header class="panel-head">
                        <h2>{chrome.say(text!(view_lab))}</h2>
                    </header>
                    <div class="lab-body" tabindex="0">
                        <Making />
                        <Trying />
                        <Results />
                    </div>
                </aside>
            }
            .into_any()
        })
    })
}

/// What is to be made up.
#[component]
fn Making() -> impl IntoView {
    let chrome = use_chrome();
    let lab = chrome.app.lab;
    let kinds = move || {
        let locale = chrome.locale();
        Kind::ALL.map(|kind| (kind as u32, kind_name(kind).of(locale).to_owned())).to_vec()
    };
    let is_live = Memo::new(move |_| lab.with(|lab| lab.wanted.kind == Kind::Connections));
    // What an address asked for stands in the list as well.
    let other = Memo::new(move |_| {
        Some(lab.with(|lab| lab.wanted.nodes)).filter(|size| !SIZES.contains(size))
    });
    let sizes = move || numbers(SIZES.into_iter().chain(other.get()), chrome.locale());
    let rates = move || numbers(CHURNS, chrome.locale());
    view! {
        <section>
            <h3>{chrome.say(text!(lab_make))}</h3>
            <p class="lab-note">{chrome.say(text!(lab_make_note))}</p>
            <div class="lab-row">
                <Choice
                    label=text!(lab_kind)
                    testid="lab-kind"
                    options=Signal::derive(kinds)
                    chosen=Signal::derive(move || lab.with(|lab| lab.wanted.kind as u32))
                    choose=Callback::new(move |value: u32| {
                        if let Some(kind) = Kind::ALL.into_iter().find(|kind| *kind as u32 == value) {
                            lab.update(|lab| lab.wanted.kind = kind);
                        }
                    })
                />
                <Choice
                    label=text!(lab_size)
                    testid="lab-size"
                    options=Signal::derive(sizes)
                    chosen=Signal::derive(move || lab.with(|lab| lab.wanted.nodes))
                    choose=Callback::new(move |size| lab.update(|lab| lab.wanted.nodes = size))
                />
                <label class="choice">
                    <span>{chrome.say(text!(lab_seed))}</span>
                    <input
                        type="number"
                        min="0"
                        max="999999"
                        data-testid="lab-seed"
                        prop:value=move || lab.with(|lab| lab.wanted.seed.to_string())
                        on:change=move |event| {
                            if let Ok(seed) = event_target_value(&event).parse() {
                                lab.update(|lab| lab.wanted.seed = seed);
                            }
                        }
                    />
                </label>
                {live(move || {
                    is_live.get().then(|| {
                        view! {
                            <Choice
                                label=text!(lab_churn)
                                testid="lab-churn"
                                options=Signal::derive(rates)
                                chosen=Signal::derive(move || lab.with(|lab| lab.churn))
                                choose=Callback::new(move |rate| chrome.act(Action::SetChurn(rate)))
                            />
                        }
                        .into_any()
                    })
                })}
                <TextButton
                    label=text!(lab_make_button)
                    is_primary=true
                    testid="lab-make"
                    on_press=move |_| chrome.run(Command::Make)
                />
            </div>
        </section>
    }
}

/// Numbers by themselves, as people of a language write them.
fn numbers(numbers: impl IntoIterator<Item = u32>, locale: Language) -> Vec<(u32, String)> {
    let named = |number| (number, format::count(u64::from(number), locale));
    numbers.into_iter().map(named).collect()
}

/// What is made up, as a person calls it.
pub fn kind_name(kind: Kind) -> Text {
    match kind {
        Kind::Tree => text!(lab_tree),
        Kind::Family => text!(lab_family),
        Kind::Connections => text!(lab_connections),
    }
}

/// The experiments.
#[component]
fn Trying() -> impl IntoView {
    let chrome = use_chrome();
    let lab = chrome.app.lab;
    let circles = move || numbers(CIRCLES, chrome.locale());
    let running = Memo::new(move |_| lab.with(|lab| lab.trial.map(|_| lab.way)));
    view! {
        <section>
            <h3>{chrome.say(text!(lab_try))}</h3>
            <p class="lab-note">{chrome.say(text!(lab_try_note))}</p>
            <div class="lab-row">
                <Choice
                    label=text!(lab_circles)
                    testid="lab-circles"
                    options=Signal::derive(circles)
                    chosen=Signal::derive(move || lab.with(|lab| lab.circles))
                    choose=Callback::new(move |count| lab.update(|lab| lab.circles = count))
                />
                <TextButton
                    label=text!(lab_try_circles)
                    testid="lab-try-circles"
                    on_press=move |_| chrome.run(Command::TryCircles)
                />
                <TextButton
                    label=text!(lab_try_family)
                    testid="lab-try-family"
                    on_press=move |_| chrome.run(Command::TryFamily)
                />
            </div>
            {live(move || {
                running.get().map(|way| {
                    let name = way.map_or(text!(lab_preparing), way_name);
                    view! {
                        <div class="lab-row" data-testid="lab-running">
                            <p role="status">
                                {move || say!(chrome.locale(), lab_running, way = name.of(chrome.locale()))}
                            </p>
                            <TextButton
                                label=text!(cancel)
                                testid="lab-cancel"
                                on_press=move |_| chrome.run(Command::CancelLoading)
                            />
                        </div>
                    }
                    .into_any()
                })
            })}
        </section>
    }
}

/// What came of them.
#[component]
fn Results() -> impl IntoView {
    let chrome = use_chrome();
    let groups = Memo::new(move |_| chrome.app.lab.with(|lab| grouped(&lab.tried)));
    live(move || {
        let groups = groups.get();
        (!groups.is_empty()).then(move || {
            let tables: Vec<_> =
                groups.iter().map(|(trial, tried)| table(chrome, *trial, tried)).collect();
            view! {
                <section data-testid="lab-results">
                    {tables}
                    <p class="lab-note">{chrome.say(text!(lab_flushed_note))}</p>
                    <TextButton
                        label=text!(command_copy_trials)
                        icon="copy"
                        testid="lab-copy"
                        on_press=move |_| chrome.run(Command::CopyTrials)
                    />
                </section>
            }
            .into_any()
        })
    })
}

type Group = (Trial, Vec<Tried>);

/// By experiment, in the order in which they were made first.
fn grouped(tried: &[(Trial, Tried)]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (trial, tried) in tried {
        match groups.iter_mut().find(|(known, _)| known == trial) {
            Some((_, ways)) => ways.push(*tried),
            None => groups.push((*trial, vec![*tried])),
        }
    }
    groups
}

fn table(chrome: Chrome, trial: Trial, tried: &[Tried]) -> impl IntoView + use<> {
    let locale = chrome.locale();
    let slowest = tried.iter().map(|it| it.painted_millis).fold(0.0, f64::max);
    let rows: Vec<_> = tried
        .iter()
        .map(|it| {
            let recorded =
                it.recorded_millis.map_or_else(String::new, |it| format::millis(it, locale));
            let painted = format::millis(it.painted_millis, locale);
            let percent = (it.painted_millis / slowest.max(1e-9) * 100.0) as u32;
            let factor = factor(tried, it, locale);
            let name = chrome.say(way_name(it.way));
            view! {
                <tr data-way=it.way.name()>
                    <th scope="row">{name}</th>
                    <td class="number">{recorded}</td>
                    <td class="number">{painted}</td>
                    <td class="number">{factor}</td>
                </tr>
                <tr class="lab-bar" aria-hidden="true">
                    <td colspan="4"><div style:width=format!("{percent}%")></div></td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="lab-table">
            <caption>{title(trial, locale)}</caption>
            <thead>
                <tr>
                    <th scope="col">{chrome.say(text!(lab_way))}</th>
                    <th scope="col" class="number">{chrome.say(text!(lab_recorded))}</th>
                    <th scope="col" class="number">{chrome.say(text!(lab_painted))}</th>
                    <th scope="col" class="number">{chrome.say(text!(lab_factor))}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// How many times as fast as the first way, painted; nothing for the first way itself, and for what
/// is no way to the same picture.
fn factor(tried: &[Tried], it: &Tried, locale: Language) -> String {
    let is_floor = |way: Way| matches!(way, Way::Fill | Way::Copy);
    let Some(first) = tried.iter().find(|it| !is_floor(it.way)) else { return String::new() };
    if first.way == it.way || is_floor(it.way) || it.painted_millis <= 0.0 {
        return String::new();
    }
    // Tenths, so that two ways that differ by half are not the same.
    let tenths = (first.painted_millis / it.painted_millis * 10.0).round() as u64;
    let whole = format::count(tenths / 10, locale);
    if tenths < 100 { format!("{whole}.{} ×", tenths % 10) } else { format!("{whole} ×") }
}

fn title(trial: Trial, locale: Language) -> String {
    let number = |n: u32| format::count(u64::from(n), locale);
    match trial {
        Trial::Circles { count, redraws } => {
            say!(locale, lab_title_circles, count = number(count), redraws = number(redraws))
        }
        Trial::Family { redraws, .. } => {
            say!(locale, lab_title_family, redraws = number(redraws))
        }
        Trial::Layout { nodes } => say!(locale, lab_title_layout, count = number(nodes)),
        Trial::Dots { nodes } => say!(locale, lab_title_dots, count = number(nodes)),
    }
}

fn way_name(way: Way) -> Text {
    match way {
        Way::CirclesDirect => text!(way_circles_direct),
        Way::CirclesDefaultCanvas => text!(way_circles_default_canvas),
        Way::CirclesRightCanvas => text!(way_circles_right_canvas),
        Way::Direct => text!(way_direct),
        Way::DirectVisible => text!(way_direct_visible),
        Way::Sprites => text!(way_sprites),
        Way::SceneCanvas => text!(way_scene_canvas),
        Way::Tiles => text!(way_tiles),
        Way::Fill => text!(way_fill),
        Way::Copy => text!(way_copy),
        Way::TidyLayout => text!(way_tidy_layout),
        Way::TidySizes => text!(way_tidy_sizes),
        Way::DotsRaster => text!(way_dots_raster),
        Way::DotsFillRect => text!(way_dots_fill_rect),
    }
}

/// All results as Markdown.
pub fn as_markdown(tried: &[(Trial, Tried)], locale: Language) -> String {
    let mut out = String::new();
    let heads = [text!(lab_way), text!(lab_recorded), text!(lab_painted), text!(lab_factor)];
    for (trial, tried) in grouped(tried) {
        let heads = heads.map(|text| text.of(locale)).join(" | ");
        // Writing to a string cannot fail.
        let _ = write!(out, "### {}\n\n| {heads} |\n|---|---:|---:|---:|\n", title(trial, locale));
        for it in &tried {
            let name = way_name(it.way).of(locale);
            let recorded =
                it.recorded_millis.map_or_else(String::new, |it| format::millis(it, locale));
            let painted = format::millis(it.painted_millis, locale);
            let factor = factor(&tried, it, locale);
            let _ = writeln!(out, "| {name} | {recorded} | {painted} | {factor} |");
        }
        out.push('\n');
    }
    let browser = window().navigator().user_agent().unwrap_or_default();
    let cores = window().navigator().hardware_concurrency() as u64;
    let machine =
        say!(locale, lab_machine, browser = browser, cores = format::count(cores, locale));
    let _ = writeln!(out, "{machine}\n\n{}", text!(lab_flushed_note).of(locale));
    out
}
