//! What stands in the cells of a row.

use banyan_kin::{FactKind, PersonId, Sex, TextId};

use super::Column;
use crate::{
    family::{FamilyWorld, card, dates},
    world::Word,
};

/// Between several persons in one cell.
const SEVERAL: &str = ", ";

impl FamilyWorld {
    pub(super) fn cell(&self, column: Column, person: PersonId) -> String {
        let genealogy = &self.genealogy;
        match column {
            Column::Name => card::title(genealogy, person, &self.words),
            Column::Surname => self.name_part(person, |name| name.surname),
            Column::Given => self.name_part(person, |name| name.given),
            Column::Sex => match genealogy.person(person).map(|person| person.sex) {
                Some(Sex::Male) => self.words.get(Word::Male).to_owned(),
                Some(Sex::Female) => self.words.get(Word::Female).to_owned(),
                _ => String::new(),
            },
            Column::Born => self.when(person, FactKind::Birth, FactKind::Baptism),
            Column::Died => self.when(person, FactKind::Death, FactKind::Burial),
            Column::BirthPlace => self.place(person, FactKind::Birth),
            Column::DeathPlace => self.place(person, FactKind::Death),
            Column::Age | Column::Generation | Column::Children => {
                self.number(column, person).map_or_else(String::new, |number| number.to_string())
            }
            Column::Parents => self.persons(genealogy.parents(person).into_iter()),
            Column::Partners => self.persons(self.partners_of(person)),
            Column::Married => {
                let mut dates = genealogy.partner_unions(person).iter().filter_map(|&union| {
                    let date = genealogy.marriage(union)?.date;
                    (!date.is_none()).then_some(date)
                });
                dates.next().map_or_else(String::new, |date| self.shown_date(&date))
            }
            Column::Occupation => self.value(person, FactKind::Occupation),
            Column::Title => self.value(person, FactKind::Title),
            Column::Record => genealogy.xref(person).to_owned(),
        }
    }

    /// What can be counted; `None` where it is not known.
    pub(super) fn number(&self, column: Column, person: PersonId) -> Option<i32> {
        let genealogy = &self.genealogy;
        match column {
            Column::Born => genealogy.born(person).sort_key(),
            Column::Died => {
                let dated = |kind| genealogy.fact(person, kind)?.date.sort_key();
                dated(FactKind::Death).or_else(|| dated(FactKind::Burial))
            }
            Column::Married => {
                let mut unions = genealogy.partner_unions(person).iter();
                unions.find_map(|&union| genealogy.marriage(union)?.date.sort_key())
            }
            Column::Age => genealogy.life_years(person).map(|years| years as i32),
            Column::Generation => {
                let row = self.placing.generations.get(person.index());
                row.filter(|&&row| row != u32::MAX).map(|&row| row as i32 + 1)
            }
            Column::Children => {
                let unions = genealogy.partner_unions(person).iter();
                Some(unions.map(|&union| genealogy.children(union).len() as i32).sum())
            }
            _ => None,
        }
    }

    /// Everybody with whom a person is a partner, in the person's order.
    pub(super) fn partners_of(&self, person: PersonId) -> impl Iterator<Item = PersonId> {
        let unions = self.genealogy.partner_unions(person).iter();
        unions
            .flat_map(|&union| self.genealogy.partners(union))
            .copied()
            .filter(move |&partner| partner != person)
    }

    fn persons(&self, persons: impl Iterator<Item = PersonId>) -> String {
        let names = persons.map(|person| card::title(&self.genealogy, person, &self.words));
        names.collect::<Vec<_>>().join(SEVERAL)
    }

    pub(super) fn name_part(
        &self,
        person: PersonId,
        part: impl Fn(&banyan_kin::Name) -> TextId,
    ) -> String {
        let name = self.genealogy.names(person).first();
        name.map_or("", |name| self.genealogy.texts.get(part(name))).to_owned()
    }

    /// The date of an event, or of the one that stands in for it, with its name.
    fn when(&self, person: PersonId, kind: FactKind, stand_in: FactKind) -> String {
        let dated = |kind: FactKind| {
            let mut facts = self.genealogy.facts(person).iter().filter(move |it| it.kind == kind);
            facts.find(|fact| !fact.date.is_none())
        };
        if let Some(fact) = dated(kind) {
            return self.shown_date(&fact.date);
        }
        dated(stand_in).map_or_else(String::new, |fact| {
            let key = if stand_in == FactKind::Baptism { "table_baptised" } else { "table_buried" };
            self.language.say(key, &[("date", &self.shown_date(&fact.date))])
        })
    }

    fn shown_date(&self, date: &banyan_kin::Date) -> String {
        let written = date.written(&self.genealogy.texts);
        dates::shown(date, &written, self.calendar, self.language)
    }

    pub(super) fn place(&self, person: PersonId, kind: FactKind) -> String {
        let mut facts = self.genealogy.facts(person).iter().filter(|fact| fact.kind == kind);
        let place = facts.find(|fact| !fact.place.is_empty()).map(|fact| fact.place);
        place.map_or("", |place| self.genealogy.texts.get(place).trim()).to_owned()
    }

    pub(super) fn value(&self, person: PersonId, kind: FactKind) -> String {
        let facts = self.genealogy.facts(person).iter().filter(|fact| fact.kind == kind);
        let values = facts.map(|fact| self.genealogy.texts.get(fact.value).trim());
        values.filter(|value| !value.is_empty()).collect::<Vec<_>>().join(SEVERAL)
    }
}
