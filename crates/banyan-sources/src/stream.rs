//! A byte stream to a cache: TCP with the options that notice a vanished peer, or a unix socket.

use std::{io, net::SocketAddr, time::Duration};

use banyan_topology::{Fault, FaultKind};
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UnixStream, lookup_host},
    time::timeout,
};

use crate::target::{Endpoint, Target};

const KEEPALIVE_IDLE: Duration = Duration::from_secs(3);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(1);
const KEEPALIVE_COUNT: u32 = 3;

pub(crate) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    /// Connects within `deadline`, which covers the look-up of the name and all its addresses.
    pub(crate) async fn connect(target: &Target, deadline: Duration) -> Result<Self, Fault> {
        if target.tls.is_some() {
            return Err(Fault::new(FaultKind::Other, "TLS is not supported yet"));
        }
        let connecting = async {
            match &target.endpoint {
                Endpoint::Unix(path) => UnixStream::connect(path)
                    .await
                    .map(Self::Unix)
                    .map_err(|e| fault_of_connect(&e)),
                Endpoint::Tcp { host, port } => connect_tcp(host, *port).await.map(Self::Tcp),
            }
        };
        timeout(deadline, connecting).await.unwrap_or_else(|_| {
            let secs = deadline.as_secs_f32();
            Err(Fault::new(FaultKind::Timeout, format!("no connection within {secs} s")))
        })
    }

    /// Our own address, `host:port`; unix sockets have none.
    pub(crate) fn local_addr(&self) -> Option<String> {
        match self {
            Self::Tcp(stream) => stream.local_addr().ok().map(|addr| addr.to_string()),
            Self::Unix(_) => None,
        }
    }

    /// Appends what has come, at least one byte.
    pub(crate) async fn read(&mut self, received: &mut Vec<u8>) -> Result<(), Fault> {
        received.reserve(16 * 1024);
        let count = match self {
            Self::Tcp(stream) => stream.read_buf(received).await,
            Self::Unix(stream) => stream.read_buf(received).await,
        };
        match count {
            Ok(0) => Err(Fault::new(FaultKind::Lost, "the server closed the connection")),
            Ok(_) => Ok(()),
            Err(error) => Err(fault_of_io(&error)),
        }
    }

    pub(crate) async fn write_all(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        match self {
            Self::Tcp(stream) => stream.write_all(bytes).await,
            Self::Unix(stream) => stream.write_all(bytes).await,
        }
        .map_err(|error| fault_of_io(&error))
    }

    /// Appends bytes that have come already, without waiting. Returns whether there were any; a
    /// connection that is closed is an error.
    pub(crate) fn take_surplus(&mut self, received: &mut Vec<u8>) -> Result<bool, Fault> {
        received.reserve(16 * 1024);
        let count = match self {
            Self::Tcp(stream) => stream.try_read_buf(received),
            Self::Unix(stream) => stream.try_read_buf(received),
        };
        match count {
            Ok(0) => Err(Fault::new(FaultKind::Lost, "the server closed the connection")),
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(fault_of_io(&error)),
        }
    }
}

async fn connect_tcp(host: &str, port: u16) -> Result<TcpStream, Fault> {
    let unknown = |reason: String| Fault::new(FaultKind::UnknownHost, reason);
    let addresses: Vec<SocketAddr> = lookup_host((host, port))
        .await
        .map_err(|error| unknown(format!("{host}: {error}")))?
        .collect();
    let mut fault = unknown(format!("{host} has no address"));
    for address in addresses {
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
    let kind = match error.kind() {
        io::ErrorKind::TimedOut => FaultKind::Timeout,
        _ => FaultKind::Lost,
    };
    Fault::new(kind, error.to_string())
}
