//! The names of regions, placed as on a map: never over each other, the important ones first.

use crate::cutout::Cutout;
use crate::detail::ramp;
use crate::ink::Ink;
use crate::painter::{Font, Painter};
use crate::scene::Scene;
use crate::text::shown;
use crate::zoom::Level;

/// Landmarks looked at for one level.
const MOST_LANDMARKS: usize = 4000;

/// A label in level px.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedLabel {
    pub text: String,
    pub font: Font,
    /// Left end of the text and its baseline.
    pub x: i64,
    pub baseline: i64,
    pub width: i64,
    /// 0 to 1.
    pub opacity: f64,
}

/// The labels of the level that was asked for last.
#[derive(Debug, Default)]
pub struct LabelBook {
    level: Option<Level>,
    placed: Vec<PlacedLabel>,
}

impl LabelBook {
    /// Forgets the labels: another scene.
    pub fn clear(&mut self) {
        self.level = None;
    }

    /// All labels of a level, the heaviest first. The same for each of its tiles, so a label that
    /// crosses a seam is whole.
    pub fn placed(
        &mut self,
        scene: &Scene,
        level: &Level,
        painter: &mut impl Painter,
    ) -> &[PlacedLabel] {
        if self.level != Some(*level) {
            self.level = Some(*level);
            self.placed = place(scene, level, painter);
        }
        &self.placed
    }
}

fn place(scene: &Scene, level: &Level, painter: &mut impl Painter) -> Vec<PlacedLabel> {
    // Where cards can be read, they say more than the label of their region: it is gone before their
    // titles come.
    let opacity = 1.0 - ramp(level.css(scene.typical_height), 7.0, 11.0);
    if opacity <= 0.0 {
        return Vec::new();
    }
    let dpr = level.device_pixel_ratio;
    let mut placed: Vec<PlacedLabel> = Vec::new();
    let heaviest = scene.landmarks.first().map_or(0, |landmark| landmark.weight).max(1);
    for landmark in scene.landmarks.iter().take(MOST_LANDMARKS) {
        let region = landmark.region;
        let (width_css, height_css) = (level.css(region.width), level.css(region.height));
        // A name longer than its region would name its neighbours too.
        if width_css < 40.0 || height_css < 10.0 {
            continue;
        }
        let share = f64::from(landmark.weight) / f64::from(heaviest);
        let size_css = if share > 0.4 {
            18.0
        } else if share > 0.08 {
            15.0
        } else {
            13.0
        };
        let font = Font { size_px: size_css * dpr, weight: 600 };
        let text = shown(&landmark.text).into_owned();
        let width = painter.measure(&text, font);
        if width > 1.1 * width_css * dpr {
            continue;
        }
        let center = region.center();
        let label = PlacedLabel {
            x: level.px(center.x) - (width / 2.0).round() as i64,
            baseline: level.px(center.y) + (0.35 * font.size_px).round() as i64,
            width: width.ceil() as i64,
            text,
            font,
            opacity,
        };
        if !placed.iter().any(|other| collide(other, &label)) {
            placed.push(label);
        }
    }
    placed
}

/// Whether two labels come closer than half a line.
fn collide(a: &PlacedLabel, b: &PlacedLabel) -> bool {
    let gap = (a.font.size_px.max(b.font.size_px) * 0.6) as i64;
    let (a_top, b_top) = (a.baseline - a.font.size_px as i64, b.baseline - b.font.size_px as i64);
    a.x < b.x + b.width + gap
        && b.x < a.x + a.width + gap
        && a_top < b.baseline + gap
        && b_top < a.baseline + gap
}

/// Paints those labels of the level that touch the cutout.
pub fn paint_labels(
    scene: &Scene,
    cutout: &Cutout,
    painter: &mut impl Painter,
    book: &mut LabelBook,
) {
    let (right, bottom) = (i64::from(cutout.width), i64::from(cutout.height));
    book.placed(scene, &cutout.level, painter);
    for label in &book.placed {
        let (x, baseline) = (label.x - cutout.x, label.baseline - cutout.y);
        let height = (label.font.size_px * 1.4) as i64;
        let shows = x < right + height
            && x + label.width > -height
            && baseline > -height
            && baseline < bottom + height;
        if shows {
            painter.text_with_halo(
                x as f64,
                baseline as f64,
                &label.text,
                label.font,
                Ink::Text.at(label.opacity),
                Ink::Paper.at(0.85 * label.opacity),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordingPainter;
    use crate::scene::{Landmark, SceneParts};
    use crate::zoom::ZoomStep;
    use banyan_layout::geometry::Rect;

    fn scene() -> Scene {
        let landmark = |x, y, weight, text: &str| Landmark {
            region: Rect::new(x, y, 8000, 4000),
            weight,
            text: text.into(),
        };
        Scene::new(SceneParts {
            boxes: vec![Rect::new(0, 0, 176, 56); 3],
            landmarks: vec![
                landmark(0, 0, 5, "Lesser"),
                landmark(100, 100, 90, "Hanover"),
                landmark(10_000, 100, 40, "贾府"),
            ],
            ..SceneParts::default()
        })
    }

    fn texts(step: i32) -> Vec<String> {
        let level = Level::new(ZoomStep(step), 1.0);
        let mut book = LabelBook::default();
        let placed = book.placed(&scene(), &level, &mut RecordingPainter::default()).to_vec();
        placed.into_iter().map(|label| label.text).collect()
    }

    #[test]
    fn heavy_labels_win_and_cards_silence_all() {
        assert_eq!(texts(-32), ["Hanover", "贾府"]);
        assert_eq!(texts(-56), ["贾府", "Lesser"]);
        assert_eq!(texts(-64), Vec::<String>::new());
        assert_eq!(texts(0), Vec::<String>::new());
    }
}
