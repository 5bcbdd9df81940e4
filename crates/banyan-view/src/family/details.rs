//! Everything that the file says about one person.

use std::collections::BTreeSet;

use banyan_kin::{Fact, FactKind, Genealogy, NameKind, PersonId, Sex, UnionId, display_name};

use super::{FamilyWorld, card, dates};
use crate::{
    details::{Details, Label, Row, Section, Value},
    world::Word,
};

impl FamilyWorld {
    pub(super) fn details_of(&self, person: PersonId) -> Details {
        let mut sections = vec![Section::new(None, self.vital_rows(person))];
        for (heading, rows) in [
            (Label::Parents, self.parent_rows(person)),
            (Label::Partners, self.partner_rows(person)),
            (Label::Children, self.child_rows(person)),
            (Label::Siblings, self.sibling_rows(person)),
            (Label::Events, self.event_rows(person)),
            (Label::Record, self.record_rows(person)),
        ] {
            if !rows.is_empty() {
                sections.push(Section::new(Some(heading), rows));
            }
        }
        Details {
            id: self.id(person),
            title: card::title(&self.genealogy, person, &self.words),
            subtitle: other_names(&self.genealogy, person),
            sections,
        }
    }

    fn vital_rows(&self, person: PersonId) -> Vec<Row> {
        let sex = match self.genealogy.person(person).map(|person| person.sex) {
            Some(Sex::Male) => Word::Male,
            Some(Sex::Female) => Word::Female,
            _ => Word::UnknownSex,
        };
        let mut rows = vec![row(Label::Sex, Value::Word(sex))];
        let facts = self.genealogy.facts(person);
        // In the order of a life, whatever the order of the file.
        for kind in [
            FactKind::Birth,
            FactKind::Baptism,
            FactKind::Title,
            FactKind::Occupation,
            FactKind::Death,
            FactKind::Burial,
            FactKind::Cremation,
        ] {
            for fact in facts.iter().filter(|fact| fact.kind == kind) {
                let text = self.fact_text(fact);
                if !text.is_empty() {
                    rows.push(row(label(kind), Value::Text(text)));
                }
            }
        }
        if let Some(&generation) = self.placing.generations.get(person.index()) {
            rows.push(row(Label::Generation, Value::Count(u64::from(generation) + 1)));
        }
        rows
    }

    fn parent_rows(&self, person: PersonId) -> Vec<Row> {
        let unions = self.genealogy.parent_unions(person).iter().map(|link| link.union);
        let parents = unions.flat_map(|union| self.genealogy.partners(union));
        parents
            .map(|&parent| {
                let label = match self.genealogy.person(parent).map(|parent| parent.sex) {
                    Some(Sex::Male) => Label::Father,
                    Some(Sex::Female) => Label::Mother,
                    _ => Label::Parent,
                };
                self.person_row(label, parent)
            })
            .collect()
    }

    fn partner_rows(&self, person: PersonId) -> Vec<Row> {
        let mut rows = Vec::new();
        for &union in self.genealogy.partner_unions(person) {
            let partners =
                self.genealogy.partners(union).iter().filter(|&&partner| partner != person);
            rows.extend(partners.map(|&partner| self.person_row(Label::Partner, partner)));
            rows.extend(self.union_rows(union));
        }
        rows
    }

    fn union_rows(&self, union: UnionId) -> impl Iterator<Item = Row> {
        let facts = self.genealogy.union_facts(union).iter();
        facts.filter_map(|fact| {
            let text = self.fact_text(fact);
            (!text.is_empty()).then(|| row(label(fact.kind), Value::Text(self.told(fact, text))))
        })
    }

    fn child_rows(&self, person: PersonId) -> Vec<Row> {
        let unions = self.genealogy.partner_unions(person).iter();
        let children = unions.flat_map(|&union| self.genealogy.children_by_birth(union));
        children.map(|child| self.person_row(Label::Child, child)).collect()
    }

    /// Full siblings by birth order, then those who share one parent only.
    fn sibling_rows(&self, person: PersonId) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut seen = BTreeSet::from([person]);
        let links = self.genealogy.parent_unions(person);
        for union in links.iter().map(|link| link.union) {
            for sibling in self.genealogy.children_by_birth(union) {
                if seen.insert(sibling) {
                    rows.push(self.person_row(Label::Sibling, sibling));
                }
            }
        }
        let parents = links.iter().flat_map(|link| self.genealogy.partners(link.union));
        for union in parents.flat_map(|&parent| self.genealogy.partner_unions(parent)) {
            for sibling in self.genealogy.children_by_birth(*union) {
                if seen.insert(sibling) {
                    rows.push(self.person_row(Label::HalfSibling, sibling));
                }
            }
        }
        rows
    }

    fn event_rows(&self, person: PersonId) -> Vec<Row> {
        let mut rows = Vec::new();
        for fact in self.genealogy.facts(person) {
            let is_told_above = matches!(
                fact.kind,
                FactKind::Birth
                    | FactKind::Baptism
                    | FactKind::Title
                    | FactKind::Occupation
                    | FactKind::Death
                    | FactKind::Burial
                    | FactKind::Cremation
            );
            let text = self.fact_text(fact);
            if !is_told_above && !text.is_empty() {
                rows.push(row(label(fact.kind), Value::Text(self.told(fact, text))));
            }
        }
        rows
    }

    fn record_rows(&self, person: PersonId) -> Vec<Row> {
        let mut rows = Vec::new();
        if let Some(record) = self.genealogy.person(person) {
            let xref = self.genealogy.xref(person);
            if !xref.is_empty() {
                rows.push(row(Label::Record, Value::Text(xref.to_owned())));
            }
            if record.line > 0 {
                rows.push(row(Label::Line, Value::Count(u64::from(record.line))));
            }
        }
        rows
    }

    /// "1809-02-12, Shrewsbury": value, date and place, as far as they are known.
    fn fact_text(&self, fact: &Fact) -> String {
        let texts = &self.genealogy.texts;
        let written = fact.date.written(texts);
        let date = dates::shown(&fact.date, &written, self.calendar, self.language);
        let parts = [texts.get(fact.value).trim(), &date, texts.get(fact.place).trim()];
        let known: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        known.join(", ")
    }

    /// A fact that has no label of its own brings what the file calls it.
    fn told(&self, fact: &Fact, text: String) -> String {
        match self.genealogy.texts.get(fact.label) {
            name if fact.kind == FactKind::Other && !name.is_empty() => format!("{name}: {text}"),
            _ => text,
        }
    }

    fn person_row(&self, label: Label, person: PersonId) -> Row {
        Row { label, value: Value::Text(self.named(person)), node: Some(person.0) }
    }
}

const fn row(label: Label, value: Value) -> Row {
    Row { label, value, node: None }
}

const fn label(kind: FactKind) -> Label {
    match kind {
        FactKind::Birth => Label::Born,
        FactKind::Baptism => Label::Baptised,
        FactKind::Death => Label::Died,
        FactKind::Burial => Label::Buried,
        FactKind::Cremation => Label::Cremated,
        FactKind::Adoption => Label::Adopted,
        FactKind::Engagement => Label::Engaged,
        FactKind::Marriage => Label::Married,
        FactKind::Divorce => Label::Divorced,
        FactKind::Separation => Label::Separated,
        FactKind::Occupation => Label::Occupation,
        FactKind::Title => Label::TitleOfHonour,
        FactKind::Education => Label::Education,
        FactKind::Religion => Label::Religion,
        FactKind::Residence => Label::Residence,
        FactKind::Emigration => Label::Emigrated,
        FactKind::Immigration => Label::Immigrated,
        FactKind::Census => Label::Census,
        FactKind::Note => Label::Note,
        FactKind::Other => Label::Event,
    }
}

fn other_names(genealogy: &Genealogy, person: PersonId) -> String {
    let primary = genealogy.display_name(person);
    let mut others: Vec<String> = Vec::new();
    for name in genealogy.names(person).iter().skip(1) {
        let shown = display_name(&name.written(&genealogy.texts));
        let shown = if name.kind == NameKind::Nickname { format!("“{shown}”") } else { shown };
        if !shown.is_empty() && shown != primary && !others.contains(&shown) {
            others.push(shown);
        }
    }
    others.join(" · ")
}
