//! The charts of Chinese genealogies, and fans.

use banyan_scene::{Palette, Shape, Theme, svg_of};

use super::*;

fn sample(bytes: &[u8], chart: &str, words: Words) -> FamilyWorld {
    let document = banyan_gedcom::read(bytes, &mut |_, _| ()).expect("a GEDCOM");
    let chart: Chart = chart.parse().expect("a chart");
    FamilyWorld::with_chart(document.genealogy, words, chart, &mut |_, _| ())
}

fn honglou(chart: &str) -> FamilyWorld {
    let bytes = include_bytes!("../../../../../data/samples/honglou.ged");
    sample(bytes, chart, Words::of(crate::Language::Chinese))
}

fn plate(world: &FamilyWorld, node: u32) -> Card {
    let mut card = Card::default();
    world.card(node, &mut card);
    card
}

fn found(world: &FamilyWorld, name: &str) -> u32 {
    world.search(name, 1)[0]
}

/// Whoever stands on the chart is found, hit, and walked to; nobody else is.
fn check_places(world: &FamilyWorld) {
    let persons = world.genealogy().persons.len() as u32;
    for node in 0..persons {
        let is_here = world.is_placed(node);
        assert_eq!(world.find(&world.id_of(node)), is_here.then_some(node));
        let place = world.summary(node).rect;
        assert_eq!(is_here, !place.is_empty());
        assert!(!is_here || world.scene().hit(place.center(), 0) == Some(node), "{node}");
        for direction in [Direction::Up, Direction::Down, Direction::Left, Direction::Right] {
            let other = world.neighbour(node, direction);
            assert!(other.is_none_or(|other| other != node && world.is_placed(other)));
        }
    }
    for node in persons..world.scene().len() as u32 {
        assert!(world.is_placed(world.summary(node).node), "what is named again stands somewhere");
    }
}

#[test]
fn a_book_begins_with_the_first_ancestor() {
    for kind in ["su", "ou", "pagoda", "list"] {
        let world = honglou(kind);
        // 賈公, the father of the dukes of 寧國 and 榮國.
        assert_eq!(world.chart().to_string(), format!("{kind}:I3"));
        assert_eq!(world.subject(), "賈公");
        assert!(world.scene().shapes.iter().all(|&shape| shape == Shape::Column));
        check_places(&world);
    }
}

#[test]
fn wives_stand_beside_their_husband_in_their_order() {
    let world = honglou("su");
    let lian = found(&world, "賈璉");
    let rect = |node: u32| world.scene().boxes[node as usize];
    let wives: Vec<(String, String)> = ["王熙鳳", "尤二姐"]
        .map(|name| {
            let wife = found(&world, name);
            assert!(rect(wife).right() <= rect(lian).x && rect(wife).y == rect(lian).y);
            let card = plate(&world, wife);
            (card.title, card.note)
        })
        .to_vec();
    let told = |name: &str, note: &str| (name.to_owned(), note.to_owned());
    assert_eq!(wives, [told("王熙鳳", "原配"), told("尤二姐", "继室")]);
    assert_eq!(plate(&world, lian).note, "");
    // 寶釵 married into the house; who is of no kin to it is not on the chart.
    assert_eq!(plate(&world, found(&world, "薛寶釵")).note, "配");
    assert_eq!(world.find("I45"), None, "夏金桂 is of the 薛");
    // Who is lit with somebody: the lines to the father and to each child.
    assert!(!world.summary(lian).lines.is_empty());
}

#[test]
fn plates_of_a_list_tell_parents_wives_and_children() {
    let world = honglou("list");
    let card = plate(&world, found(&world, "賈政"));
    assert_eq!(card.title, "賈政");
    assert_eq!(
        card.subtitle,
        "父賈代善 母史太君 原配王夫人 继室趙姨娘 继室周姨娘 子賈珠 賈寶玉 賈環 女賈元春 賈探春"
    );
    assert_eq!(plate(&honglou("pagoda"), found(&world, "賈政")).subtitle, "");
    assert_eq!(
        plate(&honglou("ou"), found(&world, "賈政")).subtitle,
        "原配王夫人 继室趙姨娘 继室周姨娘"
    );
    let english = sample(
        include_bytes!("../../../../../data/samples/darwin-wedgwood.ged"),
        "list:I1",
        Words::english(),
    );
    let first = english.find("I1").expect("the head of the list");
    assert!(
        plate(&english, first).subtitle.contains("born "),
        "{}",
        plate(&english, first).subtitle
    );
    assert!(english.scene().landmarks.iter().any(|landmark| landmark.text == "Generations 1"));
}

#[test]
fn who_heads_a_table_is_named_there_and_stands_in_the_one_before() {
    let world = honglou("ou");
    let persons = world.genealogy().persons.len();
    let scene = world.scene();
    let again: Vec<u32> = (persons as u32..scene.len() as u32).collect();
    assert!(!again.is_empty(), "six generations make more than one table");
    for node in again {
        let card = plate(&world, node);
        assert!(card.is_muted && card.badge.is_some() && card.subtitle.is_empty());
        let summary = world.summary(node);
        assert!((summary.node as usize) < persons, "it leads to the person");
        assert_eq!(world.find(&world.id_of(node)), Some(summary.node));
        assert_ne!(summary.rect, scene.boxes[node as usize]);
        assert_eq!(summary.title, card.title);
    }
    assert!(scene.landmarks[0].text.starts_with("世 1–5"), "{:?}", scene.landmarks);
}

/// The child of a brother and a sister.
const SIBLINGS: &[u8] = b"0 HEAD\n\
    0 @I1@ INDI\n1 NAME Charles /Two/\n1 FAMC @F1@\n\
    0 @I2@ INDI\n1 NAME Philip /One/\n1 SEX M\n1 FAMS @F1@\n1 FAMC @F2@\n\
    0 @I3@ INDI\n1 NAME Mary /One/\n1 SEX F\n1 FAMS @F1@\n1 FAMC @F2@\n\
    0 @I4@ INDI\n1 NAME Old /One/\n1 SEX M\n1 FAMS @F2@\n\
    0 @F1@ FAM\n1 HUSB @I2@\n1 WIFE @I3@\n1 CHIL @I1@\n\
    0 @F2@ FAM\n1 HUSB @I4@\n1 CHIL @I2@\n1 CHIL @I3@\n0 TRLR\n";

#[test]
fn an_ancestor_of_both_sides_stands_once_on_a_fan() {
    for kind in ["fan:I1", "half-fan:I1"] {
        let world = sample(SIBLINGS, kind, Words::english());
        let (scene, old) = (world.scene(), world.find("I4").expect("the grandfather"));
        assert_eq!((scene.len(), world.figures().persons), (5, 4));
        let card = plate(&world, 4);
        assert_eq!((card.title.as_str(), card.is_muted), ("Old One", true));
        assert_eq!(world.summary(4).node, old);
        assert_eq!(world.summary(old).lines.len(), 2, "both places light up");
        let father = world.find("I2").expect("the father");
        assert_eq!(world.neighbour(father, Direction::Right), world.find("I3"));
        assert_eq!(world.neighbour(father, Direction::Left), None);
        assert_eq!(world.neighbour(father, Direction::Up), Some(old));
        assert_eq!(world.quality().overlaps, 0);
        check_places(&world);
    }
}

#[test]
fn names_are_text_in_a_file_too() {
    let world = honglou("pagoda");
    let tokens = include_str!("../../../../../style/tokens.css");
    let palette = Palette::parse(tokens, Theme::Light).expect("the colours");
    let svg = svg_of(world.scene(), &world, &palette, 1.0);
    for letter in ["寶", "玉", "黛"] {
        assert!(svg.contains(&format!(">{letter}</text>")), "{letter}");
    }
    assert_eq!(svg, svg_of(world.scene(), &world, &palette, 1.0));
    let fan = sample(SIBLINGS, "fan:I1", Words::english());
    assert!(svg_of(fan.scene(), &fan, &palette, 1.0).contains("transform=\"rotate("));
}

#[test]
fn books_and_fans_of_real_families_have_everybody_once() {
    for (file, chart, persons) in [
        ("royal92.ged", "fan:I115:12", None),
        ("royal92.ged", "half-fan:I115:6", None),
        ("Queen.ged", "fan:I3062:12", None),
        // The row of family.md: distinct descendants, with the ancestor.
        ("royal92.ged", "pagoda:I2018", Some(1158)),
        ("royal92.ged", "su:I2018", None),
        ("royal92.ged", "ou:I2018", Some(1158)),
        ("royal92.ged", "list:I2018", Some(1158)),
    ] {
        let Some(world) = charted(file, chart.parse().expect("a chart")) else { return };
        let count = world.figures().persons;
        assert!(persons.is_none_or(|persons| persons == count), "{file} {chart}: {count}");
        assert!(count > 60, "{chart}: {count}");
        assert_eq!(world.quality().overlaps, 0, "{file} {chart}");
        assert_eq!(world.quality().drawn_once, 1.0, "{file} {chart}");
        let mut found = Vec::new();
        world.scene().nodes_in(&world.scene().bounds, &mut found);
        let persons = world.genealogy().persons.len() as u32;
        assert_eq!(found.iter().filter(|&&node| node < persons).count() as u32, count);
    }
}
