//! The whole of a file's persons and unions, read-only.

use std::{borrow::Cow, collections::BTreeSet, sync::OnceLock};

use crate::{
    date::Date,
    fact::{Fact, FactKind},
    name::{Name, display_name},
    person::{ParentLink, Pedigree, Person, PersonId, Union, UnionId},
    search::SearchIndex,
    texts::{TextId, Texts},
};

/// Persons, unions and everything that they refer to, in flat arrays.
///
/// Made by [`Draft::finish`](crate::Draft::finish), which vouches that every link has both its ends:
/// a partner of a union has the union among their own, and so has a child.
#[derive(Clone, Debug, Default)]
pub struct Genealogy {
    pub texts: Texts,
    pub persons: Vec<Person>,
    pub unions: Vec<Union>,
    pub names: Vec<Name>,
    pub facts: Vec<Fact>,
    pub parent_links: Vec<ParentLink>,
    pub partner_links: Vec<UnionId>,
    pub union_partners: Vec<PersonId>,
    pub union_children: Vec<PersonId>,
    /// How each of these is the union's child.
    pub child_kinds: Vec<Pedigree>,
    /// Made when somebody is searched for first.
    pub(crate) search: OnceLock<SearchIndex>,
}

/// Where a person or a union is asked for that is not there, the answer is empty.
impl Genealogy {
    pub fn person_ids(&self) -> impl Iterator<Item = PersonId> + use<> {
        (0..u32::try_from(self.persons.len()).unwrap_or(u32::MAX)).map(PersonId)
    }

    pub fn union_ids(&self) -> impl Iterator<Item = UnionId> + use<> {
        (0..u32::try_from(self.unions.len()).unwrap_or(u32::MAX)).map(UnionId)
    }

    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.persons.get(id.index())
    }

    pub fn union(&self, id: UnionId) -> Option<&Union> {
        self.unions.get(id.index())
    }

    /// The person whose record has this identifier, with or without `@`; the first if several have.
    pub fn person_by_xref(&self, xref: &str) -> Option<PersonId> {
        let xref = xref.trim_matches('@');
        if xref.is_empty() {
            return None;
        }
        self.person_ids().find(|&id| self.xref(id) == xref)
    }

    /// What names a person in an address: the identifier of the record, or `#` and the index for a
    /// record without one.
    pub fn stable_id(&self, person: PersonId) -> String {
        match self.xref(person) {
            "" => format!("#{}", person.0),
            xref => xref.to_owned(),
        }
    }

    /// Who has this [`Self::stable_id`].
    pub fn person_by_id(&self, id: &str) -> Option<PersonId> {
        if let Some(index) = id.strip_prefix('#') {
            let person = PersonId(index.parse().ok()?);
            return self.person(person).map(|_| person);
        }
        self.person_by_xref(id)
    }

    /// The identifier of a person's record, without `@`.
    pub fn xref(&self, id: PersonId) -> &str {
        self.person(id).map_or("", |person| self.texts.get(person.xref))
    }

    /// The picture of a person, as [`Person::photo`] has it.
    pub fn photo(&self, id: PersonId) -> Option<TextId> {
        self.person(id).map(|person| person.photo).filter(|photo| !photo.is_empty())
    }

    /// Forgets the pictures that nobody can show: those for whose path `is_there` says no.
    pub fn keep_photos(&mut self, mut is_there: impl FnMut(&str) -> bool) {
        let Self { texts, persons, .. } = self;
        for person in persons.iter_mut().filter(|person| !person.photo.is_empty()) {
            if !is_there(texts.get(person.photo)) {
                person.photo = TextId::EMPTY;
            }
        }
    }

    /// All names of a person, the primary one first.
    pub fn names(&self, id: PersonId) -> &[Name] {
        self.person(id).map_or(&[], |person| person.names.of(&self.names))
    }

    /// The primary name, as [`display_name`](crate::display_name) shows it; empty where there is none.
    pub fn display_name(&self, id: PersonId) -> String {
        display_name(&self.written_name(id))
    }

    /// The primary name as the file writes it; empty where there is none.
    pub fn written_name(&self, id: PersonId) -> Cow<'_, str> {
        self.names(id).first().map_or(Cow::Borrowed(""), |name| name.written(&self.texts))
    }

    pub fn facts(&self, id: PersonId) -> &[Fact] {
        self.person(id).map_or(&[], |person| person.facts.of(&self.facts))
    }

    pub fn union_facts(&self, id: UnionId) -> &[Fact] {
        self.union(id).map_or(&[], |union| union.facts.of(&self.facts))
    }

    /// The first fact of a kind: files put the preferred one first.
    pub fn fact(&self, id: PersonId, kind: FactKind) -> Option<&Fact> {
        self.facts(id).iter().find(|fact| fact.kind == kind)
    }

    pub fn birth(&self, id: PersonId) -> Option<&Fact> {
        self.fact(id, FactKind::Birth)
    }

    pub fn death(&self, id: PersonId) -> Option<&Fact> {
        self.fact(id, FactKind::Death)
    }

    pub fn marriage(&self, id: UnionId) -> Option<&Fact> {
        self.union_facts(id).iter().find(|fact| fact.kind == FactKind::Marriage)
    }

    /// The unions that a person is a child of, with the kind of each link.
    pub fn parent_unions(&self, id: PersonId) -> &[ParentLink] {
        self.person(id).map_or(&[], |person| person.child_of.of(&self.parent_links))
    }

    /// The unions that a person is a partner in.
    pub fn partner_unions(&self, id: PersonId) -> &[UnionId] {
        self.person(id).map_or(&[], |person| person.partner_in.of(&self.partner_links))
    }

    pub fn partners(&self, id: UnionId) -> &[PersonId] {
        self.union(id).map_or(&[], |union| union.partners.of(&self.union_partners))
    }

    /// Everybody who is a parent of a person by any kind of link, each once, in the order of the links.
    pub fn parents(&self, id: PersonId) -> Vec<PersonId> {
        let mut seen = BTreeSet::new();
        let partners = self.parent_unions(id).iter().flat_map(|link| self.partners(link.union));
        partners.copied().filter(|&parent| seen.insert(parent)).collect()
    }

    /// The children of a union in the order of the file.
    pub fn children(&self, id: UnionId) -> &[PersonId] {
        self.union(id).map_or(&[], |union| union.children.of(&self.union_children))
    }

    /// The same with how each is the child of this union, which is not looked for among all the unions
    /// that a child may be said to be of.
    pub fn children_by_kind(&self, id: UnionId) -> impl Iterator<Item = (PersonId, Pedigree)> {
        let kinds = self.union(id).map_or(&[][..], |union| union.children.of(&self.child_kinds));
        self.children(id).iter().copied().zip(kinds.iter().copied())
    }

    /// The children of a union by birth. Those without a date of birth keep their places among the
    /// others, because the file's order is then the best that is known.
    pub fn children_by_birth(&self, id: UnionId) -> Vec<PersonId> {
        let mut children = self.children(id).to_vec();
        if children.len() < 2 {
            return children;
        }
        let keys: Vec<_> = children.iter().map(|&child| self.born(child).sort_key()).collect();
        let mut dated: Vec<_> =
            keys.iter().zip(&children).filter_map(|(key, &child)| Some(((*key)?, child))).collect();
        dated.sort_by_key(|&(key, _)| key);
        let slots = children.iter_mut().zip(&keys).filter(|(_, key)| key.is_some());
        for ((slot, _), (_, child)) in slots.zip(dated) {
            *slot = child;
        }
        children
    }

    /// "1809–1882", "c. 1620–", "–1455"; empty where neither year is known. Without a birth the
    /// baptism stands in, without a death the burial, each marked as about.
    pub fn life_span(&self, id: PersonId) -> String {
        let start = self.year_label(id, FactKind::Birth, FactKind::Baptism);
        let end = self.year_label(id, FactKind::Death, FactKind::Burial);
        if start.is_empty() && end.is_empty() { String::new() } else { format!("{start}–{end}") }
    }

    /// The date of birth, else of baptism; an empty date where neither is known.
    pub fn born(&self, id: PersonId) -> Date {
        let dated =
            |kind| self.facts(id).iter().find(|f| f.kind == kind && f.date.sort_key().is_some());
        dated(FactKind::Birth)
            .or_else(|| dated(FactKind::Baptism))
            .map_or_else(Date::default, |fact| fact.date)
    }

    /// The persons whose names hold every word of `query`, best first, at most `limit`; see
    /// `search.rs` for the order.
    pub fn search(&self, query: &str, limit: usize) -> Vec<PersonId> {
        self.search_index().find(query, limit, |_| true)
    }

    /// The same of those alone who are wanted.
    pub fn search_among(
        &self,
        query: &str,
        limit: usize,
        is_wanted: impl Fn(PersonId) -> bool,
    ) -> Vec<PersonId> {
        self.search_index().find(query, limit, is_wanted)
    }

    /// Makes ready for searches; otherwise the first one does, and takes longer than those after it.
    pub fn make_searchable(&self) {
        self.search_index();
    }

    fn search_index(&self) -> &SearchIndex {
        self.search.get_or_init(|| SearchIndex::of(self))
    }

    fn year_label(&self, id: PersonId, kind: FactKind, stand_in: FactKind) -> String {
        // Files put the preferred fact first, but some put an empty one before it.
        let year_of = |kind| {
            let mut years = self
                .facts(id)
                .iter()
                .filter(|fact| fact.kind == kind)
                .map(|fact| fact.date.short());
            years.find(|year| !year.is_empty())
        };
        year_of(kind)
            .or_else(|| {
                year_of(stand_in).map(|year| {
                    if year.starts_with(|c: char| c.is_ascii_digit()) {
                        format!("c. {year}")
                    } else {
                        year
                    }
                })
            })
            .unwrap_or_default()
    }
}
