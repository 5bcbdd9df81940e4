//! Graph in, boxes and routes out.
//!
//! Knows no browser, no file format, no cache, and not what a box means. Every function is
//! deterministic: the same request gives the same layout, byte for byte. Nothing recurses, so a
//! tree may be as deep as it has nodes.

pub mod geometry;
pub mod routes;

pub mod csr;

pub mod tidy;

pub mod family;
pub mod quality;
pub mod timeline;

pub mod fan;
pub mod zupu;

pub mod blocks;
