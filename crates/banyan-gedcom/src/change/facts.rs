//! What a form asks of a person, and where it stands in a record.

use banyan_kin::NameParts;
use serde::{Deserialize, Serialize};

use crate::{
    convert::date,
    tree::{Element, Tree},
};

/// The facts of a person that can be told in one line each. Dates are as GEDCOM 5.5.1 writes them, or
/// as a spreadsheet does; what is no date is kept as words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFacts {
    pub given: String,
    pub surname: String,
    /// `M`, `F`, `X`, `U` or nothing.
    pub sex: String,
    pub birth_date: String,
    pub birth_place: String,
    pub is_dead: bool,
    pub death_date: String,
    pub death_place: String,
}

impl PersonFacts {
    /// Those of a record.
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let (given, surname, _) = name(tree);
        let (birth_date, birth_place) = event(tree, "BIRT");
        let (death_date, death_place) = event(tree, "DEAT");
        let sex = tree.child(0, "SEX").map_or("", |at| tree.value(at));
        Self {
            given,
            surname,
            sex: sex.trim().to_owned(),
            birth_date,
            birth_place,
            is_dead: tree.child(0, "DEAT").is_some(),
            death_date,
            death_place,
        }
    }

    /// Puts into a record what it says otherwise, and says whether that is anything.
    pub(super) fn put(&self, tree: &mut Tree<'_>, is_version_7: bool) -> bool {
        let before = Self::of(tree);
        let is_named = (&self.given, &self.surname) != (&before.given, &before.surname);
        if is_named {
            self.put_name(tree);
        }
        if self.sex != before.sex {
            put_text(tree, 0, "SEX", &self.sex);
        }
        if !self.is_dead && before.is_dead {
            let deaths =
                tree.children(0).filter(|&at| tree.get(at).is_some_and(|it| it.tag == "DEAT"));
            for at in deaths.collect::<Vec<usize>>() {
                tree.detach(at);
            }
        }
        let birth = (&self.birth_date, &self.birth_place);
        if birth != (&before.birth_date, &before.birth_place) {
            put_event(tree, "BIRT", birth, false, is_version_7);
        }
        let death = (&self.death_date, &self.death_place);
        let is_dated = !self.death_date.is_empty() || !self.death_place.is_empty();
        if (self.is_dead && !before.is_dead)
            || (death != (&before.death_date, &before.death_place) && (self.is_dead || is_dated))
        {
            put_event(tree, "DEAT", death, self.is_dead, is_version_7);
        }
        *self != before
    }

    fn put_name(&self, tree: &mut Tree<'_>) {
        let (_, _, suffix) = name(tree);
        let written = tree.child(0, "NAME").map(|at| tree.value(at).to_owned());
        let is_surname_first = match &written {
            Some(written) if written.contains('/') => written.trim_start().starts_with('/'),
            _ => self.surname.chars().any(is_han),
        };
        let (given, surname) = (plain(&self.given), plain(&self.surname));
        let name = match (surname.is_empty(), is_surname_first) {
            (true, _) => [given.as_str(), &suffix].join(" "),
            (false, true) if surname.chars().any(is_han) => format!("/{surname}/{given}"),
            (false, true) => format!("/{surname}/ {given}"),
            (false, false) => format!("{given} /{surname}/ {suffix}"),
        };
        let at = tree.child(0, "NAME").unwrap_or_else(|| tree.add(0, "NAME", ""));
        tree.set_value(at, name.trim().to_owned());
        // Parts that stand below the name must not contradict it.
        for (tag, part) in [("GIVN", &given), ("SURN", &surname)] {
            if tree.child(at, tag).is_some() {
                put_text(tree, at, tag, part);
            }
        }
    }
}

/// Given name, surname, and what stands behind both.
fn name(tree: &Tree<'_>) -> (String, String, String) {
    let written = tree.child(0, "NAME").map_or("", |at| tree.value(at));
    let NameParts { before, surname, after } = NameParts::of(written);
    let (given, suffix) =
        if before.is_empty() && !surname.is_empty() { (after, "") } else { (before, after) };
    (given.to_owned(), surname.to_owned(), suffix.to_owned())
}

/// Whether a letter is of a script whose names begin with the surname and have no spaces.
fn is_han(letter: char) -> bool {
    matches!(u32::from(letter), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// Part of a name without what would end it.
fn plain(part: &str) -> String {
    let part = part.replace(|c: char| c == '/' || c.is_control(), " ");
    part.trim().to_owned()
}

/// Puts a text into the one child with a tag, which goes where there is none.
fn put_text(tree: &mut Tree<'_>, parent: usize, tag: &'static str, text: &str) {
    match (tree.child(parent, tag), text.trim()) {
        (Some(at), "") => tree.detach(at),
        (Some(at), text) => tree.set_value(at, text.to_owned()),
        (None, "") => {}
        (None, text) => {
            tree.add(parent, tag, text.to_owned());
        }
    }
}

/// Date and place of the first event with a tag.
fn event(tree: &Tree<'_>, tag: &str) -> (String, String) {
    let Some(event) = tree.child(0, tag) else { return Default::default() };
    let text = |tag| tree.child(event, tag).map_or("", |at| tree.value(at).trim());
    let date = tree.child(event, "DATE").map(|at| {
        let phrase = tree.child(at, "PHRASE").map(|at| tree.value(at));
        match (tree.value(at).trim(), phrase) {
            ("", Some(phrase)) => format!("({phrase})"),
            (date, phrase) => date::to_551(date, phrase).unwrap_or_else(|| date.to_owned()),
        }
    });
    (date.unwrap_or_default(), text("PLAC").to_owned())
}

fn put_event(
    tree: &mut Tree<'_>,
    tag: &'static str,
    (date, place): (&String, &String),
    is_known: bool,
    is_version_7: bool,
) {
    let (date_before, place_before) = event(tree, tag);
    let at = tree.child(0, tag).unwrap_or_else(|| tree.add(0, tag, ""));
    if *date != date_before {
        put_date(tree, at, date, is_version_7);
    }
    if *place != place_before {
        // Coordinates are those of the place that was.
        if let Some(map) = tree.child(at, "PLAC").and_then(|place| tree.child(place, "MAP")) {
            tree.detach(map);
        }
        put_text(tree, at, "PLAC", place);
    }
    let is_bare = tree.children(at).next().is_none();
    match (is_bare, is_known) {
        (true, true) => tree.set_value(at, "Y"),
        (true, false) => tree.detach(at),
        (false, _) if tree.value(at) == "Y" => tree.set_value(at, ""),
        (false, _) => {}
    }
}

fn put_date(tree: &mut Tree<'_>, event: usize, written: &str, is_version_7: bool) {
    let before = tree.child(event, "DATE");
    if written.trim().is_empty() {
        if let Some(before) = before {
            tree.detach(before);
        }
        return;
    }
    let new = date::of_person(written);
    let at = before.unwrap_or_else(|| tree.add(event, "DATE", ""));
    if let Some(phrase) = tree.child(at, "PHRASE") {
        tree.detach(phrase);
    }
    if is_version_7 {
        tree.set_value(at, new.date);
        if let Some(phrase) = new.phrase {
            tree.append(Some(at), Element::new("PHRASE", phrase));
        }
    } else {
        // Words stand in brackets, behind the date that they mean if it can stand before them.
        let old = match &new.phrase {
            Some(phrase) if new.date.is_empty() || !phrase.is_ascii() => {
                let meant = date::to_551(&new.date, None).filter(|date| !date.is_empty());
                meant
                    .map(|date| format!("INT {date} ({phrase})"))
                    .filter(|old| date::to_7(old) == new)
                    .or_else(|| Some(format!("({phrase})")))
            }
            phrase => date::to_551(&new.date, phrase.as_deref()),
        };
        tree.set_value(at, old.unwrap_or_else(|| format!("({})", written.trim())));
    }
}
