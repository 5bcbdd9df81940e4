//! A genealogy as a world: everyone on one chart, each person exactly once.
//!
//! Nodes are persons, by their index in the genealogy.

use std::collections::BTreeSet;

use banyan_kin::{Genealogy, PersonId};
use banyan_layout::{
    family::{FamilyLayout, FamilyRequest, Gaps, SiblingOrder, family},
    geometry::Rect,
    routes::RouteKind,
};
use banyan_scene::{Card, CardSource, Ink, Scene, SceneParts};

use crate::{
    details::Details,
    world::{Direction, NodeSummary, Words, World},
};

mod branches;
mod card;
mod details;
mod graph;
mod lines;
mod opening;
mod plate;
mod rows;
mod search;

/// How far the making of a [`FamilyWorld`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    LayingOut,
    Indexing,
}

pub struct FamilyWorld {
    pub words: Words,
    genealogy: Genealogy,
    request: FamilyRequest,
    layout: FamilyLayout,
    scene: Scene,
    rows: rows::Rows,
    lines: lines::UnionLines,
    start: Rect,
}

impl FamilyWorld {
    /// Lays the genealogy out. `progress` hears each stage with the share of it that is done, 0 to 1.
    pub fn new(genealogy: Genealogy, words: Words, progress: &mut dyn FnMut(Stage, f32)) -> Self {
        let request = FamilyRequest {
            graph: graph::kin_graph(&genealogy),
            card: card::size(&genealogy, &words),
            gaps: Gaps::default(),
            siblings: SiblingOrder::default(),
        };
        let layout = family(&request, &mut |_, share| progress(Stage::LayingOut, share));
        progress(Stage::Indexing, 0.0);
        let scene = Scene::new(SceneParts {
            boxes: layout.boxes.clone(),
            tints: genealogy.persons.iter().map(|person| card::ink(person.sex)).collect(),
            routes: layout.routes.clone(),
            route_inks: layout.routes.kinds.iter().map(|&kind| route_ink(kind)).collect(),
            landmarks: branches::landmarks(&genealogy, &layout),
            ..SceneParts::default()
        });
        progress(Stage::Indexing, 0.5);
        Self {
            rows: rows::Rows::new(&layout.boxes),
            lines: lines::UnionLines::new(&genealogy, &layout),
            start: opening::start(&genealogy, &layout),
            words,
            genealogy,
            request,
            layout,
            scene,
        }
    }

    pub fn genealogy(&self) -> &Genealogy {
        &self.genealogy
    }

    /// What was laid out, and how: with both, the quality of a picture can be measured.
    pub fn request(&self) -> &FamilyRequest {
        &self.request
    }

    pub fn layout(&self) -> &FamilyLayout {
        &self.layout
    }

    pub fn figures(&self) -> FamilyFigures {
        let rows = |values: &[u32]| values.iter().max().map_or(0, |&last| last + 1);
        FamilyFigures {
            persons: self.layout.boxes.len() as u32,
            unions: self.genealogy.unions.len() as u32,
            components: rows(&self.layout.components),
            generations: rows(&self.layout.generations),
            cross_links: self.layout.cross_links,
        }
    }

    fn id(&self, person: PersonId) -> String {
        match self.genealogy.xref(person) {
            "" => format!("#{}", person.0),
            xref => xref.to_owned(),
        }
    }

    fn rect(&self, person: PersonId) -> Option<Rect> {
        self.layout.boxes.get(person.index()).copied()
    }

    /// Parents, partners and children, each once.
    fn relatives(&self, person: PersonId) -> Vec<PersonId> {
        let genealogy = &self.genealogy;
        let parents =
            genealogy.parent_unions(person).iter().flat_map(|link| genealogy.partners(link.union));
        let own = genealogy.partner_unions(person).iter();
        let family = own
            .flat_map(|&union| genealogy.partners(union).iter().chain(genealogy.children(union)));
        let mut seen = BTreeSet::from([person]);
        parents.chain(family).copied().filter(|&relative| seen.insert(relative)).collect()
    }
}

/// The numbers of a genealogy on its chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyFigures {
    pub persons: u32,
    pub unions: u32,
    pub components: u32,
    pub generations: u32,
    pub cross_links: u32,
}

const fn route_ink(kind: RouteKind) -> Ink {
    match kind {
        RouteKind::Descent => Ink::Line,
        RouteKind::Couple => Ink::LineStrong,
        RouteKind::Cross => Ink::Cross,
    }
}

impl CardSource for FamilyWorld {
    fn card(&self, node: u32, card: &mut Card) {
        card.clear();
        card::fill(&self.genealogy, PersonId(node), self.request.card, &self.words, card);
    }
}

impl World for FamilyWorld {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn id_of(&self, node: u32) -> String {
        self.id(PersonId(node))
    }

    fn find(&self, id: &str) -> Option<u32> {
        if let Some(index) = id.strip_prefix('#') {
            let node = index.parse().ok()?;
            return self.genealogy.person(PersonId(node)).map(|_| node);
        }
        self.genealogy.person_by_xref(id).map(|person| person.0)
    }

    fn summary(&self, node: u32) -> NodeSummary {
        let person = PersonId(node);
        NodeSummary {
            node,
            id: self.id(person),
            title: card::title(&self.genealogy, person, &self.words),
            subtitle: card::subtitle(&self.genealogy, person),
            rect: self.rect(person).unwrap_or_default(),
            lines: self.lines.of(person, &self.genealogy, &self.layout),
            related: self
                .relatives(person)
                .into_iter()
                .filter_map(|relative| self.rect(relative))
                .collect(),
        }
    }

    fn details(&self, node: u32) -> Details {
        self.details_of(PersonId(node))
    }

    fn search(&self, query: &str, limit: usize) -> Vec<u32> {
        search::find(&self.genealogy, query, limit).into_iter().map(|person| person.0).collect()
    }

    fn neighbour(&self, node: u32, direction: Direction) -> Option<u32> {
        let (genealogy, person) = (&self.genealogy, PersonId(node));
        match direction {
            Direction::Up => {
                let mut unions = genealogy.parent_unions(person).iter().map(|link| link.union);
                unions.find_map(|union| genealogy.partners(union).first()).map(|parent| parent.0)
            }
            Direction::Down => {
                let mut unions = genealogy.partner_unions(person).iter();
                unions.find_map(|&union| {
                    genealogy.children_by_birth(union).first().map(|child| child.0)
                })
            }
            Direction::Left => self.rows.left(node, &self.layout.boxes),
            Direction::Right => self.rows.right(node, &self.layout.boxes),
        }
    }

    fn start(&self) -> Rect {
        self.start
    }
}

#[cfg(test)]
mod tests;
