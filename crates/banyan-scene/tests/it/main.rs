//! The scene as its users see it: whole tiles through the recording painter, and SVG.

mod density;
mod golden;
mod sample;
mod tiles;
