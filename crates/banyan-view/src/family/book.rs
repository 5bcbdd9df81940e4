//! The charts of printed Chinese genealogies, and fans: what of them is not plain boxes of cards.

use std::collections::BTreeMap;

use banyan_kin::{Genealogy, PersonId};
use banyan_layout::{
    family::FamilyLayout,
    fan::{FanRequest, MOST_RINGS, Seat, Sector, fan},
    geometry::{Rect, Size},
    zupu::{self, Book, Descent, Table},
};
use banyan_scene::{Landmark, Shape};

use super::{Part, card, graph, writing};
use crate::world::{Direction, Word, Words};

/// Beside the layout. Nodes beyond the persons are places that name one of them again.
#[derive(Default)]
pub(super) struct Bound {
    /// Whom each node beyond the persons names.
    pub repeats: Vec<PersonId>,
    /// Whether those nodes are the handles of folds.
    pub are_handles: bool,
    /// Of each node, on a fan.
    pub sectors: Vec<Sector>,
    /// Who stands beside somebody of the line, and as their how-manyeth partner.
    pub partners: BTreeMap<u32, Rank>,
    pub tables: Vec<Table>,
}

/// A partner's place among all partners of somebody, from 0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rank {
    pub place: usize,
    pub of: usize,
}

impl Bound {
    /// Cards, and handles that stand out; empty where all are cards.
    pub(super) fn shapes(&self, persons: usize, nodes: usize) -> Vec<Shape> {
        let shape = |node| if node < persons { Shape::Card } else { Shape::Root };
        if self.repeats.is_empty() || !self.are_handles {
            return Vec::new();
        }
        (0..nodes).map(shape).collect()
    }

    /// The person whom a node shows or names.
    pub(super) fn person_at(&self, persons: usize, node: u32) -> PersonId {
        let beyond = (node as usize).checked_sub(persons);
        beyond.and_then(|at| self.repeats.get(at)).copied().unwrap_or(PersonId(node))
    }
}

/// Who stands next in the same ring.
pub(super) fn beside(
    sectors: &[Sector],
    persons: usize,
    node: u32,
    direction: Direction,
) -> Option<u32> {
    let own = sectors.get(node as usize).filter(|own| own.outer > 0)?;
    let ring = (0u32..).zip(sectors).take(persons);
    let there = ring.filter(|(_, other)| other.outer > 0 && other.inner == own.inner);
    match direction {
        Direction::Left => there.filter(|(_, it)| it.from < own.from).max_by_key(|(_, it)| it.from),
        _ => there.filter(|(_, it)| it.from > own.from).min_by_key(|(_, it)| it.from),
    }
    .map(|(other, _)| other)
}

/// The chart of a kind that is more than cards in rows; its boxes have those of the repeats at the end.
pub(super) fn lay_out(
    genealogy: &Genealogy,
    words: &Words,
    kind: Part,
    of: PersonId,
    most: Option<u32>,
) -> (FamilyLayout, Bound) {
    let graph = graph::kin_graph(genealogy);
    if kind.is_fan() {
        let card = card::size(genealogy, words);
        let most = most.unwrap_or(MOST_RINGS);
        let is_half = kind == Part::HalfFan;
        let name = (card.width - card::MARGIN).clamp(64, 168);
        return on_fan(
            graph.persons,
            &fan(&FanRequest { graph: &graph, of: of.0, most, is_half, name }),
        );
    }
    let descent = Descent::of(&graph, of.0, most);
    let plates = writing::plates(genealogy, words, kind);
    let chart = match kind {
        Part::Ou => zupu::ou,
        Part::Pagoda => zupu::pagoda,
        Part::List => zupu::list,
        _ => zupu::su,
    };
    let Book { layout, repeats, tables } = chart(&descent, &plates);
    let partners = if kind == Part::Su { ranks(genealogy, &descent) } else { BTreeMap::new() };
    let mut layout = layout;
    layout.boxes.extend(repeats.iter().map(|(_, rect)| *rect));
    let repeats = repeats.into_iter().map(|(person, _)| PersonId(person)).collect();
    (layout, Bound { repeats, partners, tables, ..Bound::default() })
}

fn on_fan(persons: u32, fan: &banyan_layout::fan::Fan) -> (FamilyLayout, Bound) {
    let persons = persons as usize;
    let mut layout = FamilyLayout {
        boxes: vec![Rect::default(); persons],
        generations: vec![0; persons],
        components: vec![u32::MAX; persons],
        bounds: fan.bounds,
        ..FamilyLayout::default()
    };
    let mut bound = Bound { sectors: vec![Sector::default(); persons], ..Bound::default() };
    for Seat { person, ring, sector } in &fan.seats {
        let at = *person as usize;
        let slots = (layout.boxes.get_mut(at), layout.generations.get_mut(at));
        if let ((Some(slot), Some(row)), Some(component), Some(part)) =
            (slots, layout.components.get_mut(at), bound.sectors.get_mut(at))
        {
            (*slot, *row, *component, *part) = (sector.bounds(), *ring, 0, *sector);
        }
    }
    for Seat { person, sector, .. } in &fan.repeats {
        layout.boxes.push(sector.bounds());
        bound.sectors.push(*sector);
        bound.repeats.push(PersonId(*person));
    }
    (layout, bound)
}

/// The place of each partner among those of whom they stand beside.
fn ranks(genealogy: &Genealogy, descent: &Descent) -> BTreeMap<u32, Rank> {
    let mut ranks = BTreeMap::new();
    for (&person, partners) in descent.members.iter().zip(descent.partners.rows()) {
        let mut all: Vec<PersonId> = Vec::new();
        for &union in genealogy.partner_unions(PersonId(person)) {
            for &partner in genealogy.partners(union) {
                if partner.0 != person && !all.contains(&partner) {
                    all.push(partner);
                }
            }
        }
        for &partner in partners {
            if let Some(place) = all.iter().position(|other| other.0 == partner) {
                ranks.insert(partner, Rank { place, of: all.len() });
            }
        }
    }
    ranks
}

/// The names of tables on the map.
pub(super) fn landmarks(genealogy: &Genealogy, words: &Words, tables: &[Table]) -> Vec<Landmark> {
    let word = words.get(Word::Generations);
    let landmark = |table: &Table| {
        let name = card::title(genealogy, PersonId(table.head), words);
        let (first, last) = (table.first + 1, table.last + 1);
        let text = if first == last {
            format!("{word} {first}")
        } else {
            format!("{word} {first}–{last} · {name}")
        };
        let weight = (table.frame.width / 16).max(1) as u32;
        Landmark { region: table.frame, weight, text }
    };
    tables.iter().map(landmark).collect()
}

/// What to show first of a chart that no window holds: where one begins to read.
pub(super) fn start(bounds: Rect, own: Rect, kind: Part, window: Size) -> Rect {
    let Size { width, height } = window;
    let center = own.center();
    match kind {
        Part::Ou | Part::List => {
            Rect::new(bounds.right() - width + 24, bounds.y - 24, width, height)
        }
        Part::Su | Part::Pagoda => Rect::new(center.x - width / 2, own.y - 48, width, height),
        _ => Rect::new(center.x - width / 2, center.y - height / 2, width, height),
    }
}
