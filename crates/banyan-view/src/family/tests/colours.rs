//! What persons are painted by, and what the legend says of it.

use banyan_scene::{Card, CardSource as _, Ink};

use crate::{Chart, Colouring, FamilyWorld, Language, Words, World as _};

/// A couple of the clan Lee in China with three sons of one generation word, one of whom married a
/// Grey; and somebody of whom nothing is known.
const FAMILY: &str = "\
0 HEAD
1 CHAR UTF-8
0 @I1@ INDI
1 NAME 大明 /李/
1 SEX M
1 BIRT
2 DATE 1690
2 PLAC Suzhou, China
1 DEAT
2 DATE 1750
1 SOUR The book
1 FAMS @F1@
0 @I2@ INDI
1 NAME Ann /Grey/
1 SEX F
1 BIRT
2 DATE 1700
2 PLAC York, England
1 DEAT Y
1 FAMS @F1@
0 @I3@ INDI
1 NAME 文一 /李/
1 SEX M
1 BIRT
2 DATE 1720
2 PLAC china
1 FAMC @F1@
1 FAMS @F2@
0 @I4@ INDI
1 NAME 文二 /李/
1 SEX M
1 FAMC @F1@
0 @I5@ INDI
1 NAME 文三 /李/
1 SEX M
1 BIRT
2 DATE 1725
2 SOUR A register
1 FAMC @F1@
0 @I6@ INDI
1 NAME Eve /GREY/
1 SEX F
1 BIRT
2 DATE 1990
1 FAMS @F2@
0 @I7@ INDI
0 @F1@ FAM
1 HUSB @I1@
1 WIFE @I2@
1 CHIL @I3@
1 CHIL @I4@
1 CHIL @I5@
0 @F2@ FAM
1 HUSB @I3@
1 WIFE @I6@
0 TRLR
";

fn world(by: Colouring, mask: Option<i32>) -> FamilyWorld {
    let genealogy = banyan_gedcom::read(FAMILY.as_bytes(), &mut |_, _| ()).unwrap().genealogy;
    let (words, chart) = (Words::english(), Chart::Everyone);
    let mut world = FamilyWorld::with_mask(genealogy, mask, words, chart, &mut |_, _| ());
    world.paint(by, 2026);
    world
}

/// The legend as text: `label figure`, each behind the token of its ink.
fn legend(world: &FamilyWorld) -> Vec<String> {
    let entries = world.legend(Language::English).entries.into_iter();
    entries.map(|it| format!("{} {} {}", it.ink.token(), it.label, it.figure)).collect()
}

#[test]
fn each_colouring_parts_everybody_and_says_how() {
    let check = |by, expect: &[&str]| assert_eq!(legend(&world(by, None)), expect, "{by:?}");
    check(Colouring::Sex, &["male male 4", "female female 2", "sex-unknown unknown sex 1"]);
    check(Colouring::Generation, &["step-1 Generation 1 3", "step-9 Generation 2 4"]);
    check(Colouring::Surname, &["hue-1 李 4", "hue-2 Grey 2", "idle no surname 1"]);
    check(Colouring::Branch, &["hue-1 李 1690–1750 4", "idle in no branch 3"]);
    check(Colouring::GenerationWord, &["hue-1 文 3", "idle no generation word 4"]);
    check(
        Colouring::Completeness,
        &[
            "step-1 0 of birth, death, place, source 2",
            "step-3 1 of birth, death, place, source 1",
            "step-5 2 of birth, death, place, source 3",
            "step-9 4 of birth, death, place, source 1",
        ],
    );
    check(Colouring::BirthPlace, &["hue-1 China 2", "hue-2 England 1", "idle not known 4"]);
    check(
        Colouring::Century,
        &[
            "step-1 17th century 2",
            "step-5 18th century 2",
            "step-9 20th century 1",
            "idle not known 2",
        ],
    );
    check(Colouring::Living, &["accent may live 2", "others dead 5"]);
}

#[test]
fn cards_and_what_is_seen_from_afar_have_one_colour() {
    for by in Colouring::ALL {
        let world = world(by, None);
        for node in 0..7 {
            let mut card = Card::default();
            world.card(node, &mut card);
            assert_eq!(card.band, Some(world.scene().tints[node as usize]), "{by:?} {node}");
        }
    }
    let tints = |by| world(by, None).scene().tints.clone();
    assert_eq!(tints(Colouring::Surname)[0], Ink::Hue1);
    assert_eq!(tints(Colouring::Surname)[5], Ink::Hue2);
}

#[test]
fn nobody_moves_and_the_colours_stay_with_the_family() {
    let mut world = world(Colouring::Sex, None);
    let boxes = world.scene().boxes.clone();
    world.paint(Colouring::Surname, 2026);
    assert_eq!(world.scene().boxes, boxes);
    let chart: Chart = "descendants:I3".parse().unwrap();
    let world = world.recharted(chart, &mut |_, _| ());
    assert_eq!(world.colouring(), Colouring::Surname);
    assert_eq!(legend(&world), ["hue-1 李 1", "hue-2 Grey 1"], "of those who are shown");
    assert_eq!(world.scene().tints[6], Ink::Idle);
    let world = world.masked(Some(2026), Words::english(), &mut |_, _| ());
    assert_eq!(world.colouring(), Colouring::Surname);
}

#[test]
fn the_hidden_have_no_colour_but_that_of_their_sex() {
    for by in Colouring::ALL.into_iter().filter(|by| *by != Colouring::Sex) {
        let world = world(by, Some(2026));
        assert_eq!(world.scene().tints[5], Ink::Idle, "{by:?}");
        let legend = legend(&world);
        assert_eq!(legend.last().unwrap(), "idle hidden, as they may live 2", "{by:?}");
        assert!(!legend.join("\n").contains("20th"), "{legend:?}");
    }
    assert_eq!(legend(&world(Colouring::Surname, Some(2026)))[1], "hue-2 Grey 1");
    assert_eq!(world(Colouring::Sex, Some(2026)).scene().tints[5], Ink::Female);
}

#[test]
fn a_row_of_the_legend_lights_its_persons() {
    let mut world = world(Colouring::Surname, None);
    let before = world.scene().tints.clone();
    world.light("@1");
    assert_eq!(world.lit().collect::<Vec<_>>(), [1, 5]);
    let tints = &world.scene().tints;
    assert_eq!((tints[0], tints[1], tints[5]), (Ink::CardEdge, Ink::Hue2, Ink::Hue2));
    assert_eq!(world.told_lit(Language::English), "Grey: 2 persons are lit");
    assert_eq!(world.told_lit(Language::Chinese), "Grey：点亮 2 人");
    let told = world.told_legend(Language::English).rows;
    let row = |n: usize| (told[n].label.as_str(), told[n].ink.as_str(), told[n].share);
    assert_eq!((row(0), row(1)), (("李", "hue-1", Some(1000)), ("Grey", "hue-2", Some(500))));
    assert_eq!(told[1].place.as_ref().unwrap().id, "@1");

    world.light("@1");
    assert_eq!((world.lit().count(), &world.scene().tints), (0, &before), "pressed twice");
    world.light("@99");
    assert_eq!(
        (world.scene().tints.as_slice(), world.told_lit(Language::English)),
        (&*before, String::new())
    );
}

#[test]
fn more_kinds_than_colours_are_others_and_long_ages_share_one() {
    let mut gedcom = "0 HEAD\n1 CHAR UTF-8\n".to_owned();
    for n in 0..15 {
        let born = 410 + 100 * n;
        gedcom += &format!("0 @I{n}@ INDI\n1 NAME Ann /Name{n}/\n1 BIRT\n2 DATE {born}\n");
    }
    gedcom += "0 @J@ INDI\n1 NAME Bob /Name9/\n0 TRLR\n";
    let genealogy = banyan_gedcom::read(gedcom.as_bytes(), &mut |_, _| ()).unwrap().genealogy;
    let mut world = FamilyWorld::new(genealogy, Words::english(), &mut |_, _| ());
    world.paint(Colouring::Surname, 2026);
    let names = legend(&world);
    assert_eq!((names[0].as_str(), names[1].as_str()), ("hue-1 Name9 2", "hue-2 Name0 1"));
    assert_eq!((names.len(), names[12].as_str()), (13, "others 3 others 3"));
    world.paint(Colouring::Century, 2026);
    let centuries = legend(&world);
    assert_eq!(centuries[0], "step-1 up to the 11th century 7");
    assert_eq!((centuries.len(), centuries[8].as_str()), (10, "step-9 19th century 1"));
}

#[test]
fn every_colouring_has_words_in_every_language() {
    for language in Language::ALL {
        for by in Colouring::ALL {
            for key in [format!("colour_{}", by.name()), format!("colour_none_{}", by.name())] {
                assert!(language.text(&key).is_some_and(|text| !text.is_empty()), "{key}");
            }
        }
    }
}
