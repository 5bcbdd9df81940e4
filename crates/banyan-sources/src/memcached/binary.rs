//! The binary protocol of memcached, without I/O, as far as SASL and `stats` need it.
//!
//! A server with SASL (`-S`) speaks nothing else. Source: `doc/protocol-binary.xml` of memcached.

use banyan_topology::{Fault, FaultKind, printable};

use super::text::{Received, StatLine, stat_line};

const HEADER_BYTES: usize = 24;
const MAX_BODY_BYTES: usize = 16 << 20;
const REQUEST: u8 = 0x80;
const RESPONSE: u8 = 0x81;

/// Why connections, keys and `watch` are not told to who logs in with SASL.
pub(super) const LACKING: &str = "the binary protocol, which SASL asks for, does not tell it";

const OK: u16 = 0;
const NOT_FOUND: u16 = 1;
const REFUSED: u16 = 0x20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opcode {
    Stat = 0x10,
    SaslMechanisms = 0x20,
    SaslAuth = 0x21,
}

pub(super) fn request(opcode: Opcode, key: &[u8], value: &[u8]) -> Vec<u8> {
    let key_length = key.len() as u16;
    let body_length = (key.len() + value.len()) as u32;
    let mut bytes = vec![REQUEST, opcode as u8];
    bytes.extend_from_slice(&key_length.to_be_bytes());
    // No extras, no data type, no partition.
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&body_length.to_be_bytes());
    // Neither a number of the request nor a version of an item.
    bytes.extend_from_slice(&[0; 12]);
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(value);
    bytes
}

/// SASL PLAIN: nothing, the user and the password, each after a NUL (RFC 4616).
pub(super) fn sasl_plain(user: &str, password: &str) -> Vec<u8> {
    let value = format!("\0{user}\0{password}");
    request(Opcode::SaslAuth, b"PLAIN", value.as_bytes())
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) opcode: u8,
    pub(super) status: u16,
    pub(super) key: Vec<u8>,
    pub(super) value: Vec<u8>,
}

/// A response and its length; `None` if more must be received first.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Response, usize)>, Fault> {
    let wrong = |what: &str| Fault::new(FaultKind::Protocol, what);
    if bytes.first().is_some_and(|magic| *magic != RESPONSE) {
        return Err(wrong("not an answer of the binary protocol"));
    }
    let Some(header) = bytes.first_chunk::<HEADER_BYTES>() else { return Ok(None) };
    let &[_, opcode, k0, k1, extras, _, s0, s1, b0, b1, b2, b3, ..] = header;
    let key_length = usize::from(u16::from_be_bytes([k0, k1]));
    let body_length = u32::from_be_bytes([b0, b1, b2, b3]) as usize;
    let key_start = HEADER_BYTES + usize::from(extras);
    let end = HEADER_BYTES + body_length;
    if body_length > MAX_BODY_BYTES || key_start + key_length > end {
        return Err(wrong("an answer of impossible length"));
    }
    if bytes.len() < end {
        return Ok(None);
    }
    let part = |range: std::ops::Range<usize>| bytes.get(range).unwrap_or_default().to_vec();
    let response = Response {
        opcode,
        status: u16::from_be_bytes([s0, s1]),
        key: part(key_start..key_start + key_length),
        value: part(key_start + key_length..end),
    };
    Ok(Some((response, end)))
}

impl Response {
    /// What one response to [`Opcode::Stat`] tells, as the lines of the text protocol would.
    pub(super) fn stat_lines(&self) -> Result<Vec<StatLine>, Fault> {
        if self.opcode != Opcode::Stat as u8 {
            return Err(Fault::new(FaultKind::Protocol, "an answer to something else"));
        }
        if self.status != OK {
            return Ok(vec![StatLine::Refusal(self.reason())]);
        }
        if self.key.is_empty() {
            return Ok(vec![StatLine::End]);
        }
        // The prefixes come as one value that holds the text of the other protocol.
        if self.key == b"detailed" {
            let mut text = Received::default();
            text.bytes.clone_from(&self.value);
            let mut lines = Vec::new();
            while let Some(line) = text.line()? {
                lines.push(stat_line(line));
            }
            lines.retain(|line| *line != StatLine::End);
            return Ok(lines);
        }
        Ok(vec![StatLine::Stat(printable(&self.key, 256), printable(&self.value, 1024))])
    }

    pub(super) fn is_ok(&self) -> bool {
        self.status == OK
    }

    fn reason(&self) -> String {
        match self.status {
            NOT_FOUND => LACKING.to_owned(),
            REFUSED => "authentication failure".to_owned(),
            _ => printable(&self.value, 256),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn response(status: u16, key: &[u8], value: &[u8]) -> Vec<u8> {
        let mut bytes = request(Opcode::Stat, key, value);
        bytes[0] = RESPONSE;
        bytes[6..8].copy_from_slice(&status.to_be_bytes());
        bytes
    }

    fn lines(bytes: &[u8]) -> Vec<StatLine> {
        let (response, length) = parse(bytes).unwrap().unwrap();
        assert_eq!(length, bytes.len());
        response.stat_lines().unwrap()
    }

    #[test]
    fn stats() {
        let stat = |name: &str, value: &str| StatLine::Stat(name.into(), value.into());
        assert_eq!(lines(&response(OK, b"pid", b"7")), [stat("pid", "7")]);
        assert_eq!(lines(&response(OK, b"", b"")), [StatLine::End]);
        let dump = response(OK, b"detailed", b"PREFIX a get 1\r\nPREFIX b get 2\r\nEND\r\n");
        assert_eq!(lines(&dump), [stat("a", "get 1"), stat("b", "get 2")]);
        assert!(matches!(&lines(&response(1, b"", b"Not found"))[..], [StatLine::Refusal(_)]));
    }

    #[test]
    fn plain_of_rfc_4616() {
        let bytes = sasl_plain("alice", "secret1");
        assert_eq!(&bytes[..4], [0x80, 0x21, 0, 5]);
        assert_eq!(&bytes[8..12], [0, 0, 0, 19]);
        assert_eq!(&bytes[24..], b"PLAIN\0alice\0secret1");
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(mut bytes: Vec<u8>, is_response: bool) {
            if is_response && let Some(first) = bytes.first_mut() {
                *first = RESPONSE;
            }
            if let Ok(Some((response, length))) = parse(&bytes) {
                prop_assert!(length <= bytes.len());
                let _ = response.stat_lines();
            }
        }

        #[test]
        fn what_is_cut_is_incomplete(key in "[a-z]{0,9}", value: Vec<u8>, cut in 0..24_usize) {
            let bytes = response(OK, key.as_bytes(), &value);
            let (read, length) = parse(&bytes).unwrap().unwrap();
            prop_assert_eq!((read.key, read.value, length), (key.into_bytes(), value, bytes.len()));
            prop_assert_eq!(parse(&bytes[..bytes.len() - 1 - cut]), Ok(None));
        }
    }
}
