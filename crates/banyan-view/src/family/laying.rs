//! Where everybody stands who is on a chart, as it is arranged.

use banyan_kin::{Genealogy, PersonId};
use banyan_layout::{
    family::{FamilyLayout, FamilyRequest, Gaps, KinGraph, SiblingOrder, family},
    geometry::{Point, Rect, Size},
};

use super::{
    Arrangement, Branch, Chart, Plan, Stage,
    book::{self, Bound},
    chart,
    folding::{self, Folded, Handle},
    graph, lives, rearranging,
};
use crate::world::Words;

/// Width of a handle without its figures, and its height; world units.
const HANDLE: Size = Size { width: 14, height: 20 };
const FIGURE_UNITS: i32 = 9;
/// So far a handle reaches over the edge of its card.
const HOLD_UNITS: i32 = 3;

pub(super) struct Laid {
    pub layout: FamilyLayout,
    pub bound: Bound,
    /// Of everyone where nobody has the id of whom it was to be about.
    pub plan: Plan,
    pub folded: Folded,
}

pub(super) fn lay_out(
    genealogy: &Genealogy,
    card: Size,
    plan: Plan,
    words: &Words,
    progress: &mut dyn FnMut(Stage, f32),
) -> Laid {
    let Plan { chart, arrangement } = plan;
    if let Chart::Part { kind, of, most } = &chart
        && (kind.is_book() || kind.is_fan())
        && let Some(person) = chart::subject(genealogy, *kind, of)
    {
        progress(Stage::LayingOut, 0.0);
        let (layout, bound) =
            book::lay_out(genealogy, words, *kind, person, most.map(|most| most.up));
        let of = genealogy.stable_id(person);
        let chart = Chart::Part { kind: *kind, of, most: *most };
        let plan = Plan { chart, arrangement };
        return Laid { layout, bound, plan, folded: Folded::default() };
    }
    if chart == Chart::Timeline {
        let layout = lives::lay_out(genealogy, card);
        let (bound, folded) = (Bound::default(), Folded::default());
        return Laid { layout, bound, plan: Plan { chart, arrangement }, folded };
    }
    let is_lost = chart.subject().is_some_and(|of| genealogy.person_by_id(of).is_none());
    let chart = if is_lost { Chart::Everyone } else { chart };
    let (members, folded) = shown(genealogy, &chart, &arrangement);
    let is_everyone = members.len() == genealogy.persons.len();
    let mut graph =
        if is_everyone { graph::kin_graph(genealogy) } else { graph::part(genealogy, &members) };
    arrange(&mut graph, genealogy, &members, &arrangement);
    let siblings = if arrangement.is_by_birth { SiblingOrder::Birth } else { SiblingOrder::Free };
    let request = FamilyRequest { graph, card, gaps: Gaps::default(), siblings };
    let mut layout = family(&request, &mut |_, share| progress(Stage::LayingOut, share));
    if !is_everyone {
        layout = graph::whole(layout, &members, genealogy.persons.len());
    }
    let mut bound = Bound { are_handles: true, ..Bound::default() };
    for handle in &folded.handles {
        let own = layout.boxes.get(handle.of.index()).copied().unwrap_or_default();
        let place = place_of(handle, &own);
        layout.bounds = layout.bounds.union(&place);
        layout.boxes.push(place);
        bound.repeats.push(handle.of);
    }
    Laid { layout, bound, plan: Plan { chart, arrangement }, folded }
}

/// Who of a chart with branches is shown, and what the folds hide.
pub(super) fn shown(
    genealogy: &Genealogy,
    chart: &Chart,
    arrangement: &Arrangement,
) -> (Vec<PersonId>, Folded) {
    let subject = chart.subject().and_then(|of| genealogy.person_by_id(of));
    let mut members = match (chart, subject) {
        (Chart::Part { kind, most, .. }, Some(person)) => {
            chart::members(genealogy, *kind, person, *most, !arrangement.is_blood_only)
        }
        _ => genealogy.person_ids().collect(),
    };
    let folds = arrangement.folds.iter();
    let folds: Vec<(Branch, Option<PersonId>)> =
        folds.map(|fold| (fold.branch, genealogy.person_by_id(&fold.of))).collect();
    let folded = folding::fold(genealogy, &mut members, &folds, subject);
    (members, folded)
}

fn arrange(
    graph: &mut KinGraph,
    genealogy: &Genealogy,
    members: &[PersonId],
    arrangement: &Arrangement,
) {
    let place = |id: &str| {
        let person = genealogy.person_by_id(id)?;
        members.binary_search(&person).ok().and_then(|place| u32::try_from(place).ok())
    };
    let sides = arrangement.sides.iter();
    graph.sides = sides.filter_map(|(left, right)| Some((place(left)?, place(right)?))).collect();
    if arrangement.is_male_line {
        graph::follow_male_line(graph);
    }
}

/// On the edge of the card where the branch would begin.
fn place_of(handle: &Handle, own: &Rect) -> Rect {
    let figures = rearranging::handle_title(handle).len() as i32;
    let width = HANDLE.width + FIGURE_UNITS * figures;
    let y = match handle.branch {
        Branch::Descendants => own.bottom() - HOLD_UNITS,
        Branch::Ancestors => own.y + HOLD_UNITS - HANDLE.height,
    };
    Rect::new(own.center().x - width / 2, y, width, HANDLE.height)
}

/// Moves everything there is.
pub(super) fn shift(layout: &mut FamilyLayout, by: Point) {
    if by == Point::default() {
        return;
    }
    for rect in layout.boxes.iter_mut().chain([&mut layout.bounds]) {
        // Who is not on the chart stays nowhere.
        if !rect.is_empty() {
            rect.x = rect.x.saturating_add(by.x);
            rect.y = rect.y.saturating_add(by.y);
        }
    }
    for point in &mut layout.routes.points {
        *point = Point::new(point.x.saturating_add(by.x), point.y.saturating_add(by.y));
    }
}
