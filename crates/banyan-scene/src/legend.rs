//! What the colours of a picture mean, printed below it.

use crate::cutout::Cutout;
use crate::ink::Ink;
use crate::node::BASELINE_EMS;
use crate::painter::{Font, Painter, PxRect};
use crate::text::{cut_to_width, shown, width_estimate};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Legend {
    /// What the colours say: a generation, a surname.
    pub heading: String,
    pub entries: Vec<LegendEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegendEntry {
    pub ink: Ink,
    pub label: String,
    /// How many there are.
    pub figure: String,
}

/// Lengths in units of the legend: CSS px, or more under a large picture.
const MARGIN: f64 = 16.0;
const ROW: f64 = 22.0;
const TEXT: f64 = 13.0;
const MARK: f64 = 14.0;
const GAP: f64 = 6.0;
const BETWEEN: f64 = 22.0;
/// Longer labels are cut.
const MOST_LABEL: f64 = 320.0;
/// Widths are estimated: so much room is left for letters that are wider.
const DOUBT: f64 = 1.12;
/// A picture of so many px a side has a legend of one px a unit; a larger one has a larger legend.
const USUAL_WIDTH_PX: f64 = 1600.0;
const USUAL_HEIGHT_PX: f64 = 500.0;

/// A legend with its place below a picture.
#[derive(Clone, Debug)]
pub struct Footer {
    heading: String,
    entries: Vec<(LegendEntry, Spot)>,
    /// Level px.
    area: Cutout,
    /// Px of the picture for each unit.
    unit: f64,
}

/// Where an entry stands, in units from the top left corner of the legend.
#[derive(Clone, Copy, Debug)]
struct Spot {
    x: f64,
    row: f64,
    label: f64,
}

impl Footer {
    /// Makes room for a legend below `cutout`: the picture with it, and the legend.
    pub fn below(cutout: &Cutout, legend: &Legend) -> (Cutout, Self) {
        let (width, height) = (f64::from(cutout.width), f64::from(cutout.height));
        let large = (width / USUAL_WIDTH_PX).min(height / USUAL_HEIGHT_PX);
        let unit = cutout.level.device_pixel_ratio.max(large);
        let right = width / unit - MARGIN;
        let mut entries = Vec::new();
        let (mut x, mut row) = (MARGIN + room_of(&legend.heading) + BETWEEN, 0.0);
        for entry in &legend.entries {
            let label = room_of(&entry.label).min(MOST_LABEL);
            let all = MARK + GAP + label + GAP + room_of(&entry.figure);
            if x + all > right && x > MARGIN {
                (x, row) = (MARGIN, row + 1.0);
            }
            entries.push((entry.clone(), Spot { x, row, label }));
            x += all + BETWEEN;
        }
        let footer_px = ((row + 1.0) * ROW + MARGIN) * unit;
        let part = footer_px.ceil() as i32;
        let area = cutout.part(0, cutout.height, cutout.width, part);
        let whole = Cutout { height: cutout.height.saturating_add(part), ..*cutout };
        (whole, Self { heading: legend.heading.clone(), entries, area, unit })
    }

    /// Paints what of it lies in a part of the picture, in the px of that part.
    pub fn paint(&self, part: &Cutout, painter: &mut impl Painter) {
        let (left, top) = ((self.area.x - part.x) as f64, (self.area.y - part.y) as f64);
        let (width, height) = (f64::from(self.area.width), f64::from(self.area.height));
        let is_seen = left < f64::from(part.width)
            && top < f64::from(part.height)
            && left + width > 0.0
            && top + height > 0.0;
        if !is_seen {
            return;
        }
        let unit = self.unit;
        painter.fill_rect(PxRect::new(left, top, width, height), Ink::Paper.into());
        let edge = unit.round().max(1.0);
        painter.fill_rect(PxRect::new(left, top, width, edge), Ink::CardEdge.into());
        let baseline = |row: f64| {
            let middle = MARGIN / 2.0 + (row + 0.5) * ROW;
            (top + (middle + BASELINE_EMS * TEXT) * unit).round()
        };
        let font = |weight| Font { size_px: TEXT * unit, weight };
        let at = |x: f64| left + x * unit;
        painter.text(at(MARGIN), baseline(0.0), &shown(&self.heading), font(600), Ink::Text.into());
        for (LegendEntry { ink, label, figure }, Spot { x, row, label: room }) in &self.entries {
            let y = top + (MARGIN / 2.0 + (row + 0.5) * ROW - 5.0) * unit;
            let mark = PxRect::new(at(*x), y, MARK * unit, 10.0 * unit);
            painter.fill_round_rect(mark, 2.0 * unit, (*ink).into());
            let text = shown(label);
            let cut =
                cut_to_width(&text, room * unit, &mut |part| painter.measure(part, font(400)));
            let x = x + MARK + GAP;
            painter.text(at(x), baseline(*row), &cut, font(400), Ink::Text.into());
            let x = x + room + GAP;
            painter.text(at(x), baseline(*row), figure, font(400), Ink::TextMuted.into());
        }
    }
}

/// Units that a text takes, or a little more.
fn room_of(text: &str) -> f64 {
    width_estimate(text) * TEXT * DOUBT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordingPainter;
    use crate::zoom::Level;

    fn legend(entries: usize) -> Legend {
        let entry = |n: usize| LegendEntry {
            ink: Ink::HUES[n % 12],
            label: format!("kind {n}"),
            figure: (n * 100).to_string(),
        };
        Legend { heading: "Surname".into(), entries: (0..entries).map(entry).collect() }
    }

    fn cutout(width: i32, height: i32) -> Cutout {
        Cutout { level: Level::of_scale(1.0), x: -70, y: 30, width, height }
    }

    #[test]
    fn a_legend_stands_below_its_picture_in_as_many_rows_as_it_needs() {
        let heights: Vec<i32> = [2000, 900, 300, 20]
            .map(|width| {
                let picture = cutout(width, 400);
                let (whole, _) = Footer::below(&picture, &legend(12));
                assert_eq!((whole.x, whole.y, whole.width), (-70, 30, width));
                whole.height - picture.height
            })
            .into();
        assert!(heights.is_sorted() && heights[0] < heights[2], "{heights:?}");
        let large = cutout(32_000, 10_000);
        let (whole, _) = Footer::below(&large, &legend(12));
        assert!(whole.height - large.height > 400, "readable beside so much");
    }

    #[test]
    fn every_part_shows_what_lies_in_it() {
        let picture = cutout(900, 400);
        let (whole, footer) = Footer::below(&picture, &legend(12));
        let painted = |part: &Cutout| {
            let mut painter = RecordingPainter::default();
            footer.paint(part, &mut painter);
            painter.text()
        };
        assert_eq!(painted(&picture), "");
        let all = painted(&whole);
        for text in ["Surname", "kind 0", "kind 11", "1100"] {
            assert!(all.contains(text), "{text}: {all}");
        }
        assert!(painted(&whole.part(500, 300, 64, 200)).contains("kind 11"));
    }
}
