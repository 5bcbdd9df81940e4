//! RESP 2, the protocol of Redis: bytes in, replies out, no sockets.
//!
//! Source: the Redis serialization protocol specification (redis.io/docs, "RESP protocol spec").
//! The limits hold against servers that are broken or hostile; they, the list that is read as it
//! streams, and the eye on surplus bytes are why this is no library's.

use std::io::Write;

/// Levels of arrays in arrays.
pub const MAX_DEPTH: usize = 8;
/// Elements of all arrays of one reply together.
pub const MAX_ELEMENTS: usize = 1 << 20;
/// Bytes of a simple string, an error, or a number.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// One reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Simple(Vec<u8>),
    Error(Vec<u8>),
    Integer(i64),
    Bulk(Vec<u8>),
    Array(Vec<Reply>),
    Null,
}

/// The bytes are no reply within the limits. Nothing after them can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    UnknownType(u8),
    BadNumber,
    BadEnd,
    LineTooLong,
    BulkTooLong,
    TooManyElements,
    TooDeep,
    ReplyTooLong,
}

/// What the beginning of a buffer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// More bytes are needed.
    Incomplete,
    /// A reply and the bytes that it takes.
    Reply(Reply, usize),
}

/// Reads one reply from the beginning of `bytes`. No bulk string may be longer than
/// `max_bulk_bytes`.
pub fn decode(bytes: &[u8], max_bulk_bytes: usize) -> Result<Decoded, Malformed> {
    let mut elements = 0;
    let mut reader = Reader { bytes, at: 0, max_bulk_bytes, elements: &mut elements };
    Ok(match reader.reply(0)? {
        Some(reply) => Decoded::Reply(reply, reader.at),
        None => Decoded::Incomplete,
    })
}

/// The length in a bulk string's header at the beginning of `bytes`, and the header's own length.
/// `None` if more bytes are needed; an inner `None` if it is no bulk string.
pub fn bulk_header(bytes: &[u8]) -> Result<Option<Option<(usize, usize)>>, Malformed> {
    match bytes.first() {
        None => Ok(None),
        Some(b'$') => {
            let mut elements = 0;
            let mut reader = Reader { bytes, at: 1, max_bulk_bytes: 0, elements: &mut elements };
            let Some(length) = reader.number()? else { return Ok(None) };
            Ok(Some(usize::try_from(length).ok().map(|length| (length, reader.at))))
        }
        Some(_) => Ok(Some(None)),
    }
}

/// Appends a command as an array of bulk strings, the only form that is ever sent.
pub fn encode(arguments: &[&[u8]], out: &mut Vec<u8>) {
    // Writing into a Vec cannot fail.
    let _ = write!(out, "*{}\r\n", arguments.len());
    for argument in arguments {
        let _ = write!(out, "${}\r\n", argument.len());
        out.extend_from_slice(argument);
        out.extend_from_slice(b"\r\n");
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    max_bulk_bytes: usize,
    elements: &'a mut usize,
}

impl Reader<'_> {
    fn reply(&mut self, depth: usize) -> Result<Option<Reply>, Malformed> {
        let Some(&kind) = self.bytes.get(self.at) else { return Ok(None) };
        self.at += 1;
        match kind {
            b'+' => Ok(self.line()?.map(|line| Reply::Simple(line.to_vec()))),
            b'-' => Ok(self.line()?.map(|line| Reply::Error(line.to_vec()))),
            b':' => Ok(self.number()?.map(Reply::Integer)),
            b'$' => self.bulk(),
            b'*' => self.array(depth),
            _ => Err(Malformed::UnknownType(kind)),
        }
    }

    fn bulk(&mut self) -> Result<Option<Reply>, Malformed> {
        let Some(length) = self.number()? else { return Ok(None) };
        if length == -1 {
            return Ok(Some(Reply::Null));
        }
        let length = usize::try_from(length).map_err(|_| Malformed::BadNumber)?;
        if length > self.max_bulk_bytes {
            return Err(Malformed::BulkTooLong);
        }
        let Some(body) = self.bytes.get(self.at..self.at + length + 2) else { return Ok(None) };
        let Some(content) = body.strip_suffix(b"\r\n") else { return Err(Malformed::BadEnd) };
        self.at += length + 2;
        Ok(Some(Reply::Bulk(content.to_vec())))
    }

    fn array(&mut self, depth: usize) -> Result<Option<Reply>, Malformed> {
        let Some(length) = self.number()? else { return Ok(None) };
        if length == -1 {
            return Ok(Some(Reply::Null));
        }
        let length = usize::try_from(length).map_err(|_| Malformed::BadNumber)?;
        if depth >= MAX_DEPTH {
            return Err(Malformed::TooDeep);
        }
        *self.elements = self.elements.saturating_add(length);
        if *self.elements > MAX_ELEMENTS {
            return Err(Malformed::TooManyElements);
        }
        // Grown as elements come: the announced length alone reserves nothing.
        let mut elements = Vec::new();
        for _ in 0..length {
            let Some(element) = self.reply(depth + 1)? else { return Ok(None) };
            elements.push(element);
        }
        Ok(Some(Reply::Array(elements)))
    }

    fn number(&mut self) -> Result<Option<i64>, Malformed> {
        let Some(line) = self.line()? else { return Ok(None) };
        let text = str::from_utf8(line).map_err(|_| Malformed::BadNumber)?;
        text.parse().map(Some).map_err(|_| Malformed::BadNumber)
    }

    /// Bytes up to CR LF, which are taken too.
    fn line(&mut self) -> Result<Option<&[u8]>, Malformed> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let window = &rest[..rest.len().min(MAX_LINE_BYTES)];
        match window.iter().position(|byte| *byte == b'\r') {
            None if rest.len() >= MAX_LINE_BYTES => Err(Malformed::LineTooLong),
            None => Ok(None),
            Some(end) => match rest.get(end + 1) {
                None => Ok(None),
                Some(b'\n') => {
                    self.at += end + 2;
                    Ok(Some(&rest[..end]))
                }
                Some(_) => Err(Malformed::BadEnd),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expect: Result<Reply, Malformed>) {
        let is_reply = expect.is_ok();
        assert_eq!(decode(bytes, 100), expect.map(|reply| Decoded::Reply(reply, bytes.len())));
        if is_reply {
            for end in 0..bytes.len() {
                assert_eq!(
                    decode(&bytes[..end], 100),
                    Ok(Decoded::Incomplete),
                    "first {end} bytes"
                );
            }
        }
    }

    #[test]
    fn replies() {
        use Malformed::*;
        use Reply::*;
        check(b"+OK\r\n", Ok(Simple(b"OK".to_vec())));
        check(b"-NOAUTH x\r\n", Ok(Error(b"NOAUTH x".to_vec())));
        check(b":-7\r\n", Ok(Integer(-7)));
        check(b"$3\r\na\r\n\r\n", Ok(Bulk(b"a\r\n".to_vec())));
        check(b"$0\r\n\r\n", Ok(Bulk(vec![])));
        check(b"$-1\r\n", Ok(Null));
        check(b"*-1\r\n", Ok(Null));
        check(b"*0\r\n", Ok(Array(vec![])));
        check(b"*2\r\n:1\r\n*1\r\n$-1\r\n", Ok(Array(vec![Integer(1), Array(vec![Null])])));
        check(b"%1\r\n", Err(UnknownType(b'%')));
        check(b":x\r\n", Err(BadNumber));
        check(b"$-2\r\n", Err(BadNumber));
        check(b"$101\r\n", Err(BulkTooLong));
        check(b"$1\r\nabc", Err(BadEnd));
        check(b"+a\rb", Err(BadEnd));
        check(b"*2147483647\r\n", Err(TooManyElements));
        check(&b"*1\r\n".repeat(9), Err(TooDeep));
        check(&[b'+'; MAX_LINE_BYTES + 1], Err(LineTooLong));
    }

    #[test]
    fn the_header_of_a_bulk_string() {
        assert_eq!(bulk_header(b"$64\r\nabc"), Ok(Some(Some((64, 5)))));
        assert_eq!(bulk_header(b"$6"), Ok(None));
        assert_eq!(bulk_header(b"-ERR\r\n"), Ok(Some(None)));
        assert_eq!(bulk_header(b"$-1\r\n"), Ok(Some(None)));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_no_panic(bytes in "[+\\-:$*0-9\r\n a]{0,60}") {
            if let Ok(Decoded::Reply(_, taken)) = decode(bytes.as_bytes(), 1000) {
                assert!(taken <= bytes.len());
            }
        }

        #[test]
        fn a_command_reads_back(arguments: Vec<Vec<u8>>) {
            let mut bytes = Vec::new();
            let slices: Vec<&[u8]> = arguments.iter().map(Vec::as_slice).collect();
            encode(&slices, &mut bytes);
            let expect = Reply::Array(arguments.into_iter().map(Reply::Bulk).collect());
            assert_eq!(decode(&bytes, 1 << 20), Ok(Decoded::Reply(expect, bytes.len())));
        }
    }
}
