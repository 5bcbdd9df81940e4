//! Tables and JSON: written, and read wherever GEDCOM is read.

use banyan_gedcom::{
    Document, ReadOptions, Version, WriteEncoding, compare, open, read, write_csv, write_json,
};

use crate::{
    real_files::folder,
    round_trip::{records, written},
    show::show,
};

/// The persons and unions of a text, and the diagnostics.
fn shown(text: &str) -> String {
    let document = read(text.as_bytes(), &mut |_, _| {}).unwrap();
    show(&document).lines().skip(1).collect::<Vec<&str>>().join("\n")
}

#[test]
fn a_chinese_table_is_a_family() {
    let table = "姓名,性别,父亲,配偶,出生,字辈\n賈代善,男,,史太君,,代\n賈政,男,賈代善,王夫人,1700年,文\n\
        賈珠,男,賈政,,,玉\n賈寶玉,男,賈政,薛寶釵,1715-04-26,玉\n";
    let text = shown(table);
    assert!(text.starts_with("person I_1 “賈代善” Male"), "{text}");
    for part in [
        "union F_1: I_1 I_5 > I_2",
        "union F_2: I_2 I_6 > I_3 I_4",
        "union F_3: I_4 I_7 > ",
        "birth BIRT 1700",
        "birth BIRT 1715-04-26",
        "other 字辈  at “”: \"玉\"",
        "added_person: name “史太君”",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    // The same from a spreadsheet in GBK, between semicolons and in UTF-16.
    let gbk = encoding_rs::GBK.encode(table).0.into_owned();
    let utf_16: Vec<u8> =
        format!("\u{feff}{table}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in
        [gbk, utf_16, table.replace(',', ";").into_bytes(), table.replace(',', "\t").into_bytes()]
    {
        let document = read(&bytes, &mut |_, _| {}).unwrap();
        let found = show(&document).lines().skip(1).collect::<Vec<&str>>().join("\n");
        assert_eq!(found, text);
    }
}

#[test]
fn chinese_dates_of_a_table_become_dates_and_keep_their_words() {
    let table = "姓名,父亲,出生,去世\n張甲,,康熙三十年辛未三月初五日卯時,乾隆廿五年\n張乙,張甲,雍正三年閏月,建武三年\n";
    let text = shown(table);
    for part in ["“張甲” Male 1691–1760", "birth BIRT 1691-03-05 (Chinese)"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let first = records(table.as_bytes().to_vec(), "table");
    for (version, lines) in [
        (
            Version::V7,
            [
                "DATE 3 APR 1691\n3 PHRASE 康熙三十年辛未三月初五日卯時\n",
                "DATE 1760\n3 PHRASE 乾隆廿五年\n",
            ],
        ),
        (
            Version::V551,
            [
                "DATE INT 3 APR 1691 (康熙三十年辛未三月初五日卯時)\n",
                "DATE INT 1760 (乾隆廿五年)\n",
            ],
        ),
    ] {
        let bytes = written(&first, version, WriteEncoding::Utf8);
        let file = String::from_utf8(bytes.clone()).unwrap();
        for line in lines {
            assert!(file.contains(line), "{line} is not in\n{file}");
        }
        // What is read again means the same, in words and days.
        let second = records(bytes.clone(), "file");
        assert_eq!(compare(&first, &second, 5).total, 0, "{file}");
        let again = read(&bytes, &mut |_, _| {}).unwrap();
        let dates = |document: &Document| {
            let facts = document.genealogy.facts.iter();
            let dates = facts.map(|fact| (fact.date.first, fact.date.second));
            dates.collect::<Vec<_>>()
        };
        assert_eq!(dates(&again), dates(&read(table.as_bytes(), &mut |_, _| {}).unwrap()));
    }
}

#[test]
fn rows_name_each_other_by_identifier() {
    let text = shown(
        "ID,Given,Surname,Sex,Birth date,Death,Father,Mother,Spouse,Eye colour\r\n\
         1,Ann,Lee,f,12 FEB 1809,Y,,,2,\r\n2,Bo,Lee,male,abt 1800,,,,1,green\r\n\
         3,\"Cy, junior\",Lee,M,1830,,2,1,,\r\n4,Di,Lee,F,,,2,,,\r\n5,Ed,Lee,M,,,\"Old Ned\",,,\r\n",
    );
    for part in [
        "person I1 “Ann Lee” Female 1809–",
        "name Unstated: |Cy, junior|Lee|",
        "union F_1: I2 I1 > I3 I4",
        "union F_2: I_1 > I5",
        "other Eye colour  at “”: \"green\"",
        "person I_1 “Old Ned” Male",
        "death DEAT",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn flat_json_is_a_table() {
    let text = shown(
        r#"[{"id": 1, "name": "Ann /Lee/", "born": "1900"}, {"id": 2, "name": "Bo", "mother": 1, "shoe": 44}]"#,
    );
    for part in ["person I1 “Ann Lee” Female 1900–", "union F_1: I1 > I2", "other shoe"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let broken = shown("{\"persons\": [{\"name\": \"Ann\"}, {\"name\": ");
    assert!(broken.contains("person I_1 “Ann”") && broken.contains("broken_json"), "{broken}");
}

#[test]
fn of_several_persons_with_a_name_the_nearest_before_is_meant() {
    let text = shown(
        "id,name,father\n1,Ann,Bo\n2,Bo,\n3,Bo,Bo\n4,Cy,Bo\n5,Di,Ed\n6,Ed,Ed\n\nfamily,partner1,children\nF,Fay,Gus; Hal\n",
    );
    for part in [
        "union F: I_1 > I_2 I_3",
        "union F_1: I2 > I1 I3",
        "union F_2: I3 > I4",
        "union F_3: I6 > I5",
        "union F_4: I_4 > I6",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert_eq!(text.matches("several_persons").count(), 2, "{text}");
}

#[test]
fn no_cell_is_lost() {
    let table = "name,born,birth date,father,dad,children,family\nAnn,1900,spring,Bo,Bob,Cy,Oak\n";
    let json = r#"[{"name": "Ann", "born": "1900", "birth date": "spring", "father": "Bo", "dad": "Bob", "children": ["Cy"], "family": "Oak"}]"#;
    for text in [shown(table), shown(json)] {
        for part in [
            "person I_1 “Ann” Unknown 1900–",
            "other birth date  at “”: \"spring\"",
            "other dad  at “”: \"Bob\"",
            "other children  at “”: \"Cy\"",
            "other family  at “”: \"Oak\"",
            "union F_1: I_2 > I_1",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
    let nested = shown(
        r#"[{"name": "Ann /Lee/", "shoe": 44, "hats": ["a", "b"], "events": [{"tag": "BIRT", "date": "1900"}]}]"#,
    );
    for part in ["“Ann Lee” Unknown 1900–", "other shoe  at “”: \"44\"", "\"a;b\""] {
        assert!(nested.contains(part), "{part} is not in\n{nested}");
    }
    let parts = shown("given,surname,family,partner1\nAnn,Lee,OAK,\n,,ELM,Ann Lee\n");
    for part in ["“Ann Lee”", "other family  at “”: \"OAK\"", "union ELM: I_1 > "] {
        assert!(parts.contains(part), "{part} is not in\n{parts}");
    }
}

#[test]
fn what_is_repeated_is_not_multiplied() {
    // The name of a column stands with each cell, and what is below a field with one of it.
    let table = format!("name,{}\n{}", "x".repeat(9_999), "Ann,1\n".repeat(99));
    let text = shown(&table);
    assert_eq!(text.matches("other xxx").count(), 99);
    assert!(text.len() < 99_999, "{}", text.len());
    let ages = r#""age": "1y","#.repeat(9);
    let notes = r#"{"tag": "PHRASE", "value": "zzz"}"#;
    let json = format!(
        r#"{{"format": "banyan-family", "persons": [{{"events": [{{"tag": "BIRT", {ages} "age_more": [{notes}]}}]}}]}}"#,
    );
    let (_, records) = open(json.into_bytes(), &ReadOptions::default(), &mut |_, _| {}).unwrap();
    let mut back = Vec::new();
    write_json(&records, None, &mut back, &mut |_| {}).unwrap();
    let back = String::from_utf8(back).unwrap();
    assert_eq!((back.matches("1y").count(), back.matches("zzz").count()), (9, 1), "{back}");
}

#[test]
fn what_is_no_family_is_refused() {
    for text in [
        "a,b,c\n1,2,3\n",
        "{\"a\": 1}",
        "[]",
        "{\"type\": \"FeatureCollection\"}",
        "Dear Ann,\nhow are you",
    ] {
        assert!(read(text.as_bytes(), &mut |_, _| {}).is_err(), "{text}");
    }
}

/// What of a family a table holds: names, sex, first events, and who belongs to whom.
fn in_a_table(document: &Document) -> String {
    let text = show(document);
    let kept = text.lines().filter(|line| {
        line.starts_with("person ") || line.starts_with("union ") || line.starts_with("  child of")
    });
    kept.collect::<Vec<&str>>().join("\n")
}

#[test]
fn every_file_comes_back_from_json() {
    let Some(folder) = folder() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let mut wrong = Vec::new();
    for path in manifest.lines().skip(1).filter_map(|row| row.split('\t').next()) {
        let first = records(std::fs::read(folder.join(path)).unwrap(), path);
        let json = |records| {
            let mut bytes = Vec::new();
            write_json(records, None, &mut bytes, &mut |_| {}).unwrap();
            bytes
        };
        let once = json(&first);
        let second = match open(once.clone(), &ReadOptions::default(), &mut |_, _| {}) {
            Ok((_, records)) => records,
            Err(error) => {
                wrong.push(format!("{path}: {error}"));
                continue;
            }
        };
        let comparison = compare(&first, &second, 3);
        wrong.extend(
            comparison.differences.iter().map(|difference| format!("{path}: {difference:?}")),
        );
        let twice = json(&second);
        if twice != once {
            let (once, twice) = (String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice));
            let differs = once.lines().zip(twice.lines()).find(|(once, twice)| once != twice);
            println!("{differs:?}");
            wrong.push(format!("{path}: the second write differs from the first"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn families_come_back_from_tables() {
    let Some(folder) = folder() else { return };
    for path in [
        "classic/Ming_Dynasty.ged",
        "classic/bronte.ged",
        "classic/kennedy.ged",
        "classic/royal92.ged",
        "classic/shakespeare.ged",
        "gedcom7/remarriage1.ged",
        "gedcom7/same-sex-marriage.ged",
        "zh/honglou_utf8.ged",
    ] {
        let first = read(&std::fs::read(folder.join(path)).unwrap(), &mut |_, _| {}).unwrap();
        let mut table = Vec::new();
        write_csv(&first.genealogy, None, &mut table, &mut |_| {}).unwrap();
        let second = read(&table, &mut |_, _| {}).unwrap();
        let (first, second) = (in_a_table(&first), in_a_table(&second));
        let differs = first.lines().zip(second.lines()).find(|(first, second)| first != second);
        assert_eq!((differs, first.len()), (None, second.len()), "{path}");
    }
}
