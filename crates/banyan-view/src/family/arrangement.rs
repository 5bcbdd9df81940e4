//! What of a chart is folded away, and what stands otherwise than the layout would have it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Chart;

/// An arrangement as an address holds it, parts in this order: `d.I7` (whoever descends from I7 is
/// folded away), `u.I7` (the ancestors of I7 are), `l.I3.I4` (I3 stands left of I4), `blood` (without
/// in-laws), `birth` (siblings in birth order), `male` (the male line first), joined by `~`. In ids `~`,
/// `.` and `%` are escaped as in addresses. Empty for what the layout does by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// In the order in which they were folded: what lies in a fold cannot be folded.
    pub folds: Vec<Fold>,
    /// Stable ids of couples: who stands left, who stands right.
    pub sides: Vec<(String, String)>,
    /// Leaves out partners who are not of the blood of whom the chart is about.
    pub is_blood_only: bool,
    /// Siblings stand by birth, whatever lines get longer by it.
    pub is_by_birth: bool,
    /// Sons stand before daughters, and families hang under the father.
    pub is_male_line: bool,
}

/// A branch that is folded away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    pub branch: Branch,
    /// Stable id of the person on whom it hangs, who stays.
    pub of: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Branch {
    Descendants,
    Ancestors,
}

/// What a person does about how the family stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arrange {
    /// Folds a branch of somebody away, or back.
    Fold(Branch),
    UnfoldAll,
    HideInLaws,
    FlipCouple,
    LockBirthOrder,
    MaleLine,
}

impl Arrange {
    /// Whether somebody has to be named.
    pub const fn is_of_person(self) -> bool {
        matches!(self, Self::Fold(_) | Self::FlipCouple)
    }
}

/// A chart and how it is arranged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub chart: Chart,
    /// Of charts that have no branches it says nothing, and is kept for the next one.
    pub arrangement: Arrangement,
}

impl From<Chart> for Plan {
    fn from(chart: Chart) -> Self {
        Self { chart, arrangement: Arrangement::default() }
    }
}

impl Fold {
    pub const fn new(branch: Branch, of: String) -> Self {
        Self { branch, of }
    }
}

impl Arrangement {
    /// The same with this switched over; of a fold, without it if it was there.
    pub(super) fn toggled_fold(&self, fold: &Fold) -> Self {
        let mut next = self.clone();
        next.folds.retain(|other| other != fold);
        if next.folds.len() == self.folds.len() {
            next.folds.push(fold.clone());
        }
        next
    }

    /// The same with `left` to the left of `right`.
    pub(super) fn with_side(&self, left: String, right: String) -> Self {
        let mut next = self.clone();
        next.sides.retain(|(a, b)| !(*a == left && *b == right || *a == right && *b == left));
        next.sides.push((left, right));
        next
    }
}

impl fmt::Display for Arrangement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fold = |fold: &Fold| {
            let letter = match fold.branch {
                Branch::Descendants => "d",
                Branch::Ancestors => "u",
            };
            format!("{letter}.{}", escaped(&fold.of))
        };
        let side =
            |(left, right): &(String, String)| format!("l.{}.{}", escaped(left), escaped(right));
        let switches = [
            (self.is_blood_only, "blood"),
            (self.is_by_birth, "birth"),
            (self.is_male_line, "male"),
        ];
        let on = switches.into_iter().filter(|(is_on, _)| *is_on);
        let parts: Vec<String> = (self.folds.iter().map(fold))
            .chain(self.sides.iter().map(side))
            .chain(on.map(|(_, name)| name.to_owned()))
            .collect();
        f.write_str(&parts.join("~"))
    }
}

impl FromStr for Arrangement {
    type Err = std::convert::Infallible;

    /// What cannot be read is left out.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut arrangement = Self::default();
        for part in text.split('~') {
            let mut words = part.split('.');
            let mut word = || words.next().unwrap_or_default();
            let (name, first, second) = (word(), unescaped(word()), unescaped(word()));
            match name {
                "d" | "u" if !first.is_empty() => {
                    let branch = if name == "d" { Branch::Descendants } else { Branch::Ancestors };
                    let fold = Fold::new(branch, first);
                    if !arrangement.folds.contains(&fold) {
                        arrangement.folds.push(fold);
                    }
                }
                "l" if !first.is_empty() && !second.is_empty() => {
                    arrangement = arrangement.with_side(first, second);
                }
                "blood" => arrangement.is_blood_only = true,
                "birth" => arrangement.is_by_birth = true,
                "male" => arrangement.is_male_line = true,
                _ => {}
            }
        }
        Ok(arrangement)
    }
}

fn escaped(id: &str) -> String {
    id.replace('%', "%25").replace('~', "%7E").replace('.', "%2E")
}

fn unescaped(text: &str) -> String {
    text.replace("%2E", ".").replace("%7E", "~").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Arrangement {
        text.parse().unwrap()
    }

    #[test]
    fn arrangements_as_text() {
        for text in ["", "d.I7", "d.I7~u.#3~l.I3.I4~blood~birth~male", "male"] {
            assert_eq!(read(text).to_string(), text);
        }
        assert_eq!(read("male~d.I7~d.I7~l.a.b~l.b.a").to_string(), "d.I7~l.b.a~male");
        assert_eq!(read("d~d.~l.a~x.y~~").to_string(), "");
    }

    #[test]
    fn a_fold_is_put_in_and_taken_out() {
        let fold = Fold::new(Branch::Descendants, "I7".into());
        let folded = read("birth").toggled_fold(&fold);
        assert_eq!(folded.to_string(), "d.I7~birth");
        assert_eq!(folded.toggled_fold(&fold), read("birth"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            folds in prop::collection::btree_set((any::<bool>(), ".+"), 0..4), left in ".+",
            switches: (bool, bool, bool),
        ) {
            let fold = |(is_up, of)| {
                Fold::new(if is_up { Branch::Ancestors } else { Branch::Descendants }, of)
            };
            let (is_blood_only, is_by_birth, is_male_line) = switches;
            let arrangement = Arrangement {
                folds: folds.into_iter().map(fold).collect(),
                sides: vec![(left, "I1".into())],
                is_blood_only, is_by_birth, is_male_line,
            };
            prop_assert_eq!(read(&arrangement.to_string()), arrangement);
        }

        #[test]
        fn any_text_is_read(text: String) {
            read(&text);
        }
    }
}
