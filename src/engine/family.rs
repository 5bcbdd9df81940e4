//! From a file to a family on the screen.

use banyan_gedcom::{Document, Pictures, ReadError, ReadOptions, Reason, Records, Severity};
use banyan_kin::Genealogy;
use banyan_view::{FamilyWorld, Language, Plan, Words, family::Stage};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::{
    engine::{
        editing::Editing,
        kept, masking,
        photos::Photos,
        post::{now_millis, post, reason},
    },
    message::{
        DiagnosticRow, FamilySource, FamilySummary, FromEngine, LoadError, LoadStage, Sample,
    },
};

/// Lines of larger files are not kept while nobody changes them.
const MOST_KEPT_BYTES: usize = 8 << 20;
/// Diagnostics that go to the page; more are counted.
const DIAGNOSTICS: usize = 1000;

fn sample_bytes(sample: Sample) -> &'static [u8] {
    match sample {
        Sample::Honglou => include_bytes!("../../data/samples/honglou.ged"),
        Sample::DarwinWedgwood => include_bytes!("../../data/samples/darwin-wedgwood.ged"),
    }
}

fn name_of(source: &FamilySource) -> &str {
    match source {
        FamilySource::Sample(sample) => sample.name(),
        FamilySource::File { name, .. } | FamilySource::Kept { name } => name,
    }
}

/// The bytes of a source: of the file that came with the message, of one kept, or of a sample.
pub(super) async fn bytes_of(
    source: &FamilySource,
    file: Option<&JsValue>,
) -> Result<Vec<u8>, LoadError> {
    let error = |code: &str, detail: String| LoadError {
        name: name_of(source).to_owned(),
        code: code.to_owned(),
        line: None,
        detail,
        can_force: false,
    };
    progress(LoadStage::Reading, 0.0);
    match source {
        FamilySource::Sample(sample) => Ok(sample_bytes(*sample).to_vec()),
        FamilySource::File { .. } => {
            let file = file
                .and_then(|file| file.dyn_ref::<web_sys::Blob>())
                .ok_or_else(|| error("unreadable", String::new()))?;
            kept::read(file).await.map_err(|thrown| error("unreadable", reason(&thrown)))
        }
        FamilySource::Kept { name } => kept::recall(name)
            .await
            .map_err(|thrown| error("unreadable", reason(&thrown)))?
            .ok_or_else(|| error("not_kept", String::new())),
    }
}

/// A family that was opened.
pub(super) struct Opened {
    pub world: FamilyWorld,
    pub photos: Option<Photos>,
    /// Every line of the file: its text and 16 bytes a record. Those of a large file are read again
    /// when somebody changes it.
    pub records: Option<Records>,
    pub editing: Editing,
    /// What is odd in the file, with all particulars.
    pub notes: Vec<DiagnosticRow>,
    pub summary: FamilySummary,
}

/// Reads, links, and lays out; those who may live in `mask_year` are hidden.
pub(super) fn open(
    source: &FamilySource,
    bytes: Vec<u8>,
    words: Words,
    plan: Plan,
    mask_year: Option<i32>,
    editing: Editing,
) -> Result<Opened, LoadError> {
    let Read { genealogy, photos, records, editing, mut summary } = read(source, bytes, editing)?;
    let began = now_millis();
    let world = FamilyWorld::with_mask(genealogy, mask_year, words, plan, &mut tell_placing);
    summary.layout_millis = now_millis() - began;
    let masked = masking::notes(&summary.diagnostics, mask_year);
    let notes = std::mem::replace(&mut summary.diagnostics, masked);
    Ok(Opened { world, photos, records, editing, notes, summary })
}

/// A family that is not laid out yet.
struct Read {
    genealogy: Genealogy,
    photos: Option<Photos>,
    records: Option<Records>,
    editing: Editing,
    summary: FamilySummary,
}

fn tell_reading(stage: banyan_gedcom::Stage, share: f32) {
    let stage = match stage {
        banyan_gedcom::Stage::Decoding => LoadStage::Reading,
        banyan_gedcom::Stage::Reading => LoadStage::Parsing,
        banyan_gedcom::Stage::Linking => LoadStage::Linking,
    };
    progress(stage, share);
}

/// The lines of a source that was opened before, with the changes that were made to them.
pub(super) async fn records_of(source: &FamilySource) -> Result<Records, JsValue> {
    let bytes = bytes_of(source, None).await;
    let bytes = bytes.map_err(|error| JsValue::from_str(&error.detail))?;
    let opened = banyan_gedcom::open(bytes, &ReadOptions::default(), &mut tell_reading);
    opened.map(|(_, records)| records).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// The genealogy of a file, its lines, and what is known of it before it is laid out. An archive is
/// gone afterwards, unless it holds pictures of persons, and so is what only reading needs: a browser
/// does not take memory back, but what is free can be used once more.
fn read(source: &FamilySource, bytes: Vec<u8>, mut editing: Editing) -> Result<Read, LoadError> {
    let name = name_of(source);
    let began = now_millis();
    let mut document =
        banyan_gedcom::read(&bytes, &mut tell_reading).map_err(|error| load_error(name, &error))?;
    if matches!(source, FamilySource::File { is_forced: false, .. })
        && let Some(damage) = damage(name, &document)
    {
        return Err(damage);
    }
    let has_lines = bytes.len() <= MOST_KEPT_BYTES || editing.has_steps();
    let pictures = pictures(&bytes, &mut document.genealogy);
    let (mut records, mut photos) = match pictures {
        Some(pictures) => {
            let records = has_lines.then(|| Records::new(&bytes[..], &document));
            (records, Some(Photos::new(bytes, pictures)))
        }
        None => (has_lines.then(|| Records::new(bytes, &document)), None),
    };
    if let Some(records) = &mut records
        && editing.replay(records) > 0
    {
        document = records.reread(&mut tell_reading).map_err(|error| load_error(name, &error))?;
        photos = photos.map(|photos| photos.of_family(&mut document.genealogy));
    }
    let summary = FamilySummary {
        name: name.to_owned(),
        source: match source {
            // From now on the file is in the browser's keeping.
            FamilySource::File { name, .. } => FamilySource::Kept { name: name.clone() },
            other => other.clone(),
        },
        families: document.families,
        encoding: document.encoding.name.to_owned(),
        gedcom_version: document.version.clone(),
        diagnostics: notes(&document),
        diagnostics_total: document.diagnostics.len() as u32,
        parse_millis: now_millis() - began,
        layout_millis: 0.0,
    };
    Ok(Read { genealogy: document.genealogy, photos, records, editing, summary })
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
            detail: diagnostic.reason.to_string(),
        })
        .collect()
}

/// What an oddity of this code is, in every language.
fn titles(code: &str) -> [String; Language::ALL.len()] {
    let key = format!("diagnostic_{code}");
    Language::ALL.map(|language| language.text(&key).unwrap_or_default().to_owned())
}

/// The pictures in an archive of those persons who have one there; the others lose theirs.
fn pictures(archive: &[u8], genealogy: &mut Genealogy) -> Option<Pictures> {
    let pictures = Pictures::of(archive);
    let mut has_any = false;
    genealogy.keep_photos(|path| {
        let has = pictures.has(path);
        has_any |= has;
        has
    });
    has_any.then_some(pictures)
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

fn load_error(name: &str, error: &ReadError) -> LoadError {
    LoadError {
        name: name.to_owned(),
        code: error.code().to_owned(),
        line: match error {
            ReadError::NotGedcom { line, .. } => Some(*line),
            ReadError::Empty | ReadError::TooLarge { .. } => None,
        },
        detail: error.to_string(),
        can_force: false,
    }
}

/// Why a file that can be read is not opened before the person says so: it was cut off, or holds a
/// line that nobody wrote. The tree that is open stays until then.
fn damage(name: &str, document: &Document) -> Option<LoadError> {
    let damage = document.diagnostics.iter().find(|diagnostic| {
        matches!(diagnostic.reason, Reason::MissingTrailer | Reason::LongLine { .. })
    })?;
    Some(LoadError {
        name: name.to_owned(),
        code: damage.reason.code().to_owned(),
        line: Some(damage.line),
        detail: damage.reason.to_string(),
        can_force: true,
    })
}
