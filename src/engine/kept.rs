//! Files that were opened and changes that were made to them, kept by the browser for a reload: in its
//! cache storage, under the names of the files. They never leave the machine.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, Response};

use crate::engine::post::scope;

const STORE: &str = "banyan-families";
const EDITS: &str = "banyan-edits";
/// Larger files are not kept: they would crowd out what else the browser stores.
const LARGEST_BYTES: f64 = 256.0 * 1024.0 * 1024.0;
/// So much of a file is read at once: what the browser hands over lies in memory a second time.
const PIECE_BYTES: f64 = 16.0 * 1024.0 * 1024.0;

async fn store(name: &str) -> Result<Cache, JsValue> {
    JsFuture::from(scope().caches()?.open(name)).await?.dyn_into()
}

/// A path that no page of ours has: nothing is ever asked for over the network by it.
fn key(name: &str) -> String {
    format!("/kept/{}", js_sys::encode_uri_component(name))
}

/// All bytes of a file, and a word of each part that is there, from 0 to 1.
pub async fn read(file: &Blob, progress: &mut dyn FnMut(f32)) -> Result<Vec<u8>, JsValue> {
    let size = file.size();
    let mut bytes = Vec::new();
    // A file may be larger than all that a browser gives.
    bytes.try_reserve_exact(size as usize).map_err(|error| error.to_string())?;
    let mut at = 0.0;
    while at < size {
        let next = (at + PIECE_BYTES).min(size);
        let piece = file.slice_with_f64_and_f64(at, next)?.array_buffer();
        let piece: ArrayBuffer = JsFuture::from(piece).await?.dyn_into()?;
        let from = bytes.len();
        bytes.resize(from + piece.byte_length() as usize, 0);
        Uint8Array::new(&piece).copy_to(bytes.get_mut(from..).unwrap_or_default());
        at = next;
        progress((at / size) as f32);
    }
    Ok(bytes)
}

/// Keeps `file` under `name`, in place of the files before: one is enough for a reload. Gives the file
/// as it is kept; `None` if it is too large.
pub async fn keep(name: &str, file: &Blob) -> Result<Option<Blob>, JsValue> {
    if file.size() > LARGEST_BYTES {
        return Ok(None);
    }
    JsFuture::from(scope().caches()?.delete(STORE)).await?;
    put(STORE, name, file).await?;
    recall(name).await
}

/// Keeps what is told of changes to the file of this name, in place of what was told before.
pub async fn keep_edits(name: &str, edits: &[u8]) -> Result<(), JsValue> {
    let parts = Array::of1(&Uint8Array::from(edits));
    put(EDITS, name, &Blob::new_with_u8_array_sequence(&parts)?).await
}

async fn put(kept: &str, name: &str, file: &Blob) -> Result<(), JsValue> {
    let response = Response::new_with_opt_blob(Some(file))?;
    JsFuture::from(store(kept).await?.put_with_str(&key(name), &response)).await?;
    Ok(())
}

/// The file kept under `name`; `None` if there is none.
pub async fn recall(name: &str) -> Result<Option<Blob>, JsValue> {
    get(STORE, name).await
}

/// What was told last of changes to the file of this name.
pub async fn recall_edits(name: &str) -> Result<Option<Vec<u8>>, JsValue> {
    match get(EDITS, name).await? {
        Some(edits) => read(&edits, &mut |_| ()).await.map(Some),
        None => Ok(None),
    }
}

async fn get(kept: &str, name: &str) -> Result<Option<Blob>, JsValue> {
    let found = JsFuture::from(store(kept).await?.match_with_str(&key(name))).await?;
    if found.is_undefined() {
        return Ok(None);
    }
    let response: Response = found.dyn_into()?;
    JsFuture::from(response.blob()?).await?.dyn_into().map(Some)
}
