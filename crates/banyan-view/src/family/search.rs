//! Names and years: "darwin 1809" finds the Darwins who were born or died in 1809.

use banyan_kin::{Genealogy, PersonId};

/// Persons that match, best first, at most `limit`. A record's identifier finds its person first.
pub(super) fn find(genealogy: &Genealogy, query: &str, limit: usize) -> Vec<PersonId> {
    let (years, names): (Vec<&str>, Vec<&str>) =
        query.split_whitespace().partition(|word| is_year(word));
    let mut found: Vec<PersonId> = match names.as_slice() {
        [xref] if years.is_empty() => genealogy.person_by_xref(xref).into_iter().collect(),
        _ => Vec::new(),
    };
    let lived = |&person: &PersonId| {
        let span = genealogy.life_span(person);
        years.iter().all(|year| span.contains(year))
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
