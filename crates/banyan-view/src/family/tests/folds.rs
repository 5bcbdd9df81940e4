//! Branches folded away and back: who is hidden, who stays, and who holds still.

use std::fmt::Write as _;

use banyan_layout::geometry::Rect;
use proptest::prelude::*;

use super::*;

/// Families as (partners, children); persons are `I1` and so on, odd ones men.
fn family(persons: u32, unions: &[(&[u32], &[u32])]) -> banyan_kin::Genealogy {
    let mut text = "0 HEAD\n1 CHAR UTF-8\n".to_owned();
    for person in 1..=persons {
        let sex = if person % 2 == 1 { "M" } else { "F" };
        let _ = write!(text, "0 @I{person}@ INDI\n1 NAME P{person} /X/\n1 SEX {sex}\n");
    }
    for (number, (partners, children)) in unions.iter().enumerate() {
        let _ = writeln!(text, "0 @F{number}@ FAM");
        for partner in *partners {
            let role = if partner % 2 == 1 { "HUSB" } else { "WIFE" };
            let _ = writeln!(text, "1 {role} @I{partner}@");
        }
        for child in *children {
            let _ = writeln!(text, "1 CHIL @I{child}@");
        }
    }
    text += "0 TRLR\n";
    banyan_gedcom::read(text.as_bytes(), &mut |_, _| ()).unwrap().genealogy
}

fn arranged(genealogy: &banyan_kin::Genealogy, chart: &str, arrangement: &str) -> FamilyWorld {
    let (chart, arrangement) = (chart.parse().unwrap(), arrangement.parse().unwrap());
    let plan = Plan { chart, arrangement };
    FamilyWorld::with_chart(genealogy.clone(), Words::english(), plan, &mut |_, _| ())
}

/// Checks who is not on the chart, by their numbers.
fn check(genealogy: &banyan_kin::Genealogy, chart: &str, arrangement: &str, hidden: &[u32]) {
    let world = arranged(genealogy, chart, arrangement);
    let absent: Vec<u32> = (1..=genealogy.persons.len() as u32)
        .filter(|number| world.find(&format!("I{number}")).is_none())
        .collect();
    assert_eq!(absent, hidden, "{chart} {arrangement}");
    if world.plan().chart == Chart::Everyone {
        assert_eq!(world.folded.count(), hidden.len(), "{arrangement}");
    }
    let shown = world.figures().persons as usize + hidden.len();
    assert_eq!(shown, genealogy.persons.len());
}

/// 1 and 2 have 3, 4 and 5. 3 and the outsider 6 have 7 and 8; 6 is a child of 9 and 10. 5 has with 12
/// the child 13, and 13 with 14 the child 15.
const FAMILY: &[(&[u32], &[u32])] = &[
    (&[1, 2], &[3, 4, 5]),
    (&[3, 6], &[7, 8]),
    (&[9, 10], &[6, 11]),
    (&[5, 12], &[13]),
    (&[13, 14], &[15]),
];

#[test]
fn a_branch_goes_with_all_that_hangs_by_it() {
    let genealogy = family(15, FAMILY);
    // The in-laws' own family would have nothing to hang on.
    check(&genealogy, "everyone", "d.I1", &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    check(&genealogy, "everyone", "d.I2", &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    check(&genealogy, "everyone", "d.I3", &[7, 8]);
    check(&genealogy, "everyone", "d.I5", &[13, 14, 15]);
    check(&genealogy, "everyone", "d.I7", &[]);
    check(&genealogy, "everyone", "d.nobody", &[]);
    // Two folds, one within the other: the inner is still there when the outer is unfolded.
    check(&genealogy, "everyone", "d.I13~d.I3", &[7, 8, 15]);
    check(&genealogy, "everyone", "d.I13~d.I5", &[13, 14, 15]);
    // Whose parents are folded loses their siblings' families as well, and keeps their own.
    check(&genealogy, "everyone", "u.I5", &[1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
    check(&genealogy, "everyone", "u.I6", &[9, 10, 11]);
    check(&genealogy, "everyone", "u.I1", &[]);
    check(&genealogy, "hourglass:I5", "u.I5", &[1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
    check(&genealogy, "descendants:I1", "d.I5", &[9, 10, 11, 13, 14, 15]);
    // Whom the chart is about is never hidden.
    check(&genealogy, "ancestors:I15", "d.I5", &[3, 4, 6, 7, 8, 9, 10, 11]);
}

#[test]
fn a_child_of_cousins_stays_while_the_other_line_shows() {
    // 1 and 2 have 3 and 4; 3 and 6 have 5, 4 and 7 have 8; the cousins 5 and 8 have 9, and 9 has
    // with 10 the child 11.
    let unions: &[(&[u32], &[u32])] =
        &[(&[1, 2], &[3, 4]), (&[3, 6], &[5]), (&[4, 7], &[8]), (&[5, 8], &[9]), (&[9, 10], &[11])];
    let genealogy = family(11, unions);
    check(&genealogy, "everyone", "d.I3", &[5]);
    check(&genealogy, "everyone", "d.I4", &[8]);
    check(&genealogy, "everyone", "d.I3~d.I4", &[5, 8, 9, 10, 11]);
    check(&genealogy, "everyone", "d.I1", &[3, 4, 5, 6, 7, 8, 9, 10, 11]);
    // The wife is a cousin, and stays beside her husband; of her parents he who is no kin stays too.
    check(&genealogy, "everyone", "u.I5", &[1, 2, 3, 4, 6]);
}

#[test]
fn in_laws_are_those_of_other_blood() {
    let genealogy = family(15, FAMILY);
    check(&genealogy, "descendants:I1", "blood", &[2, 6, 9, 10, 11, 12, 14]);
    check(&genealogy, "hourglass:I5", "blood", &[3, 4, 6, 7, 8, 9, 10, 11, 12, 14]);
    check(&genealogy, "relatives:I5", "blood", &[6, 9, 10, 11, 12, 14]);
    check(&genealogy, "everyone", "blood", &[]);
}

#[test]
fn somebody_in_a_fold_is_found_by_unfolding_it() {
    let genealogy = family(15, FAMILY);
    let world = arranged(&genealogy, "everyone", "d.I13~d.I3~d.I5");
    let revealing = |ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        world.revealing(&ids).map(|arrangement| arrangement.to_string())
    };
    assert_eq!(revealing(&["I15"]), Some("d.I3".to_owned()), "both folds lie over them");
    assert_eq!(revealing(&["I14", "I7"]), Some("d.I13".to_owned()));
    assert_eq!(revealing(&["I1", "I5", "nobody"]), None);
    // Arrows do not lead into a fold.
    let five = world.find("I5").unwrap();
    assert_eq!(world.neighbour(five, Direction::Down), None);
    assert_eq!(world.search("P15", 9), [14], "who is hidden is found all the same");
}

fn rect_of(world: &FamilyWorld, id: &str) -> Rect {
    world.summary(world.find_near(id).unwrap()).rect
}

#[test]
fn the_folded_person_holds_still_and_the_handle_unfolds() {
    let genealogy = family(15, FAMILY);
    let world = arranged(&genealogy, "everyone", "");
    let (bounds, stood) = (world.scene().bounds, rect_of(&world, "I5"));
    let fold = Arrange::Fold(Branch::Descendants);
    let next = world.next_arrangement(fold, Some("I5")).unwrap();
    assert_eq!(world.next_arrangement(fold, Some("I7")), None, "nobody descends from them");
    let hold = Hold { wanted: vec!["I5".into()], window: bounds };
    let (world, change) = world.arranged(next, &hold, &mut |_, _| ());
    assert_eq!(rect_of(&world, "I5"), stood);
    assert_eq!(change.gone.len(), 3, "13, 14 and 15");
    assert_eq!(change.fresh.len(), 1, "the handle");
    assert!(change.moves.iter().all(|(from, to)| from != to && *from != stood));
    assert_eq!(
        world.told_arranged(fold, Some("I5"), Language::English),
        "Folded: 3 persons hidden"
    );
    assert_eq!(world.told_arrangement(Language::Chinese), "折叠 3 人");

    let handle = genealogy.persons.len() as u32;
    let mut card = Card::default();
    world.card(handle, &mut card);
    assert_eq!(card.title, "+3");
    assert_eq!(world.pressed(handle), Some((fold, "I5".to_owned())));
    assert_eq!(world.pressed(4), None);
    assert_eq!(world.scene().hit(change.fresh[0].center(), 0), Some(handle));
    assert_eq!(world.summary(handle).id, "I5");
    assert!(change.fresh[0].overlaps(&stood), "it hangs on the card");

    // Unfolded, everything is as before, from where it is seen now.
    let next = world.next_arrangement(fold, Some("I5")).unwrap();
    assert_eq!(next, Arrangement::default());
    let (world, _) = world.arranged(next, &hold, &mut |_, _| ());
    assert_eq!((world.origin(), world.scene().bounds), (Point::default(), bounds));
}

#[test]
fn couples_flip_and_flip_back() {
    let genealogy = family(15, FAMILY);
    let mut world = arranged(&genealogy, "everyone", "");
    for left in [2, 1] {
        let next = world.next_arrangement(Arrange::FlipCouple, Some("I1")).unwrap();
        world = world.arranged(next, &Hold::default(), &mut |_, _| ()).0;
        let right = 3 - left;
        let x = |number| rect_of(&world, &format!("I{number}")).x;
        assert!(x(left) < x(right));
        let told = world.told_arranged(Arrange::FlipCouple, Some("I1"), Language::English);
        assert_eq!(told, format!("P{left} X stands left of P{right} X"));
    }
    assert_eq!(world.next_arrangement(Arrange::FlipCouple, Some("I4")), None);
}

#[test]
fn the_male_line_comes_first() {
    let genealogy = family(8, &[(&[1, 2], &[4, 3, 6, 5]), (&[7, 4], &[8])]);
    let row = |arrangement| {
        let world = arranged(&genealogy, "everyone", arrangement);
        let mut row = ["I3", "I4", "I5", "I6"].map(|id| (rect_of(&world, id).x, id));
        row.sort_unstable();
        (row.map(|(_, id)| id), rect_of(&world, "I7").x - rect_of(&world, "I4").x)
    };
    assert_eq!(row("").0, ["I4", "I3", "I6", "I5"]);
    let (order, _) = row("male");
    let place = |id| order.iter().position(|other| *other == id);
    assert!(place("I3") < place("I5") && place("I5") < place("I6"), "{order:?}");
    assert!(row("male").1 < 0, "she stands right of him");
}

#[test]
fn books_keep_an_arrangement_and_do_not_use_it() {
    let genealogy = family(15, FAMILY);
    let world = arranged(&genealogy, "timeline", "d.I1~birth");
    assert_eq!(world.figures().persons, 15);
    assert_eq!(world.next_arrangement(Arrange::LockBirthOrder, None), None);
    assert_eq!(world.told_arrangement(Language::English), "");
    let plan = Plan { chart: Chart::Everyone, ..world.plan().clone() };
    assert_eq!(world.recharted(plan, &mut |_, _| ()).figures().persons, 2);
}

#[test]
fn the_masked_are_folded_alike() {
    let genealogy = family(15, FAMILY);
    let open = arranged(&genealogy, "everyone", "d.I5~u.I6");
    let boxes = open.scene().boxes.clone();
    let masked = open.masked(Some(2026), Words::english(), &mut |_, _| ());
    assert_eq!(masked.scene().boxes, boxes);
    assert_eq!(masked.summary(0).title, "Living");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is folded, flipped and switched: everybody stands once or is hidden, nobody on
    /// somebody else, those of the folds hold still, and no order of pressing panics.
    #[test]
    fn any_arrangement_is_drawn(
        unions in prop::collection::vec(
            (prop::collection::vec(1..40u32, 0..3), prop::collection::vec(1..40u32, 0..5)), 0..16),
        presses in prop::collection::vec((0..7u8, 1..40u32), 0..8),
        of in 0..40u32,
    ) {
        let unions: Vec<(&[u32], &[u32])> =
            unions.iter().map(|(partners, children)| (&partners[..], &children[..])).collect();
        let genealogy = family(39, &unions);
        let chart = if of == 0 { "everyone".to_owned() } else { format!("relatives:I{of}:6") };
        let mut world = arranged(&genealogy, &chart, "");
        for (what, person) in presses {
            let what = match what {
                0 | 1 => Arrange::Fold(Branch::Descendants),
                2 => Arrange::Fold(Branch::Ancestors),
                3 => Arrange::FlipCouple,
                4 => Arrange::LockBirthOrder,
                5 => Arrange::MaleLine,
                _ => Arrange::HideInLaws,
            };
            let id = format!("I{person}");
            let Some(next) = world.next_arrangement(what, Some(&id)) else { continue };
            let stood = world.find(&id).map(|_| rect_of(&world, &id));
            let hold = Hold { wanted: vec![id.clone()], window: world.scene().bounds };
            let (other, change) = world.arranged(next, &hold, &mut |_, _| ());
            world = other;
            let stands = world.find(&id).map(|_| rect_of(&world, &id));
            if let (Some(stood), Some(stands)) = (stood, stands) {
                prop_assert_eq!(stood, stands);
            }
            prop_assert!(change.is_new_layout);
            let quality = world.quality();
            prop_assert_eq!(quality.overlaps, 0);
            prop_assert!(quality.drawn_once >= 1.0);
            let again = world.plan().arrangement.to_string().parse();
            prop_assert_eq!(again.as_ref(), Ok(&world.plan().arrangement));
            // A link shows the same, from the corner.
            let fresh = arranged(&genealogy, &chart, &world.plan().arrangement.to_string());
            let mut boxes = fresh.scene().boxes.clone();
            let origin = world.origin();
            for rect in boxes.iter_mut().filter(|rect| !rect.is_empty()) {
                (rect.x, rect.y) = (rect.x + origin.x, rect.y + origin.y);
            }
            prop_assert_eq!(&boxes, &world.scene().boxes);
            if of != 0 {
                let subject = format!("I{of}");
                prop_assert!(world.find(&subject).is_some());
            }
        }
    }
}
