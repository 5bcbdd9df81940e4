//! No bytes make the reader panic or hang, and what it gives holds together.

use banyan_gedcom::{Document, ReadOptions, Stage, decode, read, read_with};
use proptest::prelude::*;

use crate::real_files::folder;

/// Reads, and checks what every document must keep.
fn check(bytes: &[u8]) {
    let mut last = (Stage::Decoding, 0.0_f32);
    let result = read(bytes, &mut |stage, share| {
        assert!(stage >= last.0 && (0.0..=1.0).contains(&share), "progress goes on");
        last = (stage, share);
    });
    if let Ok(document) = result {
        check_document(&document);
    }
}

fn check_document(document: &Document) {
    let genealogy = &document.genealogy;
    assert_eq!(genealogy.unions.len(), document.families as usize);
    for id in genealogy.person_ids() {
        for &union in genealogy.partner_unions(id) {
            assert!(genealogy.partners(union).contains(&id), "links have both ends");
        }
        for link in genealogy.parent_unions(id) {
            assert!(genealogy.children(link.union).contains(&id), "links have both ends");
            assert!(!genealogy.partners(link.union).contains(&id), "nobody is their own parent");
        }
        let _ = (genealogy.display_name(id), genealogy.life_span(id));
    }
    for id in genealogy.union_ids() {
        let mut by_birth = genealogy.children_by_birth(id);
        let mut children = genealogy.children(id).to_vec();
        by_birth.sort_unstable();
        children.sort_unstable();
        assert_eq!(by_birth, children, "birth order is a permutation");
        children.dedup();
        assert_eq!(by_birth.len(), children.len(), "nobody is a child twice");
    }
    assert!(document.diagnostics.iter().all(|diagnostic| diagnostic.line <= document.lines));
    assert!(document.records.is_sorted_by_key(|record| (record.line, record.start)));
}

/// Lines that are nearly GEDCOM, which reach deeper than random bytes.
fn line() -> impl Strategy<Value = String> {
    let level = prop_oneof![
        Just(""),
        Just("0"),
        Just("1"),
        Just("2"),
        Just("3"),
        Just("7"),
        Just("99"),
        Just(" 1")
    ];
    let xref = prop_oneof![
        Just(""),
        Just("@I1@ "),
        Just("@I2@ "),
        Just("@F1@ "),
        Just("@F2@ "),
        Just("@N1@ "),
        Just("@I1 ")
    ];
    let tag = prop::sample::select(vec![
        "INDI", "FAM", "HEAD", "TRLR", "NOTE", "NAME", "SEX", "BIRT", "DATE", "PLAC", "FAMC",
        "FAMS", "HUSB", "WIFE", "CHIL", "PEDI", "CONC", "CONT", "ADOP", "GEDC", "VERS", "CHAR",
        "EVEN", "TYPE", "_X", "", "\u{0}", "賈",
    ]);
    let value = prop_oneof![
        Just("@I1@".to_owned()),
        Just("@I2@".to_owned()),
        Just("@F1@".to_owned()),
        Just("@F2@".to_owned()),
        Just("@VOID@".to_owned()),
        Just("7.0".to_owned()),
        Just("BET 1 AND".to_owned()),
        "[0-9A-Z/@é賈 .-]{0,12}",
    ];
    let end = prop_oneof![4 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\r"), 1 => Just("\n\n")];
    (level, xref, tag, value, end)
        .prop_map(|(level, xref, tag, value, end)| format!("{level} {xref}{tag} {value}{end}"))
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        check(&bytes);
        check(&[b"0 HEAD\n1 CHAR ANSI\n1 NOTE ".as_slice(), &bytes].concat());
        check(&[b"PK\x03\x04".as_slice(), &bytes, b"PK\x05\x06", &bytes].concat());
        for name in ["GB18030", "ANSEL", "IBMPC", "UTF-16", "no such thing"] {
            let options = ReadOptions { encoding: Some(name) };
            let _ = read_with(&bytes, &options, &mut |_, _| {});
        }
    }

    #[test]
    fn nearly_gedcom_is_survived(lines in prop::collection::vec(line(), 0..60)) {
        check(format!("0 HEAD\n{}", lines.concat()).as_bytes());
    }

    #[test]
    fn any_date_is_survived(written in "[0-9A-Za-z@#()/. 年月日-]{0,24}") {
        let date = banyan_kin::Date::read(&written, &mut banyan_kin::TextsBuilder::default());
        let _ = (date.short(), date.plain(), date.year());
        prop_assert_eq!(date.is_none(), written.trim().is_empty());
    }
}

#[test]
fn cut_files_are_survived() {
    let Some(folder) = folder() else { return };
    for path in [
        "classic/royal92.ged",
        "encodings/imp_UTF_16_LE_BOM_CRLF.ged",
        "torture/TGC551.ged",
        "zh/honglou_utf8.ged",
        "zh/honglou_gbk_declared_ansi.ged",
        "gedcom7/maximal70.ged",
    ] {
        let bytes = std::fs::read(folder.join(path)).unwrap();
        // Cutting a large file at every 1000th byte is quadratic: its beginning has all there is.
        for cut in (0..bytes.len().min(100_000)).step_by(1000) {
            check(&bytes[..cut]);
            check(&bytes[cut..]);
            let _ = decode(&bytes[..cut + 1]);
        }
        if bytes.len() > 200_000 {
            let document = read(&bytes[..200_000], &mut |_, _| {}).unwrap();
            let codes: Vec<&str> = document.diagnostics.iter().map(|d| d.reason.code()).collect();
            assert!(codes.contains(&"missing_trailer"), "{codes:?}");
        }
    }
}

#[test]
fn endless_lines_and_lists_are_read_in_time() {
    let mut text = String::from("0 HEAD\n0 @I1@ INDI\n1 NAME ");
    text.push_str(&"x".repeat(1_000_000));
    text.push_str("\n1 NOTE a");
    (0..50_000).for_each(|_| text.push_str("\n2 CONC b"));
    // One person in many families, and one family with many partners and children.
    (0..50_000).for_each(|n| text.push_str(&format!("\n1 FAMS @F{n}@")));
    (0..50_000).for_each(|n| text.push_str(&format!("\n0 @F{n}@ FAM\n1 HUSB @I1@")));
    text.push_str("\n0 @F@ FAM");
    (0..50_000).for_each(|n| text.push_str(&format!("\n1 CHIL @C{n}@\n1 WIFE @C{n}@")));
    (0..50_000).for_each(|n| text.push_str(&format!("\n0 @C{n}@ INDI\n1 FAMC @F@")));
    // Deep nesting, and ten thousand generations.
    (0..5000).for_each(|n| text.push_str(&format!("\n{} NOTE", n % 999)));
    (0..10_000).for_each(|n| {
        text.push_str(&format!("\n0 @G{n}@ FAM\n1 HUSB @C{n}@\n1 CHIL @C{}@", n + 1));
    });
    // A family of which everybody is a child or a partner, and a person with many adoptions.
    text.push_str("\n0 @H@ FAM");
    for n in 20_000..50_000 {
        text.push_str(&format!("\n1 {} @C{n}@", if n % 2 == 0 { "WIFE" } else { "CHIL" }));
    }
    text.push_str("\n0 @A@ INDI");
    (0..50_000).for_each(|n| text.push_str(&format!("\n1 FAMC @F{n}@\n1 ADOP\n2 FAMC @F{n}@")));
    text.push_str("\n0 TRLR");
    let document = read(text.as_bytes(), &mut |_, _| {}).unwrap();
    let genealogy = &document.genealogy;
    let first = banyan_kin::PersonId(0);
    assert_eq!(genealogy.names(first)[0].written, genealogy.names(first)[0].given);
    assert_eq!(
        genealogy.texts.get(genealogy.names(first)[0].written).len(),
        1_000_000,
        "kept whole"
    );
    assert!(genealogy.display_name(first).chars().count() < 300, "cut where it is shown");
    assert_eq!(genealogy.partner_unions(first).len(), 50_000);
    let codes: Vec<&str> = document.diagnostics.iter().map(|d| d.reason.code()).collect();
    assert!(codes.contains(&"long_line") && codes.contains(&"more"));
}
