//! What the layout needs of a genealogy: who descends from whom, and nothing else.

use banyan_kin::{Genealogy, PersonId, Sex};
use banyan_layout::{
    csr::Csr,
    family::{FamilyLayout, KinGraph},
    geometry::Rect,
};

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
        ..KinGraph::default()
    }
}

/// Sons before daughters, and whoever marries comes to the husband.
pub(super) fn follow_male_line(graph: &mut KinGraph) {
    let rank = &graph.rank;
    for pair in 1..graph.union_children.starts.len() {
        let ends =
            graph.union_children.starts.get(pair - 1).zip(graph.union_children.starts.get(pair));
        let range = ends.map_or(0..0, |(from, to)| *from as usize..*to as usize);
        if let Some(children) = graph.union_children.items.get_mut(range) {
            // Stable: each in birth order.
            children.sort_by_key(|child| rank.get(*child as usize).copied());
        }
    }
    graph.is_strict = true;
}

/// The same for some persons, who are numbered by their place among the members. Unions keep their
/// indices; of most of them nothing is left.
pub(super) fn part(genealogy: &Genealogy, members: &[PersonId]) -> KinGraph {
    let place = |person: &PersonId| {
        members.binary_search(person).ok().and_then(|place| u32::try_from(place).ok())
    };
    let mut union_partners = Csr::default();
    let mut union_children = Csr::default();
    for union in genealogy.union_ids() {
        let partners: Vec<u32> = genealogy.partners(union).iter().filter_map(place).collect();
        let children: Vec<u32> =
            genealogy.children_by_birth(union).iter().filter_map(place).collect();
        // A lone child of nobody here is no family.
        let is_family = partners.len() + children.len() > 1;
        union_partners.push(partners.into_iter().filter(|_| is_family));
        union_children.push(children.into_iter().filter(|_| is_family));
    }
    let sex = |person: &PersonId| genealogy.person(*person).map(|person| person.sex);
    KinGraph {
        persons: u32::try_from(members.len()).unwrap_or(u32::MAX),
        union_partners,
        union_children,
        rank: members.iter().map(|member| rank(sex(member).unwrap_or_default())).collect(),
        ..KinGraph::default()
    }
}

/// The layout of a part as one of everybody: who is not a member has no box.
pub(super) fn whole(part: FamilyLayout, members: &[PersonId], persons: usize) -> FamilyLayout {
    let mut layout = FamilyLayout {
        boxes: vec![Rect::default(); persons],
        generations: vec![0; persons],
        components: vec![u32::MAX; persons],
        ..part
    };
    let mut each = members.iter().enumerate();
    each.by_ref().for_each(|(place, member)| {
        let at = member.index();
        let (boxes, generations) = (&mut layout.boxes, &mut layout.generations);
        if let (Some(slot), Some(rect)) = (boxes.get_mut(at), part.boxes.get(place)) {
            *slot = *rect;
        }
        if let (Some(slot), Some(row)) = (generations.get_mut(at), part.generations.get(place)) {
            *slot = *row;
        }
        if let (Some(slot), Some(of)) = (layout.components.get_mut(at), part.components.get(place))
        {
            *slot = *of;
        }
    });
    for (from, to) in &mut layout.routes.ends {
        for end in [from, to] {
            *end = members.get(*end as usize).map_or(*end, |member| member.0);
        }
    }
    layout
}

const fn rank(sex: Sex) -> u8 {
    match sex {
        Sex::Male => 0,
        Sex::Unknown | Sex::Other => 1,
        Sex::Female => 2,
    }
}
