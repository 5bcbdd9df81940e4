//! Who belongs to whom: the families of persons, two records that point at each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{ChangeError, Desk, Kin};
use crate::{
    records::{Edit, RecordId},
    tree::{Element, Tree},
};

/// What a family calls its members.
const MEMBERS: [&str; 3] = ["HUSB", "WIFE", "CHIL"];

impl Desk<'_> {
    /// The same for two who may be kin already.
    pub(super) fn link_known(
        &mut self,
        person: &str,
        kin: Kin,
        to: &str,
    ) -> Result<(), ChangeError> {
        self.link(person, kin, to)?;
        self.refuse_ring(person)
    }

    /// Makes `person` the kin of `to`: in a family of theirs that has room, or in a new one.
    pub(super) fn link(&mut self, person: &str, kin: Kin, to: &str) -> Result<(), ChangeError> {
        let (of, other) = (self.person(to)?, self.person(person)?);
        if of == other {
            return Err(ChangeError::SamePerson);
        }
        match kin {
            Kin::Child => {
                let family = match self.families(of, "FAMS").first() {
                    Some(family) => family.clone(),
                    None => self.new_family(to, false)?,
                };
                self.join(&family, person, true)
            }
            Kin::Sibling => {
                let family = match self.families(of, "FAMC").first() {
                    Some(family) => family.clone(),
                    None => self.new_family(to, true)?,
                };
                self.join(&family, person, true)
            }
            Kin::Parent => {
                let families = self.families(of, "FAMC");
                let with_room = families.iter().find(|family| self.partners(family).len() < 2);
                let family = match with_room {
                    Some(family) => family.clone(),
                    None if families.is_empty() => self.new_family(to, true)?,
                    None => return Err(ChangeError::TwoParents),
                };
                self.join(&family, person, false)
            }
            Kin::Partner => {
                let families = self.families(of, "FAMS");
                if families.iter().any(|family| self.partners(family).iter().any(|it| it == person))
                {
                    return Err(ChangeError::Linked);
                }
                let with_room = families.iter().find(|family| self.partners(family).len() < 2);
                let family = match with_room {
                    Some(family) => family.clone(),
                    None => self.new_family(to, false)?,
                };
                self.join(&family, person, false)
            }
        }
    }

    /// Takes `person` out of every family that `from` is in as well.
    pub(super) fn unlink(&mut self, person: &str, from: &str) -> Result<(), ChangeError> {
        let (one, other) = (self.person(person)?, self.person(from)?);
        if one == other {
            return Err(ChangeError::SamePerson);
        }
        let theirs = self.all_families(other);
        let mut shared = self.all_families(one);
        shared.retain(|family| theirs.contains(family));
        if shared.is_empty() {
            return Err(ChangeError::NotLinked);
        }
        for family in shared {
            self.leave(&family, person)?;
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, person: &str) -> Result<(), ChangeError> {
        let record = self.person(person)?;
        let families = self.all_families(record);
        self.apply(Edit::RemoveRecord { record })?;
        self.point(person, None)?;
        families.iter().try_for_each(|family| self.sweep(family))
    }

    /// Gives `into` what is said of `merged`, and everything that points there.
    pub(super) fn merge(&mut self, into: &str, merged: &str) -> Result<(), ChangeError> {
        let (record, gone) = (self.person(into)?, self.person(merged)?);
        if record == gone {
            return Err(ChangeError::SamePerson);
        }
        for family in self.all_families(record) {
            let members = self.members(&family);
            let is =
                |of: &str| members.iter().find(|(_, member)| member == of).map(|(tag, _)| *tag);
            // Siblings may be one and the same, whom two files call differently.
            if let (Some(one), Some(other)) = (is(into), is(merged))
                && (one, other) != ("CHIL", "CHIL")
            {
                return Err(ChangeError::CloseKin);
            }
        }
        let (mut read, mut other) = (Tree::default(), Tree::default());
        self.records.tree(gone, &mut read);
        other.append(None, Element::new("INDI", ""));
        read.children(0).for_each(|at| other.graft(0, &read, at));
        self.apply(Edit::RemoveRecord { record: gone })?;
        self.rewrite(record, |tree| {
            let known: Vec<String> = tree.children(0).map(|at| shown(tree, at)).collect();
            for at in other.children(0) {
                let is_sex = other.get(at).is_some_and(|it| it.tag == "SEX");
                let is_second_sex = is_sex && tree.child(0, "SEX").is_some();
                if !is_second_sex && !known.contains(&shown(&other, at)) {
                    tree.graft(0, &other, at);
                }
            }
            true
        })?;
        self.point(merged, Some(into))?;
        self.refuse_ring(into)
    }

    /// Fails if a person descends from themself.
    fn refuse_ring(&self, person: &str) -> Result<(), ChangeError> {
        let tops =
            self.records.ids().filter_map(|id| Some((self.records.lines(id).next()?.xref, id)));
        let ids: BTreeMap<&str, RecordId> = tops.collect();
        let linked = |xref: &str, tags: &[&str]| {
            let mut tree = Tree::default();
            if let Some(&id) = ids.get(xref) {
                self.records.tree(id, &mut tree);
            }
            let links = tree.children(0).filter_map(|at| tree.get(at));
            let links = links.filter(|it| it.is_pointer && tags.contains(&it.tag.as_ref()));
            links.map(|it| it.value.to_string()).collect::<Vec<String>>()
        };
        let mut met = BTreeSet::new();
        let mut open = vec![person.to_owned()];
        while let Some(next) = open.pop() {
            for family in linked(&next, &["FAMC"]) {
                for parent in linked(&family, &["HUSB", "WIFE"]) {
                    if parent == person {
                        return Err(ChangeError::OwnAncestor);
                    }
                    if met.insert(parent.clone()) {
                        open.push(parent);
                    }
                }
            }
        }
        Ok(())
    }

    /// Points every link to one person at another, or nowhere.
    fn point(&mut self, from: &str, to: Option<&str>) -> Result<(), ChangeError> {
        let link = format!("@{from}@");
        let ids: Vec<RecordId> =
            self.records.ids().filter(|&id| self.records.text(id).contains(&link)).collect();
        for id in ids {
            self.rewrite(id, |tree| {
                let links = tree.walk(0).map(|(at, _)| at);
                let links = links
                    .filter(|&at| tree.get(at).is_some_and(|it| it.is_pointer && it.value == from));
                let links: Vec<usize> = links.collect();
                for &at in &links {
                    // Once is enough for a family to say who belongs to it.
                    let is_said = to.is_some_and(|to| is_linked(tree, at, to));
                    match to.filter(|_| !is_said) {
                        Some(to) => tree.set_value(at, to.to_owned()),
                        None => tree.detach(at),
                    }
                }
                !links.is_empty()
            })?;
        }
        Ok(())
    }

    /// The families that a person's record names.
    fn families(&self, person: RecordId, tag: &str) -> Vec<String> {
        let mut tree = Tree::default();
        self.records.tree(person, &mut tree);
        let links = tree.children(0).filter_map(|at| tree.get(at));
        links
            .filter(|it| {
                it.is_pointer && it.tag == tag && self.records.by_xref(&it.value).is_some()
            })
            .map(|it| it.value.to_string())
            .collect()
    }

    fn all_families(&self, person: RecordId) -> Vec<String> {
        let mut families = self.families(person, "FAMS");
        families.extend(self.families(person, "FAMC"));
        families
    }

    /// What each member of a family is called there.
    fn members(&self, family: &str) -> Vec<(&'static str, String)> {
        let Some(record) = self.records.by_xref(family) else { return Vec::new() };
        let mut tree = Tree::default();
        self.records.tree(record, &mut tree);
        let links = tree.children(0).filter_map(|at| tree.get(at)).filter(|it| it.is_pointer);
        links
            .filter_map(|it| {
                let tag = MEMBERS.into_iter().find(|tag| *tag == it.tag)?;
                Some((tag, it.value.to_string()))
            })
            .collect()
    }

    fn partners(&self, family: &str) -> Vec<String> {
        let partners = self.members(family).into_iter().filter(|(tag, _)| *tag != "CHIL");
        partners.map(|(_, person)| person).collect()
    }

    fn new_family(&mut self, first: &str, is_child: bool) -> Result<String, ChangeError> {
        let family = self.add("FAM", 'F', |_| {})?;
        self.join(&family, first, is_child)?;
        Ok(family)
    }

    /// Makes a person a member of a family: a child, or the partner that there is room for.
    fn join(&mut self, family: &str, person: &str, is_child: bool) -> Result<(), ChangeError> {
        let record = self.records.by_xref(family).ok_or(ChangeError::NotLinked)?;
        let members = self.members(family);
        if members.iter().any(|(_, member)| member == person) {
            return Err(ChangeError::Linked);
        }
        let is_free = |tag| members.iter().all(|(taken, _)| *taken != tag);
        let is_woman = self.records.facts(person).is_some_and(|facts| facts.sex == "F");
        let tag = match (is_child, is_woman) {
            (true, _) => "CHIL",
            (false, true) if is_free("WIFE") || !is_free("HUSB") => "WIFE",
            (false, false) if !is_free("HUSB") && is_free("WIFE") => "WIFE",
            (false, _) => "HUSB",
        };
        let named = |tag, to: &str| Element::new(tag, to.to_owned()).linking(true);
        self.rewrite(record, |tree| {
            tree.append(Some(0), named(tag, person));
            true
        })?;
        let back = if is_child { "FAMC" } else { "FAMS" };
        let person = self.person(person)?;
        self.rewrite(person, |tree| {
            tree.append(Some(0), named(back, family));
            true
        })
    }

    fn leave(&mut self, family: &str, person: &str) -> Result<(), ChangeError> {
        let taken = |tree: &mut Tree<'_>, to: &str, tags: &[&str]| {
            let links = tree.children(0).filter(|&at| {
                tree.get(at).is_some_and(|it| {
                    it.is_pointer && it.value == to && tags.contains(&it.tag.as_ref())
                })
            });
            let links: Vec<usize> = links.collect();
            links.iter().for_each(|&at| tree.detach(at));
            !links.is_empty()
        };
        let own = self.person(person)?;
        self.rewrite(own, |tree| taken(tree, family, &["FAMS", "FAMC"]))?;
        let record = self.records.by_xref(family).ok_or(ChangeError::NotLinked)?;
        self.rewrite(record, |tree| taken(tree, person, &MEMBERS))?;
        self.sweep(family)
    }

    /// Takes a family away that says nothing: one without members, or with one and nothing else.
    fn sweep(&mut self, family: &str) -> Result<(), ChangeError> {
        let Some(record) = self.records.by_xref(family) else { return Ok(()) };
        let mut tree = Tree::default();
        self.records.tree(record, &mut tree);
        let (members, parts) = (self.members(family), tree.children(0).count());
        if members.is_empty() || (members.len(), parts) == (1, 1) {
            self.apply(Edit::RemoveRecord { record })?;
            self.point(family, None)?;
        }
        Ok(())
    }
}

/// Whether a sibling of a link, with the same tag, leads to `to`.
fn is_linked(tree: &Tree<'_>, at: usize, to: &str) -> bool {
    let (Some(parent), Some(link)) = (tree.parent(at), tree.get(at)) else { return false };
    tree.children(parent).any(|other| {
        tree.get(other).is_some_and(|it| it.is_pointer && it.tag == link.tag && it.value == to)
    })
}

/// A part of a record with all below it, to be compared.
fn shown(tree: &Tree<'_>, at: usize) -> String {
    let mut shown = String::new();
    for (at, depth) in tree.walk(at) {
        if let Some(it) = tree.get(at) {
            shown.push_str(&format!(
                "{depth} {} {}{}\n",
                it.tag,
                u8::from(it.is_pointer),
                it.value
            ));
        }
    }
    shown
}
