//! A record in few bytes, and its lines by their paths.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use crate::tree::{Element, Tree};

/// What a header says of the file itself, which another file of the same family says otherwise.
const OF_THE_FILE: [&str; 4] = ["CHAR", "DATE", "GEDC", "SCHMA"];

/// What is kept of each record.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    pub tag: String,
    pub xref: String,
    pub line: u32,
    /// All lines, in any order.
    pub content: u128,
    /// The same without what links lead to.
    pub own: u128,
    /// The links, by where they stand, in the order of the record.
    pub links: Vec<(u64, String)>,
}

impl Outline {
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let top = tree.get(0);
        let mut outline = Self {
            tag: top.map_or_else(String::new, |top| top.tag.to_string()),
            xref: top.map_or_else(String::new, |top| top.xref.to_string()),
            line: top.map_or(0, |top| top.line),
            content: 0,
            own: 0,
            links: Vec::new(),
        };
        for_each_line(tree, &mut |path, element| {
            let value = if element.is_pointer { Cow::Borrowed("") } else { plain(&element.value) };
            let own = wide_hash(path, &value, element.is_pointer);
            outline.own = outline.own.wrapping_add(own);
            if element.is_pointer {
                let to = wide_hash(path, &element.value, true);
                outline.content = outline.content.wrapping_add(to);
                outline.links.push((own as u64, element.value.to_string()));
            } else {
                outline.content = outline.content.wrapping_add(own);
            }
        });
        outline
    }

    /// As people call it: "INDI @I1@".
    pub(super) fn name(&self) -> String {
        if self.xref.is_empty() {
            self.tag.clone()
        } else {
            format!("{} @{}@", self.tag, self.xref)
        }
    }
}

/// Each line of a record with its path below the top line, whose own path is empty.
pub(super) fn for_each_line(tree: &Tree<'_>, show: &mut dyn FnMut(&str, &Element<'_>)) {
    let is_header = tree.get(0).is_some_and(|top| top.tag == "HEAD");
    let mut path = String::new();
    // Where the path of each open depth ends, and how often each tag has stood below it.
    let mut open: Vec<(usize, BTreeMap<String, u32>)> = Vec::new();
    let mut skipped_from = None;
    for (at, depth) in tree.walk(0) {
        if skipped_from.is_some_and(|from| depth > from) {
            continue;
        }
        skipped_from = None;
        let Some(element) = tree.get(at) else { continue };
        if is_header && depth == 1 && OF_THE_FILE.contains(&element.tag.as_ref()) {
            skipped_from = Some(depth);
            continue;
        }
        open.truncate(depth);
        path.truncate(open.last().map_or(0, |(end, _)| *end));
        if let Some((_, seen)) = open.last_mut() {
            let number = seen.entry(element.tag.to_string()).or_default();
            *number += 1;
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&element.tag);
            if *number > 1 {
                path.push('.');
                path.push_str(&number.to_string());
            }
        }
        open.push((path.len(), BTreeMap::new()));
        show(&path, element);
    }
}

/// Whether a record is a header that says nothing of the family, which is as good as none.
pub(super) fn is_bare_header(tree: &Tree<'_>) -> bool {
    let is = |at: usize, tags: &[&str]| {
        tree.get(at).is_some_and(|element| tags.contains(&element.tag.as_ref()))
    };
    let is_empty = tree.get(0).is_some_and(|top| top.value.is_empty() && top.xref.is_empty());
    is_empty && is(0, &["HEAD"]) && tree.children(0).all(|child| is(child, &OF_THE_FILE))
}

/// A text as it is compared: spaces at its end are nobody's words, and an accent is the same however
/// it is written.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim_end();
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

fn wide_hash(path: &str, value: &str, is_pointer: bool) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, path, value, is_pointer).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
