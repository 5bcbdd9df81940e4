//! Files that were opened and changes that were made to them, kept by the browser for a reload: in its
//! cache storage, under their names and digests. They never leave the machine.

mod index;
mod pictures;

use banyan_view::{
    Language,
    kept::{KeptTree, tell_kept},
};
use js_sys::{Array, ArrayBuffer, Date, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, Request, Response};

use self::index::Entry;
pub use self::pictures::{Picture, recall_pictures};
use crate::{
    engine::post::{post, reason, scope},
    message::{FromEngine, KeptAsk},
};

const STORE: &str = "banyan-families";
const EDITS: &str = "banyan-edits";
/// Paths that no page of ours has: nothing is ever asked for over the network by them.
const FOLDER: &str = "/kept/";
const INDEX: &str = "/kept-index";
/// Larger files are not kept: they would crowd out what else the browser stores.
const LARGEST_BYTES: f64 = 256.0 * 1024.0 * 1024.0;
/// So much of a file is read at once, twice over: while one piece is taken in, the browser fetches the
/// next. What it hands over lies in memory a second time.
const PIECE_BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// The name of a file's journal.
pub fn journal_name(name: &str, digest: &str) -> String {
    format!("{name}-{digest}")
}

async fn store(name: &str) -> Result<Cache, JsValue> {
    JsFuture::from(scope().caches()?.open(name)).await?.dyn_into()
}

fn encoded(name: &str) -> String {
    js_sys::encode_uri_component(name).into()
}

fn file_key(name: &str, digest: &str) -> String {
    format!("{FOLDER}{digest}/{}", encoded(name))
}

fn edits_key(name: &str) -> String {
    format!("{FOLDER}{}", encoded(name))
}

/// Name and digest of the file at an address of the store.
fn file_of(address: &str) -> Option<(String, String)> {
    let (_, path) = address.split_once(FOLDER)?;
    let (digest, name) = path.split_once('/')?;
    let name = js_sys::decode_uri_component(name).ok()?;
    Some((name.into(), digest.to_owned()))
}

/// All bytes of a file, and a word of each part that is there, from 0 to 1.
pub async fn read(file: &Blob, progress: &mut dyn FnMut(f32)) -> Result<Vec<u8>, JsValue> {
    let size = file.size();
    // A file may be larger than all that a browser gives.
    Vec::<u8>::new().try_reserve_exact(size as usize).map_err(|error| error.to_string())?;
    // All at once: a loop over each byte is not.
    let mut bytes = vec![0; size as usize];
    let mut filled = 0;
    let fetch = |at: f64| {
        let piece = file.slice_with_f64_and_f64(at, (at + PIECE_BYTES).min(size))?;
        Ok::<_, JsValue>(JsFuture::from(piece.array_buffer()))
    };
    let (mut at, mut fetched) = (0.0, fetch(0.0)?);
    while at < size {
        let piece: ArrayBuffer = fetched.await?.dyn_into()?;
        at = (at + PIECE_BYTES).min(size);
        fetched = fetch(at)?;
        let from = filled;
        filled += piece.byte_length() as usize;
        Uint8Array::new(&piece).copy_to(bytes.get_mut(from..filled).unwrap_or_default());
        progress((at / size) as f32);
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Remembers that a file was opened just now, and keeps it, if it is given, with the pictures that
/// came with it. Others may have to go. Gives the file as it is kept; `None` if it is too large.
pub async fn keep(
    name: &str,
    digest: &str,
    persons: u32,
    file: Option<&Blob>,
    pictures: &[Picture],
) -> Result<Option<Blob>, JsValue> {
    let mut entries = entries().await?;
    let opened_millis = js_sys::Date::now() as u64;
    let known = entries.iter().find(|entry| entry.is_of(name, digest));
    let known = known.map(|entry| (entry.bytes, entry.picture_bytes));
    let (bytes, before) = known.unwrap_or_else(|| (file.map_or(0, |file| file.size() as u64), 0));
    let picture_bytes = if pictures.is_empty() { before } else { pictures::bytes(pictures) };
    let (name, digest) = (name.to_owned(), digest.to_owned());
    let key = file_key(&name, &digest);
    if let Some(file) = file.filter(|_| known.is_none()) {
        if file.size() > LARGEST_BYTES {
            return Ok(None);
        }
        while let Err(error) = put(STORE, &key, file).await {
            // The browser's own bounds may be narrower than ours.
            let Some(oldest) = entries.pop() else { return Err(error) };
            remove(&oldest).await?;
        }
    }
    pictures::keep(&name, &digest, pictures).await?;
    index::put(&mut entries, Entry { name, digest, persons, bytes, picture_bytes, opened_millis });
    for entry in index::give_up(&mut entries) {
        remove(&entry).await?;
    }
    write(&entries).await?;
    if file.is_some() { blob_of(STORE, &key).await } else { Ok(None) }
}

/// What is kept, the file that was opened last first.
async fn entries() -> Result<Vec<Entry>, JsValue> {
    let index = get(STORE, INDEX).await?;
    let mut entries: Vec<Entry> =
        index.and_then(|index| banyan_protocol::decode(&index).ok()).unwrap_or_default();
    let there = addresses().await?.iter().filter_map(|address| file_of(address)).collect();
    index::settle(&mut entries, there);
    Ok(entries)
}

/// Of all that is in the store.
async fn addresses() -> Result<Vec<String>, JsValue> {
    let keys: Array = JsFuture::from(store(STORE).await?.keys()).await?.dyn_into()?;
    Ok(keys.iter().filter_map(|key| Some(key.dyn_into::<Request>().ok()?.url())).collect())
}

async fn write(entries: &Vec<Entry>) -> Result<(), JsValue> {
    put(STORE, INDEX, &blob(&banyan_protocol::encode(entries))?).await
}

async fn remove(entry: &Entry) -> Result<(), JsValue> {
    pictures::remove(&entry.name, &entry.digest).await?;
    delete(STORE, &file_key(&entry.name, &entry.digest)).await
}

/// The file of a name that this browser keeps; of several the one with this digest, or the one that
/// was opened last.
pub async fn recall(name: &str, digest: Option<&str>) -> Result<Option<Blob>, JsValue> {
    let entries = entries().await?;
    let mut found = entries.iter().filter(|entry| entry.name == name);
    let digest = digest.or_else(|| Some(found.next()?.digest.as_str()));
    match digest {
        Some(digest) => blob_of(STORE, &file_key(name, digest)).await,
        None => Ok(None),
    }
}

/// Does what is asked for, and tells what is kept then.
pub async fn answer(ask: KeptAsk, language: Language) {
    match change(ask).await {
        Ok(entries) => {
            let trees: Vec<_> = entries.into_iter().map(|it| tree(it, language)).collect();
            post(&FromEngine::Figures(tell_kept(&trees, language)));
        }
        Err(error) => log::warn!("what is kept is not known: {}", reason(&error)),
    }
}

async fn change(ask: KeptAsk) -> Result<Vec<Entry>, JsValue> {
    let mut entries = entries().await?;
    let is_to_go = |entry: &Entry| match &ask {
        KeptAsk::List => false,
        KeptAsk::Forget { name, digest } => entry.is_of(name, digest),
        KeptAsk::ForgetAll => true,
    };
    for entry in entries.iter().filter(|entry| is_to_go(entry)) {
        remove(entry).await?;
        delete(EDITS, &edits_key(&journal_name(&entry.name, &entry.digest))).await?;
    }
    let before = entries.len();
    entries.retain(|entry| !is_to_go(entry));
    if entries.len() < before {
        write(&entries).await?;
    }
    Ok(entries)
}

/// An entry with the time as the person's own browser writes it, if that speaks the language.
fn tree(entry: Entry, language: Language) -> KeptTree {
    let bytes = entry.all_bytes();
    let Entry { name, digest, persons, opened_millis, .. } = entry;
    let mut opened = String::new();
    if opened_millis > 0 {
        let options = Object::new();
        for (key, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
            // A plain object takes every property.
            let _ = Reflect::set(&options, &key.into(), &value.into());
        }
        let own = scope().navigator().language().unwrap_or_default();
        let tag = if Language::of_tag(&own) == Some(language) { &own } else { language.tag() };
        opened = Date::new(&(opened_millis as f64).into()).to_locale_string(tag, &options).into();
    }
    KeptTree { name, digest, persons, bytes, opened }
}

/// Keeps what is told of changes to the file of this name, in place of what was told before.
pub async fn keep_edits(name: &str, edits: &[u8]) -> Result<(), JsValue> {
    put(EDITS, &edits_key(name), &blob(edits)?).await
}

/// What was told last of changes to the file of this name.
pub async fn recall_edits(name: &str) -> Result<Option<Vec<u8>>, JsValue> {
    get(EDITS, &edits_key(name)).await
}

fn blob(bytes: &[u8]) -> Result<Blob, JsValue> {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))
}

async fn put(kept: &str, key: &str, file: &Blob) -> Result<(), JsValue> {
    let response = Response::new_with_opt_blob(Some(file))?;
    JsFuture::from(store(kept).await?.put_with_str(key, &response)).await?;
    Ok(())
}

async fn delete(kept: &str, key: &str) -> Result<(), JsValue> {
    JsFuture::from(store(kept).await?.delete_with_str(key)).await?;
    Ok(())
}

async fn find(kept: &str, key: &str) -> Result<Option<Response>, JsValue> {
    let found = JsFuture::from(store(kept).await?.match_with_str(key)).await?;
    Ok(found.dyn_into().ok())
}

async fn blob_of(kept: &str, key: &str) -> Result<Option<Blob>, JsValue> {
    let Some(response) = find(kept, key).await? else { return Ok(None) };
    JsFuture::from(response.blob()?).await?.dyn_into().map(Some)
}

async fn get(kept: &str, key: &str) -> Result<Option<Vec<u8>>, JsValue> {
    let Some(response) = find(kept, key).await? else { return Ok(None) };
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    Ok(Some(Uint8Array::new(&buffer).to_vec()))
}
