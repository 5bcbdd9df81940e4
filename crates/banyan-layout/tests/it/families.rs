//! The family layout on random genealogies, impossible ones included.

use banyan_layout::csr::Csr;
use banyan_layout::family::{FamilyRequest, Gaps, KinGraph, SiblingOrder, family};
use banyan_layout::geometry::Size;
use banyan_layout::quality;
use proptest::prelude::*;

/// Unions of any composition: loops, remarriage, adoption, own ancestors, empty unions, foreign
/// indices.
fn wild_graphs() -> impl Strategy<Value = KinGraph> {
    let union = (prop::collection::vec(0..42u32, 0..4), prop::collection::vec(0..42u32, 0..6));
    (prop::collection::vec(union, 0..30), prop::collection::vec(0..2u8, 0..40)).prop_map(
        |(unions, rank)| {
            let (mut union_partners, mut union_children) = (Csr::default(), Csr::default());
            for (partners, children) in unions {
                union_partners.push(partners);
                union_children.push(children);
            }
            KinGraph { persons: 40, union_partners, union_children, rank, ..KinGraph::default() }
        },
    )
}

/// People as they are: couples of one generation, children in the next, some cousins marry, some
/// marry twice.
fn plausible_graphs() -> impl Strategy<Value = KinGraph> {
    let couple = (0..24u32, 0..24u32, 0..5usize);
    prop::collection::vec(prop::collection::vec(couple, 1..10), 1..6).prop_map(|generations| {
        let (mut union_partners, mut union_children) = (Csr::default(), Csr::default());
        let width = 24;
        for (row, couples) in generations.iter().enumerate() {
            let mut free: Vec<u32> = (0..width).rev().collect();
            for &(a, b, count) in couples {
                let base = row as u32 * width;
                union_partners.push(if a == b { vec![base + a] } else { vec![base + a, base + b] });
                union_children
                    .push((0..count).filter_map(|_| free.pop()).map(|c| base + width + c));
            }
        }
        let persons = (generations.len() as u32 + 1) * width;
        let rank = (0..persons).map(|person| (person % 2) as u8).collect();
        KinGraph { persons, union_partners, union_children, rank, ..KinGraph::default() }
    })
}

fn check(
    mut graph: KinGraph,
    siblings: SiblingOrder,
    is_strict: bool,
    sides: Vec<(u32, u32)>,
) -> Result<(), TestCaseError> {
    (graph.is_strict, graph.sides) = (is_strict, sides);
    let request = FamilyRequest {
        graph,
        card: Size { width: 100, height: 40 },
        gaps: Gaps::default(),
        siblings,
    };
    let layout = family(&request, &mut |_, _| {});
    prop_assert_eq!(&layout, &family(&request, &mut |_, _| {}));
    let quality = quality::of_layout(&request.graph, &layout);
    prop_assert_eq!(quality.overlaps, 0);
    prop_assert!(quality.drawn_once >= 1.0);
    prop_assert_eq!(quality.shared_tracks, 0);
    prop_assert_eq!(layout.unions.len(), layout.routes.len());
    for line in 0..layout.routes.len() {
        let (from, to) = layout.routes.ends[line];
        let points = layout.routes.line(line);
        prop_assert!(points.len() >= 2);
        prop_assert!(layout.boxes[from as usize].inflated(20).contains(points[0]), "{line}");
        prop_assert!(
            layout.boxes[to as usize].inflated(1).contains(points[points.len() - 1]),
            "{line}"
        );
    }
    for rect in &layout.boxes {
        prop_assert!(layout.bounds.union(rect) == layout.bounds);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn wild_families_are_drawn(
        graph in wild_graphs(), birth in any::<bool>(), strict in any::<bool>(),
        sides in prop::collection::vec((0..50u32, 0..50u32), 0..9),
    ) {
        let siblings = if birth { SiblingOrder::Birth } else { SiblingOrder::Free };
        check(graph, siblings, strict, sides)?;
    }

    #[test]
    fn plausible_families_are_drawn(
        graph in plausible_graphs(), birth in any::<bool>(), strict in any::<bool>(),
        sides in prop::collection::vec((0..50u32, 0..50u32), 0..9),
    ) {
        let siblings = if birth { SiblingOrder::Birth } else { SiblingOrder::Free };
        check(graph, siblings, strict, sides)?;
    }
}

/// Nothing is quadratic: a big graph of pure nonsense, a person with thousands of unions, and a
/// line of descent of thousands of generations are done in the time of a unit test.
#[test]
fn big_impossible_families_are_drawn() {
    let mut state = 7u64;
    let mut random = |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((state >> 33) % u64::from(below)) as u32
    };
    let mut nonsense = KinGraph { persons: 6_000, ..KinGraph::default() };
    let mut hub = KinGraph { persons: 6_000, ..KinGraph::default() };
    let mut line = KinGraph { persons: 6_000, ..KinGraph::default() };
    for at in 0..3_000 {
        nonsense.union_partners.push([random(6_000), random(6_000)]);
        nonsense.union_children.push([random(6_000), random(6_000)]);
        hub.union_partners.push([0, 2 * at + 1]);
        hub.union_children.push([2 * at + 2]);
        line.union_partners.push([2 * at, 2 * at + 1]);
        line.union_children.push([2 * at + 2]);
    }
    for graph in [nonsense, hub, line] {
        let request = FamilyRequest {
            graph,
            card: Size { width: 100, height: 40 },
            gaps: Gaps::default(),
            siblings: SiblingOrder::Free,
        };
        let layout = family(&request, &mut |_, _| {});
        let quality = quality::of_layout(&request.graph, &layout);
        assert_eq!((quality.overlaps, quality.shared_tracks), (0, 0));
    }
}
