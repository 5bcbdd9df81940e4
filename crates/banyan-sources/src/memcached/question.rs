//! Everything that can be said to a memcached. None of it writes, and none of it touches an item.

/// A question that is answered with `STAT` lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Stats,
    Settings,
    Items,
    Slabs,
    /// Counts of items by size. Only a server that tracks them (`-o track_sizes`) answers without
    /// walking all its items under a lock.
    Sizes,
    Connections,
    /// Counts by prefix of keys, which the server has where `detail` is on. Nothing here turns it on.
    Prefixes,
}

impl Question {
    /// What follows `stats` in both protocols.
    pub(super) const fn argument(self) -> &'static str {
        match self {
            Self::Stats => "",
            Self::Settings => "settings",
            Self::Items => "items",
            Self::Slabs => "slabs",
            Self::Sizes => "sizes",
            Self::Connections => "conns",
            Self::Prefixes => "detail dump",
        }
    }

    /// The name of the answer in [`banyan_topology::Topology::sections`].
    pub(super) const fn section(self) -> &'static str {
        match self {
            Self::Stats => "stats",
            Self::Prefixes => "prefixes",
            _ => self.argument(),
        }
    }

    pub(super) fn text(self) -> Vec<u8> {
        match self {
            Self::Stats => b"stats\r\n".to_vec(),
            _ => format!("stats {}\r\n", self.argument()).into_bytes(),
        }
    }
}

/// Asks a server of the text protocol who it is. A server that speaks only the binary protocol
/// closes the connection once it has the 24 bytes of a header, which the spaces fill.
pub(super) const VERSION: &[u8] = b"version                 \r\n";

/// The words that open a connection of a server with `-Y`. They look like a `set`: they may go only
/// to a server that has just said that the connection is not authenticated, where they are none.
pub(super) fn text_auth(user: &str, password: &str) -> Vec<u8> {
    let data = format!("{user} {password}");
    format!("set auth 0 0 {}\r\n{data}\r\n", data.len()).into_bytes()
}

/// Lists all items, a line each.
pub(super) const METADUMP: &[u8] = b"lru_crawler metadump all\r\n";

/// Asks for a line for each read and each write, as they happen; and, from 1.6.20 on, each deletion.
pub(super) const WATCH: &[u8] = b"watch fetchers mutations\r\n";
pub(super) const WATCH_DELETIONS_TOO: &[u8] = b"watch fetchers mutations deletions\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(Question::Stats.text(), b"stats\r\n");
        assert_eq!(Question::Prefixes.text(), b"stats detail dump\r\n");
        assert!(VERSION.len() >= 24);
        assert_eq!(text_auth("alice", "secret1"), b"set auth 0 0 13\r\nalice secret1\r\n");
    }
}
