//! Dates in few characters, the same in every language.

use std::fmt::Write;

use super::{Calendar, CalendarDate, Date, DateKind, hebrew};

impl Date {
    /// The year alone, for a card: "1850", "c. 1850", "<1850", ">1850", "1840–1850", "44 BC",
    /// "1731/32". Empty where no year is known. Years of other eras are given in the Gregorian one.
    pub fn short(&self) -> String {
        self.shown_with(&year_of)
    }

    /// All that is known, language neutral: "1809-02-12", "c. 1809-02", "1809-02-12–1812". The
    /// calendar is marked where it is not Gregorian: "1731-02-11 (Julian)", "44-03-15 BC". A phrase without a year
    /// gives nothing: show [`Date::written`] then.
    pub fn plain(&self) -> String {
        self.shown_with(&CalendarDate::plain)
    }

    /// The date with each of its one or two parts as `part` writes it.
    pub fn shown_with(&self, part: &dyn Fn(&CalendarDate) -> String) -> String {
        let first = part(&self.first);
        if first.is_empty() {
            return first;
        }
        let second = part(&self.second);
        match self.kind {
            DateKind::None => String::new(),
            DateKind::Exact => first,
            DateKind::About
            | DateKind::Calculated
            | DateKind::Estimated
            | DateKind::Interpreted
            | DateKind::Phrase => format!("c. {first}"),
            DateKind::Before => format!("<{first}"),
            DateKind::After => format!(">{first}"),
            DateKind::From => format!("{first}–"),
            DateKind::To => format!("–{first}"),
            DateKind::Between | DateKind::FromTo if second.is_empty() || second == first => first,
            DateKind::Between | DateKind::FromTo => format!("{first}–{second}"),
        }
    }
}

fn year_of(date: &CalendarDate) -> String {
    match date.calendar {
        Calendar::Gregorian | Calendar::Julian => written_year(date),
        Calendar::Hebrew | Calendar::French | Calendar::Chinese => {
            date.gregorian_year().map_or_else(String::new, era_year)
        }
        Calendar::Other if date.year != 0 => format!("{}", date.year),
        Calendar::Other => String::new(),
    }
}

fn written_year(date: &CalendarDate) -> String {
    match date.year {
        0 => String::new(),
        year if year < 0 => era_year(i32::from(year)),
        year if date.dual => format!("{year}/{:02}", (i32::from(year) + 1) % 100),
        year => format!("{year}"),
    }
}

fn era_year(year: i32) -> String {
    if year < 0 { format!("{} BC", year.unsigned_abs()) } else { format!("{year}") }
}

const HEBREW_CODES: [&str; 13] = [
    "tishri", "cheshvan", "kislev", "tevet", "shevat", "adar", "adar_2", "nisan", "iyar", "sivan",
    "tammuz", "av", "elul",
];
const FRENCH_CODES: [&str; 13] = [
    "vendemiaire",
    "brumaire",
    "frimaire",
    "nivose",
    "pluviose",
    "ventose",
    "germinal",
    "floreal",
    "prairial",
    "messidor",
    "thermidor",
    "fructidor",
    "sansculottides",
];

impl CalendarDate {
    /// A stable name of a Hebrew or French month, in snake case; `None` for those of other calendars.
    pub fn month_code(&self) -> Option<&'static str> {
        let place = usize::from(self.month.checked_sub(1)?);
        match (self.calendar, self.month) {
            (Calendar::Hebrew, 6 | 7) => {
                Some(match (hebrew::is_leap(i32::from(self.year)), self.month) {
                    (false, _) => "adar",
                    (true, 6) => "adar_1",
                    (true, _) => "adar_2",
                })
            }
            (Calendar::Hebrew, _) => HEBREW_CODES.get(place).copied(),
            (Calendar::French, _) => FRENCH_CODES.get(place).copied(),
            _ => None,
        }
    }

    /// See [`Date::plain`]. A leap month of the Chinese calendar has the number of the month before it
    /// and an L.
    pub fn plain(&self) -> String {
        let mut shown = String::new();
        if self.year < 0 {
            let _ = write!(shown, "{}", self.year.unsigned_abs());
        } else if self.year != 0 {
            let _ = write!(shown, "{:04}", self.year);
            if self.dual {
                let _ = write!(shown, "/{:02}", (i32::from(self.year) + 1) % 100);
            }
        } else if self.month != 0 {
            shown.push('-');
        }
        if self.month != 0 {
            let month = self.month;
            let _ = match self.calendar {
                Calendar::Chinese if month > 12 => write!(shown, "-{:02}L", month - 12),
                _ => write!(shown, "-{month:02}"),
            };
            if self.day != 0 {
                let _ = write!(shown, "-{:02}", self.day);
            }
        }
        if self.year < 0 {
            shown.push_str(" BC");
        }
        let calendar = match self.calendar {
            _ if shown.is_empty() => "",
            Calendar::Gregorian | Calendar::Other => "",
            Calendar::Julian => " (Julian)",
            Calendar::Hebrew => " (Hebrew)",
            Calendar::French => " (Républicain)",
            Calendar::Chinese => " (Chinese)",
        };
        shown.push_str(calendar);
        shown
    }
}
