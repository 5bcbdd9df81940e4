//! A document as text, for snapshots.

use std::fmt::Write;

use banyan_gedcom::{Diagnostic, Document};
use banyan_kin::{Fact, Genealogy, PersonId};

/// Everything that was understood, a line for each thing.
pub(crate) fn show(document: &Document) -> String {
    let genealogy = &document.genealogy;
    let mut text = format!(
        "version {}, {} by {}, {} lines\n",
        document.version.as_deref().unwrap_or("unknown"),
        document.encoding.name,
        document.encoding.reason.code(),
        document.lines
    );
    for id in genealogy.person_ids() {
        let person = genealogy.person(id).unwrap();
        let (xref, sex) = (genealogy.xref(id), person.sex);
        let _ = writeln!(
            text,
            "person {xref} “{}” {sex:?} {}",
            genealogy.display_name(id),
            genealogy.life_span(id)
        );
        for name in genealogy.names(id) {
            let part = |id| genealogy.texts.get(id);
            let (given, surname) = (part(name.given), part(name.surname));
            let (prefix, suffix) = (part(name.prefix), part(name.suffix));
            let _ = writeln!(text, "  name {:?}: {prefix}|{given}|{surname}|{suffix}", name.kind);
        }
        facts(&mut text, genealogy, genealogy.facts(id));
        for link in genealogy.parent_unions(id) {
            let union = genealogy.union(link.union).unwrap();
            let _ = writeln!(
                text,
                "  child of {} {:?}",
                genealogy.texts.get(union.xref),
                link.pedigree
            );
        }
    }
    for id in genealogy.union_ids() {
        let xrefs = |persons: &[PersonId]| {
            persons.iter().map(|&id| genealogy.xref(id)).collect::<Vec<&str>>().join(" ")
        };
        let _ = writeln!(
            text,
            "union {}: {} > {}",
            genealogy.texts.get(genealogy.union(id).unwrap().xref),
            xrefs(genealogy.partners(id)),
            xrefs(&genealogy.children_by_birth(id))
        );
        facts(&mut text, genealogy, genealogy.union_facts(id));
    }
    for Diagnostic { line, tag, severity, reason } in &document.diagnostics {
        let values = reason.values().into_iter().map(|(name, value)| format!(" {name} “{value}”"));
        let values: String = values.collect();
        let _ = writeln!(text, "{} {line} {tag} {}:{values}", severity.code(), reason.code());
    }
    text
}

fn facts(text: &mut String, genealogy: &Genealogy, facts: &[Fact]) {
    for fact in facts {
        let _ = writeln!(
            text,
            "  {} {} {} at “{}”: {:?}",
            fact.kind.code(),
            genealogy.texts.get(fact.label),
            fact.date.plain(),
            genealogy.texts.get(fact.place),
            genealogy.texts.get(fact.value)
        );
    }
}
