//! Changes as the browser keeps them, so that neither a reload nor a crash loses any.

use std::{cell::Cell, rc::Rc};

use super::Step;
use crate::engine::{Engine, kept, post::reason, with};

/// All steps since a file was opened first.
pub(super) struct Journal {
    /// Of that file: another of the same name has a journal of its own.
    name: String,
    steps: Vec<Step>,
    writing: Rc<Cell<Writing>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    Nothing,
    /// What the browser is given now is all there is, or no more.
    Latest,
    Stale,
}

impl Journal {
    /// The changes that were made before to a file of this name and this digest.
    pub async fn recall(name: &str, digest: &str) -> Self {
        let name = kept::journal_name(name, digest);
        let kept = kept::recall_edits(&name).await.unwrap_or_else(|error| {
            log::warn!("no changes of before: {}", reason(&error));
            None
        });
        let steps = kept.and_then(|kept| banyan_protocol::decode(&kept).ok()).unwrap_or_default();
        Self { name, steps, writing: Rc::new(Cell::new(Writing::Nothing)) }
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub fn take(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }

    pub fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Gives everything to the browser; while it is still taking what was before, once that is done.
    pub fn store(&self) {
        if self.writing.get() != Writing::Nothing {
            return self.writing.set(Writing::Stale);
        }
        self.writing.set(Writing::Latest);
        let (name, writing) = (self.name.clone(), Rc::clone(&self.writing));
        let steps = banyan_protocol::encode(&self.steps);
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = kept::keep_edits(&name, &steps).await {
                log::warn!("changes are not kept for a reload: {}", reason(&error));
            }
            let is_stale = writing.replace(Writing::Nothing) == Writing::Stale;
            if is_stale {
                with(Engine::store_edits);
            }
        });
    }
}
