//! Building a genealogy from what records claim about each other.
//!
//! Files state most links twice, at the person and at the union, and the two do not always agree.
//! A draft takes every claim; [`Draft::finish`] joins them and reports the faults.

use std::sync::OnceLock;

use crate::{
    date::settle,
    fact::Fact,
    genealogy::Genealogy,
    name::Name,
    person::{ParentLink, Pedigree, Person, PersonId, Sex, Span, Union, UnionId},
    texts::{TextId, TextsBuilder},
};

/// A genealogy in the making. Names and facts belong to the person or union begun last.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub texts: TextsBuilder,
    persons: Vec<Person>,
    unions: Vec<Union>,
    names: Vec<Name>,
    facts: Vec<Fact>,
    claims: Vec<Claim>,
}

/// One record's word that a person belongs to a union.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    pub role: Role,
    pub person: PersonId,
    pub union: UnionId,
    /// Whose record says so.
    pub side: Side,
    /// Line in the file, counted from 1; 0 where there is no file.
    pub line: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Partner,
    Child(Pedigree),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Person,
    Union,
}

/// Claims that do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkFault {
    pub line: u32,
    pub kind: LinkFaultKind,
    pub person: PersonId,
    pub union: UnionId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkFaultKind {
    /// The person's record names the union as their own family, but not the other way round. The
    /// link is kept.
    PartnerByPersonOnly,
    /// The union's record names a partner who does not name it. The link is kept.
    PartnerByUnionOnly,
    /// The person's record names the union as their parents', but not the other way round. The link
    /// is kept.
    ChildByPersonOnly,
    /// The union's record names a child who does not name it. The link is kept.
    ChildByUnionOnly,
    /// The same record says the same twice. One link is kept.
    Repeated,
    /// Partner and child of the same union. The link as a child is dropped.
    PartnerAndChild,
}

/// How much of each is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    pub persons: usize,
    pub unions: usize,
    pub names: usize,
    pub facts: usize,
}

impl Draft {
    /// Makes room, so that no list has to grow. What memory does not allow is left to be seen.
    pub fn reserve(&mut self, capacity: Capacity) {
        let _ = self.persons.try_reserve_exact(capacity.persons);
        let _ = self.unions.try_reserve_exact(capacity.unions);
        let _ = self.names.try_reserve_exact(capacity.names);
        let _ = self.facts.try_reserve_exact(capacity.facts);
    }

    pub fn begin_person(&mut self, xref: TextId, line: u32) -> PersonId {
        let id = PersonId(length_of(&self.persons));
        let (names, facts) = (empty_at_end(&self.names), empty_at_end(&self.facts));
        self.persons.push(Person { xref, line, names, facts, ..Person::default() });
        id
    }

    pub fn set_sex(&mut self, sex: Sex) {
        if let Some(person) = self.persons.last_mut() {
            person.sex = sex;
        }
    }

    /// The person's record names a source.
    pub fn set_sourced(&mut self) {
        if let Some(person) = self.persons.last_mut() {
            person.is_sourced = true;
        }
    }

    /// Gives a person a picture, if they have none yet.
    pub fn set_photo(&mut self, person: PersonId, path: TextId) {
        if let Some(person) = self.persons.get_mut(person.index())
            && person.photo.is_empty()
        {
            person.photo = path;
        }
    }

    pub fn add_name(&mut self, name: Name) {
        if let Some(person) = self.persons.last_mut() {
            self.names.push(name);
            person.names.end = length_of(&self.names);
        }
    }

    /// Adds a fact to the person begun last.
    pub fn add_fact(&mut self, fact: Fact) {
        if let Some(person) = self.persons.last_mut() {
            self.facts.push(fact);
            person.facts.end = length_of(&self.facts);
        }
    }

    pub fn begin_union(&mut self, xref: TextId, line: u32) -> UnionId {
        let id = UnionId(length_of(&self.unions));
        let facts = empty_at_end(&self.facts);
        self.unions.push(Union { xref, line, facts, ..Union::default() });
        id
    }

    /// Adds a fact to the union begun last. No person may have been begun since.
    pub fn add_union_fact(&mut self, fact: Fact) {
        if let Some(union) = self.unions.last_mut() {
            self.facts.push(fact);
            union.facts.end = length_of(&self.facts);
        }
    }

    /// Takes all claims. Both ends of each must have been begun; a claim without is dropped.
    pub fn claim(&mut self, mut claims: Vec<Claim>) {
        claims.retain(|claim| {
            claim.person.index() < self.persons.len() && claim.union.index() < self.unions.len()
        });
        self.claims = claims;
    }

    /// All facts so far, for a reader that resolves texts only after the last record.
    pub fn facts_mut(&mut self) -> &mut [Fact] {
        &mut self.facts
    }

    pub fn persons(&self) -> &[Person] {
        &self.persons
    }

    pub fn unions(&self) -> &[Union] {
        &self.unions
    }

    /// Joins the claims: a link is there if either side says so, in the order of each side's records,
    /// with those that only the other side knows behind. Faults come in the order of lines.
    pub fn finish(mut self) -> (Genealogy, Vec<LinkFault>) {
        let mut faults = Vec::new();
        // What finds texts makes room for what joins claims.
        let texts = self.texts.finish();
        let claims = std::mem::take(&mut self.claims);
        let persons = self.persons.len();
        let mut partners = join(&claims, false, persons, &mut faults);
        let mut children = join(&claims, true, persons, &mut faults);
        drop(claims);
        children.retain(|link| {
            let is_partner = partners
                .binary_search_by_key(&(link.person, link.union), |p| (p.person, p.union))
                .is_ok();
            if is_partner {
                let kind = LinkFaultKind::PartnerAndChild;
                faults.push(LinkFault {
                    line: link.line,
                    kind,
                    person: link.person,
                    union: link.union,
                });
            }
            !is_partner
        });
        faults.sort_unstable();

        let (persons, unions) = (&mut self.persons, &mut self.unions);
        let partner_links =
            by_person(&mut partners, persons, |p| &mut p.partner_in, |link| link.union);
        let union_partners = by_union(&partners, unions, |u| &mut u.partners, |link| link.person);
        drop(partners);
        let parent_links = by_person(
            &mut children,
            persons,
            |p| &mut p.child_of,
            |link| ParentLink { union: link.union, pedigree: link.pedigree },
        );
        let of_unions =
            by_union(&children, unions, |u| &mut u.children, |link| (link.person, link.pedigree));
        drop(children);
        let (union_children, child_kinds) = of_unions.into_iter().unzip();

        for person in persons.iter() {
            settle(person.facts.of_mut(&mut self.facts), &texts);
        }
        self.persons.shrink_to_fit();
        self.unions.shrink_to_fit();
        self.names.shrink_to_fit();
        self.facts.shrink_to_fit();
        let genealogy = Genealogy {
            texts,
            persons: self.persons,
            unions: self.unions,
            names: self.names,
            facts: self.facts,
            parent_links,
            partner_links,
            union_partners,
            union_children,
            child_kinds,
            search: OnceLock::new(),
        };
        (genealogy, faults)
    }
}

/// A link that one side or both claim.
#[derive(Clone, Copy)]
struct Link {
    person: PersonId,
    union: UnionId,
    /// Place among the claims of the person's side; `u32::MAX` where only the union knows the link.
    person_order: u32,
    /// The same for the union's side.
    union_order: u32,
    pedigree: Pedigree,
    line: u32,
}

/// Joins the claims of one role (partners, or `children`) into links sorted by person and union.
fn join(
    claims: &[Claim],
    children: bool,
    persons: usize,
    faults: &mut Vec<LinkFault>,
) -> Vec<Link> {
    let of_role = || {
        let all = (0..length_of(claims)).zip(claims);
        all.filter(|(_, claim)| (claim.role != Role::Partner) == children)
            .map(|(order, claim)| (claim.person, claim.union, claim.side, order))
    };
    let mut sorted = grouped(of_role, persons, |claim| claim.0.index());
    sorted.chunk_by_mut(|a, b| a.0 == b.0).for_each(<[_]>::sort_unstable);

    let mut links: Vec<Link> = Vec::with_capacity(sorted.len() / 2 + 1);
    for (person, union, side, order) in sorted {
        let Some(claim) = claims.get(order as usize) else { continue };
        let pedigree =
            if let Role::Child(pedigree) = claim.role { pedigree } else { Pedigree::Unstated };
        let same = links.last_mut().filter(|link| (link.person, link.union) == (person, union));
        let link = if let Some(link) = same {
            link
        } else {
            links.push(Link {
                person,
                union,
                person_order: u32::MAX,
                union_order: u32::MAX,
                pedigree,
                line: claim.line,
            });
            let Some(link) = links.last_mut() else { continue };
            link
        };
        if link.pedigree == Pedigree::Unstated {
            link.pedigree = pedigree;
        }
        let order_on_side =
            if side == Side::Person { &mut link.person_order } else { &mut link.union_order };
        if *order_on_side == u32::MAX {
            *order_on_side = order;
        } else {
            faults.push(LinkFault {
                line: claim.line,
                kind: LinkFaultKind::Repeated,
                person,
                union,
            });
        }
    }
    for link in &links {
        let kind = match (link.person_order, link.union_order, children) {
            (u32::MAX, _, false) => LinkFaultKind::PartnerByUnionOnly,
            (_, u32::MAX, false) => LinkFaultKind::PartnerByPersonOnly,
            (u32::MAX, _, true) => LinkFaultKind::ChildByUnionOnly,
            (_, u32::MAX, true) => LinkFaultKind::ChildByPersonOnly,
            _ => continue,
        };
        faults.push(LinkFault { line: link.line, kind, person: link.person, union: link.union });
    }
    links
}

/// Lays links out person by person, which they are in the order of, and notes each person's span.
fn by_person<T>(
    links: &mut [Link],
    persons: &mut [Person],
    span: impl Fn(&mut Person) -> &mut Span,
    item: impl Fn(&Link) -> T,
) -> Vec<T> {
    for own in links.chunk_by_mut(|a, b| a.person == b.person) {
        own.sort_unstable_by_key(|link| (link.person_order, link.union_order));
    }
    note_spans(persons.iter_mut().map(span), links.iter().map(|link| link.person.0));
    links.iter().map(item).collect()
}

/// Lays links out union by union and notes each union's span.
fn by_union<T>(
    links: &[Link],
    unions: &mut [Union],
    span: impl Fn(&mut Union) -> &mut Span,
    item: impl Fn(&Link) -> T,
) -> Vec<T> {
    let mut links = grouped(|| links.iter().copied(), unions.len(), |link| link.union.index());
    for own in links.chunk_by_mut(|a, b| a.union == b.union) {
        own.sort_unstable_by_key(|link| (link.union_order, link.person_order));
    }
    note_spans(unions.iter_mut().map(span), links.iter().map(|link| link.union.0));
    links.iter().map(item).collect()
}

/// Items by their owners, `0..owners`, each owner's in the order in which they come; O(n).
fn grouped<T: Copy, I: Iterator<Item = T>>(
    items: impl Fn() -> I,
    owners: usize,
    owner: impl Fn(&T) -> usize,
) -> Vec<T> {
    let Some(first) = items().next() else { return Vec::new() };
    let mut places = vec![0u32; owners + 1];
    for item in items() {
        if let Some(count) = places.get_mut(owner(&item) + 1) {
            *count += 1;
        }
    }
    let mut total = 0;
    for place in &mut places {
        total += *place;
        *place = total;
    }
    let mut grouped = vec![first; total as usize];
    for item in items() {
        if let Some(place) = places.get_mut(owner(&item))
            && let Some(slot) = grouped.get_mut(*place as usize)
        {
            *slot = item;
            *place += 1;
        }
    }
    grouped
}

/// Gives owner `n` the span of those items whose owner is `n`; `owners` is sorted.
fn note_spans<'a>(spans: impl Iterator<Item = &'a mut Span>, owners: impl Iterator<Item = u32>) {
    let mut owners = owners.peekable();
    let mut end = 0;
    for (owner, span) in (0..).zip(spans) {
        let start = end;
        while owners.next_if_eq(&owner).is_some() {
            end += 1;
        }
        *span = Span { start, end };
    }
}

fn empty_at_end<T>(items: &[T]) -> Span {
    let end = length_of(items);
    Span { start: end, end }
}

/// The length as an index: a genealogy has fewer than 2^32 of anything.
fn length_of<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A draft of `persons` and `unions` without names and the claims "P0 in U1" (partner) or
    /// "P0 of U1" (child), said by the record that comes first.
    fn draft(persons: u32, unions: u32, claims: &[&str]) -> (Genealogy, Vec<LinkFault>) {
        let mut draft = Draft::default();
        (0..persons).for_each(|line| _ = draft.begin_person(TextId::EMPTY, line));
        (0..unions).for_each(|line| _ = draft.begin_union(TextId::EMPTY, line));
        let mut all = Vec::new();
        for (line, claim) in (1..).zip(claims) {
            let words: Vec<&str> = claim.split(' ').collect();
            let &[left, verb, right] = words.as_slice() else { panic!("{claim}") };
            let side = if left.starts_with('P') { Side::Person } else { Side::Union };
            let (person, union) = if side == Side::Person { (left, right) } else { (right, left) };
            let role = if verb == "in" { Role::Partner } else { Role::Child(Pedigree::Unstated) };
            let number = |word: &str| word.get(1..).unwrap().parse().unwrap();
            let (person, union) = (PersonId(number(person)), UnionId(number(union)));
            all.push(Claim { role, person, union, side, line });
        }
        draft.claim(all);
        draft.finish()
    }

    fn ids(persons: &[PersonId]) -> Vec<u32> {
        persons.iter().map(|id| id.0).collect()
    }

    #[test]
    fn claims_of_both_sides_make_one_link() {
        let (genealogy, faults) = draft(
            4,
            2,
            &[
                "P0 in U1", "P0 in U0", "P1 in U0", "U0 in P1", "U0 in P0", "U1 in P0", "U0 of P3",
                "U0 of P2", "P2 of U0",
            ],
        );
        assert_eq!(ids(genealogy.partners(UnionId(0))), [1, 0], "the union's order");
        assert_eq!(
            genealogy.partner_unions(PersonId(0)),
            [UnionId(1), UnionId(0)],
            "the person's order"
        );
        assert_eq!(ids(genealogy.children(UnionId(0))), [3, 2]);
        assert_eq!(ids(&genealogy.parents(PersonId(3))), [1, 0]);
        let kinds: Vec<LinkFaultKind> = faults.iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds, [LinkFaultKind::ChildByUnionOnly]);
    }

    #[test]
    fn contradictions_are_reported() {
        let (genealogy, faults) =
            draft(2, 1, &["U0 in P0", "U0 in P0", "P0 in U0", "U0 of P0", "P1 of U0", "P9 of U0"]);
        assert_eq!(ids(genealogy.partners(UnionId(0))), [0]);
        assert_eq!(ids(genealogy.children(UnionId(0))), [1]);
        let found: Vec<(u32, LinkFaultKind)> =
            faults.iter().map(|fault| (fault.line, fault.kind)).collect();
        assert_eq!(
            found,
            [
                (2, LinkFaultKind::Repeated),
                (4, LinkFaultKind::ChildByUnionOnly),
                (4, LinkFaultKind::PartnerAndChild),
                (5, LinkFaultKind::ChildByPersonOnly),
            ]
        );
    }

    #[test]
    fn own_ancestors_are_found() {
        // 0 -> 1 -> 2 -> 0 is a ring; 3 hangs below it and is sound.
        let (genealogy, _) = draft(
            4,
            4,
            &["U0 in P0", "U0 of P1", "U1 in P1", "U1 of P2", "U2 in P2", "U2 of P0", "U2 of P3"],
        );
        assert_eq!(genealogy.ancestry_cycles(), [[PersonId(0), PersonId(1), PersonId(2)]]);
        let (sound, _) = draft(2, 1, &["U0 in P0", "U0 of P1"]);
        assert!(sound.ancestry_cycles().is_empty());
    }
}
