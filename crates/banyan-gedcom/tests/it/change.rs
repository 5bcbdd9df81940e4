//! Changes that a person makes to a family.

use banyan_gedcom::{
    Change, ChangeError, Kin, PersonFacts, ReadOptions, Records, Severity, Undo, open,
};
use proptest::prelude::*;

const LEES: &str = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n\
    0 @I1@ INDI\n1 NAME Ann /Lee/ Jr.\n2 GIVN Ann\n2 SURN Lee\n1 SEX F\n1 _OWN kept\n\
    1 BIRT\n2 DATE 1 MAR 1850\n2 PLAC Ely\n3 MAP\n4 LATI N52\n4 LONG E0\n2 NOTE At night.\n1 FAMS @F1@\n\
    0 @I2@ INDI\n1 NAME Bo /Lee/\n1 SEX M\n1 FAMS @F1@\n\
    0 @I3@ INDI\n1 NAME Cy /Lee/\n1 FAMC @F1@\n\
    0 @F1@ FAM\n1 HUSB @I2@\n1 WIFE @I1@\n1 CHIL @I3@\n1 MARR\n2 DATE 1870\n0 TRLR\n";

fn lees(version: &str) -> Records {
    let file = LEES.replace("5.5.1", version);
    open(file.into_bytes(), &ReadOptions::default(), &mut |_, _| {}).unwrap().1
}

fn named(given: &str, surname: &str, sex: &str) -> PersonFacts {
    PersonFacts {
        given: given.into(),
        surname: surname.into(),
        sex: sex.into(),
        ..PersonFacts::default()
    }
}

fn record<'r>(records: &'r Records, xref: &str) -> &'r str {
    records.by_xref(xref).map_or("", |id| records.text(id).trim_end())
}

/// What a reader would say against the file as it is now.
fn faults(records: &Records) -> Vec<String> {
    let mut records = records.clone();
    let document = records.reread(&mut |_, _| {}).unwrap();
    let faults = document.diagnostics.iter().filter(|it| it.severity != Severity::Info);
    faults.map(|it| format!("{}: {:?}", it.line, it.reason)).collect()
}

#[test]
fn a_person_is_told_anew_and_keeps_what_no_form_knows() {
    let mut records = lees("5.5.1");
    let mut facts = records.facts("I1").unwrap();
    assert_eq!((facts.given.as_str(), facts.surname.as_str()), ("Ann", "Lee"));
    assert_eq!((facts.birth_date.as_str(), facts.birth_place.as_str()), ("1 MAR 1850", "Ely"));
    facts.surname = "Ray".into();
    facts.birth_date = "1851-04-02".into();
    facts.birth_place = "Bath".into();
    (facts.is_dead, facts.death_date) = (true, "in the war".into());
    records.change(&Change::Tell { person: "I1".into(), facts: facts.clone() }).unwrap();
    assert_eq!(
        record(&records, "I1"),
        "0 @I1@ INDI\n1 NAME Ann /Ray/ Jr.\n2 GIVN Ann\n2 SURN Ray\n1 SEX F\n1 _OWN kept\n\
         1 BIRT\n2 DATE 2 APR 1851\n2 PLAC Bath\n2 NOTE At night.\n1 FAMS @F1@\n\
         1 DEAT\n2 DATE (in the war)"
    );
    facts = records.facts("I1").unwrap();
    (facts.is_dead, facts.death_date) = (false, String::new());
    (facts.birth_date, facts.birth_place) = Default::default();
    records.change(&Change::Tell { person: "I1".into(), facts }).unwrap();
    assert_eq!(
        record(&records, "I1"),
        "0 @I1@ INDI\n1 NAME Ann /Ray/ Jr.\n2 GIVN Ann\n2 SURN Ray\n1 SEX F\n1 _OWN kept\n\
         1 BIRT\n2 NOTE At night.\n1 FAMS @F1@"
    );
}

#[test]
fn words_that_are_no_date_stand_where_each_version_has_them() {
    for (version, words, birth, shown) in [
        ("5.5.1", "at dawn", "1 BIRT\n2 DATE (at dawn)", "(at dawn)"),
        ("7.0", "at dawn", "1 BIRT\n2 DATE\n3 PHRASE at dawn", "(at dawn)"),
        ("5.5.1", "康熙三十年", "1 BIRT\n2 DATE INT 1691 (康熙三十年)", "INT 1691 (康熙三十年)"),
        ("7.0", "康熙三十年", "1 BIRT\n2 DATE 1691\n3 PHRASE 康熙三十年", "INT 1691 (康熙三十年)"),
        ("5.5.1", "光緒年間", "1 BIRT\n2 DATE (光緒年間)", "(光緒年間)"),
    ] {
        let mut records = lees(version);
        let facts = PersonFacts { birth_date: words.into(), ..named("大文", "陈", "M") };
        let added = records.change(&Change::Add { facts, kin: None }).unwrap().person.unwrap();
        assert_eq!(
            record(&records, &added),
            format!("0 @I4@ INDI\n1 NAME /陈/大文\n1 SEX M\n{birth}")
        );
        let read = records.facts(&added).unwrap();
        assert_eq!((read.given.as_str(), read.surname.as_str()), ("大文", "陈"));
        assert_eq!(read.birth_date, shown);
        // Told once more without a change, nothing changes.
        let before = records.whole();
        records.change(&Change::Tell { person: added, facts: read }).unwrap();
        assert_eq!(records.whole(), before);
    }
}

#[test]
fn kin_find_the_family_that_has_room() {
    let mut records = lees("5.5.1");
    let mut add = |given: &str, sex: &str, kin: Kin, to: &str| {
        let facts = named(given, "Lee", sex);
        records.change(&Change::Add { facts, kin: Some((kin, to.into())) }).unwrap().person.unwrap()
    };
    let daughter = add("Di", "F", Kin::Child, "I2");
    let sister = add("Eve", "F", Kin::Sibling, "I1");
    let mother = add("Flo", "F", Kin::Parent, "I1");
    let father = add("Gus", "M", Kin::Parent, &sister);
    let wife = add("Hal", "M", Kin::Partner, &daughter);
    let second = add("Ida", "F", Kin::Partner, "I2");
    for (xref, expect) in [
        (
            "F1",
            "0 @F1@ FAM\n1 HUSB @I2@\n1 WIFE @I1@\n1 CHIL @I3@\n1 MARR\n2 DATE 1870\n1 CHIL @I4@",
        ),
        ("F2", "0 @F2@ FAM\n1 CHIL @I1@\n1 CHIL @I5@\n1 WIFE @I6@\n1 HUSB @I7@"),
        ("F3", "0 @F3@ FAM\n1 WIFE @I4@\n1 HUSB @I8@"),
        ("F4", "0 @F4@ FAM\n1 HUSB @I2@\n1 WIFE @I9@"),
    ] {
        assert_eq!(record(&records, xref), expect);
    }
    assert_eq!([daughter, sister, mother, father, wife, second].join(" "), "I4 I5 I6 I7 I8 I9");
    assert_eq!(faults(&records), Vec::<String>::new());
    let third = Change::Link { person: "I8".into(), kin: Kin::Parent, to: "I1".into() };
    let before = records.whole();
    assert_eq!(records.change(&third).unwrap_err(), ChangeError::TwoParents);
    let ring = Change::Link { person: "I4".into(), kin: Kin::Parent, to: "I7".into() };
    assert_eq!(records.change(&ring).unwrap_err(), ChangeError::OwnAncestor);
    assert_eq!(records.whole(), before);
}

#[test]
fn whoever_goes_leaves_no_link_behind() {
    let mut records = lees("5.5.1");
    records.change(&Change::Remove { person: "I2".into() }).unwrap();
    records.change(&Change::Unlink { person: "I3".into(), from: "I1".into() }).unwrap();
    assert_eq!(record(&records, "F1"), "0 @F1@ FAM\n1 WIFE @I1@\n1 MARR\n2 DATE 1870");
    records.change(&Change::Remove { person: "I1".into() }).unwrap();
    assert_eq!(record(&records, "F1"), "");
    assert_eq!(record(&records, "I3"), "0 @I3@ INDI\n1 NAME Cy /Lee/");
    assert_eq!(faults(&records), Vec::<String>::new());
}

#[test]
fn two_become_one_who_has_what_both_had() {
    let mut records = lees("5.5.1");
    let facts = PersonFacts { birth_date: "1852".into(), ..named("Anna", "Lee", "F") };
    let twin = records.change(&Change::Add { facts, kin: None }).unwrap().person.unwrap();
    let kin = Some((Kin::Child, twin.clone()));
    records.change(&Change::Add { facts: named("Di", "Lee", "F"), kin }).unwrap();
    records.change(&Change::Merge { into: "I1".into(), merged: twin.clone() }).unwrap();
    let merged = record(&records, "I1");
    assert!(merged.contains("1 NAME Ann /Lee/ Jr.\n") && merged.contains("1 NAME Anna /Lee/"));
    assert!(merged.contains("2 DATE 1 MAR 1850\n") && merged.contains("2 DATE 1852"), "{merged}");
    assert_eq!(merged.matches("1 SEX").count(), 1);
    assert_eq!(record(&records, &twin), "");
    assert_eq!(record(&records, "F2"), "0 @F2@ FAM\n1 WIFE @I1@\n1 CHIL @I5@");
    assert_eq!(faults(&records), Vec::<String>::new());
    let couple = Change::Merge { into: "I1".into(), merged: "I2".into() };
    assert_eq!(records.change(&couple).unwrap_err(), ChangeError::CloseKin);
}

fn any_change() -> impl Strategy<Value = Change> {
    let person = || (0_u32..9).prop_map(|number| format!("I{number}"));
    let kin = || prop::sample::select(vec![Kin::Child, Kin::Parent, Kin::Partner, Kin::Sibling]);
    let facts = || {
        (
            "[A-C陈/@ \n]{0,4}",
            "[D-F陈/]{0,3}",
            "[MFXU]?",
            "(ABT )?(18[0-9]{2})?|[a-c@()/ ]{0,5}",
            any::<bool>(),
        )
            .prop_map(|(given, surname, sex, date, is_dead)| PersonFacts {
                birth_date: date.clone(),
                birth_place: given.clone(),
                is_dead,
                death_date: if is_dead { date } else { String::new() },
                ..named(&given, &surname, &sex)
            })
    };
    prop_oneof![
        (facts(), prop::option::of((kin(), person())))
            .prop_map(|(facts, kin)| Change::Add { facts, kin }),
        (person(), facts()).prop_map(|(person, facts)| Change::Tell { person, facts }),
        person().prop_map(|person| Change::Remove { person }),
        (person(), kin(), person()).prop_map(|(person, kin, to)| Change::Link { person, kin, to }),
        (person(), person()).prop_map(|(person, from)| Change::Unlink { person, from }),
        (person(), person()).prop_map(|(into, merged)| Change::Merge { into, merged }),
    ]
}

proptest! {
    #[test]
    fn any_changes_leave_a_sound_file_and_can_all_be_undone(
        changes in prop::collection::vec(any_change(), 0..12),
        is_version_7 in any::<bool>(),
    ) {
        let mut records = lees(if is_version_7 { "7.0" } else { "5.5.1" });
        let mut undo: Vec<(String, Undo)> = Vec::new();
        for change in &changes {
            let before = records.whole();
            match records.change(change) {
                Ok(changed) => undo.push((before, changed.undo)),
                Err(_) => prop_assert_eq!(records.whole(), before),
            }
            let links = faults(&records).into_iter().filter(|fault| fault.contains('@') || fault.contains("link"));
            prop_assert_eq!(links.collect::<Vec<String>>(), Vec::<String>::new(), "{:?}", change);
        }
        let last = records.whole();
        let mut redo = Vec::new();
        for (before, undo) in undo.into_iter().rev() {
            redo.push(records.undo(undo).unwrap());
            prop_assert_eq!(records.whole(), before);
        }
        for undo in redo.into_iter().rev() {
            records.undo(undo).unwrap();
        }
        prop_assert_eq!(records.whole(), last);
    }
}
