//! INDI records.

use banyan_kin::{Claim, Name, NameKind, NameParts, Pedigree, PersonId, Role, Sex, Side};

use crate::{
    diagnostic::{Reason, excerpt},
    line::trimmed,
    reader::Reader,
    record::Node,
    tags::is_person_tag,
    xref::XrefId,
};

/// How many links of a person are compared with the parents of an adoption. Nobody has more, and a
/// hostile file must not cost the square of its length.
const MOST_PARENTS: usize = 64;

impl<'t> Reader<'t> {
    pub(crate) fn person(&mut self, record: Node<'_, 't>) -> PersonId {
        let xref = self.xrefs.intern(record.line.xref, &mut self.draft.texts);
        let id = self.draft.begin_person(self.xrefs.text(xref), record.line.number);
        let first_link = self.links.len();
        let mut is_sourced = false;
        for node in record.children() {
            is_sourced = is_sourced || node.line.tag == "SOUR" || node.child("SOUR").is_some();
            match node.line.tag {
                "NAME" => self.name(node),
                "SEX" => self.sex(node),
                "FAMC" => self.link(node, Role::Child(pedigree_of(node)), Side::Person, id.0),
                "FAMS" => self.link(node, Role::Partner, Side::Person, id.0),
                "OBJE" => self.photo(node, id),
                "ALIA" if node.line.pointer().is_none() => self.other_name(node, NameKind::Alias),
                tag => {
                    if let Some(fact) = self.fact(node) {
                        self.draft.add_fact(fact);
                    } else if !is_person_tag(tag) {
                        self.diagnostics.push(node.line.number, tag, Reason::UnknownTag);
                    }
                }
            }
        }
        if is_sourced {
            self.draft.set_sourced();
        }
        for node in
            record.children().filter(|node| matches!(node.line.tag, "ADOP" | "BIRT" | "CHR"))
        {
            self.event_parents(node, id, first_link);
        }
        id
    }

    /// The parents that a birth or an adoption names: they are mostly those of a FAMC line too.
    fn event_parents(&mut self, event: Node<'_, 't>, id: PersonId, first_link: usize) {
        let Some(family) = event.child("FAMC") else { return };
        let pedigree = if event.line.tag == "ADOP" { Pedigree::Adopted } else { Pedigree::Birth };
        let Some(pointer) = family.line.pointer() else { return };
        let target = self.xrefs.intern(pointer, &mut self.draft.texts);
        let known = self.links.iter_mut().skip(first_link).take(MOST_PARENTS).find(|link| {
            link.target == target
                && matches!(link.role, Role::Child(_))
                && link.side == Side::Person
        });
        match known {
            Some(link) if link.role == Role::Child(Pedigree::Unstated) => {
                link.role = Role::Child(pedigree);
            }
            Some(_) => {}
            None => self.link(family, Role::Child(pedigree), Side::Person, id.0),
        }
    }

    fn sex(&mut self, node: Node<'_, 't>) {
        let text = trimmed(node.line.value);
        let sex = match text.bytes().next().map(|b| b.to_ascii_uppercase()) {
            Some(b'M') => Sex::Male,
            Some(b'F') => Sex::Female,
            Some(b'X') => Sex::Other,
            Some(b'U' | b'N' | b'?') | None => Sex::Unknown,
            Some(_) => {
                self.diagnostics.push(
                    node.line.number,
                    "SEX",
                    Reason::UnknownSex { text: excerpt(text) },
                );
                Sex::Unknown
            }
        };
        self.draft.set_sex(sex);
    }

    fn name(&mut self, node: Node<'_, 't>) {
        let mut written = node.text();
        let mut name = self.parts(&written, kind_of(node));
        for part in node.children() {
            let slot = match part.line.tag {
                "GIVN" => &mut name.given,
                "SURN" => &mut name.surname,
                "NPFX" => &mut name.prefix,
                "NSFX" => &mut name.suffix,
                _ => continue,
            };
            let text = part.intern(&mut self.draft);
            if !text.is_empty() {
                *slot = text;
            }
        }
        if written.is_empty() && !(name.given.is_empty() && name.surname.is_empty()) {
            let texts = self.draft.texts.texts();
            let put_together = format!("{} /{}/", texts.get(name.given), texts.get(name.surname));
            written = put_together.trim().to_owned().into();
        }
        if !written.is_empty() {
            let name = name.spelt(&written, &mut self.draft.texts);
            self.draft.add_name(name);
        }
        for other in node.children() {
            match other.line.tag {
                "ROMN" | "FONE" | "TRAN" => self.other_name(other, NameKind::Transliteration),
                "_MARNM" | "_MARRNM" => self.other_name(other, NameKind::Married),
                "_AKA" => self.other_name(other, NameKind::Alias),
                "NICK" => self.other_name(other, NameKind::Nickname),
                _ => {}
            }
        }
    }

    fn other_name(&mut self, node: Node<'_, 't>, kind: NameKind) {
        let written = node.text();
        if written.is_empty() {
            return;
        }
        let name = self.parts(&written, kind);
        let name = name.spelt(&written, &mut self.draft.texts);
        self.draft.add_name(name);
    }

    /// The parts that a written form tells. Where the surname stands first, the given name follows it.
    fn parts(&mut self, written: &str, kind: NameKind) -> Name {
        let parts = NameParts::of(written);
        let (given, suffix) =
            if parts.before.is_empty() { (parts.after, "") } else { (parts.before, parts.after) };
        let texts = &mut self.draft.texts;
        Name {
            kind,
            given: texts.intern(given),
            surname: texts.intern(parts.surname),
            suffix: texts.intern(suffix),
            ..Name::default()
        }
    }
}

fn kind_of(name: Node<'_, '_>) -> NameKind {
    let Some(kind) = name.child("TYPE") else { return NameKind::Unstated };
    match kind.line.value.trim().to_ascii_lowercase().as_str() {
        "birth" => NameKind::Birth,
        "married" => NameKind::Married,
        "maiden" => NameKind::Maiden,
        "aka" => NameKind::Alias,
        "immigrant" => NameKind::Immigrant,
        "nick" => NameKind::Nickname,
        _ => NameKind::Other,
    }
}

/// The PEDI of a FAMC line.
fn pedigree_of(node: Node<'_, '_>) -> Pedigree {
    node.child("PEDI").map_or(Pedigree::Unstated, |pedi| pedigree_named(pedi.line.value))
}

/// A word for a kind of parenthood, of the standard or of a program.
pub(crate) fn pedigree_named(word: &str) -> Pedigree {
    match word.trim().to_ascii_lowercase().as_str() {
        "" | "unknown" => Pedigree::Unstated,
        "birth" | "natural" | "biological" => Pedigree::Birth,
        "adopted" => Pedigree::Adopted,
        "foster" => Pedigree::Foster,
        "step" => Pedigree::Step,
        "sealing" => Pedigree::Sealing,
        _ => Pedigree::Other,
    }
}

/// A link line, kept until all records are known. There are three of them for each person: as long
/// as a [`Claim`], so that one becomes the other where it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub role: Role,
    pub side: Side,
    /// Whether the line calls a partner wife and not husband.
    pub is_wife: bool,
    /// Index of the person or, from a family's side, of the union that says so.
    pub owner: u32,
    pub target: XrefId,
    pub line: u32,
}

impl Link {
    pub(crate) const fn tag(&self) -> &'static str {
        match (self.side, self.role) {
            (Side::Person, Role::Child(_)) => "FAMC",
            (Side::Person, Role::Partner) => "FAMS",
            (Side::Union, Role::Child(_)) => "CHIL",
            (Side::Union, Role::Partner) if self.is_wife => "WIFE",
            (Side::Union, Role::Partner) => "HUSB",
        }
    }

    /// The claim that this link makes once its other end is found.
    pub(crate) fn claim(&self, target: u32) -> Claim {
        let (person, union) = match self.side {
            Side::Person => (self.owner, target),
            Side::Union => (target, self.owner),
        };
        Claim {
            role: self.role,
            person: PersonId(person),
            union: banyan_kin::UnionId(union),
            side: self.side,
            line: self.line,
        }
    }
}
