//! FAM records.

use banyan_kin::{Pedigree, Role, Side, UnionId};

use crate::{
    diagnostic::Reason, person::pedigree_named, reader::Reader, record::Node, tags::is_family_tag,
};

impl<'t> Reader<'t> {
    pub(crate) fn family(&mut self, record: Node<'_, 't>) -> UnionId {
        let xref = self.xrefs.intern(record.line.xref, &mut self.draft.texts);
        let id = self.draft.begin_union(self.xrefs.text(xref), record.line.number);
        for node in record.children() {
            match node.line.tag {
                "HUSB" | "WIFE" => self.link(node, Role::Partner, Side::Union, id.0),
                "CHIL" => self.link(node, Role::Child(pedigree_of(node)), Side::Union, id.0),
                tag => {
                    if let Some(fact) = self.fact(node) {
                        self.draft.add_union_fact(fact);
                    } else if !is_family_tag(tag) {
                        self.diagnostics.push(node.line.number, tag, Reason::UnknownTag);
                    }
                }
            }
        }
        id
    }
}

/// What some programs say at the child: the kind of parenthood of father (`_FREL`) and mother
/// (`_MREL`). Born to one of them is born in the family.
fn pedigree_of(child: Node<'_, '_>) -> Pedigree {
    let mut pedigree = Pedigree::Unstated;
    for node in child.children().filter(|node| matches!(node.line.tag, "_FREL" | "_MREL")) {
        let named = pedigree_named(node.line.value);
        if named == Pedigree::Birth || pedigree == Pedigree::Unstated {
            pedigree = named;
        }
    }
    pedigree
}
