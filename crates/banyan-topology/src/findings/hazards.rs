//! Versions that a question of Banyan's, or of any tool, can hurt.

use crate::{ServerFacts, ServerKind, Severity, Topology};

/// Something that a range of versions does wrong.
pub(super) struct Hazard {
    /// Key of its text in `locales/engine`: `hazard_<name>`.
    pub(super) name: &'static str,
    pub(super) severity: Severity,
    pub(super) fixed_in: &'static str,
    kinds: &'static [ServerKind],
    /// From the first of these versions to below the last.
    versions: [Version; 2],
    /// Whether it concerns this target.
    concerns: fn(&Topology) -> bool,
}

type Version = [u32; 3];

const HAZARDS: [Hazard; 3] = [
    // Measured on 1.6.18: while a slow reader takes `lru_crawler metadump hash`, other connections
    // stand still for three seconds and more. `metadump all`, which Banyan asks, does not do that.
    Hazard {
        name: "metadump_hash",
        severity: Severity::Notice,
        fixed_in: "1.6.19",
        kinds: &[ServerKind::Memcached],
        versions: [[1, 4, 31], [1, 6, 19]],
        concerns: |_| true,
    },
    // CVE-2019-15026: conn_to_str reads past the address of a unix socket, on `stats conns`.
    Hazard {
        name: "stats_conns_unix",
        severity: Severity::Warning,
        fixed_in: "1.5.17",
        kinds: &[ServerKind::Memcached],
        versions: [[1, 4, 31], [1, 5, 17]],
        concerns: |topology| {
            topology.clients.values().any(|client| client.addr.starts_with("unix:"))
        },
    },
    // redis/redis#7387: a client with CLIENT TRACKING ... BCAST disconnects, and the server crashes.
    Hazard {
        name: "tracking_crash",
        severity: Severity::Warning,
        fixed_in: "6.0.6",
        kinds: &[ServerKind::Redis],
        versions: [[6, 0, 0], [6, 0, 6]],
        concerns: |_| true,
    },
];

pub(super) fn of<'a>(
    topology: &'a Topology,
    server: &'a ServerFacts,
) -> impl Iterator<Item = &'static Hazard> + 'a {
    let version = version(&server.version);
    HAZARDS.iter().filter(move |hazard| {
        let [from, below] = hazard.versions;
        hazard.kinds.contains(&server.kind)
            && version.is_some_and(|version| from <= version && version < below)
            && (hazard.concerns)(topology)
    })
}

/// `1.6.18_ubuntu` as three numbers; those that are missing are 0.
fn version(text: &str) -> Option<Version> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    let first = numbers.next()?.ok()?;
    let mut next = || numbers.next().and_then(Result::ok).unwrap_or(0);
    Some([first, next(), next()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        assert_eq!(version("1.6.18"), Some([1, 6, 18]));
        assert_eq!(version("7.2"), Some([7, 2, 0]));
        assert_eq!(version("1.6.9-beta1"), Some([1, 6, 9]));
        assert_eq!(version(""), None);
        assert_eq!(version("unstable"), None);
    }

    #[test]
    fn every_hazard_ends_where_it_is_fixed() {
        for hazard in HAZARDS {
            assert_eq!(version(hazard.fixed_in), Some(hazard.versions[1]), "{}", hazard.name);
        }
    }
}
