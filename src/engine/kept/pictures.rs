//! Pictures that were given with a family, kept beside its file.

use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::{STORE, addresses, delete, encoded, find, put};

/// A path, and what is there.
pub type Picture = (String, Blob);

const FOLDER: &str = "/kept-pictures/";
/// More of one family are not kept.
const MOST_BYTES: f64 = 256.0 * 1024.0 * 1024.0;

fn folder(name: &str, digest: &str) -> String {
    format!("{FOLDER}{digest}/{}/", encoded(name))
}

/// Those that are kept, from the first on.
fn fitting(pictures: &[Picture]) -> impl Iterator<Item = &Picture> {
    let mut bytes = 0.0;
    pictures.iter().take_while(move |(_, file)| {
        bytes += file.size();
        bytes <= MOST_BYTES
    })
}

pub(super) fn bytes(pictures: &[Picture]) -> u64 {
    fitting(pictures).map(|(_, file)| file.size() as u64).sum()
}

pub(super) async fn keep(name: &str, digest: &str, pictures: &[Picture]) -> Result<(), JsValue> {
    for (path, file) in fitting(pictures) {
        put(STORE, &(folder(name, digest) + &encoded(path)), file).await?;
    }
    Ok(())
}

pub(super) async fn remove(name: &str, digest: &str) -> Result<(), JsValue> {
    for address in of(name, digest).await? {
        delete(STORE, &address).await?;
    }
    Ok(())
}

async fn of(name: &str, digest: &str) -> Result<Vec<String>, JsValue> {
    let folder = folder(name, digest);
    let mut addresses = addresses().await?;
    addresses.retain(|address| address.contains(&folder));
    Ok(addresses)
}

/// The pictures that are kept for a family.
pub async fn recall_pictures(name: &str, digest: &str) -> Result<Vec<Picture>, JsValue> {
    let folder = folder(name, digest);
    let mut pictures = Vec::new();
    for address in of(name, digest).await? {
        let Some((_, path)) = address.split_once(&folder) else { continue };
        let path = js_sys::decode_uri_component(path)?;
        if let Some(response) = find(STORE, &address).await? {
            let file: Blob = JsFuture::from(response.blob()?).await?.dyn_into()?;
            pictures.push((path.into(), file));
        }
    }
    Ok(pictures)
}
