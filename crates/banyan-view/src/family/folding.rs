//! Who is hidden by the branches that are folded away.
//!
//! A fold of descendants is a branch of everybody who descends from one person; a fold of ancestors,
//! of all ancestors and of who else descends from them, but for the person's own descendants and
//! their partners. Of a branch somebody stays whose parent stays, unless that parent is the folded
//! person or their partner in the same union: a child of cousins stays while the other cousin's line
//! shows. Who is of no branch but hangs on the rest of the chart by hidden persons alone, as partners
//! do and their families, is hidden too.

use banyan_kin::{Genealogy, PersonId, UnionId};

use super::Branch;

/// "No fold" in [`Folded::hidden_by`].
const NONE: u32 = u32::MAX;

/// What the folds of a chart hide.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    /// The folds that hide anybody.
    pub handles: Vec<Handle>,
    /// By person: the number of the fold that hides them. Empty without folds.
    hidden_by: Vec<u32>,
}

/// What is shown of a fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle {
    pub branch: Branch,
    pub of: PersonId,
    /// How many it hides.
    pub hidden: u32,
}

impl Folded {
    /// The number of the fold that hides somebody.
    pub(super) fn fold_of(&self, person: PersonId) -> Option<usize> {
        let fold = *self.hidden_by.get(person.index())?;
        (fold != NONE).then_some(fold as usize)
    }

    pub(super) fn handle(&self, branch: Branch, of: PersonId) -> Option<Handle> {
        self.handles.iter().find(|handle| (handle.branch, handle.of) == (branch, of)).copied()
    }

    /// How many are hidden by all folds.
    pub(super) fn count(&self) -> usize {
        self.hidden_by.iter().filter(|fold| **fold != NONE).count()
    }
}

/// Takes those out of `members` whom the folds hide, one fold after the other. A fold of somebody who
/// is not there, or that would hide `subject`, hides nobody.
pub(super) fn fold(
    genealogy: &Genealogy,
    members: &mut Vec<PersonId>,
    folds: &[(Branch, Option<PersonId>)],
    subject: Option<PersonId>,
) -> Folded {
    if folds.is_empty() {
        return Folded::default();
    }
    let persons = genealogy.persons.len();
    let mut chart = OnChart { genealogy, is_there: vec![false; persons] };
    for member in &*members {
        set(&mut chart.is_there, *member, true);
    }
    let mut folded = Folded { handles: Vec::new(), hidden_by: vec![NONE; persons] };
    for (number, &(branch, of)) in (0u32..).zip(folds) {
        let Some(of) = of.filter(|of| chart.has(*of)) else { continue };
        let hidden = chart.hidden(branch, of);
        if hidden.is_empty() || subject.is_some_and(|subject| hidden.contains(&subject)) {
            continue;
        }
        for person in &hidden {
            set(&mut chart.is_there, *person, false);
            set(&mut folded.hidden_by, *person, number);
        }
        folded.handles.push(Handle { branch, of, hidden: hidden.len() as u32 });
    }
    members.retain(|member| chart.has(*member));
    // A handle of somebody who went into a later fold has nowhere to be.
    folded.handles.retain(|handle| chart.has(handle.of));
    folded
}

fn set<T>(all: &mut [T], person: PersonId, value: T) {
    if let Some(slot) = all.get_mut(person.index()) {
        *slot = value;
    }
}

/// The persons of a chart, and the links between them.
struct OnChart<'a> {
    genealogy: &'a Genealogy,
    is_there: Vec<bool>,
}

impl OnChart<'_> {
    fn has(&self, person: PersonId) -> bool {
        self.is_there.get(person.index()).copied().unwrap_or(false)
    }

    fn parents(&self, person: PersonId) -> impl Iterator<Item = PersonId> {
        let links = self.genealogy.parent_unions(person).iter();
        links.flat_map(|link| self.genealogy.partners(link.union)).copied()
    }

    /// Who are partners or children of a person, with the union.
    fn family(&self, person: PersonId) -> impl Iterator<Item = (UnionId, PersonId, bool)> {
        let unions = self.genealogy.partner_unions(person).iter();
        unions.flat_map(|&union| {
            let partners = self.genealogy.partners(union).iter().map(move |&it| (union, it, false));
            let children = self.genealogy.children(union).iter().map(move |&it| (union, it, true));
            partners.chain(children)
        })
    }

    fn children(&self, person: PersonId) -> impl Iterator<Item = PersonId> {
        self.family(person).filter(|(.., is_child)| *is_child).map(|(_, child, _)| child)
    }

    /// Everybody who is reached from some by steps within the chart, them included.
    fn reached(
        &self,
        from: impl IntoIterator<Item = PersonId>,
        mut step: impl FnMut(PersonId, &mut Vec<PersonId>),
    ) -> Vec<bool> {
        let mut is_seen = vec![false; self.is_there.len()];
        let mut waiting: Vec<PersonId> = from.into_iter().collect();
        let mut next = Vec::new();
        while let Some(person) = waiting.pop() {
            let slot = is_seen.get_mut(person.index());
            let is_new = slot.is_some_and(|seen| !std::mem::replace(seen, true));
            if is_new && self.has(person) {
                step(person, &mut next);
                waiting.extend(next.drain(..).filter(|person| self.has(*person)));
            }
        }
        is_seen
    }

    /// By person: whether they are of the branch.
    fn branch(&self, branch: Branch, of: PersonId) -> Vec<bool> {
        let down = |person, next: &mut Vec<PersonId>| next.extend(self.children(person));
        let mut own = self.reached([of], down);
        if branch == Branch::Descendants {
            set(&mut own, of, false);
            return own;
        }
        let above = self.reached([of], |person, next| next.extend(self.parents(person)));
        let tops = self.genealogy.person_ids().filter(|person| *person != of);
        let tops = tops.filter(|person| above.get(person.index()) == Some(&true));
        let mut all = self.reached(tops, down);
        for person in self.genealogy.person_ids() {
            if own.get(person.index()) == Some(&true) {
                set(&mut all, person, false);
                for (_, partner, is_child) in self.family(person) {
                    if !is_child {
                        set(&mut all, partner, false);
                    }
                }
            }
        }
        all
    }

    /// Whom a fold hides.
    fn hidden(&self, branch: Branch, of: PersonId) -> Vec<PersonId> {
        let is_branch = self.branch(branch, of);
        let is_of_branch = |person: PersonId| is_branch.get(person.index()) == Some(&true);
        let is_folded =
            |union| branch == Branch::Descendants && self.genealogy.partners(union).contains(&of);
        let stays = self.reached([of], |person, next| {
            let family = self.family(person).filter(|&(union, other, is_child)| {
                !is_of_branch(other) || (is_child && !is_folded(union))
            });
            next.extend(family.map(|(_, other, _)| other));
            next.extend(self.parents(person).filter(|parent| !is_of_branch(*parent)));
        });
        // Who has nothing to do with any of them stays as well.
        let all = self.reached([of], |person, next| {
            next.extend(self.family(person).map(|(_, other, _)| other));
            next.extend(self.parents(person));
        });
        let is_hidden = |person: &PersonId| {
            let at = person.index();
            self.has(*person) && all.get(at) == Some(&true) && stays.get(at) != Some(&true)
        };
        self.genealogy.person_ids().filter(is_hidden).collect()
    }
}
