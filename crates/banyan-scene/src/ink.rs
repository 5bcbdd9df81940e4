//! The colours of a picture, by what they mean.

use serde::{Deserialize, Serialize};

macro_rules! inks {
    ($($(#[$doc:meta])* $name:ident = $token:literal,)*) => {
        /// A colour by its meaning. `style/tokens.css` says, for each theme, what it looks like.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[repr(u8)]
        pub enum Ink { $($(#[$doc])* $name,)* }

        impl Ink {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The custom property's name without its `--ink-`.
            pub const fn token(self) -> &'static str {
                match self { $(Self::$name => $token,)* }
            }
        }
    };
}

inks! {
    /// The ground of the canvas.
    Paper = "paper",
    /// The ground of the minimap and of wells.
    PaperDeep = "paper-deep",
    Card = "card",
    CardEdge = "card-edge",
    /// The ground of cards that step back.
    CardMuted = "card-muted",
    Text = "text",
    TextMuted = "text-muted",
    /// For marks beside text that nobody must read; 4.5 : 1 all the same.
    TextFaint = "text-faint",
    Accent = "accent",
    AccentSoft = "accent-soft",
    /// Text and glyphs on top of a semantic colour.
    OnAccent = "on-accent",
    Male = "male",
    Female = "female",
    SexUnknown = "sex-unknown",
    /// Family lines.
    Line = "line",
    /// Couple lines, and lines that shall stand out.
    LineStrong = "line-strong",
    /// Cross links.
    Cross = "cross",
    Fine = "fine",
    Waiting = "waiting",
    Dead = "dead",
    Replica = "replica",
    Idle = "idle",
    Subscriber = "subscriber",
    TypeString = "type-string",
    TypeList = "type-list",
    TypeSet = "type-set",
    TypeSortedSet = "type-sorted-set",
    TypeHash = "type-hash",
    TypeStream = "type-stream",
    TypeOther = "type-other",
    Selection = "selection",
    Hover = "hover",
    /// Shadows.
    Shade = "shade",
}

/// An ink and how much of it: alpha 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tone {
    pub ink: Ink,
    pub alpha: u8,
}

impl Ink {
    /// The ink at an opacity of 0 to 1.
    pub fn at(self, opacity: f64) -> Tone {
        // A float cast saturates, so an opacity out of range does no harm.
        Tone { ink: self, alpha: (opacity * 255.0).round() as u8 }
    }
}

impl From<Ink> for Tone {
    fn from(ink: Ink) -> Self {
        Self { ink, alpha: 255 }
    }
}
