//! Properties of the layouts on random input, and the measures on real files.

#[path = "../../examples/quality/crude.rs"]
mod crude;
mod families;
mod real_files;
mod trees;
