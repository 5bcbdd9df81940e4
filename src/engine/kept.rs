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

async fn store(name: &str) -> Result<Cache, JsValue> {
    JsFuture::from(scope().caches()?.open(name)).await?.dyn_into()
}

/// A path that no page of ours has: nothing is ever asked for over the network by it.
fn key(name: &str) -> String {
    format!("/kept/{}", js_sys::encode_uri_component(name))
}

/// All bytes of a file that the person gave.
pub async fn read(file: &Blob) -> Result<Vec<u8>, JsValue> {
    let buffer: ArrayBuffer = JsFuture::from(file.array_buffer()).await?.dyn_into()?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Keeps `file` under `name`, in place of the files before: one is enough for a reload.
pub async fn keep(name: &str, file: &Blob) -> Result<(), JsValue> {
    if file.size() > LARGEST_BYTES {
        return Ok(());
    }
    JsFuture::from(scope().caches()?.delete(STORE)).await?;
    put(STORE, name, file).await
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
pub async fn recall(name: &str) -> Result<Option<Vec<u8>>, JsValue> {
    get(STORE, name).await
}

/// What was told last of changes to the file of this name.
pub async fn recall_edits(name: &str) -> Result<Option<Vec<u8>>, JsValue> {
    get(EDITS, name).await
}

async fn get(kept: &str, name: &str) -> Result<Option<Vec<u8>>, JsValue> {
    let found = JsFuture::from(store(kept).await?.match_with_str(&key(name))).await?;
    if found.is_undefined() {
        return Ok(None);
    }
    let response: Response = found.dyn_into()?;
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    Ok(Some(Uint8Array::new(&buffer).to_vec()))
}
