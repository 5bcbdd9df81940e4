//! What is said of a person or a union beside names and links: events, attributes, notes.

use serde::{Deserialize, Serialize};

use crate::{date::Date, texts::TextId};

/// One event, attribute or note.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fact {
    pub kind: FactKind,
    /// What the file calls it: a tag such as `BIRT`, or the type of an event that has no tag.
    pub label: TextId,
    pub date: Date,
    pub place: TextId,
    /// The text of an attribute or a note: "baker" for an occupation.
    pub value: TextId,
    /// Line in the file, counted from 1; 0 where there is no file.
    pub line: u32,
}

/// What a fact is about.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum FactKind {
    Birth,
    Baptism,
    Death,
    Burial,
    Cremation,
    Adoption,
    Engagement,
    Marriage,
    Divorce,
    Separation,
    Occupation,
    Title,
    Education,
    Religion,
    Residence,
    Emigration,
    Immigration,
    Census,
    Note,
    /// Anything else: see [`Fact::label`].
    #[default]
    Other,
}

impl FactKind {
    /// A stable name for localisation and exports, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Birth => "birth",
            Self::Baptism => "baptism",
            Self::Death => "death",
            Self::Burial => "burial",
            Self::Cremation => "cremation",
            Self::Adoption => "adoption",
            Self::Engagement => "engagement",
            Self::Marriage => "marriage",
            Self::Divorce => "divorce",
            Self::Separation => "separation",
            Self::Occupation => "occupation",
            Self::Title => "title",
            Self::Education => "education",
            Self::Religion => "religion",
            Self::Residence => "residence",
            Self::Emigration => "emigration",
            Self::Immigration => "immigration",
            Self::Census => "census",
            Self::Note => "note",
            Self::Other => "other",
        }
    }
}
