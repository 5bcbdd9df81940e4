//! What was written is what is shown, whether it is kept or put together from its parts.

use banyan_gedcom::read;
use banyan_kin::Genealogy;
use proptest::prelude::*;

/// The family of one person with these lines.
fn person(lines: &str) -> Genealogy {
    let text = format!("0 HEAD\n1 CHAR UTF-8\n0 @I1@ INDI\n{lines}\n0 TRLR\n");
    read(text.as_bytes(), &mut |_, _| {}).unwrap().genealogy
}

/// Each name as it is written, and whether a text is kept for it.
fn names(lines: &str) -> Vec<(String, bool)> {
    let genealogy = person(lines);
    let written = |name: &banyan_kin::Name| {
        (name.written(&genealogy.texts).into_owned(), !name.spelling.is_empty())
    };
    genealogy.names.iter().map(written).collect()
}

#[test]
fn names_are_as_written() {
    for (lines, written, is_spelt) in [
        ("1 NAME Charles Robert /Darwin/", "Charles Robert /Darwin/", false),
        ("1 NAME   Ann /Lee/  ", "Ann /Lee/", false),
        ("1 NAME Ann", "Ann", false),
        ("1 NAME /Lee/", "/Lee/", false),
        ("1 NAME Ann  /Lee/", "Ann  /Lee/", true),
        ("1 NAME Ann / Lee /", "Ann / Lee /", true),
        ("1 NAME Ann /Lee", "Ann /Lee", true),
        ("1 NAME Ann/Lee/", "Ann/Lee/", true),
        ("1 NAME Ann //", "Ann //", true),
        ("1 NAME //", "//", true),
        ("1 NAME /", "/", true),
        ("1 NAME /賈/寶玉", "/賈/寶玉", true),
        ("1 NAME 寶玉 /賈/", "寶玉 /賈/", false),
        ("1 NAME John /Kennedy/ Jr.", "John /Kennedy/ Jr.", true),
        ("1 NAME John /Kennedy/\n2 NPFX Mr.\n2 NSFX Jr.", "John /Kennedy/", false),
        ("1 NAME Ann /Lee/\n2 GIVN Ann\n2 SURN Lee", "Ann /Lee/", false),
        ("1 NAME Ann /Lee/\n2 GIVN Anna", "Ann /Lee/", true),
        ("1 NAME Ann /Lee/\n2 SURN Lee-Gray", "Ann /Lee/", true),
        ("1 NAME Ann /de Lee/\n2 SPFX de\n2 SURN Lee", "Ann /de Lee/", true),
        ("1 NAME\n2 GIVN Ann\n2 SURN Lee", "Ann /Lee/", false),
        ("1 NAME\n2 SURN Lee", "/Lee/", false),
        ("1 NAME\n2 GIVN Ann", "Ann //", true),
        ("1 ALIA Ann /Gray/", "Ann /Gray/", false),
        ("1 NAME Ann\n2 CONT /Lee/", "Ann\n/Lee/", true),
    ] {
        assert_eq!(names(lines), [(written.to_owned(), is_spelt)], "{lines}");
    }
    for lines in ["1 NAME", "1 NAME\n2 NPFX Dr.\n2 NSFX Jr.", "1 ALIA"] {
        assert_eq!(names(lines), [], "{lines}");
    }
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof!["[ab賈é]{0,2}", "[ab賈/ ]{0,4}"]
}

proptest! {
    #[test]
    fn any_name_is_as_written(
        (before, between, after) in (part(), "[ab賈]{0,2}", part()),
        (given, surname) in (part(), part()),
    ) {
        let written = format!("{before} /{between}/{after}");
        let lines = format!("1 NAME {written}\n2 GIVN {given}\n2 SURN {surname}");
        prop_assert_eq!(&names(&lines)[0].0, written.trim());
        let value = format!("{before}{between}{after}");
        prop_assume!(!value.trim().is_empty());
        prop_assert_eq!(&names(&format!("1 NAME {value}"))[0].0, value.trim());
    }

    #[test]
    fn any_date_is_as_written(written in "[0-9A-Z]{1,3}( [0-9A-Z年]{1,4}){0,3}") {
        let genealogy = person(&format!("1 BIRT\n2 DATE {written}"));
        prop_assert_eq!(genealogy.facts[0].date.written(&genealogy.texts), written);
    }
}
