//! The app's document, with a fresh nonce in each answer.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::App;
use crate::serve::headers;

/// What Trunk writes where the nonce belongs (`create_nonce = true`).
const NONCE_PLACEHOLDER: &str = "{{__TRUNK NONCE__}}";

/// Shown by a program that was built without its app.
const NO_APP: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Banyan</title>\
    <h1>This bridge was built without the app</h1>\
    <p>Run <code>cargo xtask run</code> in the sources, or name the folder of a built app: \
    <code>banyan serve --app dist</code>.</p></html>\n";

pub(super) async fn serve(app: &App) -> Response {
    let Some(file) = app.file("index.html").await else {
        return (StatusCode::SERVICE_UNAVAILABLE, Html(NO_APP)).into_response();
    };
    let nonce = match fresh_nonce() {
        Ok(nonce) => nonce,
        Err(error) => {
            tracing::error!("no random bytes from the system: {error}");
            return (StatusCode::INTERNAL_SERVER_ERROR, "no random bytes\n").into_response();
        }
    };
    let html = String::from_utf8_lossy(&file.bytes).replace(NONCE_PLACEHOLDER, &nonce);
    let mut response = Html(html).into_response();
    let to = response.headers_mut();
    to.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce)) {
        to.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// 128 random bits as 32 hexadecimal digits.
fn fresh_nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
