//! The lattice of zoom steps on which tiles are made and the camera rests.

use serde::{Deserialize, Serialize};

/// A rest of the zoom: `scale = 2^(step / 8)` CSS px per world unit. Tiles are made at these scales
/// alone, so that a resting camera can copy them pixel by pixel.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct ZoomStep(pub i32);

/// `2^(i / 8)`. A table, because `exp2` may differ in its last bit between platforms and every
/// picture shall be the same everywhere.
const EIGHTHS: [f64; 8] = [
    1.0,
    1.090_507_732_665_257_7,
    1.189_207_115_002_721,
    1.296_839_554_651_009_6,
    std::f64::consts::SQRT_2,
    1.542_210_825_407_940_7,
    1.681_792_830_507_429,
    1.834_008_086_409_342_4,
];

impl ZoomStep {
    /// Scale 1: one world unit is one CSS px.
    pub const ONE: Self = Self(0);
    /// A million units fit into one px.
    pub const MIN: Self = Self(-160);
    /// Four CSS px per unit.
    pub const MAX: Self = Self(16);

    /// CSS px per world unit.
    pub fn scale(self) -> f64 {
        let eighth = EIGHTHS[self.0.rem_euclid(8) as usize];
        eighth * 2f64.powi(self.0.div_euclid(8))
    }

    /// The step whose scale is nearest (in proportion), within [`Self::MIN`] and [`Self::MAX`].
    pub fn nearest(scale: f64) -> Self {
        Self::from_eighths((scale.max(f64::MIN_POSITIVE).log2() * 8.0).round())
    }

    /// The largest step whose scale is not above `scale`, within [`Self::MIN`] and [`Self::MAX`].
    pub fn floor(scale: f64) -> Self {
        // A scale that stands on the lattice is its own floor, whatever rounding says.
        Self::from_eighths((scale.max(f64::MIN_POSITIVE).log2() * 8.0 + 1e-9).floor())
    }

    fn from_eighths(eighths: f64) -> Self {
        // A float cast saturates, and NaN becomes 0: foreign scales do no harm.
        Self((eighths as i32).clamp(Self::MIN.0, Self::MAX.0))
    }

    /// The step `by` further in (or out, if negative), within the limits.
    #[must_use]
    pub fn offset(self, by: i32) -> Self {
        Self(self.0.saturating_add(by).clamp(Self::MIN.0, Self::MAX.0))
    }
}

/// One zoom step on a screen of a given pixel ratio: the endless picture that tiles are cut from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    pub step: ZoomStep,
    /// Device px per CSS px.
    pub device_pixel_ratio: f64,
    /// Level (device) px per world unit.
    pub px_per_unit: f64,
}

impl Level {
    pub fn new(step: ZoomStep, device_pixel_ratio: f64) -> Self {
        Self { step, device_pixel_ratio, px_per_unit: step.scale() * device_pixel_ratio }
    }

    /// The whole level px nearest to a world coordinate. Boxes and lines go through this one
    /// function, so they agree at the seams of tiles.
    pub fn px(&self, world: i32) -> i64 {
        (f64::from(world) * self.px_per_unit + 0.5).floor() as i64
    }

    /// CSS px that `units` take on the screen.
    pub fn css(&self, units: i32) -> f64 {
        f64::from(units) * self.step.scale()
    }

    /// Width in device px of a hairline: one px on ordinary screens, two on a screen of ratio 2.
    pub fn hairline(&self) -> f64 {
        self.device_pixel_ratio.round().max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lattice_is_its_own_nearest_and_floor() {
        for step in ZoomStep::MIN.0..=ZoomStep::MAX.0 {
            let step = ZoomStep(step);
            assert_eq!(ZoomStep::nearest(step.scale()), step);
            assert_eq!(ZoomStep::floor(step.scale()), step);
            assert_eq!(ZoomStep::floor(step.scale() * 1.05), step);
        }
        assert_eq!(ZoomStep(8).scale(), 2.0);
        assert_eq!(ZoomStep(-16).scale(), 0.25);
    }

    #[test]
    fn foreign_scales_are_limited() {
        assert_eq!(ZoomStep::nearest(f64::INFINITY), ZoomStep::MAX);
        assert_eq!(ZoomStep::nearest(0.0), ZoomStep::MIN);
        assert_eq!(ZoomStep::nearest(f64::NAN), ZoomStep::MIN);
        assert_eq!(ZoomStep(i32::MAX).offset(1), ZoomStep::MAX);
    }
}
