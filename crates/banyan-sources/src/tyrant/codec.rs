//! Answers of Tokyo Tyrant's binary protocol, without I/O. Numbers are big-endian.

use banyan_topology::{Fault, FaultKind};

const MAX_TEXT_BYTES: usize = 1 << 20;
/// A key of this size is no key that anybody has.
const MAX_KEY_BYTES: usize = 16 << 20;

/// What stands at the beginning of bytes and how long it is; `None` if more must be received first.
pub(super) type Parsed<T> = Result<Option<(T, usize)>, Fault>;

/// An answer's code: 0 for done, anything else for not, with nothing behind it.
fn code(bytes: &[u8]) -> Option<bool> {
    bytes.first().map(|code| *code == 0)
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// A part that stands behind its own size of four bytes.
fn part(bytes: &[u8], at: usize, max_bytes: usize) -> Parsed<&[u8]> {
    let Some(size) = number(bytes, at).map(u32::from_be_bytes) else { return Ok(None) };
    let size = size as usize;
    if size > max_bytes {
        return Err(Fault::new(FaultKind::Protocol, "a part of impossible size"));
    }
    let start = at + 4;
    Ok(bytes.get(start..start + size).map(|part| (part, start + size)))
}

/// The text of a stat; `None` within if the server refuses it.
pub(super) fn text(bytes: &[u8]) -> Parsed<Option<&[u8]>> {
    match code(bytes) {
        None => Ok(None),
        Some(false) => Ok(Some((None, 1))),
        Some(true) => {
            let text = part(bytes, 1, MAX_TEXT_BYTES)?;
            Ok(text.map(|(text, length)| (Some(text), length)))
        }
    }
}

/// The number of records.
pub(super) fn record_count(bytes: &[u8]) -> Parsed<Option<u64>> {
    Ok(match code(bytes) {
        None => None,
        Some(false) => Some((None, 1)),
        Some(true) => number(bytes, 1).map(|number| (Some(u64::from_be_bytes(number)), 9)),
    })
}

/// The size of a value; `None` within for a record that is not there.
pub(super) fn value_size(bytes: &[u8]) -> Parsed<Option<u32>> {
    Ok(match code(bytes) {
        None => None,
        Some(false) => Some((None, 1)),
        Some(true) => number(bytes, 1).map(|number| (Some(u32::from_be_bytes(number)), 5)),
    })
}

/// How many keys follow, each to be read by [`key`].
pub(super) fn key_count(bytes: &[u8]) -> Parsed<Option<u32>> {
    value_size(bytes)
}

pub(super) fn key(bytes: &[u8]) -> Parsed<&[u8]> {
    part(bytes, 0, MAX_KEY_BYTES)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::{super::command::Command, *};

    fn encoded(command: &Command) -> Vec<u8> {
        let mut bytes = Vec::new();
        command.encode(&mut bytes);
        bytes
    }

    fn keys(bytes: &[u8]) -> Vec<Vec<u8>> {
        let (count, mut at) = key_count(bytes).unwrap().unwrap();
        let mut keys = Vec::new();
        for _ in 0..count.unwrap() {
            let (one, length) = key(&bytes[at..]).unwrap().unwrap();
            keys.push(one.to_vec());
            at += length;
        }
        assert_eq!(at, bytes.len());
        keys
    }

    #[test]
    fn answers_of_a_real_server() {
        let bytes = b"\0\0\0\0\x02\0\0\0\x06user:1\0\0\0\x06user:2";
        assert_eq!(keys(bytes), [b"user:1", b"user:2"]);
        assert_eq!(value_size(b"\0\0\0\0\x03"), Ok(Some((Some(3), 5))));
        assert_eq!(value_size(b"\x01"), Ok(Some((None, 1))));
        assert_eq!(record_count(b"\0\0\0\0\0\0\0\0\x07"), Ok(Some((Some(7), 9))));
        assert_eq!(text(b"\0\0\0\0\x02a\tb"), Ok(Some((Some(&b"a\t"[..]), 7))));
        assert!(text(b"\0\xff\xff\xff\xff").is_err());
        let command = Command::ForwardKeys { prefix: b"user:".to_vec(), max: 10 };
        assert_eq!(encoded(&command), b"\xc8\x58\0\0\0\x05\0\0\0\x0auser:");
        let command = Command::ForwardKeys { prefix: Vec::new(), max: u32::MAX };
        assert_eq!(encoded(&command)[6..], [0x7f, 0xff, 0xff, 0xff], "never without a limit");
    }

    fn hex(text: &str) -> Option<Vec<u8>> {
        let digits = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8));
        let digits: Vec<u8> = digits.collect::<Option<_>>()?;
        let pairs = digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]);
        digits.len().is_multiple_of(2).then(|| pairs.collect())
    }

    /// Exchanges with a real server, byte for byte: what we would send is what was sent, and what
    /// came is read to its end.
    #[test]
    fn transcripts_of_a_real_server() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/data/tokyo-tyrant/transcripts.json");
        let Ok(json) = std::fs::read_to_string(&path) else {
            println!("skipped: no transcripts at {}", path.display());
            return;
        };
        let exchanges: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        let field = |exchange: &serde_json::Value, name: &str| {
            hex(exchange.get(name).unwrap().as_str().unwrap())
        };
        let mut checked = 0;
        for exchange in &exchanges {
            let sent = field(exchange, "send").unwrap();
            // One answer was made unreadable where it named a path.
            let Some(received) = field(exchange, "recv") else { continue };
            let is_whole = |length: Option<usize>| assert_eq!(length, Some(received.len()));
            let resent = match sent.get(..2) {
                Some([0xc8, 0x88]) => {
                    let (stat, length) = text(&received).unwrap().unwrap();
                    is_whole(Some(length));
                    assert!(stat.unwrap().starts_with(b"version\t1.1.41\n"));
                    Command::Stat
                }
                Some([0xc8, 0x80]) => {
                    is_whole(record_count(&received).unwrap().map(|read| read.1));
                    Command::RecordCount
                }
                Some([0xc8, 0x38]) => {
                    is_whole(value_size(&received).unwrap().map(|read| read.1));
                    Command::ValueSize(sent[6..].to_vec())
                }
                Some([0xc8, 0x58]) => {
                    assert!(!keys(&received).is_empty());
                    let max = u32::from_be_bytes(sent[6..10].try_into().unwrap());
                    // Without a limit is what a person may ask and we do not.
                    let prefix = sent[10..].to_vec();
                    let command = Command::ForwardKeys { prefix, max };
                    assert!(max != u32::MAX || encoded(&command) != sent);
                    if max == u32::MAX {
                        checked += 1;
                        continue;
                    }
                    command
                }
                _ => continue,
            };
            assert_eq!(encoded(&resent), sent);
            checked += 1;
        }
        assert!(checked >= 10, "{checked}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(bytes: Vec<u8>) {
            let _ = (text(&bytes), record_count(&bytes), value_size(&bytes), key(&bytes));
        }

        #[test]
        fn what_is_cut_is_incomplete(part_bytes: Vec<u8>, cut in 1..5_usize) {
            let mut bytes = vec![0];
            bytes.extend_from_slice(&(part_bytes.len() as u32).to_be_bytes());
            bytes.extend_from_slice(&part_bytes);
            prop_assert_eq!(text(&bytes), Ok(Some((Some(&part_bytes[..]), bytes.len()))));
            let cut = &bytes[..bytes.len() - cut];
            prop_assert_eq!(text(cut), Ok(None));
        }
    }
}
