//! `lru_crawler metadump`: every item's key and facts, a line each.

use banyan_topology::{KeyFacts, KeyType};

/// One line of a dump.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) key: Vec<u8>,
    /// Of the item as a whole, with its header.
    pub(super) bytes: u64,
    /// When it ends, in seconds since 1970 by the server's clock; `None` for an item that stays.
    expires_at_secs: Option<u64>,
    /// When it was last read or written, by the same clock.
    used_at_secs: Option<u64>,
}

impl Item {
    /// `key=user%3A1 exp=-1 la=1795298185 cas=2 fetch=yes cls=1 size=70`; `None` for another line.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let mut fields = line.split(|byte| *byte == b' ');
        let key = decode(fields.next()?.strip_prefix(b"key=")?);
        let mut item = Self { key, bytes: 0, expires_at_secs: None, used_at_secs: None };
        for field in fields {
            let Some(at) = field.iter().position(|byte| *byte == b'=') else { continue };
            let (name, value) = field.split_at(at);
            // A time that is not there, or -1 for never, is no number here.
            let number = || -> Option<u64> { str::from_utf8(value.get(1..)?).ok()?.parse().ok() };
            match name {
                b"exp" => item.expires_at_secs = number(),
                b"la" => item.used_at_secs = number(),
                b"size" => item.bytes = number().unwrap_or(0),
                _ => {}
            }
        }
        Some(item)
    }

    /// What is known of the key at `now_secs` of the server's clock.
    pub(super) fn facts(&self, now_secs: u64) -> KeyFacts {
        KeyFacts {
            // Every value of memcached is a string of bytes.
            key_type: KeyType::String,
            bytes: self.bytes,
            ttl_secs: self.expires_at_secs.map(|at| at.saturating_sub(now_secs)),
        }
    }

    /// Seconds since it was last used.
    pub(super) fn idle_secs(&self, now_secs: u64) -> Option<u64> {
        self.used_at_secs.map(|at| now_secs.saturating_sub(at))
    }
}

/// Percent-decodes. What is no escape stays as it is.
pub(super) fn decode(text: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        match (byte, digit(after.first()), digit(after.get(1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn items() {
        let line =
            b"key=user%3A0%3Aname exp=1795301785 la=1795298185 cas=2 fetch=yes cls=1 size=70";
        let item = Item::parse(line).unwrap();
        assert_eq!(item.key, b"user:0:name");
        let facts = item.facts(1_795_301_700);
        assert_eq!((facts.bytes, facts.ttl_secs), (70, Some(85)));
        assert_eq!(item.idle_secs(1_795_298_190), Some(5));
        let item = Item::parse(b"key=a%e4%ba%ba%zz exp=-1 la=x size=").unwrap();
        assert_eq!(item.key, "a人%zz".as_bytes());
        assert_eq!((item.facts(7).ttl_secs, item.idle_secs(7)), (None, None));
        for line in ["END", "", "BUSY currently processing crawler request", "k=v"] {
            assert_eq!(Item::parse(line.as_bytes()), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(line: Vec<u8>) {
            let with_key = [b"key=", &line[..]].concat();
            let _ = (Item::parse(&line), Item::parse(&with_key));
        }

        #[test]
        fn what_is_encoded_is_decoded(key: Vec<u8>) {
            let encoded: String = key.iter().map(|byte| format!("%{byte:02X}")).collect();
            prop_assert_eq!(decode(encoded.as_bytes()), key);
        }
    }
}
