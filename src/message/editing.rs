//! Changes of a family: what the page asks the person, and what the engine made of the answers.

use serde::{Deserialize, Serialize};

/// What a form is about. Persons go by their stable ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// What is known of a person.
    Tell { person: String },
    /// A new person: kin of somebody, or alone.
    Add { to: Option<String> },
    /// What two persons are to each other.
    Link { person: String, to: String },
}

/// Questions in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub task: Task,
    pub title: String,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub label: String,
    /// How it is written, for whoever wonders; empty for most.
    pub hint: String,
    pub value: String,
    /// Values to choose from, each with what it is called; any text if there are none.
    pub options: Vec<(String, String)>,
}

/// A change that was made or taken back, or changes that were made before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// What was done, in the reader's language.
    pub said: String,
    /// Whom to select then.
    pub selected: Option<String>,
    pub can_undo: bool,
    pub can_redo: bool,
    /// Whether a new scene follows.
    pub is_remade: bool,
}
