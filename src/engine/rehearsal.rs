//! Families that nobody sees, read and laid out while somebody looks for a file, and the fonts found.
//!
//! A browser compiles a program quickly first, and well what has run for a while. Of the first family
//! that is opened a third of the time would go by before that: a new engine has run everything that
//! reads and lays out when the file comes.

use banyan_view::FamilyWorld;

use super::{painter::CanvasPainter, palette, post::pause, with};

/// The first takes a new engine a tenth of a second: no file that comes meanwhile waits longer.
const PERSONS: u32 = 1_000;
/// After so many nearly all that runs often is compiled well.
const FAMILIES: u64 = 6;

/// Rehearses until a file comes.
pub(super) async fn run() {
    for seed in 1..=FAMILIES {
        // Messages that wait have their turn.
        pause(0).await;
        let words = with(|engine| (!engine.has_file).then(|| engine.words()));
        let Some(words) = words.flatten() else { return };
        let text = banyan_generate::gedcom(PERSONS, seed);
        if let Ok(document) = banyan_gedcom::read(&text, &mut |_, _| {}) {
            FamilyWorld::new(document.genealogy, words, &mut |_, _| {});
        }
    }
    // Last: a file that comes at once may have one script alone.
    let painter = with(|engine| CanvasPainter::of_size(palette(&engine.look), 1, 1));
    if let Some(Ok(mut painter)) = painter {
        painter.find_fonts();
    }
}
