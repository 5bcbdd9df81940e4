//! The main thread: the shell (Leptos), the state it shows, and the commands that change it.

pub mod command;
pub mod shell;
pub mod shortcut;
pub mod state;
