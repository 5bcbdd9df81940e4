//! One record as a tree that can be changed: values joined and unescaped, in one flat list.

use std::borrow::Cow;

use crate::line::Line;

/// No element.
const NONE: u32 = u32::MAX;
/// What the rest of a line is kept under whose tag no version of GEDCOM allows.
const ODD_LINE: &str = "_LINE";
/// A continuation of a link, which can have none.
const ODD_CONTINUATION: &str = "_CONT";

/// A record, or nothing. Element 0 is its top line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree<'t> {
    elements: Vec<Element<'t>>,
}

/// A line with its continuations, and the links to those around it.
#[derive(Clone, Debug)]
pub(crate) struct Element<'t> {
    /// The tag as it was read; empty for an element that a conversion made.
    pub was: &'t str,
    pub tag: Cow<'t, str>,
    /// The identifier without its `@`; empty where there is none.
    pub xref: Cow<'t, str>,
    /// The text, its lines joined by `\n` and every `@` once; of a link, the identifier.
    pub value: Cow<'t, str>,
    pub is_pointer: bool,
    /// Line in the file, counted from 1.
    pub line: u32,
    parent: u32,
    first: u32,
    last: u32,
    before: u32,
    after: u32,
}

impl<'t> Element<'t> {
    /// An element that no line of the file was.
    pub(crate) fn new(tag: impl Into<Cow<'t, str>>, value: impl Into<Cow<'t, str>>) -> Self {
        Self {
            was: "",
            tag: tag.into(),
            xref: Cow::Borrowed(""),
            value: value.into(),
            is_pointer: false,
            line: 0,
            parent: NONE,
            first: NONE,
            last: NONE,
            before: NONE,
            after: NONE,
        }
    }

    /// The same with an identifier.
    pub(crate) fn named(mut self, xref: impl Into<Cow<'t, str>>) -> Self {
        self.xref = xref.into();
        self
    }

    /// The same as a link to what its value names, if it is one.
    pub(crate) fn linking(mut self, is_pointer: bool) -> Self {
        self.is_pointer = is_pointer;
        self
    }

    /// Whether it holds a text that is not empty.
    pub(crate) fn has_text(&self) -> bool {
        !self.is_pointer && !self.value.is_empty()
    }
}

impl<'t> Tree<'t> {
    /// Takes the lines of one record in place of what was there.
    pub(crate) fn read(&mut self, lines: impl Iterator<Item = Line<'t>>, is_version_7: bool) {
        self.elements.clear();
        // Which element each open depth belongs to; a continuation belongs to what it continues.
        let mut open: Vec<u32> = Vec::new();
        for line in lines {
            open.truncate(usize::from(line.depth));
            let parent = open.last().copied();
            let element = match (parent, line.tag) {
                (Some(parent), "CONC" | "CONT") => self.continued(parent, &line, is_version_7),
                _ => self.begun(parent, &line, is_version_7),
            };
            open.push(element);
        }
        if !is_version_7 {
            for element in &mut self.elements {
                if !element.is_pointer && element.value.contains("@@") {
                    element.value = Cow::Owned(element.value.replace("@@", "@"));
                }
            }
        }
    }

    fn begun(&mut self, parent: Option<u32>, line: &Line<'t>, is_version_7: bool) -> u32 {
        let mut element = Element { line: line.number, ..Element::new(line.tag, line.value) };
        element.was = line.tag;
        element.xref = Cow::Borrowed(line.xref);
        if !is_tag(line.tag) {
            let value = match line.value {
                "" => Cow::Borrowed(line.tag),
                value => Cow::Owned(format!("{} {value}", line.tag)),
            };
            // As a reader of it would have it, who undoes doubled signs.
            (element.was, element.tag, element.value) = (ODD_LINE, ODD_LINE.into(), value);
        } else if let Some(pointer) =
            line.pointer().filter(|_| !is_version_7 || line.value.starts_with('@'))
        {
            (element.is_pointer, element.value) = (true, Cow::Borrowed(pointer));
        } else if is_version_7 {
            element.value = Cow::Borrowed(unescaped_7(line.value));
        }
        self.append(parent.map(|parent| parent as usize), element)
    }

    fn continued(&mut self, parent: u32, line: &Line<'t>, is_version_7: bool) -> u32 {
        let text = if is_version_7 { unescaped_7(line.value) } else { line.value };
        let Some(element) = self.elements.get_mut(parent as usize) else { return parent };
        if element.is_pointer {
            let mut kept = Element::new(ODD_CONTINUATION, text);
            kept.line = line.number;
            self.append(Some(parent as usize), kept);
        } else {
            let value = element.value.to_mut();
            if line.tag == "CONT" {
                value.push('\n');
            }
            value.push_str(text);
        }
        parent
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Element<'t>> {
        self.elements.get(at)
    }

    pub(crate) fn get_mut(&mut self, at: usize) -> Option<&mut Element<'t>> {
        self.elements.get_mut(at)
    }

    /// The tag that an element was read with.
    pub(crate) fn was(&self, at: usize) -> &'t str {
        self.get(at).map_or("", |element| element.was)
    }

    /// The text of an element; of a link, the identifier.
    pub(crate) fn value(&self, at: usize) -> &str {
        self.get(at).map_or("", |element| &element.value)
    }

    pub(crate) fn set_tag(&mut self, at: usize, tag: impl Into<Cow<'t, str>>) {
        if let Some(element) = self.get_mut(at) {
            element.tag = tag.into();
        }
    }

    pub(crate) fn set_value(&mut self, at: usize, value: impl Into<Cow<'t, str>>) {
        if let Some(element) = self.get_mut(at) {
            element.value = value.into();
        }
    }

    pub(crate) fn parent(&self, at: usize) -> Option<usize> {
        self.get(at).and_then(|element| index(element.parent))
    }

    pub(crate) fn children(&self, at: usize) -> impl Iterator<Item = usize> + use<'_, 't> {
        let mut next = self.get(at).map_or(NONE, |element| element.first);
        std::iter::from_fn(move || {
            let child = index(next)?;
            next = self.get(child)?.after;
            Some(child)
        })
    }

    /// The first child with a tag, as it is now.
    pub(crate) fn child(&self, at: usize, tag: &str) -> Option<usize> {
        self.children(at).find(|&child| self.get(child).is_some_and(|child| child.tag == tag))
    }

    /// Adds an element as the last child of another, or as the top.
    pub(crate) fn append(&mut self, parent: Option<usize>, element: Element<'t>) -> u32 {
        let new = u32::try_from(self.elements.len()).unwrap_or(NONE);
        self.elements.push(element);
        if let Some(parent) = parent {
            self.attach(parent, new as usize);
        }
        new
    }

    /// The same for a tag and its text.
    pub(crate) fn add(
        &mut self,
        parent: usize,
        tag: impl Into<Cow<'t, str>>,
        value: impl Into<Cow<'t, str>>,
    ) -> usize {
        self.append(Some(parent), Element::new(tag, value)) as usize
    }

    /// Makes a detached element the last child of another.
    pub(crate) fn attach(&mut self, parent: usize, child: usize) {
        let (Ok(parent_number), Ok(child_number)) = (u32::try_from(parent), u32::try_from(child))
        else {
            return;
        };
        let Some(above) = self.get_mut(parent) else { return };
        let last = std::mem::replace(&mut above.last, child_number);
        if last == NONE {
            above.first = child_number;
        } else if let Some(last) = self.get_mut(last as usize) {
            last.after = child_number;
        }
        if let Some(child) = self.get_mut(child) {
            (child.parent, child.before, child.after) = (parent_number, last, NONE);
        }
    }

    /// Takes an element, with all below it, out of its place.
    pub(crate) fn detach(&mut self, at: usize) {
        let Some(element) = self.get_mut(at) else { return };
        let (parent, before, after) = (element.parent, element.before, element.after);
        (element.parent, element.before, element.after) = (NONE, NONE, NONE);
        match index(before).and_then(|before| self.get_mut(before)) {
            Some(before) => before.after = after,
            None => {
                if let Some(parent) = index(parent).and_then(|parent| self.get_mut(parent)) {
                    parent.first = after;
                }
            }
        }
        match index(after).and_then(|after| self.get_mut(after)) {
            Some(after) => after.before = before,
            None => {
                if let Some(parent) = index(parent).and_then(|parent| self.get_mut(parent)) {
                    parent.last = before;
                }
            }
        }
    }

    /// Copies an element of another tree, with all below it, as the last child of one of this.
    pub(crate) fn graft(&mut self, parent: usize, from: &Tree<'_>, at: usize) {
        // The copy above at each depth.
        let mut above = vec![parent];
        for (element, depth) in from.walk(at).filter_map(|(at, depth)| Some((from.get(at)?, depth)))
        {
            above.truncate(depth + 1);
            let copy = Element {
                xref: Cow::Owned(element.xref.to_string()),
                is_pointer: element.is_pointer,
                line: element.line,
                ..Element::new(element.tag.to_string(), element.value.to_string())
            };
            let parent = above.last().copied();
            above.push(self.append(parent, copy) as usize);
        }
    }

    /// The element that stands behind another in a walk of what is below `top`, with its depth below
    /// `top`.
    fn walk_on(&self, top: usize, at: usize, depth: usize) -> Option<(usize, usize)> {
        if let Some(first) = self.get(at).and_then(|element| index(element.first)) {
            return Some((first, depth + 1));
        }
        let (mut at, mut depth) = (at, depth);
        while at != top {
            let element = self.get(at)?;
            if let Some(after) = index(element.after) {
                return Some((after, depth));
            }
            at = index(element.parent)?;
            depth -= 1;
        }
        None
    }

    /// An element and all below it, from top to bottom, each with its depth below the first.
    pub(crate) fn walk(&self, top: usize) -> impl Iterator<Item = (usize, usize)> + use<'_, 't> {
        let mut next = self.get(top).map(|_| (top, 0));
        std::iter::from_fn(move || {
            let (at, depth) = next?;
            next = self.walk_on(top, at, depth);
            Some((at, depth))
        })
    }
}

fn index(link: u32) -> Option<usize> {
    (link != NONE).then_some(link as usize)
}

/// In 7.0 only an `@` at the start of a line is doubled.
fn unescaped_7(line: &str) -> &str {
    if line.starts_with("@@") { line.get(1..).unwrap_or(line) } else { line }
}

/// Whether a word is a tag in the grammar of 5.5.1, which has letters, digits and underscores.
pub(crate) fn is_tag(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
