//! The anatomy of a plate whose text is written from top to bottom: a note, the name, and below them
//! smaller columns from right to left.

use crate::card::Card;
use crate::glyph::glyph_path;
use crate::ink::{Ink, Tone};
use crate::node::{LEAST_TEXT_CSS_PX, Look};
use crate::painter::{Font, Painter, PxRect};
use crate::text::{clusters, cut_to_width, shown};
use crate::vertical::{length_down, text_down};

/// Sizes of the name, of what is below it, and of the note above it: world units at most, and shares
/// of the plate's width.
const TITLE: (f64, f64) = (17.0, 0.54);
const BODY: (f64, f64) = (11.0, 0.36);
const NOTE: (f64, f64) = (9.5, 0.34);
/// Free at both ends, and between the parts, in world units.
const MARGIN_UNITS: f64 = 5.0;
/// From one column of the body to the next, in ems.
const PITCH_EMS: f64 = 1.3;

pub(crate) fn paint_column(painter: &mut impl Painter, look: &Look, card: &Card) {
    let Look { rect, unit, detail, device_pixel_ratio: dpr, .. } = *look;
    let size = |(most, share): (f64, f64)| (most * unit).min(share * rect.width);
    let least = LEAST_TEXT_CSS_PX * dpr;
    let margin = (MARGIN_UNITS * unit).max(dpr).min(rect.height * 0.08);
    let middle = rect.x + rect.width / 2.0;
    let band = if card.band.is_some() { look.band_width() } else { 0.0 };
    let (mut y, mut bottom) = (rect.y + band + margin, rect.bottom() - margin);

    let note_font = Font { size_px: size(NOTE), weight: 500 };
    if !card.note.is_empty() && detail.note > 0.0 && note_font.size_px >= least {
        let note = cut_down(painter, &card.note, (bottom - y) * 0.5, note_font);
        let end = text_down(painter, (middle, y), &note, note_font, Ink::TextFaint.at(detail.note));
        // As the note fades in, it takes its room little by little.
        y += (end + 0.6 * margin - y) * detail.note;
    }
    if let Some(badge) = card.badge.filter(|_| detail.badge > 0.0) {
        let radius = (5.0 * unit).min(rect.width * 0.2);
        let at = (middle.round(), (bottom - radius).round());
        painter.fill_circle(at.0, at.1, radius, badge.ink.at(detail.badge));
        let glyph = glyph_path(badge.glyph, at.0, at.1, radius);
        if !glyph.is_empty() && radius >= 3.0 {
            painter.fill_path(&glyph, Ink::Card.at(detail.badge));
        }
        bottom -= 2.0 * radius + 0.5 * margin;
    }

    // From afar the name is larger than its plate wants, for as long as that has room for it.
    let wanted = size(TITLE);
    let ems = length_down(painter, &shown(&card.title), Font { size_px: 1.0, weight: 600 });
    let room = (bottom - y).max(0.0);
    let larger = (10.5 * dpr).min(0.8 * rect.width).min(room / ems.max(1.0));
    let title_font =
        Font { size_px: wanted.max(larger), weight: if card.is_muted { 500 } else { 600 } };
    if title_font.size_px < least || detail.title <= 0.0 {
        return;
    }
    let title = cut_down(painter, &card.title, room, title_font);
    let ink = if card.is_muted { Ink::TextMuted } else { Ink::Text };
    y = text_down(painter, (middle, y), &title, title_font, ink.at(detail.title));

    let font = Font { size_px: size(BODY), weight: 400 };
    if !card.subtitle.is_empty() && detail.subtitle > 0.0 && font.size_px >= least {
        let area = PxRect::new(rect.x, y + margin, rect.width, bottom - y - margin);
        let ink = if card.is_muted { Ink::TextFaint } else { Ink::TextMuted };
        paint_body(painter, area, &card.subtitle, font, ink.at(detail.subtitle));
    }
}

/// A text cut to a length from top to bottom.
fn cut_down(painter: &mut impl Painter, text: &str, room: f64, font: Font) -> String {
    let text = shown(text);
    cut_to_width(&text, room, &mut |part| length_down(painter, part, font)).into_owned()
}

/// Words in columns from right to left. A word that does not fit what is left of a column begins the
/// next; one longer than a column is broken. What does not fit at all is cut.
fn paint_body(painter: &mut impl Painter, area: PxRect, text: &str, font: Font, tone: Tone) {
    let pitch = PITCH_EMS * font.size_px;
    let columns = (area.width / pitch).floor().max(1.0);
    let left = area.x + (area.width - columns * pitch) / 2.0;
    let middle = |column: f64| left + (columns - column - 0.5) * pitch;
    let (top, bottom) = (area.y, area.bottom());
    if bottom - top < font.size_px {
        return;
    }
    let space = 0.45 * font.size_px;
    let (mut column, mut y) = (0.0, top);
    let text = shown(text);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = length_down(painter, word, font);
        if y > top && y + length > bottom && (length <= bottom - top || bottom - y < 2.0 * space) {
            (column, y) = (column + 1.0, top);
        }
        let mut rest = word;
        while !rest.is_empty() && column < columns {
            let is_last = column + 1.0 >= columns;
            let part = if is_last {
                cut_to_width(rest, bottom - y, &mut |part| length_down(painter, part, font))
                    .into_owned()
            } else {
                head(painter, rest, bottom - y, font).to_owned()
            };
            if !part.is_empty() {
                y = text_down(painter, (middle(column), y), &part, font, tone) + space;
            }
            if is_last {
                if part.len() != rest.len() {
                    return;
                }
                break;
            }
            rest = rest.get(part.len()..).unwrap_or_default();
            if !rest.is_empty() {
                (column, y) = (column + 1.0, top);
            }
        }
        if column >= columns {
            return;
        }
    }
}

/// The beginning of a word that fits.
fn head<'a>(painter: &mut impl Painter, word: &'a str, room: f64, font: Font) -> &'a str {
    if length_down(painter, word, font) <= room {
        return word;
    }
    let mut end = 0;
    for cluster in clusters(word) {
        let longer = word.get(..end + cluster.len()).unwrap_or_default();
        if length_down(painter, longer, font) > room {
            break;
        }
        end += cluster.len();
    }
    word.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detail::Detail;
    use crate::node::paint_node;
    use crate::record::RecordingPainter;
    use crate::scene::Shape;

    fn painted(card: &Card, width: f64, height: f64) -> Vec<String> {
        let look = Look {
            rect: PxRect::new(0.0, 0.0, width, height),
            unit: 1.0,
            device_pixel_ratio: 1.0,
            detail: Detail::FULL,
            shape: Shape::Column,
            tint: Ink::Male,
            ring: None,
        };
        let mut painter = RecordingPainter::default();
        paint_node(&mut painter, &look, Some(card));
        painter.ops
    }

    fn card(title: &str, subtitle: &str) -> Card {
        Card { title: title.into(), subtitle: subtitle.into(), ..Card::default() }
    }

    #[test]
    fn a_name_stands_above_columns_from_right_to_left() {
        let ops = painted(&card("賈政", "字存周 配王氏"), 44.0, 96.0);
        let texts: Vec<&String> = ops.iter().filter(|op| op.starts_with("text")).collect();
        assert_eq!(
            texts.iter().map(|op| op.chars().last().unwrap()).collect::<String>(),
            "賈政字存周配王氏"
        );
        let x = |index: usize| {
            let number = texts[index].split(' ').nth(1).unwrap();
            number.parse::<i32>().unwrap()
        };
        assert!(x(2) > x(5), "the second word begins the next column: {texts:?}");
        assert_eq!(x(2), x(4));
    }

    #[test]
    fn what_does_not_fit_is_cut() {
        let long = "甲乙丙丁戊己庚辛壬癸".repeat(9);
        for (title, subtitle) in
            [(long.as_str(), ""), ("甲", long.as_str()), ("Maximilian Wittelsbach of all", &long)]
        {
            let ops = painted(&card(title, subtitle), 34.0, 90.0);
            assert!(ops.iter().any(|op| op.contains('…')), "{ops:?}");
            for op in ops.iter().filter(|op| op.starts_with("text ")) {
                let baseline: f64 = op.split(' ').nth(2).unwrap().parse().unwrap();
                assert!(baseline < 90.0, "{op}");
            }
        }
        assert!(painted(&card("甲", ""), 3.0, 9.0).iter().all(|op| !op.starts_with("text")));
    }
}
