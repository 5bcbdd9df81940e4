//! The app's files: from the program itself, or from a folder while the app is being written.

mod embedded;
mod file;
mod negotiate;
mod page;

use std::{path::PathBuf, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use self::{file::AppFile, negotiate::Encoding};
use super::{Bridge, headers::WORKER_POLICY};
use crate::config::AppSource;

/// Where the app's files come from.
#[derive(Clone, Debug)]
pub enum App {
    Embedded,
    /// Read again at each request, so that a rebuilt app shows at the next reload.
    Folder(PathBuf),
}

impl App {
    pub fn new(source: &AppSource) -> Self {
        match source {
            AppSource::Embedded => Self::Embedded,
            AppSource::Folder(folder) => Self::Folder(folder.clone()),
        }
    }

    /// The file at `path` (relative, slashes), if there is one.
    async fn file(&self, path: &str) -> Option<AppFile> {
        match self {
            Self::Embedded => embedded::file(path),
            Self::Folder(folder) => file::from_folder(folder, path).await,
        }
    }

    /// The best form of `path` for a client that takes `accepted`, with the encoding that it has.
    async fn best(&self, path: &str, accepted: &[Encoding]) -> Option<(AppFile, Option<Encoding>)> {
        let plain = self.file(path).await?;
        for &encoding in accepted {
            let name = format!("{path}.{}", encoding.extension());
            if let Some(file) = self.file(&name).await {
                // While the app is being written, a compressed form of the build before may lie
                // beside a newer plain one.
                if file.modified >= plain.modified {
                    return Some((file, Some(encoding)));
                }
            }
        }
        Some((plain, None))
    }
}

/// Answers for everything that is not the WebSocket.
pub(crate) async fn serve(
    State(bridge): State<Arc<Bridge>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    match uri.path().strip_prefix('/').unwrap_or_default() {
        "" | "index.html" => page::serve(&bridge.app).await,
        path => serve_file(&bridge.app, path, &headers).await,
    }
}

/// How long a browser may keep a file without asking again. Icons are kept for a while: they are drawn
/// also when this bridge is gone, which is when the page has something to say.
fn cache_control(path: &str) -> &'static str {
    if file::is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else if path.ends_with(".svg") || path.ends_with(".webmanifest") {
        "public, max-age=3600"
    } else {
        "no-cache"
    }
}

async fn serve_file(app: &App, path: &str, headers: &HeaderMap) -> Response {
    let accepted = negotiate::accepted(headers);
    let found = if file::is_plain_path(path) { app.best(path, &accepted).await } else { None };
    let Some((file, encoding)) = found else {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    };
    let etag = file.etag;
    let cache = cache_control(path);
    let unchanged = negotiate::matches(headers, &etag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.bytes.into_response()
    };
    let to = response.headers_mut();
    to.remove(header::CONTENT_TYPE);
    if !unchanged {
        to.insert(header::CONTENT_TYPE, HeaderValue::from_static(file::media_type(path)));
        if let Some(encoding) = encoding {
            to.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.token()));
        }
    }
    to.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    to.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        to.insert(header::ETAG, etag);
    }
    if file::media_type(path).starts_with("text/javascript") {
        let policy = HeaderValue::from_static(WORKER_POLICY);
        to.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
