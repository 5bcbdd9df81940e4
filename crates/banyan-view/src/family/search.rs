//! Names and years: "darwin 1809" finds the Darwins who were born or died in 1809.

use banyan_kin::{Calendar, CalendarDate, Genealogy, PersonId};

/// Persons that match, best first, at most `limit`. A record's identifier finds its person first.
pub(super) fn find(genealogy: &Genealogy, query: &str, limit: usize) -> Vec<PersonId> {
    let (years, names): (Vec<&str>, Vec<&str>) =
        query.split_whitespace().partition(|word| is_year(word));
    let mut found: Vec<PersonId> = match names.as_slice() {
        [xref] if years.is_empty() => genealogy.person_by_xref(xref).into_iter().collect(),
        _ => Vec::new(),
    };
    let lived = |&person: &PersonId| {
        let may = years.iter().all(|year| may_show(genealogy, person, year));
        may && {
            let span = genealogy.life_span(person);
            years.iter().all(|year| span.contains(year))
        }
    };
    if names.is_empty() {
        if !years.is_empty() {
            found.extend(genealogy.person_ids().filter(lived).take(limit));
        }
    } else {
        for person in genealogy.search_among(&names.join(" "), limit, |person| lived(&person)) {
            // The one found by its identifier comes first, and once.
            if found.first() != Some(&person) {
                found.push(person);
            }
        }
    }
    found.truncate(limit);
    found
}

fn is_year(word: &str) -> bool {
    matches!(word.len(), 3 | 4) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a date of a person may show a year. Most do not, which is told sooner than the years of a
/// life are written.
fn may_show(genealogy: &Genealogy, person: PersonId, year: &str) -> bool {
    // Three digits may be any three of four.
    let Some(wanted) = year.parse::<u16>().ok().filter(|year| *year >= 1000) else { return true };
    let may = |part: &CalendarDate| {
        let year = part.year.unsigned_abs();
        let is_plain = matches!(part.calendar, Calendar::Gregorian | Calendar::Julian);
        year == wanted || year > 9999 || part.dual || !is_plain
    };
    let facts = genealogy.facts(person).iter();
    facts.map(|fact| fact.date).any(|date| may(&date.first) || may(&date.second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_those_that_show() {
        let dates = [
            "1850",
            "ABT 1850",
            "BEF 1851",
            "BET 1840 AND 1850",
            "FROM 1850",
            "11 FEB 1731/32",
            "1850 B.C.",
            "@#DJULIAN@ 1850",
            "@#DFRENCH R@ 12",
            "@#DHEBREW@ 5610",
            "道光三十年",
            "(in 1850)",
            "185",
            "12345",
            "",
        ];
        let mut gedcom = "0 HEAD\n1 CHAR UTF-8\n".to_owned();
        for (n, date) in dates.iter().enumerate() {
            let tag = ["BIRT", "DEAT", "CHR", "BURI", "OCCU"][n % 5];
            gedcom += &format!("0 @I{n}@ INDI\n1 NAME Ann\n1 {tag}\n2 DATE {date}\n");
            gedcom +=
                &format!("0 @J{n}@ INDI\n1 NAME Ann\n1 BIRT\n2 DATE {date}\n1 DEAT\n2 DATE 1850\n");
        }
        let genealogy = banyan_gedcom::read(gedcom.as_bytes(), &mut |_, _| ()).unwrap().genealogy;
        for year in
            ["1850", "1851", "185", "1731", "1732", "1849", "1803", "1804", "1234", "2345", "0185"]
        {
            let shows = |person: &PersonId| genealogy.life_span(*person).contains(year);
            let expect: Vec<PersonId> = genealogy.person_ids().filter(shows).collect();
            assert_eq!(find(&genealogy, year, 99), expect, "{year}");
            assert_eq!(find(&genealogy, &format!("ann {year}"), 99), expect, "{year}");
        }
        assert!(find(&genealogy, "1850", 99).len() > 15);
    }
}
