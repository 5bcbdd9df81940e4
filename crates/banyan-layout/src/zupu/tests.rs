use proptest::prelude::*;

use super::*;
use crate::{csr::Csr, family::KinGraph};

const PLATES: Plates =
    Plates { plate: Size { width: 32, height: 96 }, partner: Size { width: 24, height: 80 } };

type Chart = fn(&Descent, &Plates) -> Book;

fn graph(persons: u32, families: &[(Vec<u32>, Vec<u32>)]) -> KinGraph {
    let rank = (0..persons).map(|person| if person % 2 == 0 { 0 } else { 2 }).collect();
    let mut graph = KinGraph { persons, rank, ..KinGraph::default() };
    for (partners, children) in families {
        graph.union_partners.push(partners.iter().copied());
        graph.union_children.push(children.iter().copied());
    }
    graph
}

/// A man with two wives (1, 3) and three children of the first, one of the second; the eldest has a
/// son.
fn house() -> Descent {
    let families = [(vec![0, 1], vec![2, 4, 5]), (vec![0, 3], vec![6]), (vec![2, 7], vec![8])];
    Descent::of(&graph(10, &families), 0, None)
}

fn drawn(book: &Book) -> Vec<u32> {
    let boxes = (0u32..).zip(&book.layout.boxes);
    boxes.filter(|(_, rect)| !rect.is_empty()).map(|(person, _)| person).collect()
}

#[test]
fn su_hangs_children_from_right_to_left_and_wives_left_of_their_husband() {
    let book = su(&house(), &PLATES);
    let at = |person: usize| book.layout.boxes[person];
    assert_eq!(drawn(&book), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(at(2).x > at(4).x && at(4).x > at(5).x && at(5).x > at(6).x, "by birth");
    assert!(at(0).x > at(1).x && at(1).x > at(3).x, "the first wife is nearer");
    assert!((at(0).y, at(0).y) == (at(1).y, at(3).y) && at(0).bottom() < at(2).y);
    assert_eq!(at(8).center().x, at(2).center().x.min(at(8).center().x));
    assert_eq!(book.layout.generations[8], 2);
    assert_eq!(book.layout.bounds.x, 0);
}

#[test]
fn a_pagoda_is_even_on_both_sides_and_has_no_wives() {
    let book = pagoda(&house(), &PLATES);
    assert_eq!(drawn(&book), [0, 2, 4, 5, 6, 8]);
    let middle = book.layout.boxes[0].center().x;
    let row = [2, 4, 5, 6].map(|person: usize| book.layout.boxes[person]);
    let (left, right) = (row[3].x, row[0].right());
    assert!((middle - left - (right - middle)).abs() <= 1);
    assert!(row.windows(2).all(|pair| pair[0].x > pair[1].x && pair[0].y == pair[1].y));
}

/// Fathers and sons, two a family down to the generation that is asked for.
fn line(generations: u32) -> Descent {
    let mut families = Vec::new();
    let mut next = 2;
    let mut row = vec![0];
    for _ in 0..generations {
        let mut below = Vec::new();
        for father in row {
            families.push((vec![father], vec![next, next + 2]));
            below.extend([next, next + 2]);
            next += 4;
        }
        row = below.split_off(below.len().min(2) - 1);
    }
    Descent::of(&graph(next, &families), 0, None)
}

#[test]
fn tables_have_five_generations_and_go_on_where_one_ended() {
    let descent = line(9);
    let book = ou(&descent, &PLATES);
    assert_eq!(drawn(&book).len(), descent.members.len());
    let spans: Vec<(u32, u32)> =
        book.tables.iter().map(|table| (table.first, table.last)).collect();
    assert_eq!(spans, [(0, 4), (4, 8), (8, 9)]);
    assert_eq!(book.repeats.len(), 2, "who heads another table is named there");
    for (table, (person, rect)) in book.tables.iter().skip(1).zip(&book.repeats) {
        assert_eq!(table.head, *person);
        assert_eq!(table.frame.union(rect), table.frame);
        assert!(!table.frame.overlaps(&book.layout.boxes[*person as usize]));
    }
    assert!(
        book.tables[0].frame.x > book.tables[1].frame.x
            || book.tables[0].frame.y < book.tables[1].frame.y
    );
    for (person, rect) in book.layout.boxes.iter().enumerate().filter(|(_, rect)| !rect.is_empty())
    {
        let tables = book.tables.iter().filter(|table| table.frame.union(rect) == table.frame);
        assert_eq!(tables.count(), 1, "{person}");
    }
    // The first child below its father.
    let box_of = |place: usize| book.layout.boxes[descent.members[place] as usize];
    assert_eq!(box_of(0).x, box_of(1).x);
}

#[test]
fn a_list_goes_from_right_to_left_by_generation() {
    let book = list(&house(), &PLATES);
    assert_eq!(drawn(&book), [0, 2, 4, 5, 6, 8]);
    let at = |person: usize| book.layout.boxes[person];
    let reading = [0, 2, 4, 5, 6, 8].map(|person: usize| (at(person).y, -at(person).x));
    assert!(reading.is_sorted());
    let generations: Vec<u32> = book.tables.iter().map(|table| table.first).collect();
    assert!(generations.is_sorted() && generations.last() == Some(&2));
}

#[test]
fn nobody_makes_an_empty_chart() {
    let nobody = Descent::default();
    for chart in [su, ou, pagoda, list] {
        let book = chart(&nobody, &PLATES);
        assert!(book.layout.boxes.is_empty() && book.tables.is_empty());
    }
}

/// Any graph at all, loops among it.
fn any_graph() -> impl Strategy<Value = KinGraph> {
    let family = (prop::collection::vec(0..24u32, 0..3), prop::collection::vec(0..24u32, 0..5));
    prop::collection::vec(family, 0..20).prop_map(|families| {
        let once = |mut persons: Vec<u32>| {
            let mut seen = std::collections::BTreeSet::new();
            persons.retain(|&person| seen.insert(person));
            persons
        };
        let families: Vec<_> = families.into_iter().map(|(a, b)| (once(a), once(b))).collect();
        graph(24, &families)
    })
}

proptest! {
    #[test]
    fn everyone_of_the_line_is_drawn_once_and_on_nobody(graph in any_graph(), most in prop::option::of(0..6u32)) {
        let root = first_ancestor(&graph).unwrap_or_default();
        let descent = Descent::of(&graph, root, most);
        prop_assert!(most.is_none_or(|most| descent.depths.iter().all(|&depth| depth <= most)));
        let mut members = descent.members.clone();
        members.sort_unstable();
        let mut with_partners = members.clone();
        with_partners.extend(&descent.partners.items);
        with_partners.sort_unstable();
        let charts: [(Chart, &Vec<u32>); 4] =
            [(su, &with_partners), (ou, &members), (pagoda, &members), (list, &members)];
        for (chart, expect) in charts {
            let book = chart(&descent, &PLATES);
            prop_assert_eq!(&book, &chart(&descent, &PLATES), "the same again");
            prop_assert_eq!(&drawn(&book), expect);
            let boxes = book.layout.boxes.iter().filter(|rect| !rect.is_empty());
            let all: Vec<Rect> = boxes.copied().chain(book.repeats.iter().map(|(_, rect)| *rect)).collect();
            for (index, one) in all.iter().enumerate() {
                prop_assert!(book.layout.bounds.union(one) == book.layout.bounds);
                for other in &all[..index] {
                    prop_assert!(!one.overlaps(other), "{one:?} {other:?}");
                }
            }
            prop_assert_eq!(book.layout.routes.len(), book.layout.unions.len());
        }
    }

    /// Siblings of a family stand in the order of their birth, from right to left.
    #[test]
    fn siblings_stand_by_birth(graph in any_graph()) {
        let descent = Descent::of(&graph, first_ancestor(&graph).unwrap_or_default(), None);
        let by_birth: &Csr = &descent.children;
        for (chart, is_row) in [(su as Chart, true), (pagoda, true), (ou, false)] {
            let book = chart(&descent, &PLATES);
            let rect = |place: u32| book.layout.boxes[descent.members[place as usize] as usize];
            for children in by_birth.rows() {
                for pair in children.windows(2) {
                    let (elder, younger) = (rect(pair[0]), rect(pair[1]));
                    prop_assert!(elder.x > younger.x, "{elder:?} {younger:?}");
                    prop_assert!(!is_row || elder.y == younger.y);
                }
            }
        }
    }
}
