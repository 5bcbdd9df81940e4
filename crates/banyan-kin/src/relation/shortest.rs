//! The shortest ways between two persons, through parents, children and partners.

use std::collections::VecDeque;

use super::{Distances, Genealogy, PersonId, Step, StepKind, Way};

/// The persons that are one step from another.
pub(super) fn steps(genealogy: &Genealogy, person: PersonId) -> Vec<Step> {
    let mut steps = Vec::new();
    for link in genealogy.parent_unions(person) {
        let kind = StepKind::Up { by_birth: link.pedigree.is_birth() };
        let up = genealogy.partners(link.union).iter();
        steps.extend(up.map(|&to| Step { kind, union: link.union, to }));
    }
    for &union in genealogy.partner_unions(person) {
        let across = genealogy.partners(union).iter().filter(|&&to| to != person);
        steps.extend(across.map(|&to| Step { kind: StepKind::Across, union, to }));
        steps.extend(genealogy.children(union).iter().map(|&to| {
            let by_birth = genealogy.pedigree(to, union).is_birth();
            Step { kind: StepKind::Down { by_birth }, union, to }
        }));
    }
    steps
}

/// All ways of the least number of steps, at most `limit`, and whether there are more. Siblings are
/// two steps apart, over each of their parents; a way over one parent stands for both.
pub(super) fn ways(
    genealogy: &Genealogy,
    from: PersonId,
    to: PersonId,
    limit: usize,
) -> (Vec<Way>, bool) {
    let distances = distances_until(genealogy, to, from);
    let Some(&far) = distances.get(&from) else { return (Vec::new(), false) };
    let mut ways: Vec<Way> = Vec::new();
    let mut has_more = false;
    // Way by way along falling distances.
    let next_of = |person: PersonId, left: u32| -> Vec<Step> {
        let mut next = steps(genealogy, person);
        next.retain(|step| left > 0 && distances.get(&step.to) == Some(&(left - 1)));
        next.reverse();
        next
    };
    let mut way: Vec<Step> = Vec::new();
    let mut open: Vec<Vec<Step>> = vec![next_of(from, far)];
    if far == 0 {
        return (vec![Way::default()], false);
    }
    while let Some(choices) = open.last_mut() {
        let Some(step) = choices.pop() else {
            open.pop();
            way.pop();
            continue;
        };
        way.push(step);
        if step.to == to {
            let found = Way { other_top: other_top(genealogy, &way), steps: way.clone() };
            if !ways.iter().any(|known| is_mirror(known, &found)) {
                if ways.len() == limit {
                    has_more = true;
                    break;
                }
                ways.push(found);
            }
            way.pop();
        } else {
            let left = far - way.len() as u32;
            open.push(next_of(step.to, left));
        }
    }
    (ways, has_more)
}

/// Of a way that turns down right after going up, within one union: the other parent there.
pub(super) fn other_top(genealogy: &Genealogy, steps: &[Step]) -> Option<PersonId> {
    let turn = steps.windows(2).find_map(|pair| match pair {
        [up, down] if up.kind.is_up() && down.kind.is_down() && up.union == down.union => Some(up),
        _ => None,
    })?;
    genealogy.partners(turn.union).iter().copied().find(|&other| other != turn.to)
}

/// Whether two ways differ in nothing but which of two parents they turn at.
fn is_mirror(a: &Way, b: &Way) -> bool {
    a.steps.len() == b.steps.len()
        && a.other_top.is_some()
        && a.steps.iter().zip(&b.steps).all(|(x, y)| {
            x == y
                || (x.kind == y.kind
                    && x.union == y.union
                    && x.kind.is_up()
                    && a.other_top == Some(y.to)
                    && b.other_top == Some(x.to))
        })
}

/// Steps to `goal` from everybody who is not farther than `until`.
fn distances_until(genealogy: &Genealogy, goal: PersonId, until: PersonId) -> Distances {
    let mut distances = Distances::from([(goal, 0)]);
    let mut queue = VecDeque::from([goal]);
    let mut reach = u32::MAX;
    while let Some(person) = queue.pop_front() {
        let far = distances.get(&person).copied().unwrap_or_default();
        if person == until {
            reach = far;
        }
        if far >= reach {
            break;
        }
        for step in steps(genealogy, person) {
            distances.entry(step.to).or_insert_with(|| {
                queue.push_back(step.to);
                far + 1
            });
        }
    }
    distances
}
