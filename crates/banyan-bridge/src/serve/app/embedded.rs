//! The app inside the program, as it was built into `BANYAN_APP_DIST` (see `build.rs`).

use axum::body::Bytes;

use super::file::AppFile;

#[derive(rust_embed::RustEmbed)]
#[folder = "$BANYAN_APP_DIST"]
#[allow_missing = true]
struct Files;

pub(super) fn file(path: &str) -> Option<AppFile> {
    let file = Files::get(path)?;
    let bytes = match file.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let [a, b, c, d, e, f, g, h, ..] = file.metadata.sha256_hash();
    let etag = format!("\"{:016x}\"", u64::from_be_bytes([a, b, c, d, e, f, g, h]));
    Some(AppFile { bytes, etag, modified: None })
}
