//! What is done with data, and who does it.

use banyan_protocol::TargetId;
use banyan_view::{NodeSummary, Place};
use leptos::prelude::*;

use super::Command;
use crate::message::{ExportFormat, ExportPage, Task};

/// What is done with data, or handed on by the shell. See [`Deck`].
#[derive(Clone, Debug)]
pub enum Action {
    /// A command that the shell does not carry out itself: all about the camera, the engines, the
    /// link, and [`Command::CloseOrClear`] when nothing was open (so that it clears the selection).
    Run(Command),
    /// A family, pictures, or both.
    OpenFiles(Vec<GivenFile>),
    /// Selects without moving the camera.
    Select(NodeSummary),
    /// Selects and flies there.
    GoTo(NodeSummary),
    /// The same for a node that is known by its name, in this view or another; lights the persons of a
    /// colour; opens or forgets what is kept.
    GoToPlace(Place),
    /// Answered in `App::search`. An empty query empties it.
    SearchFor(String),
    ChooseTarget(TargetId),
    SetDelimiter(String),
    /// So many changes a second of what the lab made up.
    SetChurn(u32),
    Export(ExportChoice),
    /// Answered in `App::foretold`.
    Foretell(ExportChoice),
    /// The answers to a form.
    Submit(Task, Vec<String>),
}

/// A file with its path in the folder that was given, or its name.
pub type GivenFile = (String, web_sys::File);

/// What is to become a file, as the person chose it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExportChoice {
    pub format: ExportFormat,
    /// What is on the screen, or else everything.
    pub is_screen: bool,
    pub percent: u32,
    pub page: ExportPage,
}

impl Default for ExportChoice {
    fn default() -> Self {
        Self { format: ExportFormat::Png, is_screen: false, percent: 100, page: ExportPage::Whole }
    }
}

/// Whoever carries out what the shell does not: camera, engines, link.
#[derive(Clone, Copy)]
pub struct Deck(StoredValue<Box<dyn Fn(Action)>, LocalStorage>);

impl Deck {
    pub fn new(act: impl Fn(Action) + 'static) -> Self {
        Self(StoredValue::new_local(Box::new(act)))
    }

    pub fn act(self, action: Action) {
        self.0.with_value(|act| act(action));
    }
}
