//! Opens the WebSocket: all that is checked before the 101.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Extension,
    extract::{ConnectInfo, State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use banyan_protocol::MAX_FROM_BROWSER_BYTES;

use super::{Bridge, refuse, session};
use crate::gate::Authority;

/// The subprotocol: [`banyan_protocol`] messages, one in a binary frame. Their version is said in the
/// hello, so that a page of another version learns why it is turned away.
pub(crate) const SUBPROTOCOL: &str = "banyan.v1";

/// The library's default of 128 KiB for each browser would be 640 MB for 5000 idle ones.
const BUFFER_BYTES: usize = 4 * 1024;

pub(crate) async fn open(
    State(bridge): State<Arc<Bridge>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(host): Extension<Authority>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if let Err(refusal) = bridge.gate.origin(&host, &headers, peer.ip()) {
        tracing::warn!(%peer, origin = ?headers.get("origin"), "WebSocket refused: {refusal}");
        return refuse(StatusCode::FORBIDDEN, &refusal.to_string());
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([SUBPROTOCOL]),
        Err(rejection) => return refuse(rejection.status(), &rejection.body_text()),
    };
    if upgrade.selected_protocol().is_none() {
        return refuse(StatusCode::BAD_REQUEST, &format!("the subprotocol here is {SUBPROTOCOL}"));
    }
    if bridge.sessions.len() >= bridge.limits.browsers {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "too many browsers");
    }
    upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(MAX_FROM_BROWSER_BYTES)
        .max_frame_size(MAX_FROM_BROWSER_BYTES)
        .on_upgrade(move |socket| {
            // Counted and waited for at the end.
            let session = session::run(socket, bridge.clone());
            bridge.sessions.track_future(session)
        })
}
