//! The small files of `test_data`, each beside the snapshot of what it gives.
//!
//! `UPDATE_EXPECT=1 cargo test` writes the snapshots anew.

use std::path::{Path, PathBuf};

use banyan_gedcom::read;
use expect_test::expect_file;

use crate::show::show;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension != "snapshot"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}

#[test]
fn readable_files_give_their_persons() {
    for path in files("ok") {
        let bytes = std::fs::read(&path).unwrap();
        let document = read(&bytes, &mut |_, _| {}).unwrap();
        expect_file![path.with_extension("snapshot")].assert_eq(&show(&document));
    }
}

#[test]
fn other_files_are_refused_with_their_line() {
    for path in files("err") {
        let bytes = std::fs::read(&path).unwrap();
        let error = read(&bytes, &mut |_, _| {}).unwrap_err();
        expect_file![path.with_extension("snapshot")]
            .assert_eq(&format!("{}: {error}\n", error.code()));
    }
}
