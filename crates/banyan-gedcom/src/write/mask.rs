//! What of a file is left when the living are hidden.

use std::{borrow::Cow, collections::BTreeSet};

use banyan_kin::{Genealogy, HiddenNames, PersonId};

use crate::{
    document::RecordKind,
    records::{RecordId, Records},
    tree::{Element, Tree},
};

/// What stands for the name of a person who may live.
pub(super) const NAME_OF_THE_LIVING: &str = "Living";
/// What is left of a person: nothing but the links.
const OF_PERSONS: [&str; 3] = ["FAMC", "FAMS", "SEX"];
const OF_FAMILIES: [&str; 3] = ["CHIL", "HUSB", "WIFE"];

/// Which records are hidden, wholly or but for their links.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    bare: BTreeSet<RecordId>,
    gone: BTreeSet<RecordId>,
    /// The identifiers of persons who are hidden, and their names.
    hidden: BTreeSet<String>,
    names: HiddenNames,
}

impl Mask {
    /// Hides persons of a file, as [`Genealogy::living`] gives them: of each the links are left, of a
    /// family of which one is a partner too; notes, sources, pictures and whatever else that belong to
    /// nobody else are gone, and so are the lines of texts that name one. Identifiers stay.
    /// `genealogy` is that of the records.
    pub fn new(records: &Records, genealogy: &Genealogy, living: &[bool]) -> Self {
        let lives = |id: PersonId| living.get(id.index()).copied().unwrap_or(false);
        let persons = || genealogy.person_ids().filter(|&id| lives(id));
        let hidden = persons().map(|id| genealogy.xref(id).to_owned()).collect();
        let of_persons = persons().filter_map(|id| genealogy.person(id).map(|person| person.line));
        let unions = genealogy
            .union_ids()
            .filter(|&union| genealogy.partners(union).iter().any(|&partner| lives(partner)));
        let of_unions = unions.filter_map(|id| genealogy.union(id).map(|union| union.line));
        let bare: BTreeSet<RecordId> =
            of_persons.chain(of_unions).filter_map(|line| records.at_line(line)).collect();
        let gone = gone(records, &bare);
        let names = HiddenNames::of(genealogy, living);
        Self { bare, gone, hidden, names }
    }

    /// Leaves of a record what may be seen; false if that is nothing.
    pub(super) fn apply(&self, id: RecordId, tree: &mut Tree<'_>) -> bool {
        if self.gone.contains(&id) {
            return false;
        }
        if !self.bare.contains(&id) {
            self.take_phrases(tree);
            self.take_names(tree);
            return true;
        }
        if let Some(top) = tree.get_mut(0) {
            (top.is_pointer, top.value) = (false, "".into());
        }
        let is_person = tree.was(0) == "INDI";
        let kept: &[&str] = if is_person { &OF_PERSONS } else { &OF_FAMILIES };
        let children: Vec<usize> = tree.children(0).collect();
        for child in children {
            let is_link = tree.get(child).is_some_and(|line| line.is_pointer);
            if !kept.contains(&tree.was(child)) || is_link == (tree.was(child) == "SEX") {
                tree.detach(child);
                continue;
            }
            if !is_link {
                let sex: String = tree.value(child).trim().chars().take(1).collect();
                tree.set_value(child, sex);
            }
            let below: Vec<usize> = tree.children(child).collect();
            for below in below {
                if is_kind(tree, below) {
                    let words: Vec<usize> = tree.children(below).collect();
                    words.into_iter().for_each(|words| tree.detach(words));
                } else {
                    tree.detach(below);
                }
            }
        }
        if is_person {
            tree.append(Some(0), Element::new("NAME", NAME_OF_THE_LIVING));
        }
        true
    }

    /// Takes the lines out of texts that name somebody who is hidden. A person's own name is theirs, also
    /// where another one's is part of it.
    fn take_names(&self, tree: &mut Tree<'_>) {
        let is_person = tree.was(0) == "INDI";
        let told: Vec<(usize, String)> = tree
            .walk(0)
            .filter(|&(at, depth)| !(is_person && depth == 1 && tree.was(at) == "NAME"))
            .filter_map(|(at, _)| {
                let element = tree.get(at).filter(|element| element.has_text())?;
                match self.names.left_out_of(&element.value) {
                    Cow::Borrowed(_) => None,
                    Cow::Owned(left) => Some((at, left)),
                }
            })
            .collect();
        told.into_iter().for_each(|(at, left)| tree.set_value(at, left));
    }

    /// Takes the words out that stand below links to who is hidden.
    fn take_phrases(&self, tree: &mut Tree<'_>) {
        let names_hidden = |at: usize| {
            let link = tree.get(at).filter(|link| link.is_pointer);
            link.is_some_and(|link| self.hidden.contains(link.value.as_ref()))
        };
        let links = tree.walk(0).map(|(at, _)| at).filter(|&at| names_hidden(at));
        let words = links.flat_map(|link| tree.children(link));
        let words: Vec<usize> =
            words.filter(|&at| matches!(tree.was(at), "PHRASE" | "_PHRASE")).collect();
        words.into_iter().for_each(|words| tree.detach(words));
    }
}

/// Whether a line below a link says how a child belongs to its parents, in one word.
fn is_kind(tree: &Tree<'_>, at: usize) -> bool {
    tree.was(at) == "PEDI" && tree.value(at).trim().chars().all(char::is_alphabetic)
}

/// The records that only hidden ones link to, at once or by way of each other.
fn gone(records: &Records, bare: &BTreeSet<RecordId>) -> BTreeSet<RecordId> {
    let is_beside = |id: RecordId| {
        let kinds = [RecordKind::Header, RecordKind::Person, RecordKind::Family];
        records.kind(id).is_some_and(|kind| !kinds.contains(&kind))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, Version, WriteOptions, open, write};

    #[test]
    fn texts_of_others_do_not_name_the_living() {
        let family = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n0 @I1@ INDI\n1 NAME Mary Ann /Lee/\n1 DEAT\n\
            2 DATE (told by Ann Lee)\n2 PLAC at Ann /Lee/'s\n1 TITL nurse of Lee, Ann\n\
            1 EVEN\n2 TYPE visit to Ann Lee\n1 OBJE\n2 FILE ann_lee.jpg\n\
            0 @I2@ INDI\n1 NAME Dr. Ann /Lee/\n2 GIVN Ann\n2 SURN Lee\n0 TRLR\n";
        let (document, records) =
            open(family.into(), &ReadOptions::default(), &mut |_, _| {}).unwrap();
        let mask = Mask::new(&records, &document.genealogy, &document.genealogy.living(2026));
        let options = WriteOptions { mask: Some(&mask), ..WriteOptions::default() };
        let mut out = Vec::new();
        write(&records, &options, &mut out, &mut |_| {}).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.matches("Lee").count(), 1, "{out}");
        assert!(out.contains("1 NAME Mary Ann /Lee/") && !out.contains("ann_lee"), "{out}");
    }

    #[test]
    fn of_the_living_nothing_but_links_is_left() {
        let family = "0 HEAD\n1 GEDC\n2 VERS 7.0\n\
            0 @I1@ INDI\n1 NAME Ann /Lee/\n1 DEAT Y\n1 ASSO @I2@\n2 PHRASE secret son\n2 ROLE CHIL\n1 FAMS @F1@\n\
            0 @I2@ INDI secret\n1 NAME secret\n1 SEX M secret\n1 FAMC @F1@\n2 PEDI OTHER\n3 PHRASE secret\n\
            1 FAMC secret\n1 FAMS @F2@\n1 _TASK @X1@\n1 SUBM @S2@\n1 NOTE secret\n\
            0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n2 PHRASE secret\n1 NOTE open\n\
            0 @F2@ FAM secret\n1 HUSB @I2@\n2 PHRASE secret\n1 WIFE secret\n1 MARR\n2 PLAC secret\n\
            0 @X1@ _TASK\n1 DESC secret\n0 @X2@ _TASK\n1 DESC open\n0 @S2@ SUBM\n1 NAME secret\n0 TRLR\n";
        let (document, records) =
            open(family.into(), &ReadOptions::default(), &mut |_, _| {}).unwrap();
        let living = document.genealogy.living(2026);
        assert_eq!(living, [false, true]);
        let mask = Mask::new(&records, &document.genealogy, &living);
        let options =
            WriteOptions { version: Version::V7, mask: Some(&mask), ..WriteOptions::default() };
        let mut out = Vec::new();
        write(&records, &options, &mut out, &mut |_| {}).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\u{feff}0 HEAD\n1 GEDC\n2 VERS 7.0\n\
             0 @I1@ INDI\n1 NAME Ann /Lee/\n1 DEAT Y\n1 ASSO @I2@\n2 ROLE CHIL\n1 FAMS @F1@\n\
             0 @I2@ INDI\n1 SEX M\n1 FAMC @F1@\n2 PEDI OTHER\n1 FAMS @F2@\n1 NAME Living\n\
             0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n1 NOTE open\n\
             0 @F2@ FAM\n1 HUSB @I2@\n\
             0 @X2@ _TASK\n1 DESC open\n0 TRLR\n"
        );
    }
}
