//! Changes to a family as a person means them, made of changes to its records.
//!
//! Persons go by their identifiers. A record that is touched is written anew in the version of its
//! file, with everything that was in it; what was opened stays as it is, and each change can be undone.

mod facts;
mod links;

use crate::{
    records::{Edit, EditError, RecordId, Records},
    tree::{Element, Tree},
    write::{Version, line},
};
pub use facts::PersonFacts;
use serde::{Deserialize, Serialize};

/// What somebody is to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kin {
    Child,
    Parent,
    Partner,
    Sibling,
}

/// A change of a family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Adds a person, alone or as kin of somebody: a child of "I1".
    Add { facts: PersonFacts, kin: Option<(Kin, String)> },
    /// Says something else of a person. What the facts do not name stays.
    Tell { person: String, facts: PersonFacts },
    /// Takes a person out, and every link to that person.
    Remove { person: String },
    /// Makes `person` the kin of `to`.
    Link { person: String, kin: Kin, to: String },
    /// Takes `person` out of the families that both are in.
    Unlink { person: String, from: String },
    /// Makes two persons one, who has the facts and the links of both.
    Merge { into: String, merged: String },
}

/// Why a change cannot be made; everything is then as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    #[error("there is no such person")]
    NoPerson,
    #[error("both are the same person")]
    SamePerson,
    #[error("there are two parents already")]
    TwoParents,
    #[error("the two are linked like that already")]
    Linked,
    #[error("the two share no family")]
    NotLinked,
    #[error("the two are partners, or parent and child")]
    CloseKin,
    #[error("somebody would be their own ancestor")]
    OwnAncestor,
    #[error(transparent)]
    Record(#[from] EditError),
}

impl ChangeError {
    /// Key of what is said of it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoPerson => "no_person",
            Self::SamePerson => "same_person",
            Self::TwoParents => "two_parents",
            Self::Linked => "linked",
            Self::NotLinked => "not_linked",
            Self::CloseKin => "close_kin",
            Self::OwnAncestor => "own_ancestor",
            Self::Record(_) => "record",
        }
    }
}

/// What a change did.
#[derive(Debug)]
pub struct Changed {
    pub undo: Undo,
    /// Whom it is about; nobody if that person is gone.
    pub person: Option<String>,
}

/// Edits that take a change back, the last first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undo(Vec<Edit>);

impl Records {
    /// Makes a change.
    pub fn change(&mut self, change: &Change) -> Result<Changed, ChangeError> {
        let mut desk = Desk { records: self, done: Vec::new() };
        let person = match change {
            Change::Add { facts, kin } => desk.add_person(facts, kin.as_ref()).map(Some),
            Change::Tell { person, facts } => {
                desk.tell(person, facts).map(|()| Some(person.clone()))
            }
            Change::Remove { person } => desk.remove(person).map(|()| None),
            Change::Link { person, kin, to } => {
                desk.link_known(person, *kin, to).map(|()| Some(person.clone()))
            }
            Change::Unlink { person, from } => {
                desk.unlink(person, from).map(|()| Some(person.clone()))
            }
            Change::Merge { into, merged } => desk.merge(into, merged).map(|()| Some(into.clone())),
        };
        let undo = Undo(desk.done);
        match person {
            Ok(person) => Ok(Changed { undo, person }),
            Err(error) => {
                self.undo(undo)?;
                Err(error)
            }
        }
    }

    /// Takes a change back, and gives what makes it again.
    pub fn undo(&mut self, undo: Undo) -> Result<Undo, ChangeError> {
        let edits = undo.0.into_iter().rev();
        let redo = edits.map(|edit| self.apply(edit)).collect::<Result<Vec<Edit>, EditError>>()?;
        Ok(Undo(redo))
    }

    /// What is known of a person, to be changed.
    pub fn facts(&self, person: &str) -> Option<PersonFacts> {
        let mut tree = Tree::default();
        self.tree(self.person(person)?, &mut tree);
        Some(PersonFacts::of(&tree))
    }

    fn person(&self, xref: &str) -> Option<RecordId> {
        self.by_xref(xref).filter(|&id| self.kind(id) == Some(crate::RecordKind::Person))
    }
}

/// Records that are being changed.
struct Desk<'r> {
    records: &'r mut Records,
    /// What undoes what was done.
    done: Vec<Edit>,
}

impl Desk<'_> {
    fn version(&self) -> Version {
        if self.records.is_version_7() { Version::V7 } else { Version::V551 }
    }

    fn apply(&mut self, edit: Edit) -> Result<(), ChangeError> {
        self.done.push(self.records.apply(edit)?);
        Ok(())
    }

    fn person(&self, xref: &str) -> Result<RecordId, ChangeError> {
        self.records.person(xref).ok_or(ChangeError::NoPerson)
    }

    fn written(&self, tree: &Tree<'_>) -> String {
        let mut lines = String::new();
        line::write(tree, self.version(), &mut lines);
        lines.truncate(lines.trim_end_matches('\n').len());
        lines
    }

    /// Writes a record anew if `work` has changed it, as that says.
    fn rewrite(
        &mut self,
        record: RecordId,
        work: impl FnOnce(&mut Tree<'_>) -> bool,
    ) -> Result<(), ChangeError> {
        let mut tree = Tree::default();
        self.records.tree(record, &mut tree);
        if !work(&mut tree) {
            return Ok(());
        }
        let lines = self.written(&tree);
        self.apply(Edit::ChangeRecord { record, lines })
    }

    /// Adds a record with an identifier that nothing has.
    fn add(
        &mut self,
        tag: &'static str,
        letter: char,
        fill: impl FnOnce(&mut Tree<'_>),
    ) -> Result<String, ChangeError> {
        let numbers = self.records.ids().filter_map(|id| {
            let top = self.records.lines(id).next()?;
            top.xref.strip_prefix(letter)?.parse::<u64>().ok()
        });
        let xref = format!("{letter}{}", numbers.max().unwrap_or(0).saturating_add(1));
        let mut tree = Tree::default();
        tree.append(None, Element::new(tag, "").named(xref.clone()));
        fill(&mut tree);
        let lines = self.written(&tree);
        self.apply(Edit::AddRecord { lines })?;
        Ok(xref)
    }

    fn add_person(
        &mut self,
        facts: &PersonFacts,
        kin: Option<&(Kin, String)>,
    ) -> Result<String, ChangeError> {
        let is_version_7 = self.records.is_version_7();
        let added = self.add("INDI", 'I', |tree| {
            facts.put(tree, is_version_7);
        })?;
        if let Some((kin, to)) = kin {
            self.link(&added, *kin, to)?;
        }
        Ok(added)
    }

    fn tell(&mut self, person: &str, facts: &PersonFacts) -> Result<(), ChangeError> {
        let (record, is_version_7) = (self.person(person)?, self.records.is_version_7());
        self.rewrite(record, |tree| facts.put(tree, is_version_7))
    }
}
