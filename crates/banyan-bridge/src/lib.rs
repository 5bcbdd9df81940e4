//! The bridge between caches and browsers, and the command line of `banyan`.
//!
//! It serves the app, keeps one poller per target however many browsers watch, and fans what it
//! learns out to them. It knows nothing of drawing, and of a cache's protocol nothing either: that
//! is `banyan-sources`. A browser names targets of the configuration, never a host or a port.

pub mod command;
pub mod config;
pub mod demo;
pub mod gate;
pub mod hub;
pub mod serve;

mod bucket;

pub use serve::run;
