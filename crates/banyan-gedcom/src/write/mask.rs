//! What of a file is left when the living are hidden.

use std::collections::BTreeSet;

use banyan_kin::{Genealogy, PersonId};

use crate::{
    document::RecordKind,
    records::{RecordId, Records},
    tree::{Element, Tree},
};

/// What stands for the name of a person who may live.
const NAME: &str = "Living";
/// What is left of a person: nothing but the links.
const OF_PERSONS: [&str; 3] = ["FAMC", "FAMS", "SEX"];
const OF_FAMILIES: [&str; 3] = ["CHIL", "HUSB", "WIFE"];

/// Which records are hidden, wholly or but for their links.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    bare: BTreeSet<RecordId>,
    gone: BTreeSet<RecordId>,
}

impl Mask {
    /// Hides persons of a file, as [`Genealogy::living`] gives them: of each the links are left, of a
    /// family of which one is a partner too; notes, sources and pictures that belong to nobody else
    /// are gone. `genealogy` is that of the records.
    pub fn new(records: &Records, genealogy: &Genealogy, living: &[bool]) -> Self {
        let lives = |id: PersonId| living.get(id.index()).copied().unwrap_or(false);
        let persons = genealogy.person_ids().filter(|&id| lives(id));
        let of_persons = persons.filter_map(|id| genealogy.person(id).map(|person| person.line));
        let unions = genealogy
            .union_ids()
            .filter(|&union| genealogy.partners(union).iter().any(|&partner| lives(partner)));
        let of_unions = unions.filter_map(|id| genealogy.union(id).map(|union| union.line));
        let bare: BTreeSet<RecordId> =
            of_persons.chain(of_unions).filter_map(|line| records.at_line(line)).collect();
        let gone = gone(records, &bare);
        Self { bare, gone }
    }

    /// Leaves of a record what may be seen; false if that is nothing.
    pub(super) fn apply(&self, id: RecordId, tree: &mut Tree<'_>) -> bool {
        if self.gone.contains(&id) {
            return false;
        }
        if !self.bare.contains(&id) {
            return true;
        }
        let is_person = tree.was(0) == "INDI";
        let kept: &[&str] = if is_person { &OF_PERSONS } else { &OF_FAMILIES };
        let children: Vec<usize> = tree.children(0).collect();
        for child in children {
            if !kept.contains(&tree.was(child)) {
                tree.detach(child);
                continue;
            }
            let below: Vec<usize> =
                tree.children(child).filter(|&below| tree.was(below) != "PEDI").collect();
            below.into_iter().for_each(|below| tree.detach(below));
        }
        if is_person {
            tree.append(Some(0), Element::new("NAME", NAME));
        }
        true
    }
}

/// The records that only hidden ones link to, at once or by way of each other.
fn gone(records: &Records, bare: &BTreeSet<RecordId>) -> BTreeSet<RecordId> {
    let is_beside = |id: RecordId| {
        let kinds =
            [RecordKind::Note, RecordKind::Source, RecordKind::Media, RecordKind::Repository];
        records.kind(id).is_some_and(|kind| kinds.contains(&kind))
    };
    let xref_of = |id: RecordId| records.lines(id).next().map_or("", |line| line.xref);
    // Whether a link is left, and not only one among those who are hidden.
    let (mut seen, mut hidden): (BTreeSet<&str>, BTreeSet<&str>) =
        (BTreeSet::new(), BTreeSet::new());
    for id in records.ids().filter(|&id| !is_beside(id)) {
        let links = if bare.contains(&id) { &mut hidden } else { &mut seen };
        links.extend(records.lines(id).skip(1).filter_map(|line| line.pointer()));
    }
    let beside: Vec<(RecordId, &str)> =
        records.ids().filter(|&id| is_beside(id)).map(|id| (id, xref_of(id))).collect();
    // A record that nobody links to is no secret of the living.
    let mut is_shown: Vec<bool> =
        beside.iter().map(|(_, xref)| seen.contains(xref) || !hidden.contains(xref)).collect();
    let mut open: Vec<RecordId> =
        beside.iter().zip(&is_shown).filter(|(_, shown)| **shown).map(|((id, _), _)| *id).collect();
    let mut places: std::collections::BTreeMap<&str, Vec<usize>> =
        std::collections::BTreeMap::new();
    for (place, (_, xref)) in beside.iter().enumerate() {
        places.entry(xref).or_default().push(place);
    }
    while let Some(id) = open.pop() {
        for pointer in records.lines(id).skip(1).filter_map(|line| line.pointer()) {
            for &place in places.get(pointer).into_iter().flatten() {
                if let (Some(shown), Some(&(id, _))) = (is_shown.get_mut(place), beside.get(place))
                    && !std::mem::replace(shown, true)
                {
                    open.push(id);
                }
            }
        }
    }
    beside.iter().zip(is_shown).filter(|(_, shown)| !shown).map(|((id, _), _)| *id).collect()
}
