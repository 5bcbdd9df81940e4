//! Persons and families as two tables in one file (RFC 4180), the second behind an empty line.
//! `docs/csv.md` describes the columns; the way back is `import/table.rs`.

use std::io;

use banyan_kin::{FactKind, Genealogy, Pedigree, PersonId, Sex, UnionId};

use crate::write::WriteError;

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
/// them, only the links are written. Begins with a byte order mark, by which spreadsheets know UTF-8.
pub fn write_csv(
    genealogy: &Genealogy,
    living: Option<&[bool]>,
    out: &mut dyn io::Write,
    progress: &mut dyn FnMut(f32),
) -> Result<(), WriteError> {
    let table = Table { genealogy, living };
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
    living: Option<&'g [bool]>,
}

impl Table<'_> {
    fn is_hidden(&self, id: PersonId) -> bool {
        self.living.is_some_and(|living| living.get(id.index()).copied().unwrap_or(false))
    }

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

    fn person(&self, id: PersonId) -> impl Iterator<Item = String> {
        let family = self.genealogy;
        let is_hidden = self.is_hidden(id);
        let name = family.names(id).first().copied().unwrap_or_default();
        let part = |text| if is_hidden { String::new() } else { family.texts.get(text).to_owned() };
        let fact = |kind: FactKind| family.fact(id, kind).copied().unwrap_or_default();
        let cell = |kind: FactKind, pick: fn(&banyan_kin::Fact) -> banyan_kin::TextId| {
            part(pick(&fact(kind)))
        };
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
        let notes = family.facts(id).iter();
        let notes = notes.filter(|fact| fact.kind == FactKind::Note && !is_hidden);
        [
            self.person_id(id),
            if is_hidden { "Living".to_owned() } else { part(name.written) },
            part(name.given),
            part(name.surname),
            sex.to_owned(),
            cell(FactKind::Birth, |fact| fact.date.written),
            cell(FactKind::Birth, |fact| fact.place),
            death(family, id, is_hidden),
            cell(FactKind::Death, |fact| fact.place),
            cell(FactKind::Burial, |fact| fact.date.written),
            cell(FactKind::Burial, |fact| fact.place),
            cell(FactKind::Occupation, |fact| fact.value),
            cell(FactKind::Title, |fact| fact.value),
            parents.map_or_else(String::new, |link| self.family_id(link.union)),
            kind.to_owned(),
            of_sex(Sex::Male),
            of_sex(Sex::Female),
            joined(families.iter().map(|&union| self.family_id(union))),
            joined(spouses.map(|&id| self.person_id(id))),
            notes.map(|fact| part(fact.value)).collect::<Vec<String>>().join("\n"),
        ]
        .into_iter()
    }

    fn family(&self, id: UnionId) -> impl Iterator<Item = String> {
        let family = self.genealogy;
        let partners = family.partners(id);
        let is_hidden = partners.iter().any(|&partner| self.is_hidden(partner));
        let part = |text| if is_hidden { String::new() } else { family.texts.get(text).to_owned() };
        let fact = |kind: FactKind| {
            let found = family.union_facts(id).iter().find(|fact| fact.kind == kind);
            found.copied().unwrap_or_default()
        };
        let (marriage, divorce) = (fact(FactKind::Marriage), fact(FactKind::Divorce));
        let notes = family.union_facts(id).iter();
        let notes = notes.filter(|fact| fact.kind == FactKind::Note && !is_hidden);
        let mut partners = partners.iter().map(|&partner| self.person_id(partner));
        [
            self.family_id(id),
            partners.next().unwrap_or_default(),
            joined(partners),
            part(marriage.date.written),
            part(marriage.place),
            part(divorce.date.written),
            joined(family.children(id).iter().map(|&child| self.person_id(child))),
            notes.map(|fact| part(fact.value)).collect::<Vec<String>>().join("\n"),
        ]
        .into_iter()
    }
}

/// The date of death; "Y" for a death without one, which says that the person is dead.
fn death(family: &Genealogy, id: PersonId, is_hidden: bool) -> String {
    match family.fact(id, FactKind::Death) {
        _ if is_hidden => String::new(),
        None => String::new(),
        Some(fact) if fact.date.is_none() => "Y".to_owned(),
        Some(fact) => family.texts.get(fact.date.written).to_owned(),
    }
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
