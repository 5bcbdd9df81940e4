//! Banyan in the browser.
//!
//! Two programs are built from this library: `app` runs on the main thread and holds the interface,
//! the camera and the tiles; `engine` runs in a web worker and holds everything that grows with the
//! data. They speak by [`message`].

pub mod message;

pub mod app;
pub mod engine;
pub mod stage;

mod log;
