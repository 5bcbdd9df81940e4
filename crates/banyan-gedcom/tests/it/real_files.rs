//! Every file of the shared folder of real GEDCOM files, against what its manifest says.

use std::path::{Path, PathBuf};

use banyan_gedcom::{Document, read};

use crate::show::show;

/// The folder of real files, if it is here.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ged");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no {}", folder.display());
    None
}

pub(crate) fn document(path: &Path) -> Document {
    let bytes = std::fs::read(path).unwrap();
    read(&bytes, &mut |_, _| {}).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

struct Expected {
    path: String,
    persons: usize,
    families: u32,
    version: String,
}

fn manifest(folder: &Path) -> Vec<Expected> {
    let text = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let rows = text.lines().skip(1).map(|row| row.split('\t').collect::<Vec<&str>>());
    rows.filter(|row| !row[2].is_empty())
        .map(|row| Expected {
            path: row[0].to_owned(),
            persons: row[2].parse().unwrap(),
            families: row[3].parse().unwrap(),
            version: row[4].to_owned(),
        })
        .collect()
}

#[test]
fn every_file_has_its_persons_and_families() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    for expected in manifest(&folder) {
        let document = document(&folder.join(&expected.path));
        let found = (document.genealogy.persons.len(), document.families);
        if found != (expected.persons, expected.families) {
            wrong.push(format!(
                "{}: {found:?} persons and families, not {:?}",
                expected.path,
                (expected.persons, expected.families)
            ));
        }
        let version = document.version.unwrap_or_default();
        if !expected.version.is_empty() && version != expected.version {
            wrong.push(format!("{}: version {version}, not {}", expected.path, expected.version));
        }
        println!(
            "{:45} {:12} {:16} {:>5} diagnostics",
            expected.path,
            document.encoding.name,
            document.encoding.reason.code(),
            document.diagnostics.len()
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What each file is in, whatever its header says.
#[test]
fn encodings_are_told_by_their_bytes() {
    let Some(folder) = folder() else { return };
    for (path, encoding) in [
        ("classic/royal92.ged", "ASCII"),
        ("classic/Queen.ged", "UTF-8"),
        ("classic/Batak_Genealogy.ged", "UTF-8"),
        ("encodings/imp_ANSEL_CR.ged", "ANSEL"),
        ("encodings/imp_Latin_1_CRLF.ged", "windows-1252"),
        ("encodings/imp_UTF_16_BE_BOM_LF.ged", "UTF-16BE"),
        ("encodings/imp_UTF_16_LE_BOM_CRLF.ged", "UTF-16LE"),
        ("encodings/imp_UTF_8_BOM_CR.ged", "UTF-8"),
        ("encodings/imp_cp1252_CR.ged", "windows-1252"),
        ("encodings/willis-ansel.ged", "ANSEL"),
        ("encodings/willis-unicode-littleendian.ged", "UTF-16LE"),
        ("torture/TGC551.ged", "ANSEL"),
        ("zh/honglou_gb18030.ged", "GB18030"),
        ("zh/honglou_gbk_declared_ansi.ged", "GBK"),
        ("zh/honglou_utf8.ged", "UTF-8"),
    ] {
        let document = document(&folder.join(path));
        assert_eq!(
            (document.encoding.name, document.encoding.undecodable),
            (encoding, 0),
            "{path}"
        );
    }
}

/// The same family in several encodings and line ends is the same family. (Only the UTF-8 file of 賈府
/// has its names in pinyin too.)
#[test]
fn encodings_of_one_family_agree() {
    let Some(folder) = folder() else { return };
    let people = |path: &str| {
        let text = show(&document(&folder.join(path)));
        text.lines()
            .filter(|line| {
                !line.starts_with("version ")
                    && !line.contains(" CHAR ")
                    && !line.contains("Transliteration")
            })
            .collect::<Vec<&str>>()
            .join("\n")
    };
    for (path, same) in [
        ("zh/honglou_gb18030.ged", "zh/honglou_utf8.ged"),
        ("zh/honglou_gbk_declared_ansi.ged", "zh/honglou_utf8.ged"),
        ("encodings/imp_ANSEL_CR.ged", "encodings/imp_ANSEL_LF.ged"),
        ("encodings/imp_ANSEL_CRLF.ged", "encodings/imp_ANSEL_LF.ged"),
        ("encodings/imp_UTF_8_BOM_CR.ged", "encodings/imp_UTF_8_NOBOM_CRLF.ged"),
        ("encodings/imp_UTF_16_BE_BOM_LF.ged", "encodings/imp_UTF_16_LE_BOM_CRLF.ged"),
        ("torture/TGC551.ged", "torture/TGC551LF.ged"),
    ] {
        assert!(people(path) == people(same), "{path} differs from {same}");
    }
}

#[test]
fn archives_are_opened() {
    let Some(folder) = folder() else { return };
    let minimal = document(&folder.join("gedcom7/minimal70.gdz"));
    assert_eq!((minimal.version.as_deref(), minimal.records.len()), (Some("7.0"), 2));
    for path in ["gedcom7/maximal70.gdz", "gedcom7/maximal70/maximal70.gdz"] {
        let archive = document(&folder.join(path));
        assert_eq!((archive.genealogy.persons.len(), archive.families), (4, 2), "{path}");
        let bytes = std::fs::read(folder.join(path)).unwrap();
        for cut in (0..bytes.len()).step_by(997) {
            let _ = read(&bytes[..cut], &mut |_, _| {});
        }
    }
}
