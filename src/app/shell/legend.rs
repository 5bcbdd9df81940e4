//! What colours and lines mean in the current view.

use banyan_view::{Label, View, Word};
use leptos::prelude::*;

use super::{
    chrome::use_chrome,
    label::{label, word},
    part::{CloseButton, Icon},
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
    move || {
        app.panels.get().legend.then(|| {
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
                    <div class="legend-body">{parts}</div>
                </aside>
            }
        })
    }
}

fn parts(view: View) -> Vec<(Text, Vec<Entry>)> {
    match view {
        View::Family => vec![
            (
                label(Label::Sex),
                vec![
                    ("band male", "", word(Word::Male)),
                    ("band female", "", word(Word::Female)),
                    ("band sex-unknown", "", word(Word::UnknownSex)),
                ],
            ),
            (
                text!(legend_links),
                vec![
                    ("couple", "", text!(legend_couple)),
                    ("line descent", "", text!(legend_descent)),
                    ("line cross", "", text!(legend_cross)),
                ],
            ),
        ],
        View::Connections => vec![
            (
                label(Label::State),
                vec![
                    ("badge fine", "glyph-play", word(Word::Active)),
                    ("badge idle", "", word(Word::Idle)),
                    ("badge waiting", "glyph-pause", word(Word::Blocked)),
                    ("badge subscriber", "glyph-ear", word(Word::Subscriber)),
                    ("badge replica", "glyph-arrows", word(Word::Replica)),
                    ("badge waiting", "glyph-eye", word(Word::Monitor)),
                    ("badge accent", "glyph-layers", word(Word::InMulti)),
                    ("badge dead", "glyph-cross", word(Word::Closing)),
                ],
            ),
            (text!(legend_meters), vec![("meters", "", text!(legend_age))]),
        ],
        View::Keyspace => vec![
            (
                label(Label::Types),
                vec![
                    ("strip type-string", "", label(Label::TypeString)),
                    ("strip type-list", "", label(Label::TypeList)),
                    ("strip type-set", "", label(Label::TypeSet)),
                    ("strip type-sorted-set", "", label(Label::TypeSortedSet)),
                    ("strip type-hash", "", label(Label::TypeHash)),
                    ("strip type-stream", "", label(Label::TypeStream)),
                    ("strip type-other", "", label(Label::TypeOther)),
                ],
            ),
            (text!(legend_meters), vec![("meters one", "", text!(legend_memory))]),
        ],
        View::Lab => Vec::new(),
    }
}
