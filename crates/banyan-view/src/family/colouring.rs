//! What the colours of persons say.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What decides about the colour of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colouring {
    #[default]
    Sex,
    /// The row on the chart.
    Generation,
    Surname,
    /// Persons of one surname who hang together as parents and children.
    Branch,
    /// 字辈: the character that the names of a generation share.
    GenerationWord,
    /// How much is known.
    Completeness,
    /// The last part of the place: mostly the country.
    BirthPlace,
    /// Of birth.
    Century,
    /// Whether they may live.
    Living,
}

impl Colouring {
    /// In the order in which one follows the other.
    pub const ALL: [Self; 9] = [
        Self::Sex,
        Self::Generation,
        Self::Surname,
        Self::Branch,
        Self::GenerationWord,
        Self::Completeness,
        Self::BirthPlace,
        Self::Century,
        Self::Living,
    ];

    /// As addresses and the command line have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sex => "sex",
            Self::Generation => "generation",
            Self::Surname => "surname",
            Self::Branch => "branch",
            Self::GenerationWord => "zibei",
            Self::Completeness => "completeness",
            Self::BirthPlace => "place",
            Self::Century => "century",
            Self::Living => "living",
        }
    }

    /// The one after it; after the last the first.
    pub fn next(self) -> Self {
        Self::ALL.get(self as usize + 1).copied().unwrap_or_default()
    }
}

impl FromStr for Colouring {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|colouring| colouring.name() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_follows_another_and_is_known_by_its_name() {
        let mut colouring = Colouring::default();
        for expect in Colouring::ALL {
            assert_eq!(colouring, expect);
            assert_eq!(colouring.name().parse(), Ok(colouring));
            colouring = colouring.next();
        }
        assert_eq!(colouring, Colouring::Sex);
        assert_eq!("hair".parse::<Colouring>(), Err(()));
    }
}
