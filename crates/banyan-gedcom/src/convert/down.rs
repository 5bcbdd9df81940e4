//! From 7.0 to 5.5.1.

use std::borrow::Cow;

use super::{
    Converter, OLD_STANDARD, age, date,
    enumerated::{Set, are_states, capitals, state_in_551},
    language, media,
    up::{ADDRESS, EXID_TYPES, WRITTEN},
    words,
};
use crate::tree::{Element, Tree};

impl Converter {
    pub(super) fn down(&mut self, tree: &mut Tree<'_>) {
        let order: Vec<usize> = tree.walk(0).map(|(at, _)| at).collect();
        for &at in &order {
            if at == 0 || tree.parent(at).is_some() {
                self.down_one(tree, at);
            }
        }
    }

    fn down_one(&mut self, tree: &mut Tree<'_>, at: usize) {
        let parent = tree.parent(at);
        let above = parent.and_then(|parent| tree.parent(parent));
        let (was, under) = (tree.was(at), parent.map_or("", |parent| tree.was(parent)));
        let has_text = tree.get(at).is_some_and(Element::has_text);
        // Who changed the word since did not change what was written.
        let is_of_word = |kept: usize| {
            !matches!(was, "RESN" | "STAT") || capitals(tree.value(kept)) == tree.value(at)
        };
        let written = tree.child(at, WRITTEN).filter(|&kept| is_of_word(kept));
        match (was, under) {
            ("FORM" | "_FORM" | "LANG" | "RESN" | "SEX" | "STAT", _) if written.is_some() => {
                if let Some(written) = written {
                    let text = tree.value(written).to_owned();
                    tree.detach(written);
                    tree.set_value(at, text);
                }
                if was == "_FORM" {
                    tree.set_tag(at, "FORM");
                }
                return;
            }
            ("EXID", _) if above.is_none() && self.numbered(tree, at) => return,
            ("TRAN", "NAME" | "PLAC") if transliteration(tree, at) => return,
            ("TYPE", "NAME") if above.is_some_and(|above| tree.was(above) == "INDI") => {
                word(tree, at, Set::NameType);
            }
            ("PEDI", _) => word(tree, at, Set::Pedigree),
            ("MEDI", "FORM") => {
                word(tree, at, Set::Medium);
                tree.set_tag(at, "TYPE");
            }
            ("MEDI", _) => word(tree, at, Set::Medium),
            ("ROLE", "ASSO") => {
                word(tree, at, Set::Role);
                tree.set_tag(at, "RELA");
            }
            ("ROLE", "EVEN") => word(tree, at, Set::Role),
            ("_TYPE", "ASSO") => tree.set_tag(at, "TYPE"),
            ("RESN", _) if are_states(tree.value(at)) => {
                let value = tree.value(at).to_ascii_lowercase();
                tree.set_value(at, value);
            }
            ("STAT", _) => {
                let value = state_in_551(tree.value(at));
                tree.set_value(at, value);
            }
            ("FORM", "FILE") | ("_FORM", "OBJE") => {
                if let Some(format) = media::to_551(tree.value(at)) {
                    tree.set_value(at, format);
                }
                tree.set_tag(at, "FORM");
            }
            ("_TITL", "OBJE") if parent == Some(0) => {
                tree.set_tag(at, "TITL");
                return;
            }
            ("_FILE", "HEAD") => tree.set_tag(at, "FILE"),
            ("FILE", "OBJE") => {
                let address = tree.value(at).to_owned();
                let name = media::name_to_551(&address);
                if media::name_to_7(&name) != address {
                    tree.add(at, ADDRESS, address);
                }
                tree.set_value(at, name);
            }
            ("DATE" | "SDATE", _) => beside(tree, at, date::to_551),
            ("AGE", _) => beside(tree, at, age::to_551),
            ("LANG", "HEAD" | "SUBM") if has_text => {
                if let Some(name) = language::to_551(tree.value(at)) {
                    tree.set_value(at, name);
                }
            }
            ("TAG", "SCHMA") if tree.value(at).contains(OLD_STANDARD) => {
                tree.detach(at);
                if let Some(schema) =
                    parent.filter(|&schema| tree.children(schema).next().is_none())
                {
                    tree.detach(schema);
                }
                return;
            }
            _ => {}
        }
        self.down_name(tree, at, parent, above);
    }

    /// Tags as 5.5.1 writes them.
    fn down_name(
        &mut self,
        tree: &mut Tree<'_>,
        at: usize,
        parent: Option<usize>,
        above: Option<usize>,
    ) {
        let Some(element) = tree.get(at) else { return };
        let (was, is_void) = (element.was, element.is_pointer && element.value == "VOID");
        let under = parent.and_then(|parent| tree.get(parent));
        let is_out_of_place = match was {
            "ASSO" => above.is_some() || under.is_none_or(|under| under.was != "INDI"),
            "FACT" => under.is_some_and(|under| under.was == "FAM"),
            "LANG" => under.is_some_and(|under| !matches!(under.was, "HEAD" | "SUBM")),
            "TITL" => under.is_some_and(|under| under.was == "OBJE" && under.is_pointer),
            _ => false,
        };
        let tag = match was {
            "SNOTE" if !is_void => Cow::Borrowed("NOTE"),
            _ if is_void && !was.starts_with('_') && words::is_tag_of_7(was) => {
                Cow::Owned(format!("_{was}"))
            }
            _ if is_out_of_place => {
                words::extension_of(was).map_or(Cow::Borrowed(was), Cow::Borrowed)
            }
            _ if words::kept_in_551(was).is_some() => {
                Cow::Borrowed(words::kept_in_551(was).unwrap_or_default())
            }
            // An extension that already has the name of another.
            _ if words::kept_from_7(was).is_some() => Cow::Owned(format!("_{was}")),
            _ => match words::kept_from_551(was) {
                Some(old) => Cow::Borrowed(old),
                None => return,
            },
        };
        if tag.starts_with('_') && !was.starts_with('_') {
            self.note(tree, at, &tag);
        }
        tree.set_tag(at, tag.into_owned());
    }

    /// Identifiers that 5.5.1 has tags for; false for all others.
    fn numbered(&self, tree: &mut Tree<'_>, at: usize) -> bool {
        let mut children = tree.children(at);
        let (Some(kind), None) = (children.next(), children.next()) else { return false };
        drop(children);
        let Some(kind_name) = tree.value(kind).strip_prefix(EXID_TYPES) else { return false };
        let value = tree.value(at);
        let (tag, value) = match kind_name.split_once('#') {
            None if kind_name == "AFN" => ("AFN", value.to_owned()),
            // Another program would number these in its own way.
            None if kind_name == "RIN" && self.system.is_empty() => ("RIN", value.to_owned()),
            None if kind_name == "RFN" && !value.contains(':') => ("RFN", value.to_owned()),
            Some(("RIN", system)) if system == self.system => ("RIN", value.to_owned()),
            Some(("RFN", resource)) if !resource.contains(':') && !resource.is_empty() => {
                ("RFN", format!("{resource}:{value}"))
            }
            _ => return false,
        };
        tree.detach(kind);
        tree.set_tag(at, tag);
        tree.set_value(at, value);
        true
    }
}

/// ROMN or FONE for the languages that 5.5.1 has kinds of; false for all others.
fn transliteration(tree: &mut Tree<'_>, at: usize) -> bool {
    let Some(language) = tree.child(at, "LANG") else { return false };
    let (tag, kind) = match tree.value(language) {
        "ko-hang" => ("FONE", "hangul"),
        "ja-hrkt" => ("FONE", "kana"),
        "und-Latn-pinyin" => ("ROMN", "pinyin"),
        "ja-Latn" => ("ROMN", "romaji"),
        "zh-Latn-wadegile" => ("ROMN", "wadegiles"),
        "und-Latn" => ("ROMN", ""),
        "und" => ("FONE", ""),
        _ => return false,
    };
    tree.detach(language);
    tree.set_tag(at, tag);
    if let Some(written) = tree.child(at, "_TYPE") {
        tree.set_tag(written, "TYPE");
    } else if !kind.is_empty() {
        tree.add(at, "TYPE", kind);
    }
    true
}

fn word(tree: &mut Tree<'_>, at: usize, set: Set) {
    beside(tree, at, |word, phrase| set.to_551(word, phrase));
}

/// Puts a value and the words beside it into one, where `join` finds a way. Of several words none are: on
/// the way back they would come behind the others.
fn beside(tree: &mut Tree<'_>, at: usize, join: impl Fn(&str, Option<&str>) -> Option<String>) {
    let is_phrase = |&child: &usize| tree.get(child).is_some_and(|child| child.tag == "PHRASE");
    let phrases: Vec<usize> = tree.children(at).filter(is_phrase).collect();
    let phrase = match *phrases {
        [only] if tree.children(only).next().is_none() => Some(only),
        _ => None,
    };
    let words = phrase.map(|phrase| tree.value(phrase));
    let value = tree.value(at);
    match join(value, words) {
        Some(joined) => {
            if let Some(phrase) = phrase {
                tree.detach(phrase);
            }
            tree.set_value(at, joined);
        }
        None => {
            if let Some(alone) = join(value, None) {
                tree.set_value(at, alone);
            }
        }
    }
}
