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
    /// Kinds without an order, the commonest first: no two look the same.
    Hue1 = "hue-1",
    Hue2 = "hue-2",
    Hue3 = "hue-3",
    Hue4 = "hue-4",
    Hue5 = "hue-5",
    Hue6 = "hue-6",
    Hue7 = "hue-7",
    Hue8 = "hue-8",
    Hue9 = "hue-9",
    Hue10 = "hue-10",
    Hue11 = "hue-11",
    Hue12 = "hue-12",
    /// All kinds beyond those.
    Others = "others",
    /// Values in their order, from few to many, from early to late.
    Step1 = "step-1",
    Step2 = "step-2",
    Step3 = "step-3",
    Step4 = "step-4",
    Step5 = "step-5",
    Step6 = "step-6",
    Step7 = "step-7",
    Step8 = "step-8",
    Step9 = "step-9",
}

/// An ink and how much of it: alpha 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tone {
    pub ink: Ink,
    pub alpha: u8,
}

impl Ink {
    /// For kinds, in the order in which they are given away.
    pub const HUES: [Self; 12] = [
        Self::Hue1,
        Self::Hue2,
        Self::Hue3,
        Self::Hue4,
        Self::Hue5,
        Self::Hue6,
        Self::Hue7,
        Self::Hue8,
        Self::Hue9,
        Self::Hue10,
        Self::Hue11,
        Self::Hue12,
    ];
    /// For values, in their order.
    pub const STEPS: [Self; 9] = [
        Self::Step1,
        Self::Step2,
        Self::Step3,
        Self::Step4,
        Self::Step5,
        Self::Step6,
        Self::Step7,
        Self::Step8,
        Self::Step9,
    ];

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
