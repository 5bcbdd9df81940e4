//! A bridge on a port of its own, and a browser without a page.

use std::{net::SocketAddr, path::Path, time::Duration};

use banyan_bridge::config::{AppSource, Config, file::TargetEntry, target};
use banyan_protocol::{
    FromBrowser, TargetId, ToBrowser, VERSION, Watch, WatchKind, decode, encode,
};
use futures_util::{SinkExt as _, StreamExt as _};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        self, ClientRequestBuilder, Message,
        http::{Response, Uri},
    },
};
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes, shorter than patience.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Bridge {
    pub(crate) address: SocketAddr,
    shutdown: CancellationToken,
    running: JoinHandle<std::io::Result<()>>,
    _app: TempDir,
}

impl Bridge {
    /// Serves a small app and watches the servers at `urls`.
    pub(crate) async fn start(urls: &[&str]) -> Self {
        Self::start_with(urls, |_| {}).await
    }

    pub(crate) async fn start_with(urls: &[&str], change: impl FnOnce(&mut Config)) -> Self {
        let app = small_app();
        let entry =
            |url: &&str| TargetEntry { url: Some((*url).to_owned()), ..TargetEntry::default() };
        let entries: Vec<TargetEntry> = urls.iter().map(entry).collect();
        let mut config = Config {
            targets: target::resolve(&entries).unwrap(),
            app: AppSource::Folder(app.path().to_owned()),
            ..Config::default()
        };
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(banyan_bridge::run(listener, config, shutdown.clone()));
        Self { address, shutdown, running, _app: app }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Ends the bridge and waits for it.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        timeout(PATIENCE, self.running).await.unwrap().unwrap().unwrap();
    }

    /// Sends `request` as it is, with every `\n` as CRLF and `PORT` as the port, and returns all that
    /// comes back until the bridge closes or, after an answer, is quiet.
    pub(crate) async fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = request.replace('\n', "\r\n").replace("PORT", &self.port().to_string());
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            // A complete request is answered at once; the pause only ends the reading.
            let pause = if answer.is_empty() { PATIENCE } else { Duration::from_millis(200) };
            match timeout(pause, stream.read(&mut buffer)).await {
                Ok(Ok(0) | Err(_)) | Err(_) => break,
                Ok(Ok(length)) => answer.extend_from_slice(&buffer[..length]),
            }
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks for `path` as a browser would; more headers may follow, each line with its `\n`.
    pub(crate) async fn get(&self, path: &str, headers: &str) -> Answer {
        let request =
            format!("GET {path} HTTP/1.1\nHost: 127.0.0.1:PORT\n{headers}Connection: close\n\n");
        Answer::parse(&self.raw(&request).await)
    }

    /// A browser that has been greeted.
    pub(crate) async fn browser(&self) -> Browser {
        self.browser_on(TcpStream::connect(self.address).await.unwrap()).await
    }

    pub(crate) async fn browser_on(&self, stream: TcpStream) -> Browser {
        let (mut browser, _) = self.open_on(stream, "banyan.v1").await.unwrap();
        browser.say(&FromBrowser::Hello { version: VERSION }).await;
        match browser.hear().await {
            ToBrowser::Hello { version, targets, .. } => {
                assert_eq!(version, VERSION);
                browser.targets = targets.into_iter().map(|target| target.id).collect();
            }
            other => panic!("expected a hello, not {other:?}"),
        }
        browser
    }

    /// Opens a WebSocket as the page does.
    pub(crate) async fn open(
        &self,
        subprotocol: &str,
    ) -> Result<(Browser, Response<Option<Vec<u8>>>), tungstenite::Error> {
        self.open_on(TcpStream::connect(self.address).await.unwrap(), subprotocol).await
    }

    async fn open_on(
        &self,
        stream: TcpStream,
        subprotocol: &str,
    ) -> Result<(Browser, Response<Option<Vec<u8>>>), tungstenite::Error> {
        let uri: Uri = format!("ws://{}/ws", self.address).parse().unwrap();
        let request = ClientRequestBuilder::new(uri)
            .with_header("Origin", format!("http://{}", self.address))
            .with_sub_protocol(subprotocol);
        let (socket, response) = client_async(request, stream).await?;
        Ok((Browser { socket, targets: Vec::new() }, response))
    }
}

pub(crate) struct Browser {
    pub(crate) socket: WebSocketStream<TcpStream>,
    pub(crate) targets: Vec<TargetId>,
}

impl Browser {
    pub(crate) async fn say(&mut self, message: &FromBrowser) {
        self.socket.send(Message::Binary(encode(message).into())).await.unwrap();
    }

    pub(crate) async fn watch(&mut self, target: usize, kind: WatchKind) {
        let target = self.targets[target].clone();
        self.say(&FromBrowser::Watch(Watch { target, kind, delimiter: String::new() })).await;
    }

    /// The next message.
    pub(crate) async fn hear(&mut self) -> ToBrowser {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("nothing was said") {
                Some(Ok(Message::Binary(bytes))) => return decode(&bytes).unwrap(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("expected a message, not {other:?}"),
            }
        }
    }

    /// The first message that `pick` takes; those before it are passed over.
    pub(crate) async fn hear_until<T>(
        &mut self,
        mut pick: impl FnMut(ToBrowser) -> Option<T>,
    ) -> T {
        let search = async {
            loop {
                if let Some(found) = pick(self.hear().await) {
                    return found;
                }
            }
        };
        timeout(PATIENCE, search).await.expect("it was never said")
    }

    /// Reads on until the bridge ends the talk: the code and the reason of its close frame.
    pub(crate) async fn closed(&mut self) -> Option<(u16, String)> {
        let search = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Close(frame))) => {
                        return frame.map(|frame| (frame.code.into(), frame.reason.to_string()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return None,
                }
            }
        };
        timeout(PATIENCE, search).await.expect("the bridge does not close")
    }
}

/// An answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let status = status.and_then(|status| status.parse().ok()).unwrap_or(0);
        Self { status, headers, body: body.to_owned() }
    }

    /// A header's value; empty if it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }
}

fn small_app() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path: &Path = &folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("index.html", "<!doctype html><script nonce=\"{{__TRUNK NONCE__}}\">start()</script>");
    write("engine.js", "plain engine");
    write("engine.js.gz", "gzipped engine");
    write("engine.js.br", "brotli engine");
    write("app-1a2b3c4d5e6f7a8b_bg.wasm", "wasm");
    write("app-1a2b3c4d5e6f7a8b.js", "script");
    write("icons/icon.svg", "<svg/>");
    write("manifest.webmanifest", "{}");
    write(".secret", "hidden");
    folder
}
