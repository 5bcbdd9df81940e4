//! Persons and unions, and how they hang together.

use serde::{Deserialize, Serialize};

use crate::texts::TextId;

/// A person's index in [`Genealogy::persons`](crate::Genealogy::persons).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct PersonId(pub u32);

/// A union's index in [`Genealogy::unions`](crate::Genealogy::unions).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct UnionId(pub u32);

impl PersonId {
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl UnionId {
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of indices into one of the flat arrays of a genealogy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The items of this span; none if it lies outside.
    pub fn of<T>(self, items: &[T]) -> &[T] {
        items.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn of_mut<T>(self, items: &mut [T]) -> &mut [T] {
        items.get_mut(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// One person record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Person {
    /// The identifier in the file, without its `@`; empty where the record has none.
    pub xref: TextId,
    /// Line of the record in the file, counted from 1; 0 where there is no file.
    pub line: u32,
    pub sex: Sex,
    /// Whether the record names a source, for whatever it says.
    pub is_sourced: bool,
    /// The path or address of the first picture, word for word as the file has it; empty where there
    /// is none.
    pub photo: TextId,
    /// Into [`Genealogy::names`](crate::Genealogy::names), the primary name first.
    pub names: Span,
    /// Into [`Genealogy::facts`](crate::Genealogy::facts), in the order of the file.
    pub facts: Span,
    /// Into [`Genealogy::parent_links`](crate::Genealogy::parent_links), the first link first.
    pub child_of: Span,
    /// Into [`Genealogy::partner_links`](crate::Genealogy::partner_links), in the person's order.
    pub partner_in: Span,
}

/// A set of partners (none, one, two or more) and their children.
#[derive(Clone, Copy, Debug, Default)]
pub struct Union {
    /// The identifier in the file, without its `@`; empty where the record has none.
    pub xref: TextId,
    /// Line of the record in the file, counted from 1; 0 where there is no file.
    pub line: u32,
    /// Into [`Genealogy::union_partners`](crate::Genealogy::union_partners), husbands first as the
    /// file names them.
    pub partners: Span,
    /// Into [`Genealogy::union_children`](crate::Genealogy::union_children), in the order of the file.
    pub children: Span,
    /// Into [`Genealogy::facts`](crate::Genealogy::facts).
    pub facts: Span,
}

/// A person's place as a child of a union.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParentLink {
    pub union: UnionId,
    pub pedigree: Pedigree,
}

/// What a file says about a person's sex.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum Sex {
    #[default]
    Unknown,
    Male,
    Female,
    /// Neither male nor female only (GEDCOM's X).
    Other,
}

/// How a child belongs to its parents.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum Pedigree {
    /// Nothing is said, which everybody reads as birth.
    #[default]
    Unstated,
    Birth,
    Adopted,
    Foster,
    Step,
    /// By a rite of the Latter-day Saints.
    Sealing,
    /// Something else that the file says.
    Other,
}

impl Pedigree {
    /// Whether the child is of the parents' blood, as far as is said.
    pub const fn is_birth(self) -> bool {
        matches!(self, Self::Unstated | Self::Birth)
    }
}
