//! Groups of equal cells around one root, for things that come and go: a cell stays where it is
//! as long as its group keeps its capacity, and a group stays where it is while others appear.
//!
//! A [`SlotBook`] remembers who has which slot; [`blocks`] turns slots into boxes and lines.

mod grid;
mod slots;

pub use grid::{BlockGaps, BlockGroup, BlocksLayout, BlocksRequest, blocks};
pub use slots::{GroupSlots, SlotBook};
