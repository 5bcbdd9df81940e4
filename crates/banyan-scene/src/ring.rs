//! The anatomy of a part of a ring: a name along it where it is wide, across it where it is narrow,
//! straight where it is the disc in the middle.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use banyan_layout::fan::{Sector, TURN};

use crate::card::Card;
use crate::ink::{Ink, Tone};
use crate::node::{BAR_OPACITY, BASELINE_EMS, LEAST_TEXT_CSS_PX, Look};
use crate::painter::{Font, Painter};
use crate::path::{Path, PathOp};
use crate::text::{clusters, cut_to_width, is_wide, shown};
use crate::zoom::Level;

/// The size of a name at scale 1, where there is room.
pub(crate) const TITLE_UNITS: f64 = 15.0;
const SUBTITLE_UNITS: f64 = 12.0;
/// A line of text is so many times as high as its letters.
const LINE: f64 = 1.25;
/// The band on the inner edge.
const BAND_UNITS: f64 = 4.0;
const MARGIN_UNITS: f64 = 6.0;
/// A straight word lies no further off its ring than this.
const MOST_OFF_EMS: f64 = 0.12;

/// The size of a sector's name in world units: smaller where it stands across a narrow one.
pub(crate) fn title_units(sector: &Sector) -> f64 {
    if is_along(sector) { TITLE_UNITS } else { TITLE_UNITS.min(0.6 * sector.arc()) }
}

fn is_along(sector: &Sector) -> bool {
    sector.inner == 0 || sector.arc() >= f64::from(sector.thickness())
}

/// A sector in px of the target; angles in radians, clockwise from upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ring {
    x: f64,
    y: f64,
    inner: f64,
    outer: f64,
    from: f64,
    to: f64,
    is_along: bool,
    is_disc: bool,
    title: f64,
}

impl Ring {
    pub(crate) fn of(sector: &Sector, level: &Level, origin: (i64, i64)) -> Self {
        let (from, to) = sector.angles();
        let px = |units: i32| f64::from(units) * level.px_per_unit;
        Self {
            x: -origin.0 as f64,
            y: -origin.1 as f64,
            inner: px(sector.inner),
            outer: px(sector.outer),
            from,
            to,
            is_along: is_along(sector),
            is_disc: sector.sweep >= TURN,
            title: title_units(sector) * level.px_per_unit,
        }
    }

    fn at(&self, radius: f64, angle: f64) -> (f64, f64) {
        (self.x + radius * angle.sin(), self.y - radius * angle.cos())
    }

    fn outline(&self, inner: f64, outer: f64) -> Path {
        let mut path = Path::default();
        if self.is_disc && inner <= 0.0 {
            path.circle(self.x, self.y, outer);
            return path;
        }
        let start = self.at(outer, self.from);
        path.ops.push(PathOp::Move(start.0, start.1));
        self.arc(&mut path, outer, self.from, self.to);
        let back = self.at(inner, self.to);
        path.ops.push(PathOp::Line(back.0, back.1));
        if inner > 0.0 {
            self.arc(&mut path, inner, self.to, self.from);
        }
        path.ops.push(PathOp::Close);
        path
    }

    /// Cubics of an eighth of a turn at most.
    fn arc(&self, path: &mut Path, radius: f64, from: f64, to: f64) {
        let pieces = ((to - from).abs() / (TAU / 8.0)).ceil().max(1.0);
        let step = (to - from) / pieces;
        let reach = 4.0 / 3.0 * (step / 4.0).tan() * radius;
        for piece in 0..pieces as u32 {
            let (a, b) = (from + step * f64::from(piece), from + step * f64::from(piece + 1));
            let ((ax, ay), (bx, by)) = (self.at(radius, a), self.at(radius, b));
            path.ops.push(PathOp::Cubic(
                ax + reach * a.cos(),
                ay + reach * a.sin(),
                bx - reach * b.cos(),
                by - reach * b.sin(),
                bx,
                by,
            ));
        }
    }
}

pub(crate) fn paint_ring(
    painter: &mut impl Painter,
    look: &Look,
    ring: &Ring,
    card: Option<&Card>,
) {
    let outline = ring.outline(ring.inner, ring.outer);
    let is_muted = card.is_some_and(|card| card.is_muted);
    let (ground, detail) = (if is_muted { Ink::CardMuted } else { Ink::Card }, look.detail);
    painter.fill_path(&outline, ground.into());
    if let Some(band) = card.and_then(|card| card.band).filter(|_| ring.outer > ring.inner) {
        let width = (BAND_UNITS * look.unit).max(2.0 * look.device_pixel_ratio);
        let (from, to) = if ring.is_disc {
            (ring.outer - width, ring.outer)
        } else {
            (ring.inner, (ring.inner + width).min(ring.outer))
        };
        let tone = if is_muted { band.at(0.5) } else { band.into() };
        if ring.is_disc {
            let mut circle = Path::default();
            circle.circle(ring.x, ring.y, from + width / 2.0);
            painter.stroke_path(&circle, width, tone);
        } else if from > 0.0 {
            painter.fill_path(&ring.outline(from, to), tone);
        }
    }
    if detail.tint > 0.0 {
        painter.fill_path(&outline, look.tint.at(BAR_OPACITY * detail.tint));
    }
    let hairline = look.hairline();
    let is_again = card.is_some_and(|card| card.badge.is_some());
    if is_again {
        painter.stroke_dashed(&outline, hairline, 4.0 * hairline, Ink::Cross.at(detail.edge));
    } else {
        painter.stroke_path(&outline, hairline, Ink::CardEdge.into());
    }
    if let Some(card) = card {
        paint_words(painter, look, ring, card);
    }
}

/// A line of text in its place.
struct Line {
    text: String,
    font: Font,
    tone: Tone,
    width: f64,
    /// Of its middle, below the middle of all lines.
    below: f64,
}

fn paint_words(painter: &mut impl Painter, look: &Look, ring: &Ring, card: &Card) {
    let Look { unit, detail, device_pixel_ratio: dpr, .. } = *look;
    let radius = (ring.inner + ring.outer) / 2.0;
    let angle = if ring.is_disc { 0.0 } else { (ring.from + ring.to) / 2.0 };
    let (arc, thickness) = ((ring.to - ring.from) * radius, ring.outer - ring.inner);
    let margin = MARGIN_UNITS * unit;
    let is_straight = ring.inner <= 0.0;
    // Room along the line, and across all lines.
    let (length, height) = match (is_straight, ring.is_along) {
        (true, _) if ring.is_disc => (1.7 * ring.outer, 1.2 * ring.outer),
        (true, _) => (1.4 * ring.outer, 0.7 * ring.outer),
        (false, true) => (arc - 2.0 * margin, thickness - margin),
        (false, false) => (thickness - 2.0 * margin, arc),
    };
    let mut lines = Vec::new();
    let mut add = |text: &str, font: Font, tone: Tone| {
        if text.is_empty() || font.size_px < LEAST_TEXT_CSS_PX * dpr || tone.alpha == 0 {
            return;
        }
        let text = shown(text);
        let text =
            cut_to_width(&text, length, &mut |part| painter.measure(part, font)).into_owned();
        if !text.is_empty() {
            let width = painter.measure(&text, font);
            lines.push(Line { text, font, tone, width, below: 0.0 });
        }
    };
    let ink = if card.is_muted { Ink::TextMuted } else { Ink::Text };
    let weight = if card.is_muted { 500 } else { 600 };
    add(&card.title, Font { size_px: ring.title, weight }, ink.at(detail.title));
    let second = SUBTITLE_UNITS * unit * (ring.title / (TITLE_UNITS * unit)).min(1.0);
    if LINE * (ring.title + second) <= height {
        let font = Font { size_px: second, weight: 400 };
        add(&card.subtitle, font, Ink::TextMuted.at(detail.subtitle));
    }
    let whole: f64 = lines.iter().map(|line| LINE * line.font.size_px).sum();
    let mut top = -whole / 2.0;
    for line in &mut lines {
        line.below = top + LINE * line.font.size_px / 2.0;
        top += LINE * line.font.size_px;
    }
    for line in &lines {
        if is_straight {
            let middle = if ring.is_disc { 0.0 } else { 0.42 * ring.outer };
            straight(painter, ring.at(middle, 0.0), 0.0, line);
        } else if !ring.is_along {
            // Outwards on the right, inwards on the left: from left to right for whoever reads.
            let turn = if angle.sin() >= 0.0 { angle - FRAC_PI_2 } else { angle + FRAC_PI_2 };
            straight(painter, ring.at(radius, angle), turn, line);
        } else if line.text.chars().all(is_set_singly) {
            bent(painter, ring, (radius, angle), line);
        } else {
            let turn = if angle.cos() >= 0.0 { angle } else { angle + PI };
            straight(painter, ring.at(radius, angle), turn, line);
        }
    }
}

/// Whether a letter looks the same alone as within its word: Latin, Greek, Cyrillic and their like,
/// and Chinese, Japanese, Korean.
fn is_set_singly(c: char) -> bool {
    c < '\u{590}' || is_wide(c) || matches!(c, '\u{2010}'..='\u{2027}')
}

/// A line around a middle.
fn straight(painter: &mut impl Painter, (x, y): (f64, f64), turn: f64, line: &Line) {
    let (sin, cos) = turn.sin_cos();
    let (back, down) = (-line.width / 2.0, line.below + BASELINE_EMS * line.font.size_px);
    let from = (x + back * cos - down * sin, y + back * sin + down * cos);
    painter.text_turned(from, turn, &line.text, line.font, line.tone);
}

/// A line along a ring: word by word, or letter by letter where the ring is tight. Below the middle it runs the other way round, so that it
/// does not stand on its head.
fn bent(painter: &mut impl Painter, ring: &Ring, (radius, angle): (f64, f64), line: &Line) {
    let down = line.below + BASELINE_EMS * line.font.size_px;
    let is_upright = angle.cos() >= -1e-9;
    let (radius, way) = if is_upright { (radius - down, 1.0) } else { (radius + down, -1.0) };
    let size = line.font.size_px;
    let mut along = -line.width / 2.0;
    let mut put = |painter: &mut _, piece: &str, advance: f64| {
        let middle = angle + way * (along + advance / 2.0) / radius.max(1.0);
        let turn = if is_upright { middle } else { middle + PI };
        let (x, y) = ring.at(radius, middle);
        let half = advance / 2.0;
        let from = (x - half * turn.cos(), y - half * turn.sin());
        Painter::text_turned(painter, from, turn, piece, line.font, line.tone);
        along += advance;
    };
    for word in line.text.split_inclusive(' ') {
        let advance = painter.measure(word, line.font);
        // How far the middle of the word lies off the ring if it is straight.
        let off = advance * advance / (8.0 * radius.max(1.0));
        if off < MOST_OFF_EMS * size {
            put(painter, word, advance);
            continue;
        }
        for cluster in clusters(word) {
            let advance = painter.measure(cluster, line.font);
            put(painter, cluster, advance);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::CardSource;
    use crate::cutout::Cutout;
    use crate::detail::Detail;
    use crate::direct::paint_nodes;
    use crate::record::RecordingPainter;
    use crate::scene::{Scene, SceneParts};
    use crate::zoom::ZoomStep;
    use banyan_layout::geometry::Point;

    struct Names;

    impl CardSource for Names {
        fn card(&self, _: u32, card: &mut Card) {
            card.title = "Ann 賈".into();
            card.subtitle = "1800–1850".into();
        }
    }

    fn scene(sector: Sector) -> Scene {
        let boxes = vec![sector.bounds()];
        Scene::new(SceneParts { boxes, sectors: vec![sector], ..SceneParts::default() })
    }

    fn words(sector: Sector) -> Vec<String> {
        let scene = scene(sector);
        let cutout = Cutout::of_region(scene.framed(), Level::new(ZoomStep::ONE, 1.0));
        let mut painter = RecordingPainter::default();
        paint_nodes(&scene, &Names, &[0], &cutout, Some(Detail::FULL), &mut painter);
        painter.ops.into_iter().filter(|op| op.starts_with("turned")).collect()
    }

    fn turn(op: &str) -> f64 {
        op.split(' ').nth(1).unwrap().parse().unwrap()
    }

    #[test]
    fn names_follow_a_wide_ring_and_cross_a_narrow_one() {
        let wide = words(Sector { inner: 100, outer: 160, from: -TURN / 4, sweep: TURN / 4 });
        assert!(wide.len() > 8, "the years letter by letter: {wide:?}");
        let years = &wide[2..];
        assert!(years.windows(2).all(|pair| turn(&pair[0]) < turn(&pair[1])), "{wide:?}");
        assert!((turn(&wide[1]) + 45.0).abs() < 20.0);
        // Below the middle, the other way round: never on its head.
        let below = words(Sector { inner: 100, outer: 160, from: TURN / 4, sweep: TURN / 4 });
        assert!(below.iter().all(|op| (turn(op) - 315.0).abs() < 40.0), "{below:?}");
        let narrow = words(Sector { inner: 300, outer: 440, from: TURN / 8, sweep: TURN / 64 });
        assert!(narrow.iter().all(|op| (-45.0..0.0).contains(&turn(op))), "{narrow:?}");
        assert!(narrow[0].ends_with("Ann 賈"));
        let left = words(Sector { inner: 300, outer: 440, from: -TURN / 8, sweep: TURN / 64 });
        assert!(left.iter().all(|op| (45.0..50.0).contains(&turn(op))), "{left:?}");
        let disc = words(Sector { inner: 0, outer: 72, from: -TURN / 2, sweep: TURN });
        assert_eq!(disc.iter().map(|op| turn(op)).collect::<Vec<_>>(), [0.0, 0.0]);
    }

    #[test]
    fn only_what_is_drawn_is_hit() {
        let sector = Sector { inner: 100, outer: 200, from: -TURN / 4, sweep: TURN / 2 };
        let scene = scene(sector);
        assert_eq!(scene.hit(Point::new(0, -150), 0), Some(0));
        assert_eq!(scene.hit(Point::new(0, -50), 200), None, "within its box, not within it");
        assert!(scene.typical_height == 56);
        let thin = Sector { inner: 800, outer: 940, from: 0, sweep: TURN / 512 };
        assert!(title_units(&thin) < 8.0);
    }
}
