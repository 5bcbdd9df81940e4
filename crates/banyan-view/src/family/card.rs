//! What a person's card says, in no language but the file's own.

use banyan_kin::{FactKind, Genealogy, PersonId, Sex};
use banyan_scene::{Card, Ink};

use crate::world::{Word, Words};

pub(super) const fn ink(sex: Sex) -> Ink {
    match sex {
        Sex::Male => Ink::Male,
        Sex::Female => Ink::Female,
        Sex::Unknown | Sex::Other => Ink::SexUnknown,
    }
}

pub(super) fn fill(genealogy: &Genealogy, person: PersonId, words: &Words, card: &mut Card) {
    let sex = genealogy.person(person).map(|person| person.sex).unwrap_or_default();
    card.title = title(genealogy, person, words);
    card.subtitle = life(genealogy, person);
    card.note = note(genealogy, person);
    card.band = Some(ink(sex));
    card.is_muted = genealogy.names(person).is_empty();
}

pub(super) fn title(genealogy: &Genealogy, person: PersonId, words: &Words) -> String {
    let name = genealogy.display_name(person);
    if name.is_empty() { words.get(Word::Unnamed).to_owned() } else { name }
}

/// "1809–1882"; "*1850" and "†1882" where only one end is known, as genealogists mark them.
pub(super) fn life(genealogy: &Genealogy, person: PersonId) -> String {
    let span = genealogy.life_span(person);
    if let Some(born) = span.strip_suffix('–') {
        return format!("*{born}");
    }
    span.strip_prefix('–').map_or_else(|| span.clone(), |died| format!("†{died}"))
}

/// What sets a person apart: a title, else an occupation, else where they were born.
fn note(genealogy: &Genealogy, person: PersonId) -> String {
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
    let note = value(FactKind::Title).or_else(|| value(FactKind::Occupation)).or_else(birth_place);
    note.unwrap_or_default().to_owned()
}
