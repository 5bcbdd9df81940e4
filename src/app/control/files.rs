//! Files that somebody gave, and families that the browser keeps.

use banyan_view::{Place, kept::FORGET};
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{Control, address::source_of, with};
use crate::{
    app::{command::GivenFile, engines::Engine},
    message::{FamilySource, KeptAsk, Look, ToEngine},
};

/// A family and its pictures, in case it is to be opened although it is damaged.
#[derive(Default)]
pub(super) struct Given {
    family: Option<web_sys::File>,
    pictures: Vec<GivenFile>,
}

impl Given {
    pub(super) fn send_pictures(&self, engine: &Engine) {
        if !self.pictures.is_empty() {
            let paths = self.pictures.iter().map(|(path, _)| path.clone()).collect();
            let files: Array = self.pictures.iter().map(|(_, file)| file).collect();
            engine.send_with(&ToEngine::Pictures(paths), &files);
        }
    }
}

/// Starts an engine for a family.
pub(super) fn engine(look: &Look) -> Result<Engine, JsValue> {
    let engine = Engine::start(|message, picture| {
        with(|control| control.hear_family(message, picture));
    })?;
    engine.send(&ToEngine::Look(look.clone()));
    Ok(engine)
}

impl Control {
    /// Opens a family with the pictures beside it; pictures alone are for the family that is open.
    pub(super) fn open_files(&mut self, files: Vec<GivenFile>) {
        let mut given = Given::default();
        let mut best = u32::MAX;
        for (path, file) in files {
            if file.type_().starts_with("image/") {
                given.pictures.push((path, file));
                continue;
            }
            // Of a folder the file that is a family by its name, and lies highest.
            let depth = path.matches('/').count() as u32;
            let is_named = [".ged", ".gedcom", ".gdz"].iter().any(|it| path.ends_with(it));
            let rank = if is_named { depth } else { depth + (1 << 16) };
            if rank < best {
                best = rank;
                given.family = Some(file);
            }
        }
        let is_family = given.family.is_some();
        self.given = given;
        if is_family {
            self.open_given(false);
        } else if let Some(engine) = &self.family {
            self.given.send_pictures(engine);
        }
    }

    pub(super) fn open_given(&mut self, is_forced: bool) {
        if let Some(file) = self.given.family.clone() {
            self.open_family(FamilySource::File { name: file.name(), is_forced }, &file.into());
        }
    }

    /// Opens or forgets what is kept, if that is what a place says.
    pub(super) fn is_kept(&mut self, place: &Place) -> bool {
        if let Some(source @ FamilySource::Kept { .. }) = source_of(&place.id) {
            self.open_family(source, &JsValue::UNDEFINED);
            return true;
        }
        let forgotten = place.id.strip_prefix(FORGET).and_then(|of| of.split_once(':'));
        if let Some((digest, name)) = forgotten {
            let (name, digest) = (name.to_owned(), digest.to_owned());
            self.ask_kept(KeptAsk::Forget { name, digest });
        }
        forgotten.is_some()
    }

    /// Starts the engine of the next family: while somebody looks for a file, there is time for it.
    pub(super) fn get_ready(&mut self) {
        if self.next.is_none() {
            // Without an engine nothing can be opened either, and that is said.
            self.next = engine(&self.look).ok();
            if let Some(engine) = &self.next {
                engine.send(&ToEngine::Rehearse);
            }
        }
    }

    /// Asks whichever engine is there for what is kept.
    pub(super) fn ask_kept(&mut self, ask: KeptAsk) {
        self.has_kept = true;
        if self.family.is_none() {
            self.get_ready();
        }
        if let Some(engine) = self.family.as_ref().or(self.next.as_ref()) {
            engine.send(&ToEngine::Kept(ask));
        }
    }

    /// Asks the browser not to give up what it keeps while others need room.
    pub(super) fn persist(&self) {
        // It answers by itself or asks the person; both may say no, and then nothing changes.
        let _ = window().navigator().storage().persist();
    }
}
