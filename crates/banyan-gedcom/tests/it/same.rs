//! What counts as a difference between two files, and what does not.

use banyan_gedcom::{Comparison, Version, WriteEncoding, compare};

use crate::round_trip::{records, written};

const FAMILY: &str = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n\
    0 @I1@ INDI\n1 NAME Ann /Lee/\n1 NAME Anna /Lee/\n1 BIRT\n2 DATE 1 may 1900\n2 PLAC Oslo\n1 FAMS @F1@\n\
    0 @I2@ INDI\n1 NAME Bo /Lee/\n1 SEX M\n1 NOTE one\n2 CONC  two\n1 FAMC @F1@\n1 RIN 7\n\
    0 @I3@ INDI\n1 NAME Bo /Lee/\n1 SEX M\n1 OBJE\n2 FILE a.jpg\n2 FORM jpg\n\
    0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n0 TRLR\n";

fn difference(first: &str, second: &str) -> Comparison {
    let records = |text: &str| records(text.as_bytes().to_vec(), text);
    compare(&records(first), &records(second), 100)
}

#[test]
fn the_same_in_other_words_is_the_same() {
    for (from, to) in [
        ("", ""),
        // Order of records, and of lines with other tags.
        (
            "1 BIRT\n2 DATE 1 may 1900\n2 PLAC Oslo\n1 FAMS @F1@",
            "1 FAMS @F1@\n1 BIRT\n2 PLAC Oslo\n2 DATE 1 MAY 1900",
        ),
        ("2 CONC  two", "2 CONC  t\n2 CONC wo"),
        ("1 CHAR UTF-8", "1 CHAR UTF-8\n1 DATE 1 JAN 2000"),
        ("0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n", "0 @F1@ FAM\n1 CHIL @I2@\n1 WIFE @I1@\n"),
    ] {
        assert!(FAMILY.contains(from), "{from}");
        let comparison = difference(FAMILY, &FAMILY.replacen(from, to, 1));
        assert!(comparison.is_same(), "{from}: {comparison:?}");
    }
    let (head, rest) = FAMILY.split_once("0 @I1@").unwrap();
    let (persons, family) = rest.split_once("0 @F1@").unwrap();
    let moved = format!("{head}0 @F1@{}0 @I1@{persons}0 TRLR\n", family.replace("0 TRLR\n", ""));
    assert!(difference(FAMILY, &moved).is_same(), "order of records");
}

#[test]
fn records_that_were_counted_anew_are_found() {
    let anew = FAMILY
        .replace("@I1@", "@P30@")
        .replace("@I2@", "@I1@")
        .replace("@I3@", "@X@")
        .replace("@F1@", "@I3@");
    let comparison = difference(FAMILY, &anew);
    assert!(comparison.is_same(), "{comparison:?}");
    // The two persons who say the same of themselves are not the same: one has parents.
    let swapped = anew.replace("1 CHIL @I1@", "1 CHIL @X@");
    assert!(!difference(FAMILY, &swapped).is_same());
}

#[test]
fn every_change_of_meaning_is_a_difference() {
    for (from, to, record, path) in [
        ("Ann /Lee/", "Ann /Li/", "INDI @I1@", "NAME"),
        ("1 NAME Anna /Lee/\n", "", "INDI @I1@", "NAME.2"),
        ("1 may 1900", "2 may 1900", "INDI @I1@", "BIRT.DATE"),
        ("1 SEX M\n", "1 SEX M\n1 _OWN x\n", "INDI @I2@", "_OWN"),
        ("1 CHIL @I2@", "1 CHIL @I3@", "FAM @F1@", "CHIL"),
        ("1 CHIL @I2@\n", "", "FAM @F1@", "CHIL"),
        ("0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n", "", "FAM @F1@", ""),
        ("0 TRLR", "0 @I9@ INDI\n0 TRLR", "INDI @I9@", ""),
        ("2 FILE a.jpg", "2 FILE b.jpg", "OBJE @O1@", "FILE"),
    ] {
        let comparison = difference(FAMILY, &FAMILY.replacen(from, to, 1));
        let found: Vec<_> =
            comparison.differences.iter().map(|d| (d.record.as_str(), d.path.as_str())).collect();
        assert_eq!(found, [(record, path)], "{from} to {to}");
        assert_eq!(comparison.total, 1);
    }
    let swapped = FAMILY.replace("Ann /Lee/\n1 NAME Anna", "Anna /Lee/\n1 NAME Ann");
    assert_eq!(difference(FAMILY, &swapped).total, 2, "the first name is the one to call her by");
}

#[test]
fn conversion_is_as_the_standard_has_it() {
    let first = records(FAMILY.as_bytes().to_vec(), "");
    let new = String::from_utf8(written(&first, Version::V7, WriteEncoding::Utf8)).unwrap();
    assert_eq!(
        new,
        "\u{feff}0 HEAD\n1 GEDC\n2 VERS 7.0\n\
         0 @I1@ INDI\n1 NAME Ann /Lee/\n1 NAME Anna /Lee/\n1 BIRT\n2 DATE 1 MAY 1900\n2 PLAC Oslo\n1 FAMS @F1@\n\
         0 @I2@ INDI\n1 NAME Bo /Lee/\n1 SEX M\n1 NOTE one two\n1 FAMC @F1@\n1 EXID 7\n2 TYPE https://gedcom.io/terms/v7/RIN\n\
         0 @I3@ INDI\n1 NAME Bo /Lee/\n1 SEX M\n1 OBJE @O1@\n\
         0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@\n\
         0 @O1@ OBJE\n1 FILE a.jpg\n2 FORM image/jpeg\n0 TRLR\n"
    );
}
