//! Dates in few characters, the same in every language.

use std::fmt::Write;

use super::{Calendar, CalendarDate, Date, DateKind};

impl Date {
    /// The year alone, for a card: "1850", "c. 1850", "<1850", ">1850", "1840–1850", "44 BC",
    /// "1731/32". Empty where no year is known. Years of other eras are given in the Gregorian one.
    pub fn short(&self) -> String {
        self.show(year_of)
    }

    /// All that is known, language neutral: "1809-02-12", "c. 1809-02", "1809-02-12–1812". The
    /// calendar is marked where it is not Gregorian: "1731-02-11 (Julian)", "44-03-15 BC". A phrase without a year
    /// gives nothing: show [`Date::written`] then.
    pub fn plain(&self) -> String {
        self.show(whole_of)
    }

    fn show(&self, part: fn(&CalendarDate) -> String) -> String {
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
        Calendar::Hebrew | Calendar::French => {
            date.gregorian_year().map_or_else(String::new, |year| format!("{year}"))
        }
        Calendar::Other if date.year != 0 => format!("{}", date.year),
        Calendar::Other => String::new(),
    }
}

fn written_year(date: &CalendarDate) -> String {
    match date.year {
        0 => String::new(),
        year if year < 0 => format!("{} BC", year.unsigned_abs()),
        year if date.dual => format!("{year}/{:02}", (i32::from(year) + 1) % 100),
        year => format!("{year}"),
    }
}

fn whole_of(date: &CalendarDate) -> String {
    let mut shown = String::new();
    if date.year < 0 {
        let _ = write!(shown, "{}", date.year.unsigned_abs());
    } else if date.year != 0 {
        let _ = write!(shown, "{:04}", date.year);
        if date.dual {
            let _ = write!(shown, "/{:02}", (i32::from(date.year) + 1) % 100);
        }
    } else if date.month != 0 {
        shown.push('-');
    }
    if date.month != 0 {
        let _ = write!(shown, "-{:02}", date.month);
        if date.day != 0 {
            let _ = write!(shown, "-{:02}", date.day);
        }
    }
    if date.year < 0 {
        shown.push_str(" BC");
    }
    let calendar = match date.calendar {
        _ if shown.is_empty() => "",
        Calendar::Gregorian | Calendar::Other => "",
        Calendar::Julian => " (Julian)",
        Calendar::Hebrew => " (Hebrew)",
        Calendar::French => " (Républicain)",
    };
    shown.push_str(calendar);
    shown
}
