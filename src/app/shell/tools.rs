//! The tools of the current view, floating below the bar: which file or server, how it is grouped.

use banyan_protocol::{TargetId, TargetInfo};
use banyan_view::{Arrange, Chart, Part, Reach, Reaching, View};
use leptos::prelude::*;

use super::{
    chrome::{Chrome, use_chrome},
    part::{CommandButton, Icon, live},
    text::{Language, say, text},
};
use crate::{
    app::command::{Action, Command},
    message::{Charted, GroupBy},
};

#[component]
pub fn Tools() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    live(move || {
        let tools = match app.view.get() {
            View::Family => view! { <FamilyName /> }.into_any(),
            View::Connections => view! {
                <div class="tools">
                    <TargetChooser />
                    <GroupChooser />
                </div>
            }
            .into_any(),
            View::Keyspace => view! {
                <div class="tools">
                    <TargetChooser />
                    <Delimiter />
                </div>
            }
            .into_any(),
            View::Lab => return None,
        };
        Some(tools)
    })
}

/// Where one is, so near that no label on the map says it: the branches around, the largest first.
#[component]
pub fn Places() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let places = Memo::new(move |_| {
        let view = app.view.get();
        app.places.with(|places| places.get(&view).map(|names| names.join(" › ")))
    });
    live(move || {
        places.get().filter(|places| !places.is_empty()).map(|places| {
            view! {
                <p class="places" dir="auto" data-testid="places" title=chrome.say(text!(places))>
                    {places}
                </p>
            }
            .into_any()
        })
    })
}

#[component]
fn FamilyName() -> impl IntoView {
    let chrome = use_chrome();
    live(move || {
        chrome.app.family.get().map(|family| {
            let name = shown_name(chrome.locale(), &family.source, &family.name);
            let title = match family.gedcom_version {
                Some(version) => {
                    format!("{} · GEDCOM {version} · {}", family.name, family.encoding)
                }
                None => format!("{} · {}", family.name, family.encoding),
            };
            view! {
                <div class="tools">
                    <div class="tool panel" title=title data-testid="family-name">
                        <Icon name="file" />
                        <span class="tool-name" dir="auto">{name}</span>
                    </div>
                    <ChartName />
                </div>
            }
            .into_any()
        })
    })
}

/// Which chart it is if it is not of everyone as the layout has them, and the way back.
#[component]
fn ChartName() -> impl IntoView {
    let chrome = use_chrome();
    let charted = chrome.app.charted;
    view! {
        <div
            class="tool panel chart"
            class:hidden=move || {
                charted.with(|it| it.chart == Chart::Everyone && it.arranged.is_empty())
            }
            data-testid="chart"
        >
            <span class="tool-name" dir="auto">
                {move || {
                    charted
                        .with(|charted| {
                            let name = chart_name(chrome.locale(), charted);
                            let parts = [name.as_str(), charted.arranged.as_str()];
                            parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · ")
                        })
                }}
            </span>
            <CommandButton
                command=Command::Arrange(Arrange::UnfoldAll)
                icon="unfold"
                testid="unfold-all"
            />
            <CommandButton command=Command::Reach(Reaching::Fewer) icon="minus" testid="fewer" />
            <CommandButton command=Command::Reach(Reaching::More) icon="plus" testid="more" />
            <CommandButton command=Command::ShowEveryone icon="close" testid="everyone" />
        </div>
    }
}

/// A sentence; empty for everyone.
pub(super) fn chart_name(locale: Language, Charted { chart, name, .. }: &Charted) -> String {
    match chart {
        Chart::Everyone => String::new(),
        Chart::Timeline => text!(chart_timeline).of(locale).to_owned(),
        Chart::Part { kind, most, .. } => {
            let title = match kind {
                Part::Ancestors => say!(locale, chart_ancestors, name = name),
                Part::Descendants => say!(locale, chart_descendants, name = name),
                Part::Hourglass => say!(locale, chart_hourglass, name = name),
                Part::Relatives => say!(locale, chart_relatives, name = name),
                Part::Fan => say!(locale, chart_fan, name = name),
                Part::HalfFan => say!(locale, chart_half_fan, name = name),
                Part::Su => say!(locale, chart_su, name = name),
                Part::Ou => say!(locale, chart_ou, name = name),
                Part::Pagoda => say!(locale, chart_pagoda, name = name),
                Part::List => say!(locale, chart_list, name = name),
            };
            let Some(most) = *most else { return title };
            let count = most.to_string();
            let reach = match (kind, most == Reach::both(1)) {
                (Part::Relatives, true) => say!(locale, chart_step, count = count),
                (Part::Relatives, _) => say!(locale, chart_steps, count = count),
                (_, true) => say!(locale, count_generation, count = count),
                _ => say!(locale, count_generations, count = count),
            };
            format!("{title} · {reach}")
        }
    }
}

/// Samples are called by their names, files by theirs.
pub fn shown_name(locale: Language, source: &crate::message::FamilySource, name: &str) -> String {
    use crate::message::{FamilySource, Sample};
    let text = match source {
        FamilySource::Sample(Sample::Honglou) => text!(sample_honglou),
        FamilySource::Sample(Sample::DarwinWedgwood) => text!(sample_darwin_wedgwood),
        FamilySource::File { .. } | FamilySource::Kept { .. } => return name.to_owned(),
    };
    text.of(locale).to_owned()
}

#[component]
fn TargetChooser() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let is_chosen = move |id: &TargetId| app.target.with(|target| target.as_ref() == Some(id));
    let option = move |target: TargetInfo| {
        let name = target_name(chrome, &target);
        let id = target.id.clone();
        view! {
            <option value=target.id.0 selected=move || is_chosen(&id)>
                {name}
            </option>
        }
        .into_any()
    };
    let options = live(move || {
        let targets = app.targets.get();
        Some(if targets.is_empty() {
            view! { <option value=String::new()>{chrome.say(text!(target_none))}</option> }
                .into_any()
        } else {
            targets.into_iter().map(option).collect::<Vec<_>>().into_any()
        })
    });
    view! {
        <label class="tool panel chooser">
            <Icon name="server" />
            <span class="sr-only">{chrome.say(text!(target))}</span>
            <select
                data-testid="target"
                disabled=move || app.targets.with(Vec::is_empty)
                on:change=move |event| {
                    chrome.act(Action::ChooseTarget(TargetId(event_target_value(&event))));
                }
            >
                {options}
            </select>
        </label>
    }
}

fn target_name(chrome: Chrome, target: &TargetInfo) -> String {
    let TargetId(id) = &target.id;
    let address = target.address.split_once("://").map_or(&*target.address, |(_, rest)| rest);
    let demo = target.demo.then(|| text!(target_demo).of(chrome.locale()));
    let parts = [Some(id.as_str()), Some(address).filter(|address| address != id), demo];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[component]
fn GroupChooser() -> impl IntoView {
    let chrome = use_chrome();
    let choices = [
        (GroupBy::Kind, text!(group_by_kind), "group-by-kind"),
        (GroupBy::Library, text!(group_by_library), "group-by-library"),
        (GroupBy::Address, text!(group_by_address), "group-by-address"),
        (GroupBy::Thread, text!(group_by_thread), "group-by-thread"),
        (GroupBy::Node, text!(group_by_node), "group-by-node"),
        (GroupBy::Queue, text!(group_by_queue), "group-by-queue"),
    ]
    .map(|(group, name, testid)| {
        let is_chosen = move || chrome.app.group_by.get() == group;
        view! {
            <button
                type="button"
                class="segment"
                data-testid=testid
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| chrome.run(Command::GroupBy(group))
            >
                {chrome.say(name)}
            </button>
        }
    });
    view! {
        <div class="tool panel segments" role="group" aria-label=chrome.say(text!(group_by))>
            <span class="tool-label">{chrome.say(text!(group_by))}</span>
            {choices}
        </div>
    }
}

#[component]
fn Delimiter() -> impl IntoView {
    let chrome = use_chrome();
    view! {
        <div class="tool panel">
            <label class="delimiter" title=chrome.say(text!(delimiter_hint))>
                <span class="tool-label">{chrome.say(text!(delimiter))}</span>
                <input
                    data-testid="delimiter"
                    type="text"
                    maxlength="8"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || chrome.app.delimiter.get()
                    on:change=move |event| {
                        let delimiter = event_target_value(&event);
                        // The bridge takes eight bytes at most; an empty one would split nothing.
                        if (1..=8).contains(&delimiter.len()) {
                            chrome.act(Action::SetDelimiter(delimiter));
                        }
                    }
                />
            </label>
            <CommandButton command=Command::RescanKeys icon="retry" testid="rescan" />
        </div>
    }
}
