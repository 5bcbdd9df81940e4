//! The lines of one record as a tree, without building one.

use std::borrow::Cow;

use banyan_kin::{Date, Draft, TextId};

use crate::{
    convert::date::is_same_date,
    line::{Line, trimmed},
};

/// All lines of one top-level record, the top line first.
#[derive(Clone, Copy)]
pub(crate) struct Lines<'a, 't> {
    pub lines: &'a [Line<'t>],
    /// Whether `@@` stands for `@` at the start of a value alone, as in 7.0, or everywhere.
    pub is_version_7: bool,
}

/// A line and all that is nested in it.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a, 't> {
    pub line: &'a Line<'t>,
    below: &'a [Line<'t>],
    is_version_7: bool,
}

impl<'a, 't> Lines<'a, 't> {
    /// The top line, if there is any.
    pub(crate) fn top(self) -> Option<Node<'a, 't>> {
        let (line, below) = self.lines.split_first()?;
        Some(Node { line, below, is_version_7: self.is_version_7 })
    }
}

impl<'a, 't> Node<'a, 't> {
    /// The lines directly below, each with what is nested in it.
    pub(crate) fn children(self) -> impl Iterator<Item = Node<'a, 't>> + use<'a, 't> {
        let mut rest = self.below;
        std::iter::from_fn(move || {
            let (line, after) = rest.split_first()?;
            let end = after.iter().position(|l| l.depth <= line.depth).unwrap_or(after.len());
            let (below, next) = after.split_at(end);
            rest = next;
            Some(Node { line, below, is_version_7: self.is_version_7 })
        })
    }

    #[inline] // A tag that is known is compared as a number.
    pub(crate) fn child(self, tag: &str) -> Option<Self> {
        self.children().find(|child| child.line.tag == tag)
    }

    /// The value with its continuations joined and `@@` undone. Spaces at both ends are cut.
    pub(crate) fn text(self) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(self.line.value);
        for child in self.children() {
            match child.line.tag {
                "CONC" => text.to_mut().push_str(child.line.value),
                "CONT" => {
                    let text = text.to_mut();
                    text.push('\n');
                    text.push_str(child.line.value);
                }
                _ => {}
            }
        }
        match text {
            Cow::Borrowed(text) => self.unescaped(trimmed(text)),
            Cow::Owned(text) => Cow::Owned(self.unescaped(text.trim()).into_owned()),
        }
    }

    fn unescaped<'s>(self, text: &'s str) -> Cow<'s, str> {
        if self.is_version_7 {
            return Cow::Borrowed(if text.starts_with("@@") {
                text.get(1..).unwrap_or(text)
            } else {
                text
            });
        }
        // Nearly no text has an `@` at all, which is told at once.
        if memchr::memchr(b'@', text.as_bytes()).is_some() && text.contains("@@") {
            Cow::Owned(text.replace("@@", "@"))
        } else {
            Cow::Borrowed(text)
        }
    }

    /// The text in the arena.
    pub(crate) fn intern(self, draft: &mut Draft) -> TextId {
        draft.texts.intern(&self.text())
    }

    /// The text of a child in the arena; empty where there is none.
    #[inline]
    pub(crate) fn intern_child(self, tag: &str, draft: &mut Draft) -> TextId {
        self.child(tag).map_or(TextId::EMPTY, |child| child.intern(draft))
    }

    /// The DATE below, or what 7.0 says in words instead of one.
    pub(crate) fn date(self, draft: &mut Draft) -> Option<(Node<'a, 't>, Date)> {
        let date = self.child("DATE")?;
        let mut written = date.text();
        if let Some(phrase) = date.child("PHRASE") {
            let phrase = phrase.text();
            // Of a year written double, 7.0 has the later one, and both among the words.
            if written.is_empty() || is_same_date(&phrase, &written) {
                written = phrase;
            }
        }
        Some((date, Date::read(&written, &mut draft.texts)))
    }
}
