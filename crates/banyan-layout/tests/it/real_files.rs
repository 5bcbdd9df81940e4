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

/// What a file comes to, a little rounded up: no change makes it worse unseen.
struct Bar {
    file: &'static str,
    away: u64,
    crossings: f64,
    /// In card widths.
    cross_link: f64,
    area: f64,
}

const fn bar(file: &'static str, away: u64, crossings: f64, cross_link: f64, area: f64) -> Bar {
    Bar { file, away, crossings, cross_link, area }
}

const BARS: [Bar; 14] = [
    bar("Batak_Genealogy.ged", 0, 0.01, 1.2, 7.2),
    bar("Ming_Dynasty.ged", 0, 0.0, 0.0, 3.3),
    bar("Queen.ged", 11, 1.3, 13.0, 8.8),
    bar("Tang_Dynasty.ged", 0, 0.0, 0.0, 7.9),
    bar("bronte.ged", 0, 0.0, 0.0, 2.8),
    bar("kennedy.ged", 1, 0.2, 4.0, 5.1),
    bar("pres2020.ged", 0, 0.1, 1.5, 5.3),
    bar("royal92.ged", 43, 3.3, 9.0, 14.8),
    bar("shakespeare.ged", 0, 0.0, 0.0, 3.3),
    bar("theographic_bible.ged", 2, 0.22, 2.3, 6.4),
    bar("willis-ansel.ged", 1, 0.22, 7.5, 6.8),
    bar("relationships-complex.ged", 0, 0.0, 0.6, 3.9),
    bar("honglou_utf8.ged", 0, 0.25, 1.2, 5.5),
    bar("vendor-paf5.ged", 0, 0.0, 0.0, 5.2),
];

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
        if let Some(bar) = BARS.iter().find(|bar| name.to_string().ends_with(bar.file)) {
            assert!(quality.away <= bar.away, "{name} {quality:?}");
            assert!(quality.crossings_per_link <= bar.crossings, "{name} {quality:?}");
            assert!(quality.mean_cross_link <= bar.cross_link, "{name} {quality:?}");
            assert!(quality.area_ratio <= bar.area, "{name} {quality:?}");
        }
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
