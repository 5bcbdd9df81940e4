//! The headers that keep a page of ours from doing anything but what it was written for, and other
//! pages from using it.

use axum::http::{HeaderMap, HeaderValue, header};

/// Headers of every answer, refusals among them.
pub(crate) fn put_everywhere(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    // Documents with scripts bring their own; anything else that a browser might show as a document
    // may load nothing at all.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    ));
}

/// Policy of the app's document. `nonce` is base64.
///
/// The app is WebAssembly (`wasm-unsafe-eval`), starts by an inline script of its build tool (the
/// nonce), draws pictures from blobs, and has no inline style.
pub(crate) fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
         font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"
    )
}

/// Policy of the scripts that run as workers: a worker has the policy of its own answer, not that of
/// the page.
pub(crate) const WORKER_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_one_line_and_names_the_nonce_once() {
        let policy = page_policy("abc=");
        assert!(!policy.contains('\n') && !policy.contains("  "), "{policy}");
        assert_eq!(policy.matches("'nonce-abc='").count(), 1);
        assert!(policy.starts_with("default-src 'none';"));
        assert!(HeaderValue::from_str(&policy).is_ok());
    }
}
