//! Graph in, boxes and routes out.
//!
//! Knows no browser, no file format, no cache, and not what a box means. Every function is
//! deterministic: the same request gives the same layout, byte for byte.

pub mod geometry;
pub mod routes;
