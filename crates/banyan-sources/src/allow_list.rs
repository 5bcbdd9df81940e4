//! Which addresses that a server names may be connected to.
//!
//! MOVED, CLUSTER SHARDS, SENTINEL and INFO all name further servers, and a hostile one names
//! whatever it likes: the metadata service of a cloud, or a database in the same network.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
    time::Duration,
};

use banyan_topology::{Fault, FaultKind};
use tokio::{net::lookup_host, time::timeout};

/// Networks that discovered servers may be in (`follow` of `banyan.toml`).
///
/// With none, only addresses of the host are followed that the user named. Link-local addresses,
/// where clouds have their metadata services, are followed only if they are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowList {
    networks: Vec<Network>,
}

/// An address and how many of its bits count: `10.0.0.0/8`. A lone address counts as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl AllowList {
    pub fn new(networks: Vec<Network>) -> Self {
        Self { networks }
    }

    /// Whether a discovered `address` may be connected to; `seed` are the addresses of the host
    /// that the user named.
    pub fn permits(&self, address: IpAddr, seed: &[IpAddr]) -> bool {
        let address = address.to_canonical();
        if self.networks.iter().any(|network| network.holds(address)) {
            return true;
        }
        let is_link_local = match address {
            IpAddr::V4(address) => address.is_link_local(),
            IpAddr::V6(address) => address.is_unicast_link_local(),
        };
        !is_link_local
            && seed
                .iter()
                .map(IpAddr::to_canonical)
                .any(|seed| seed == address || (seed.is_loopback() && address.is_loopback()))
    }

    /// The address to connect to, looked up once, so that what is checked is what is connected to.
    pub async fn resolve(
        &self,
        host: &str,
        port: u16,
        seed: &[IpAddr],
        deadline: Duration,
    ) -> Result<SocketAddr, Fault> {
        let addresses = look_up(host, port, deadline).await?;
        addresses.iter().find(|address| self.permits(address.ip(), seed)).copied().ok_or_else(
            || {
                let named = banyan_topology::printable(host.as_bytes(), 256);
                let reason = format!("{named} is not in `follow` of the configuration");
                Fault::new(FaultKind::Forbidden, reason)
            },
        )
    }
}

/// All addresses of a host, which may be an address itself.
pub(crate) async fn look_up(
    host: &str,
    port: u16,
    deadline: Duration,
) -> Result<Vec<SocketAddr>, Fault> {
    let unknown = |reason: String| Fault::new(FaultKind::UnknownHost, reason);
    let addresses: Vec<SocketAddr> = timeout(deadline, lookup_host((host, port)))
        .await
        .map_err(|_| Fault::new(FaultKind::Timeout, "the name was not resolved in time"))?
        .map_err(|error| unknown(format!("{host}: {error}")))?
        .collect();
    if addresses.is_empty() {
        return Err(unknown(format!("{host} has no address")));
    }
    Ok(addresses)
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        let (own, other, width) = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (u128::from(own.to_bits()), u128::from(other.to_bits()), 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
            _ => return false,
        };
        let ignored = width - u32::from(self.bits);
        // A shift by all bits leaves nothing to compare.
        (own ^ other).checked_shr(ignored).unwrap_or(0) == 0
    }
}

impl FromStr for Network {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let wrong = || {
            let shown = banyan_topology::printable(text.as_bytes(), 64);
            let reason = format!("{shown} is no network such as 10.0.0.0/8 or fd00::/8");
            Fault::new(FaultKind::Other, reason)
        };
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), str::parse).map_err(|_| wrong())?;
        if bits > width {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(networks: &[&str]) -> AllowList {
        AllowList::new(networks.iter().map(|network| network.parse().unwrap()).collect())
    }

    #[track_caller]
    fn check(networks: &[&str], seed: &str, address: &str, expect: bool) {
        let (seed, address) = (seed.parse().unwrap(), address.parse().unwrap());
        assert_eq!(list(networks).permits(address, &[seed]), expect, "{address}");
    }

    #[test]
    fn without_a_list_only_the_same_host_is_followed() {
        check(&[], "10.0.0.7", "10.0.0.7", true);
        check(&[], "10.0.0.7", "::ffff:10.0.0.7", true);
        check(&[], "10.0.0.7", "10.0.0.8", false);
        check(&[], "10.0.0.7", "127.0.0.1", false);
        check(&[], "127.0.0.1", "::1", true);
        check(&[], "127.0.0.1", "127.0.0.9", true);
        check(&[], "127.0.0.1", "0.0.0.0", false);
    }

    #[test]
    fn link_local_only_if_listed() {
        check(&[], "169.254.169.254", "169.254.169.254", false);
        check(&["10.0.0.0/8"], "10.0.0.7", "169.254.169.254", false);
        check(&["10.0.0.0/8"], "10.0.0.7", "::ffff:169.254.169.254", false);
        check(&["10.0.0.0/8"], "10.0.0.7", "fe80::1", false);
        check(&["169.254.0.0/16"], "10.0.0.7", "169.254.169.254", true);
        check(&["fe80::/10"], "10.0.0.7", "febf::1", true);
    }

    #[test]
    fn networks() {
        check(&["10.0.0.0/8"], "::1", "10.255.0.1", true);
        check(&["10.0.0.0/8"], "::1", "11.0.0.1", false);
        check(&["10.1.2.3"], "::1", "10.1.2.3", true);
        check(&["10.1.2.3"], "::1", "10.1.2.2", false);
        check(&["10.1.2.0/31"], "::1", "10.1.2.1", true);
        check(&["0.0.0.0/0"], "::1", "8.8.8.8", true);
        check(&["0.0.0.0/0"], "::1", "2001:db8::1", false);
        check(&["fd00::/8"], "::1", "fdff::1", true);
        check(&["::/0"], "10.0.0.1", "2001:db8::1", true);
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "host", "10.0.0.0/x", "10.0.0.0/-1"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_network_holds_what_differs_only_behind_its_bits(
            address: u32, bits in 0..=32_u8, flip in 0..32_u8
        ) {
            let network = Network { address: IpAddr::V4(address.into()), bits };
            let other = IpAddr::V4((address ^ (1 << (31 - flip))).into());
            assert_eq!(network.holds(other), flip >= bits);
        }
    }
}
