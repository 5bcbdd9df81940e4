//! Changes as the browser keeps them, so that neither a reload nor a crash loses any.

use std::{cell::Cell, rc::Rc};

use serde::{Deserialize, Serialize};

use super::Step;
use crate::{
    engine::{Engine, kept, post::reason, with},
    message::FamilySource,
};

/// All steps since the file was opened first, and which file that was.
pub(super) struct Journal {
    digest: u64,
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

#[derive(Serialize, Deserialize)]
struct Kept {
    digest: u64,
    steps: Vec<Step>,
}

fn name(source: &FamilySource) -> &str {
    match source {
        FamilySource::Sample(sample) => sample.name(),
        FamilySource::File { name, .. } | FamilySource::Kept { name } => name,
    }
}

/// FNV-1a of a file.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |so_far, byte| {
        (so_far ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Journal {
    /// The changes that were made before to a file of this name and these bytes.
    pub async fn recall(source: &FamilySource, bytes: &[u8]) -> Self {
        let digest = digest(bytes);
        let kept = match kept::recall_edits(name(source)).await {
            Ok(kept) => kept.unwrap_or_default(),
            Err(error) => {
                log::warn!("no changes of before: {}", reason(&error));
                Vec::new()
            }
        };
        let kept = banyan_protocol::decode::<Kept>(&kept).ok().filter(|kept| kept.digest == digest);
        let steps = kept.map(|kept| kept.steps).unwrap_or_default();
        Self { digest, steps, writing: Rc::new(Cell::new(Writing::Nothing)) }
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
    pub fn store(&self, source: &FamilySource) {
        if self.writing.get() != Writing::Nothing {
            return self.writing.set(Writing::Stale);
        }
        self.writing.set(Writing::Latest);
        let (name, writing) = (name(source).to_owned(), Rc::clone(&self.writing));
        let kept = Kept { digest: self.digest, steps: self.steps.clone() };
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = kept::keep_edits(&name, &banyan_protocol::encode(&kept)).await {
                log::warn!("changes are not kept for a reload: {}", reason(&error));
            }
            let is_stale = writing.replace(Writing::Nothing) == Writing::Stale;
            if is_stale {
                with(Engine::store_edits);
            }
        });
    }
}
