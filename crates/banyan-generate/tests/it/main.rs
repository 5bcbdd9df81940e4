//! What is made up is held against the readers of the real thing.

mod families;
mod servers;
