//! A painter that writes down what it is told, one line an operation.

use std::fmt::Write as _;

use crate::ink::Tone;
use crate::painter::{Font, Painter, PxRect, Target};
use crate::path::{Path, PathOp};
use crate::sprites::SpriteSlot;

/// The operations as text, for golden tests and for counting. Numbers have two digits at most.
#[derive(Clone, Debug, Default)]
pub struct RecordingPainter {
    pub ops: Vec<String>,
    /// Whether it says that it has sprites.
    pub sprites: bool,
    /// Whether it says that it has every picture.
    pub photos: bool,
}

impl RecordingPainter {
    pub fn with_sprites() -> Self {
        Self { sprites: true, ..Self::default() }
    }

    /// All operations, a line each.
    pub fn text(&self) -> String {
        self.ops.iter().fold(String::new(), |all, op| all + op + "\n")
    }
}

/// A number with at most two digits after the point, and no more than it needs.
pub(crate) fn short(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    // No "-0": it would make equal pictures differ.
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    format!("{rounded}")
}

fn rect(rect: PxRect) -> String {
    let PxRect { x, y, width, height } = rect;
    format!("{} {} {}x{}", short(x), short(y), short(width), short(height))
}

fn tone(tone: Tone) -> String {
    if tone.alpha == 255 {
        tone.ink.token().to_owned()
    } else {
        format!("{}/{}", tone.ink.token(), tone.alpha)
    }
}

/// A path in the words of SVG.
pub(crate) fn path_data(path: &Path) -> String {
    let mut data = String::new();
    let mut put = |letter: char, numbers: &[f64]| {
        data.push(letter);
        for (i, number) in numbers.iter().enumerate() {
            // Writing into a string cannot fail.
            let _ = write!(data, "{}{}", if i == 0 { "" } else { " " }, short(*number));
        }
    };
    for op in &path.ops {
        match *op {
            PathOp::Move(x, y) => put('M', &[x, y]),
            PathOp::Line(x, y) => put('L', &[x, y]),
            PathOp::Quad(a, b, x, y) => put('Q', &[a, b, x, y]),
            PathOp::Cubic(a, b, c, d, x, y) => put('C', &[a, b, c, d, x, y]),
            PathOp::Close => put('Z', &[]),
        }
    }
    data
}

impl Painter for RecordingPainter {
    fn fill_rect(&mut self, area: PxRect, ink: Tone) {
        self.ops.push(format!("rect {} {}", rect(area), tone(ink)));
    }

    fn fill_round_rect(&mut self, area: PxRect, radius: f64, ink: Tone) {
        self.ops.push(format!("round {} r{} {}", rect(area), short(radius), tone(ink)));
    }

    fn stroke_round_rect(&mut self, area: PxRect, radius: f64, width: f64, ink: Tone) {
        let (area, radius, width) = (rect(area), short(radius), short(width));
        self.ops.push(format!("edge {area} r{radius} w{width} {}", tone(ink)));
    }

    fn stroke_path(&mut self, path: &Path, width: f64, ink: Tone) {
        self.ops.push(format!("stroke w{} {} {}", short(width), tone(ink), path_data(path)));
    }

    fn stroke_dashed(&mut self, path: &Path, width: f64, dash: f64, ink: Tone) {
        let (width, dash) = (short(width), short(dash));
        self.ops.push(format!("dashes w{width} d{dash} {} {}", tone(ink), path_data(path)));
    }

    fn fill_path(&mut self, path: &Path, ink: Tone) {
        self.ops.push(format!("fill {} {}", tone(ink), path_data(path)));
    }

    fn fill_circle(&mut self, x: f64, y: f64, radius: f64, ink: Tone) {
        self.ops.push(format!("circle {} {} r{} {}", short(x), short(y), short(radius), tone(ink)));
    }

    fn text(&mut self, x: f64, baseline: f64, text: &str, font: Font, ink: Tone) {
        let (x, y, size) = (short(x), short(baseline), short(font.size_px));
        self.ops.push(format!("text {x} {y} {size}/{} {} {text}", font.weight, tone(ink)));
    }

    fn text_turned(&mut self, from: (f64, f64), turn: f64, text: &str, font: Font, ink: Tone) {
        let (x, y, size) = (short(from.0), short(from.1), short(font.size_px));
        let (turn, weight, ink) = (short(turn.to_degrees()), font.weight, tone(ink));
        self.ops.push(format!("turned {turn} {x} {y} {size}/{weight} {ink} {text}"));
    }

    fn text_with_halo(
        &mut self,
        x: f64,
        baseline: f64,
        text: &str,
        font: Font,
        ink: Tone,
        halo: Tone,
    ) {
        let (x, y, size) = (short(x), short(baseline), short(font.size_px));
        let (weight, ink, halo) = (font.weight, tone(ink), tone(halo));
        self.ops.push(format!("label {x} {y} {size}/{weight} {ink} on {halo} {text}"));
    }

    fn photo(&mut self, square: PxRect, radius: f64, opacity: f64, photo: u32) -> bool {
        if self.photos {
            let (square, radius, opacity) = (rect(square), short(radius), short(opacity));
            self.ops.push(format!("photo {square} r{radius} {opacity} #{photo}"));
        }
        self.photos
    }

    fn has_sprites(&self) -> bool {
        self.sprites
    }

    fn target(&mut self, target: Target) {
        self.ops.push(match target {
            Target::Tile => "target tile".to_owned(),
            Target::Sprite(SpriteSlot { atlas, x, y, width, height }) => {
                format!("target sprite {atlas}: {x} {y} {width}x{height}")
            }
        });
    }

    fn blit(&mut self, slot: SpriteSlot, x: i32, y: i32) {
        let SpriteSlot { atlas, x: from_x, y: from_y, width, height } = slot;
        self.ops.push(format!("blit {atlas}: {from_x} {from_y} {width}x{height} to {x} {y}"));
    }
}
