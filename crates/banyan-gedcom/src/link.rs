//! From identifiers to the records that they name.

use std::collections::BTreeMap;

use banyan_kin::{
    FactKind, Genealogy, LinkFault, LinkFaultKind, PersonId, Role, Side, TextId, UnionId,
};

use crate::{
    diagnostic::{Diagnostics, Reason, excerpt},
    document::Record,
    line::{Line, Lines},
    person::Link,
    reader::{Reader, Target},
    record::Node,
    xref::XrefId,
};

impl<'t> Reader<'t> {
    /// Notes a link line of a person or a family.
    pub(crate) fn link(&mut self, node: Node<'_, 't>, role: Role, side: Side, owner: u32) {
        let line = node.line;
        match line.pointer() {
            // 7.0 writes @VOID@ for somebody who is not in the file.
            Some("VOID") => {}
            Some(pointer) => {
                let target = self.xrefs.intern(pointer, &mut self.draft.texts);
                let is_wife = line.tag == "WIFE";
                self.links.push(Link { role, side, is_wife, owner, target, line: line.number });
            }
            None => {
                let text = excerpt(line.value.trim());
                self.diagnostics.push(line.number, line.tag, Reason::NotAReference { text });
            }
        }
    }

    /// Remembers which record has an identifier. The first one keeps it.
    pub(crate) fn define(&mut self, node: Node<'_, 't>, target: Target) {
        let xref = node.line.xref;
        if xref.is_empty() {
            return;
        }
        let slot = self.xrefs.intern(xref, &mut self.draft.texts).index();
        if self.targets.len() <= slot {
            self.targets.resize(slot + 1, (Target::Nothing, 0));
        }
        let Some(known) = self.targets.get_mut(slot) else { return };
        if known.0 == Target::Nothing {
            *known = (target, node.line.number);
        } else {
            let reason = Reason::DuplicateXref { xref: shown(xref), first_line: known.1 };
            self.diagnostics.push(node.line.number, node.line.tag, reason);
        }
    }

    pub(crate) fn target(&self, xref: XrefId) -> Target {
        self.targets.get(xref.index()).map_or(Target::Nothing, |&(target, _)| target)
    }

    /// Turns all link lines into claims and reports those that lead nowhere.
    pub(crate) fn resolve_links(&mut self) {
        let links = std::mem::take(&mut self.links);
        let mut resolved = |link: Link| {
            let (expected, target) = match (link.side, self.target(link.target)) {
                (Side::Person, Target::Family(UnionId(index)))
                | (Side::Union, Target::Person(PersonId(index))) => return Some(link.claim(index)),
                (Side::Person, target) => ("FAM", target),
                (Side::Union, target) => ("INDI", target),
            };
            let xref = shown(self.draft.texts.texts().get(self.xrefs.text(link.target)));
            let reason = match target {
                Target::Nothing => Reason::DanglingReference { xref },
                _ => Reason::WrongReference { xref, expected },
            };
            self.diagnostics.push(link.line, link.tag(), reason);
            None
        };
        let claims = links.into_iter().filter_map(&mut resolved).collect();
        self.draft.claim(claims);
        for (target, tag, line) in std::mem::take(&mut self.other_references) {
            if self.target(target) == Target::Nothing {
                let xref = shown(self.draft.texts.texts().get(self.xrefs.text(target)));
                self.diagnostics.push(line, tag, Reason::DanglingReference { xref });
            }
        }
    }

    /// Puts the text of note records where links to them stand.
    pub(crate) fn resolve_notes(&mut self) {
        if !self.notes_wanted {
            return;
        }
        let mut texts_of_links: BTreeMap<TextId, TextId> = BTreeMap::new();
        for (xref, text) in std::mem::take(&mut self.notes) {
            let link = self.draft.texts.intern(&format!("@{xref}@"));
            texts_of_links.entry(link).or_insert(text);
        }
        for fact in self.draft.facts_mut().iter_mut().filter(|fact| fact.kind == FactKind::Note) {
            if let Some(&text) = texts_of_links.get(&fact.value) {
                fact.value = text;
            }
        }
    }
}

/// Reports what the joining of all claims found, and persons who are their own ancestors.
pub(crate) fn report(
    genealogy: &Genealogy,
    faults: &[LinkFault],
    text: &str,
    records: &[Record],
    diagnostics: &mut Diagnostics,
) {
    let person_xref = |id: PersonId| shown(genealogy.xref(id));
    let mut tags = TagsOfLines::new(text, records);
    for fault in faults {
        let person = person_xref(fault.person);
        let family =
            genealogy.union(fault.union).map_or("", |union| genealogy.texts.get(union.xref));
        let family = shown(family);
        let reason = match fault.kind {
            LinkFaultKind::PartnerByPersonOnly
            | LinkFaultKind::PartnerByUnionOnly
            | LinkFaultKind::ChildByPersonOnly
            | LinkFaultKind::ChildByUnionOnly => Reason::OneSidedLink { person, family },
            LinkFaultKind::Repeated => Reason::RepeatedLink { person, family },
            LinkFaultKind::PartnerAndChild => Reason::PartnerAndChild { person, family },
        };
        diagnostics.push(fault.line, tags.tag_of(fault.line), reason);
    }
    for ring in genealogy.ancestry_cycles() {
        let Some(&first) = ring.first() else { continue };
        let line = genealogy.person(first).map_or(0, |person| person.line);
        let others = u32::try_from(ring.len() - 1).unwrap_or(u32::MAX);
        diagnostics.push(line, "INDI", Reason::OwnAncestor { person: person_xref(first), others });
    }
}

/// Finds the tags of lines once more, which links do not carry to save memory.
struct TagsOfLines<'t> {
    text: &'t str,
    records: &'t [Record],
    lines: Lines<'t>,
    last: Line<'t>,
}

impl<'t> TagsOfLines<'t> {
    const fn new(text: &'t str, records: &'t [Record]) -> Self {
        Self { text, records, lines: Lines::new("", 0), last: Line::EMPTY }
    }

    /// The tag of a line; each line asked for must not be before the last one.
    fn tag_of(&mut self, line: u32) -> &'t str {
        let record = self.records.partition_point(|record| record.line <= line).saturating_sub(1);
        let Some(record) = self.records.get(record) else { return "" };
        if self.last.number < record.line {
            let record_text =
                self.text.get(record.start as usize..record.end as usize).unwrap_or_default();
            self.lines = Lines::of_record(record_text, record.line - 1);
        }
        let mut known = Diagnostics::default();
        while self.last.number < line {
            let Some(next) = self.lines.next(&mut known) else { break };
            self.last = next;
        }
        if self.last.number == line { self.last.tag } else { "" }
    }
}

/// An identifier as files write it.
fn shown(xref: &str) -> String {
    format!("@{}@", excerpt(xref))
}
