//! Events, attributes and notes of persons and families.

use banyan_kin::{DateKind, Fact, FactKind, TextId, TextsBuilder};

use crate::{
    diagnostic::{Reason, excerpt},
    line::trimmed,
    reader::Reader,
    record::Node,
};

/// What a level 1 tag is about; `None` for a tag that is no fact, or not known to be one.
fn kind_of(tag: &str) -> Option<FactKind> {
    Some(match tag {
        "BIRT" => FactKind::Birth,
        "CHR" | "BAPM" => FactKind::Baptism,
        "DEAT" => FactKind::Death,
        "BURI" => FactKind::Burial,
        "CREM" => FactKind::Cremation,
        "ADOP" => FactKind::Adoption,
        "ENGA" => FactKind::Engagement,
        "MARR" => FactKind::Marriage,
        "DIV" => FactKind::Divorce,
        "OCCU" => FactKind::Occupation,
        "TITL" => FactKind::Title,
        "EDUC" => FactKind::Education,
        "RELI" => FactKind::Religion,
        "RESI" => FactKind::Residence,
        "EMIG" => FactKind::Emigration,
        "IMMI" => FactKind::Immigration,
        "CENS" => FactKind::Census,
        "NOTE" | "SNOTE" => FactKind::Note,
        "EVEN" | "FACT" => FactKind::Other,
        _ => return None,
    })
}

/// Tags that may have a date and say nothing about a life.
const BOOKKEEPING: [&str; 9] =
    ["CHAN", "CREA", "SOUR", "OBJE", "NAME", "SEX", "FAMC", "FAMS", "_UPD"];

/// The tag that each kind of fact had last, with its text: nearly every fact is called like the one
/// of its kind before.
#[derive(Default)]
pub(crate) struct Labels<'t> {
    last: [(&'t str, TextId); FactKind::Other as usize + 1],
}

impl<'t> Labels<'t> {
    fn of(&mut self, kind: FactKind, tag: &'t str, texts: &mut TextsBuilder) -> TextId {
        match self.last.get_mut(kind as usize) {
            Some(last) if last.0 == tag => last.1,
            Some(last) => {
                *last = (tag, texts.intern(tag));
                last.1
            }
            None => texts.intern(tag),
        }
    }
}

impl<'t> Reader<'t> {
    /// Reads a line of level 1 as a fact, if it is one.
    pub(crate) fn fact(&mut self, node: Node<'_, 't>) -> Option<Fact> {
        let tag = node.line.tag;
        let known = kind_of(tag);
        if known.is_none() {
            let has_time_or_place =
                || node.children().any(|child| matches!(child.line.tag, "DATE" | "PLAC"));
            if BOOKKEEPING.contains(&tag) || !has_time_or_place() {
                return None;
            }
        }
        // "N", as in `1 DIV N`, says that it did not take place.
        let is_event = known.is_some_and(|kind| kind <= FactKind::Separation);
        if is_event && trimmed(node.line.value) == "N" {
            return None;
        }
        let mut fact = Fact {
            kind: known.unwrap_or_default(),
            label: self.labels.of(known.unwrap_or_default(), tag, &mut self.draft.texts),
            line: node.line.number,
            ..Fact::default()
        };
        if matches!(tag, "EVEN" | "FACT")
            && let Some(type_node) = node.child("TYPE")
        {
            let label = type_node.text();
            if label.eq_ignore_ascii_case("separation") {
                fact.kind = FactKind::Separation;
            }
            fact.label = self.draft.texts.intern(&label);
        }
        if let Some((line, date)) = node.date(&mut self.draft) {
            fact.date = date;
            if date.kind == DateKind::Phrase {
                // Words in brackets are the standard's way to say that this is no date.
                let text = line.text();
                if !text.is_empty() && !text.starts_with('(') {
                    let reason = Reason::DateNotUnderstood { text: excerpt(&text) };
                    self.diagnostics.push(line.line.number, "DATE", reason);
                }
            }
        }
        fact.place = node.intern_child("PLAC", &mut self.draft);
        fact.value = match (fact.kind, node.line.pointer()) {
            // The text of a note record is filled in when all records are known.
            (FactKind::Note, Some(pointer)) => {
                self.notes_wanted = true;
                self.draft.texts.intern(&format!("@{pointer}@"))
            }
            // "Y" says only that the event took place.
            _ if trimmed(node.line.value) == "Y" => TextId::EMPTY,
            _ => node.intern(&mut self.draft),
        };
        Some(fact)
    }
}
