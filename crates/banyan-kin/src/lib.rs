//! Persons, unions and their dates: what a genealogy says, in flat arrays.
//!
//! Knows no file format, no web and no drawing. A [`Genealogy`] is read-only and compact (a million
//! persons fit in a few hundred megabytes); a [`Draft`] makes one from claims that may contradict
//! each other, and says which did.

mod collate;
mod cycles;
pub mod date;
mod draft;
mod fact;
mod fold;
mod genealogy;
mod lineage;
mod mask;
mod name;
mod person;
mod privacy;
mod problems;
pub mod relation;
mod search;
mod sound;
mod statistics;
mod texts;

pub use collate::collate;
pub use date::{Calendar, CalendarDate, Date, DateKind};
pub use draft::{Capacity, Claim, Draft, LinkFault, LinkFaultKind, Role, Side};
pub use fact::{Fact, FactKind};
pub use fold::fold;
pub use genealogy::Genealogy;
pub use name::{Name, NameKind, NameParts, display_name};
pub use person::{ParentLink, Pedigree, Person, PersonId, Sex, Span, Union, UnionId};
pub use privacy::{HiddenNames, LONGEST_LIFE};
pub use problems::{Problem, ProblemKind};
pub use relation::{Limits, Relation, Way};
pub use statistics::{
    AgeCount, Ages, Century, Completeness, Decade, FactCount, NameCount, Share, Spread, Statistics,
    last_part,
};
pub use texts::{TextId, Texts, TextsBuilder};
