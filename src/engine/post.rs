//! From the engine to the page.

use std::cell::Cell;

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, ImageBitmap};

use crate::message::FromEngine;

/// The global object of this worker.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

thread_local! {
    static IS_UNHEARD: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`, of which the page hears nothing.
pub fn unheard<R>(work: impl FnOnce() -> R) -> R {
    IS_UNHEARD.set(true);
    let result = work();
    IS_UNHEARD.set(false);
    result
}

pub fn post(message: &FromEngine) {
    if !IS_UNHEARD.get() {
        post_parts(message, None);
    }
}

pub fn post_picture(message: &FromEngine, picture: &ImageBitmap) {
    post_parts(message, Some(picture));
}

fn post_parts(message: &FromEngine, picture: Option<&ImageBitmap>) {
    let bytes = Uint8Array::from(banyan_protocol::encode(message).as_slice()).buffer();
    let transfer = Array::of1(&bytes);
    let parts = Array::of1(&bytes);
    if let Some(picture) = picture {
        transfer.push(picture);
        parts.push(picture);
    }
    if let Err(error) = scope().post_message_with_transfer(&parts, &transfer) {
        log::error!("the page took no message: {error:?}");
    }
}

/// Milliseconds since this worker started.
pub fn now_millis() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}

/// Lets the browser do something else for a while.
pub async fn pause(millis: i32) {
    let waiting = Promise::new(&mut |resolve, _| {
        // Fails for no number.
        let _ = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    // Is never turned down.
    let _ = JsFuture::from(waiting).await;
}

/// The text of whatever was thrown.
pub fn reason(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| format!("{error:?}"), |error| error.message().into())
}
