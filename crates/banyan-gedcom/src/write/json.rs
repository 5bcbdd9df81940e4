//! Everything as JSON, which `docs/json.md` describes; the way back is `import/json.rs`.
//!
//! Records are those of 7.0. What other tools look for has fields of its own; all else is kept as
//! structures of tag, value and what is below, so that nothing is lost.

use std::{collections::BTreeSet, io};

use crate::{
    diagnostic::Diagnostic,
    records::Records,
    tags,
    tree::{Element, Tree},
    write::{Mask, Version, WriteError, flow},
};

/// A part of a record that has a field of its own: tag and field.
type Field = (&'static str, &'static str);

const OF_NAMES: [Field; 7] = [
    ("TYPE", "type"),
    ("GIVN", "given"),
    ("SURN", "surname"),
    ("NPFX", "prefix"),
    ("SPFX", "surname_prefix"),
    ("NSFX", "suffix"),
    ("NICK", "nickname"),
];
const OF_EVENTS: [Field; 6] = [
    ("TYPE", "type"),
    ("DATE", "date"),
    ("PLAC", "place"),
    ("AGE", "age"),
    ("CAUS", "cause"),
    ("AGNC", "agency"),
];
const OF_PARENTS: [Field; 2] = [("PEDI", "kind"), ("STAT", "status")];

/// Lists of a record: field, its tags, what an item's own value is called, and the fields of an item.
struct List {
    field: &'static str,
    tags: &'static [&'static str],
    value: &'static str,
    fields: &'static [Field],
}

const OF_PERSONS: [List; 4] = [
    List { field: "names", tags: &["NAME"], value: "full", fields: &OF_NAMES },
    List { field: "child_of", tags: &["FAMC"], value: "family", fields: &OF_PARENTS },
    List { field: "partner_in", tags: &["FAMS"], value: "family", fields: &[] },
    List { field: "notes", tags: &["NOTE"], value: "text", fields: &[] },
];
const OF_FAMILIES: [List; 3] = [
    List { field: "partners", tags: &["HUSB", "WIFE"], value: "person", fields: &[] },
    List { field: "children", tags: &["CHIL"], value: "person", fields: &[] },
    List { field: "notes", tags: &["NOTE"], value: "text", fields: &[] },
];

/// Writes all records as JSON and gives what 7.0 has no counterpart for.
pub fn write_json(
    records: &Records,
    mask: Option<&Mask>,
    out: &mut dyn io::Write,
    progress: &mut dyn FnMut(f32),
) -> Result<Vec<Diagnostic>, WriteError> {
    let mut text = String::from("{\"format\":\"banyan-family\",\"version\":1");
    let mut diagnostics = Vec::new();
    // The file is walked once for each list, and never held as a whole.
    for (place, list) in (0_u8..).zip(["head", "persons", "families", "records"]) {
        text.push_str(",\n\"");
        text.push_str(list);
        text.push_str("\":[");
        let mut is_first = true;
        let mut has_header = false;
        let mut part = |share: f32| progress((f32::from(place) + share) / 4.0);
        diagnostics = flow::for_each(
            records,
            Version::V7,
            mask,
            |_| true,
            &mut part,
            |tree| {
                if list_of(tree, &mut has_header) != list
                    || list == "head" && of_head(tree).is_empty()
                {
                    return Ok(());
                }
                text.push_str(if is_first { "\n" } else { ",\n" });
                is_first = false;
                match list {
                    "head" => structures(&mut text, tree, &of_head(tree)),
                    "persons" => record(&mut text, tree, &OF_PERSONS),
                    "families" => record(&mut text, tree, &OF_FAMILIES),
                    _ => structures(&mut text, tree, &[0]),
                }
                out.write_all(text.as_bytes())?;
                text.clear();
                Ok::<(), WriteError>(())
            },
        )?;
        text.push(']');
    }
    text.push_str("}\n");
    out.write_all(text.as_bytes())?;
    Ok(diagnostics)
}

/// Which list a record belongs to. A header with a value of its own is nothing but a structure, and so is
/// every header after the first: what is in `head` comes before all others.
fn list_of(tree: &Tree<'_>, has_header: &mut bool) -> &'static str {
    let Some(top) = tree.get(0) else { return "records" };
    match top.tag.as_ref() {
        "HEAD" if top.xref.is_empty() => {
            let is_first = !std::mem::replace(has_header, true);
            if is_first && top.value.is_empty() { "head" } else { "records" }
        }
        "INDI" => "persons",
        "FAM" => "families",
        _ => "records",
    }
}

/// What a header says of more than the file itself.
fn of_head(tree: &Tree<'_>) -> Vec<usize> {
    let is_kept = |&child: &usize| {
        tree.get(child).is_some_and(|child| !matches!(child.tag.as_ref(), "CHAR" | "GEDC"))
    };
    tree.children(0).filter(is_kept).collect()
}

/// A person or a family.
fn record(text: &mut String, tree: &Tree<'_>, lists: &[List]) {
    text.push('{');
    let Some(top) = tree.get(0) else { return };
    string_field(text, "id", &top.xref);
    if top.is_pointer {
        string_field(text, "to", &top.value);
    } else if !top.value.is_empty() {
        string_field(text, "value", &top.value);
    }
    let children: Vec<usize> = tree.children(0).collect();
    let mut is_done = vec![false; children.len()];
    if let Some(sex) = only_leaf(tree, 0, "SEX") {
        string_field(text, "sex", tree.value(sex));
        mark(&children, &mut is_done, sex);
    }
    for list in lists {
        let is_of_list = |element: &Element<'_>| list.tags.contains(&element.tag.as_ref());
        items(text, tree, &children, &mut is_done, list, is_of_list);
    }
    let events = List { field: "events", tags: &[], value: "value", fields: &OF_EVENTS };
    items(text, tree, &children, &mut is_done, &events, |element| {
        tags::is_event_or_attribute(&element.tag)
    });
    more(text, tree, "more", &left(&children, &is_done));
    text.push('}');
}

fn items(
    text: &mut String,
    tree: &Tree<'_>,
    children: &[usize],
    is_done: &mut [bool],
    list: &List,
    is_wanted: impl Fn(&Element<'_>) -> bool,
) {
    let is_link = matches!(list.value, "family" | "person");
    let fits = |element: &Element<'_>| element.is_pointer == is_link && element.xref.is_empty();
    // Those of one tag stay together, because their order means something.
    let odd: BTreeSet<&str> = children
        .iter()
        .filter_map(|&child| tree.get(child))
        .filter_map(|element| match element.tag.as_ref() {
            // Not shared, and read as a note among the others.
            "SNOTE" if !element.is_pointer => Some("NOTE"),
            tag => (!fits(element)).then_some(tag),
        })
        .collect();
    let mut is_first = true;
    for (&child, is_done) in children.iter().zip(is_done.iter_mut()) {
        let Some(element) = tree.get(child) else { continue };
        if *is_done || !is_wanted(element) || odd.contains(element.tag.as_ref()) {
            continue;
        }
        *is_done = true;
        if is_first {
            separate(text);
            push_string(text, list.field);
            text.push_str(":[");
        } else {
            text.push(',');
        }
        is_first = false;
        text.push('{');
        if list.tags.len() != 1 {
            string_field(text, "tag", &element.tag);
        }
        if !element.value.is_empty() {
            string_field(text, list.value, &element.value);
        }
        let below: Vec<usize> = tree.children(child).collect();
        let mut is_told = vec![false; below.len()];
        for (tag, field) in list.fields {
            let Some(part) = only(tree, child, tag) else { continue };
            string_field(text, field, tree.value(part));
            let under: Vec<usize> = tree.children(part).collect();
            more(text, tree, &format!("{field}_more"), &under);
            mark(&below, &mut is_told, part);
        }
        more(text, tree, "more", &left(&below, &is_told));
        text.push('}');
    }
    if !is_first {
        text.push(']');
    }
}

/// The one child with a tag, if it is text.
fn only(tree: &Tree<'_>, at: usize, tag: &str) -> Option<usize> {
    let mut found =
        tree.children(at).filter(|&child| tree.get(child).is_some_and(|child| child.tag == tag));
    let first = found.next()?;
    let element = tree.get(first)?;
    (found.next().is_none() && !element.is_pointer && element.xref.is_empty()).then_some(first)
}

fn only_leaf(tree: &Tree<'_>, at: usize, tag: &str) -> Option<usize> {
    only(tree, at, tag).filter(|&found| tree.children(found).next().is_none())
}

fn mark(children: &[usize], is_done: &mut [bool], done: usize) {
    for (_, slot) in children.iter().zip(is_done).filter(|(child, _)| **child == done) {
        *slot = true;
    }
}

fn left(children: &[usize], is_done: &[bool]) -> Vec<usize> {
    children.iter().zip(is_done).filter(|(_, done)| !**done).map(|(child, _)| *child).collect()
}

/// A field with structures, if there are any.
fn more(text: &mut String, tree: &Tree<'_>, field: &str, tops: &[usize]) {
    if tops.is_empty() {
        return;
    }
    separate(text);
    push_string(text, field);
    text.push_str(":[");
    structures(text, tree, tops);
    text.push(']');
}

/// Elements with all below them, separated by commas.
fn structures(text: &mut String, tree: &Tree<'_>, tops: &[usize]) {
    for (number, &top) in tops.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        let mut open = 0;
        for (at, depth) in tree.walk(top) {
            let Some(element) = tree.get(at) else { continue };
            if at != top {
                if depth + 1 > open {
                    text.push_str(",\"more\":[");
                } else {
                    (depth..open)
                        .rev()
                        .for_each(|level| text.push_str(if level > depth { "}]" } else { "}," }));
                }
            }
            open = depth + 1;
            text.push('{');
            string_field(text, "tag", &element.tag);
            if !element.xref.is_empty() {
                string_field(text, "id", &element.xref);
            }
            if element.is_pointer {
                string_field(text, "to", &element.value);
            } else if !element.value.is_empty() {
                string_field(text, "value", &element.value);
            }
        }
        (0..open).rev().for_each(|level| text.push_str(if level > 0 { "}]" } else { "}" }));
    }
}

fn separate(text: &mut String) {
    if !text.ends_with(['{', '[']) {
        text.push(',');
    }
}

fn string_field(text: &mut String, name: &str, value: &str) {
    separate(text);
    push_string(text, name);
    text.push(':');
    push_string(text, value);
}

fn push_string(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            // These two end lines in scripts.
            c if c < ' ' || matches!(c, '\u{2028}' | '\u{2029}') => {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}
