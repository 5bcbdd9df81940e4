//! Changes of the family that is open: made on the lines of its file, kept in the browser as they are
//! made, and taken back without limit. The file itself stays as it is.

mod form;
mod journal;

use banyan_gedcom::{Change, ChangeError, Records, Undo};
use banyan_view::{FamilyWorld, View};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use self::journal::Journal;
use super::{
    Engine, family, masking,
    post::{post, reason},
    shown::Shown,
    with,
};
use crate::message::{Edited, FamilySource, FromEngine, Task, ToEngine};

/// What was done, one after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Step {
    Do(Box<Change>),
    Undo,
    Redo,
}

/// The changes of a family.
pub(super) struct Editing {
    source: FamilySource,
    journal: Journal,
    undo: Vec<Undo>,
    redo: Vec<Undo>,
}

impl Editing {
    fn new(source: FamilySource, journal: Journal) -> Self {
        Self { source, journal, undo: Vec::new(), redo: Vec::new() }
    }

    /// Makes the changes of before on the records that they were made on, and says how many are made.
    /// One that cannot be made, as after an update of this program, ends them.
    pub fn replay(&mut self, records: &mut Records) -> usize {
        let steps = self.journal.take();
        for step in steps {
            if self.make(&step, records).is_err() {
                break;
            }
            self.journal.push(step);
        }
        self.undo.len()
    }

    /// Whether changes wait to be made again.
    pub fn has_steps(&self) -> bool {
        !self.journal.is_empty()
    }

    /// How many changes stand.
    pub fn count(&self) -> usize {
        self.undo.len()
    }

    /// Makes a step, and says whom to look at then. Nothing is done where there is nothing to undo.
    fn make(&mut self, step: &Step, records: &mut Records) -> Result<Option<String>, ChangeError> {
        match step {
            Step::Do(change) => {
                let changed = records.change(change)?;
                self.undo.push(changed.undo);
                self.redo.clear();
                return Ok(changed.person);
            }
            Step::Undo => {
                if let Some(undo) = self.undo.pop() {
                    self.redo.push(records.undo(undo)?);
                }
            }
            Step::Redo => {
                if let Some(redo) = self.redo.pop() {
                    self.undo.push(records.undo(redo)?);
                }
            }
        }
        Ok(None)
    }
}

impl Engine {
    /// Something about changes that the page wants.
    pub(super) fn edit(&mut self, message: ToEngine) {
        let Some(shown) = self.shown.get_mut(&View::Family) else { return };
        if self.look.hides_living {
            return refuse(shown.language.say("edit_hidden", &[]));
        }
        if shown.records.is_none() {
            wasm_bindgen_futures::spawn_local(async move {
                match hold_records().await {
                    Ok(true) => _ = with(|engine| engine.edit(message)),
                    // Another family is open by now.
                    Ok(false) => {}
                    Err(error) => refuse(reason(&error)),
                }
            });
            return;
        }
        match message {
            ToEngine::AskForm(task) => match self.form(task) {
                Some(form) => post(&FromEngine::Form(form)),
                None => self.refuse_change(ChangeError::NoPerson),
            },
            ToEngine::Submit { task, values } => match form::change(task, values) {
                Some(change) => self.take_step(Step::Do(Box::new(change))),
                None => post(&FromEngine::Refused(String::new())),
            },
            ToEngine::RemovePerson { person } => {
                self.take_step(Step::Do(Box::new(Change::Remove { person })));
            }
            ToEngine::Undo => self.take_step(Step::Undo),
            ToEngine::Redo => self.take_step(Step::Redo),
            _ => {}
        }
    }

    fn refuse_change(&self, error: ChangeError) {
        refuse(self.look.language.say(&format!("edit_error_{}", error.code()), &[]));
    }

    /// What was done while the browser was still taking what was done before.
    fn store_edits(&mut self) {
        let shown = self.shown.get(&View::Family);
        if let Some(editing) = shown.and_then(|shown| shown.editing.as_ref()) {
            editing.journal.store();
        }
    }

    fn take_step(&mut self, step: Step) {
        let Some(shown) = self.shown.get_mut(&View::Family) else { return };
        let (Some(editing), Some(records)) = (&mut shown.editing, &mut shown.records) else {
            return;
        };
        let language = shown.language;
        let person = match editing.make(&step, records) {
            Ok(person) => person,
            Err(error) => return self.refuse_change(error),
        };
        let key = match &step {
            Step::Do(change) => match **change {
                Change::Add { .. } => "edit_added",
                Change::Remove { .. } => "edit_removed",
                Change::Merge { .. } => "edit_merged",
                Change::Tell { .. } | Change::Link { .. } | Change::Unlink { .. } => "edit_changed",
            },
            Step::Undo => "edit_undone",
            Step::Redo => "edit_redone",
        };
        editing.journal.push(step);
        editing.journal.store();
        let document = match records.reread(&mut |_, _| {}) {
            Ok(document) => document,
            // Records that were read once are read again.
            Err(error) => return log::error!("the changed family cannot be read: {error}"),
        };
        // Who was taken out is not found again.
        let selected = person.or_else(|| shown.detailed.clone());
        shown.post_edited(language.say(key, &[]), selected, true);
        shown.notes = family::notes(&document);
        let mut genealogy = document.genealogy;
        if let Some(photos) = shown.photos.take() {
            shown.photos = Some(photos.of_family(&mut genealogy));
            shown.painter.photos.clear();
        }
        let (year, words) = (self.mask_year(), self.words());
        if let Some(shown) = self.shown.get(&View::Family) {
            post(&FromEngine::Notes(masking::notes(&shown.notes, year)));
        }
        self.remake_family(|world| {
            let plan = world.plan().clone();
            // The old scene is gone before the new one is made.
            drop(world);
            FamilyWorld::with_mask(genealogy, year, words, plan, &mut family::tell_placing)
        });
    }
}

impl Shown {
    /// Tells the page what can be undone, and what was just done.
    fn post_edited(&self, said: String, selected: Option<String>, is_remade: bool) {
        let Some(editing) = &self.editing else { return };
        post(&FromEngine::Edited(Edited {
            said,
            selected,
            can_undo: !editing.undo.is_empty(),
            can_redo: !editing.redo.is_empty(),
            is_remade,
        }));
    }

    /// The same of changes that were made before the family was opened.
    pub(super) fn tell_edits(&self) {
        if self.editing.as_ref().is_some_and(Editing::has_steps) {
            self.post_edited(self.language.say("edits_recalled", &[]), None, false);
            self.post_chart();
        }
    }
}

/// Says why nothing was changed.
fn refuse(said: String) {
    post(&FromEngine::Refused(said));
}

/// Reads the lines of a large file, which are not kept while nobody asks for them; false if there is
/// no family to have any.
pub(super) async fn hold_records() -> Result<bool, JsValue> {
    let source = with(|engine| {
        let shown = engine.shown.get(&View::Family)?;
        let source = shown.editing.as_ref()?.source.clone();
        Some((source, shown.records.is_some()))
    });
    let Some((source, has_records)) = source.flatten() else { return Ok(false) };
    if has_records {
        return Ok(true);
    }
    let records = family::records_of(&source).await?;
    let held = with(|engine| {
        let shown = engine.shown.get_mut(&View::Family)?;
        shown.records = Some(records);
        Some(())
    });
    Ok(held.flatten().is_some())
}

/// What is kept of changes that were made before, for a family that is opened again.
pub(super) async fn recall(source: &FamilySource, bytes: &[u8]) -> Editing {
    let source = match source {
        // From now on the file is in the browser's keeping.
        FamilySource::File { name, .. } => FamilySource::Kept { name: name.clone() },
        other => other.clone(),
    };
    let journal = Journal::recall(&source, bytes).await;
    Editing::new(source, journal)
}

impl Task {
    /// Whom the form is about first.
    fn subject(&self) -> Option<&str> {
        match self {
            Self::Tell { person } | Self::Link { person, .. } => Some(person),
            Self::Add { to } => to.as_deref(),
        }
    }
}
