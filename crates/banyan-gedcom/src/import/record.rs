//! Items of JSON into records: those that `write/json.rs` writes, and flat ones as rows of a table.

use std::collections::BTreeSet;

use super::{
    Gedcom, Table,
    columns::{self, Column},
    identifier, json,
    table::{Row, fact},
};
use crate::{
    convert::is_xref_7,
    diagnostic::{Diagnostics, Reason},
    tree::{Element, Tree},
};

/// Fields of a person, a family, and the items of their lists: field and tag.
const PARTS: [(&str, &str); 14] = [
    ("age", "AGE"),
    ("agency", "AGNC"),
    ("cause", "CAUS"),
    ("date", "DATE"),
    ("given", "GIVN"),
    ("kind", "PEDI"),
    ("nickname", "NICK"),
    ("place", "PLAC"),
    ("prefix", "NPFX"),
    ("status", "STAT"),
    ("suffix", "NSFX"),
    ("surname", "SURN"),
    ("surname_prefix", "SPFX"),
    ("type", "TYPE"),
];
/// Lists: field, the tag of its items, and the field of an item that is its own value.
const LISTS: [(&str, &str, &str); 7] = [
    ("children", "CHIL", "person"),
    ("child_of", "FAMC", "family"),
    ("events", "EVEN", "value"),
    ("names", "NAME", "full"),
    ("notes", "NOTE", "text"),
    ("partner_in", "FAMS", "family"),
    ("partners", "HUSB", "person"),
];

/// The GEDCOM of a JSON text; `None` if it holds neither persons nor records.
pub(super) fn read(text: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let mut head = Tree::default();
    head.append(None, Element::new("HEAD", ""));
    let mut table = Table::default();
    let mut gedcom: Option<Gedcom> = None;
    // Whether it says to be of the form that this program writes, in which no item is a row.
    let mut is_own = false;
    let result = json::for_each(text, &mut |list, item| {
        if list == "head" {
            structure(item, 0, &mut head, Some(0));
            return;
        }
        let mut record = Tree::default();
        match list {
            "format" => is_own |= item.value(0) == "banyan-family",
            "version" => {}
            _ if tag_of(item, 0).is_some() => structure(item, 0, &mut record, None),
            _ if is_own || is_nested(item) => nested(item, list, is_own, &mut record),
            _ => table.add(row(item)),
        }
        if record.get(0).is_some() {
            gedcom.get_or_insert_with(|| Gedcom::new(std::mem::take(&mut head))).put(&record);
        }
    });
    if table.is_empty() && gedcom.is_none() && !is_own {
        return None;
    }
    let mut gedcom = gedcom.unwrap_or_else(|| Gedcom::new(head));
    table.write(&mut gedcom, diagnostics);
    if let Err(line) = result {
        diagnostics.push(gedcom.lines, "", Reason::BrokenJson { line });
    }
    Some(gedcom.finish())
}

fn text<'t>(item: &'t Tree<'_>, at: usize, field: &str) -> Option<&'t str> {
    let found = item.child(at, field)?;
    item.children(found).next().is_none().then(|| item.value(found))
}

/// The tag of a structure, made one that 7.0 allows.
fn tag_of(item: &Tree<'_>, at: usize) -> Option<String> {
    let tag = text(item, at, "tag")?.trim();
    if tag.is_empty() {
        return None;
    }
    if is_xref_7(tag) && !tag.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(tag.to_owned());
    }
    let plain =
        tag.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    Some(std::iter::once('_').chain(plain).collect())
}

/// Copies a structure and all that is in its `more`.
fn structure(item: &Tree<'static>, at: usize, out: &mut Tree<'static>, parent: Option<usize>) {
    let mut open = vec![(at, parent)];
    while let Some((at, parent)) = open.pop() {
        let Some(tag) = tag_of(item, at) else { continue };
        let to = text(item, at, "to").map(identifier).filter(|to| !to.is_empty());
        let value = text(item, at, "value").unwrap_or_default();
        let is_pointer = to.is_some();
        let element = Element::new(tag, to.unwrap_or_else(|| value.to_owned()))
            .named(text(item, at, "id").map(identifier).unwrap_or_default())
            .linking(is_pointer);
        let new = out.append(parent, element) as usize;
        below(item, at, "more", new, &mut open);
    }
}

/// Lists the structures of a field, the first on top.
fn below(
    item: &Tree<'_>,
    at: usize,
    field: &str,
    parent: usize,
    open: &mut Vec<(usize, Option<usize>)>,
) {
    if let Some(list) = item.child(at, field) {
        let begin = open.len();
        open.extend(item.children(list).map(|child| (child, Some(parent))));
        if let Some(added) = open.get_mut(begin..) {
            added.reverse();
        }
    }
}

fn structures(
    item: &Tree<'static>,
    at: usize,
    field: &str,
    out: &mut Tree<'static>,
    parent: usize,
) {
    for child in item.child(at, field).into_iter().flat_map(|list| item.children(list)) {
        structure(item, child, out, Some(parent));
    }
}

/// Whether an item has lists of names, events or links, and is no row of a table. A row may hold lists
/// of words, and says who it is about.
fn is_nested(item: &Tree<'_>) -> bool {
    let tag = |at: usize| item.get(at).map_or("", |field| field.tag.as_ref());
    let is_row = item.children(0).any(|field| Column::named(tag(field)).names_somebody());
    let is_of_items = |at: usize| {
        item.children(at).any(|entry| {
            tag(entry).is_empty() && (!is_row || item.children(entry).next().is_some())
        })
    };
    let mut fields = LISTS.iter().filter_map(|(field, ..)| item.child(0, field));
    fields.any(is_of_items) || item.child(0, "more").is_some()
}

/// A person or a family with its lists.
fn nested(item: &Tree<'static>, list: &str, is_own: bool, out: &mut Tree<'static>) {
    let is_family = list == "families"
        || list.is_empty()
            && ["partners", "children"].iter().any(|field| item.child(0, field).is_some());
    let to = text(item, 0, "to").map(identifier);
    let is_link = to.is_some();
    let value = to.unwrap_or_else(|| text(item, 0, "value").unwrap_or_default().to_owned());
    let top = Element::new(if is_family { "FAM" } else { "INDI" }, value)
        .linking(is_link)
        .named(text(item, 0, "id").map(identifier).unwrap_or_default());
    out.append(None, top);
    let name = text(item, 0, "name").filter(|_| !is_own);
    let (first_name, other_name) =
        if item.child(0, "names").is_none() { (name, None) } else { (None, name) };
    if let Some(name) = first_name {
        out.add(0, "NAME", name.to_owned());
    }
    if let Some(sex) = text(item, 0, "sex") {
        out.add(0, "SEX", sex.to_owned());
    }
    for field in item.children(0) {
        let name = item.get(field).map_or("", |field| field.tag.as_ref());
        let Some((_, tag, value)) = LISTS.iter().find(|(known, ..)| *known == name) else {
            let is_told = matches!(name, "id" | "more" | "name" | "sex" | "to" | "value");
            let cell = cell(item, field);
            if !is_own && !is_told && !cell.trim().is_empty() {
                fact(out, name, cell);
            }
            continue;
        };
        for entry in item.children(field) {
            part(item, entry, (tag, value), is_own, out);
        }
    }
    if let Some(name) = other_name {
        out.add(0, "NAME", name.to_owned());
    }
    structures(item, 0, "more", out, 0);
}

/// An item of a list: an object, or its own value alone.
fn part(
    item: &Tree<'static>,
    at: usize,
    (tag, value): (&str, &str),
    is_own: bool,
    out: &mut Tree<'static>,
) {
    let is_link = matches!(value, "family" | "person");
    let is_object = item.children(at).next().is_some();
    let own = if is_object { text(item, at, value).unwrap_or_default() } else { item.value(at) };
    let mut own = if is_link { identifier(own) } else { own.to_owned() };
    if is_link && own.is_empty() {
        return;
    }
    if tag == "NAME" && own.is_empty() && !is_own {
        let (given, surname) = (text(item, at, "given"), text(item, at, "surname"));
        own = format!("{} /{}/", given.unwrap_or_default(), surname.unwrap_or_default());
    }
    let tag = tag_of(item, at).unwrap_or_else(|| tag.to_owned());
    let element = Element::new(tag, own).linking(is_link);
    let new = out.append(Some(0), element) as usize;
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for field in item.children(at) {
        let name = item.get(field).map_or("", |field| field.tag.as_ref());
        if let Some((_, tag)) = PARTS.iter().find(|(known, _)| *known == name) {
            let part = out.add(new, *tag, item.value(field).to_owned());
            // Whoever repeats a field has what belongs to it once.
            if told.insert(name) {
                structures(item, at, &format!("{name}_more"), out, part);
            }
        }
    }
    structures(item, at, "more", out, new);
}

/// A flat object as a row: its fields are columns.
fn row(item: &Tree<'_>) -> Row {
    let heads = item.children(0).filter_map(|field| Some(item.get(field)?.tag.as_ref()));
    let columns = columns::columns(heads);
    let cells = item.children(0).zip(columns).map(|(field, column)| (column, cell(item, field)));
    Row { cells: cells.filter(|(_, cell)| !cell.trim().is_empty()).collect() }
}

/// The text of a field, or those of its list.
fn cell(item: &Tree<'_>, field: usize) -> String {
    let several: Vec<&str> = item.children(field).map(|entry| item.value(entry)).collect();
    if several.is_empty() { item.value(field).to_owned() } else { several.join(";") }
}
