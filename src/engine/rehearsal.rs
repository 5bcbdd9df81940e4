//! Families that nobody sees, read and laid out while somebody looks for a file, and the fonts found.
//!
//! A browser compiles a program quickly first, and well what has run for a while. Of the first family
//! that is opened a third of the time would go by before that: a new engine has run everything that
//! reads and lays out when the file comes.

use super::{editing, family, painter::CanvasPainter, palette, post, with};
use crate::message::FamilySource;

/// The first family takes a new engine a tenth of a second, and so does a larger one once much is compiled
/// well: no file that comes meanwhile waits longer.
const FIRST_PERSONS: u32 = 1_000;
const PERSONS: u32 = 5_000;
/// After the larger one was opened so often nearly all that runs once for each person is compiled well.
const TIMES: u32 = 12;
/// No longer than this: nobody finds a file in less than two seconds, and the browser, which compiles
/// meanwhile, shall be done by then.
const MOST_MILLIS: f64 = 800.0;

/// Rehearses until a file comes, or it is enough: with the very calls that open it, for what is
/// compiled for others is compiled anew.
pub(super) async fn run() {
    let mut text = banyan_generate::gedcom(FIRST_PERSONS, 1);
    let began = post::now_millis();
    for time in 0..=TIMES {
        if post::now_millis() - began > MOST_MILLIS {
            break;
        }
        // Messages that wait have their turn.
        post::pause(0).await;
        if time == 1 {
            text = banyan_generate::gedcom(PERSONS, 1);
        }
        let digest = banyan_view::kept::digest(&text);
        let source = FamilySource::File { name: String::new(), is_forced: false };
        let editing = editing::recall(source.settled(&digest), &digest).await;
        // A file may have come meanwhile.
        let asked =
            with(|engine| (!engine.has_file).then(|| (engine.words(), engine.plan.clone())));
        let Some((words, plan)) = asked.flatten() else { return };
        let given = family::Given { bytes: text.clone(), file: None, folder: None };
        let _ = post::unheard(|| family::open(&source, given, words, plan, None, editing));
    }
    // Last: a file that comes at once may have one script alone.
    let painter = with(|engine| CanvasPainter::of_size(palette(&engine.look), 1, 1));
    if let Some(Ok(mut painter)) = painter {
        painter.find_fonts();
    }
}
