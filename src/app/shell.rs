//! Everything that floats above the canvas.

pub mod label;
pub mod text;
