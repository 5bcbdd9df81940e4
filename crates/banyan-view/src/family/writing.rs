//! What stands on the plates of a Chinese genealogy, written from top to bottom.

use banyan_kin::{Genealogy, NameKind, PersonId, Sex, display_name};
use banyan_layout::{geometry::Size, zupu::Plates};
use banyan_scene::{Badge, Card, Glyph, Ink, width_estimate};

use super::{Part, book::Rank, card, plate};
use crate::world::{Word, Words};

/// Sizes of the letters on a plate, as `banyan-scene` draws them there, in world units.
const TITLE: f64 = 17.0;
const PARTNER_TITLE: f64 = 14.0;
const BODY: f64 = 11.0;
const NOTE: f64 = 9.5;
/// Band, margins, and what lies between name and body.
const ENDS: f64 = 26.0;
/// A name alone; a partner; a name with columns below it.
const NARROW: i32 = 34;
const PARTNER: i32 = 26;
const WIDE: i32 = 50;
const WIDE_COLUMNS: f64 = 3.0;
/// Names of more than this are cut, on a plate of their own.
const MOST_NAMED: usize = 12;

/// As high as nine of ten need.
pub(super) fn plates(genealogy: &Genealogy, words: &Words, kind: Part) -> Plates {
    let stride = genealogy.persons.len().div_ceil(2000).max(1);
    let most = |need: &dyn Fn(PersonId) -> f64, low: f64, high: f64| {
        let mut needs: Vec<i32> = genealogy
            .person_ids()
            .step_by(stride)
            .map(|person| need(person).clamp(low, high).ceil() as i32)
            .collect();
        needs.sort_unstable();
        needs.get(needs.len() * 9 / 10).copied().unwrap_or(low as i32)
    };
    let name = |person| width_estimate(&card::title(genealogy, person, words));
    let body = |person| width_estimate(&body(genealogy, words, kind, person)) * BODY;
    let height = match kind {
        Part::Ou | Part::List => {
            // A column ends before a word that does not fit: some room is lost in each.
            let need = |person| {
                name(person) * TITLE + body(person) / WIDE_COLUMNS * 1.15 + ENDS + 2.0 * BODY
            };
            most(&need, 120.0, if kind == Part::List { 420.0 } else { 260.0 })
        }
        _ => most(&|person| name(person) * TITLE + body(person) + ENDS, 64.0, 240.0),
    };
    let note = width_estimate(words.get(Word::LaterWife)) * NOTE;
    let partner = most(&|person| name(person) * PARTNER_TITLE + note + ENDS, 60.0, 240.0);
    let height = if kind == Part::Su { height.max(partner) } else { height };
    let width = if matches!(kind, Part::Ou | Part::List) { WIDE } else { NARROW };
    Plates {
        plate: Size { width, height },
        partner: Size { width: PARTNER, height: partner.min(height) },
    }
}

/// The plate of somebody, so many units high; `rank` if they stand beside somebody of the line.
pub(super) fn fill(
    genealogy: &Genealogy,
    words: &Words,
    kind: Part,
    person: PersonId,
    rank: Option<Rank>,
    height: i32,
    out: &mut Card,
) {
    let sex = genealogy.person(person).map(|person| person.sex).unwrap_or_default();
    let room = match (kind, rank) {
        (Part::Ou | Part::List, _) => 0.6 * f64::from(height) / TITLE,
        (_, Some(_)) => (f64::from(height) - ENDS - 4.0 * NOTE) / PARTNER_TITLE,
        _ => (f64::from(height) - ENDS) / TITLE,
    };
    let title = card::title(genealogy, person, words);
    out.title = plate::fit(title, || genealogy.written_name(person), room);
    out.is_muted = genealogy.names(person).is_empty();
    match rank {
        Some(Rank { place, of }) => {
            words.get(beside(sex, place, of)).clone_into(&mut out.note);
        }
        None => out.subtitle = body(genealogy, words, kind, person),
    }
}

/// Says that somebody is only named here, and stands elsewhere.
pub(super) fn name_again(card: &mut Card) {
    card.subtitle.clear();
    card.note.clear();
    card.band = None;
    card.photo = None;
    card.is_muted = true;
    card.badge = Some(Badge { glyph: Glyph::Arrows, ink: Ink::Cross });
}

/// Facts in a few words, parted by spaces.
fn body(genealogy: &Genealogy, words: &Words, kind: Part, person: PersonId) -> String {
    let mut facts: Vec<String> = Vec::new();
    let life = card::life(genealogy, person);
    match kind {
        Part::Pagoda => return String::new(),
        Part::Ou | Part::List => {}
        _ => return life,
    }
    let mut say = |word: Word, text: &str| {
        if !text.is_empty() {
            facts.push(said(words.get(word), text));
        }
    };
    say(Word::AlsoNamed, &also_named(genealogy, person));
    let is_list = kind == Part::List;
    if is_list {
        for parent in genealogy.parents(person) {
            let is_mother = sex(genealogy, parent) == Sex::Female;
            let word = if is_mother { Word::Mother } else { Word::Father };
            say(word, &genealogy.display_name(parent));
        }
    }
    let date = |fact: Option<&banyan_kin::Fact>| {
        let fact = fact?;
        let place = if is_list { genealogy.texts.get(fact.place).trim() } else { "" };
        let when = if is_list { fact.date.plain() } else { fact.date.short() };
        Some([when.as_str(), place].join(" ").trim().to_owned())
    };
    say(Word::BornThen, &date(genealogy.birth(person)).unwrap_or_default());
    say(Word::DiedThen, &date(genealogy.death(person)).unwrap_or_default());
    let note = card::note(genealogy, person);
    if !note.is_empty() {
        facts.push(note);
    }
    let mut say = |word: Word, names: &[String]| {
        if !names.is_empty() {
            facts.push(said(words.get(word), &names.join(" ")));
        }
    };
    let mut partners: Vec<PersonId> = Vec::new();
    let (mut sons, mut daughters) = (Vec::new(), Vec::new());
    for &union in genealogy.partner_unions(person) {
        let others = genealogy.partners(union).iter().filter(|&&other| other != person);
        partners.extend(others);
        for child in genealogy.children_by_birth(union) {
            let name = genealogy.display_name(child);
            let is_daughter = sex(genealogy, child) == Sex::Female;
            if !name.is_empty() {
                (if is_daughter { &mut daughters } else { &mut sons }).push(name);
            }
        }
    }
    partners.dedup();
    let of = partners.len();
    for (place, &partner) in partners.iter().enumerate().take(MOST_NAMED) {
        let word = beside(sex(genealogy, partner), place, of);
        let name = genealogy.display_name(partner);
        if !name.is_empty() {
            say(word, &[name]);
        }
    }
    if is_list {
        sons.truncate(MOST_NAMED);
        daughters.truncate(MOST_NAMED);
        say(Word::Sons, &sons);
        say(Word::Daughters, &daughters);
    }
    facts.join(" ")
}

/// What a partner is called, by their place among so many.
const fn beside(sex: Sex, place: usize, of: usize) -> Word {
    match (sex, place, of) {
        (Sex::Male, ..) => Word::Husband,
        (_, _, 1) => Word::Wife,
        (_, 0, _) => Word::FirstWife,
        _ => Word::LaterWife,
    }
}

/// Chinese puts no space between a word and a name.
fn said(word: &str, text: &str) -> String {
    let gap = if word.is_ascii() { " " } else { "" };
    format!("{word}{gap}{text}")
}

fn sex(genealogy: &Genealogy, person: PersonId) -> Sex {
    genealogy.person(person).map(|person| person.sex).unwrap_or_default()
}

/// The first other name that is not the same in another script: 字, 号.
fn also_named(genealogy: &Genealogy, person: PersonId) -> String {
    let others = genealogy.names(person).iter().skip(1);
    let mut others = others.filter(|name| name.kind != NameKind::Transliteration);
    others.next().map_or_else(String::new, |name| display_name(&name.written(&genealogy.texts)))
}
