//! What was dropped: files, and everything in folders
//! (File and Directory Entries API, <https://wicg.github.io/entries-api/>).

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File};

use crate::app::command::GivenFile;

/// More files are not looked at: somebody dropped their whole disk.
const MOST_FILES: usize = 20_000;

/// The entries of what was dropped.
pub fn entries(event: &DragEvent) -> Vec<JsValue> {
    let Some(items) = event.data_transfer().map(|transfer| transfer.items()) else {
        return Vec::new();
    };
    let items = (0..items.length()).filter_map(|at| items.get(at));
    let entries = items.filter_map(|item| {
        // A file that a program made is on no disk, and has no entry.
        let entry = item.webkit_get_as_entry().ok().flatten().map(JsValue::from);
        entry.or_else(|| item.get_as_file().ok().flatten().map(JsValue::from))
    });
    entries.collect()
}

/// The files among entries and in the folders below them, with their paths.
pub async fn files(mut entries: Vec<JsValue>) -> Vec<GivenFile> {
    let mut files = Vec::new();
    while let Some(entry) = entries.pop() {
        if files.len() >= MOST_FILES {
            break;
        }
        if let Some(file) = entry.dyn_ref::<File>() {
            files.push((file.name(), file.clone()));
        } else if let Ok(reader) = call(&entry, "createReader") {
            // It gives some at a time, and none in the end.
            while let Ok(some) = ask(&reader, "readEntries").await {
                let some: Array = some.unchecked_into();
                if some.length() == 0 {
                    break;
                }
                entries.extend(some.iter());
            }
        } else if let Ok(file) = ask(&entry, "file").await {
            let path = Reflect::get(&entry, &"fullPath".into()).ok();
            let path = path.and_then(|path| path.as_string()).unwrap_or_default();
            files.push((path, file.unchecked_into()));
        }
    }
    files
}

fn call(object: &JsValue, method: &str) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    method.call0(object)
}

/// Calls a method that takes whom to tell what came, and whom to tell that nothing did.
async fn ask(object: &JsValue, method: &str) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let told = Promise::new(&mut |done, failed| {
        // What it throws it would have told as well.
        let _ = method.call2(object, &done, &failed);
    });
    JsFuture::from(told).await
}
