//! Numbers, sizes, durations and moments as the reader's language writes them.
//!
//! What to say is decided here and tested natively; how it is written is the browser's `Intl`.

use std::cell::RefCell;

use banyan_view::Value;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use super::text::{Language, tag, text};
use crate::app::few::Few;

/// A value of the details panel, in one line.
pub fn value(value: &Value, locale: Language) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Count(n) => count(*n, locale),
        Value::Bytes(n) => bytes(*n, locale),
        Value::Seconds(n) => seconds(*n, locale),
        Value::Moment(millis) => moment(*millis as f64, locale),
        Value::PerMille(n) => per_mille(*n, locale),
        // Nothing else comes from the engine: it has words for the rest.
        _ => text!(unknown).of(locale).to_owned(),
    }
}

/// `1,288`.
pub fn count(n: u64, locale: Language) -> String {
    number(n as f64, Style::Decimal { digits: 0 }, locale)
}

/// `1.47 MB`: three figures in powers of 1000, as on the cards.
pub fn bytes(n: u64, locale: Language) -> String {
    let (scaled, digits, unit) = scale_bytes(n);
    format!("{} {unit}", number(scaled, Style::Decimal { digits }, locale))
}

/// `3d 4h`: the two largest units that matter.
pub fn seconds(n: u64, locale: Language) -> String {
    let [first, second] = split_seconds(n);
    let part = |(n, unit): (u64, &'static str)| number(n as f64, Style::Unit { unit }, locale);
    match (first, second) {
        (first, None) => part(first.unwrap_or((0, "second"))),
        (first, Some(second)) => {
            let gap = if locale == Language::Chinese { "" } else { " " };
            format!("{}{gap}{}", part(first.unwrap_or((0, "second"))), part(second))
        }
    }
}

/// A short time: `85 ms`, `0.9 s`.
pub fn millis(n: f64, locale: Language) -> String {
    let (n, digits, unit) = match n {
        _ if n < 100.0 => (n, 0, text!(unit_millis)),
        _ if n < 10_000.0 => (n / 1000.0, 1, text!(unit_seconds)),
        _ => (n / 1000.0, 0, text!(unit_seconds)),
    };
    format!("{} {}", number(n, Style::Decimal { digits }, locale), unit.of(locale))
}

/// Parts in a thousand as `12.3%`.
pub fn per_mille(n: u32, locale: Language) -> String {
    number(f64::from(n) / 1000.0, Style::Percent { digits: 1 }, locale)
}

/// A share, 0 to 1, as `42%`; the smaller, the more digits, so that what is little is not nothing.
pub fn percent(share: f64, locale: Language) -> String {
    let digits = match share {
        share if share <= 0.0 || share >= 0.1 => 0,
        share if share >= 0.001 => 1,
        share if share >= 0.000_1 => 2,
        _ => 4,
    };
    number(share, Style::Percent { digits }, locale)
}

/// The time of day where the reader is: `12:04:31`. Milliseconds since 1970.
pub fn clock(millis: f64, locale: Language) -> String {
    date(millis, "clock", &[("timeStyle", "medium".into()), ("hourCycle", "h23".into())], locale)
}

/// Date and time where the reader is. Milliseconds since 1970.
pub fn moment(millis: f64, locale: Language) -> String {
    let options = [
        ("dateStyle", "medium".into()),
        ("timeStyle", "medium".into()),
        ("hourCycle", "h23".into()),
    ];
    date(millis, "moment", &options, locale)
}

/// `3 seconds ago`, for a time that has passed.
pub fn ago(passed_millis: f64, locale: Language) -> String {
    let (n, unit) = match split_seconds((passed_millis / 1000.0).max(0.0) as u64) {
        [Some((n, unit)), _] => (n, unit),
        _ => (0, "second"),
    };
    let options = options(&[("numeric", "auto".into())]);
    let format = Intl::RelativeTimeFormat::new(&locales(locale), &options);
    format.format(-(n as f64), unit).into()
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Decimal {
        digits: u8,
    },
    Percent {
        digits: u8,
    },
    /// Whole numbers of a unit of time, as short as people write it.
    Unit {
        unit: &'static str,
    },
}

thread_local! {
    // Making a formatter costs a hundred times what using it does.
    static NUMBERS: RefCell<Few<(Style, Language), Function>> = RefCell::default();
    static DATES: RefCell<Few<(&'static str, Language), Function>> = RefCell::default();
}

fn number(n: f64, style: Style, locale: Language) -> String {
    let format = NUMBERS.with_borrow_mut(|formats| {
        formats.get_or_insert_with((style, locale), || number_format(style, locale)).clone()
    });
    call(&format, &n.into())
}

fn number_format(style: Style, locale: Language) -> Function {
    let (pairs, digits) = match style {
        Style::Decimal { digits } => (vec![("style", JsValue::from("decimal"))], digits),
        Style::Percent { digits } => (vec![("style", "percent".into())], digits),
        Style::Unit { unit } => {
            let pairs = [("style", "unit"), ("unit", unit), ("unitDisplay", "narrow")];
            (pairs.map(|(key, value)| (key, value.into())).to_vec(), 0)
        }
    };
    let options = options(&pairs);
    set(&options, "maximumFractionDigits", &digits.into());
    Intl::NumberFormat::new(&locales(locale), &options).format()
}

fn date(millis: f64, kind: &'static str, pairs: &[(&str, JsValue)], locale: Language) -> String {
    let format = DATES.with_borrow_mut(|formats| {
        let make = || Intl::DateTimeFormat::new(&locales(locale), &options(pairs)).format();
        formats.get_or_insert_with((kind, locale), make).clone()
    });
    call(&format, &Date::new(&millis.into()))
}

fn call(format: &Function, argument: &JsValue) -> String {
    // `Intl` refuses dates that no calendar holds, and nothing else that is given here.
    format
        .call1(&JsValue::NULL, argument)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

fn locales(locale: Language) -> Array {
    Array::of1(&tag(locale).into())
}

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (key, value) in pairs {
        set(&options, key, value);
    }
    options
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // A plain object takes every property.
    let _ = Reflect::set(object, &key.into(), value);
}

/// The number to print, its digits after the point, and the unit.
fn scale_bytes(n: u64) -> (f64, u8, &'static str) {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if n < 1000 {
        return (n as f64, 0, "B");
    }
    let mut scaled = n as f64;
    let mut unit = "B";
    for larger in UNITS {
        // What would be rounded to 1000 belongs to the next unit.
        if scaled < 999.5 {
            break;
        }
        scaled /= 1000.0;
        unit = larger;
    }
    let digits = match scaled {
        _ if scaled < 9.995 => 2,
        _ if scaled < 99.95 => 1,
        _ => 0,
    };
    (scaled, digits, unit)
}

/// The largest unit and the next smaller one, where it is not zero.
fn split_seconds(n: u64) -> [Option<(u64, &'static str)>; 2] {
    const UNITS: [(u64, &str); 4] =
        [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let Some(first) = UNITS.iter().position(|(secs, _)| n >= *secs) else {
        return [None, None];
    };
    let (secs, unit) = UNITS[first];
    let second = UNITS.get(first + 1).and_then(|(next_secs, next_unit)| {
        let rest = n % secs / next_secs;
        (rest > 0).then_some((rest, *next_unit))
    });
    [Some((n / secs, unit)), second]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_bytes(n: u64, expect: (f64, u8, &str)) {
        let (scaled, digits, unit) = scale_bytes(n);
        assert!((scaled - expect.0).abs() < 1e-9, "{n}: {scaled}");
        assert_eq!((digits, unit), (expect.1, expect.2), "{n}");
    }

    #[test]
    fn bytes_keep_three_digits() {
        check_bytes(0, (0.0, 0, "B"));
        check_bytes(999, (999.0, 0, "B"));
        check_bytes(1000, (1.0, 2, "kB"));
        check_bytes(10_000, (10.0, 1, "kB"));
        check_bytes(100_000, (100.0, 0, "kB"));
        check_bytes(999_600, (0.9996, 2, "MB"));
        check_bytes(3_000_000_000, (3.0, 2, "GB"));
        check_bytes(18_000_000_000_000_000_000, (18.0, 1, "EB"));
    }

    fn check_seconds(n: u64, expect: [Option<(u64, &str)>; 2]) {
        assert_eq!(split_seconds(n), expect, "{n}");
    }

    #[test]
    fn durations_keep_two_units() {
        check_seconds(0, [None, None]);
        check_seconds(59, [Some((59, "second")), None]);
        check_seconds(60, [Some((1, "minute")), None]);
        check_seconds(3661, [Some((1, "hour")), Some((1, "minute"))]);
        check_seconds(86_400 + 59, [Some((1, "day")), None]);
        check_seconds(3 * 86_400 + 4 * 3600 + 5, [Some((3, "day")), Some((4, "hour"))]);
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    fn check(write: impl Fn(Language) -> String, english: &str, chinese: &str) {
        // Browsers part numbers from units by spaces of several kinds.
        let plain = |locale| write(locale).replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!(plain(Language::English), english);
        assert_eq!(plain(Language::Chinese), chinese);
    }

    #[wasm_bindgen_test]
    fn both_languages_write_what_people_expect() {
        check(|locale| count(1_288_000, locale), "1,288,000", "1,288,000");
        check(|locale| bytes(1_468_006, locale), "1.47 MB", "1.47 MB");
        check(|locale| seconds(0, locale), "0s", "0秒");
        check(|locale| seconds(187_204, locale), "2d 4h", "2天4小时");
        check(|locale| millis(900.0, locale), "0.9 s", "0.9 秒");
        check(|locale| millis(84.6, locale), "85 ms", "85 毫秒");
        check(|locale| per_mille(412, locale), "41.2%", "41.2%");
        check(|locale| percent(0.42, locale), "42%", "42%");
        check(|locale| percent(0.016, locale), "1.6%", "1.6%");
        check(|locale| percent(0.0004, locale), "0.04%", "0.04%");
        check(|locale| percent(0.0, locale), "0%", "0%");
        check(|locale| ago(3_400.0, locale), "3 seconds ago", "3秒钟前");
        check(|locale| value(&Value::Unknown, locale), "unknown", "未知");
    }

    #[wasm_bindgen_test]
    fn moments_have_date_and_time() {
        let written = moment(1_700_000_000_000.0, Language::English);
        assert!(written.contains("Nov") && written.contains("2023"), "{written}");
        let clock = clock(1_700_000_000_000.0, Language::Chinese);
        assert_eq!(clock.split(':').count(), 3, "{clock}");
    }

    #[wasm_bindgen_test]
    fn times_that_no_calendar_holds_write_nothing() {
        assert_eq!(moment(f64::MAX, Language::English), "");
        assert_eq!(clock(f64::NAN, Language::English), "");
    }
}
