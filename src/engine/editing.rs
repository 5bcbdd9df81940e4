//! Changes of the family that is open: made on the lines of its file, kept in the browser as they are
//! made, and taken back without limit. The file itself stays as it is.

mod form;
mod journal;

use banyan_gedcom::{Change, ChangeError, Records, Undo};
use banyan_kin::Genealogy;
use banyan_view::{FamilyWorld, View};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use self::journal::Journal;
use super::{
    Engine, family, kept,
    lines::Lines,
    masking,
    photos::{Folder, Photos},
    post::{post, reason},
    shown::{AnyWorld, Shown},
    with,
};
use crate::message::{DiagnosticRow, Edited, FamilySource, FromEngine, Task, ToEngine};

/// What was done, one after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Step {
    Do(Box<Change>),
    Undo,
    Redo,
}

/// The changes of a family.
pub(super) struct Editing {
    /// As the browser keeps it.
    pub source: FamilySource,
    journal: Journal,
    undo: Vec<Undo>,
    redo: Vec<Undo>,
}

impl Editing {
    const fn new(source: FamilySource, journal: Journal) -> Self {
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
        if let Err(error) = self.hold_lines() {
            return refuse(reason(&error));
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
        let (Some(editing), Some(Lines::Held(records))) = (&mut shown.editing, &mut shown.lines)
        else {
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
        // Who was taken out is not found again. From here on the page shows how far it is.
        let selected = person.or_else(|| shown.detailed.clone());
        shown.post_edited(language.say(key, &[]), selected, true);
        let (Some(lines), photos) = (shown.lines.take(), shown.photos.take()) else { return };
        self.put_family(lines, |lines, notes| {
            let mut genealogy = reread(lines, notes);
            let photos = photos.and_then(|photos| photos.of_family(&mut genealogy));
            (genealogy, photos)
        });
    }

    /// Shows the pictures of a folder on the cards of the family that is open.
    fn show_pictures(&mut self, folder: Folder) {
        let Some(shown) = self.shown.get_mut(&View::Family) else { return };
        let Some(mut lines) = shown.lines.take() else { return };
        let mut found = Vec::new();
        let mut genealogy = reread(&mut lines, &mut found);
        let mut shelf = shown.photos.take().map(Photos::into_shelf).unwrap_or_default();
        shelf.folder = shelf.folder.with(folder);
        let photos = Photos::of(shelf, &mut genealogy);
        let persons = genealogy.person_ids();
        let count = persons.filter(|&person| genealogy.photo(person).is_some()).count();
        let key = match count {
            0 => "pictures_none",
            1 => "pictures_one",
            _ => "pictures_some",
        };
        let said = shown.language.say(key, &[("count", &count.to_string())]);
        shown.post_edited(said, shown.detailed.clone(), true);
        self.put_family(lines, |_, notes| {
            *notes = found;
            (genealogy, photos)
        });
    }

    /// Shows the family that `read` gives, with its lines and its pictures, in place of the one before.
    fn put_family(
        &mut self,
        mut lines: Lines,
        read: impl FnOnce(&mut Lines, &mut Vec<DiagnosticRow>) -> (Genealogy, Option<Photos>),
    ) {
        let (year, words) = (self.mask_year(), self.words());
        let (mut notes, mut photos) = (Vec::new(), None);
        self.remake_family(|world| {
            let plan = world.plan().clone();
            // The old family is gone before the new one is made: there may be no room for two.
            drop(world);
            let (genealogy, found) = read(&mut lines, &mut notes);
            photos = found;
            FamilyWorld::with_mask(genealogy, year, words, plan, &mut family::tell_placing)
        });
        post(&FromEngine::Notes(masking::notes(&notes, year)));
        if let Some(shown) = self.shown.get_mut(&View::Family) {
            shown.painter.photos.clear();
            (shown.lines, shown.photos, shown.notes) = (Some(lines), photos, notes);
        }
    }

    /// Has the lines of the family at hand.
    pub(super) fn hold_lines(&mut self) -> Result<(), JsValue> {
        let lines = self.shown.get_mut(&View::Family).and_then(|shown| shown.lines.as_mut());
        lines.map_or(Ok(()), |lines| lines.hold().map(|_| ()))
    }

    /// The file of the family is kept, and nobody else can change it there.
    pub(super) fn leave_lines_in(&mut self, kept: Blob) {
        let lines = self.shown.get_mut(&View::Family).and_then(|shown| shown.lines.as_mut());
        if let Some(lines) = lines {
            lines.moved_to(kept);
        }
    }
}

/// The family that changed lines tell of, and what is odd in them.
fn reread(lines: &mut Lines, notes: &mut Vec<DiagnosticRow>) -> Genealogy {
    let document = lines.hold().map(|records| records.reread(&mut family::tell_reading));
    let Ok(Ok(document)) = document else {
        // Records that were read once are read again.
        log::error!("the changed family cannot be read");
        return Genealogy::default();
    };
    *notes = family::notes(&document);
    document.genealogy
}

/// Pictures for the family that is open; while none is, they wait for the next.
pub(super) fn take_pictures(folder: Folder) {
    let shown = with(|engine| {
        let family = engine.shown.get(&View::Family);
        if family.is_none_or(|shown| shown.lines.is_none()) {
            engine.folder = Some(folder);
            return Ok(false);
        }
        engine.hold_lines()?;
        engine.show_pictures(folder);
        Ok(true)
    });
    match shown {
        Some(Ok(true)) => wasm_bindgen_futures::spawn_local(keep_pictures()),
        Some(Err(error)) => refuse(reason(&error)),
        Some(Ok(false)) | None => {}
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

/// Keeps what was just given beside the file that it belongs to.
async fn keep_pictures() {
    let given = with(|engine| {
        let shown = engine.shown.get(&View::Family)?;
        let source = shown.editing.as_ref()?.source.clone();
        let given = shown.photos.as_ref()?.given();
        let AnyWorld::Family(world) = &shown.any else { return None };
        Some((source, world.genealogy().persons.len() as u32, given))
    });
    let Some((FamilySource::Kept { name, digest: Some(digest) }, persons, given)) = given.flatten()
    else {
        return;
    };
    if let Err(error) = kept::keep(&name, &digest, persons, None, &given).await {
        log::warn!("pictures are not kept for a reload: {}", reason(&error));
    }
}

/// Says why nothing was changed.
fn refuse(said: String) {
    post(&FromEngine::Refused(said));
}

/// What is kept of changes that were made before, for a family that is opened again.
pub(super) async fn recall(source: FamilySource, digest: &str) -> Editing {
    let journal = Journal::recall(source.name(), digest).await;
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
