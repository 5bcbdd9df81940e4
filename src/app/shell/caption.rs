//! What the title block of a printed picture says.

use banyan_view::View;
use leptos::prelude::*;

use super::{
    corner::{GENERATIONS, PERSONS, counted},
    format,
    tools::{chart_name, shown_name},
};
use crate::{app::state::App, message::FamilySource};

/// What a family is called, where that is not what its file is called.
pub fn title(app: App) -> Option<String> {
    let locale = app.locale.get_untracked();
    let is_family = app.view.get_untracked() == View::Family;
    app.family.with_untracked(|family| {
        let family = family.as_ref().filter(|_| is_family)?;
        let is_sample = matches!(family.source, FamilySource::Sample(_));
        is_sample.then(|| shown_name(locale, &family.source, &family.name))
    })
}

/// A line each: the chart and what of it is folded or stands otherwise, how many persons of how many
/// generations, whom a mask hides, and when.
pub fn facts(app: App) -> Vec<String> {
    let locale = app.locale.get_untracked();
    let mut facts = Vec::new();
    if app.view.get_untracked() == View::Family {
        app.charted.with_untracked(|charted| {
            facts.push(chart_name(locale, charted));
            facts.push(charted.arranged.clone());
            let persons = counted(u64::from(charted.persons), locale, PERSONS);
            let generations = counted(u64::from(charted.generations), locale, GENERATIONS);
            facts.push(format!("{persons} · {generations}"));
            facts.push(charted.hidden.clone());
        });
    }
    facts.push(format::moment(js_sys::Date::now(), locale));
    facts.retain(|fact| !fact.is_empty());
    facts
}
