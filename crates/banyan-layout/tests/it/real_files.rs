//! Bars that the family layout holds on every real file.

use std::path::{Path, PathBuf};

use banyan_layout::family::{FamilyRequest, Gaps, SiblingOrder, family};
use banyan_layout::geometry::Size;
use banyan_layout::quality;

use crate::crude;

fn files() -> Vec<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("../shared/data/ged"))
        .find(|folder| folder.is_dir());
    let Some(data) = data else {
        eprintln!("skipped: no folder ../shared/data/ged");
        return Vec::new();
    };
    let mut files = Vec::new();
    let mut folders = vec![data];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "ged") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn real_files_hold_the_bars() {
    for file in files() {
        let (graph, _) = crude::read(&std::fs::read(&file).unwrap());
        let request = FamilyRequest {
            graph,
            card: Size { width: 160, height: 60 },
            gaps: Gaps::default(),
            siblings: SiblingOrder::Free,
        };
        let layout = family(&request, &mut |_, _| {});
        let quality = quality::of_layout(&request.graph, &layout);
        let name = file.display();
        assert_eq!(quality.overlaps, 0, "{name}");
        assert!(quality.drawn_once >= 1.0, "{name}");
        assert_eq!(quality.shared_tracks, 0, "{name}");
        // Files of a few impossible persons have no art to show.
        if quality.couples_of_two_families > 5 {
            assert!(2 * quality.away <= quality.couples_of_two_families, "{name} {quality:?}");
            assert!(quality.sibships_contiguous >= 0.97, "{name} {quality:?}");
            // The lowest is the Bible's, where two daughters marry their father and a man two of
            // whose wives have other husbands too marries a third such.
            assert!(quality.couples_adjacent >= 0.96, "{name} {quality:?}");
        }
    }
}
