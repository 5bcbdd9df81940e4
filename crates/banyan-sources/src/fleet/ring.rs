//! The hash ring that clients spread keys over: ketama, as libmemcached has it (weighted, MD5).
//!
//! Each server has 40 hashes of 4 points at equal weights, on a ring of 2^32; a key belongs to the
//! server of the first point at or after its hash. Clients that are set up otherwise (another hash,
//! names that hold the port 11211 too) share out keys in the same proportions, but other keys.

use std::net::IpAddr;

use md5::{Digest as _, Md5};

use crate::target::{Endpoint, Target};

const POINTS_PER_HASH: u32 = 4;
/// Hashes of a server of mean weight.
const HASHES: f32 = 40.0;
/// The port that libmemcached leaves out of a server's name.
const UNNAMED_PORT: u16 = 11211;

/// Points and the index of their server, in rising order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ring {
    points: Vec<(u32, usize)>,
    servers: usize,
}

impl Ring {
    /// The ring of servers with a weight each; 0 counts as 1.
    pub fn new<'a>(servers: impl IntoIterator<Item = (&'a Endpoint, u32)>) -> Self {
        let servers: Vec<_> =
            servers.into_iter().map(|(endpoint, weight)| (name(endpoint), weight.max(1))).collect();
        let total: u64 = servers.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut points = Vec::new();
        for (index, (name, weight)) in servers.iter().enumerate() {
            // In single precision, as libmemcached reckons: the last hash of a server depends on it.
            let share = *weight as f32 / total as f32;
            let hashes = (share * HASHES * servers.len() as f32 + 1e-10).floor() as u32;
            for number in 0..hashes {
                let digest = Md5::digest(format!("{name}-{number}"));
                points.extend((0..POINTS_PER_HASH).map(|part| (word(&digest, part), index)));
            }
        }
        points.sort_unstable();
        Self { points, servers: servers.len() }
    }

    /// The ring of a link's targets.
    pub fn of(targets: &[Target]) -> Self {
        Self::new(targets.iter().map(|target| (&target.endpoint, target.weight.unwrap_or(1))))
    }

    /// Index of the server that `key` belongs to; `None` on a ring without servers.
    pub fn server_of(&self, key: &[u8]) -> Option<usize> {
        let hash = word(&Md5::digest(key), 0);
        let at = self.points.partition_point(|(point, _)| *point < hash);
        self.points.get(at).or_else(|| self.points.first()).map(|(_, server)| *server)
    }

    /// The share of each server of all possible keys, in parts of a million, that add up to one
    /// million.
    pub fn shares_ppm(&self) -> Vec<u32> {
        let mut arcs = vec![0_u64; self.servers];
        let Some((last, _)) = self.points.last() else { return vec![0; self.servers] };
        // A point owns what lies after the one before it; the first, what wraps around.
        let mut before = *last;
        for (at, (point, server)) in self.points.iter().enumerate() {
            let arc = match (at, self.points.len()) {
                (0, 1) => 1 << 32,
                _ => u64::from(point.wrapping_sub(before)),
            };
            if let Some(sum) = arcs.get_mut(*server) {
                *sum += arc;
            }
            before = *point;
        }
        // Rounded where the sums end, so that nothing is lost between them.
        let ppm = |sum: u64| (sum * 1_000_000 + (1 << 31)) >> 32;
        let (mut sum, mut shares) = (0, Vec::with_capacity(arcs.len()));
        for arc in arcs {
            let begin = ppm(sum);
            sum += arc;
            shares.push((ppm(sum) - begin) as u32);
        }
        shares
    }
}

/// The `part`-th word of four bytes, the least first.
fn word(digest: &[u8], part: u32) -> u32 {
    let at = (part * 4) as usize;
    digest
        .get(at..at + 4)
        .unwrap_or_default()
        .iter()
        .rev()
        .fold(0, |word, byte| (word << 8) | u32::from(*byte))
}

/// What a server's points are hashes of. IPv6 addresses stand without brackets.
fn name(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Tcp { host, port: UNNAMED_PORT } => host.clone(),
        Endpoint::Tcp { host, port } => match host.parse::<IpAddr>() {
            Ok(address) => format!("{address}:{port}"),
            Err(_) => format!("{host}:{port}"),
        },
        Endpoint::Unix(path) => format!("{}:0", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(servers: &[(&str, u16, u32)]) -> Ring {
        let endpoints: Vec<_> = servers
            .iter()
            .map(|(host, port, weight)| {
                (Endpoint::Tcp { host: (*host).to_owned(), port: *port }, *weight)
            })
            .collect();
        Ring::new(endpoints.iter().map(|(endpoint, weight)| (endpoint, *weight)))
    }

    /// Published with libmemcached (test/fixtures/ketama.hpp): keys, their hashes, the last number of
    /// their server's address.
    #[test]
    fn the_vectors_of_libmemcached() {
        let weights = [600, 300, 200, 350, 1000, 800, 950, 100];
        let hosts: Vec<String> = (1..=8).map(|n| format!("10.0.1.{n}")).collect();
        let servers: Vec<_> = hosts
            .iter()
            .zip(weights)
            .map(|(host, weight)| (host.as_str(), 11211, weight))
            .collect();
        let ring = ring(&servers);
        for (key, hash, point, server) in [
            ("SVa_]_V41)", 443_691_461, 445_379_617, 7),
            ("*/Z;?V(.\\8", 1_422_915_503, 1_428_303_028, 1),
            ("30C1*Z*S/_", 1_473_165_754, 1_480_075_959, 2),
            ("ERR:EC58G>", 2_148_406_511, 2_168_579_133, 7),
            ("1I=cTMNTKF", 2_882_686_667, 2_885_206_587, 5),
            ("]VG<`I*Z8)", 1_103_544_263, 1_104_827_657, 5),
            ("P1[Ma3=K1/", 1_989_324_036, 1_994_028_240, 8),
            ("D[HE+cFXDK", 2_117_036_136, 2_117_124_014, 3),
            ("EM75N0+[X1", 1_558_531_507, 1_559_308_507, 4),
            ("6,cEI`F_P>", 3_972_869_246, 3_974_773_167, 6),
            ("726bW=9*a4", 4_213_440_020, 4_213_950_705, 7),
            ("[>RZHG97Q9", 71_954_686, 72_034_069, 6),
            ("8*6a;Sc*X+", 4_223_431_086, 4_230_156_966, 2),
            ("CTR74,J+N.", 137_446_045, 146_633_907, 8),
            ("VD6D0]ba_\\", 3_842_502_950, 3_842_588_691, 1),
        ] {
            assert_eq!(word(&Md5::digest(key), 0), hash, "{key}");
            let at = ring.points.partition_point(|(point, _)| *point < hash);
            assert_eq!(ring.points[at], (point, server - 1), "{key}");
            assert_eq!(ring.server_of(key.as_bytes()), Some(server - 1), "{key}");
        }
        // Hashes to 0xfffcd1b5, behind the last point.
        assert_eq!(ring.server_of(b"VDEAAAAA"), Some(ring.points[0].1));
    }

    /// Published with spymemcached, for its format of libmemcached's names: the hosts resolve to
    /// `localhost` there.
    #[test]
    fn the_vectors_of_spymemcached() {
        let ring = ring(&[("localhost", 11211, 8), ("localhost", 11212, 8)]);
        let found = ["key1", "key2", "key3", "key4"].map(|key| ring.server_of(key.as_bytes()));
        assert_eq!(found, [Some(1), Some(0), Some(1), Some(1)]);
    }

    #[test]
    fn shares_are_what_keys_come_to() {
        let ring = ring(&[("a", 1, 1), ("b", 1, 1), ("c", 1, 2)]);
        assert_eq!(ring.points.len(), 480);
        let shares = ring.shares_ppm();
        assert_eq!(shares.iter().sum::<u32>(), 1_000_000);
        let mut counts = [0_u32; 3];
        for number in 0..200_000 {
            counts[ring.server_of(format!("key:{number}").as_bytes()).unwrap()] += 5;
        }
        for (share, count) in shares.iter().zip(counts) {
            assert!(share.abs_diff(count) < 5_000, "{shares:?} {counts:?}");
        }
    }

    #[test]
    fn rings_of_none_and_one() {
        assert_eq!(ring(&[]).server_of(b"a"), None);
        assert_eq!(ring(&[]).shares_ppm(), [0; 0]);
        let one = ring(&[("a", 1, 0)]);
        assert_eq!((one.server_of(b"a"), one.shares_ppm()), (Some(0), vec![1_000_000]));
    }
}
