//! From 5.5 and 5.5.1 to 7.0.

use std::borrow::Cow;

use super::{
    Converter, OLD_STANDARD, Way, add_phrase, age, date,
    enumerated::{Set, Word, are_states, capitals},
    language, media, words,
};
use crate::tree::{Element, Tree};

/// What a program wrote where 7.0 has only words of its own.
pub(super) const WRITTEN: &str = "_WRITTEN";
/// The address of a file of 7.0, beside a name that would lead back to another address.
pub(super) const ADDRESS: &str = "_ADDRESS";
/// Where the identifiers of Ancestral File, and those that programs gave, are named.
pub(super) const EXID_TYPES: &str = "https://gedcom.io/terms/v7/";

impl Converter {
    pub(super) fn up(&mut self, tree: &mut Tree<'_>) {
        let order: Vec<usize> = tree.walk(0).map(|(at, _)| at).collect();
        for &at in &order {
            if at == 0 || tree.parent(at).is_some() {
                self.up_one(tree, at);
            }
        }
        // These take up what has been converted below them.
        for &at in &order {
            let Some(element) = tree.get(at) else { continue };
            match (element.tag.as_ref(), element.is_pointer, tree.parent(at)) {
                ("OBJE", false, parent) => self.media(tree, at, parent),
                ("SOUR", false, Some(parent)) if !is(tree, parent, "HEAD") => {
                    self.citation(tree, at);
                }
                _ => {}
            }
        }
        if is(tree, 0, "HEAD") {
            self.declare_extensions(tree);
        }
    }

    fn up_one(&mut self, tree: &mut Tree<'_>, at: usize) {
        self.up_names(tree, at);
        let parent = tree.parent(at);
        let above = parent.and_then(|parent| tree.parent(parent));
        // What stands above has been converted already.
        let tag_of = |at: Option<usize>| {
            at.and_then(|at| tree.get(at)).map_or(Cow::Borrowed(""), |element| element.tag.clone())
        };
        let (under, under_that) = (tag_of(parent), tag_of(above));
        let Some(element) = tree.get(at) else { return };
        let has_text = element.has_text();
        match (element.tag.as_ref(), under.as_ref()) {
            ("NOTE", "") => tree.set_tag(at, "SNOTE"),
            ("NOTE", _) if element.is_pointer => tree.set_tag(at, "SNOTE"),
            ("SNOTE", under) if !element.is_pointer && !under.is_empty() => {
                tree.set_tag(at, "NOTE");
            }
            ("AFN" | "RFN" | "RIN", _) if above.is_none() && parent.is_some() => {
                self.number(tree, at);
            }
            ("ALIA", "INDI") if has_text => {
                tree.set_tag(at, "NAME");
                tree.add(at, "TYPE", "AKA");
                // The first name is the one to call a person by.
                tree.detach(at);
                tree.attach(0, at);
            }
            ("ROMN" | "FONE", _) => transliteration(tree, at),
            ("TYPE", "NAME") if under_that == "INDI" => word(tree, at, Set::NameType),
            ("TYPE", "FORM") => {
                tree.set_tag(at, "MEDI");
                word(tree, at, Set::Medium);
            }
            ("TYPE", "ASSO") if tree.value(at) == "INDI" => tree.detach(at),
            ("TYPE", "ASSO") => tree.set_tag(at, "_TYPE"),
            ("MEDI", _) => word(tree, at, Set::Medium),
            ("PEDI", _) => word(tree, at, Set::Pedigree),
            ("RELA", "ASSO") => {
                tree.set_tag(at, "ROLE");
                word(tree, at, Set::Role);
            }
            ("ROLE", "EVEN") => word(tree, at, Set::Role),
            ("STAT" | "RESN", _) if has_text => state(tree, at),
            ("SEX", "INDI") if has_text => sex(tree, at),
            ("FORM", "FILE" | "OBJE") if has_text => format(tree, at),
            ("FILE", "HEAD") => tree.set_tag(at, "_FILE"),
            ("FILE", "OBJE") if self.way == Way::Up => {
                let kept = tree.child(at, ADDRESS);
                let address = kept.map_or_else(
                    || media::name_to_7(tree.value(at)),
                    |kept| tree.value(kept).to_owned(),
                );
                tree.set_value(at, address);
                if let Some(kept) = kept {
                    tree.detach(kept);
                }
            }
            ("DATE" | "SDATE", _) if has_text => beside(tree, at, date::to_7(tree.value(at))),
            ("AGE", _) if has_text => beside(tree, at, age::to_7(tree.value(at))),
            ("LANG", "HEAD" | "SUBM") if has_text => language(tree, at),
            ("TEXT", "SOUR") if above.is_some() => {
                if let Some(citation) = parent {
                    let data = match tree.child(citation, "DATA") {
                        Some(data) => data,
                        None => tree.add(citation, "DATA", ""),
                    };
                    tree.detach(at);
                    tree.attach(data, at);
                }
            }
            (tag, "INDI" | "FAM") if words::is_event(tag) && has_text => event(tree, at),
            (tag, "INDI" | "FAM" | "SOUR" | "HEAD" | "SUBM") if words::is_link(tag) && has_text => {
                let text = tree.value(at).to_owned();
                add_phrase(tree, at, text);
                to_nobody(tree, at);
            }
            _ => {}
        }
    }

    /// Tags and identifiers as 7.0 writes them.
    fn up_names(&mut self, tree: &mut Tree<'_>, at: usize) {
        let Some(element) = tree.get(at) else { return };
        let (was, is_void) = (element.was, element.is_pointer && element.value == "VOID");
        let is_below_link = tree
            .parent(at)
            .and_then(|parent| tree.get(parent))
            .is_some_and(|parent| parent.tag == "OBJE" && parent.is_pointer);
        let is_below_family = tree.parent(at).is_some_and(|parent| is(tree, parent, "FAM"));
        // An extension of 7.0 is one, whatever its name.
        let is_old = self.way == Way::Up;
        let kept = words::kept_from_7(was).filter(|_| match was {
            "_TITL" => is_old && is_below_link,
            "_FACT" => is_old && is_below_family,
            _ => is_old,
        });
        let plain = was.strip_prefix('_').unwrap_or(was);
        let tag = match () {
            () if kept.is_some() => kept.map(Cow::Borrowed),
            () if is_old && is_void && words::is_tag_of_7(plain) => {
                Some(Cow::Owned(plain.to_owned()))
            }
            () if is_old && was.starts_with("__") && words::kept_from_7(plain).is_some() => {
                Some(Cow::Owned(plain.to_owned()))
            }
            () if was.starts_with('_') => Some(Cow::Owned(was.to_ascii_uppercase())),
            () if words::is_tag_of_7(was) || converted_elsewhere(was) || was.is_empty() => None,
            () => {
                let own = format!("_{}", was.to_ascii_uppercase());
                // The header says the encoding, and whoever writes the header takes it out.
                let is_encoding =
                    was == "CHAR" && tree.parent(at) == Some(0) && is(tree, 0, "HEAD");
                if !is_encoding {
                    self.note(tree, at, &own);
                }
                (!is_encoding).then_some(Cow::Owned(own))
            }
        };
        if let Some(tag) = tag.filter(|tag| tag != was) {
            tree.set_tag(at, tag.into_owned());
        }
        let renamed = &self.renamed;
        if let Some(element) = tree.get_mut(at) {
            if let Some(new) = renamed.get(element.xref.as_ref()) {
                element.xref = Cow::Owned(new.clone());
            }
            if element.is_pointer
                && let Some(new) = renamed.get(element.value.as_ref())
            {
                element.value = Cow::Owned(new.clone());
            }
            if !element.is_pointer && element.value.contains(is_banned) {
                element.value = Cow::Owned(element.value.chars().map(shown).collect());
            }
        }
    }

    /// AFN, RFN and RIN are identifiers like any other now.
    fn number(&mut self, tree: &mut Tree<'_>, at: usize) {
        let value = tree.value(at).to_owned();
        let (value, kind) = match (tree.was(at), value.split_once(':')) {
            ("RIN", _) if !self.system.is_empty() => {
                let kind = format!("{EXID_TYPES}RIN#{}", self.system);
                (value, kind)
            }
            ("RFN", Some((resource, number))) if !resource.is_empty() => {
                (number.to_owned(), format!("{EXID_TYPES}RFN#{resource}"))
            }
            (was, _) => {
                let kind = format!("{EXID_TYPES}{was}");
                (value, kind)
            }
        };
        tree.set_tag(at, "EXID");
        tree.set_value(at, value);
        tree.add(at, "TYPE", kind);
    }

    /// What a medium says of itself stands below its file, in a record of its own.
    fn media(&mut self, tree: &mut Tree<'_>, at: usize, parent: Option<usize>) {
        if tree.get(at).is_some_and(Element::has_text) {
            let name = media::name_to_7(tree.value(at));
            tree.set_value(at, "");
            tree.add(at, "FILE", name);
        }
        let file = tree.child(at, "FILE");
        for tag in ["FORM", "TITL"] {
            let Some(own) = tree.child(at, tag) else { continue };
            match file {
                Some(file) if tree.child(file, tag).is_none() => {
                    tree.detach(own);
                    tree.attach(file, own);
                }
                _ => tree.set_tag(own, format!("_{tag}")),
            }
        }
        let files: Vec<usize> =
            tree.children(at).filter(|&child| is(tree, child, "FILE")).collect();
        for &file in &files {
            if tree.child(file, "FORM").is_none() {
                let form = media::of_name(tree.value(file));
                tree.add(file, "FORM", form);
            }
        }
        if parent.is_none() {
            return;
        }
        let own: Vec<usize> = tree
            .children(at)
            .filter(|&child| {
                tree.get(child).is_some_and(|child| {
                    matches!(
                        child.tag.as_ref(),
                        "FILE" | "NOTE" | "SNOTE" | "_BLOB" | "_FORM" | "_TITL"
                    )
                })
            })
            .collect();
        if own.is_empty() {
            to_nobody(tree, at);
            return;
        }
        let xref = format!("O{}", self.next_media);
        self.next_media += 1;
        let mut record = Tree::default();
        let mut top = Element::new("OBJE", "");
        (top.xref, top.line) = (Cow::Owned(xref.clone()), tree.get(at).map_or(0, |link| link.line));
        record.append(None, top);
        for child in own {
            record.graft(0, tree, child);
            tree.detach(child);
        }
        self.added.push(record);
        if let Some(link) = tree.get_mut(at) {
            (link.is_pointer, link.value) = (true, Cow::Owned(xref));
        }
    }

    /// A source in words gets a record, one for the same words.
    fn citation(&mut self, tree: &mut Tree<'_>, at: usize) {
        let words = tree.value(at).to_owned();
        if words.is_empty() {
            to_nobody(tree, at);
            return;
        }
        let line = tree.get(at).map_or(0, |element| element.line);
        let xref = match self.sources.get(&words) {
            Some(xref) => xref.clone(),
            None => {
                let xref = format!("S{}", self.next_source);
                self.next_source += 1;
                let mut record = Tree::default();
                let mut top = Element::new("SOUR", "");
                (top.xref, top.line) = (Cow::Owned(xref.clone()), line);
                record.append(None, top);
                record.add(0, "TITL", words.clone());
                self.added.push(record);
                self.sources.insert(words, xref.clone());
                xref
            }
        };
        if let Some(link) = tree.get_mut(at) {
            (link.is_pointer, link.value) = (true, Cow::Owned(xref));
        }
    }

    /// Says in the header where the extensions are defined that 5.5.1 had as tags.
    fn declare_extensions(&self, head: &mut Tree<'_>) {
        if self.left_over.is_empty() {
            return;
        }
        let schema = match head.child(0, "SCHMA") {
            Some(schema) => schema,
            None => head.add(0, "SCHMA", ""),
        };
        for tag in &self.left_over {
            let old = tag.trim_start_matches('_');
            head.add(schema, "TAG", format!("{tag} {OLD_STANDARD}{old}"));
        }
    }
}

fn is(tree: &Tree<'_>, at: usize, tag: &str) -> bool {
    tree.get(at).is_some_and(|element| element.tag == tag)
}

/// Tags of 5.5.1 that become others of 7.0.
fn converted_elsewhere(tag: &str) -> bool {
    matches!(tag, "AFN" | "RFN" | "RIN" | "ROMN" | "FONE" | "RELA")
}

/// Makes a link that leads to nobody of the file.
fn to_nobody(tree: &mut Tree<'_>, at: usize) {
    if let Some(element) = tree.get_mut(at) {
        (element.is_pointer, element.value) = (true, Cow::Borrowed("VOID"));
    }
}

fn word(tree: &mut Tree<'_>, at: usize, set: Set) {
    if !tree.get(at).is_some_and(Element::has_text) {
        return;
    }
    let Word { word, phrase } = set.to_7(tree.value(at));
    tree.set_value(at, word);
    if let Some(phrase) = phrase {
        add_phrase(tree, at, phrase);
    }
}

fn beside(tree: &mut Tree<'_>, at: usize, new: date::New) {
    tree.set_value(at, new.date);
    if let Some(phrase) = new.phrase {
        add_phrase(tree, at, phrase);
    }
}

fn state(tree: &mut Tree<'_>, at: usize) {
    let written = tree.value(at).to_owned();
    let words = capitals(&written);
    let is_kept = words == written || are_states(&words) || tree.child(at, WRITTEN).is_some();
    tree.set_value(at, words);
    if !is_kept {
        tree.add(at, WRITTEN, written);
    }
}

fn sex(tree: &mut Tree<'_>, at: usize) {
    let written = tree.value(at).to_owned();
    let sex = match written.trim().bytes().next().map(|byte| byte.to_ascii_uppercase()) {
        Some(b'M') => "M",
        Some(b'F') => "F",
        Some(b'X') => "X",
        _ => "U",
    };
    tree.set_value(at, sex);
    if written.trim().len() > 1 || sex == "U" && !written.eq_ignore_ascii_case("U") {
        tree.add(at, WRITTEN, written);
    }
}

fn format(tree: &mut Tree<'_>, at: usize) {
    let written = tree.value(at).to_owned();
    match media::to_7(&written) {
        Some(media_type) => tree.set_value(at, media_type),
        None if written.contains('/') => {}
        None => {
            tree.set_value(at, media::UNKNOWN);
            tree.add(at, WRITTEN, written);
        }
    }
}

fn language(tree: &mut Tree<'_>, at: usize) {
    let written = tree.value(at).to_owned();
    let is_tag = |text: &str| {
        let first = text.split('-').next().unwrap_or_default();
        matches!(first.len(), 2 | 3) && first.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    match language::to_7(&written) {
        Some(tag) => tree.set_value(at, tag),
        None if is_tag(&written) => {}
        None => {
            tree.set_value(at, "und");
            tree.add(at, WRITTEN, written);
        }
    }
}

/// What an event says in its own line is "Y", or else a note; "N" says that it never was.
fn event(tree: &mut Tree<'_>, at: usize) {
    let text = tree.value(at).to_owned();
    match text.trim() {
        "Y" | "y" => tree.set_value(at, "Y"),
        "N" | "n" => {
            let tag = tree.get(at).map(|element| element.tag.to_string()).unwrap_or_default();
            tree.set_tag(at, "NO");
            tree.set_value(at, tag);
        }
        _ => {
            tree.set_value(at, "");
            tree.add(at, "NOTE", text);
        }
    }
}

/// The romanised and phonetic forms of names and places, by the language that their kind tells.
fn transliteration(tree: &mut Tree<'_>, at: usize) {
    let is_romanised = tree.was(at) == "ROMN";
    let kind = tree.child(at, "TYPE");
    let written = kind.map(|kind| tree.value(kind).to_owned()).unwrap_or_default();
    let language = match (is_romanised, written.to_ascii_lowercase().as_str()) {
        (false, "hangul") => Some("ko-hang"),
        (false, "kana") => Some("ja-hrkt"),
        (true, "pinyin") => Some("und-Latn-pinyin"),
        (true, "romaji" | "romanji") => Some("ja-Latn"),
        (true, "wadegiles") => Some("zh-Latn-wadegile"),
        _ => None,
    };
    tree.set_tag(at, "TRAN");
    match (kind, language) {
        (Some(kind), Some(_)) => tree.detach(kind),
        (Some(kind), None) => tree.set_tag(kind, "_TYPE"),
        _ => {}
    }
    let otherwise = if is_romanised { "und-Latn" } else { "und" };
    if tree.child(at, "LANG").is_none() {
        tree.add(at, "LANG", language.unwrap_or(otherwise));
    }
}

/// Characters that no line of 7.0 may hold.
fn is_banned(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\u{80}'..='\u{9f}'))
        || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// A control character as the sign that stands for it.
fn shown(c: char) -> char {
    match u32::from(c) {
        _ if !is_banned(c) => c,
        0x7F => '\u{2421}',
        code => char::from_u32(0x2400 + code)
            .filter(|_| code < 0x20)
            .unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}
