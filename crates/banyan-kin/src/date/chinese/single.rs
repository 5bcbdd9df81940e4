//! One Chinese date: the year by its era, by the sixty, or by its number, then month and day.

use super::{
    month::{Within, within},
    numeral,
};
use crate::date::{
    CalendarDate,
    era::{self, Era},
    sexagenary,
};

/// What words may mean.
pub(super) enum Reading {
    /// Dates with the eras that they are of, those of the main line first, then the longer ones. They
    /// are doubtful where the number and the sixty name different years.
    Dates { dates: Vec<(CalendarDate, Option<&'static Era>)>, is_doubtful: bool },
    /// Some time in an era.
    Span { first: CalendarDate, last: CalendarDate, era: &'static Era },
    /// A year of the sixty, whichever.
    Cycle { place: u8, within: Within },
}

impl Reading {
    /// The name of its era.
    pub(super) fn era(&self) -> Option<&'static str> {
        match self {
            Self::Dates { dates, .. } => dates.first()?.1.map(|era| era.name),
            Self::Span { era, .. } => Some(era.name),
            Self::Cycle { .. } => None,
        }
    }
}

/// What may stand before a year: what happened, the state, its ruler.
const BEFORE: &str = "生卒殁没葬娶配诞于在大皇前后东西南北国朝刘萧汉魏蜀吴晋宋齐梁陈隋唐武周辽金夏元明清\
    高太世仁宣英宪孝穆神光熹思圣德文章成祖宗帝王";
/// So many characters of it at most.
const MOST_BEFORE: usize = 8;
const LUNAR: [&str; 5] = ["农历", "阴历", "旧历", "夏历", "古历"];
const SOLAR: [&str; 8] = ["公历", "阳历", "新历", "西历", "国历", "公元", "西元", "纪元"];
/// In place of a year.
const SOME_TIME: [&str; 10] = ["", "间", "年间", "年中", "时", "朝", "初", "初年", "末", "末年"];

/// Which calendar is named in so many words.
#[derive(Clone, Copy, PartialEq)]
enum Marked {
    No,
    Lunar,
    Solar,
}

pub(super) fn single(text: &str) -> Option<Reading> {
    let (marked, text) = unmarked(text);
    let starts = text.char_indices().take(MOST_BEFORE + 1);
    for (at, character) in starts {
        let (before, rest) = text.split_at_checked(at)?;
        let reading = of_era(before, rest, marked)
            .or_else(|| of_number(rest, marked))
            .or_else(|| of_cycle(rest));
        if reading.is_some() {
            return reading;
        }
        if !BEFORE.contains(character) {
            return None;
        }
    }
    None
}

/// The text without the name of a calendar.
fn unmarked(text: &str) -> (Marked, String) {
    if !text.contains(['历', '元']) {
        return (Marked::No, text.to_owned());
    }
    let find = |words: &[&'static str]| words.iter().copied().find(|word| text.contains(word));
    match (find(&LUNAR), find(&SOLAR)) {
        (Some(word), _) => (Marked::Lunar, text.replacen(word, "", 1)),
        (None, Some(word)) => (Marked::Solar, text.replacen(word, "", 1)),
        (None, None) => (Marked::No, text.to_owned()),
    }
}

fn of_era(before: &str, text: &str, marked: Marked) -> Option<Reading> {
    let (mut eras, rest) = era::starting(text)?;
    // The state is told by the character that names it: 北魏, 汉武帝.
    let told = |era: &Era| before.chars().filter(|&of| era.state.contains(of)).count();
    let most = eras.iter().map(|era| told(era)).max()?;
    eras.retain(|era| told(era) == most);
    eras.sort_by_key(|era| (!era.is_main, era.first - era.last));
    // One state had an era 庚子.
    if SOME_TIME.contains(&rest) && sexagenary::starting(text).is_none() {
        let mut mains = eras.iter().filter(|era| era.is_main);
        let era = *mains.next().filter(|_| mains.next().is_none()).or_else(|| eras.first())?;
        let year = |year| match era.is_western {
            true => Within::default().of_gregorian_year(year),
            false => Within::default().of_lunar_year(year),
        };
        return Some(Reading::Span { first: year(era.first), last: year(era.last), era });
    }
    let (number, rest) = match year_number(rest) {
        Some((number, rest)) => (Some(number), rest),
        None => (None, rest),
    };
    let (place, rest) = match cycle(rest) {
        Some((place, rest)) => (Some(place), rest),
        None => (None, rest),
    };
    let within = within(rest)?;
    let of = |era: &'static Era, year| {
        // Who names the year by the sixty counts by the moon.
        let is_lunar = marked == Marked::Lunar || within.is_lunar || place.is_some();
        let is_solar = era.is_western && !is_lunar;
        let date = match is_solar {
            true => within.of_gregorian_year(year),
            false => within.of_lunar_year(year),
        };
        (date, Some(era))
    };
    let is_place = |year: i16| place.is_none_or(|place| sexagenary::of_year(year) == place);
    let numbered = || {
        let number = number?;
        Some(eras.iter().filter_map(move |&era| Some((era, era.year(number)?))))
    };
    let mut dates: Vec<_> = match numbered() {
        Some(years) => {
            years.filter(|&(_, year)| is_place(year)).map(|(era, year)| of(era, year)).collect()
        }
        None => {
            place?;
            let years = eras.iter().flat_map(|&era| era.years().map(move |year| (era, year)));
            years.filter(|&(_, year)| is_place(year)).map(|(era, year)| of(era, year)).collect()
        }
    };
    let is_doubtful = dates.is_empty();
    if is_doubtful {
        dates.extend(numbered()?.map(|(era, year)| of(era, year)));
    }
    (!dates.is_empty()).then_some(Reading::Dates { dates, is_doubtful })
}

/// The number of a year in its era: 元年, 三十年, 三十; 载 for those of Tianbao.
fn year_number(text: &str) -> Option<(u32, &str)> {
    let (number, rest) = match text.strip_prefix('元') {
        Some(rest) => (1, rest.starts_with(['年', '载']).then_some(rest)?),
        None => numeral::starting(text)?,
    };
    Some((number, rest.strip_prefix(['年', '载']).unwrap_or(rest)))
}

/// A year of the sixty: 辛未, 岁次辛未, 辛未年.
fn cycle(text: &str) -> Option<(u8, &str)> {
    let start = text.strip_prefix('岁').map_or(text, |rest| rest.trim_start_matches(['次', '在']));
    let (place, rest) = sexagenary::starting(start)?;
    Some((place, rest.strip_prefix(['年', '岁']).unwrap_or(rest)))
}

/// 1934年, 一九三四年三月初五, 前一四〇年.
fn of_number(text: &str, marked: Marked) -> Option<Reading> {
    let start = text.strip_prefix('前');
    let (number, rest) = numeral::starting(start.unwrap_or(text))?;
    let rest = rest.strip_prefix('年')?;
    let place = cycle(rest);
    let rest = place.map_or(rest, |(_, rest)| rest);
    let year = i16::try_from(number).ok().filter(|year| (100..=3000).contains(year))?;
    let year = if start.is_some() { -year } else { year };
    let within = within(rest)?;
    let is_lunar = match marked {
        Marked::Lunar => true,
        Marked::Solar => false,
        Marked::No => within.is_lunar || place.is_some(),
    };
    let date = if is_lunar { within.of_lunar_year(year) } else { within.of_gregorian_year(year) };
    Some(Reading::Dates { dates: vec![(date, None)], is_doubtful: false })
}

fn of_cycle(text: &str) -> Option<Reading> {
    let (place, rest) = cycle(text)?;
    Some(Reading::Cycle { place, within: within(rest)? })
}
