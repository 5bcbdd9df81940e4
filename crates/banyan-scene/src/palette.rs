//! From the colour tokens of a style sheet to the bytes of a screen.

use crate::ink::{Ink, Tone};

/// An sRGB colour, not premultiplied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rgba {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
    pub alpha: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// What a style sheet lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaletteError {
    #[error("the style sheet has no block `{selector}`")]
    NoBlock { selector: &'static str },
    #[error("`--ink-{token}` is missing in `{selector}`")]
    Missing { selector: &'static str, token: &'static str },
    #[error("`--ink-{token}` in `{selector}` is not `oklch(L C H)` or `oklch(L C H / A)`")]
    NotOklch { selector: &'static str, token: &'static str },
}

/// The colours of all inks in one theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    colors: Vec<Rgba>,
}

impl Theme {
    const fn selector(self) -> &'static str {
        match self {
            Self::Light => ":root",
            Self::Dark => "[data-theme=\"dark\"]",
        }
    }
}

impl Palette {
    /// Reads `--ink-TOKEN: oklch(L C H / A);` for every ink from the theme's block of a style sheet:
    /// L and A from 0 to 1, H in degrees.
    pub fn parse(css: &str, theme: Theme) -> Result<Self, PaletteError> {
        let selector = theme.selector();
        let block = block(css, selector).ok_or(PaletteError::NoBlock { selector })?;
        let colors = Ink::ALL
            .iter()
            .map(|ink| {
                let token = ink.token();
                let value = value(block, token).ok_or(PaletteError::Missing { selector, token })?;
                oklch(value).ok_or(PaletteError::NotOklch { selector, token })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { colors })
    }

    pub fn color(&self, ink: Ink) -> Rgba {
        self.colors.get(ink as usize).copied().unwrap_or_default()
    }

    /// The colour of a tone; its alpha is the ink's own times the tone's.
    pub fn tone(&self, tone: Tone) -> Rgba {
        let color = self.color(tone.ink);
        let alpha = (u32::from(color.alpha) * u32::from(tone.alpha) + 127) / 255;
        Rgba { alpha: alpha as u8, ..color }
    }

    /// `#rrggbb`, or `#rrggbbaa` where it is not opaque: for canvases and SVG.
    pub fn css(&self, tone: Tone) -> String {
        let Rgba { red, green, blue, alpha } = self.tone(tone);
        if alpha == 255 {
            format!("#{red:02x}{green:02x}{blue:02x}")
        } else {
            format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}")
        }
    }
}

/// What stands between the braces after `selector`. Token blocks do not nest.
fn block<'a>(css: &'a str, selector: &str) -> Option<&'a str> {
    css.split('}').find_map(|rule| {
        let (head, body) = rule.split_once('{')?;
        let head = head.rsplit("*/").next()?;
        head.split(',').any(|one| one.trim() == selector).then_some(body)
    })
}

fn value<'a>(block: &'a str, token: &str) -> Option<&'a str> {
    block.split(';').find_map(|declaration| {
        // A comment may stand before the property.
        let declaration = declaration.rsplit("*/").next()?;
        let (property, value) = declaration.split_once(':')?;
        (property.trim().strip_prefix("--ink-")? == token).then_some(value.trim())
    })
}

fn oklch(value: &str) -> Option<Rgba> {
    let inner = value.strip_prefix("oklch(")?.strip_suffix(')')?;
    let (color, alpha) = inner.split_once('/').unwrap_or((inner, "1"));
    let mut numbers = color.split_whitespace().map(str::parse::<f64>);
    let mut number = || numbers.next()?.ok();
    let (lightness, chroma, hue) = (number()?, number()?, number()?);
    let alpha: f64 = alpha.trim().parse().ok()?;
    let [red, green, blue] = srgb_from_oklch(lightness, chroma, hue);
    Some(Rgba { red, green, blue, alpha: (alpha * 255.0).round() as u8 })
}

/// Björn Ottosson, *A perceptual color space for image processing* (2020); out of gamut is clipped.
fn srgb_from_oklch(lightness: f64, chroma: f64, hue_degrees: f64) -> [u8; 3] {
    let (sin, cos) = hue_degrees.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let cube = |x: f64| x * x * x;
    let l = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let m = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let s = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548 * b);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ]
    .map(|linear| {
        let encoded = if linear <= 0.003_130_8 {
            12.92 * linear
        } else {
            1.055 * linear.powf(1.0 / 2.4) - 0.055
        };
        (encoded * 255.0).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = include_str!("../../../style/tokens.css");
    const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

    fn linear(channel: u8) -> f64 {
        let encoded = f64::from(channel) / 255.0;
        if encoded <= 0.040_45 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
    }

    /// WCAG 2.2, relative luminance.
    fn luminance(color: Rgba) -> f64 {
        0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }

    fn contrast(a: Rgba, b: Rgba) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_ink_has_a_token_in_both_themes() {
        for theme in THEMES {
            let palette = Palette::parse(TOKENS, theme).unwrap();
            assert_eq!(palette.colors.len(), Ink::ALL.len());
        }
    }

    /// 4.5 : 1 for text on every ground it stands on, 3 : 1 for marks.
    #[test]
    fn contrast_is_enough_in_both_themes() {
        use Ink::*;
        let grounds = [Paper, PaperDeep, Card, CardMuted, AccentSoft];
        let texts = [Text, TextMuted, TextFaint];
        let marks = [
            Accent,
            Male,
            Female,
            SexUnknown,
            LineStrong,
            Line,
            Cross,
            Fine,
            Waiting,
            Dead,
            Replica,
            Idle,
            Subscriber,
            TypeString,
            TypeList,
            TypeSet,
            TypeSortedSet,
            TypeHash,
            TypeStream,
            TypeOther,
            Selection,
            Hover,
        ];
        let mut failures = String::new();
        for theme in THEMES {
            let palette = Palette::parse(TOKENS, theme).unwrap();
            let mut check = |front: Ink, ground: Ink, least: f64| {
                let got = contrast(palette.color(front), palette.color(ground));
                if got < least {
                    failures += &format!("{theme:?}: {front:?} on {ground:?} {got:.2} < {least}\n");
                }
            };
            for ground in grounds {
                for text in texts {
                    check(text, ground, 4.5);
                }
            }
            let kinds = Ink::HUES.iter().chain(&Ink::STEPS).chain(&[Others]);
            for &mark in marks.iter().chain(kinds) {
                check(mark, Card, 3.0);
                check(mark, Paper, 3.0);
            }
            check(OnAccent, Accent, 4.5);
        }
        assert!(failures.is_empty(), "{failures}");
    }

    /// Machado, Oliveira and Fernandes (2009), severity 1, applied in linear light.
    const SIGHTS: [(&str, [[f64; 3]; 3]); 3] = [
        (
            "protan",
            [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
        ),
        (
            "deutan",
            [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
        ),
        ("usual", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ];

    fn oklab(color: Rgba, sight: &[[f64; 3]; 3]) -> [f64; 3] {
        let rgb = [linear(color.red), linear(color.green), linear(color.blue)];
        let [r, g, b] = sight.map(|row| row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]);
        let l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b).cbrt();
        let m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b).cbrt();
        let s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b).cbrt();
        [
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
        ]
    }

    /// Colours that stand side by side and mean different things differ for everybody.
    #[test]
    fn meanings_survive_colour_blindness() {
        use Ink::*;
        let pairs = [
            (Male, Female),
            (Fine, Waiting),
            (Fine, Dead),
            (Fine, Idle),
            (Waiting, Idle),
            (Replica, Waiting),
            (Replica, Dead),
            (Waiting, Dead),
            (Fine, Replica),
        ];
        let mut failures = String::new();
        for theme in THEMES {
            let palette = Palette::parse(TOKENS, theme).unwrap();
            for (name, sight) in &SIGHTS {
                for (a, b) in pairs {
                    let (x, y) = (oklab(palette.color(a), sight), oklab(palette.color(b), sight));
                    let apart = x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
                    if apart < 0.06 {
                        failures +=
                            &format!("{theme:?}, {name}: {a:?} and {b:?} {apart:.3} apart\n");
                    }
                }
            }
        }
        assert!(failures.is_empty(), "{failures}");
    }

    /// How far two inks are apart at least, to the eyes of each sight.
    fn apart(palette: &Palette, a: Ink, b: Ink) -> [f64; SIGHTS.len()] {
        SIGHTS.map(|(_, sight)| {
            let (x, y) = (oklab(palette.color(a), &sight), oklab(palette.color(b), &sight));
            x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt()
        })
    }

    /// Any two kinds differ by at least three times what an eye can tell (0.02), most by far more;
    /// steps side by side by that much for usual eyes, and each is stronger than the one before.
    #[test]
    fn kinds_and_steps_are_told_apart() {
        for theme in THEMES {
            let palette = Palette::parse(TOKENS, theme).unwrap();
            let kinds = [Ink::HUES.as_slice(), &[Ink::Others, Ink::Idle]].concat();
            for (place, &a) in kinds.iter().enumerate() {
                for &b in &kinds[..place] {
                    let [protan, deutan, usual] = apart(&palette, a, b);
                    let is_apart = usual >= 0.1 && protan.min(deutan) >= 0.06;
                    assert!(is_apart, "{theme:?}: {a:?}, {b:?}: {protan} {deutan} {usual}");
                }
            }
            let paper = palette.color(Ink::Paper);
            for pair in Ink::STEPS.windows(2) {
                let [protan, deutan, usual] = apart(&palette, pair[0], pair[1]);
                let is_apart = usual >= 0.055 && protan.min(deutan) >= 0.025;
                assert!(is_apart, "{theme:?}: {pair:?}: {protan} {deutan} {usual}");
                let [before, after] = [pair[0], pair[1]].map(|ink| palette.color(ink));
                assert!(contrast(before, paper) < contrast(after, paper), "{theme:?}: {pair:?}");
            }
        }
    }

    #[test]
    fn oklch_is_that_of_browsers() {
        let check = |text: &str, expect: [u8; 3]| {
            let got = oklch(text).unwrap();
            assert_eq!([got.red, got.green, got.blue], expect, "{text}");
        };
        // The corners of sRGB, as Chromium's getComputedStyle gives them back.
        check("oklch(1 0 0)", [255, 255, 255]);
        check("oklch(0 0 0)", [0, 0, 0]);
        check("oklch(0.62796 0.25768 29.2339)", [255, 0, 0]);
        check("oklch(0.86644 0.29483 142.4953)", [0, 255, 0]);
        check("oklch(0.45201 0.31321 264.052)", [0, 0, 255]);
        assert_eq!(oklch("oklch(0.5 0 0 / 0.5)").unwrap().alpha, 128);
    }

    #[test]
    fn errors_name_what_is_missing() {
        let error = |css: &str| Palette::parse(css, Theme::Dark).unwrap_err().to_string();
        assert_eq!(error(":root { }"), "the style sheet has no block `[data-theme=\"dark\"]`");
        assert_eq!(
            error("[data-theme=\"dark\"] { --ink-card: red; }"),
            "`--ink-paper` is missing in `[data-theme=\"dark\"]`"
        );
        assert_eq!(
            error("[data-theme=\"dark\"] { --ink-paper: red; }"),
            "`--ink-paper` in `[data-theme=\"dark\"]` is not `oklch(L C H)` or `oklch(L C H / A)`"
        );
    }

    #[test]
    fn tones_multiply_alpha() {
        let palette = Palette::parse(TOKENS, Theme::Light).unwrap();
        assert_eq!(palette.css(Ink::Card.into()).len(), 7);
        assert_eq!(palette.tone(Ink::Card.at(0.5)).alpha, 128);
    }
}
