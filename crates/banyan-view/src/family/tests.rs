mod books;
mod colours;
mod folds;

use expect_test::{Expect, expect};

use super::*;
use crate::details::told;

const DARWIN: &str = "\
0 HEAD
1 GEDC
2 VERS 5.5.1
1 CHAR UTF-8
0 @I1@ INDI
1 NAME Charles Robert /Darwin/
1 NAME Gas
2 TYPE nickname
1 SEX M
1 OCCU Naturalist
1 BIRT
2 DATE 12 FEB 1809
2 PLAC Shrewsbury, Shropshire, England
1 DEAT
2 DATE 19 APR 1882
2 PLAC Downe, Kent
1 EVEN
2 TYPE Voyage
2 DATE FROM 1831 TO 1836
1 FAMC @F1@
1 FAMS @F2@
0 @I2@ INDI
1 NAME Emma /Wedgwood/
1 SEX F
1 BIRT
2 DATE 2 MAY 1808
2 PLAC Maer, Staffordshire
1 FAMS @F2@
0 @I3@ INDI
1 NAME Robert Waring /Darwin/
1 SEX M
1 DEAT
2 DATE 1848
1 FAMS @F1@
1 FAMS @F3@
0 @I4@ INDI
1 NAME William Erasmus /Darwin/
1 BIRT
2 DATE 1839
1 FAMC @F2@
0 @I5@ INDI
1 NAME Caroline /Darwin/
1 SEX F
1 FAMC @F1@
0 @I6@ INDI
1 SEX F
1 FAMC @F3@
0 @I7@ INDI
1 NAME 寶玉 /賈/
1 SEX M
0 @F1@ FAM
1 HUSB @I3@
1 CHIL @I5@
1 CHIL @I1@
0 @F2@ FAM
1 HUSB @I1@
1 WIFE @I2@
1 CHIL @I4@
1 MARR
2 DATE 29 JAN 1839
2 PLAC Maer
0 @F3@ FAM
1 HUSB @I3@
1 CHIL @I6@
0 TRLR
";

pub(super) fn world() -> FamilyWorld {
    let document = banyan_gedcom::read(DARWIN.as_bytes(), &mut |_, _| ()).expect("a GEDCOM");
    FamilyWorld::new(document.genealogy, Words::english(), &mut |_, _| ())
}

fn cards(world: &FamilyWorld) -> String {
    let mut card = Card::default();
    let line = |node| {
        card.clear();
        world.card(node, &mut card);
        format!("{} | {} | {} | {:?}\n", card.title, card.subtitle, card.note, card.band)
    };
    (0u32..).take(world.scene().len()).map(line).collect()
}

fn check(actual: &str, expect: &Expect) {
    expect.assert_eq(actual);
}

#[test]
fn cards_say_who_and_when() {
    check(
        &cards(&world()),
        &expect![[r#"
            Charles Robert Darwin | 1809–1882 | Naturalist | Some(Male)
            Emma Wedgwood | *1808 | Maer | Some(Female)
            Robert Waring Darwin | †1848 |  | Some(Male)
            William E. Darwin | *1839 |  | Some(SexUnknown)
            Caroline Darwin |  |  | Some(Female)
            no name |  |  | Some(Female)
            賈寶玉 |  |  | Some(Male)
        "#]],
    );
}

#[test]
fn details_say_everything() {
    let world = world();
    check(
        &told(&world.details(0)),
        &expect![[r#"
        I1 = Charles Robert Darwin (Gas)
          Sex: Word(Male)
          Born: 1809-02-12, Shrewsbury, Shropshire, England
          Occupation: Naturalist
          Died: 1882-04-19, Downe, Kent
          Generation: Count(2)
        Parents
          Father: Robert Waring Darwin (†1848) -> 2
        Partners
          Partner: Emma Wedgwood (*1808) -> 1
          Married: 1839-01-29, Maer
        Children
          Child: William Erasmus Darwin (*1839) -> 3
        Siblings
          Sibling: Caroline Darwin -> 4
          HalfSibling: no name -> 5
        Events
          Event: Voyage: 1831–1836
        Record
          Record: I1
          Line: Count(5)
    "#]],
    );
    check(
        &told(&world.details(4)),
        &expect![[r#"
        I5 = Caroline Darwin ()
          Sex: Word(Female)
          Generation: Count(2)
        Parents
          Father: Robert Waring Darwin (†1848) -> 2
        Siblings
          Sibling: Charles Robert Darwin (1809–1882) -> 0
          HalfSibling: no name -> 5
        Record
          Record: I5
          Line: Count(41)
    "#]],
    );
    check(
        &told(&world.details(99)),
        &expect![[r#"
        #99 = no name ()
          Sex: Word(UnknownSex)
    "#]],
    );
}

#[test]
fn names_and_years_are_found() {
    let world = world();
    for (query, expect) in [
        ("darwin 1809", &[0][..]),
        ("1839", &[3]),
        ("emma", &[1]),
        ("賈", &[6]),
        ("I5", &[4]),
        ("", &[]),
        ("nobody", &[]),
    ] {
        assert_eq!(world.search(query, 10), expect, "{query}");
    }
    assert_eq!(world.search("darwin", 2).len(), 2);
}

#[test]
fn identifiers_are_stable() {
    let world = world();
    for node in 0..7 {
        assert_eq!(world.find(&world.id_of(node)), Some(node));
    }
    assert_eq!((world.find("#3"), world.find("#7"), world.find("I99")), (Some(3), None, None));
}

#[test]
fn arrows_follow_the_family() {
    let world = world();
    for (node, direction, expect) in [
        (0, Direction::Up, Some(2)),
        (0, Direction::Down, Some(3)),
        (0, Direction::Right, Some(1)),
        (1, Direction::Left, Some(0)),
        (1, Direction::Down, Some(3)),
        (2, Direction::Up, None),
        (2, Direction::Down, Some(4)),
        // Who has no family stands in the corner of one.
        (6, Direction::Left, None),
        (6, Direction::Right, Some(3)),
    ] {
        assert_eq!(world.neighbour(node, direction), expect, "{node} {direction:?}");
    }
}

#[test]
fn a_summary_names_all_lines_of_a_person() {
    let world = world();
    let emma = world.summary(1);
    assert_eq!((emma.title.as_str(), emma.subtitle.as_str()), ("Emma Wedgwood", "*1808"));
    assert_eq!(emma.lines.len(), 2, "the couple's and the child's, although it hangs from both");
    let box_of = |node: usize| world.scene().boxes[node];
    assert_eq!(emma.related, [box_of(0), box_of(3)]);
    assert_eq!(world.summary(99).rect, Rect::default());
}

#[test]
fn nobody_at_all_is_a_world_too() {
    let world = FamilyWorld::new(Genealogy::default(), Words::english(), &mut |_, _| ());
    assert!(world.scene().is_empty() && world.search("a", 5).is_empty());
    assert_eq!((world.start(), world.figures().generations), (Rect::default(), 0));
}

/// What every world promises, on any data.
fn check_promises(world: &FamilyWorld) {
    let scene = world.scene();
    let mut card = Card::default();
    let ids: BTreeSet<String> = (0u32..).take(scene.len()).map(|node| world.id_of(node)).collect();
    for node in (0u32..).take(scene.len()) {
        card.clear();
        world.card(node, &mut card);
        assert!(!card.title.is_empty());
        let summary = world.summary(node);
        assert_eq!(summary.rect, scene.boxes[node as usize]);
        for rect in &summary.related {
            assert!(scene.boxes.contains(rect) || scene.len() > 500, "{}", summary.id);
        }
        let found = world.find(&summary.id).expect("whoever has an id is found");
        assert!(found == node || ids.len() < scene.len(), "only two records of one id are one");
        for direction in [Direction::Up, Direction::Down, Direction::Left, Direction::Right] {
            let neighbour = world.neighbour(node, direction);
            assert!(neighbour.is_none_or(|other| other != node && (other as usize) < scene.len()));
        }
        let rows = world.details(node).sections.into_iter().flat_map(|section| section.rows);
        assert!(rows.filter_map(|row| row.node).all(|other| (other as usize) < scene.len()));
    }
    assert!(scene.is_empty() || world.start().overlaps(&scene.bounds));
}

#[test]
fn the_samples_are_shown() {
    let sample = |bytes: &[u8]| {
        let document = banyan_gedcom::read(bytes, &mut |_, _| ()).expect("a GEDCOM");
        FamilyWorld::new(document.genealogy, Words::english(), &mut |_, _| ())
    };
    let honglou = sample(include_bytes!("../../../../data/samples/honglou.ged"));
    let darwin = sample(include_bytes!("../../../../data/samples/darwin-wedgwood.ged"));
    check_promises(&honglou);
    check_promises(&darwin);
    let first = |world: &FamilyWorld, query: &str| {
        world.search(query, 1).first().map(|&node| {
            let NodeSummary { title, subtitle, .. } = world.summary(node);
            format!("{title} | {subtitle}")
        })
    };
    assert_eq!(first(&honglou, "寶玉").as_deref(), Some("賈寶玉 | Jia Baoyu"));
    assert_eq!(first(&honglou, "jia baoyu").as_deref(), Some("賈寶玉 | Jia Baoyu"));
    assert_eq!(first(&darwin, "darwin 1809").as_deref(), Some("Charles Robert Darwin | 1809–1882"));
    assert!(
        honglou.scene().boxes[0].width < darwin.scene().boxes[0].width,
        "short names, small cards"
    );
}

#[test]
fn real_files_are_shown() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ged");
    if !shared.is_dir() {
        println!("skipped: no {}", shared.display());
        return;
    }
    let (mut folders, mut files) = (vec![shared], 0);
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("a file");
            // Bigger ones take seconds in a debug build, and hold nothing that smaller ones lack.
            if bytes.len() > 1_000_000 {
                continue;
            }
            if let Ok(document) = banyan_gedcom::read(&bytes, &mut |_, _| ()) {
                check_promises(&FamilyWorld::new(
                    document.genealogy,
                    Words::english(),
                    &mut |_, _| (),
                ));
                files += 1;
            }
        }
    }
    println!("{files} files");
    assert!(files > 0);
}

fn charted(file: &str, chart: Chart) -> Option<FamilyWorld> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/ged/classic/");
    let Ok(bytes) = std::fs::read(format!("{path}{file}")) else {
        println!("skipped: {file} is not here");
        return None;
    };
    let document = banyan_gedcom::read(&bytes, &mut |_, _| ()).unwrap();
    Some(FamilyWorld::with_chart(document.genealogy, Words::english(), chart, &mut |_, _| ()))
}

#[test]
fn parts_of_real_families_have_everybody_once() {
    let part = |kind, of: &str, most: Option<u32>| {
        let most = most.map(Reach::both);
        Chart::Part { kind, of: of.to_owned(), most }
    };
    for (file, chart, persons) in [
        ("royal92.ged", part(Part::Ancestors, "I115", None), 599),
        ("royal92.ged", part(Part::Ancestors, "I115", Some(2)), 7),
        ("Queen.ged", part(Part::Ancestors, "I3062", None), 4682),
        ("royal92.ged", Chart::Timeline, 3010),
    ] {
        let Some(world) = charted(file, chart.clone()) else { return };
        assert_eq!(world.figures().persons, persons, "{file} {chart}");
        let boxes: Vec<_> = world.scene().boxes.iter().filter(|rect| !rect.is_empty()).collect();
        assert_eq!(boxes.len() as u32, persons);
        let mut found = Vec::new();
        world.scene().nodes_in(&world.scene().bounds, &mut found);
        assert_eq!(found.len() as u32, persons, "{chart}");
        if let Chart::Part { of, .. } = &chart {
            assert_eq!(world.figures().components, 1, "{chart}");
            assert!(world.find(of).is_some(), "{chart}");
        }
        let generations = world.figures().generations;
        let everyone = world.recharted(Chart::Everyone, &mut |_, _| ());
        assert_eq!(everyone.figures().persons as usize, everyone.scene().len());
        if chart == Chart::Timeline {
            assert_eq!(generations, everyone.figures().generations);
        }
    }
}

#[test]
fn who_is_not_on_the_chart_is_not_walked_to() {
    let gedcom = "0 HEAD\n0 @I1@ INDI\n1 FAMS @F1@\n0 @I2@ INDI\n1 FAMC @F1@\n1 FAMS @F2@\n\
        0 @I3@ INDI\n1 FAMC @F2@\n0 @F1@ FAM\n1 HUSB @I1@\n1 CHIL @I2@\n\
        0 @F2@ FAM\n1 HUSB @I2@\n1 CHIL @I3@\n0 TRLR\n";
    let document = banyan_gedcom::read(gedcom.as_bytes(), &mut |_, _| ()).unwrap();
    let chart: Chart = "ancestors:I2".parse().unwrap();
    let world =
        FamilyWorld::with_chart(document.genealogy, Words::english(), chart, &mut |_, _| ());
    let node = world.find("I2").unwrap();
    assert_eq!(world.find("I3"), None);
    assert_eq!(world.neighbour(node, Direction::Down), None);
    assert_eq!(world.neighbour(node, Direction::Up), world.find("I1"));
    let nobody: Chart = "ancestors:nobody".parse().unwrap();
    let lost = world.recharted(nobody, &mut |_, _| ());
    assert_eq!(lost.chart(), &Chart::Everyone);
}

#[test]
fn an_hourglass_goes_as_far_down_as_it_says_and_no_further_up() {
    let mut gedcom = "0 HEAD\n".to_owned();
    for n in 1..=9 {
        gedcom += &format!("0 @I{n}@ INDI\n0 @F{n}@ FAM\n1 HUSB @I{n}@\n1 CHIL @I{}@\n", n + 1);
    }
    for (show, expect) in [
        ("hourglass:I5:2+1", 3..=6),
        ("hourglass:I5:1+3", 4..=8),
        ("hourglass:I5:2", 3..=7),
        ("hourglass:I5", 1..=9),
    ] {
        let genealogy = banyan_gedcom::read(gedcom.as_bytes(), &mut |_, _| ()).unwrap().genealogy;
        let (chart, words): (Chart, _) = (show.parse().unwrap(), Words::english());
        let world = FamilyWorld::with_chart(genealogy, words, chart, &mut |_, _| ());
        let shown = (1..=9).filter(|n| world.find(&format!("I{n}")).is_some());
        assert_eq!(shown.collect::<Vec<i32>>(), expect.collect::<Vec<i32>>(), "{show}");
    }
}

#[test]
fn years_stand_where_lives_begin() {
    let gedcom = "0 HEAD\n0 @I1@ INDI\n1 BIRT\n2 DATE 1790\n1 DEAT\n2 DATE 1850\n\
        0 @I2@ INDI\n1 BIRT\n2 DATE 1800\n1 DEAT\n2 DATE 1899\n0 TRLR\n";
    let document = banyan_gedcom::read(gedcom.as_bytes(), &mut |_, _| ()).unwrap();
    let (genealogy, words) = (document.genealogy, Words::english());
    let world = FamilyWorld::with_chart(genealogy, words, Chart::Timeline, &mut |_, _| ());
    let scene = world.scene();
    let year = scene.landmarks.iter().find(|landmark| landmark.text == "1800").unwrap();
    assert_eq!(year.region.center().x, scene.boxes[1].x);
    let century = scene.landmarks.iter().find(|landmark| landmark.text == "1800–1899").unwrap();
    assert!(century.region.contains(scene.boxes[1].center()));
    // Without a year there are no labels.
    let nobody = banyan_gedcom::read(b"0 HEAD\n0 @I1@ INDI\n0 TRLR\n", &mut |_, _| ()).unwrap();
    let (genealogy, words) = (nobody.genealogy, Words::english());
    let world = FamilyWorld::with_chart(genealogy, words, Chart::Timeline, &mut |_, _| ());
    assert!(world.scene().landmarks.is_empty());
}
