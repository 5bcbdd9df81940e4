//! One TCP socket as the kernel tells it, by sock_diag or by `/proc/net/tcp`.

use std::net::{IpAddr, SocketAddr};

use banyan_topology::{TcpState, TcpTimer};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Both ends; an IPv4 address within IPv6 is told as IPv4.
    pub local: SocketAddr,
    pub peer: SocketAddr,
    pub state: TcpState,
    pub timer: Option<TcpTimer>,
    /// Until the timer fires.
    pub timer_millis: u32,
    /// Retransmissions in a row.
    pub retransmits: u32,
    /// Keepalive or window probes in a row that nobody answered.
    pub probes: u32,
    /// Bytes; of a listening socket, connections that wait to be accepted.
    pub receive_queue: u32,
    /// Bytes; of a listening socket, how many may wait, where the kernel tells.
    pub send_queue: u32,
    /// The user who opened it.
    pub uid: u32,
    /// 0 once no process holds it.
    pub inode: u64,
    /// Only sock_diag has these.
    pub info: Option<TcpInfo>,
}

/// The part of the kernel's `struct tcp_info` that matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpInfo {
    /// How often the retransmission time was doubled.
    pub backoff: u8,
    /// The retransmission time, doubled as often.
    pub retransmit_millis: u32,
    /// Since the last data, and the last acknowledgement, from the other end.
    pub data_age_millis: u32,
    pub acknowledged_age_millis: u32,
    pub round_trip_micros: u32,
    /// Since the connection was opened; `None` before Linux 4.19.
    pub retransmitted_bytes: Option<u64>,
}

impl Entry {
    /// Data or an acknowledgement, whichever came last.
    pub fn heard_millis(&self) -> Option<u32> {
        self.info.map(|info| info.data_age_millis.min(info.acknowledged_age_millis))
    }
}

/// `::ffff:10.0.0.1` as `10.0.0.1`: a socket that listens to both families has such peers, while
/// servers print them either way.
pub fn joined(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}

/// An address as servers print it: `10.0.0.7:51234`, `[::1]:51234`, `::1:51234`, also with a scope.
pub fn parse_address(text: &str) -> Option<SocketAddr> {
    if let Ok(addr) = text.parse() {
        return Some(joined(addr));
    }
    let (host, port) = text.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let host = host.split_once('%').map_or(host, |(host, _scope)| host);
    let ip: IpAddr = host.parse().ok()?;
    Some(joined(SocketAddr::new(ip, port.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_servers_print_them() {
        let parse = |text| parse_address(text).map(|addr| addr.to_string());
        assert_eq!(parse("10.0.0.7:80").as_deref(), Some("10.0.0.7:80"));
        assert_eq!(parse("[::1]:80").as_deref(), Some("[::1]:80"));
        assert_eq!(parse("::1:80").as_deref(), Some("[::1]:80"));
        assert_eq!(parse("[fe80::1%eth0]:80").as_deref(), Some("[fe80::1]:80"));
        assert_eq!(parse("[::ffff:10.0.0.7]:80").as_deref(), Some("10.0.0.7:80"));
        assert_eq!(parse("unix:/run/r.sock:0"), None);
        assert_eq!(parse(""), None);
        assert_eq!(parse("10.0.0.7:99999"), None);
    }
}
