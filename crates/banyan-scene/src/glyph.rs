//! The shapes on badges, as paths: a glyph of a font would differ from machine to machine.

use crate::card::Glyph;
use crate::path::{Path, PathOp};

/// The shape in a circle of `radius` px around (x, y), to be filled. Empty for [`Glyph::Dot`].
pub(crate) fn glyph_path(glyph: Glyph, x: f64, y: f64, radius: f64) -> Path {
    let mut path = Path::default();
    let mut polygon = |points: &[(f64, f64)]| {
        let placed: Vec<_> =
            points.iter().map(|(px, py)| (x + px * radius, y + py * radius)).collect();
        path.polygon(&placed);
    };
    match glyph {
        Glyph::Dot => {}
        Glyph::Check => polygon(&[
            (-0.58, 0.04),
            (-0.4, -0.14),
            (-0.14, 0.12),
            (0.42, -0.44),
            (0.6, -0.26),
            (-0.14, 0.48),
        ]),
        Glyph::Play => polygon(&[(-0.28, -0.5), (0.56, 0.0), (-0.28, 0.5)]),
        Glyph::Pause => {
            polygon(&[(-0.4, -0.45), (-0.12, -0.45), (-0.12, 0.45), (-0.4, 0.45)]);
            polygon(&[(0.12, -0.45), (0.4, -0.45), (0.4, 0.45), (0.12, 0.45)]);
        }
        Glyph::Cross => polygon(&[
            (-0.5, -0.34),
            (-0.34, -0.5),
            (0.0, -0.16),
            (0.34, -0.5),
            (0.5, -0.34),
            (0.16, 0.0),
            (0.5, 0.34),
            (0.34, 0.5),
            (0.0, 0.16),
            (-0.34, 0.5),
            (-0.5, 0.34),
            (-0.16, 0.0),
        ]),
        Glyph::Bolt => polygon(&[
            (0.14, -0.66),
            (-0.42, 0.1),
            (-0.06, 0.1),
            (-0.14, 0.66),
            (0.42, -0.12),
            (0.06, -0.12),
        ]),
        Glyph::Ear => {
            // Waves that arrive.
            polygon(&[(-0.5, -0.16), (-0.26, -0.16), (-0.26, 0.16), (-0.5, 0.16)]);
            for (near, reach) in [(-0.1, 0.34), (0.26, 0.56)] {
                polygon(&[
                    (near - 0.1, -reach),
                    (near + 0.1, -reach),
                    (near + 0.28, 0.0),
                    (near + 0.1, reach),
                    (near - 0.1, reach),
                    (near + 0.08, 0.0),
                ]);
            }
        }
        Glyph::Arrows => {
            polygon(&[
                (-0.6, -0.16),
                (0.12, -0.16),
                (0.12, -0.02),
                (0.58, -0.27),
                (0.12, -0.52),
                (0.12, -0.38),
                (-0.6, -0.38),
            ]);
            polygon(&[
                (0.6, 0.16),
                (-0.12, 0.16),
                (-0.12, 0.02),
                (-0.58, 0.27),
                (-0.12, 0.52),
                (-0.12, 0.38),
                (0.6, 0.38),
            ]);
        }
        Glyph::Layers => {
            for top in [-0.5, -0.1, 0.3] {
                polygon(&[(-0.5, top), (0.5, top), (0.5, top + 0.22), (-0.5, top + 0.22)]);
            }
        }
        Glyph::Star => {
            let points: Vec<_> = (0..10)
                .map(|i| {
                    let angle = f64::from(i) * std::f64::consts::PI / 5.0;
                    let reach = if i % 2 == 0 { 0.68 } else { 0.3 };
                    (angle.sin() * reach, -angle.cos() * reach)
                })
                .collect();
            polygon(&points);
        }
        Glyph::Eye => {
            let at = |px: f64, py: f64| (x + px * radius, y + py * radius);
            let ((left, mid), (right, _)) = (at(-0.7, 0.0), at(0.7, 0.0));
            path.ops.push(PathOp::Move(left, mid));
            path.ops.push(PathOp::Quad(x, y - 0.95 * radius, right, mid));
            path.ops.push(PathOp::Quad(x, y + 0.95 * radius, left, mid));
            path.ops.push(PathOp::Close);
            hole(&mut path, x, y, 0.22 * radius);
        }
        Glyph::Question => {
            // A ring: nothing is known of what is inside.
            path.circle(x, y, 0.52 * radius);
            hole(&mut path, x, y, 0.28 * radius);
        }
    }
    path
}

/// An octagon wound against the outline around it, so that it stays open.
fn hole(path: &mut Path, x: f64, y: f64, radius: f64) {
    let points: Vec<_> = (0..12)
        .map(|i| {
            let angle = -f64::from(i) * std::f64::consts::PI / 6.0;
            (x + angle.cos() * radius, y + angle.sin() * radius)
        })
        .collect();
    path.polygon(&points);
}
