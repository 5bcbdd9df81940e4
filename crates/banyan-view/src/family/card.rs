//! What a person's card says, in no language but the file's own.

use banyan_kin::{FactKind, Genealogy, NameKind, PersonId, Sex, display_name};
use banyan_layout::geometry::Size;
use banyan_scene::{Card, Ink, width_estimate};

use super::plate;
use crate::world::{Word, Words};

/// Height of a card with a name and a line below it, in world units.
const HEIGHT: i32 = 56;
/// Band and margins left and right of the text.
pub(super) const MARGIN: i32 = 24;
/// What a picture takes of the text's room.
const PHOTO: i32 = 50;
/// Sizes of name, second line and note.
const TITLE_UNITS: f64 = 15.0;
const SUBTITLE_UNITS: f64 = 12.0;
/// A note as short as this is a byname rather than a story.
const SHORT_NOTE_EMS: f64 = 6.0;
/// What a note gets at the most, and at the least if there is one.
const NOTE_UNITS: f64 = 64.0;

/// The size of everyone's card: as wide as nine of ten need, so that 賈寶玉 does not stand in a hall
/// made for Maximilian Wittelsbach.
pub(super) fn size(genealogy: &Genealogy, words: &Words) -> Size {
    // Some thousand persons tell as much as a million.
    let stride = genealogy.persons.len().div_ceil(2000).max(1);
    let mut needs: Vec<i32> = genealogy
        .person_ids()
        .step_by(stride)
        .map(|person| {
            let title = width_estimate(&title(genealogy, person, words)) * TITLE_UNITS;
            let second = width_estimate(&subtitle(genealogy, person)) * SUBTITLE_UNITS;
            let note = note(genealogy, person);
            let note = if note.is_empty() {
                0.0
            } else {
                (width_estimate(&note) * 11.0).min(NOTE_UNITS) + 8.0
            };
            title.max(second + note).ceil() as i32 + photo_room(genealogy, person)
        })
        .collect();
    needs.sort_unstable();
    let need = needs.get(needs.len() * 9 / 10).copied().unwrap_or_default();
    let most = if genealogy.person_ids().any(|person| genealogy.photo(person).is_some()) {
        200 + PHOTO
    } else {
        200
    };
    let width = (need + MARGIN).clamp(112, most);
    Size { width: (width + 7) / 8 * 8, height: HEIGHT }
}

fn photo_room(genealogy: &Genealogy, person: PersonId) -> i32 {
    if genealogy.photo(person).is_some() { PHOTO } else { 0 }
}

pub(super) const fn ink(sex: Sex) -> Ink {
    match sex {
        Sex::Male => Ink::Male,
        Sex::Female => Ink::Female,
        Sex::Unknown | Sex::Other => Ink::SexUnknown,
    }
}

pub(super) fn fill(
    genealogy: &Genealogy,
    person: PersonId,
    size: Size,
    words: &Words,
    card: &mut Card,
) {
    let room = size.width - MARGIN - photo_room(genealogy, person);
    let ems = f64::from(room) / TITLE_UNITS;
    let written = || genealogy.written_name(person);
    card.title = plate::fit(title(genealogy, person, words), written, ems);
    card.subtitle = subtitle(genealogy, person);
    card.note = note(genealogy, person);
    card.is_muted = genealogy.names(person).is_empty();
}

pub(super) fn title(genealogy: &Genealogy, person: PersonId, words: &Words) -> String {
    let name = genealogy.display_name(person);
    if name.is_empty() { words.get(Word::Unnamed).to_owned() } else { name }
}

/// The years, else the name in another script, else nothing.
pub(super) fn subtitle(genealogy: &Genealogy, person: PersonId) -> String {
    let life = life(genealogy, person);
    if !life.is_empty() {
        return life;
    }
    let mut others = genealogy.names(person).iter().skip(1);
    let other = others.find(|name| name.kind == NameKind::Transliteration);
    other.map_or_else(String::new, |name| display_name(&name.written(&genealogy.texts)))
}

/// "1809–1882"; "*1850" and "†1882" where only one end is known, as genealogists mark them.
pub(super) fn life(genealogy: &Genealogy, person: PersonId) -> String {
    let span = genealogy.life_span(person);
    if let Some(born) = span.strip_suffix('–') {
        return format!("*{born}");
    }
    span.strip_prefix('–').map_or_else(|| span.clone(), |died| format!("†{died}"))
}

/// What sets a person apart: a title, else an occupation, else where they were born, else a note that
/// is no more than a few characters long.
pub(super) fn note(genealogy: &Genealogy, person: PersonId) -> String {
    let value = |kind| {
        let mut facts = genealogy.facts(person).iter().filter(move |fact| fact.kind == kind);
        facts.find_map(|fact| {
            Some(genealogy.texts.get(fact.value).trim()).filter(|text| !text.is_empty())
        })
    };
    let birth_place = || {
        let place = genealogy.birth(person).map(|birth| genealogy.texts.get(birth.place))?;
        place.split([',', '，']).map(str::trim).find(|part| !part.is_empty())
    };
    let remark = || value(FactKind::Note).filter(|text| width_estimate(text) <= SHORT_NOTE_EMS);
    let note = value(FactKind::Title)
        .or_else(|| value(FactKind::Occupation))
        .or_else(birth_place)
        .or_else(remark);
    note.unwrap_or_default().to_owned()
}
