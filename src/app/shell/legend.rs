//! What colours and lines mean in the current view; of a family also what its colours are to say.

use banyan_view::{Colouring, View};
use leptos::prelude::*;

use super::{
    chrome::use_chrome,
    details,
    form::options,
    part::{CloseButton, Icon, live},
    text::{Text, text},
};
use crate::app::command::Command;

/// A mark, the shape in it, and what it stands for. The mark is a class of `style/legend.css`, the
/// shape an id of the sprite, or nothing.
type Entry = (&'static str, &'static str, Text);

#[component]
pub fn Legend() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let is_open = Memo::new(move |_| app.panels.get().legend);
    live(move || {
        is_open.get().then(|| {
            let parts: Vec<_> = parts(app.view.get())
                .into_iter()
                .map(|(heading, entries)| {
                    let entries: Vec<_> = entries
                        .into_iter()
                        .map(|(mark, glyph, text)| {
                            view! {
                                <li>
                                    <span class=format!("mark {mark}")>
                                        {(!glyph.is_empty()).then(|| view! { <Icon name=glyph /> })}
                                    </span>
                                    <span>{chrome.say(text)}</span>
                                </li>
                            }
                        })
                        .collect();
                    view! {
                        <section>
                            <h3>{chrome.say(heading)}</h3>
                            <ul>{entries}</ul>
                        </section>
                    }
                })
                .collect();
            view! {
                <aside class="legend panel" data-testid="legend" aria-label=chrome.say(text!(legend))>
                    <header class="panel-head">
                        <h2>{chrome.say(text!(legend))}</h2>
                        <CloseButton on_press=move |_| chrome.run(Command::ToggleLegend) />
                    </header>
                    <div class="legend-body">
                        {(app.view.get() == View::Family).then(|| view! { <Colours /> })}
                        {parts}
                    </div>
                </aside>
            }
            .into_any()
        })
    })
}

/// What the colours of a family say, and each of them; a press lights those who have it.
#[component]
fn Colours() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let choose = move |event| {
        let colouring = event_target_value(&event).parse().unwrap_or_default();
        app.panels.update(|panels| panels.colouring = colouring);
    };
    let choices = live(move || {
        let names = Colouring::ALL.map(|by| by.name().to_owned());
        let titles = app.legend.with(|legend| legend.notes.clone());
        let chosen = app.panels.get_untracked().colouring;
        Some(options(names.into_iter().zip(titles).collect(), chosen.name()))
    });
    let colours =
        live(move || Some(details::all(app.legend.with(|legend| legend.sections.clone()))));
    view! {
        <select data-testid="colouring" aria-label=chrome.say(text!(colour_by)) on:change=choose>
            {choices}
        </select>
        {colours}
    }
}

fn parts(view: View) -> Vec<(Text, Vec<Entry>)> {
    match view {
        View::Family => vec![(
            text!(legend_links),
            vec![
                ("couple", "", text!(legend_couple)),
                ("line descent", "", text!(legend_descent)),
                ("line cross", "", text!(legend_cross)),
            ],
        )],
        View::Connections => vec![
            (
                text!(label_state),
                vec![
                    ("badge fine", "glyph-play", text!(word_active)),
                    ("badge idle", "", text!(word_idle)),
                    ("badge waiting", "glyph-pause", text!(word_blocked)),
                    ("badge subscriber", "glyph-ear", text!(word_subscriber)),
                    ("badge replica", "glyph-arrows", text!(word_replica)),
                    ("badge waiting", "glyph-eye", text!(word_monitor)),
                    ("badge accent", "glyph-layers", text!(word_in_multi)),
                    ("badge dead", "glyph-cross", text!(word_closing)),
                    ("badge dead", "glyph-cross", text!(word_dead)),
                ],
            ),
            (
                text!(legend_links),
                vec![
                    ("line replica", "", text!(legend_feed)),
                    ("line waiting dashed", "", text!(legend_lagging)),
                    ("line accent dashed", "", text!(legend_copying)),
                    ("line dead dotted", "", text!(legend_broken)),
                    ("line subscriber dotted", "", text!(legend_watching)),
                    ("line accent", "", text!(legend_moving)),
                ],
            ),
            (text!(legend_meters), vec![("meters", "", text!(legend_age))]),
        ],
        View::Keyspace => vec![
            (
                text!(label_types),
                vec![
                    ("strip type-string", "", text!(label_type_string)),
                    ("strip type-list", "", text!(label_type_list)),
                    ("strip type-set", "", text!(label_type_set)),
                    ("strip type-sorted-set", "", text!(label_type_sorted_set)),
                    ("strip type-hash", "", text!(label_type_hash)),
                    ("strip type-stream", "", text!(label_type_stream)),
                    ("strip type-other", "", text!(label_type_other)),
                ],
            ),
            (text!(legend_meters), vec![("meters one", "", text!(legend_memory))]),
        ],
        View::Lab => Vec::new(),
    }
}
