//! The colours of the main thread's canvases: the custom properties of the style sheet, as the
//! browser has them just now.

use std::collections::BTreeMap;

use banyan_scene::Ink;

/// Style strings by ink. Read from the document when first wanted after a change of theme.
#[derive(Debug, Default)]
pub struct Inks {
    read: BTreeMap<Ink, String>,
}

impl Inks {
    /// Another theme: every ink is read again.
    pub fn forget(&mut self) {
        self.read.clear();
    }

    /// What a canvas takes as a style; canvases know `oklch()` as style sheets do.
    pub fn css(&mut self, ink: Ink) -> &str {
        self.read.entry(ink).or_insert_with(|| computed(ink).unwrap_or_default())
    }
}

fn computed(ink: Ink) -> Option<String> {
    let window = web_sys::window()?;
    let root = window.document()?.document_element()?;
    let style = window.get_computed_style(&root).ok()??;
    let value = style.get_property_value(&format!("--ink-{}", ink.token())).ok()?;
    Some(value.trim().to_owned())
}
