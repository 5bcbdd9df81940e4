//! A record in few bytes, and its lines by their paths.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    hash::{DefaultHasher, Hasher as _},
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
            let own = wide_hash(path.hash, &value, element.is_pointer);
            outline.own = outline.own.wrapping_add(own);
            if element.is_pointer {
                let to = wide_hash(path.hash, &element.value, true);
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

/// Where a line stands below the top line of its record.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    /// As people read it; empty for the top line.
    pub text: &'p str,
    /// Of the whole, which need not be read again for each line below.
    hash: u64,
}

/// An element whose lines below are being shown.
struct Open {
    /// Where its path ends.
    end: usize,
    hash: u64,
    /// How often each tag has stood below it.
    seen: BTreeMap<String, u32>,
}

/// Each line of a record with its path.
pub(super) fn for_each_line(tree: &Tree<'_>, show: &mut dyn FnMut(Path<'_>, &Element<'_>)) {
    let is_header = tree.get(0).is_some_and(|top| top.tag == "HEAD");
    let mut path = String::new();
    let mut open: Vec<Open> = Vec::new();
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
        path.truncate(open.last().map_or(0, |above| above.end));
        let mut whole = 0;
        if let Some(above) = open.last_mut() {
            let step = step(&element.tag);
            let number = match above.seen.get_mut(step.as_ref()) {
                Some(number) => {
                    *number += 1;
                    *number
                }
                None => {
                    above.seen.insert(step.to_string(), 1);
                    1
                }
            };
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&step);
            if number > 1 {
                path.push('.');
                path.push_str(&number.to_string());
            }
            whole = hash(&(above.hash, step.as_ref(), number));
        }
        open.push(Open { end: path.len(), hash: whole, seen: BTreeMap::new() });
        show(Path { text: &path, hash: whole }, element);
    }
}

/// A tag as a step of a path. Longer than any program's is one for the sake of length, and it would be
/// in the paths of all that stands below it: of that a few letters and a number are enough.
fn step(tag: &str) -> Cow<'_, str> {
    const MOST_BYTES: usize = 40;
    match tag.get(..MOST_BYTES) {
        Some(start) if tag.len() > MOST_BYTES => Cow::Owned(format!("{start}…{:016x}", hash(&tag))),
        _ => Cow::Borrowed(tag),
    }
}

fn hash(value: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
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

fn wide_hash(path: u64, value: &str, is_pointer: bool) -> u128 {
    let half = |seed: u8| u128::from(hash(&(seed, path, value, is_pointer)));
    half(0) << 64 | half(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, open};

    /// The paths of the lines of the first record that is a person.
    fn paths(text: String) -> Vec<String> {
        let (_, records) =
            open(text.into_bytes(), &ReadOptions::default(), &mut |_, _| {}).unwrap();
        let mut tree = Tree::default();
        assert!(records.tree(records.by_xref("I1").unwrap(), &mut tree));
        let mut paths = Vec::new();
        for_each_line(&tree, &mut |path, _| paths.push(path.text.to_owned()));
        paths
    }

    #[test]
    fn a_tag_without_end_makes_no_path_without_end() {
        let (long, other) = ("X".repeat(90_000), format!("{}Y", "X".repeat(89_999)));
        let below = "2 NOTE a\n".repeat(20_000);
        let paths = paths(format!("0 HEAD\n0 @I1@ INDI\n1 _{long} a\n{below}1 _{other}\n0 TRLR\n"));
        assert_eq!(paths.len(), 20_003);
        assert!(paths.iter().all(|path| path.len() < 100));
        assert_eq!(paths[20_001], format!("{}.NOTE.20000", paths[1]));
        assert_ne!(paths[1], paths[20_002], "another tag, and not the second of its kind");
    }
}
