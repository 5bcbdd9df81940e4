//! How far a chart goes from whom it is about.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Generations at most, up and down: "3+2", or "4" for as many in either direction. On a chart that goes
/// one way, or counts steps, both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    pub up: u32,
    pub down: u32,
}

/// What a person changes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaching {
    /// A generation more wherever the chart goes.
    More,
    Fewer,
    /// A generation of descendants more, with the ancestors as they are.
    MoreDown,
    FewerDown,
}

impl Reach {
    pub const fn both(most: u32) -> Self {
        Self { up: most, down: most }
    }

    pub const fn is_both(self) -> bool {
        self.up == self.down
    }

    /// The last generation stays; `None` where nothing is left to change.
    pub(super) fn changed(self, what: Reaching) -> Option<Self> {
        let (up, down) = match what {
            Reaching::More => (1, 1),
            Reaching::Fewer => (-1, -1),
            Reaching::MoreDown => (0, 1),
            Reaching::FewerDown => (0, -1),
        };
        let change =
            |most: u32, by| most.checked_add_signed(by).filter(|most| *most > 0).unwrap_or(most);
        let changed = Self { up: change(self.up, up), down: change(self.down, down) };
        (changed != self).then_some(changed)
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.up)?;
        if self.is_both() { Ok(()) } else { write!(f, "+{}", self.down) }
    }
}

impl FromStr for Reach {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |text: &str| text.parse().map_err(|_| ());
        let (up, down) = text.split_once('+').unwrap_or((text, text));
        Ok(Self { up: number(up)?, down: number(down)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_are_written_where_they_differ() {
        for (text, reach, again) in [
            ("4", Reach::both(4), "4"),
            ("3+2", Reach { up: 3, down: 2 }, "3+2"),
            ("3+3", Reach::both(3), "3"),
        ] {
            assert_eq!((text.parse(), reach.to_string().as_str()), (Ok(reach), again), "{text}");
        }
        for text in ["", "+", "3+", "+2", "-1", "a", "1+2+3", "99999999999"] {
            assert_eq!(text.parse::<Reach>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_generation_stays_each_way() {
        let reach = |up, down| Reach { up, down };
        for (before, what, after) in [
            (reach(3, 2), Reaching::More, Some(reach(4, 3))),
            (reach(3, 1), Reaching::Fewer, Some(reach(2, 1))),
            (reach(1, 1), Reaching::Fewer, None),
            (reach(3, 2), Reaching::MoreDown, Some(reach(3, 3))),
            (reach(3, 2), Reaching::FewerDown, Some(reach(3, 1))),
            (reach(3, 1), Reaching::FewerDown, None),
            (reach(0, 2), Reaching::MoreDown, Some(reach(0, 3))),
            (reach(0, 1), Reaching::Fewer, None),
            (reach(u32::MAX, u32::MAX), Reaching::More, None),
        ] {
            assert_eq!(before.changed(what), after, "{before} {what:?}");
        }
    }
}
