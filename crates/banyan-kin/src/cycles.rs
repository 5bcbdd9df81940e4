//! Persons who are their own ancestors, which no life allows and files contain.

use crate::{
    genealogy::Genealogy,
    person::{PersonId, UnionId},
};

/// A step on the way to the ancestors: from a person to the unions that they are a child of, from a
/// union to its partners. Going through the unions keeps the way linear where families are huge.
#[derive(Clone, Copy)]
struct Step {
    node: usize,
    /// How many of the node's ways up have been taken.
    taken: usize,
}

const UNSEEN: u32 = u32::MAX;

impl Genealogy {
    /// The groups of persons who are ancestors of each other, each group in the order of the file;
    /// empty for a sound genealogy. Strongly connected components after Tarjan (1972), without
    /// recursion, in O(persons + links).
    pub fn ancestry_cycles(&self) -> Vec<Vec<PersonId>> {
        let count = self.persons.len() + self.unions.len();
        let mut order = vec![UNSEEN; count];
        let mut low = vec![UNSEEN; count];
        let mut is_open = vec![false; count];
        let mut open: Vec<usize> = Vec::new();
        let mut path: Vec<Step> = Vec::new();
        let mut next_order = 0;
        let mut cycles = Vec::new();

        for root in 0..self.persons.len() {
            if order[root] != UNSEEN {
                continue;
            }
            path.push(Step { node: root, taken: 0 });
            while let Some(step) = path.last_mut() {
                let node = step.node;
                if step.taken == 0 {
                    (order[node], low[node]) = (next_order, next_order);
                    next_order += 1;
                    is_open[node] = true;
                    open.push(node);
                }
                step.taken += 1;
                if let Some(up) = self.way_up(node, step.taken - 1) {
                    if order[up] == UNSEEN {
                        path.push(Step { node: up, taken: 0 });
                    } else if is_open[up] {
                        low[node] = low[node].min(order[up]);
                    }
                    continue;
                }
                path.pop();
                if let Some(below) = path.last() {
                    low[below.node] = low[below.node].min(low[node]);
                }
                if low[node] == order[node] {
                    let start = open.iter().rposition(|&member| member == node).unwrap_or(0);
                    let group = &open[start..];
                    group.iter().for_each(|&member| is_open[member] = false);
                    if group.len() > 1 {
                        cycles.push(self.persons_among(group));
                    }
                    open.truncate(start);
                }
            }
        }
        cycles.sort_unstable();
        cycles
    }

    /// The `n`-th way up from a node: persons first, then unions.
    fn way_up(&self, node: usize, n: usize) -> Option<usize> {
        if let Some(person) = self.persons.get(node) {
            let link = person.child_of.of(&self.parent_links).get(n)?;
            return Some(self.persons.len() + link.union.index());
        }
        let union = UnionId(u32::try_from(node - self.persons.len()).ok()?);
        self.partners(union).get(n).map(|partner| partner.index())
    }

    fn persons_among(&self, nodes: &[usize]) -> Vec<PersonId> {
        let persons = nodes.iter().filter(|&&node| node < self.persons.len());
        let mut ids: Vec<PersonId> =
            persons.filter_map(|&node| u32::try_from(node).ok().map(PersonId)).collect();
        ids.sort_unstable();
        ids
    }
}
