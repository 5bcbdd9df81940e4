//! Compressed copies of the app's files, made once here instead of at each request.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::files;

/// Below this a compressed copy saves no packet on the wire.
const SMALLEST_BYTES: usize = 512;

/// Writes `x.br` and `x.gz` beside each file `x` that gets smaller by it.
pub(crate) fn beside(dist: &Path) -> Result<()> {
    for path in files(dist)? {
        if !is_compressible(&path) {
            continue;
        }
        let plain = std::fs::read(&path)?;
        if plain.len() < SMALLEST_BYTES {
            continue;
        }
        for (ending, packed) in [("br", brotli(&plain)?), ("gz", gzip(&plain)?)] {
            if packed.len() < plain.len() {
                let copy = with_ending(&path, ending);
                std::fs::write(&copy, packed)
                    .with_context(|| format!("cannot write {}", copy.display()))?;
            }
        }
    }
    Ok(())
}

/// Pictures and fonts are compressed already; a page gets a nonce of its own at each request.
fn is_compressible(path: &Path) -> bool {
    let texts = ["css", "ged", "js", "json", "svg", "txt", "wasm", "webmanifest"];
    path.extension().and_then(OsStr::to_str).is_some_and(|ending| texts.contains(&ending))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn brotli(plain: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*plain, &mut packed, &parameters)?;
    Ok(packed)
}

/// As a server sends it at its best.
pub(crate) fn gzip(plain: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?)
}
