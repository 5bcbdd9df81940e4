//! A byte stream to a cache: TCP with the options that notice a vanished peer, in the clear or in
//! TLS, or a unix socket.

mod tls;

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use banyan_topology::{Fault, FaultKind};
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::{TcpStream, UnixStream},
    time::timeout,
};

use crate::{
    allow_list::look_up,
    link::Meter,
    target::{Endpoint, Target},
};

const KEEPALIVE_IDLE: Duration = Duration::from_secs(3);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(1);
const KEEPALIVE_COUNT: u32 = 3;

trait Bytes: AsyncRead + AsyncWrite + Unpin + Send + Sync {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Bytes for T {}

pub(crate) struct Stream {
    bytes: Box<dyn Bytes>,
    local_addr: Option<String>,
    tls: Option<String>,
    /// Where what goes back and forth is counted.
    counter: Arc<AtomicU64>,
}

impl Stream {
    /// Connects within `deadline`, which covers the look-up of the name, all its addresses, and the
    /// handshake of TLS.
    pub(crate) async fn connect(target: &Target, deadline: Duration) -> Result<Self, Fault> {
        let mut is_in_handshake = false;
        let connecting = async {
            match &target.endpoint {
                Endpoint::Unix(path) => {
                    let stream =
                        UnixStream::connect(path).await.map_err(|e| fault_of_connect(&e))?;
                    Ok(Self::new(stream, None, None))
                }
                Endpoint::Tcp { host, port } => {
                    let stream = connect_tcp(host, *port, deadline).await?;
                    let local_addr = stream.local_addr().ok().map(|addr| addr.to_string());
                    let Some(options) = &target.tls else {
                        return Ok(Self::new(stream, local_addr, None));
                    };
                    is_in_handshake = true;
                    let (stream, tls) = tls::wrap(stream, options, host).await?;
                    Ok(Self::new(stream, local_addr, Some(tls)))
                }
            }
        };
        let connected = timeout(deadline, connecting).await;
        connected.unwrap_or_else(|_| {
            let secs = deadline.as_secs_f32();
            let detail = if is_in_handshake {
                // Redis takes the greeting of TLS for half a command and waits for the rest.
                format!("connected, but no TLS within {secs} s: perhaps the port speaks none")
            } else {
                format!("no connection within {secs} s")
            };
            Err(Fault::new(FaultKind::Timeout, detail))
        })
    }

    fn new(bytes: impl Bytes + 'static, local_addr: Option<String>, tls: Option<String>) -> Self {
        Self { bytes: Box::new(bytes), local_addr, tls, counter: Arc::default() }
    }

    /// Counts what goes back and forth from now on into what the meter has.
    pub(crate) fn count_into(&mut self, meter: &Meter) {
        self.counter = meter.bytes();
    }

    /// Our own address, `host:port`; unix sockets have none.
    pub(crate) fn local_addr(&self) -> Option<String> {
        self.local_addr.clone()
    }

    /// Version and cipher of TLS, where there is TLS.
    pub(crate) fn tls(&self) -> Option<&str> {
        self.tls.as_deref()
    }

    /// Appends what has come, at least one byte.
    pub(crate) async fn read(&mut self, received: &mut Vec<u8>) -> Result<(), Fault> {
        received.reserve(16 * 1024);
        match self.bytes.read_buf(received).await {
            Ok(0) => Err(Fault::new(FaultKind::Lost, "the server closed the connection")),
            Ok(count) => {
                self.counter.fetch_add(count as u64, Relaxed);
                Ok(())
            }
            Err(error) => Err(fault_of_io(&error)),
        }
    }

    pub(crate) async fn write_all(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.counter.fetch_add(bytes.len() as u64, Relaxed);
        let written = async {
            self.bytes.write_all(bytes).await?;
            self.bytes.flush().await
        };
        written.await.map_err(|error| fault_of_io(&error))
    }

    /// Appends bytes that have come already, without waiting. Returns whether there were any; a
    /// connection that is closed is an error.
    pub(crate) fn take_surplus(&mut self, received: &mut Vec<u8>) -> Result<bool, Fault> {
        let mut room = [0; 4096];
        let mut buffer = ReadBuf::new(&mut room);
        // Nobody needs to be woken: whoever waits for more reads again, with a waker.
        let mut context = Context::from_waker(Waker::noop());
        match Pin::new(&mut self.bytes).poll_read(&mut context, &mut buffer) {
            Poll::Pending => Ok(false),
            Poll::Ready(Ok(())) if buffer.filled().is_empty() => {
                Err(Fault::new(FaultKind::Lost, "the server closed the connection"))
            }
            Poll::Ready(Ok(())) => {
                received.extend_from_slice(buffer.filled());
                self.counter.fetch_add(buffer.filled().len() as u64, Relaxed);
                Ok(true)
            }
            Poll::Ready(Err(error)) => Err(fault_of_io(&error)),
        }
    }
}

async fn connect_tcp(host: &str, port: u16, deadline: Duration) -> Result<TcpStream, Fault> {
    let mut fault = Fault::new(FaultKind::UnknownHost, "");
    for address in look_up(host, port, deadline).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // A socket without these options works too; it notices a dead peer later.
                let _ = stream.set_nodelay(true);
                let socket = SockRef::from(&stream);
                let keepalive = TcpKeepalive::new()
                    .with_time(KEEPALIVE_IDLE)
                    .with_interval(KEEPALIVE_INTERVAL)
                    .with_retries(KEEPALIVE_COUNT);
                let _ = socket.set_tcp_keepalive(&keepalive);
                let patience = KEEPALIVE_IDLE + KEEPALIVE_INTERVAL * KEEPALIVE_COUNT;
                let _ = socket.set_tcp_user_timeout(Some(patience));
                return Ok(stream);
            }
            Err(error) => fault = fault_of_connect(&error),
        }
    }
    Err(fault)
}

fn fault_of_connect(error: &io::Error) -> Fault {
    let kind = match error.kind() {
        // The latter is a unix socket that is not there.
        io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => FaultKind::Refused,
        io::ErrorKind::TimedOut => FaultKind::Timeout,
        io::ErrorKind::PermissionDenied => FaultKind::Forbidden,
        _ => FaultKind::Other,
    };
    Fault::new(kind, error.to_string())
}

fn fault_of_io(error: &io::Error) -> Fault {
    // A server that wants a certificate of ours says so after the handshake.
    if let Some(fault) = tls::fault(error) {
        return fault;
    }
    let kind = match error.kind() {
        io::ErrorKind::TimedOut => FaultKind::Timeout,
        _ => FaultKind::Lost,
    };
    Fault::new(kind, error.to_string())
}
