//! No bytes make the reader panic or hang, and what it gives holds together.

use banyan_gedcom::{
    Document, Edit, ReadOptions, RecordId, Stage, Version, WriteEncoding, compare, decode, open,
    read, read_with, write_json,
};
use proptest::prelude::*;

use crate::{
    real_files::folder,
    round_trip::{records, written},
};

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

/// What can be read is written, in both versions and as JSON, and means the same when it is read again.
fn check_round_trip(bytes: &[u8]) {
    let Ok((_, first)) = open(bytes.to_vec(), &ReadOptions::default(), &mut |_, _| {}) else {
        return;
    };
    for version in [Version::V551, Version::V7] {
        let once = written(&first, version, WriteEncoding::Utf8);
        let shown = String::from_utf8_lossy(&once).into_owned();
        let second = records(once.clone(), &shown);
        let comparison = compare(&first, &second, 3);
        assert!(comparison.is_same(), "{comparison:?}\n{}\n{shown}", first.whole());
        let twice = written(&second, version, WriteEncoding::Utf8);
        assert_eq!(String::from_utf8_lossy(&twice), shown, "the second write");
    }
    let mut json = Vec::new();
    write_json(&first, None, &mut json, &mut |_| {}).unwrap();
    let shown = String::from_utf8_lossy(&json).into_owned();
    let second = records(json, &shown);
    let comparison = compare(&first, &second, 3);
    assert!(comparison.is_same(), "{comparison:?}\n{}\n{shown}", first.whole());
}

/// Real lines in another order, some of them cut, doubled, or with their bytes mixed up.
fn mutated(file: &[u8], choices: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> =
        file.split_inclusive(|&b| b == b'\n').map(<[u8]>::to_vec).collect();
    for (index, kind) in choices {
        // Cut often enough, a line is empty.
        lines.retain(|line| !line.is_empty());
        let at = index.index(lines.len());
        let other = index.index(lines.len().div_ceil(2));
        match kind % 6 {
            0 => lines.swap(at, other),
            1 => {
                let length = lines[at].len();
                lines[at].truncate(length / 2);
            }
            2 => lines[at][0] = b'0' + kind % 10,
            3 => lines.insert(at, lines[other].clone()),
            4 => lines[at].reverse(),
            _ => {
                let length = lines[at].len();
                lines[at][length / 2] = *kind;
            }
        }
    }
    lines.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nearly_gedcom_comes_back(lines in prop::collection::vec(line(), 0..60)) {
        check_round_trip(format!("0 HEAD\n{}", lines.concat()).as_bytes());
        check_round_trip(format!("0 HEAD\n1 GEDC\n2 VERS 7.0\n{}", lines.concat()).as_bytes());
    }

    #[test]
    fn mutated_files_come_back(
        choices in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let sample = include_bytes!("../../test_data/ok/one_of_each.ged");
        check_round_trip(&mutated(sample, &choices));
        let sample = include_bytes!("../../test_data/ok/version_7.ged");
        check_round_trip(&mutated(sample, &choices));
    }

    #[test]
    fn any_table_and_any_json_is_survived(
        table in "(id|name|father|姓名|spouse|family|[\",;\n\r\t /1-3ab]|[{}:\\[\\]]|\"(id|names|more|tag|persons)\":){0,80}",
    ) {
        let texts = [format!("id,name,father\n{table}"), format!("[{table}"), format!("{{\"persons\":[{table}")];
        for text in texts {
            check(text.as_bytes());
            check_round_trip(text.as_bytes());
        }
    }

    /// Whatever is changed, undoing all of it in turn gives the file back.
    #[test]
    fn edits_are_undone(
        edits in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), line()), 0..20),
    ) {
        let sample = include_bytes!("../../test_data/ok/one_of_each.ged");
        let mut records = records(sample.to_vec(), "one_of_each.ged");
        let before = records.whole();
        let mut undo = Vec::new();
        for (kind, record, at, lines) in edits {
            let (record, at) = (RecordId(u32::from(record % 8)), usize::from(at % 6));
            let edit = match kind % 6 {
                0 => Edit::AddRecord { lines: format!("0 @X{at}@ INDI\n1 NOTE {lines}") },
                1 => Edit::ChangeRecord { record, lines },
                2 => Edit::RemoveRecord { record },
                3 => Edit::InsertLines { record, at, lines },
                4 => Edit::ChangeLines { record, at, count: 2, lines },
                _ => Edit::RemoveLines { record, at, count: 1 },
            };
            undo.extend(records.apply(edit));
        }
        let _ = records.reread(&mut |_, _| {});
        for edit in undo.into_iter().rev() {
            records.apply(edit).unwrap();
        }
        prop_assert_eq!(records.whole(), before);
    }
}

/// Files that such choices once found, and that lost something on their way.
#[test]
fn what_was_lost_once_comes_back() {
    for text in [
        // The first header has a value, for which the `head` of JSON has no place.
        "0 HEAD of another\n1 NOTE first\n0 HEAD\n1 NOTE second\n0 TRLR\n",
        "0 HEAD\n1 GEDC\n2 VERS 7.0\n0 INDI @ @\n0 INDI @ -@\n0 TRLR\n",
        "0 HEAD\n1 GEDC\n2 VERS 7.0\n0 @I1@ INDI\n1 BIRT\n2 DATE\n3 PHRASE in spring\n3 PHRASE early\n0 TRLR\n",
        "0 HEAD\n1 GEDC\n2 VERS 7.0\n0 @I1@ INDI\n1 SNOTE first\n1 NOTE second\n0 TRLR\n",
    ] {
        check_round_trip(text.as_bytes());
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
    assert!(genealogy.names(first)[0].spelling.is_empty(), "kept once");
    assert_eq!(genealogy.written_name(first).len(), 1_000_000, "kept whole");
    assert!(genealogy.display_name(first).chars().count() < 300, "cut where it is shown");
    assert_eq!(genealogy.partner_unions(first).len(), 50_000);
    let codes: Vec<&str> = document.diagnostics.iter().map(|d| d.reason.code()).collect();
    assert!(codes.contains(&"long_line") && codes.contains(&"more"));
}
