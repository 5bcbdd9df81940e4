//! The rows of a table in the order of a column: numbers and days by size, words as in a register.
//! Whoever has nothing there stands at the end, whichever way round; equals stay as in the file.

use std::cmp::Ordering;

use banyan_kin::{FactKind, PersonId, Sex, collate};

use super::{Column, TableOrder};
use crate::family::{FamilyWorld, search};

impl FamilyWorld {
    /// The persons of a table from top to bottom. O(persons · log persons).
    pub fn table_rows(&self, order: &TableOrder) -> Vec<u32> {
        let mut rows: Vec<u32> = match order.filter.trim() {
            "" => self.genealogy.person_ids().map(|person| person.0).collect(),
            filter => {
                let found = search::find(&self.genealogy, filter, usize::MAX);
                found.into_iter().map(|person| person.0).collect()
            }
        };
        rows.sort_unstable();
        match order.by {
            Column::Born
            | Column::Died
            | Column::Married
            | Column::Age
            | Column::Generation
            | Column::Children => self.by_number(rows, order),
            Column::Sex => self.by_key(rows, order.is_descending, |person| {
                match self.genealogy.person(person).map(|person| person.sex) {
                    Some(Sex::Female) => Some(0),
                    Some(Sex::Male) => Some(1),
                    _ => None,
                }
            }),
            _ => self.by_words(&rows, order),
        }
    }

    fn by_number(&self, rows: Vec<u32>, order: &TableOrder) -> Vec<u32> {
        self.by_key(rows, order.is_descending, |person| self.number(order.by, person))
    }

    fn by_key(
        &self,
        rows: Vec<u32>,
        is_descending: bool,
        key: impl Fn(PersonId) -> Option<i32>,
    ) -> Vec<u32> {
        let keyed = rows.into_iter().map(|row| {
            let key = key(PersonId(row)).map(i64::from);
            (key.map_or(i64::MAX, |key| if is_descending { -key } else { key }), row)
        });
        let mut keyed: Vec<(i64, u32)> = keyed.collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    /// All keys stand in one text, and the first eight bytes of each beside its row: most rows are
    /// told apart by those.
    fn by_words(&self, rows: &[u32], order: &TableOrder) -> Vec<u32> {
        let mut keys = String::with_capacity(rows.len() * 16);
        let (mut known, mut unknown) = (Vec::with_capacity(rows.len()), Vec::new());
        for &row in rows {
            let start = keys.len();
            self.write_key(order.by, PersonId(row), &mut keys);
            if keys.len() == start {
                unknown.push(row);
                continue;
            }
            let mut head = [0; 8];
            let key = keys.as_bytes().get(start..).unwrap_or_default();
            head.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
            known.push(Keyed { head: u64::from_be_bytes(head), key: (start, keys.len()), row });
        }
        let whole = |of: &Keyed| keys.as_bytes().get(of.key.0..of.key.1).unwrap_or_default();
        let compare = |a: &Keyed, b: &Keyed| {
            let by_key = a.head.cmp(&b.head).then_with(|| whole(a).cmp(whole(b)));
            let by_key = if order.is_descending { by_key.reverse() } else { by_key };
            if by_key == Ordering::Equal { a.row.cmp(&b.row) } else { by_key }
        };
        known.sort_unstable_by(compare);
        known.into_iter().map(|keyed| keyed.row).chain(unknown).collect()
    }

    /// Nothing for who has nothing there.
    fn write_key(&self, column: Column, person: PersonId, out: &mut String) {
        let mut write = |texts: &[&str]| {
            if texts.iter().any(|text| !text.is_empty()) {
                texts.iter().for_each(|text| collate(text, out));
            }
        };
        match column {
            Column::Parents => {
                if let Some(&parent) = self.genealogy.parents(person).first() {
                    self.write_name(parent, out);
                }
            }
            Column::Partners => {
                if let Some(partner) = self.partners_of(person).next() {
                    self.write_name(partner, out);
                }
            }
            Column::Surname => write(&[&self.name_part(person, |name| name.surname)]),
            Column::Given => write(&[&self.name_part(person, |name| name.given)]),
            Column::BirthPlace => write(&[&self.place(person, FactKind::Birth)]),
            Column::DeathPlace => write(&[&self.place(person, FactKind::Death)]),
            Column::Occupation => write(&[&self.value(person, FactKind::Occupation)]),
            Column::Title => write(&[&self.value(person, FactKind::Title)]),
            // I2 comes before I10.
            Column::Record => {
                let xref = self.genealogy.xref(person);
                let digits = xref.len() - xref.trim_end_matches(|c: char| c.is_ascii_digit()).len();
                let (letters, number) = xref.split_at(xref.len() - digits);
                write(&[letters, &format!("{number:0>20}")]);
            }
            _ => self.write_name(person, out),
        }
    }

    /// By surname, then by the rest; a name in one piece by that.
    fn write_name(&self, person: PersonId, out: &mut String) {
        let Some(name) = self.genealogy.names(person).first() else { return };
        let texts = &self.genealogy.texts;
        let (surname, given) = (texts.get(name.surname), texts.get(name.given));
        if surname.is_empty() || given.is_empty() {
            let whole = self.genealogy.display_name(person);
            if !whole.is_empty() {
                collate(&whole, out);
            }
            return;
        }
        collate(surname, out);
        collate(given, out);
    }
}

struct Keyed {
    head: u64,
    /// From where to where the key stands.
    key: (usize, usize),
    row: u32,
}
