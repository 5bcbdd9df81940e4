//! Work that is done in small steps and can be left off after any of them.

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;

use banyan_scene::{CardSource, Footer, Palette, Scene};

use crate::photos::{Album, Photo};

/// What is drawn, and in which colours. The same in every step of a job.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub scene: &'a Scene,
    pub cards: &'a dyn CardSource,
    pub palette: &'a Palette,
    /// What is printed below the scene, in the room that the job's cutout has for it.
    pub footer: Option<&'a Footer>,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("a picture of {width} x {height} px cannot be made")]
    Size { width: i64, height: i64 },
    #[error("the picture would take {pages} pages")]
    Pages { pages: u64 },
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// There is more to do; so much is done, 0 to 1.
    More(f32),
    /// The file is written and whole.
    Done,
}

pub trait Job {
    /// The pictures of cards that the next step wants in the album. Cards without theirs are drawn
    /// as if they had none.
    fn photos(&self, subject: &Subject<'_>) -> BTreeSet<u32>;

    /// Some milliseconds of work. After [`Step::Done`] or an error there is nothing left to do.
    fn step(&mut self, subject: &Subject<'_>, album: &Album) -> Result<Step, ExportError>;
}

/// Decodes the picture of a number ([`banyan_scene::Card::photo`]); `None` if that cannot be done.
pub type PhotoSource<'a> = dyn FnMut(u32) -> Option<Photo> + 'a;

/// Does all of a job. `progress` hears after each step how far it has come, 0 to 1, and may break it
/// off: then what is written so far is no whole file. Returns whether it is.
pub fn run(
    job: &mut dyn Job,
    subject: &Subject<'_>,
    mut photos: Option<&mut PhotoSource<'_>>,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<bool, ExportError> {
    let mut album = Album::default();
    let mut step = |job: &mut dyn Job| {
        if let Some(photos) = &mut photos {
            for number in album.lacking(&job.photos(subject)) {
                album.put(number, photos(number));
            }
        }
        job.step(subject, &album)
    };
    while let Step::More(share) = step(job)? {
        if progress(share).is_break() {
            return Ok(false);
        }
    }
    Ok(progress(1.0).is_continue())
}
