//! Made-up data of any size, to measure with and to look at: families, trees,
//! servers and their keys.
//!
//! Everything is a function of its size and a seed: the same on every machine, in time and memory
//! proportional to the size. Nothing here looks at a clock, and no name is that of a real person on
//! purpose.

pub mod family;
pub mod keys;
mod random;
pub mod server;
pub mod tree;

pub use family::{Family, family, gedcom};
pub use keys::{keys, keyspace};
pub use server::{Server, server};
pub use tree::{Tree, tree};
