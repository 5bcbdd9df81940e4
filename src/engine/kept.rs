//! Files that were opened, kept by the browser for a reload: in its cache storage, under their
//! names. They never leave the machine.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, Response};

use crate::engine::post::scope;

const STORE: &str = "banyan-families";
/// Larger files are not kept: they would crowd out what else the browser stores.
const LARGEST_BYTES: f64 = 256.0 * 1024.0 * 1024.0;

async fn store() -> Result<Cache, JsValue> {
    JsFuture::from(scope().caches()?.open(STORE)).await?.dyn_into()
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
    let response = Response::new_with_opt_blob(Some(file))?;
    JsFuture::from(store().await?.put_with_str(&key(name), &response)).await?;
    Ok(())
}

/// The bytes kept under `name`; `None` if there are none.
pub async fn recall(name: &str) -> Result<Option<Vec<u8>>, JsValue> {
    let found = JsFuture::from(store().await?.match_with_str(&key(name))).await?;
    if found.is_undefined() {
        return Ok(None);
    }
    let response: Response = found.dyn_into()?;
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    Ok(Some(Uint8Array::new(&buffer).to_vec()))
}
