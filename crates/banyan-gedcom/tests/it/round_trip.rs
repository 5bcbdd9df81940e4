//! Files written and read again, in their own version and by way of the other.

use std::path::Path;

use banyan_gedcom::{
    ReadOptions, Records, Version, WriteEncoding, WriteOptions, compare, open, write,
};

use crate::real_files::folder;

pub(crate) fn records(bytes: Vec<u8>, place: &str) -> Records {
    let opened = open(bytes, &ReadOptions::default(), &mut |_, _| {});
    opened.unwrap_or_else(|error| panic!("{place}: {error}")).1
}

pub(crate) fn written(records: &Records, version: Version, encoding: WriteEncoding) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(records, &WriteOptions { version, encoding, mask: None }, &mut bytes, &mut |_| {})
        .unwrap();
    bytes
}

fn own_version(records: &Records) -> Version {
    match records.version() {
        Some(version) if version.starts_with('7') => Version::V7,
        _ => Version::V551,
    }
}

fn other_version(records: &Records) -> Version {
    match own_version(records) {
        Version::V7 => Version::V551,
        Version::V551 => Version::V7,
    }
}

/// Every GEDCOM file and archive below a folder.
fn files(folder: &Path) -> Vec<String> {
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    manifest.lines().skip(1).filter_map(|row| row.split('\t').next()).map(str::to_owned).collect()
}

/// What differs, as a list for people.
fn differences(first: &Records, second: &Records) -> Vec<String> {
    let comparison = compare(first, second, 5);
    let place = |place: &Option<banyan_gedcom::Place>| {
        place.as_ref().map_or("nothing".to_owned(), |place| format!("{:?}", place.text))
    };
    let shown = comparison.differences.iter().map(|difference| {
        let (first, second) = (place(&difference.first), place(&difference.second));
        format!("{} {}: {first} is {second}", difference.record, difference.path)
    });
    shown.chain((comparison.total > 5).then(|| format!("{} in all", comparison.total))).collect()
}

#[test]
fn every_file_comes_back_in_its_own_version() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    for path in files(&folder) {
        let first = records(std::fs::read(folder.join(&path)).unwrap(), &path);
        let once = written(&first, own_version(&first), WriteEncoding::Utf8);
        let second = records(once.clone(), &path);
        wrong
            .extend(differences(&first, &second).into_iter().map(|text| format!("{path}: {text}")));
        let twice = written(&second, own_version(&first), WriteEncoding::Utf8);
        if once != twice {
            wrong.push(format!("{path}: the second write differs from the first"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_comes_back_from_the_other_version() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    for path in files(&folder) {
        let first = records(std::fs::read(folder.join(&path)).unwrap(), &path);
        let there = records(written(&first, other_version(&first), WriteEncoding::Utf8), &path);
        let there_again = written(&there, other_version(&first), WriteEncoding::Utf8);
        let back = records(written(&there, own_version(&first), WriteEncoding::Utf8), &path);
        for (way, other) in [("there", &there), ("and back", &back)] {
            let found = differences(&first, other);
            wrong.extend(found.into_iter().map(|text| format!("{path} {way}: {text}")));
        }
        if there_again != written(&first, other_version(&first), WriteEncoding::Utf8) {
            wrong.push(format!("{path}: the second write differs from the first"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_that_a_program_made_up_come_back() {
    let text = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n2 FORM LINEAGE-LINKED\n1 CHAR UTF-8\n\
        0 @I1@ INDI\n1 RESN confidential, locked\n1 BAPL\n2 STAT DNS/CAN\n\
        0 @I2@ INDI\n1 RESN Not for Aunt Jo/Jan\n1 BAPL\n2 STAT To-do\n1 SLGC\n2 STAT LATER\n0 TRLR\n";
    let first = records(text.into(), "made up");
    let new = records(written(&first, Version::V7, WriteEncoding::Utf8), "7.0");
    let back = written(&new, Version::V551, WriteEncoding::Utf8);
    assert_eq!(String::from_utf8(back).unwrap(), text);
    assert_eq!(differences(&first, &new), [""; 0]);
}

#[test]
fn old_encodings_come_back() {
    let Some(folder) = folder() else { return };
    for (path, encoding) in [
        ("encodings/willis-ansel.ged", WriteEncoding::Ansel),
        ("torture/TGC551.ged", WriteEncoding::Utf16),
        ("zh/honglou_gb18030.ged", WriteEncoding::Utf16),
        ("encodings/imp_ANSEL_CR.ged", WriteEncoding::Ansel),
        ("classic/royal92.ged", WriteEncoding::Ascii),
    ] {
        let first = records(std::fs::read(folder.join(path)).unwrap(), path);
        let second = records(written(&first, Version::V551, encoding), path);
        assert_eq!(differences(&first, &second), [""; 0], "{path}");
    }
}
