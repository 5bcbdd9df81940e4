//! How many generations persons stand apart, by lines of descent and by marriage.

use crate::{
    genealogy::Genealogy,
    person::{PersonId, Sex, UnionId},
};

/// Persons joined into groups, in each of which the generations between any two are known. A
/// union-find in which each person knows their distance to the one above.
#[derive(Clone, Debug)]
pub(crate) struct Lineage {
    above: Vec<u32>,
    /// Generations below the person above.
    below: Vec<i32>,
}

impl Lineage {
    /// Only lines of descent: children with the one parent whose line they continue, the father
    /// where there is one. Whom that makes their own ancestor stays where they were first.
    pub(crate) fn of_descent(genealogy: &Genealogy) -> Self {
        let persons = genealogy.persons.len();
        let mut lineage = Self {
            above: (0..u32::try_from(persons).unwrap_or(u32::MAX)).collect(),
            below: vec![0; persons],
        };
        for union in genealogy.union_ids() {
            // Siblings without parents are of one generation all the same.
            let head = heir(genealogy, union).map(|parent| (parent, 1));
            let head = head.or_else(|| Some((birth_children(genealogy, union).next()?, 0)));
            let Some((head, down)) = head else { continue };
            for child in birth_children(genealogy, union) {
                if child != head {
                    lineage.join(head, child, down);
                }
            }
        }
        lineage
    }

    /// The group of a person and the generation in it. Only differences within a group mean anything.
    pub(crate) fn place(&mut self, person: PersonId) -> (u32, i32) {
        let mut way = Vec::new();
        let mut at = person.0;
        while let Some(&above) = self.above.get(at as usize)
            && above != at
        {
            way.push(at);
            at = above;
        }
        // All on the way now hang under the root itself.
        let mut depth = 0;
        for &step in way.iter().rev() {
            let index = step as usize;
            if let (Some(above), Some(below)) =
                (self.above.get_mut(index), self.below.get_mut(index))
            {
                depth += *below;
                (*above, *below) = (at, depth);
            }
        }
        (at, depth)
    }

    /// Notes that `lower` stands `down` generations below `upper`. Where the two are joined already
    /// that changes nothing, and the answer is how far below `lower` does stand.
    pub(crate) fn join(&mut self, upper: PersonId, lower: PersonId, down: i32) -> Option<i32> {
        let (root, depth) = self.place(upper);
        let (other_root, other_depth) = self.place(lower);
        if root == other_root {
            return Some(other_depth - depth);
        }
        let index = other_root as usize;
        if let (Some(above), Some(below)) = (self.above.get_mut(index), self.below.get_mut(index)) {
            (*above, *below) = (root, depth + down - other_depth);
        }
        None
    }
}

impl Genealogy {
    /// The greatest number of persons in one line from parent to child; 0 for nobody.
    pub fn longest_line(&self) -> u32 {
        self.depths().into_iter().max().unwrap_or_default()
    }

    /// The number of persons in the longest line from an ancestor down to each person, with both. Where
    /// persons are their own ancestors, the line is cut at the first of them in the file.
    pub(crate) fn depths(&self) -> Vec<u32> {
        let persons = self.persons.len();
        let count = persons + self.unions.len();
        // Persons first, then unions, each waiting for all that stand above.
        let mut waiting: Vec<u32> = (self.person_ids())
            .map(|id| length(self.parent_unions(id)))
            .chain(self.union_ids().map(|id| length(self.partners(id))))
            .collect();
        let mut depth = vec![0_u32; count];
        let mut is_done = vec![false; count];
        let mut ready: Vec<usize> =
            (0..count).rev().filter(|&node| waiting.get(node) == Some(&0)).collect();
        let mut next = 0;
        loop {
            let Some(node) = ready.pop() else {
                // Who still waits is in a ring or below one.
                while is_done.get(next).copied() == Some(true) {
                    next += 1;
                }
                if next >= count {
                    break;
                }
                ready.push(next);
                continue;
            };
            let Some(done) = is_done.get_mut(node) else { continue };
            if std::mem::replace(done, true) {
                continue;
            }
            let id = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
            let is_person = node < persons;
            if let (true, Some(depth)) = (is_person, depth.get_mut(node)) {
                *depth += 1;
            }
            let above = depth.get(node).copied().unwrap_or_default();
            let mut reach = |below: usize| {
                if let (Some(depth), Some(left)) = (depth.get_mut(below), waiting.get_mut(below)) {
                    if is_done.get(below) == Some(&false) {
                        *depth = above.max(*depth);
                    }
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        ready.push(below);
                    }
                }
            };
            if is_person {
                let unions = self.partner_unions(PersonId(id(node))).iter();
                unions.for_each(|union| reach(persons + union.index()));
            } else {
                let children = self.children(UnionId(id(node - persons))).iter();
                children.for_each(|child| reach(child.index()));
            }
        }
        depth.truncate(persons);
        depth
    }
}

/// The partner whose line the children of a union continue: the father, else the first.
pub(crate) fn heir(genealogy: &Genealogy, union: UnionId) -> Option<PersonId> {
    let partners = genealogy.partners(union);
    let is_man = |id: &&PersonId| genealogy.person(**id).is_some_and(|p| p.sex == Sex::Male);
    partners.iter().find(is_man).or_else(|| partners.first()).copied()
}

/// The children of a union who are of its blood, as far as is said.
pub(crate) fn birth_children(
    genealogy: &Genealogy,
    union: UnionId,
) -> impl Iterator<Item = PersonId> {
    let children = genealogy.children_by_kind(union);
    children.filter(|(_, pedigree)| pedigree.is_birth()).map(|(child, _)| child)
}

fn length<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
