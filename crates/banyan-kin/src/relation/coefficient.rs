//! The coefficient of kinship.
//!
//! The additive relationship of two persons is the sum over their ancestors c of T(a,c) T(b,c) D(c):
//! T is the share of c's genes in each, D what c's parents leave to chance, which falls with their
//! inbreeding (Quaas, *Computing the diagonal elements and inverse of a large numerator relationship
//! matrix*, Biometrics 32, 1976). Inbreeding of everybody in the ancestry comes from the same sum, the
//! oldest first (Meuwissen and Luo, *Computing inbreeding coefficients in large populations*, 1992).
//! Kinship is half of the relationship.

use std::collections::HashMap;

use super::{Genealogy, PersonId, ancestry::Ancestry};

/// Shares that may be handed on in all: some tenths of a second.
const MOST_STEPS: usize = 30_000_000;

/// Somebody's parents by birth, as places in the order of an ancestry.
type Parents = [Option<u32>; 2];

pub(super) fn kinship(genealogy: &Genealogy, a: PersonId, b: PersonId) -> Option<f64> {
    let ancestry = Ancestry::of(genealogy, &[a, b]);
    let places: HashMap<PersonId, u32> = ancestry.order.iter().copied().zip(0..).collect();
    let parents: Vec<Parents> = (0u32..)
        .zip(&ancestry.order)
        .map(|(place, &person)| {
            let mut parents = genealogy.birth_parents(person).filter_map(|parent| {
                // A parent who comes before is a descendant too: the ring is cut there.
                places.get(&parent).copied().filter(|&above| above > place)
            });
            [parents.next(), parents.next()]
        })
        .collect();
    let mut reckoning = Reckoning {
        inbreeding: vec![0.0; parents.len()],
        shares: vec![0.0; parents.len()],
        parents,
        steps: 0,
    };
    for place in (0..reckoning.parents.len() as u32).rev() {
        if let [Some(father), Some(mother)] = reckoning.parents_of(place) {
            let relationship = reckoning.relationship(father, mother)?;
            if let Some(inbreeding) = reckoning.inbreeding.get_mut(place as usize) {
                *inbreeding = relationship / 2.0;
            }
        }
    }
    let (a, b) = (*places.get(&a)?, *places.get(&b)?);
    if a == b {
        let inbreeding = reckoning.inbreeding.get(a as usize)?;
        return Some(f64::midpoint(1.0, *inbreeding));
    }
    reckoning.relationship(a, b).map(|relationship| relationship / 2.0)
}

struct Reckoning {
    parents: Vec<Parents>,
    inbreeding: Vec<f64>,
    /// All zero between two sums.
    shares: Vec<f64>,
    steps: usize,
}

impl Reckoning {
    fn parents_of(&self, place: u32) -> Parents {
        self.parents.get(place as usize).copied().unwrap_or_default()
    }

    /// `None` after too many steps.
    fn relationship(&mut self, a: u32, b: u32) -> Option<f64> {
        let of_a = self.shares_of(a)?;
        let of_b = self.shares_of(b)?;
        let mut sum = 0.0;
        let mut rest = of_b.iter().peekable();
        for &(place, share) in &of_a {
            while rest.next_if(|other| other.0 < place).is_some() {}
            if let Some(&&(other, other_share)) = rest.peek()
                && other == place
            {
                sum += share * other_share * self.chance(place);
            }
        }
        Some(sum)
    }

    /// The share of each ancestor's genes in a person, by rising place.
    fn shares_of(&mut self, person: u32) -> Option<Vec<(u32, f64)>> {
        let mut found = Vec::new();
        // Places of ancestors that wait, the nearest first: no one is handed on before all of their
        // share has come.
        let mut waiting = std::collections::BTreeSet::from([person]);
        *self.shares.get_mut(person as usize)? = 1.0;
        while let Some(place) = waiting.pop_first() {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return None;
            }
            let share = std::mem::take(self.shares.get_mut(place as usize)?);
            found.push((place, share));
            for parent in self.parents_of(place).into_iter().flatten() {
                *self.shares.get_mut(parent as usize)? += share / 2.0;
                waiting.insert(parent);
            }
        }
        Some(found)
    }

    /// What of a person's genes their parents leave to chance.
    fn chance(&self, place: u32) -> f64 {
        let of_parents = self.parents_of(place).into_iter().flatten();
        of_parents.fold(1.0, |chance, parent| {
            let inbreeding = self.inbreeding.get(parent as usize).copied().unwrap_or_default();
            chance - (1.0 + inbreeding) / 4.0
        })
    }
}
