//! The sample families that ship with the app.

use std::path::Path;

use banyan_gedcom::Document;

use crate::real_files::document;

fn sample(name: &str) -> Document {
    document(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/samples").join(name))
}

#[test]
fn the_samples_are_without_fault() {
    for (name, persons, families) in [("darwin-wedgwood.ged", 120, 46), ("honglou.ged", 54, 33)] {
        let document = sample(name);
        assert_eq!(
            (document.genealogy.persons.len(), document.families),
            (persons, families),
            "{name}"
        );
        assert_eq!(document.diagnostics, [], "{name}");
    }
}

#[test]
fn the_samples_are_found_and_shown() {
    for (name, query, shown, span) in [
        ("darwin-wedgwood.ged", "charles robert", "Charles Robert Darwin", "1809–1882"),
        (
            "darwin-wedgwood.ged",
            "leonard simonde",
            "Jean Charles Léonard Simonde de Sismondi",
            "1773–1842",
        ),
        ("darwin-wedgwood.ged", "polly", "Mary Howard", "1740–1770"),
        ("honglou.ged", "寶玉", "賈寶玉", ""),
        ("honglou.ged", "lin daiyu", "林黛玉", ""),
    ] {
        let genealogy = sample(name).genealogy;
        let found = genealogy.search(query, 1);
        let &[person] = found.as_slice() else { panic!("{query}: {found:?}") };
        assert_eq!(
            (genealogy.display_name(person).as_str(), genealogy.life_span(person).as_str()),
            (shown, span)
        );
    }
}

#[test]
fn cousins_are_found_in_the_darwin_family() {
    let genealogy = sample("darwin-wedgwood.ged").genealogy;
    let person = |name: &str| genealogy.search(name, 1)[0];
    let grandparents = |name: &str| {
        let mut ids: Vec<u32> = genealogy
            .parents(person(name))
            .into_iter()
            .flat_map(|parent| genealogy.parents(parent))
            .map(|id| id.0)
            .collect();
        ids.sort_unstable();
        ids
    };
    let josiah = person("Josiah Wedgwood").0;
    for name in ["Charles Robert Darwin", "Emma Wedgwood"] {
        assert!(grandparents(name).contains(&josiah), "{name} is a grandchild of Josiah Wedgwood");
    }
    assert_eq!(
        grandparents("Henry Allen Wedgwood"),
        grandparents("Jessie Wedgwood"),
        "double cousins"
    );
}
