//! The scene as its users see it: whole tiles through the recording painter, and SVG.

#[cfg(test)]
mod density;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tiles;
