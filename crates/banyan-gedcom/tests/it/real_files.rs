//! Every file of the shared folder of real GEDCOM files, against what its manifest says.

use std::path::{Path, PathBuf};

use banyan_gedcom::{Document, read};

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
