//! Made-up data of any size, to measure with and to look at: families, trees.
//!
//! Everything is a function of its size and a seed: the same on every machine, in time and memory
//! proportional to the size. Nothing here looks at a clock, and no name is that of a real person on
//! purpose.

pub mod family;
mod random;
pub mod tree;

pub use family::{Family, family, gedcom};
pub use tree::{Tree, tree};
