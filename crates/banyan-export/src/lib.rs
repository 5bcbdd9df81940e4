//! A scene as a file, however large: PNG, SVG, PDF.
//!
//! A [`Job`] makes its file piece by piece and writes it as it goes, so that memory is bounded by a
//! piece: a strip of pixels, some hundred cards. Whoever runs it decides when the next piece is
//! made, and stops it by dropping it: [`run`] for programs, the turns of the engine in a browser.
//!
//! What is exported is a [`banyan_scene::Cutout`]: a rectangle of the picture at one scale. Pixels
//! come from a [`Surface`], the shapes of letters in a PDF from a [`GlyphSource`]: a canvas in a
//! browser, fonts elsewhere. The pictures on cards come from whoever runs the job: before each step
//! it asks [`Job::photos`] which the step draws, and puts those into an [`Album`].

mod glyphs;
mod job;
mod pdf;
mod photos;
mod png;
mod strips;
mod surface;
mod svg;
mod walk;

pub use glyphs::{Drawing, Glyph, GlyphSource, Piece, Stamp};
pub use job::{ExportError, Job, PhotoSource, Step, Subject, run};
pub use pdf::{
    PdfJob, PdfOrder,
    pages::{Layout, Page, Paper, Sheet, page_count},
};
pub use photos::{Album, Photo};
pub use png::PngJob;
pub use strips::{MOST_SIDE_PX, MOST_STRIP_BYTES, Strips};
pub use surface::Surface;
pub use svg::SvgJob;
