//! From a file to a family on the screen.

use banyan_gedcom::{Document, Pictures, ReadError, Reason, Severity};
use banyan_kin::Genealogy;
use banyan_view::{FamilyWorld, Language, Plan, Words, family::Stage};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Blob;

use crate::{
    engine::{
        editing::Editing,
        kept,
        lines::Lines,
        masking,
        photos::{Folder, Photos, Shelf},
        post::{now_millis, post, reason},
    },
    message::{
        DiagnosticRow, FamilySource, FamilySummary, FromEngine, LoadError, LoadStage, Sample,
    },
};

/// Diagnostics that go to the page; more are counted.
const DIAGNOSTICS: usize = 1000;

fn sample_bytes(sample: Sample) -> &'static [u8] {
    match sample {
        Sample::Honglou => include_bytes!("../../data/samples/honglou.ged"),
        Sample::DarwinWedgwood => include_bytes!("../../data/samples/darwin-wedgwood.ged"),
    }
}

/// The bytes of a source, and the file that they are: the one that came with the message, or one kept;
/// a sample is none.
pub(super) async fn bytes_of(
    source: &FamilySource,
    file: Option<&JsValue>,
) -> Result<(Vec<u8>, Option<Blob>), LoadError> {
    let error = |code: &str| LoadError::new(source.name(), code);
    let unreadable = |thrown: JsValue| unreadable(source.name(), &thrown);
    progress(LoadStage::Reading, 0.0);
    let file = match source {
        FamilySource::Sample(sample) => return Ok((sample_bytes(*sample).to_vec(), None)),
        FamilySource::File { .. } => file
            .and_then(|file| file.dyn_ref::<Blob>().cloned())
            .ok_or_else(|| error("unreadable"))?,
        FamilySource::Kept { name, digest } => kept::recall(name, digest.as_deref())
            .await
            .map_err(unreadable)?
            .ok_or_else(|| error("not_kept"))?,
    };
    let tell = &mut |share| progress(LoadStage::Reading, share);
    let bytes = kept::read(&file, tell).await.map_err(unreadable)?;
    Ok((bytes, Some(file)))
}

/// What a family is opened from: the file itself, unless it is a sample, and pictures beside it.
pub(super) struct Given {
    pub bytes: Vec<u8>,
    pub file: Option<Blob>,
    pub folder: Option<Folder>,
}

/// A family that was opened.
pub(super) struct Opened {
    pub world: FamilyWorld,
    pub photos: Option<Photos>,
    pub lines: Lines,
    pub editing: Editing,
    /// What is odd in the file, with all particulars.
    pub notes: Vec<DiagnosticRow>,
    pub summary: FamilySummary,
}

/// Reads, links, and lays out; those who may live in `mask_year` are hidden.
pub(super) fn open(
    source: &FamilySource,
    given: Given,
    words: Words,
    plan: Plan,
    mask_year: Option<i32>,
    editing: Editing,
) -> Result<Opened, LoadError> {
    let Read { genealogy, photos, lines, editing, mut summary } = read(source, given, editing)?;
    let began = now_millis();
    let world = FamilyWorld::with_mask(genealogy, mask_year, words, plan, &mut tell_placing);
    summary.layout_millis = now_millis() - began;
    let masked = masking::notes(&summary.diagnostics, mask_year);
    let notes = std::mem::replace(&mut summary.diagnostics, masked);
    Ok(Opened { world, photos, lines, editing, notes, summary })
}

/// A family that is not laid out yet.
struct Read {
    genealogy: Genealogy,
    photos: Option<Photos>,
    lines: Lines,
    editing: Editing,
    summary: FamilySummary,
}

pub(super) fn tell_reading(stage: banyan_gedcom::Stage, share: f32) {
    let stage = match stage {
        banyan_gedcom::Stage::Decoding => LoadStage::Reading,
        banyan_gedcom::Stage::Reading => LoadStage::Parsing,
        banyan_gedcom::Stage::Linking => LoadStage::Linking,
    };
    progress(stage, share);
}

/// The genealogy of a file, its lines, and what is known of it before it is laid out. An archive is
/// gone afterwards, unless it holds pictures of persons, and so is what only reading needs: a browser
/// does not take memory back, but what is free can be used once more.
fn read(source: &FamilySource, given: Given, mut editing: Editing) -> Result<Read, LoadError> {
    let Given { bytes, file, folder } = given;
    let (name, file) = (source.name(), file.as_ref());
    let began = now_millis();
    let mut document =
        banyan_gedcom::read(&bytes, &mut tell_reading).map_err(|error| load_error(name, &error))?;
    if matches!(source, FamilySource::File { is_forced: false, .. })
        && let Some(damage) = damage(name, &document)
    {
        return Err(damage);
    }
    let pictures = Pictures::of(&bytes);
    let (mut lines, archive) = if pictures.is_empty() {
        (Lines::new(bytes.into(), file, &document), None)
    } else {
        (Lines::new((&bytes[..]).into(), file, &document), Some((bytes, pictures)))
    };
    let shelf = Shelf { archive, folder: folder.unwrap_or_default() };
    let mut photos = Photos::of(shelf, &mut document.genealogy);
    // What is read is the file as it was; what only the lines need of it is with them.
    document.records = Vec::new();
    if editing.has_steps() {
        let records = lines.hold().map_err(|thrown| unreadable(name, &thrown))?;
        if editing.replay(records) > 0 {
            document =
                records.reread(&mut tell_reading).map_err(|error| load_error(name, &error))?;
            photos = photos.and_then(|photos| photos.of_family(&mut document.genealogy));
        }
    }
    let summary = FamilySummary {
        name: name.to_owned(),
        source: editing.source.clone(),
        families: document.families,
        encoding: document.encoding.name.to_owned(),
        gedcom_version: document.version.clone(),
        diagnostics: notes(&document),
        diagnostics_total: document.diagnostics.len() as u32,
        parse_millis: now_millis() - began,
        layout_millis: 0.0,
    };
    Ok(Read { genealogy: document.genealogy, photos, lines, editing, summary })
}

/// What is odd in a file, as far as the page lists it.
pub(super) fn notes(document: &Document) -> Vec<DiagnosticRow> {
    let first = document.diagnostics.iter().take(DIAGNOSTICS);
    first
        .map(|diagnostic| DiagnosticRow {
            line: diagnostic.line,
            tag: diagnostic.tag.clone(),
            severity: match diagnostic.severity {
                Severity::Info => 0,
                Severity::Warning => 1,
                Severity::Error => 2,
            },
            titles: titles(diagnostic.reason.code()),
            details: particulars(&diagnostic.reason),
        })
        .collect()
}

/// What an oddity of this code is, in every language.
fn titles(code: &str) -> [String; Language::ALL.len()] {
    let key = format!("diagnostic_{code}");
    Language::ALL.map(|language| language.text(&key).unwrap_or_default().to_owned())
}

/// The particulars of an oddity, in every language.
fn particulars(reason: &Reason) -> [String; Language::ALL.len()] {
    let values = reason.values();
    Language::ALL.map(|language| language.oddity(reason.code(), &values))
}

/// Tells the page how far the placing of everybody is.
pub(super) fn tell_placing(stage: Stage, share: f32) {
    let stage = match stage {
        Stage::LayingOut => LoadStage::LayingOut,
        Stage::Indexing => LoadStage::Indexing,
    };
    progress(stage, share);
}

pub(super) fn progress(stage: LoadStage, share: f32) {
    post(&FromEngine::Progress { stage, share });
}

/// A file that the browser does not give: it says why in its own words.
fn unreadable(name: &str, thrown: &JsValue) -> LoadError {
    let details = Language::ALL.map(|_| reason(thrown));
    LoadError { details, ..LoadError::new(name, "unreadable") }
}

fn load_error(name: &str, error: &ReadError) -> LoadError {
    let mut told = LoadError::new(name, error.code());
    if let ReadError::NotGedcom { looks_like, line, excerpt } = error {
        told.line = Some(*line);
        told.details = Language::ALL.map(|language| {
            let kind = language.text(&format!("looks_like_{}", looks_like.code()));
            let key = if excerpt.is_empty() { "looks_like" } else { "looks_like_in" };
            language.say(key, &[("kind", kind.unwrap_or_default()), ("excerpt", excerpt)])
        });
    }
    told
}

/// Why a file that can be read is not opened before the person says so: it was cut off, or holds a
/// line that nobody wrote. The tree that is open stays until then.
fn damage(name: &str, document: &Document) -> Option<LoadError> {
    let damage = document.diagnostics.iter().find(|diagnostic| {
        matches!(diagnostic.reason, Reason::MissingTrailer | Reason::LongLine { .. })
    })?;
    Some(LoadError {
        line: Some(damage.line),
        details: particulars(&damage.reason),
        can_force: true,
        ..LoadError::new(name, damage.reason.code())
    })
}
