//! Text from top to bottom: Han, kana and Hangul upright one below the other, everything else turned
//! to lie along the column, as in printed Chinese and Japanese.

use std::f64::consts::FRAC_PI_2;

use crate::ink::Tone;
use crate::node::BASELINE_EMS;
use crate::painter::{Font, Painter};
use crate::text::{clusters, is_emoji, is_wide};

/// From the top of an upright letter's square to its baseline, in ems.
const UPRIGHT_BASELINE_EMS: f64 = 0.5 + BASELINE_EMS;

/// A piece of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Upright(&'a str),
    Turned(&'a str),
}

/// The text in pieces: each upright letter by itself, the others as long as they follow each other.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = clusters(rest).next()?;
        let length = if is_upright(first) {
            first.len()
        } else {
            clusters(rest).take_while(|cluster| !is_upright(cluster)).map(str::len).sum()
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(if is_upright(piece) { Piece::Upright(piece) } else { Piece::Turned(piece) })
    })
}

/// Brackets and dashes as wide as a letter are turned too.
fn is_upright(cluster: &str) -> bool {
    cluster.chars().next().is_some_and(|c| {
        let is_turned = matches!(c,
            '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301c}' | '\u{30fc}' | '\u{ff08}' | '\u{ff09}'
            | '\u{ff0d}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff5b}'..='\u{ff5e}');
        (is_wide(c) || is_emoji(c)) && !is_turned
    })
}

/// How long a text is from top to bottom, in px.
pub(crate) fn length_down(painter: &mut impl Painter, text: &str, font: Font) -> f64 {
    let length = |piece| match piece {
        Piece::Upright(_) => font.size_px,
        Piece::Turned(text) => painter.measure(text, font),
    };
    pieces(text).map(length).sum()
}

/// Writes a text downwards from `top`, in the column around `middle`; returns where it ends.
pub(crate) fn text_down(
    painter: &mut impl Painter,
    (middle, top): (f64, f64),
    text: &str,
    font: Font,
    tone: Tone,
) -> f64 {
    let size = font.size_px;
    let mut y = top;
    for piece in pieces(text) {
        match piece {
            Piece::Upright(letter) => {
                let x = (middle - size / 2.0).round();
                painter.text(x, (y + UPRIGHT_BASELINE_EMS * size).round(), letter, font, tone);
                y += size;
            }
            Piece::Turned(text) => {
                let from = ((middle - BASELINE_EMS * size).round(), y.round());
                painter.text_turned(from, FRAC_PI_2, text, font, tone);
                y += painter.measure(text, font);
            }
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::Ink;
    use crate::record::RecordingPainter;

    #[test]
    fn han_stands_and_latin_lies() {
        let mut painter = RecordingPainter::default();
        let font = Font { size_px: 20.0, weight: 400 };
        let text = "賈寶玉 Jia（石）";
        let end = text_down(&mut painter, (50.0, 100.0), text, font, Ink::Text.into());
        assert_eq!(
            painter.ops,
            [
                "text 40 117 20/400 text 賈",
                "text 40 137 20/400 text 寶",
                "text 40 157 20/400 text 玉",
                "turned 90 43 160 20/400 text  Jia（",
                "text 40 236 20/400 text 石",
                "turned 90 43 239 20/400 text ）",
            ]
        );
        assert!((end - 100.0 - length_down(&mut painter, text, font)).abs() < 1e-9);
    }
}
