//! The text protocol of memcached, without I/O: bytes in; lines, answers and refusals out.

use banyan_topology::{Fault, FaultKind, printable};

const MAX_LINE_BYTES: usize = 64 * 1024;
/// Bytes of a name and of a value that are kept.
const MAX_NAME_BYTES: usize = 256;
const MAX_VALUE_BYTES: usize = 1024;

/// `STAT name value` pairs in the order of the server.
pub(super) type Stats = Vec<(String, String)>;

/// What has been received and not yet read.
#[derive(Default)]
pub(super) struct Received {
    pub(super) bytes: Vec<u8>,
    /// Read already.
    start: usize,
    /// Known to hold no end of a line.
    searched: usize,
}

impl Received {
    /// The next line without its end; `None` if more must be received first.
    pub(super) fn line(&mut self) -> Result<Option<&[u8]>, Fault> {
        let from = self.searched.max(self.start);
        let unread = self.bytes.get(from..).unwrap_or_default();
        let Some(at) = unread.iter().position(|byte| *byte == b'\n') else {
            if self.bytes.len() - self.start > MAX_LINE_BYTES {
                return Err(Fault::new(FaultKind::Protocol, "a line without end"));
            }
            self.forget_read();
            self.searched = self.bytes.len();
            return Ok(None);
        };
        let line = self.start..from + at;
        self.start = from + at + 1;
        let line = self.bytes.get(line).unwrap_or_default();
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Marks bytes as read, by other means than lines.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.bytes.len());
    }

    /// Gives back the memory of what has been read. Done before more is received and not after each
    /// part, for it moves the rest.
    pub(super) fn forget_read(&mut self) {
        self.bytes.drain(..self.start);
        self.start = 0;
    }

    /// What has not been read. After an answer that is nothing, unless nobody asked for it.
    pub(super) fn unread(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

/// A line of the answer to `stats`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StatLine {
    Stat(String, String),
    End,
    /// The server's reason why there is no answer.
    Refusal(String),
}

pub(super) fn stat_line(line: &[u8]) -> StatLine {
    // `stats detail dump` says PREFIX where the others say STAT.
    let stat = line.strip_prefix(b"STAT ").or_else(|| line.strip_prefix(b"PREFIX "));
    match stat {
        Some(stat) => {
            let at = stat.iter().position(|byte| *byte == b' ').unwrap_or(stat.len());
            let (name, value) = stat.split_at(at);
            let value = value.get(1..).unwrap_or_default();
            StatLine::Stat(printable(name, MAX_NAME_BYTES), printable(value, MAX_VALUE_BYTES))
        }
        None if line == b"END" || line == b"RESET" => StatLine::End,
        None => StatLine::Refusal(printable(line, MAX_NAME_BYTES)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All lines of `chunks`, which come one by one.
    fn lines<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Vec<u8>>, Fault> {
        let mut received = Received::default();
        let mut lines = Vec::new();
        for chunk in chunks {
            received.bytes.extend_from_slice(chunk);
            while let Some(line) = received.line()? {
                lines.push(line.to_vec());
            }
        }
        Ok(lines)
    }

    #[test]
    fn stat_lines() {
        let stat = |name: &str, value: &str| StatLine::Stat(name.to_owned(), value.to_owned());
        assert_eq!(stat_line(b"STAT pid 7"), stat("pid", "7"));
        assert_eq!(stat_line(b"STAT 24:addr tcp:[::1]:7"), stat("24:addr", "tcp:[::1]:7"));
        assert_eq!(stat_line(b"STAT empty"), stat("empty", ""));
        assert_eq!(stat_line(b"PREFIX a\x1b get 1 hit 1"), stat("a\\x1b", "get 1 hit 1"));
        assert_eq!(stat_line(b"END"), StatLine::End);
        let refusal = "CLIENT_ERROR unauthenticated";
        assert_eq!(stat_line(refusal.as_bytes()), StatLine::Refusal(refusal.to_owned()));
    }

    proptest! {
        #[test]
        fn any_bytes_split_anywhere_make_the_same_lines(
            bytes in proptest::collection::vec(
                prop_oneof![Just(b'\r'), Just(b'\n'), any::<u8>()], 0..300),
            size in 1..40_usize,
        ) {
            let whole = lines([bytes.as_slice()])?;
            prop_assert_eq!(&lines(bytes.chunks(size))?, &whole);
            for line in whole {
                stat_line(&line);
            }
        }
    }

    #[test]
    fn a_line_without_end_is_a_fault() {
        let chunk = [b'x'; 1024];
        assert!(lines(std::iter::repeat_n(&chunk[..], 70)).is_err());
        assert!(lines(std::iter::repeat_n(&chunk[..], 60)).is_ok());
    }
}
