//! Where the bytes of a file go: into the file that the person chose, or into the browser's keeping
//! until the file is whole.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Url};

use crate::{
    engine::{post::reason, with},
    message::{ExportFault, ExportNews},
};

use super::tell;

fn failed(error: &JsValue) -> ExportNews {
    ExportNews::Failed(ExportFault::Refused(reason(error)))
}

/// Chunks on their way to a disk at once: more would pile up in memory.
const MOST_WRITES: u32 = 4;

pub(super) enum Outlet {
    /// A `FileSystemWritableFileStream`.
    File { stream: JsValue, writes: Rc<RefCell<Writes>>, is_finished: bool },
    /// Blobs, which the browser may move to its disk.
    Kept(Array),
}

#[derive(Default)]
pub(super) struct Writes {
    under_way: u32,
    fault: Option<String>,
}

/// Calls a method that web-sys does not know yet; what it promises comes later.
fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsFuture, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let promise: Promise = function.call1(object, argument)?.dyn_into()?;
    Ok(JsFuture::from(promise))
}

impl Outlet {
    pub(super) fn kept() -> Self {
        Self::Kept(Array::new())
    }

    /// What was in the file before stays until the new file is whole.
    pub(super) async fn into_file(handle: &JsValue) -> Result<Self, JsValue> {
        let stream = call(handle, "createWritable", &JsValue::UNDEFINED)?.await?;
        Ok(Self::File { stream, writes: Rc::default(), is_finished: false })
    }

    /// Whether it takes nothing just now; it asks the engine for a turn when it does again.
    pub(super) fn is_busy(&self) -> bool {
        match self {
            Self::File { writes, .. } => writes.borrow().under_way >= MOST_WRITES,
            Self::Kept(_) => false,
        }
    }

    pub(super) fn fault(&self) -> Option<String> {
        match self {
            Self::File { writes, .. } => writes.borrow().fault.clone(),
            Self::Kept(_) => None,
        }
    }

    pub(super) fn put(&self, bytes: &[u8]) {
        let bytes: JsValue = Uint8Array::from(bytes).into();
        match self {
            Self::Kept(parts) => {
                // Fails for parts that are no bytes.
                if let Ok(blob) = Blob::new_with_u8_array_sequence(&Array::of1(&bytes)) {
                    parts.push(&blob);
                }
            }
            Self::File { stream, writes, .. } => {
                let written = call(stream, "write", &bytes);
                let writes = Rc::clone(writes);
                writes.borrow_mut().under_way += 1;
                spawn_local(async move {
                    let written = match written {
                        Ok(written) => written.await,
                        Err(error) => Err(error),
                    };
                    {
                        let mut writes = writes.borrow_mut();
                        writes.under_way -= 1;
                        if let Err(error) = written {
                            writes.fault = Some(reason(&error));
                        }
                    }
                    with(super::Engine::go_on_exporting);
                });
            }
        }
    }

    /// All is put: closes the file and says so.
    pub(super) fn finish(mut self) {
        match &mut self {
            Self::Kept(parts) => {
                let url = Blob::new_with_blob_sequence(parts)
                    .and_then(|file| Url::create_object_url_with_blob(&file));
                tell(match url {
                    Ok(url) => ExportNews::Done { url: Some(url) },
                    Err(error) => failed(&error),
                });
            }
            Self::File { stream, is_finished, .. } => {
                *is_finished = true;
                // Waits for the writes that are under way.
                let closed = call(stream, "close", &JsValue::UNDEFINED);
                spawn_local(async move {
                    let closed = match closed {
                        Ok(closed) => closed.await,
                        Err(error) => Err(error),
                    };
                    tell(match closed {
                        Ok(_) => ExportNews::Done { url: None },
                        Err(error) => failed(&error),
                    });
                });
            }
        }
    }
}

impl Drop for Outlet {
    /// A file that was left off is as it was before.
    fn drop(&mut self) {
        if let Self::File { stream, is_finished: false, .. } = self
            && let Ok(aborted) = call(stream, "abort", &JsValue::UNDEFINED)
        {
            spawn_local(async move {
                // There is nobody left to tell.
                let _ = aborted.await;
            });
        }
    }
}
