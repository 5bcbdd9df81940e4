//! What the layout needs of a genealogy: who descends from whom, and nothing else.

use banyan_kin::{Genealogy, Sex};
use banyan_layout::{csr::Csr, family::KinGraph};

/// Persons and unions by their indices in the genealogy; children in birth order, and the male line
/// first, as most readers of a chart expect.
pub(super) fn kin_graph(genealogy: &Genealogy) -> KinGraph {
    let mut union_partners = Csr::default();
    let mut union_children = Csr::default();
    for union in genealogy.union_ids() {
        union_partners.push(genealogy.partners(union).iter().map(|person| person.0));
        union_children.push(genealogy.children_by_birth(union).into_iter().map(|person| person.0));
    }
    KinGraph {
        persons: u32::try_from(genealogy.persons.len()).unwrap_or(u32::MAX),
        union_partners,
        union_children,
        rank: genealogy.persons.iter().map(|person| rank(person.sex)).collect(),
    }
}

const fn rank(sex: Sex) -> u8 {
    match sex {
        Sex::Male => 0,
        Sex::Unknown | Sex::Other => 1,
        Sex::Female => 2,
    }
}
