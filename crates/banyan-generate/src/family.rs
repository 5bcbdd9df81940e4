//! Made-up families as genealogists record them: villages of a few lines each, of whom some marry
//! each other and more marry somebody of whom nothing else is known.
//!
//! Moments are months since the year 0.

mod culture;
mod event;
mod gedcom;
mod name;
mod offspring;
mod partner;
mod society;
mod village;

pub use culture::Culture;

/// Nobody, and no union.
pub const NONE: u32 = u32::MAX;
/// What did not happen, or not yet.
pub const NEVER: i16 = i16::MAX;

/// The year in which all this was written down.
pub const PRESENT: i32 = 2020;

/// A made-up genealogy in flat arrays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Family {
    pub persons: Vec<Person>,
    pub unions: Vec<Union>,
    /// The children of all unions, one union after the other; see [`Union::children`].
    pub children: Vec<u32>,
    pub villages: Vec<Village>,
    seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    pub is_male: bool,
    pub born: i16,
    /// [`NEVER`] for who lives, or whose death nobody knows.
    pub died: i16,
    pub village: u16,
    /// Whose names the person bears.
    pub culture: Culture,
    /// The union that the person was born to, and the one that the person was adopted by.
    pub born_to: u32,
    pub adopted_by: u32,
    name: name::Name,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Union {
    pub husband: u32,
    pub wife: u32,
    /// [`NEVER`] for a union without a wedding.
    pub married: i16,
    pub divorced: i16,
    /// First and last (excluded) entry in [`Family::children`]; by age, the adopted among them.
    pub children: (u32, u32),
}

/// Where people live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Village {
    culture: Culture,
    /// A number of the village's own, for its name.
    number: u32,
}

/// A family of exactly so many persons, at most [`MOST_PERSONS`].
pub fn family(persons: u32, seed: u64) -> Family {
    society::grow(persons.min(MOST_PERSONS), seed)
}

/// More than anybody draws, and less than what the numbers here could hold.
pub const MOST_PERSONS: u32 = 50_000_000;

/// The same as the text of a GEDCOM 5.5.1 file in UTF-8.
pub fn gedcom(persons: u32, seed: u64) -> Vec<u8> {
    family(persons, seed).gedcom()
}

impl Family {
    /// The children of a union, by age.
    pub fn children_of(&self, union: &Union) -> &[u32] {
        let (first, last) = union.children;
        self.children.get(first as usize..last as usize).unwrap_or_default()
    }
}
