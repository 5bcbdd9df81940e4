//! What the lab makes up, and what it tries.

use serde::{Deserialize, Serialize};

/// What a made-up scene is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Cards with names in a tidy tree.
    Tree,
    /// Persons with dates, marriages and pedigree loops.
    Family,
    /// The clients of a server, which come and go.
    Connections,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Tree, Self::Family, Self::Connections];

    /// Its name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Family => "family",
            Self::Connections => "connections",
        }
    }
}

/// A scene that is made up: the same for the same kind, size and seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub kind: Kind,
    pub nodes: u32,
    pub seed: u32,
}

impl Made {
    /// Two million: what Banyan is built for, and what a browser's memory holds.
    pub const MOST_NODES: u32 = 2_000_000;

    /// As an address holds it: `tree:100000:7`.
    pub fn format(&self) -> String {
        format!("{}:{}:{}", self.kind.name(), self.nodes, self.seed)
    }

    /// The reverse of [`Self::format`]; sizes beyond [`Self::MOST_NODES`] are cut to it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let name = parts.next()?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
        let nodes: u32 = parts.next()?.parse().ok()?;
        let seed = parts.next()?.parse().ok()?;
        Some(Self { kind, nodes: nodes.clamp(1, Self::MOST_NODES), seed })
    }
}

/// An experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trial {
    /// So many circles of rings, redrawn so many times.
    Circles { count: u32, redraws: u32 },
    /// A family of 800 persons, redrawn so many times while it is panned, in a window of this size.
    Family { redraws: u32, width_px: u32, height_px: u32 },
    /// A tidy layout of a tree of so many nodes, of equal and of unequal cards.
    Layout { nodes: u32 },
    /// So many dots: a raster in the program, and one `fillRect` each.
    Dots { nodes: u32 },
}

/// A way to come by the same picture, or the same layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Way {
    /// Every ring drawn each time.
    CirclesDirect,
    /// A canvas for each circle, of the size that a canvas has when nobody sets one: 300 x 150 px.
    CirclesDefaultCanvas,
    /// A canvas for each circle, just as large as the circle.
    CirclesRightCanvas,
    /// Every card drawn each time.
    Direct,
    /// The cards in the window drawn each time.
    DirectVisible,
    /// Every card copied from a sprite of the right size.
    Sprites,
    /// The whole scene drawn once on one canvas, and copied from there.
    SceneCanvas,
    /// Tiles copied; those that come into the window are painted first.
    Tiles,
    /// The window filled with one colour: the floor.
    Fill,
    /// The window's bytes copied in memory: what no canvas can beat.
    Copy,
    /// A tidy layout of equal cards.
    TidyLayout,
    /// A tidy layout of cards of many sizes.
    TidySizes,
    /// Dots counted into pixels, and one `putImageData`.
    DotsRaster,
    /// One `fillRect` a dot.
    DotsFillRect,
}

impl Way {
    /// Its name in `window.banyan` and in the benchmarks.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CirclesDirect => "circles_direct",
            Self::CirclesDefaultCanvas => "circles_default_canvas",
            Self::CirclesRightCanvas => "circles_right_canvas",
            Self::Direct => "direct",
            Self::DirectVisible => "direct_visible",
            Self::Sprites => "sprites",
            Self::SceneCanvas => "scene_canvas",
            Self::Tiles => "tiles",
            Self::Fill => "fill",
            Self::Copy => "copy",
            Self::TidyLayout => "tidy_layout",
            Self::TidySizes => "tidy_sizes",
            Self::DotsRaster => "dots_raster",
            Self::DotsFillRect => "dots_fill_rect",
        }
    }
}

/// What a way took, in milliseconds for all redraws together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    pub way: Way,
    /// Until the browser had written down what is to be drawn: a browser throws away what a later
    /// full clear hides, so this says little. `None` where nothing is drawn.
    pub recorded_millis: Option<f64>,
    /// Until every redraw was there: after each, one pixel is read back.
    pub painted_millis: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_up_goes_through_an_address() {
        for kind in Kind::ALL {
            let made = Made { kind, nodes: 100_000, seed: 7 };
            assert_eq!(Made::parse(&made.format()), Some(made));
        }
        assert_eq!(Made::parse("tree:9999999:1").map(|made| made.nodes), Some(Made::MOST_NODES));
        for broken in ["", "tree", "tree:x:1", "tree:-1:1", "forest:1:1", "tree:1"] {
            assert_eq!(Made::parse(broken), None, "{broken}");
        }
    }
}
