//! Pictures without a browser: a painter on plain memory, with letters from the machine's fonts.
//!
//! For the command line, and for tests that look at pixels. Knows what `banyan-scene` asks of a
//! painter and no more.

mod color;
mod glyphs;
mod painter;
mod photo;
mod setting;

pub use glyphs::FontGlyphs;
pub use painter::RasterPainter;
pub use photo::decode_photo;
pub use setting::Typesetter;
