//! Levels of detail: what of a card is left at which size.

/// Below this height a card shows its box and its colour, and nothing that stands on it.
pub(crate) const LEAST_READ_CSS_PX: f64 = 10.0;

/// Below this height nodes are no longer drawn one by one.
pub(crate) const LEAST_BAR_CSS_PX: f64 = 2.5;

/// What a node is drawn as, by its height in CSS px. Each step drops the least important thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Part of a raster of all nodes.
    Density,
    /// A tinted rectangle.
    Bar,
    /// A card's outline with its tint.
    Box,
    /// The title, cut to what fits.
    Chip,
    /// The title and the badge.
    Plate,
    /// Title, subtitle, figure, bars, picture.
    Card,
    /// All.
    Full,
}

/// The stage, and the opacities that carry the picture from one stage to the next without a jump.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detail {
    pub stage: Stage,
    /// How much of the tint covers the card: 1 for bars, 0 for cards that can be read.
    pub tint: f64,
    /// Opacity of the card's edge and shadow.
    pub edge: f64,
    /// Opacity of the second layer of the shadow.
    pub depth: f64,
    pub title: f64,
    pub badge: f64,
    /// Meters and strip.
    pub bars: f64,
    /// Subtitle and figure.
    pub subtitle: f64,
    /// The picture, and the room that it takes.
    pub photo: f64,
    pub note: f64,
}

impl Detail {
    /// Of a node that is `height` CSS px high on the screen.
    pub fn of(height: f64) -> Self {
        let stage = match height {
            h if h < LEAST_BAR_CSS_PX => Stage::Density,
            h if h < 6.0 => Stage::Bar,
            h if h < 11.5 => Stage::Box,
            h if h < 18.0 => Stage::Chip,
            h if h < 30.0 => Stage::Plate,
            h if h < 46.0 => Stage::Card,
            _ => Stage::Full,
        };
        Self {
            stage,
            tint: 1.0 - ramp(height, 5.0, 15.0),
            edge: ramp(height, 5.0, 10.0),
            depth: ramp(height, 18.0, 30.0),
            title: ramp(height, 10.5, 13.5),
            badge: ramp(height, 13.0, 18.0),
            bars: ramp(height, 22.0, 30.0),
            subtitle: ramp(height, 27.0, 33.0),
            photo: ramp(height, 30.0, 36.0),
            note: ramp(height, 38.0, 46.0),
        }
    }

    /// Everything, as in an export.
    pub const FULL: Self = Self {
        stage: Stage::Full,
        tint: 0.0,
        edge: 1.0,
        depth: 1.0,
        title: 1.0,
        badge: 1.0,
        bars: 1.0,
        subtitle: 1.0,
        photo: 1.0,
        note: 1.0,
    };
}

/// 0 up to `low`, 1 from `high` on.
pub(crate) fn ramp(value: f64, low: f64, high: f64) -> f64 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoom::ZoomStep;

    #[test]
    fn stages_come_in_order_and_nothing_pops() {
        // A card of 56 units through all steps from afar to scale 1.
        let heights: Vec<f64> = (-60..=0).map(|step| 56.0 * ZoomStep(step).scale()).collect();
        for pair in heights.windows(2) {
            let (before, after) = (Detail::of(pair[0]), Detail::of(pair[1]));
            assert!(before.stage <= after.stage);
            let opacities = |d: Detail| {
                let parts = [d.bars, d.subtitle, d.photo, d.note];
                [[-d.tint, d.edge, d.depth, d.title, d.badge].as_slice(), &parts].concat()
            };
            for (a, b) in opacities(before).into_iter().zip(opacities(after)) {
                assert!(a <= b && b - a < 0.7, "{before:?} {after:?}");
            }
        }
        assert_eq!(Detail::of(56.0), Detail::FULL);
        assert_eq!(Detail::of(0.1).stage, Stage::Density);
    }
}
