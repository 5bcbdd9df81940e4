//! The ways of blood: up by birth to a common ancestor and down to the other, touching nobody twice
//! (the paths of Wright, *Coefficients of inbreeding and relationship*, 1922).

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Genealogy, PersonId, Step, StepKind, Way, ancestry::Ancestry};

/// Lines of descent that are looked at for one pair, so that an ancestry of thousands of loops ends.
const MOST_WORK: usize = 200_000;

/// The ways by length, at most `limit`, and whether there are more.
pub(super) fn ways(
    genealogy: &Genealogy,
    from: PersonId,
    to: PersonId,
    limit: usize,
) -> (Vec<Way>, bool) {
    if from == to {
        return (vec![Way::default()], false);
    }
    let ours = Ancestry::of(genealogy, &[from]).distances;
    let theirs = Ancestry::of(genealogy, &[to]).distances;
    let mut tops: Vec<(u32, PersonId)> = ours
        .iter()
        .filter_map(|(&person, far)| Some((far + theirs.get(&person)?, person)))
        .collect();
    tops.sort_unstable();
    let mut work = MOST_WORK;
    let mut ways: Vec<Way> = Vec::new();
    let mut seen: HashSet<Way> = HashSet::new();
    let mut has_more = false;
    for (_, top) in tops {
        if ways.len() >= limit || work == 0 {
            has_more = true;
            break;
        }
        let (up, is_up_cut) = lines(genealogy, from, top, &ours, limit, &mut work);
        let (down, is_down_cut) = lines(genealogy, to, top, &theirs, limit, &mut work);
        has_more |= is_up_cut || is_down_cut;
        for left in &up {
            let on_left: BTreeSet<PersonId> = left.iter().copied().collect();
            for right in &down {
                let meets = right.iter().filter(|person| on_left.contains(person)).count();
                if meets == 1 {
                    let way = way(genealogy, left, right);
                    if seen.insert(canonical(&way)) {
                        ways.push(way);
                    }
                }
            }
        }
    }
    ways.sort_by_cached_key(|way| (way.steps.len(), way.clone()));
    has_more |= ways.len() > limit;
    ways.truncate(limit);
    (ways, has_more)
}

/// The lines of descent from a person up to an ancestor, both included; and whether there are more,
/// beyond `limit` or beyond the work.
fn lines(
    genealogy: &Genealogy,
    from: PersonId,
    top: PersonId,
    within: &HashMap<PersonId, u32>,
    limit: usize,
    work: &mut usize,
) -> (Vec<Vec<PersonId>>, bool) {
    // Who of the ancestors has `top` above or at them: found from the top down.
    let mut below = HashSet::from([top]);
    let mut open = vec![top];
    while let Some(person) = open.pop() {
        let unions = genealogy.partner_unions(person).iter();
        for &child in unions.flat_map(|&union| genealogy.children(union)) {
            let is_born = genealogy.birth_parents(child).any(|parent| parent == person);
            if is_born && within.contains_key(&child) && below.insert(child) {
                open.push(child);
            }
        }
    }
    let parents = |person: PersonId| -> Vec<PersonId> {
        genealogy.birth_parents(person).filter(|parent| below.contains(parent)).collect()
    };
    let mut lines = Vec::new();
    let mut line = vec![from];
    if from == top {
        return (vec![line], false);
    }
    let mut choices = vec![parents(from)];
    while let Some(choice) = choices.last_mut() {
        let Some(parent) = choice.pop() else {
            choices.pop();
            line.pop();
            continue;
        };
        let Some(left) = work.checked_sub(1) else { return (lines, true) };
        *work = left;
        if line.contains(&parent) {
            continue;
        }
        line.push(parent);
        if parent == top {
            lines.push(line.clone());
            line.pop();
            if lines.len() > limit {
                return (lines, true);
            }
        } else {
            choices.push(parents(parent));
        }
    }
    (lines, false)
}

fn way(genealogy: &Genealogy, up: &[PersonId], down: &[PersonId]) -> Way {
    let union = |child: PersonId| genealogy.birth_union(child).unwrap_or_default();
    let mut steps = Vec::with_capacity(up.len() + down.len());
    for pair in up.windows(2) {
        if let &[child, to] = pair {
            steps.push(Step { kind: StepKind::Up { by_birth: true }, union: union(child), to });
        }
    }
    for pair in down.windows(2).rev() {
        if let &[to, _] = pair {
            steps.push(Step { kind: StepKind::Down { by_birth: true }, union: union(to), to });
        }
    }
    let other_top = super::shortest::other_top(genealogy, &steps);
    Way { steps, other_top }
}

/// The same for both ways that turn at either parent of one union.
fn canonical(way: &Way) -> Way {
    let mut way = way.clone();
    let top = way.steps.iter_mut().take_while(|step| step.kind.is_up()).last();
    if let (Some(other), Some(top)) = (way.other_top, top) {
        (way.other_top, top.to) = (Some(other.max(top.to)), other.min(top.to));
    }
    way
}
