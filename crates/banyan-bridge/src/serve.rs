//! The HTTP server: accepts connections, checks them, serves the app, opens WebSockets.

mod accept;
mod app;
mod headers;
mod session;
mod socket;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::any,
};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::{Config, Limits},
    gate::Gate,
    hub::Hub,
};

pub use app::App;

/// What every request can see.
pub(crate) struct Bridge {
    pub(crate) gate: Gate,
    pub(crate) app: App,
    pub(crate) hub: Arc<Hub>,
    /// Ends every session.
    pub(crate) shutdown: CancellationToken,
    /// Sessions outlive the HTTP connection that they came on, so they are counted apart.
    pub(crate) sessions: TaskTracker,
    pub(crate) limits: Limits,
}

/// Serves on `listener` until `shutdown`, then lets what is under way end within
/// [`Limits::drain`].
///
/// # Errors
///
/// When the listener's own address cannot be read.
pub async fn run(
    listener: TcpListener,
    config: Config,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let listen = listener.local_addr()?;
    let stop_hub = CancellationToken::new();
    let bridge = Arc::new(Bridge {
        gate: Gate { listen, extra: config.allow_hosts.clone() },
        app: App::new(&config.app),
        hub: Hub::start(&config, &stop_hub),
        shutdown: shutdown.child_token(),
        sessions: TaskTracker::new(),
        limits: config.limits,
    });
    let router = Router::new()
        .route("/ws", any(socket::open))
        .fallback(app::serve)
        .layer(middleware::from_fn_with_state(bridge.clone(), check))
        .with_state(bridge.clone());
    accept::run(listener, router, &config.limits, &shutdown).await;
    bridge.sessions.close();
    if tokio::time::timeout(config.limits.drain, bridge.sessions.wait()).await.is_err() {
        tracing::warn!("some browsers did not close in time");
    }
    stop_hub.cancel();
    bridge.hub.stopped().await;
    Ok(())
}

/// Turns away what is not for this bridge, before anything else looks at it, and puts the headers
/// that every answer carries.
async fn check(
    State(bridge): State<Arc<Bridge>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut response = match admit(&bridge, &request) {
        Ok(host) => {
            request.extensions_mut().insert(host);
            next.run(request).await
        }
        Err((status, reason)) => {
            tracing::info!(%peer, %status, "refused: {reason}");
            refuse(status, &reason)
        }
    };
    headers::put_everywhere(response.headers_mut());
    response
}

fn admit(
    bridge: &Bridge,
    request: &Request,
) -> Result<crate::gate::Authority, (StatusCode, String)> {
    let host = bridge
        .gate
        .host(request.uri(), request.headers())
        .map_err(|refusal| (StatusCode::MISDIRECTED_REQUEST, refusal.to_string()))?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD".into()));
    }
    // Nothing here takes a body; one that is announced would be read as the next request, or as the
    // first frame after an upgrade.
    let announced = request.headers().contains_key(header::TRANSFER_ENCODING)
        || request.headers().get(header::CONTENT_LENGTH).is_some_and(|length| length != "0");
    if announced {
        return Err((StatusCode::BAD_REQUEST, "a request here has no body".into()));
    }
    Ok(host)
}

/// A refusal in plain text; the connection ends after it.
pub(crate) fn refuse(status: StatusCode, reason: &str) -> Response {
    (status, [(header::CONNECTION, "close")], format!("{reason}\n")).into_response()
}
