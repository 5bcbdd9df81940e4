//! A genealogy as a world: everyone on one chart, each person exactly once.
//!
//! Nodes are persons, by their index in the genealogy.

use std::{cell::OnceCell, collections::BTreeSet};

use banyan_kin::{Genealogy, PersonId, Sex};
use banyan_layout::{
    family::FamilyLayout,
    fan::Sector,
    geometry::{Point, Rect, Size},
    quality::{self, Quality},
    routes::RouteKind,
};
use banyan_scene::{Card, CardSource, Ink, Scene, SceneParts, Shape};

use crate::{
    details::Details,
    texts::Language,
    world::{Direction, NodeSummary, Words, World},
};

mod arrangement;
mod book;
mod branches;
mod card;
mod chart;
mod colouring;
mod dates;
mod details;
mod folding;
mod graph;
mod kinds;
mod kinship;
mod laying;
mod lines;
mod lives;
mod mask;
mod opening;
mod painting;
mod plate;
mod problems;
mod reach;
mod rearranging;
mod record;
mod rows;
mod search;
mod statistics;
mod table;
mod writing;

use book::Bound;
use laying::Laid;

pub use arrangement::{Arrange, Arrangement, Branch, Fold, Plan};
pub use chart::{Chart, Part};
pub use colouring::Colouring;
pub use dates::{ShownCalendar, shown};
pub use kinship::Kinship;
pub use problems::problem_sentence;
pub use reach::{Reach, Reaching};
pub use rearranging::Hold;
pub use record::record_section;
pub use table::{TableOrder, ToldColumn, ToldPerson, ToldTable};

/// How far the making of a [`FamilyWorld`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    LayingOut,
    Indexing,
}

pub struct FamilyWorld {
    pub words: Words,
    /// How details show dates.
    pub calendar: ShownCalendar,
    pub language: Language,
    /// As it is told: where a mask hides somebody, nothing of them is in it.
    genealogy: Genealogy,
    mask: Option<mask::Mask>,
    /// Boxes and routes are in the scene, and nowhere else: a family of a million is large enough.
    scene: Scene,
    card: Size,
    plan: Plan,
    bound: Bound,
    painting: painting::Painting,
    folded: folding::Folded,
    /// Where the top left corner of the layout stands: elsewhere than at (0, 0) where somebody was held
    /// still while all others moved.
    origin: Point,
    placing: Placing,
    /// Made when they are first asked for: the first picture does not wait for them.
    rows: OnceCell<rows::Rows>,
    lines: OnceCell<lines::UnionLines>,
    start: Rect,
}

/// What the layout says beside boxes and routes.
struct Placing {
    /// The row of every person within their component.
    generations: Vec<u32>,
    /// The union that each route belongs to.
    route_unions: Vec<u32>,
    figures: FamilyFigures,
}

impl FamilyWorld {
    /// Lays everyone out. `progress` hears each stage with the share of it that is done, 0 to 1.
    pub fn new(genealogy: Genealogy, words: Words, progress: &mut dyn FnMut(Stage, f32)) -> Self {
        Self::with_chart(genealogy, words, Chart::Everyone, progress)
    }

    /// The same for a chart. A part of somebody who is not there shows everyone.
    pub fn with_chart(
        genealogy: Genealogy,
        words: Words,
        plan: impl Into<Plan>,
        progress: &mut dyn FnMut(Stage, f32),
    ) -> Self {
        Self::made(genealogy, None, words, plan.into(), |_| Point::default(), progress)
    }

    fn made(
        genealogy: Genealogy,
        mask: Option<mask::Mask>,
        words: Words,
        plan: Plan,
        origin: impl FnOnce(&FamilyLayout) -> Point,
        progress: &mut dyn FnMut(Stage, f32),
    ) -> Self {
        // A mask moves nobody; but places on an axis of years are what it hides.
        let placed = match &mask {
            Some(mask) if plan.chart != Chart::Timeline => &mask.open,
            _ => &genealogy,
        };
        let card = card::size(placed, &words);
        let Laid { mut layout, mut bound, plan, folded } =
            laying::lay_out(placed, card, plan, &words, progress);
        let origin = origin(&layout);
        laying::shift(&mut layout, origin);
        let chart = &plan.chart;
        progress(Stage::Indexing, 0.0);
        let landmarks = match chart {
            Chart::Timeline => lives::years(&genealogy, &layout),
            Chart::Part { kind: Part::Ou | Part::List, .. } => {
                book::landmarks(&genealogy, &words, &bound.tables)
            }
            // Each name stands in its ring, and can be read.
            Chart::Part { kind: Part::Fan | Part::HalfFan, .. } => Vec::new(),
            _ => branches::landmarks(&genealogy, &layout),
        };
        let persons = genealogy.persons.len();
        let is_upright = matches!(chart, Chart::Part { kind, .. } if kind.is_book());
        let start = opening::start(placed, &layout, chart);
        let figures = FamilyFigures::new(&genealogy, &layout);
        let FamilyLayout { boxes, routes, generations, unions: route_unions, .. } = layout;
        progress(Stage::Indexing, 0.3);
        let sexes: Vec<Sex> = genealogy.persons.iter().map(|person| person.sex).collect();
        let is_placed = |place: usize| boxes.get(place).is_some_and(|rect| !rect.is_empty());
        let painting = painting::Painting::by_sex(&sexes, is_placed);
        let scene = Scene::new(SceneParts {
            tints: genealogy.person_ids().map(|person| painting.tint(person)).collect(),
            shapes: if is_upright {
                vec![Shape::Column; boxes.len()]
            } else {
                bound.shapes(persons, boxes.len())
            },
            sectors: std::mem::take(&mut bound.sectors),
            route_inks: routes.kinds.iter().map(|&kind| route_ink(kind, chart)).collect(),
            boxes,
            routes,
            landmarks,
        });
        progress(Stage::Indexing, 0.7);
        Self {
            rows: OnceCell::new(),
            lines: OnceCell::new(),
            placing: Placing { generations, route_unions, figures },
            start,
            words,
            calendar: ShownCalendar::default(),
            language: Language::default(),
            genealogy,
            mask,
            card,
            plan,
            bound,
            painting,
            folded,
            origin,
            scene,
        }
    }

    /// The same family on another chart.
    pub fn recharted(self, plan: impl Into<Plan>, progress: &mut dyn FnMut(Stage, f32)) -> Self {
        self.replaced(plan.into(), |_| Point::default(), progress)
    }

    fn replaced(
        self,
        plan: Plan,
        origin: impl FnOnce(&FamilyLayout) -> Point,
        progress: &mut dyn FnMut(Stage, f32),
    ) -> Self {
        let (calendar, language) = (self.calendar, self.language);
        let (by, year) = (self.painting.by, self.painting.year);
        let Self { genealogy, mask, words, scene, .. } = self;
        // A large family needs no room for two scenes.
        drop(scene);
        let mut world = Self::made(genealogy, mask, words, plan, origin, progress);
        world.paint(by, year);
        Self { calendar, language, ..world }
    }

    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    pub const fn chart(&self) -> &Chart {
        &self.plan.chart
    }

    /// Where the top left corner of the layout stands, in world units.
    pub const fn origin(&self) -> Point {
        self.origin
    }

    /// The name of whom the chart is about, as on the card; empty if it is about everyone.
    pub fn subject(&self) -> String {
        let person = self.plan.chart.subject().and_then(|of| self.genealogy.person_by_id(of));
        person.map_or_else(String::new, |person| card::title(&self.genealogy, person, &self.words))
    }

    pub fn genealogy(&self) -> &Genealogy {
        &self.genealogy
    }

    /// How well those on the chart are placed.
    pub fn quality(&self) -> Quality {
        let members: Vec<PersonId> =
            self.genealogy.person_ids().filter(|person| self.is_placed(person.0)).collect();
        let boxes: Vec<Rect> = members.iter().filter_map(|&person| self.rect(person)).collect();
        let graph = graph::part(&self.genealogy, &members);
        quality::measure(&graph, &boxes, &self.scene.routes, &self.placing.route_unions)
    }

    pub const fn figures(&self) -> FamilyFigures {
        self.placing.figures
    }

    fn id(&self, person: PersonId) -> String {
        self.genealogy.stable_id(person)
    }

    /// Where somebody stands; `None` for who is not on the chart. In a ring, the midst of their part.
    fn rect(&self, person: PersonId) -> Option<Rect> {
        let own = self.scene.boxes.get(person.index()).copied().filter(|rect| !rect.is_empty());
        let sector = self.scene.sectors.get(person.index());
        own.map(|rect| sector.map_or(rect, Sector::core))
    }

    /// The person whom a node shows, or names again.
    fn person_at(&self, node: u32) -> PersonId {
        self.bound.person_at(self.genealogy.persons.len(), node)
    }

    /// The edges of somebody's part of a ring, and of all places that name them again.
    fn outlines(&self, person: PersonId) -> Vec<Vec<Point>> {
        let persons = self.genealogy.persons.len();
        let again = self.bound.repeats.iter().zip(persons..).filter(|(named, _)| **named == person);
        let nodes = std::iter::once(person.index()).chain(again.map(|(_, node)| node));
        let sectors = nodes.filter_map(|node| self.scene.sectors.get(node));
        sectors.filter(|sector| sector.outer > 0).map(Sector::outline).collect()
    }

    fn rows(&self) -> &rows::Rows {
        self.rows.get_or_init(|| {
            let persons = self.genealogy.persons.len();
            rows::Rows::new(self.scene.boxes.get(..persons).unwrap_or_default())
        })
    }

    fn union_lines(&self) -> &lines::UnionLines {
        self.lines.get_or_init(|| {
            lines::UnionLines::new(self.genealogy.unions.len(), &self.placing.route_unions)
        })
    }

    fn is_placed(&self, node: u32) -> bool {
        self.rect(PersonId(node)).is_some()
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

impl FamilyFigures {
    fn new(genealogy: &Genealogy, layout: &FamilyLayout) -> Self {
        // Who is not on the chart is in no component.
        let rows = |values: &[u32]| {
            let there = values.iter().filter(|&&value| value != u32::MAX);
            there.max().map_or(0, |&last| last + 1)
        };
        Self {
            persons: (layout.boxes.iter().take(genealogy.persons.len()))
                .filter(|rect| !rect.is_empty())
                .count() as u32,
            unions: genealogy.unions.len() as u32,
            components: rows(&layout.components),
            generations: rows(&layout.generations),
            cross_links: layout.cross_links,
        }
    }
}

const fn route_ink(kind: RouteKind, chart: &Chart) -> Ink {
    match kind {
        RouteKind::Descent => Ink::Line,
        // There they run far, behind the cards of others.
        RouteKind::Couple if matches!(chart, Chart::Timeline) => Ink::Line,
        RouteKind::Couple => Ink::LineStrong,
        RouteKind::Cross | RouteKind::Flow(_) => Ink::Cross,
    }
}

impl CardSource for FamilyWorld {
    fn card(&self, node: u32, card: &mut Card) {
        card.clear();
        if let Some(handle) = self.handle_at(node) {
            card.title = rearranging::handle_title(&handle);
            return;
        }
        let (genealogy, words, person) = (&self.genealogy, &self.words, self.person_at(node));
        match self.plan.chart {
            Chart::Part { kind, .. } if kind.is_book() => {
                // Who is only named is so without a rank: that stands where they do.
                let rank = self.bound.partners.get(&node).copied();
                let height = self.scene.boxes.get(node as usize).map_or(0, |rect| rect.height);
                writing::fill(genealogy, words, kind, person, rank, height, card);
            }
            Chart::Part { kind, .. } if kind.is_fan() => {
                card::fill(genealogy, person, self.card, words, card);
                card.note.clear();
            }
            _ => {
                card::fill(genealogy, person, self.card, words, card);
                card.photo = self.photo(person);
            }
        }
        card.band = self.scene.tints.get(person.index()).copied();
        if person.0 != node {
            writing::name_again(card);
        }
    }
}

impl World for FamilyWorld {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn id_of(&self, node: u32) -> String {
        self.id(self.person_at(node))
    }

    fn find(&self, id: &str) -> Option<u32> {
        let person = self.genealogy.person_by_id(id)?;
        self.is_placed(person.0).then_some(person.0)
    }

    /// Also somebody who is not on this chart, and so has an empty box.
    fn find_near(&self, id: &str) -> Option<u32> {
        self.genealogy.person_by_id(id).map(|person| person.0)
    }

    /// A place that only names somebody leads to where they stand.
    fn summary(&self, node: u32) -> NodeSummary {
        let person = self.person_at(node);
        let mut lines = self.union_lines().of(person, &self.genealogy, &self.scene.routes);
        lines.extend(self.outlines(person));
        NodeSummary {
            node: person.0,
            id: self.id(person),
            title: card::title(&self.genealogy, person, &self.words),
            subtitle: self.subtitle(person),
            rect: self.rect(person).unwrap_or_default(),
            lines,
            related: self
                .relatives(person)
                .into_iter()
                // In rings they have no boxes to frame.
                .filter(|_| self.scene.sectors.is_empty())
                .filter_map(|relative| self.rect(relative))
                .collect(),
        }
    }

    fn details(&self, node: u32) -> Details {
        self.details_of(self.person_at(node))
    }

    fn search(&self, query: &str, limit: usize) -> Vec<u32> {
        // Who is on the chart comes first; the others can be found, and lead back to everyone.
        let mut found: Vec<u32> = search::find(&self.genealogy, query, limit)
            .into_iter()
            .map(|person| person.0)
            .collect();
        found.sort_by_key(|&node| !self.is_placed(node));
        found
    }

    fn neighbour(&self, node: u32, direction: Direction) -> Option<u32> {
        let (genealogy, person) = (&self.genealogy, self.person_at(node));
        let node = person.0;
        match direction {
            Direction::Up => {
                let parents = genealogy.parents(person);
                parents.into_iter().map(|parent| parent.0).find(|&parent| self.is_placed(parent))
            }
            Direction::Down => {
                let mut unions = genealogy.partner_unions(person).iter();
                unions.find_map(|&union| {
                    let children = genealogy.children_by_birth(union).into_iter();
                    children.map(|child| child.0).find(|&child| self.is_placed(child))
                })
            }
            Direction::Left | Direction::Right if !self.scene.sectors.is_empty() => {
                book::beside(&self.scene.sectors, genealogy.persons.len(), node, direction)
            }
            Direction::Left => self.rows().left(node, &self.scene.boxes),
            Direction::Right => self.rows().right(node, &self.scene.boxes),
        }
    }

    fn start(&self) -> Rect {
        self.start
    }
}

#[cfg(test)]
mod tests;
