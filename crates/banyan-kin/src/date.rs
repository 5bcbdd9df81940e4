//! Dates as people write them: ranges, about, before, phrases, several calendars, dual years.
//!
//! General date types cannot say "ABT 1620" or "BET 1812 AND 1815". A [`Date`] keeps what was written
//! word for word beside what could be understood of it, but for words that say no more than that.

mod bounds;
mod canonical;
mod chinese;
mod convert;
mod day_number;
mod era;
mod french;
mod hebrew;
mod lunisolar;
mod parse;
mod settle;
mod sexagenary;
mod show;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::texts::{TextId, Texts, TextsBuilder};
pub use parse::{FRENCH_MONTHS, HEBREW_MONTHS};

pub(crate) use settle::settle;

/// A date, a range, a period or a phrase. The default is no date at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Date {
    pub kind: DateKind,
    /// The date, or the start of a range or period.
    pub first: CalendarDate,
    /// The end of a range or period; unknown otherwise.
    pub second: CalendarDate,
    /// What was written, word for word, where that is not how GEDCOM writes what was understood:
    /// see [`Date::written`].
    pub wording: TextId,
}

/// What a date says about the time of its event.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum DateKind {
    /// Nothing is written.
    #[default]
    None,
    Exact,
    About,
    Calculated,
    Estimated,
    Before,
    After,
    /// On some day from the first to the second date.
    Between,
    /// A period from the first date on.
    From,
    /// A period up to the first date.
    To,
    /// A period from the first to the second date.
    FromTo,
    /// A date with the phrase that it was read from.
    Interpreted,
    /// Words that follow no grammar. The first date holds a year if one was seen among them.
    Phrase,
}

/// A day, month or year in a calendar; all zero where unknown.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct CalendarDate {
    /// Year in the calendar's own era, negative for years before Christ (-44 is 44 BC); 0 if unknown.
    pub year: i16,
    /// 1 to 13 by the calendar's own order, of the Chinese calendar to 24; 0 if unknown.
    pub month: u8,
    /// 1 to 31; 0 if unknown.
    pub day: u8,
    pub calendar: Calendar,
    /// Whether the year was written double, as 1731/32 is: a year that began in March, with the year
    /// of the January before it.
    pub dual: bool,
}

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum Calendar {
    #[default]
    Gregorian,
    Julian,
    /// Months 1 (Tishri) to 13 (Elul), 6 is Adar and 7 Adar Sheni.
    Hebrew,
    /// French Republican: months 1 (Vendémiaire) to 13 (the days at the end of the year).
    French,
    /// A calendar that the file names and nobody can convert.
    Other,
    /// Chinese lunisolar: a year has the number of the Gregorian one that it begins in, whatever era
    /// named it. Months 1 to 12; 13 to 24 are the leap months after those.
    Chinese,
}

impl Calendar {
    /// Those that can be converted.
    pub const ALL: [Self; 5] =
        [Self::Gregorian, Self::Julian, Self::Chinese, Self::Hebrew, Self::French];

    /// A stable name, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gregorian => "gregorian",
            Self::Julian => "julian",
            Self::Hebrew => "hebrew",
            Self::French => "french",
            Self::Other => "other",
            Self::Chinese => "chinese",
        }
    }
}

impl Date {
    /// The [`Self::wording`] of a date that was read from words that are no longer there: no text of
    /// any arena.
    pub const WORDS_GONE: TextId = TextId(u32::MAX);

    /// Reads what was written. Never fails: what follows no grammar is a phrase.
    pub fn read(written: &str, texts: &mut TextsBuilder) -> Self {
        let date = parse::parse(written);
        let wording = if date.is_said_by(written) { TextId::EMPTY } else { texts.intern(written) };
        Self { wording, ..date }
    }

    /// What was written, word for word; empty where nothing is, or where the words are
    /// [gone](Self::WORDS_GONE).
    pub fn written<'t>(&self, texts: &'t Texts) -> Cow<'t, str> {
        if self.wording.is_empty() {
            Cow::Owned(self.canonical())
        } else {
            Cow::Borrowed(texts.get(self.wording))
        }
    }

    /// The same without [`Self::wording`].
    pub fn of(written: &str) -> Self {
        parse::parse(written)
    }

    /// The days or years that Chinese words may mean, the most usual first: 建武 was the name of an
    /// era four times. Those that name a year of the sixty alone (甲子) mean one in sixty of `years`,
    /// which are lunar and run from the first to the last.
    pub fn candidates(written: &str, years: std::ops::RangeInclusive<i16>) -> Vec<CalendarDate> {
        chinese::candidates(written, years)
    }

    /// Whether nothing is written.
    pub const fn is_none(&self) -> bool {
        matches!(self.kind, DateKind::None)
    }

    /// The year of the (first) date in the Gregorian era, negative before Christ: see
    /// [`CalendarDate::gregorian_year`].
    pub fn year(&self) -> Option<i32> {
        self.first.gregorian_year()
    }

    /// A Julian day number (chronological: 1 January 2000 is 2,451,545) to sort by. A month or a year
    /// counts as its first day; "before" sorts just before that day and "after" after its whole
    /// month or year.
    pub fn sort_key(&self) -> Option<i32> {
        let (start, end) = self.first.days()?;
        Some(match self.kind {
            DateKind::Before | DateKind::To => start - 1,
            DateKind::After => end + 1,
            _ => start,
        })
    }
}

impl CalendarDate {
    pub const fn is_unknown(&self) -> bool {
        self.year == 0 && self.month == 0 && self.day == 0
    }
}
