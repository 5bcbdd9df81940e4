//! A genealogy in which some persons are hidden, and all links are left.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::{
    date::{Date, DateKind},
    draft::{Capacity, Claim, Draft, Role, Side},
    fact::Fact,
    genealogy::Genealogy,
    name::Name,
    person::PersonId,
    privacy::HiddenNames,
    texts::{TextId, Texts, TextsBuilder},
};

impl Genealogy {
    /// The same persons and unions with the same ids and links, but of those who are `hidden` (by
    /// index) nothing else is left than sex and identifier: their only name is `label`, which is no
    /// given name to be counted. Unions with a partner who is hidden lose their facts. No text of what is gone is in the new arena, and no
    /// search finds it.
    ///
    /// Of what is said of others (notes, titles, places, the words of dates, what events are called, paths
    /// of pictures) the lines are gone that have one of `names` in them. The names of others stay: a
    /// grandson is often called as his grandfather was, but for a Jr.
    pub fn masked(&self, hidden: &[bool], label: &str, names: &HiddenNames) -> Self {
        let is_hidden = |id: PersonId| hidden.get(id.index()).copied().unwrap_or(false);
        let mut draft = Draft::default();
        draft.reserve(Capacity {
            persons: self.persons.len(),
            unions: self.unions.len(),
            names: self.names.len(),
            facts: self.facts.len(),
        });
        let mut told = Told { old: &self.texts, names, seen: HashMap::default() };
        let old = &self.texts;
        let mut claims = Vec::new();
        for id in self.person_ids() {
            let Some(person) = self.person(id) else { continue };
            let xref = moved(old, &mut draft.texts, person.xref);
            draft.begin_person(xref, person.line);
            draft.set_sex(person.sex);
            if is_hidden(id) {
                let name = Name::default().spelt(label, &mut draft.texts);
                draft.add_name(name);
            } else {
                for name in self.names(id) {
                    let name = moved_name(old, &mut draft.texts, name);
                    draft.add_name(name);
                }
                for fact in self.facts(id) {
                    let fact = told.fact(&mut draft.texts, fact);
                    draft.add_fact(fact);
                }
                if person.is_sourced {
                    draft.set_sourced();
                }
                let photo = told.moved(&mut draft.texts, person.photo);
                draft.set_photo(id, photo);
            }
            let claim = |role, union| Claim {
                role,
                person: id,
                union,
                side: Side::Person,
                line: person.line,
            };
            let parents = self.parent_unions(id).iter();
            claims.extend(parents.map(|link| claim(Role::Child(link.pedigree), link.union)));
            let unions = self.partner_unions(id).iter();
            claims.extend(unions.map(|&union| claim(Role::Partner, union)));
        }
        for id in self.union_ids() {
            let Some(union) = self.union(id) else { continue };
            let xref = moved(old, &mut draft.texts, union.xref);
            draft.begin_union(xref, union.line);
            let partners = self.partners(id);
            if !partners.iter().any(|&partner| is_hidden(partner)) {
                for fact in self.union_facts(id) {
                    let fact = told.fact(&mut draft.texts, fact);
                    draft.add_union_fact(fact);
                }
            }
            let claim = |role, person| Claim {
                role,
                person,
                union: id,
                side: Side::Union,
                line: union.line,
            };
            claims.extend(partners.iter().map(|&person| claim(Role::Partner, person)));
            // How a child belongs to its parents is what the person's side said.
            let children = self.children(id).iter();
            claims.extend(children.map(|&person| claim(Role::Child(<_>::default()), person)));
        }
        draft.claim(claims);
        draft.finish().0
    }
}

fn moved(old: &Texts, new: &mut TextsBuilder, id: TextId) -> TextId {
    new.intern(old.get(id))
}

fn moved_name(old: &Texts, new: &mut TextsBuilder, name: &Name) -> Name {
    Name {
        kind: name.kind,
        spelling: moved(old, new, name.spelling),
        given: moved(old, new, name.given),
        surname: moved(old, new, name.surname),
        prefix: moved(old, new, name.prefix),
        suffix: moved(old, new, name.suffix),
    }
}

/// What is said of those who are not hidden, on its way into another arena.
struct Told<'g> {
    old: &'g Texts,
    names: &'g HiddenNames,
    /// Places and years repeat thousands of times, and are searched for names once.
    seen: HashMap<TextId, TextId, FxBuildHasher>,
}

impl Told<'_> {
    fn moved(&mut self, new: &mut TextsBuilder, id: TextId) -> TextId {
        let (old, names) = (self.old, self.names);
        *self.seen.entry(id).or_insert_with(|| new.intern(&names.left_out_of(old.get(id))))
    }

    fn fact(&mut self, new: &mut TextsBuilder, fact: &Fact) -> Fact {
        Fact {
            kind: fact.kind,
            label: self.moved(new, fact.label),
            date: self.date(new, fact.date),
            place: self.moved(new, fact.place),
            value: self.moved(new, fact.value),
            line: fact.line,
        }
    }

    /// Of words that are gone the year stays that was read among them. A date that has no words of
    /// its own names nobody.
    fn date(&mut self, new: &mut TextsBuilder, date: Date) -> Date {
        let wording = self.moved(new, date.wording);
        if !wording.is_empty() || date.wording.is_empty() {
            return Date { wording, ..date };
        }
        let wording = Date::WORDS_GONE;
        match date.kind {
            DateKind::Phrase if date.first.year == 0 => Date::default(),
            DateKind::Phrase => Date { kind: DateKind::About, wording, ..date },
            _ => Date { wording, ..date },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FactKind, ParentLink, Pedigree, UnionId};

    /// Two parents, married, with an adopted child and one of their own, who has two parent unions.
    fn family() -> Genealogy {
        let mut draft = Draft::default();
        for name in ["John /Lee/", "Ann /Gray/", "Bob /Lee/", "Zoë /Lee/"] {
            let xref = draft.texts.intern(name.split(' ').next().unwrap());
            draft.begin_person(xref, 7);
            let spelt = Name::default().spelt(name, &mut draft.texts);
            draft.add_name(spelt);
            let date = Date::read("1 MAY 1970", &mut draft.texts);
            let place = draft.texts.intern(&format!("home of {name}"));
            draft.add_fact(Fact { kind: FactKind::Birth, date, place, ..Fact::default() });
        }
        draft.begin_union(TextId::EMPTY, 8);
        let value = draft.texts.intern("wedding");
        draft.add_union_fact(Fact { kind: FactKind::Marriage, value, ..Fact::default() });
        draft.begin_union(TextId::EMPTY, 9);
        let claim = |role, person, union, side| Claim {
            role,
            person: PersonId(person),
            union: UnionId(union),
            side,
            line: 0,
        };
        draft.claim(vec![
            claim(Role::Partner, 1, 0, Side::Union),
            claim(Role::Partner, 0, 0, Side::Union),
            claim(Role::Child(Pedigree::Unstated), 3, 0, Side::Union),
            claim(Role::Child(Pedigree::Unstated), 2, 0, Side::Union),
            claim(Role::Child(Pedigree::Adopted), 2, 1, Side::Person),
            claim(Role::Child(Pedigree::Birth), 2, 0, Side::Person),
        ]);
        draft.finish().0
    }

    #[test]
    fn of_the_hidden_only_links_are_left() {
        let open = family();
        let masked = open.masked(&[false, true, true, false], "Living", &HiddenNames::default());
        let names: Vec<String> = masked.person_ids().map(|id| masked.display_name(id)).collect();
        assert_eq!(names, ["John Lee", "Living", "Living", "Zoë Lee"]);
        assert!(masked.facts(PersonId(1)).is_empty());
        assert!(masked.union_facts(UnionId(0)).is_empty(), "a marriage of somebody hidden");
        assert_eq!(masked.partners(UnionId(0)), open.partners(UnionId(0)));
        assert_eq!(masked.children(UnionId(0)), open.children(UnionId(0)));
        assert_eq!(masked.parent_unions(PersonId(2)), open.parent_unions(PersonId(2)));
        let adopted = ParentLink { union: UnionId(1), pedigree: Pedigree::Adopted };
        assert!(masked.parent_unions(PersonId(2)).contains(&adopted));
        assert_eq!(masked.search("Bob", 9), []);
        assert_eq!(masked.xref(PersonId(2)), "Bob", "records keep their identifiers");
        let texts = format!("{:?}", masked.texts);
        assert!(texts.contains("Zoë /Lee/"), "{texts}");
        assert!(!texts.contains("Ann /") && !texts.contains("wedding"), "{texts}");
    }

    #[test]
    fn names_that_their_parts_say_go_with_them() {
        let mut draft = Draft::default();
        for (given, surname) in [("Ann", "Gray"), ("Bob", "Lee")] {
            draft.begin_person(TextId::EMPTY, 0);
            let name = Name {
                given: draft.texts.intern(given),
                surname: draft.texts.intern(surname),
                ..Name::default()
            };
            let name = name.spelt(&format!("{given} /{surname}/"), &mut draft.texts);
            draft.add_name(name);
        }
        for written in
            ["(as Ann Gray said)", "(in 1850, as Ann Gray said)", "ABT 1850", "INT 1850 (Ann Gray)"]
        {
            let date = Date::read(written, &mut draft.texts);
            draft.add_fact(Fact { kind: FactKind::Residence, date, ..Fact::default() });
        }
        let open = draft.finish().0;
        let hidden = [true, false];
        let masked = open.masked(&hidden, "Living", &HiddenNames::of(&open, &hidden));
        assert_eq!(masked.written_name(PersonId(0)), "Living");
        assert_eq!(masked.written_name(PersonId(1)), "Bob /Lee/");
        let shown = |fact: &Fact| {
            (fact.date.kind, fact.date.first.year, fact.date.written(&masked.texts).into_owned())
        };
        let dates: Vec<(DateKind, i16, String)> =
            masked.facts(PersonId(1)).iter().map(shown).collect();
        let date = |kind, year, written: &str| (kind, year, written.to_owned());
        assert_eq!(
            dates,
            [
                date(DateKind::None, 0, ""),
                date(DateKind::About, 1850, ""),
                date(DateKind::About, 1850, "ABT 1850"),
                date(DateKind::Interpreted, 1850, ""),
            ]
        );
        let twice = masked.masked(&[], "Living", &HiddenNames::default());
        assert!(twice.facts(PersonId(1))[1].date.written(&twice.texts).is_empty());
        let texts = format!("{:?}", masked.texts);
        assert!(!texts.contains("Ann") && !texts.contains("Gray"), "{texts}");
    }

    #[test]
    fn with_nobody_hidden_nothing_changes() {
        let open = family();
        let same = open.masked(&[], "Living", &HiddenNames::default());
        for id in open.person_ids() {
            let fact = |genealogy: &Genealogy| {
                let birth = *genealogy.birth(id).unwrap();
                let text = |id| genealogy.texts.get(id).to_owned();
                (
                    birth.date.first,
                    birth.date.written(&genealogy.texts).into_owned(),
                    text(birth.place),
                )
            };
            assert_eq!(same.display_name(id), open.display_name(id));
            assert_eq!(fact(&same), fact(&open));
            assert_eq!(same.parent_unions(id), open.parent_unions(id));
            assert_eq!(same.partner_unions(id), open.partner_unions(id));
        }
        assert_eq!(same.union_facts(UnionId(0)).len(), 1);
    }
}
