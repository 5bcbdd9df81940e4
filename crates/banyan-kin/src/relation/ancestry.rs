//! The ancestors of a person by birth, in an order that has children before their parents.

use std::collections::HashMap;

use super::{Genealogy, PersonId};

/// A person's ancestors and the person, each once.
pub(super) struct Ancestry {
    /// Children before their parents, but where somebody is their own ancestor.
    pub order: Vec<PersonId>,
    /// Of each, the least number of steps up to them.
    pub distances: HashMap<PersonId, u32>,
}

impl Ancestry {
    /// Walks up from several persons at once.
    pub fn of(genealogy: &Genealogy, from: &[PersonId]) -> Self {
        let mut distances: HashMap<PersonId, u32> =
            from.iter().map(|&person| (person, 0)).collect();
        let mut layer: Vec<PersonId> = from.to_vec();
        let mut far = 0;
        while !layer.is_empty() {
            far += 1;
            let mut next = Vec::new();
            for parent in layer.iter().flat_map(|&person| genealogy.birth_parents(person)) {
                distances.entry(parent).or_insert_with(|| {
                    next.push(parent);
                    far
                });
            }
            layer = next;
        }
        // Depth first, left behind last: the reverse of it has everybody before their parents.
        let mut order = Vec::with_capacity(distances.len());
        let mut is_seen: HashMap<PersonId, bool> = HashMap::with_capacity(distances.len());
        for &root in from.iter().rev() {
            let mut open = vec![(root, false)];
            while let Some((person, is_done)) = open.pop() {
                if is_done {
                    order.push(person);
                } else if is_seen.insert(person, true).is_none() {
                    open.push((person, true));
                    open.extend(genealogy.birth_parents(person).map(|parent| (parent, false)));
                }
            }
        }
        order.reverse();
        Self { order, distances }
    }
}
