//! The anatomy of a card, at any size.

use crate::card::{Card, Meter};
use crate::column::paint_column;
use crate::detail::{Detail, ramp};
use crate::glyph::glyph_path;
use crate::ink::{Ink, Tone};
use crate::painter::{Font, Painter, PxRect};
use crate::path::Path;
use crate::ring::{Ring, paint_ring};
use crate::scene::Shape;
use crate::text::{cut_to_width, shown, width_estimate};

/// Corner radius, world units.
const RADIUS_UNITS: f64 = 7.0;
const BAND_UNITS: f64 = 4.0;
/// Text below this many CSS px is noise and not drawn.
pub(crate) const LEAST_TEXT_CSS_PX: f64 = 6.5;
/// Widths from the estimate are taken on trust if there is room for this much more.
const ESTIMATE_DOUBT: f64 = 1.15;

/// Everything about a node but its content. Lengths are device px of the target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Look {
    pub rect: PxRect,
    /// Device px per world unit.
    pub unit: f64,
    pub device_pixel_ratio: f64,
    pub detail: Detail,
    pub shape: Shape,
    pub tint: Ink,
    /// In a picture of rings, the node's part of them.
    pub ring: Option<Ring>,
}

impl Look {
    pub(crate) fn hairline(&self) -> f64 {
        self.device_pixel_ratio.round().max(1.0)
    }

    fn radius(&self) -> f64 {
        (RADIUS_UNITS * self.unit).min(self.rect.height.min(self.rect.width) * 0.2)
    }

    pub(crate) fn band_width(&self) -> f64 {
        (BAND_UNITS * self.unit)
            .max(2.0 * self.device_pixel_ratio)
            .round()
            .min(self.rect.width / 4.0)
    }

    /// Whether there is room for a picture. A card that is hardly wider than high says more by its
    /// name.
    pub(crate) fn has_photo(&self) -> bool {
        self.detail.photo > 0.0 && self.rect.width > 2.0 * self.rect.height
    }
}

/// Paints a node that is more than a bar. `card` is needed from [`crate::Stage::Chip`] on.
pub(crate) fn paint_node(painter: &mut impl Painter, look: &Look, card: Option<&Card>) {
    if look.rect.width <= 0.0 || look.rect.height <= 0.0 {
        return;
    }
    if let Some(ring) = &look.ring {
        paint_ring(painter, look, ring, card);
        return;
    }
    paint_plate(painter, look, card);
    match card {
        Some(card) if look.shape == Shape::Column => paint_column(painter, look, card),
        Some(card) => paint_content(painter, look, card),
        None => {}
    }
}

/// Of nodes that are nothing but their colour: full strength would shout on a map.
pub(crate) const BAR_OPACITY: f64 = 0.8;

fn paint_plate(painter: &mut impl Painter, look: &Look, card: Option<&Card>) {
    let (rect, radius, hairline) = (look.rect, look.radius(), look.hairline());
    let is_muted = card.is_some_and(|card| card.is_muted);
    let Detail { edge, tint, .. } = look.detail;
    if look.shape == Shape::Ghost {
        painter.fill_round_rect(rect, radius, Ink::Paper.into());
        let mut outline = Path::default();
        outline.round_rect(rect.inset(hairline / 2.0), [radius; 4]);
        painter.stroke_dashed(&outline, hairline, 4.0 * hairline, Ink::Idle.at(edge));
        if tint > 0.0 {
            painter.fill_round_rect(rect, radius, look.tint.at(0.5 * tint));
        }
        return;
    }
    if !is_muted {
        // Two thin layers make a soft edge; a blur would cost more than the card.
        let shadow = PxRect { y: rect.y + hairline, ..rect };
        painter.fill_round_rect(shadow, radius, Ink::Shade.at(edge));
        if look.detail.depth > 0.0 {
            let lower = PxRect { y: rect.y + 2.0 * hairline, ..rect };
            let shade = Ink::Shade.at(0.6 * look.detail.depth);
            painter.fill_round_rect(lower.inset(hairline / 2.0), radius, shade);
        }
    }
    let (ground, outline, width) = match look.shape {
        _ if is_muted => (Ink::CardMuted, Ink::CardEdge, hairline),
        Shape::Card | Shape::Ghost | Shape::Column => (Ink::Card, Ink::CardEdge, hairline),
        Shape::Header => (Ink::CardMuted, Ink::CardEdge, hairline),
        Shape::Root => (Ink::AccentSoft, Ink::Accent, 2.0 * hairline),
    };
    painter.fill_round_rect(rect, radius, ground.into());
    painter.stroke_round_rect(rect, radius, width, outline.at(edge));
    if let Some(band) = card.and_then(|card| card.band) {
        let mut path = Path::default();
        if look.shape == Shape::Column {
            let height = look.band_width().max(radius);
            path.round_rect(PxRect { height, ..rect }, [radius, radius, 0.0, 0.0]);
        } else {
            path.left_band(rect, look.band_width(), radius);
        }
        painter.fill_path(&path, if is_muted { band.at(0.5) } else { band.into() });
    }
    if tint > 0.0 {
        painter.fill_round_rect(rect, radius, look.tint.at(BAR_OPACITY * tint));
    }
}

/// The sizes of a card's parts, in device px.
struct Type {
    title: f64,
    subtitle: f64,
    figure: f64,
    note: f64,
}

impl Type {
    /// At scale 1 the sizes of the design; below it, text shrinks more slowly than its card, for as
    /// long as the card can hold it.
    fn of(look: &Look) -> Self {
        let dpr = look.device_pixel_ratio;
        let (scale, height) = (look.unit / dpr, look.rect.height / dpr);
        let title = (15.0 * scale).max((0.6 * height).min(10.5)).min(0.72 * height);
        let subtitle = (12.0 * scale).max((0.27 * height).min(9.0)).min(0.4 * height);
        Self {
            title: title * dpr,
            subtitle: subtitle * dpr,
            figure: (13.0 * scale).max(subtitle) * dpr,
            note: subtitle * 0.9 * dpr,
        }
    }
}

/// From the middle of a line of text to its baseline, in ems.
pub(crate) const BASELINE_EMS: f64 = 0.355;

fn paint_content(painter: &mut impl Painter, look: &Look, card: &Card) {
    let Look { rect, unit, detail, device_pixel_ratio: dpr, .. } = *look;
    let is_muted = card.is_muted || look.shape == Shape::Ghost;
    let sizes = Type::of(look);
    if sizes.title < LEAST_TEXT_CSS_PX * dpr || detail.title <= 0.0 {
        return;
    }
    let side = (10.0 * unit).max(3.0 * dpr).min(rect.width * 0.08);
    let band = if card.band.is_some() { look.band_width() } else { 0.0 };
    let (mut left, right) = (rect.x + band + side, rect.right() - side);
    left = paint_photo(painter, look, card, rect.x + band, left);

    let bottom = paint_bars(painter, look, card, (left, right));

    // The first and the second line, centred in what the bars leave.
    let second = has_second_line(card);
    let second_share = if second { detail.subtitle } else { 0.0 };
    let (first_height, second_height) = (1.22 * sizes.title, 1.32 * sizes.subtitle * second_share);
    let top = rect.y + ((bottom - rect.y) - first_height - second_height) / 2.0;
    let first_middle = top + first_height / 2.0;
    let second_middle = top + first_height + second_height / 2.0;
    let first_baseline = (first_middle + BASELINE_EMS * sizes.title).round();
    let second_baseline = (second_middle + BASELINE_EMS * sizes.subtitle).round();

    if let Some(badge) = card.badge {
        let radius = (7.0 * unit).max((0.18 * rect.height).min(5.0 * dpr));
        if detail.badge > 0.0 && right - left > 6.0 * radius {
            let (x, y) = ((left + radius).round(), first_middle.round());
            painter.fill_circle(x, y, radius, badge.ink.at(detail.badge));
            let glyph = glyph_path(badge.glyph, x, y, radius);
            if !glyph.is_empty() && radius >= 3.0 {
                painter.fill_path(&glyph, Ink::Card.at(detail.badge));
            }
            left += (2.0 * radius + 6.0 * unit) * detail.badge;
        }
    }

    let mut title_right = right;
    if !card.figure.is_empty() && detail.subtitle > 0.0 {
        let font = Font { size_px: sizes.figure, weight: 500 };
        let line =
            Line { baseline: first_baseline, font, tone: Ink::TextMuted.at(detail.subtitle) };
        let most = (right - left) * 0.5;
        title_right -= paint_right(painter, right, most, &card.figure, line) + 6.0 * unit;
    }
    let title_ink = if is_muted { Ink::TextMuted } else { Ink::Text };
    let font = Font { size_px: sizes.title, weight: if is_muted { 500 } else { 600 } };
    let line = Line { baseline: first_baseline, font, tone: title_ink.at(detail.title) };
    paint_title(painter, left, title_right - left, card, line);

    // The second line shows only when it has most of its room: never across the first.
    let second_opacity = ramp(second_share, 0.7, 1.0);
    if sizes.subtitle < LEAST_TEXT_CSS_PX * dpr || second_opacity <= 0.0 {
        return;
    }
    let font = Font { size_px: sizes.subtitle, weight: 400 };
    let ink = if is_muted { Ink::TextFaint } else { Ink::TextMuted };
    let line = Line { baseline: second_baseline, font, tone: ink.at(second_opacity) };
    let width = paint_left(painter, left, right - left, &card.subtitle, line);
    if detail.note > 0.0 {
        let font = Font { size_px: sizes.note, weight: 500 };
        let line = Line { baseline: second_baseline, font, tone: Ink::TextFaint.at(detail.note) };
        let gap = if width > 0.0 { 8.0 * unit } else { 0.0 };
        let room = right - left - width - gap;
        // Half a note says nothing, unless there is room for a good part of it.
        let fits = width_estimate(&card.note) * font.size_px <= room;
        if fits || room > (right - left) * 0.4 {
            paint_right(painter, right, room, &card.note, line);
        }
    }
}

/// Room around a picture, and its corners, world units.
const PHOTO_MARGIN_UNITS: f64 = 5.0;
const PHOTO_RADIUS_UNITS: f64 = 4.0;

/// Paints the picture, if there is one, right of `edge`, and returns where the text begins: at
/// `left` or further right.
fn paint_photo(painter: &mut impl Painter, look: &Look, card: &Card, edge: f64, left: f64) -> f64 {
    let Look { rect, unit, detail, device_pixel_ratio: dpr, .. } = *look;
    let Some(photo) = card.photo.filter(|_| look.has_photo()) else { return left };
    let margin = (PHOTO_MARGIN_UNITS * unit).max(2.0 * dpr).round();
    let side = (rect.height - 2.0 * margin).max(0.0);
    let square = PxRect::new(edge + margin, rect.y + margin, side, side);
    let opacity = if card.is_muted { 0.5 } else { 1.0 } * detail.photo;
    if !painter.photo(square, PHOTO_RADIUS_UNITS * unit, opacity, photo) {
        return left;
    }
    // As the picture fades in, it takes its room little by little.
    left + (square.right() + 8.0 * unit - left).max(0.0) * detail.photo
}

fn has_second_line(card: &Card) -> bool {
    !card.subtitle.is_empty() || !card.note.is_empty()
}

/// Paints the strip at the bottom and the meters above it, and returns where the room above ends.
fn paint_bars(
    painter: &mut impl Painter,
    look: &Look,
    card: &Card,
    (left, right): (f64, f64),
) -> f64 {
    let Look { rect, unit, detail, device_pixel_ratio: dpr, .. } = *look;
    let opacity = detail.bars;
    let has_bars = !card.strip.is_empty() || !card.meters.is_empty();
    if opacity <= 0.0 || !has_bars {
        return rect.bottom();
    }
    let thin = |units: f64| (units * unit).max(2.0 * dpr).round();
    let gap = (3.0 * unit).max(dpr).round();
    let mut bottom = rect.bottom() - (6.0 * unit).max(2.0 * dpr).round();
    if !card.strip.is_empty() {
        let height = thin(4.0);
        bottom -= height;
        let strip = PxRect::new(left, bottom, right - left, height);
        paint_strip(painter, strip, &card.strip, opacity);
        bottom -= gap;
    }
    if !card.meters.is_empty() {
        let height = thin(3.0);
        bottom -= height;
        let count = card.meters.len() as f64;
        let between = (6.0 * unit).max(dpr).round();
        let width = ((right - left - between * (count - 1.0)) / count).floor();
        for (i, meter) in card.meters.iter().enumerate() {
            let x = (left + i as f64 * (width + between)).round();
            paint_meter(painter, PxRect::new(x, bottom, width, height), *meter, opacity);
        }
        bottom -= gap;
    }
    // As bars fade in, they take their room little by little.
    let taken = rect.bottom() - bottom;
    rect.bottom() - taken * opacity
}

fn paint_meter(painter: &mut impl Painter, rect: PxRect, meter: Meter, opacity: f64) {
    let radius = rect.height / 2.0;
    painter.fill_round_rect(rect, radius, Ink::CardEdge.at(0.7 * opacity));
    let share = f64::from(meter.share);
    if share > 0.0 {
        // Never shorter than its own height, so that a little still shows as a dot.
        let width = (rect.width * share.min(1.0)).max(rect.height).round().min(rect.width);
        painter.fill_round_rect(PxRect { width, ..rect }, radius, meter.ink.at(opacity));
    }
}

/// Shares side by side, each from a whole px to a whole px, without gaps.
fn paint_strip(painter: &mut impl Painter, rect: PxRect, strip: &[(f32, Ink)], opacity: f64) {
    let radius = (rect.height / 2.0).min(3.0);
    let share_of = |share: f32| f64::from(share).clamp(0.0, 1.0);
    let total = strip.iter().map(|(share, _)| share_of(*share)).sum::<f64>();
    painter.fill_round_rect(rect, radius, Ink::CardEdge.at(0.7 * opacity));
    let scale = rect.width / total.max(1.0);
    let mut x = rect.x.round();
    let mut sum = 0.0;
    for (i, (share, ink)) in strip.iter().enumerate() {
        sum += share_of(*share);
        let end = (rect.x + sum * scale).round();
        if end <= x {
            continue;
        }
        let mut path = Path::default();
        let (first, last) = (i == 0, i + 1 == strip.len() && total >= 0.999);
        let (l, r) = (if first { radius } else { 0.0 }, if last { radius } else { 0.0 });
        path.round_rect(PxRect { x, width: end - x, ..rect }, [l, r, r, l]);
        painter.fill_path(&path, ink.at(opacity));
        x = end;
    }
}

/// How and how high a text stands.
#[derive(Clone, Copy)]
struct Line {
    baseline: f64,
    font: Font,
    tone: Tone,
}

/// The title, or where less than half of it fits, what stands for it.
fn paint_title(painter: &mut impl Painter, left: f64, room: f64, card: &Card, line: Line) {
    let is_long = width_estimate(&card.title) * line.font.size_px * 0.6 > room;
    let text = if is_long && !card.short.is_empty() { &card.short } else { &card.title };
    paint_left(painter, left, room, text, line);
}

/// A text from `left` on, cut to `room`; returns about how wide it is.
fn paint_left(painter: &mut impl Painter, left: f64, room: f64, text: &str, line: Line) -> f64 {
    let Line { baseline, font, tone } = line;
    if text.is_empty() || room <= 0.0 {
        return 0.0;
    }
    let text = shown(text);
    let estimate = width_estimate(&text) * font.size_px;
    if estimate * ESTIMATE_DOUBT <= room {
        painter.text(left.round(), baseline, &text, font, tone);
        return estimate;
    }
    let mut width = 0.0;
    let cut = cut_to_width(&text, room, &mut |part| {
        width = painter.measure(part, font);
        width
    });
    if cut.is_empty() {
        return 0.0;
    }
    painter.text(left.round(), baseline, &cut, font, tone);
    width.min(room)
}

/// A text that ends at `right` and takes at most `most` px; returns its width.
fn paint_right(painter: &mut impl Painter, right: f64, most: f64, text: &str, line: Line) -> f64 {
    let Line { baseline, font, tone } = line;
    if text.is_empty() || most <= 0.0 {
        return 0.0;
    }
    let text = shown(text);
    let mut width = 0.0;
    let cut = cut_to_width(&text, most, &mut |part| {
        width = painter.measure(part, font);
        width
    });
    if cut.is_empty() {
        return 0.0;
    }
    painter.text_before(right.round(), baseline, &cut, font, tone);
    width
}
