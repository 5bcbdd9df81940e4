//! Numbers as they stand on cards: short, with their units, the same in every language.

/// "1,288": thousands parted by commas, as English and Chinese both do.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// "12.3 MB": three figures, in powers of 1000.
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if value < 1000 {
        return format!("{value} B");
    }
    let mut scaled = value as f64;
    let mut unit = "B";
    for larger in UNITS {
        // What would be rounded to 1000 belongs to the next unit.
        if scaled < 999.5 {
            break;
        }
        scaled /= 1000.0;
        unit = larger;
    }
    if scaled < 9.995 {
        format!("{scaled:.2} {unit}")
    } else if scaled < 99.95 {
        format!("{scaled:.1} {unit}")
    } else {
        format!("{scaled:.0} {unit}")
    }
}

/// "850 µs", "12.3 ms".
pub(crate) fn millis(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros} µs"),
        _ => format!("{:.1} ms", micros as f64 / 1000.0),
    }
}

/// "87 %"; what is there but less than one percent is "<1 %", and only all of it is "100 %".
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0 %".to_owned();
    }
    let share = part as f64 * 100.0 / whole as f64;
    if share < 1.0 {
        "<1 %".to_owned()
    } else if part < whole && share > 99.0 {
        ">99 %".to_owned()
    } else {
        format!("{share:.0} %")
    }
}

/// Parts in a thousand, rounded, at most 1000.
pub(crate) fn per_mille(part: u64, whole: u64) -> u32 {
    if whole == 0 {
        return 0;
    }
    let share = (u128::from(part) * 1000 + u128::from(whole) / 2) / u128::from(whole);
    // Something is never rounded to nothing, nor a part to the whole.
    let (least, most) = (u128::from(part > 0), if part < whole { 999 } else { 1000 });
    u32::try_from(share.clamp(least, most)).unwrap_or(1000)
}

/// A logarithmic scale cut into steps, so that a mark moves seldom while a number grows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogScale {
    /// Where the first step begins.
    pub(crate) low: f64,
    /// Where the last step ends.
    pub(crate) high: f64,
    pub(crate) steps: u8,
}

impl LogScale {
    /// 1 second to 1 week: ages and idle times of connections.
    pub(crate) const TIME: Self = Self { low: 1.0, high: 604_800.0, steps: 24 };
    /// 1 kB to 1 GB: what a connection has not read.
    pub(crate) const BACKLOG: Self = Self { low: 1e3, high: 1e9, steps: 12 };

    /// 0 below the scale, `steps` at its end and beyond.
    pub(crate) fn step(self, value: u64) -> u8 {
        let value = value as f64;
        if value < self.low {
            return 0;
        }
        let share = (value / self.low).ln() / (self.high / self.low).ln();
        // At least one step, so that what is there can be seen.
        (share * f64::from(self.steps)).ceil().clamp(1.0, f64::from(self.steps)) as u8
    }

    /// The least whole value at which the mark stands at `step` or beyond; `None` beyond the scale.
    pub(crate) fn begin_of(self, step: u8) -> Option<u64> {
        let (mut low, mut high) = (0, self.high.ceil() as u64);
        if step > self.step(high) {
            return None;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.step(middle) >= step {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Some(low)
    }

    /// The length of the mark at a step, 0 to 1.
    pub(crate) fn share(self, step: u8) -> f32 {
        f32::from(step.min(self.steps)) / f32::from(self.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_parted() {
        for (value, expect) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(value), expect);
        }
    }

    #[test]
    fn bytes_have_three_figures() {
        for (value, expect) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.00 kB"),
            (9_999, "10.0 kB"),
            (12_345_678, "12.3 MB"),
            (999_499, "999 kB"),
            (999_600, "1.00 MB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(bytes(value), expect);
        }
    }

    #[test]
    fn shares_do_not_round_away_what_is_there() {
        for (part, whole, expect) in [
            (0, 0, "0 %"),
            (0, 10, "0 %"),
            (1, 1000, "<1 %"),
            (87, 100, "87 %"),
            (9_999, 10_000, ">99 %"),
            (10, 10, "100 %"),
        ] {
            assert_eq!(percent(part, whole), expect);
        }
        assert_eq!(per_mille(u64::MAX, u64::MAX), 1000);
        assert_eq!(per_mille(1, 3), 333);
    }

    #[test]
    fn a_scale_moves_by_steps() {
        let scale = LogScale::TIME;
        assert_eq!(
            [0, 1, 2, 60, 61, 604_800, u64::MAX].map(|secs| scale.step(secs)),
            [0, 1, 2, 8, 8, 24, 24]
        );
        assert!((scale.share(12) - 0.5).abs() < f32::EPSILON);
        for step in 1..=24 {
            let begin = scale.begin_of(step).expect("a step of the scale");
            assert!(scale.step(begin) >= step && scale.step(begin - 1) < step, "{step}");
        }
        assert_eq!((scale.begin_of(0), scale.begin_of(25)), (Some(0), None));
    }
}
