//! Dates that may mean several years, settled by what else is said of a person.

use super::{CalendarDate, Date, DateKind};
use crate::{
    fact::{Fact, FactKind},
    privacy::LONGEST_LIFE,
    texts::Texts,
};

/// Gives each fact of one person whose Chinese words may mean several years (建武三年, 甲子年) the one
/// that fits the years of the others, if just one does: such a date is interpreted. Of several that
/// fit, a phrase has the most usual.
pub(crate) fn settle(facts: &mut [Fact], texts: &Texts) {
    let is_open = |fact: &Fact| {
        fact.date.kind == DateKind::Phrase && !texts.get(fact.date.wording).is_ascii()
    };
    if !facts.iter().any(is_open) {
        return;
    }
    let known =
        facts.iter().filter(|fact| is_of_life(fact.kind) && fact.date.kind != DateKind::Phrase);
    let known: Vec<i32> = known.filter_map(|fact| fact.date.year()).collect();
    let (Some(&first), Some(&last)) = (known.iter().min(), known.iter().max()) else { return };
    for fact in facts.iter_mut().filter(|fact| is_open(fact)) {
        let (from, to) = match fact.kind {
            FactKind::Birth | FactKind::Baptism => (last - LONGEST_LIFE, first),
            FactKind::Death | FactKind::Burial | FactKind::Cremation => {
                (last, first + LONGEST_LIFE)
            }
            _ => (last - LONGEST_LIFE, first + LONGEST_LIFE),
        };
        let (Ok(from), Ok(to)) = (i16::try_from(from), i16::try_from(to)) else { continue };
        // Nothing but its words says a phrase.
        let written = texts.get(fact.date.wording);
        match *Date::candidates(written, from..=to).as_slice() {
            [only] => fact.date = Date { kind: DateKind::Interpreted, first: only, ..fact.date },
            [usual, ..] if fact.date.first.year != 0 => fact.date.first = usual,
            // None of the years that it may mean can be.
            [] if !Date::candidates(written, -200..=2100).is_empty() => {
                fact.date.first = CalendarDate::default();
            }
            _ => {}
        }
    }
}

/// Whether it happened while a person lived, or at the end.
const fn is_of_life(kind: FactKind) -> bool {
    !matches!(kind, FactKind::Note | FactKind::Other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::TextsBuilder;

    #[test]
    fn other_facts_tell_which_year_is_meant() {
        for (birth, death, expect) in [
            // 建武 was an era of six states.
            ("建武二年", "咸和二年", "c. 318"),
            ("建武元年", "升平四年", "c. 317"),
            ("建武元年", "建武中元二年", "c. 25"),
            ("建武三年", "康熙三十年", ""),
            ("März 1650", "康熙三十年", "c. 1650"),
            ("甲子年", "康熙三十年", ""),
            ("甲子年", "1620", "c. 1564"),
            ("戊辰年三月初五", "1680", "c. 1628"),
        ] {
            let mut texts = TextsBuilder::default();
            let mut fact = |kind, written| Fact {
                kind,
                date: Date::read(written, &mut texts),
                ..Fact::default()
            };
            let mut facts = [fact(FactKind::Birth, birth), fact(FactKind::Death, death)];
            settle(&mut facts, &texts.finish());
            assert_eq!(facts[0].date.short(), expect, "{birth} {death}");
        }
    }
}
