//! Handles on engine workers.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{ErrorEvent, ImageBitmap, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::message::{FromEngine, ToEngine};

/// The worker's start script. It carries no hash in its name, so the bridge serves it uncached.
const SCRIPT: &str = "/engine_loader.js";

/// A running engine. Dropping it ends the worker, whatever it is doing.
pub struct Engine {
    worker: Worker,
    queue: Rc<RefCell<Queue>>,
    /// The file that it was given to open, if any.
    pub file: JsValue,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

/// What was sent before the worker could take it.
#[derive(Default)]
struct Queue {
    is_ready: bool,
    waiting: Vec<(JsValue, Array)>,
}

impl Engine {
    /// Starts a worker; `on_message` gets everything it says, with the picture that came along.
    ///
    /// Fails where the browser refuses to start workers.
    pub fn start(
        on_message: impl Fn(FromEngine, Option<ImageBitmap>) + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(SCRIPT, &options)?;
        let queue = Rc::new(RefCell::new(Queue::default()));
        let on_message = Rc::new(on_message);
        let has_panicked = Rc::new(Cell::new(false));

        let message_closure = {
            let (worker, queue) = (worker.clone(), Rc::clone(&queue));
            let on_message = Rc::clone(&on_message);
            let has_panicked = Rc::clone(&has_panicked);
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let Some((message, picture)) = unpack::<FromEngine>(&event.data()) else { return };
                if message == FromEngine::Ready {
                    let mut queue = queue.borrow_mut();
                    queue.is_ready = true;
                    for (data, transfer) in queue.waiting.drain(..) {
                        post(&worker, &data, &transfer);
                    }
                }
                has_panicked.set(matches!(message, FromEngine::Panicked { .. }));
                on_message(message, picture.and_then(|value| value.dyn_into().ok()));
            })
        };
        let error_closure = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            // After a panic that was told the browser knows no more than that it ended.
            if !has_panicked.get() {
                on_message(FromEngine::Panicked { report: event.message() }, None);
            }
        });
        worker.set_onmessage(Some(message_closure.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error_closure.as_ref().unchecked_ref()));
        let file = JsValue::UNDEFINED;
        Ok(Self { worker, queue, file, _on_message: message_closure, _on_error: error_closure })
    }

    pub fn send(&self, message: &ToEngine) {
        self.send_with(message, &JsValue::UNDEFINED);
    }

    /// Sends a message together with a file, which is handed over without being read here.
    pub fn send_with(&self, message: &ToEngine, file: &JsValue) {
        let (data, transfer) = pack(message, file);
        let mut queue = self.queue.borrow_mut();
        if queue.is_ready {
            post(&self.worker, &data, &transfer);
        } else {
            queue.waiting.push((data, transfer));
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// Whether a worker that ended with this report got no more memory. Rust says nothing then, and ends with
/// the instruction `unreachable`, which a panic does too, but has told of itself before; browsers throw an
/// error where they have no room for a file.
pub fn is_out_of_memory(report: &str) -> bool {
    let report = report.to_ascii_lowercase();
    let signs = ["unreachable", "allocat", "out of memory"];
    !report.starts_with("panicked") && signs.iter().any(|sign| report.contains(sign))
}

fn post(worker: &Worker, data: &JsValue, transfer: &Array) {
    if let Err(error) = worker.post_message_with_transfer(data, transfer) {
        log::error!("the engine took no message: {error:?}");
    }
}

/// A message as `[bytes, attachment]`, and what of it is handed over rather than copied.
pub(crate) fn pack<T: serde::Serialize>(message: &T, attachment: &JsValue) -> (JsValue, Array) {
    let bytes = Uint8Array::from(banyan_protocol::encode(message).as_slice()).buffer();
    let transfer = Array::of1(&bytes);
    if attachment.is_instance_of::<ImageBitmap>() {
        transfer.push(attachment);
    }
    (Array::of2(&bytes, attachment).into(), transfer)
}

/// The reverse of [`pack`]; `None`, and a line in the log, for anything else.
pub(crate) fn unpack<T: serde::de::DeserializeOwned>(
    data: &JsValue,
) -> Option<(T, Option<JsValue>)> {
    let parts: &Array = data.dyn_ref()?;
    let bytes: ArrayBuffer = parts.get(0).dyn_into().ok()?;
    match banyan_protocol::decode(&Uint8Array::new(&bytes).to_vec()) {
        Ok(message) => {
            let attachment = parts.get(1);
            Some((message, (!attachment.is_undefined()).then_some(attachment)))
        }
        Err(error) => {
            log::error!("a message between page and engine was lost: {error}");
            None
        }
    }
}

#[cfg(test)]
mod reports {
    use super::*;

    #[test]
    fn what_browsers_say_of_too_little_memory_is_known() {
        for report in [
            "Uncaught RuntimeError: unreachable",
            "RuntimeError: unreachable executed",
            "RuntimeError: Unreachable code should not be executed (evaluating 'e(t)')",
            "Uncaught RangeError: Array buffer allocation failed",
            "RangeError: WebAssembly.Memory(): could not allocate memory",
            "InternalError: allocation size overflow",
            "RangeError: Out of memory",
        ] {
            assert!(is_out_of_memory(report), "{report}");
        }
        for report in [
            "panicked at src/engine.rs:1:1: internal error: entered unreachable code",
            "Uncaught RuntimeError: memory access out of bounds",
            "Uncaught RangeError: Maximum call stack size exceeded",
            "Uncaught TypeError: undefined is not a function",
        ] {
            assert!(!is_out_of_memory(report), "{report}");
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use banyan_view::View;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn a_message_crosses_with_its_attachment() {
        let (view, id) = (View::Family, "贾 I1".into());
        let message = ToEngine::Find { view, serial: 7, id, is_near_enough: true };
        let (data, transfer) = pack(&message, &JsValue::from("a file"));
        assert_eq!(transfer.length(), 1, "bytes are handed over, a file is not");
        let (read, attachment) = unpack::<ToEngine>(&data).unwrap();
        assert_eq!(read, message);
        assert_eq!(attachment, Some(JsValue::from("a file")));
    }

    #[wasm_bindgen_test]
    fn what_is_no_message_is_dropped() {
        assert!(unpack::<ToEngine>(&JsValue::NULL).is_none());
        assert!(unpack::<ToEngine>(&Array::new()).is_none());
        let bytes = Uint8Array::from([0xff_u8; 3].as_slice()).buffer();
        assert!(unpack::<ToEngine>(&Array::of1(&bytes)).is_none());
    }
}
