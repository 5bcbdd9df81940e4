//! What pixels are painted on.

use std::io;

use banyan_scene::Painter;

use crate::photos::Album;

/// A painter whose pixels can be written and read.
pub trait Surface: Painter {
    /// Starts a picture of this size in px; what was painted before is gone.
    fn begin(&mut self, width: u32, height: u32) -> io::Result<()>;

    /// From now on it has the pictures that the step at hand draws ([`Album::drawn`]), and no others.
    fn take_photos(&mut self, album: &Album) -> io::Result<()>;

    /// Puts opaque RGBA pixels of the whole picture on it, row by row.
    fn put(&mut self, rgba: &[u8]) -> io::Result<()>;

    /// Replaces `rgba` by the pixels of the whole picture, row by row.
    fn read(&mut self, rgba: &mut Vec<u8>) -> io::Result<()>;
}
