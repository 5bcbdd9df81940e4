//! Who may still live, for pictures and files that others will see.

mod eras;
mod names;

use self::eras::other_era;
use crate::{
    date::{Date, DateKind},
    fact::FactKind,
    genealogy::Genealogy,
    person::PersonId,
};

pub use self::names::HiddenNames;

/// Nobody is taken to live longer, in years.
pub const LONGEST_LIFE: i32 = 110;
/// Nobody is taken to have a child younger, or older, in years.
const YOUNGEST_PARENT: i32 = 13;
const OLDEST_PARENT: i32 = 70;
/// Partners are taken to be born so many years apart at most.
const BETWEEN_PARTNERS: i32 = 40;
/// "About", and words around a year, may mean so many years later.
const ABOUT: i32 = 5;
/// So many steps away relatives say something about when somebody was born.
const STEPS: usize = 6;

impl Genealogy {
    /// For each person whether they may be alive in a year, of the Gregorian calendar.
    ///
    /// Whoever died, was buried or cremated is not; nor is who was born more than [`LONGEST_LIFE`]
    /// years ago, or must have been by what else is dated: their own events, their children and parents
    /// by birth, and partners. A date counts as the last year that it may mean. Of whom nothing at all
    /// is known, it must be feared that they live.
    pub fn living(&self, year: i32) -> Vec<bool> {
        let latest = self.latest_births();
        self.person_ids()
            .zip(latest)
            .map(|(id, latest)| {
                let is_dead = self.facts(id).iter().any(|fact| {
                    matches!(fact.kind, FactKind::Death | FactKind::Burial | FactKind::Cremation)
                });
                !is_dead && latest.is_none_or(|latest| latest + LONGEST_LIFE >= year)
            })
            .collect()
    }

    /// The latest year in which each person can have been born, where anything tells.
    fn latest_births(&self) -> Vec<Option<i32>> {
        let of_birth = |id: PersonId| self.last_year(self.born(id));
        let of_events = |id: PersonId| {
            let own = self.facts(id).iter();
            let shared = self.partner_unions(id).iter().flat_map(|&union| self.union_facts(union));
            own.chain(shared).filter_map(|fact| self.last_year(fact.date)).min()
        };
        let is_known: Vec<bool> = self.person_ids().map(|id| of_birth(id).is_some()).collect();
        let mut latest: Vec<Option<i32>> =
            self.person_ids().map(|id| of_birth(id).or_else(|| of_events(id))).collect();
        let born_into = self.born_into();
        for _ in 0..STEPS {
            let mut next = latest.clone();
            let mut lower = |id: PersonId, year: Option<i32>| {
                let is_known = is_known.get(id.index()).copied().unwrap_or(true);
                if let (Some(slot), Some(year), false) = (next.get_mut(id.index()), year, is_known)
                {
                    *slot = Some(slot.map_or(year, |known| known.min(year)));
                }
            };
            let of = |id: PersonId| latest.get(id.index()).copied().flatten();
            for (union, children) in self.union_ids().zip(&born_into) {
                let partners = self.partners(union);
                let first_child = children.iter().filter_map(|&id| of(id)).min();
                let first_partner = partners.iter().filter_map(|&id| of(id)).min();
                for &partner in partners {
                    lower(partner, first_child.map(|year| year - YOUNGEST_PARENT));
                    lower(partner, first_partner.map(|year| year + BETWEEN_PARTNERS));
                }
                let of_children = first_partner.map(|year| year + OLDEST_PARENT);
                children.iter().for_each(|&child| lower(child, of_children));
            }
            if next == latest {
                break;
            }
            latest = next;
        }
        latest
    }

    /// The children by birth of each union: who adopts a child may be as young as the child.
    fn born_into(&self) -> Vec<Vec<PersonId>> {
        let mut children = vec![Vec::new(); self.unions.len()];
        for id in self.person_ids() {
            for link in self.parent_unions(id).iter().filter(|link| link.pedigree.is_birth()) {
                if let Some(of_union) = children.get_mut(link.union.index()) {
                    of_union.push(id);
                }
            }
        }
        children
    }

    /// The last year that a date may mean; `None` where it has no end, or names no year.
    fn last_year(&self, date: Date) -> Option<i32> {
        let first = date.year();
        match date.kind {
            DateKind::None | DateKind::After | DateKind::From => None,
            DateKind::Exact | DateKind::Before | DateKind::To => first,
            DateKind::About
            | DateKind::Calculated
            | DateKind::Estimated
            | DateKind::Interpreted => first.map(|year| year + ABOUT),
            DateKind::Between | DateKind::FromTo => {
                date.second.gregorian_year().map(|second| first.map_or(second, |y| y.max(second)))
            }
            // Any of the numbers among the words may be the year. Of three digits it is hardly one of
            // this era: 民国100年 is 2011.
            DateKind::Phrase => {
                let written = self.texts.get(date.wording);
                let numbers = written.split(|c: char| !c.is_ascii_digit());
                let years = numbers.filter(|digits| digits.len() == 4);
                let last = years.filter_map(|digits| digits.parse::<i32>().ok()).max();
                let last = last.map(|year| other_era(written).map_or(year, |era| era(year)));
                first.and(last).map(|year| year + ABOUT)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Claim, Draft, Fact, Pedigree, Role, Side, TextId};

    /// Persons with facts, and one union of a couple and a child; who of them may live in 2026.
    fn living(persons: &[&[(FactKind, &str)]], family: Option<(&[u32], &[u32])>) -> Vec<bool> {
        let mut draft = Draft::default();
        for facts in persons {
            draft.begin_person(TextId::EMPTY, 1);
            for &(kind, date) in *facts {
                let date = Date::read(date, &mut draft.texts);
                draft.add_fact(Fact { kind, date, ..Fact::default() });
            }
        }
        if let Some((partners, children)) = family {
            let union = draft.begin_union(TextId::EMPTY, 1);
            let claim = |role, person| Claim {
                role,
                person: PersonId(person),
                union,
                side: Side::Union,
                line: 1,
            };
            let partners = partners.iter().map(|&person| claim(Role::Partner, person));
            let children =
                children.iter().map(|&person| claim(Role::Child(Pedigree::Birth), person));
            draft.claim(partners.chain(children).collect());
        }
        draft.finish().0.living(2026)
    }

    #[test]
    fn the_dead_and_the_old_do_not_live() {
        use FactKind::{Birth, Burial, Death, Occupation, Residence};
        for (facts, lives) in [
            (&[] as &[(FactKind, &str)], true),
            (&[(Birth, "1990")], true),
            (&[(Birth, "1916")], true),
            (&[(Birth, "1915")], false),
            (&[(Birth, "AFT 1900")], true),
            (&[(Birth, "BEF 1900")], false),
            (&[(Birth, "BET 1900 AND 1920")], true),
            (&[(Birth, "BET 1900 AND 1910")], false),
            (&[(Birth, "ABT 1915")], true),
            (&[(Birth, "ABT 1900")], false),
            (&[(Birth, "3 mai 1750")], false),
            (&[(Birth, "1900, or 1920")], true),
            (&[(Birth, "民国100年")], true),
            (&[(Birth, "1400 AH")], true),
            (&[(Birth, "in 1300 of the Hijra, 1300 AH")], false),
            (&[(Birth, "Anno Mundi 5600")], false),
            (&[(Birth, "1990"), (Death, "")], false),
            (&[(Birth, "1990"), (Burial, "2020")], false),
            (&[(Occupation, "")], true),
            (&[(Residence, "1900")], false),
            (&[(Residence, "FROM 1900 TO 1950")], true),
        ] {
            assert_eq!(living(&[facts], None), [lives], "{facts:?}");
        }
    }

    #[test]
    fn relatives_tell_when_somebody_was_born() {
        use FactKind::{Birth, Death};
        let family = Some((&[0_u32, 1][..], &[2_u32][..]));
        for (father, mother, child, lives) in [
            ("", "", "1990", [true, true, true]),
            ("", "", "1925", [false, false, true]),
            ("1800", "", "", [false, false, false]),
            ("1850", "", "", [false, false, true]),
            ("", "", "", [true, true, true]),
        ] {
            let born = |year| [(Birth, year)];
            let found = living(&[&born(father), &born(mother), &born(child)], family);
            assert_eq!(found, lives, "{father}, {mother}, {child}");
        }
        assert_eq!(living(&[&[(Death, "")], &[(Birth, "1990")], &[]], family), [false, true, true]);
    }

    #[test]
    fn adopted_children_say_nothing_of_their_parents_age() {
        let mut draft = Draft::default();
        for date in ["", "1890"] {
            draft.begin_person(TextId::EMPTY, 1);
            let date = Date::read(date, &mut draft.texts);
            draft.add_fact(Fact { kind: FactKind::Birth, date, ..Fact::default() });
        }
        let union = draft.begin_union(TextId::EMPTY, 1);
        let claim = |role, person| Claim { role, person, union, side: Side::Person, line: 1 };
        draft.claim(vec![
            claim(Role::Partner, PersonId(0)),
            claim(Role::Child(Pedigree::Step), PersonId(1)),
        ]);
        assert_eq!(draft.finish().0.living(2026), [true, false]);
    }

    #[test]
    fn their_own_ancestors_come_to_an_end() {
        let found = living(&[&[(FactKind::Residence, "2000")]], Some((&[0], &[0])));
        assert_eq!(found.len(), 1);
    }
}
