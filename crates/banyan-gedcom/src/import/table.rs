//! Rows of persons and families into records: who is named by an identifier, or by a name that one
//! person has, becomes a relative; who is named and has no row gets one.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::{Gedcom, columns::Column, identifier};
use crate::{
    convert::{date, is_xref_7},
    diagnostic::{Diagnostics, Reason, excerpt},
    tree::{Element, Tree},
};

/// What stands between several persons in a cell.
const BETWEEN: [char; 6] = [';', '；', '、', '|', '/', '\n'];

/// A row without its empty cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub cells: Vec<(Column, String)>,
}

impl Row {
    fn get(&self, column: &Column) -> &str {
        self.cells.iter().find(|(of, _)| of == column).map_or("", |(_, cell)| cell.trim())
    }
}

/// Persons and families in the making.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    families: Vec<Family>,
    family_rows: Vec<Row>,
    /// By identifier in the table, and by name.
    by_id: BTreeMap<String, usize>,
    by_name: BTreeMap<String, Vec<usize>>,
    family_by_id: BTreeMap<String, usize>,
    /// The families of each person as a partner.
    families_of: Vec<Vec<usize>>,
    /// Every family with each of its partners.
    partners: BTreeSet<(usize, usize)>,
    /// Every family with each of its children, and the place of the child in it.
    children: BTreeMap<(usize, usize), usize>,
    faults: Vec<(usize, Reason)>,
}

#[derive(Debug, Default)]
struct Family {
    partners: Vec<usize>,
    /// Each with the kind of parenthood, if it is said.
    children: Vec<(usize, String)>,
    /// Index among the rows of families.
    row: Option<usize>,
}

impl Table {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.family_rows.is_empty()
    }

    pub(super) fn add(&mut self, mut row: Row) {
        if row.cells.is_empty() {
            return;
        }
        // In front what is looked for, however many columns of other names there are.
        row.cells.sort_by_key(|(column, _)| column.is_repeated());
        let is_of_a_person = [Column::Name, Column::Given, Column::Surname]
            .iter()
            .any(|column| !row.get(column).is_empty());
        if !is_of_a_person && !row.get(&Column::Family).is_empty() {
            self.family_rows.push(row);
        } else {
            self.add_person(row);
        }
    }

    fn add_person(&mut self, row: Row) -> usize {
        let person = self.rows.len();
        let id = row.get(&Column::Id);
        if !id.is_empty() {
            match self.by_id.entry(id.to_owned()) {
                Entry::Vacant(place) => _ = place.insert(person),
                Entry::Occupied(_) => {
                    self.faults.push((person, Reason::RepeatedId { id: excerpt(id) }));
                }
            }
        }
        self.by_name.entry(key(&written_name(&row))).or_default().push(person);
        self.rows.push(row);
        self.families_of.push(Vec::new());
        person
    }

    /// Notes what is odd about the row that is added next.
    pub(super) fn note(&mut self, reason: Reason) {
        self.faults.push((self.rows.len(), reason));
    }

    fn own_relative(&mut self, person: usize) {
        let name = self.rows.get(person).map(written_name).unwrap_or_default();
        self.faults.push((person, Reason::OwnRelative { name }));
    }

    /// Who is meant by a cell of a person's row: an identifier, or a name.
    fn person(&mut self, words: &str, of: usize) -> usize {
        let words = words.trim();
        if let Some(&person) = self.by_id.get(words) {
            return person;
        }
        // Rising, so that whoever has a common name costs no more than others.
        let named = self.by_name.get(&key(words)).map_or(&[][..], Vec::as_slice);
        let place = named.partition_point(|&person| person < of);
        let (before, from) = named.split_at_checked(place).unwrap_or_default();
        let is_own = from.first() == Some(&of);
        // Tables list parents before their children.
        let nearest = before.last().or_else(|| from.get(usize::from(is_own))).copied();
        let name = words.to_owned();
        match (nearest, named.len() - usize::from(is_own)) {
            (None, _) => {
                let added = self.add_person(Row { cells: vec![(Column::Name, name.clone())] });
                self.faults.push((added, Reason::AddedPerson { name }));
                added
            }
            (Some(person), 1) => person,
            (Some(person), _) => {
                self.faults.push((of, Reason::SeveralPersons { name }));
                person
            }
        }
    }

    fn people(&mut self, cell: &str, of: usize) -> Vec<usize> {
        if cell.is_empty() {
            return Vec::new();
        }
        // A whole cell may be a name that holds such a sign.
        if self.by_id.contains_key(cell) || self.by_name.contains_key(&key(cell)) {
            return vec![self.person(cell, of)];
        }
        let parts = cell.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty());
        parts
            .map(str::to_owned)
            .collect::<Vec<String>>()
            .iter()
            .map(|part| self.person(part, of))
            .collect()
    }

    fn new_family(&mut self, partners: &[usize]) -> usize {
        let family = self.families.len();
        self.families.push(Family::default());
        partners.iter().for_each(|&partner| self.join(family, partner));
        family
    }

    fn named_family(&mut self, id: &str) -> usize {
        match self.family_by_id.get(id) {
            Some(&family) => family,
            None => {
                let family = self.new_family(&[]);
                self.family_by_id.insert(id.to_owned(), family);
                family
            }
        }
    }

    fn join(&mut self, family: usize, partner: usize) {
        if let Some(of_family) = self.families.get_mut(family)
            && self.partners.insert((family, partner))
        {
            of_family.partners.push(partner);
            if let Some(of_person) = self.families_of.get_mut(partner) {
                of_person.push(family);
            }
        }
    }

    fn bear(&mut self, family: usize, child: usize, kind: &str) {
        if let Some(of_family) = self.families.get_mut(family)
            && let Entry::Vacant(place) = self.children.entry((family, child))
        {
            place.insert(of_family.children.len());
            of_family.children.push((child, kind.to_ascii_uppercase()));
        }
    }

    /// The family that two persons have together, if they have one.
    fn shared(&self, first: usize, second: usize) -> Option<usize> {
        let (of_first, of_second) = (self.families_of.get(first)?, self.families_of.get(second)?);
        let (fewer, other) =
            if of_second.len() < of_first.len() { (of_second, first) } else { (of_first, second) };
        fewer.iter().copied().find(|&family| self.partners.contains(&(family, other)))
    }

    /// Joins everybody to their relatives.
    fn link(&mut self) {
        for row in 0..self.family_rows.len() {
            self.link_family(row);
        }
        // Those who are named and have no row come behind, with nobody to name.
        let rows = self.rows.len();
        for person in 0..rows {
            let Some(row) = self.rows.get(person).cloned() else { continue };
            for id in
                row.get(&Column::Families).split(BETWEEN).map(str::trim).filter(|id| !id.is_empty())
            {
                let family = self.named_family(id);
                self.join(family, person);
            }
        }
        for person in 0..rows {
            let Some(row) = self.rows.get(person).cloned() else { continue };
            for (column, sex) in
                [(Column::Spouses, ""), (Column::Husbands, "M"), (Column::Wives, "F")]
            {
                for partner in self.people(row.get(&column), person) {
                    if partner == person {
                        self.own_relative(person);
                        continue;
                    }
                    self.tell_sex(partner, sex);
                    if self.shared(person, partner).is_none() {
                        self.new_family(&[person, partner]);
                    }
                }
            }
        }
        for person in 0..rows {
            let Some(row) = self.rows.get(person).cloned() else { continue };
            self.link_parents(person, &row);
        }
    }

    fn link_family(&mut self, number: usize) {
        let Some(row) = self.family_rows.get(number).cloned() else { return };
        let family = self.named_family(row.get(&Column::Family));
        if let Some(family) = self.families.get_mut(family) {
            family.row = Some(number);
        }
        let nobody = usize::MAX;
        for column in
            [Column::Husbands, Column::Partner1, Column::Wives, Column::Partner2, Column::Spouses]
        {
            for partner in self.people(row.get(&column), nobody) {
                self.join(family, partner);
            }
        }
        for child in self.people(row.get(&Column::Children), nobody) {
            self.bear(family, child, "");
        }
    }

    fn link_parents(&mut self, person: usize, row: &Row) {
        let kind = row.get(&Column::ParentKind);
        let id = row.get(&Column::Parents);
        if !id.is_empty() {
            let family = self.named_family(id);
            self.bear(family, person, kind);
            self.tell_kind(family, person, kind);
        }
        let fathers = self.people(row.get(&Column::Father), person);
        let mothers = self.people(row.get(&Column::Mother), person);
        let (father, mother) = (fathers.first().copied(), mothers.first().copied());
        if father == Some(person) || mother == Some(person) {
            self.own_relative(person);
        }
        if let Some(father) = father {
            self.tell_sex(father, "M");
        }
        if let Some(mother) = mother {
            self.tell_sex(mother, "F");
        }
        let parents: Vec<usize> =
            father.into_iter().chain(mother).filter(|&parent| parent != person).collect();
        if !id.is_empty() {
            // The family's own row knows who its partners are.
            let family = self.named_family(id);
            let is_unknown =
                self.families.get(family).is_some_and(|family| family.partners.is_empty());
            if is_unknown {
                parents.iter().for_each(|&parent| self.join(family, parent));
            }
            return;
        }
        let family = match *parents.as_slice() {
            [] => return,
            // Whoever has one family only has the child there.
            [parent] => match self.families_of.get(parent).map(Vec::as_slice) {
                Some(&[family]) => family,
                _ => self.new_family(&[parent]),
            },
            [first, second, ..] => match self.shared(first, second) {
                Some(family) => family,
                None => self.new_family(&[first, second]),
            },
        };
        self.bear(family, person, kind);
    }

    fn tell_kind(&mut self, family: usize, child: usize, kind: &str) {
        let place = self.children.get(&(family, child)).copied();
        let children = self.families.get_mut(family).map(|family| &mut family.children);
        let known = place.zip(children).and_then(|(place, children)| children.get_mut(place));
        if let Some((_, known)) = known.filter(|(_, known)| known.is_empty()) {
            *known = kind.to_ascii_uppercase();
        }
    }

    /// Says of a person what their place in the family tells, where their own row does not.
    fn tell_sex(&mut self, person: usize, sex: &str) {
        if let Some(row) = self.rows.get_mut(person)
            && !sex.is_empty()
            && row.get(&Column::Sex).is_empty()
        {
            row.cells.insert(0, (Column::Sex, sex.to_owned()));
        }
    }

    /// Writes all of it as records.
    pub(super) fn write(mut self, gedcom: &mut Gedcom, diagnostics: &mut Diagnostics) {
        self.link();
        let mut names = Names::default();
        let of_persons: Vec<String> =
            self.rows.iter().map(|row| names.next(row.get(&Column::Id), "I")).collect();
        let mut ids = vec![String::new(); self.families.len()];
        for (id, &family) in &self.family_by_id {
            if let Some(slot) = ids.get_mut(family) {
                slot.clone_from(id);
            }
        }
        let of_families: Vec<String> = ids.iter().map(|id| names.next(id, "F")).collect();
        let mut child_of: Vec<Vec<(usize, &str)>> = vec![Vec::new(); self.rows.len()];
        for (number, family) in self.families.iter().enumerate() {
            for (child, kind) in &family.children {
                if let Some(of_child) = child_of.get_mut(*child) {
                    of_child.push((number, kind));
                }
            }
        }
        let name = |names: &[String], at: usize| names.get(at).cloned().unwrap_or_default();
        let mut lines = Vec::with_capacity(self.rows.len());
        for (person, row) in self.rows.iter().enumerate() {
            let mut record = record_of(row, name(&of_persons, person));
            for &(family, kind) in child_of.get(person).into_iter().flatten() {
                let link = link(&mut record, "FAMC", name(&of_families, family));
                if !kind.is_empty() {
                    record.add(link, "PEDI", kind.to_owned());
                }
            }
            for &family in self.families_of.get(person).into_iter().flatten() {
                link(&mut record, "FAMS", name(&of_families, family));
            }
            lines.push(gedcom.put(&record));
        }
        for (number, family) in self.families.iter().enumerate() {
            let mut record = Tree::default();
            record.append(None, Element::new("FAM", "").named(name(&of_families, number)));
            let sex = |partner: usize| {
                self.rows.get(partner).map_or("", |row| sex_of(row.get(&Column::Sex)))
            };
            let mut partners = family.partners.clone();
            // Husbands first, as the standard has it; otherwise in the order of the table.
            partners.sort_by_key(|&partner| sex(partner) != "M");
            for (place, partner) in partners.into_iter().enumerate() {
                let is_wife = sex(partner) == "F" || sex(partner) != "M" && place > 0;
                link(
                    &mut record,
                    if is_wife { "WIFE" } else { "HUSB" },
                    name(&of_persons, partner),
                );
            }
            for (child, _) in &family.children {
                link(&mut record, "CHIL", name(&of_persons, *child));
            }
            if let Some(row) = family.row.and_then(|row| self.family_rows.get(row)) {
                facts(&mut record, row);
            }
            gedcom.put(&record);
        }
        for (person, reason) in self.faults {
            diagnostics.push(lines.get(person).copied().unwrap_or(0), "INDI", reason);
        }
    }
}

/// Gives identifiers that 7.0 allows, each once.
#[derive(Default)]
struct Names {
    taken: BTreeSet<String>,
    /// How many have been made up with each letter.
    made: BTreeMap<String, u32>,
}

impl Names {
    fn next(&mut self, id: &str, letter: &str) -> String {
        let own = identifier(id);
        let is_free = |name: &str, taken: &BTreeSet<String>| {
            is_xref_7(name) && name != "VOID" && !taken.contains(name)
        };
        let mut name = if own.bytes().all(|byte| byte.is_ascii_digit()) && !own.is_empty() {
            format!("{letter}{own}")
        } else {
            own
        };
        while !is_free(&name, &self.taken) {
            let made = self.made.entry(letter.to_owned()).or_default();
            *made += 1;
            name = format!("{letter}_{made}");
        }
        self.taken.insert(name.clone());
        name
    }
}

/// A name as it is compared: by letters alone.
fn key(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && *c != '/').flat_map(char::to_lowercase).collect()
}

/// The name of a row in the form of GEDCOM, the surname between slashes where it is known.
fn written_name(row: &Row) -> String {
    let (name, given, surname) =
        (row.get(&Column::Name), row.get(&Column::Given), row.get(&Column::Surname));
    if name.contains('/') || surname.is_empty() {
        return if name.is_empty() { given.to_owned() } else { name.to_owned() };
    }
    if let Some(rest) = name.strip_prefix(surname) {
        return format!("/{surname}/{rest}");
    }
    if let Some(rest) = name.strip_suffix(surname) {
        return format!("{rest}/{surname}/");
    }
    match (name, surname.is_ascii()) {
        ("", true) => format!("{given} /{surname}/"),
        ("", false) => format!("/{surname}/{given}"),
        _ => name.to_owned(),
    }
}

fn sex_of(written: &str) -> &str {
    match written.trim() {
        "男" | "M" | "m" => "M",
        "女" | "F" | "f" => "F",
        other if other.eq_ignore_ascii_case("male") => "M",
        other if other.eq_ignore_ascii_case("female") => "F",
        other => other,
    }
}

fn link(record: &mut Tree<'_>, tag: &'static str, to: String) -> usize {
    let element = Element::new(tag, to).linking(true);
    record.append(Some(0), element) as usize
}

/// The record of a person without links.
fn record_of(row: &Row, xref: String) -> Tree<'static> {
    let mut record = Tree::default();
    let id = row.get(&Column::Id);
    let is_own_id = id == xref || xref.strip_prefix('I') == Some(id);
    record.append(None, Element::new("INDI", "").named(xref));
    let written = written_name(row);
    if !written.is_empty() {
        let name = record.add(0, "NAME", written);
        for (column, tag) in
            [(Column::Given, "GIVN"), (Column::Surname, "SURN"), (Column::Nickname, "NICK")]
        {
            let part = row.get(&column);
            if !part.is_empty() {
                record.add(name, tag, part.to_owned());
            }
        }
    }
    let sex = sex_of(row.get(&Column::Sex));
    if !sex.is_empty() {
        record.add(0, "SEX", sex.to_owned());
    }
    if !id.is_empty() && !is_own_id {
        record.add(0, "REFN", id.to_owned());
    }
    facts(&mut record, row);
    // Columns that say something in a table of families alone.
    for (column, name) in [
        (Column::Family, "family"),
        (Column::Partner1, "partner1"),
        (Column::Partner2, "partner2"),
        (Column::Children, "children"),
    ] {
        let cell = row.get(&column);
        if !cell.is_empty() {
            fact(&mut record, name, cell.to_owned());
        }
    }
    record
}

/// Events, attributes and notes, and whatever has a column that nobody knows.
fn facts(record: &mut Tree<'_>, row: &Row) {
    for (tag, at, place) in [
        ("BIRT", Column::BirthDate, Column::BirthPlace),
        ("DEAT", Column::DeathDate, Column::DeathPlace),
        ("BURI", Column::BurialDate, Column::BurialPlace),
        ("MARR", Column::MarriageDate, Column::MarriagePlace),
        ("DIV", Column::DivorceDate, Column::Family),
    ] {
        let (written, place) =
            (row.get(&at), if place == Column::Family { "" } else { row.get(&place) });
        if written.is_empty() && place.is_empty() {
            continue;
        }
        let is_bare = matches!(written, "Y" | "y" | "是");
        let event = record.add(0, tag, if is_bare { "Y" } else { "" });
        if !is_bare && !written.is_empty() {
            let new = date::of_person(written);
            let date = record.add(event, "DATE", new.date);
            if let Some(phrase) = new.phrase {
                record.add(date, "PHRASE", phrase);
            }
        }
        if !place.is_empty() {
            record.add(event, "PLAC", place.to_owned());
        }
    }
    for (column, cell) in &row.cells {
        let cell = cell.trim().to_owned();
        match column {
            Column::Occupation => record.add(0, "OCCU", cell),
            Column::Title => record.add(0, "TITL", cell),
            Column::Note => record.add(0, "NOTE", cell),
            Column::Other(name) => fact(record, name, cell),
            _ => continue,
        };
    }
}

/// A fact with the name of its column.
pub(super) fn fact(record: &mut Tree<'_>, name: &str, cell: String) -> usize {
    let fact = record.add(0, "FACT", cell);
    record.add(fact, "TYPE", name.to_owned())
}
