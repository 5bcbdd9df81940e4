//! Persons and families as two tables in one file (RFC 4180), the second behind an empty line.
//! `docs/csv.md` describes the columns; the way back is `import/table.rs`.

use std::io;

use banyan_kin::{Fact, FactKind, Genealogy, HiddenNames, Pedigree, PersonId, Sex, UnionId};

use crate::write::{WriteError, mask::NAME_OF_THE_LIVING};

const PERSONS: [&str; 20] = [
    "id",
    "name",
    "given",
    "surname",
    "sex",
    "birth_date",
    "birth_place",
    "death_date",
    "death_place",
    "burial_date",
    "burial_place",
    "occupation",
    "title",
    "parents",
    "parent_kind",
    "father",
    "mother",
    "families",
    "spouses",
    "note",
];
const FAMILIES: [&str; 8] = [
    "family",
    "partner1",
    "partner2",
    "marriage_date",
    "marriage_place",
    "divorce_date",
    "children",
    "note",
];
/// Between several identifiers in one cell.
const SEVERAL: &str = "; ";

/// Writes the persons and families of a file. Of those who may live, as [`Genealogy::living`] has
/// them, only the links are written, and no text of others that names one of them. Begins with a byte order mark, by which spreadsheets know UTF-8.
pub fn write_csv(
    genealogy: &Genealogy,
    living: Option<&[bool]>,
    out: &mut dyn io::Write,
    progress: &mut dyn FnMut(f32),
) -> Result<(), WriteError> {
    let masked = living.map(|living| {
        let names = HiddenNames::of(genealogy, living);
        genealogy.masked(living, NAME_OF_THE_LIVING, &names)
    });
    let genealogy = masked.as_ref().unwrap_or(genealogy);
    let table = Table { genealogy };
    let mut line = String::from("\u{feff}");
    row(&mut line, PERSONS.iter().map(|&name| name.to_owned()));
    let total = (genealogy.persons.len() + genealogy.unions.len()).max(1) as f32;
    let mut done = 0_u32;
    for id in genealogy.person_ids() {
        row(&mut line, table.person(id));
        flush(&mut line, out)?;
        done += 1;
        if done.is_multiple_of(4096) {
            progress(done as f32 / total);
        }
    }
    line.push_str("\r\n");
    row(&mut line, FAMILIES.iter().map(|&name| name.to_owned()));
    for id in genealogy.union_ids() {
        row(&mut line, table.family(id));
        flush(&mut line, out)?;
    }
    flush(&mut line, out)?;
    progress(1.0);
    Ok(())
}

fn flush(line: &mut String, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(line.as_bytes())?;
    line.clear();
    Ok(())
}

struct Table<'g> {
    genealogy: &'g Genealogy,
}

impl Table<'_> {
    /// The identifier of a person, or one by its number for who has none.
    fn person_id(&self, id: PersonId) -> String {
        match self.genealogy.xref(id) {
            "" => format!("person-{}", id.0 + 1),
            xref => xref.to_owned(),
        }
    }

    fn family_id(&self, id: UnionId) -> String {
        let xref =
            self.genealogy.union(id).map_or("", |union| self.genealogy.texts.get(union.xref));
        if xref.is_empty() { format!("family-{}", id.0 + 1) } else { xref.to_owned() }
    }

    /// The notes among some facts; of one that a mask left nothing of there is no empty line.
    fn notes(&self, facts: &[Fact]) -> String {
        let notes = facts.iter().filter(|fact| fact.kind == FactKind::Note);
        let notes = notes.map(|fact| self.genealogy.texts.get(fact.value));
        notes.filter(|note| !note.is_empty()).collect::<Vec<&str>>().join("\n")
    }

    fn person(&self, id: PersonId) -> impl Iterator<Item = String> {
        let family = self.genealogy;
        let name = family.names(id).first().copied().unwrap_or_default();
        let part = |text| family.texts.get(text).to_owned();
        let fact = |kind: FactKind| family.fact(id, kind).copied().unwrap_or_default();
        let cell = |kind: FactKind, pick: fn(&Fact) -> banyan_kin::TextId| part(pick(&fact(kind)));
        let date = |kind: FactKind| fact(kind).date.written(&family.texts).into_owned();
        let sex = match family.person(id).map_or(Sex::Unknown, |person| person.sex) {
            Sex::Male => "M",
            Sex::Female => "F",
            Sex::Other => "X",
            Sex::Unknown => "",
        };
        let parents = family.parent_unions(id).first();
        let kind = match parents.map_or(Pedigree::Unstated, |link| link.pedigree) {
            Pedigree::Unstated | Pedigree::Other => "",
            Pedigree::Birth => "birth",
            Pedigree::Adopted => "adopted",
            Pedigree::Foster => "foster",
            Pedigree::Step => "step",
            Pedigree::Sealing => "sealing",
        };
        let partners = parents.map_or(&[][..], |link| family.partners(link.union));
        let of_sex = |sex: Sex| {
            let found =
                partners.iter().find(|&&id| family.person(id).is_some_and(|it| it.sex == sex));
            found.map_or_else(String::new, |&id| self.person_id(id))
        };
        let families = family.partner_unions(id);
        let spouses =
            families.iter().flat_map(|&union| family.partners(union)).filter(|&&of| of != id);
        [
            self.person_id(id),
            name.written(&family.texts).into_owned(),
            part(name.given),
            part(name.surname),
            sex.to_owned(),
            date(FactKind::Birth),
            cell(FactKind::Birth, |fact| fact.place),
            death(family, id),
            cell(FactKind::Death, |fact| fact.place),
            date(FactKind::Burial),
            cell(FactKind::Burial, |fact| fact.place),
            cell(FactKind::Occupation, |fact| fact.value),
            cell(FactKind::Title, |fact| fact.value),
            parents.map_or_else(String::new, |link| self.family_id(link.union)),
            kind.to_owned(),
            of_sex(Sex::Male),
            of_sex(Sex::Female),
            joined(families.iter().map(|&union| self.family_id(union))),
            joined(spouses.map(|&id| self.person_id(id))),
            self.notes(family.facts(id)),
        ]
        .into_iter()
    }

    fn family(&self, id: UnionId) -> impl Iterator<Item = String> {
        let family = self.genealogy;
        let partners = family.partners(id);
        let part = |text| family.texts.get(text).to_owned();
        let fact = |kind: FactKind| {
            let found = family.union_facts(id).iter().find(|fact| fact.kind == kind);
            found.copied().unwrap_or_default()
        };
        let (marriage, divorce) = (fact(FactKind::Marriage), fact(FactKind::Divorce));
        let mut partners = partners.iter().map(|&partner| self.person_id(partner));
        [
            self.family_id(id),
            partners.next().unwrap_or_default(),
            joined(partners),
            marriage.date.written(&family.texts).into_owned(),
            part(marriage.place),
            divorce.date.written(&family.texts).into_owned(),
            joined(family.children(id).iter().map(|&child| self.person_id(child))),
            self.notes(family.union_facts(id)),
        ]
        .into_iter()
    }
}

/// The date of death; "Y" for a death without one, which says that the person is dead.
fn death(family: &Genealogy, id: PersonId) -> String {
    let Some(fact) = family.fact(id, FactKind::Death) else { return String::new() };
    let date = fact.date.written(&family.texts);
    if date.is_empty() { "Y".to_owned() } else { date.into_owned() }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<String>>().join(SEVERAL)
}

fn row(line: &mut String, cells: impl Iterator<Item = String>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            line.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r', ';'])
            || cell.starts_with(' ')
            || cell.ends_with(' ')
        {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    line.push_str("\r\n");
}
