//! Persons who are their own ancestors, which no life allows and files contain.

use crate::{genealogy::Genealogy, person::PersonId};

impl Genealogy {
    /// The groups of persons who are ancestors of each other, each group in the order of the file;
    /// empty for a sound genealogy. Strongly connected components after Tarjan (1972), without
    /// recursion, in O(persons + links).
    pub fn ancestry_cycles(&self) -> Vec<Vec<PersonId>> {
        const UNSEEN: u32 = u32::MAX;
        let count = self.persons.len();
        let mut order = vec![UNSEEN; count];
        let mut low = vec![0_u32; count];
        let mut on_stack = vec![false; count];
        let mut stack: Vec<PersonId> = Vec::new();
        let mut path: Vec<(PersonId, std::vec::IntoIter<PersonId>)> = Vec::new();
        let mut next = 0;
        let mut cycles = Vec::new();

        for root in self.person_ids() {
            if order[root.index()] != UNSEEN {
                continue;
            }
            let mut entering = Some(root);
            loop {
                if let Some(person) = entering.take() {
                    order[person.index()] = next;
                    low[person.index()] = next;
                    next += 1;
                    stack.push(person);
                    on_stack[person.index()] = true;
                    path.push((person, self.parents(person).into_iter()));
                }
                let Some((person, parents)) = path.last_mut() else { break };
                let person = *person;
                if let Some(parent) = parents.next() {
                    if order[parent.index()] == UNSEEN {
                        entering = Some(parent);
                    } else if on_stack[parent.index()] {
                        low[person.index()] = low[person.index()].min(order[parent.index()]);
                    }
                    continue;
                }
                path.pop();
                if let Some((child, _)) = path.last() {
                    low[child.index()] = low[child.index()].min(low[person.index()]);
                }
                if low[person.index()] == order[person.index()] {
                    let mut group = Vec::new();
                    while let Some(member) = stack.pop() {
                        on_stack[member.index()] = false;
                        group.push(member);
                        if member == person {
                            break;
                        }
                    }
                    if group.len() > 1 || self.parents(person).contains(&person) {
                        group.sort_unstable();
                        cycles.push(group);
                    }
                }
            }
        }
        cycles.sort_unstable();
        cycles
    }

    /// Everybody who is a parent of a person by any kind of link, each once, in the order of the links.
    pub fn parents(&self, id: PersonId) -> Vec<PersonId> {
        let mut parents: Vec<PersonId> = Vec::new();
        for link in self.parent_unions(id) {
            for &parent in self.partners(link.union) {
                if !parents.contains(&parent) {
                    parents.push(parent);
                }
            }
        }
        parents
    }
}
