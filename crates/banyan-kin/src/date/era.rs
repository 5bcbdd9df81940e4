//! Era names (年号), by which years were counted from 140 BC on: the table of `eras.txt`.

use std::sync::LazyLock;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// The longest name has six characters, the shortest two.
const LONGEST: usize = 6;
/// Years after this one are named by no era but the sixty.
const LAST_NAMED: i16 = 1948;

/// An era of one state. Years are lunar ones, by the number of the Gregorian year that they begin in.
pub(super) struct Era {
    pub name: &'static str,
    pub state: &'static str,
    /// Of the states that the histories count by, one after the other.
    pub is_main: bool,
    /// Whether its months were those of the Gregorian calendar.
    pub is_western: bool,
    pub first: i16,
    pub last: i16,
    /// The last year that somebody still counted by it.
    latest: i16,
}

impl Era {
    /// Its year of this number, from 1 on, if it had so many.
    pub(super) fn year(&self, number: u32) -> Option<i16> {
        let before = i16::try_from(number.checked_sub(1)?).ok()?;
        let year = counted(self.first).checked_add(before)?;
        (year <= counted(self.latest)).then(|| uncounted(year))
    }

    /// Which of its years a year was, from 1 on.
    fn number(&self, year: i16) -> i16 {
        counted(year) - counted(self.first) + 1
    }

    /// Its years, the first and the last included.
    pub(super) fn years(&self) -> impl Iterator<Item = i16> {
        (counted(self.first)..=counted(self.latest)).map(uncounted)
    }
}

/// There is no year 0: the one before 1 is -1.
const fn counted(year: i16) -> i16 {
    if year < 0 { year + 1 } else { year }
}

const fn uncounted(year: i16) -> i16 {
    if year <= 0 { year - 1 } else { year }
}

/// Eras in the order of the table, and where each name is found in it.
struct Eras {
    all: Vec<Era>,
    by_name: HashMap<&'static str, Vec<usize>, FxBuildHasher>,
}

static ERAS: LazyLock<Eras> = LazyLock::new(|| {
    let mut eras = Eras { all: Vec::new(), by_name: HashMap::default() };
    let (mut state, mut is_main, mut is_western) = ("", false, false);
    for line in include_str!("eras.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix("= ") {
            state = head.trim_end_matches([' ', '*', '~']);
            (is_main, is_western) = (head.contains('*'), head.contains('~'));
            continue;
        }
        for entry in line.split("  ").map(str::trim) {
            if let Some((name, same)) = entry.split_once('=') {
                // The era that was named just before it.
                let places = eras.by_name.get(same).and_then(|places| places.last()).copied();
                eras.by_name.entry(name).or_default().extend(places);
            } else if let Some((name, years)) = entry.split_once(' ')
                && let Some((first, last, latest)) = span(years)
            {
                let place = eras.all.len();
                eras.all.push(Era { name, state, is_main, is_western, first, last, latest });
                eras.by_name.entry(name).or_default().push(place);
            }
        }
    }
    eras
});

/// "1736..1795/1799": first, last and latest year.
fn span(years: &str) -> Option<(i16, i16, i16)> {
    let (first, last) = years.split_once("..")?;
    let (last, latest) = last.split_once('/').unwrap_or((last, last));
    Some((first.parse().ok()?, last.parse().ok()?, latest.parse().ok()?))
}

/// The eras by whose name a text begins, the longest name that there is, and what follows. The text is
/// in simplified characters.
pub(super) fn starting(text: &str) -> Option<(Vec<&'static Era>, &str)> {
    let ends = text.char_indices().map(|(at, character)| at + character.len_utf8());
    let ends: Vec<usize> = ends.take(LONGEST).collect();
    ends.into_iter().rev().find_map(|end| {
        let (name, rest) = text.split_at_checked(end)?;
        let places = ERAS.by_name.get(name)?;
        Some((places.iter().filter_map(|&place| ERAS.all.get(place)).collect(), rest))
    })
}

/// The name of a lunar year by the main line of states, as it was when the year began: the era and the
/// number of its year.
pub(super) fn of_year(year: i16) -> Option<(&'static str, i16)> {
    let mains = || ERAS.all.iter().filter(|era| era.is_main && era.first <= year);
    let era =
        mains().find(|era| year <= era.last).or_else(|| mains().find(|era| year <= era.latest));
    let era = era.filter(|_| year <= LAST_NAMED)?;
    Some((era.name, era.number(year)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        let entries = include_str!("eras.txt").lines().filter(|line| !line.starts_with(['#', '=']));
        let entries: usize = entries.map(|line| line.split("  ").count()).sum();
        let named: usize = ERAS.by_name.values().map(Vec::len).sum();
        assert_eq!(named, entries);
        for era in &ERAS.all {
            let length = era.name.chars().count();
            assert!((2..=LONGEST).contains(&length), "{}", era.name);
            assert!(era.first <= era.last && era.last <= era.latest, "{}", era.name);
            assert!(era.last - era.first < 64 || era.latest == 2100, "{}", era.name);
        }
        // The main line names every year from 140 BC to the republic.
        let unnamed = (-140..=1948).filter(|&year| year != 0 && of_year(year).is_none());
        assert_eq!(unnamed.collect::<Vec<i16>>(), []);
    }

    #[test]
    fn years_are_named_and_found_again() {
        for (year, name, number) in [
            (-140, "建元", 1),
            (1, "元始", 1),
            (627, "贞观", 1),
            (713, "先天", 2),
            (947, "天福", 12),
            (1271, "咸淳", 7),
            (1368, "至正", 28),
            (1369, "洪武", 2),
            (1620, "万历", 48),
            (1644, "崇祯", 17),
            (1691, "康熙", 30),
            (1911, "宣统", 3),
            (1934, "民国", 23),
        ] {
            assert_eq!(of_year(year), Some((name, number)), "{year}");
            let text = format!("{name}三年");
            let (eras, rest) = starting(&text).unwrap();
            assert_eq!(rest, "三年");
            let mut years = eras.iter().filter_map(|era| era.year(number as u32));
            assert!(years.any(|of| of == year), "{year}");
        }
        assert_eq!(of_year(1984), None);
        let (eras, rest) = starting("太平兴国二年").unwrap();
        assert_eq!((eras.len(), eras[0].state, rest), (1, "北宋", "二年"));
    }
}
