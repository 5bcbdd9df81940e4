//! One file of the app: its bytes, and what its name says about it.

use std::{
    hash::{DefaultHasher, Hasher as _},
    path::Path,
    time::SystemTime,
};

use axum::body::Bytes;

#[derive(Clone, Debug)]
pub(super) struct AppFile {
    pub(super) bytes: Bytes,
    /// A strong validator, quoted: other bytes have another one.
    pub(super) etag: String,
    /// `None` for a file inside the program.
    pub(super) modified: Option<SystemTime>,
}

/// Whether each part of `path` is an ordinary name: nothing that leaves the folder, no hidden file,
/// nothing that means something else to another system.
pub(super) fn is_plain_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    path.split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain))
}

/// Reads `path`, which [`is_plain_path`], below `folder`. Links that lead out of it are not
/// followed.
pub(super) async fn from_folder(folder: &Path, path: &str) -> Option<AppFile> {
    let (folder, path) = (folder.to_owned(), path.to_owned());
    let read = tokio::task::spawn_blocking(move || {
        let folder = folder.canonicalize().ok()?;
        let file = folder.join(path).canonicalize().ok()?;
        if !file.starts_with(&folder) || !file.is_file() {
            return None;
        }
        let modified = file.metadata().ok()?.modified().ok();
        let bytes = std::fs::read(file).ok()?;
        let mut hasher = DefaultHasher::new();
        hasher.write(&bytes);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Some(AppFile { bytes: Bytes::from(bytes), etag, modified })
    });
    read.await.ok()?
}

/// Whether the name holds a hash of the contents, as Trunk writes it (`app-1a2b3c4d5e6f7a8b.js`,
/// `app-1a2b3c4d5e6f7a8b_bg.wasm`): 8 to 16 hexadecimal digits between `-` and `.` or `_`.
pub(super) fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('-').skip(1).any(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        (8..=16).contains(&digits) && matches!(part.as_bytes().get(digits), Some(b'.' | b'_'))
    })
}

pub(super) fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "ged" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths() {
        for good in ["app.js", "a/b-c_d.wasm", "icons/icon.svg", "a..b"] {
            assert!(is_plain_path(good), "{good}");
        }
        for bad in
            ["", "/a", "a/", "a//b", "..", "a/../b", ".git/config", "%2e%2e/a", "a\\b", "a:b", "é"]
        {
            assert!(!is_plain_path(bad), "{bad}");
        }
    }

    #[test]
    fn hashed_names_are_told_apart() {
        for yes in [
            "app-1a2b3c4d5e6f7a8b.js",
            "app-1a2b3c4d5e6f7a8b_bg.wasm",
            "x/style-00aa11bb.css",
            "banyan-app-1a2b3c4d5e6f7a8b.js",
        ] {
            assert!(is_hashed(yes), "{yes}");
        }
        for no in [
            "engine.js",
            "engine_bg.wasm",
            "engine_loader.js",
            "index.html",
            "a-beef.js",
            "noto-regular.woff2",
            "1a2b3c4d5e6f7a8b.js",
            "app-1a2b3c4d5e6f7a8b",
            "a-defaced.png",
        ] {
            assert!(!is_hashed(no), "{no}");
        }
    }
}
