//! The title block: what the picture is of, above it or on the cover of a poster, which also has the
//! plan of its sheets.

use banyan_scene::{Font, Ink, Painter, Path, PxRect, cut_to_width, shown};

use super::PdfOrder;
use super::pages::{Layout, Page, label};
use super::painter::PdfPainter;
use crate::glyphs::GlyphSource;

/// Of a line of the block on a cover, in points.
const COVER_EM: f64 = 12.0;
/// A line of the block of one page is this share of the page's shorter side, so that it can be read
/// from as far away as the picture is looked at from; within these bounds.
const SHARE: f64 = 1.0 / 60.0;
const LEAST_EM: f64 = 9.0;
const LARGEST_EM: f64 = 300.0;
/// In lines: the name's letters, and from one baseline to the next.
const NAME_EMS: f64 = 2.2;
const LINE_EMS: f64 = 1.5;
const MARGIN_EMS: f64 = 1.5;
/// Around what stands on a cover.
const PAD_EMS: f64 = 2.0;
/// A cell of the plan narrower than this many points has no room for its label.
const LABELLED: f64 = 20.0;
/// A plan of more cells than this would be a grey plane.
const MOST_CELLS: u64 = 2_500;

fn em(order: &PdfOrder) -> f64 {
    let short = f64::from(order.cutout.width.min(order.cutout.height));
    match order.layout {
        Layout::Tiled { .. } => COVER_EM,
        Layout::One { points_per_px } => {
            (short * points_per_px * SHARE).clamp(LEAST_EM, LARGEST_EM)
        }
    }
}

/// Points that the block takes of one page; a poster's stands on a cover.
pub(super) fn height(order: &PdfOrder) -> f64 {
    let lines = order.facts.len() as f64;
    match order.layout {
        Layout::One { .. } if !order.title.is_empty() => {
            em(order) * (MARGIN_EMS + NAME_EMS + lines * LINE_EMS + MARGIN_EMS)
        }
        _ => 0.0,
    }
}

/// Draws the block where the page has one, and the plan on a cover, in points of the page.
pub(super) fn draw<G: GlyphSource>(painter: &mut PdfPainter<G>, page: &Page, order: &PdfOrder) {
    let sheet = page.sheet;
    if !page.is_cover() && sheet.head_pt <= 0.0 {
        return;
    }
    let em = em(order);
    let (paper, pad) = if page.is_cover() {
        let margin = sheet.margin_pt;
        let (width, height) = (sheet.width_pt - 2.0 * margin, sheet.height_pt - 2.0 * margin);
        (PxRect::new(margin, margin, width, height), PAD_EMS * em)
    } else {
        (PxRect::new(0.0, 0.0, sheet.width_pt, sheet.head_pt), MARGIN_EMS * em)
    };
    painter.fill_rect(paper, Ink::Paper.into());
    let (left, room) = (paper.x + pad, paper.width - 2.0 * pad);
    let mut baseline = paper.y + pad + 0.8 * NAME_EMS * em;
    let name = Font { size_px: NAME_EMS * em, weight: 600 };
    line(painter, (left, baseline), room, &order.title, name, Ink::Text);
    let small = Font { size_px: em, weight: 400 };
    for fact in &order.facts {
        baseline += LINE_EMS * em;
        line(painter, (left, baseline), room, fact, small, Ink::TextMuted);
    }
    if page.is_cover() {
        let top = baseline + 3.0 * em;
        let room = PxRect::new(left, top, room, paper.y + paper.height - pad - top);
        plan(painter, page, room);
    }
}

fn line<G: GlyphSource>(
    painter: &mut PdfPainter<G>,
    (left, baseline): (f64, f64),
    room: f64,
    text: &str,
    font: Font,
    ink: Ink,
) {
    let text = shown(text).into_owned();
    let text = cut_to_width(&text, room, &mut |text| painter.measure(text, font));
    painter.text(left, baseline, &text, font, ink.into());
}

/// Where each sheet lies in the picture, each as on its foot, within `room`.
fn plan<G: GlyphSource>(painter: &mut PdfPainter<G>, page: &Page, room: PxRect) {
    let sheet = page.sheet;
    let (columns, rows) = (f64::from(page.columns), f64::from(page.rows));
    // A sheet's sides, made smaller until all of them have room.
    let scale = (room.width / (columns * sheet.width_pt))
        .min(room.height / (rows * sheet.height_pt))
        .min(0.25);
    if scale <= 0.0 || u64::from(page.columns) * u64::from(page.rows) > MOST_CELLS {
        return;
    }
    let (width, height) = (sheet.width_pt * scale, sheet.height_pt * scale);
    let (left, top) = (room.x, room.y);
    let (right, bottom) = (left + columns * width, top + rows * height);
    let mut lines = Path::default();
    for column in 0..=page.columns {
        let x = left + f64::from(column) * width;
        lines.polyline(&[(x, top), (x, bottom)]);
    }
    for row in 0..=page.rows {
        let y = top + f64::from(row) * height;
        lines.polyline(&[(left, y), (right, y)]);
    }
    painter.stroke_path(&lines, 0.5, Ink::Line.into());
    if width < LABELLED {
        return;
    }
    let font = Font { size_px: (width / 4.0).min(10.0), weight: 400 };
    for row in 0..page.rows {
        for column in 0..page.columns {
            let text = label(column, row);
            let x = left + (f64::from(column) + 0.5) * width - painter.measure(&text, font) / 2.0;
            let y = top + (f64::from(row) + 0.5) * height + 0.35 * font.size_px;
            painter.text(x, y, &text, font, Ink::TextMuted.into());
        }
    }
}
