//! RESP 2 and 3, the protocol of Redis: bytes in, replies out, no sockets.
//!
//! Source: the Redis serialization protocol specification (redis.io/docs, "RESP protocol spec").
//! The limits hold against servers that are broken or hostile; they, the list that is read as it
//! streams, and the eye on surplus bytes are why this is no library's.

mod reply;

pub use reply::Reply;

/// Levels of arrays in arrays.
pub const MAX_DEPTH: usize = 8;
/// Elements of all arrays of one reply together.
pub const MAX_ELEMENTS: usize = 1 << 20;
/// Bytes of a simple string, an error, or a number.
const MAX_LINE_BYTES: usize = 64 * 1024;
/// Of a verbatim string: `txt:` before the text.
const FORMAT_BYTES: usize = 4;

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
#[derive(Clone, Debug, PartialEq)]
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

/// The length in the header of a bulk or verbatim string at the beginning of `bytes`, and the
/// header's own length. `None` if more bytes are needed; an inner `None` if it is no such string.
pub fn bulk_header(bytes: &[u8]) -> Result<Option<Option<(usize, usize)>>, Malformed> {
    let format_bytes = match bytes.first() {
        None => return Ok(None),
        Some(b'$') => 0,
        Some(b'=') => FORMAT_BYTES,
        Some(_) => return Ok(Some(None)),
    };
    let mut elements = 0;
    let mut reader = Reader { bytes, at: 1, max_bulk_bytes: 0, elements: &mut elements };
    let Some(length) = reader.number()? else { return Ok(None) };
    if length == -1 && format_bytes == 0 {
        return Ok(Some(None));
    }
    let length = usize::try_from(length).map_err(|_| Malformed::BadNumber)?;
    let length = length.checked_sub(format_bytes).ok_or(Malformed::BadNumber)?;
    let header = reader.at + format_bytes;
    Ok((bytes.len() >= header).then_some(Some((length, header))))
}

/// Appends a command as an array of bulk strings, the only form that is ever sent.
pub fn encode(arguments: &[&[u8]], out: &mut Vec<u8>) {
    header(b'*', arguments.len(), out);
    for argument in arguments {
        header(b'$', argument.len(), out);
        out.extend_from_slice(argument);
        out.extend_from_slice(b"\r\n");
    }
}

/// Writes digits itself: a walk says millions of commands, and to format them was a tenth of it.
fn header(kind: u8, length: usize, out: &mut Vec<u8>) {
    out.push(kind);
    let begin = out.len();
    let mut rest = length;
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(begin..) {
        digits.reverse();
    }
    out.extend_from_slice(b"\r\n");
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    max_bulk_bytes: usize,
    elements: &'a mut usize,
}

impl Reader<'_> {
    fn reply(&mut self, depth: usize) -> Result<Option<Reply>, Malformed> {
        loop {
            let Some(&kind) = self.bytes.get(self.at) else { return Ok(None) };
            self.at += 1;
            return match kind {
                b'+' => Ok(self.line()?.map(|line| Reply::Simple(line.to_vec()))),
                b'-' => Ok(self.line()?.map(|line| Reply::Error(line.to_vec()))),
                b':' => Ok(self.number()?.map(Reply::Integer)),
                b'$' => self.string(|content| Ok(Reply::Bulk(content.to_vec()))),
                b'!' => self.string(|content| Ok(Reply::Error(content.to_vec()))),
                b'=' => self.string(|content| match content.get(FORMAT_BYTES..) {
                    Some(text) => Ok(Reply::Bulk(text.to_vec())),
                    None => Err(Malformed::BadNumber),
                }),
                b'*' | b'~' => self.elements(depth, Reply::Array),
                b'>' if depth == 0 => self.elements(depth, Reply::Push),
                b'%' => Ok(self.pairs(depth)?.map(Reply::Map)),
                // Said of the reply that follows, and nothing that a viewer has use for.
                b'|' => match self.pairs(depth)? {
                    Some(_) => continue,
                    None => Ok(None),
                },
                b'_' => match self.line()? {
                    Some([]) => Ok(Some(Reply::Null)),
                    Some(_) => Err(Malformed::BadEnd),
                    None => Ok(None),
                },
                b'#' => match self.line()? {
                    Some(b"t") => Ok(Some(Reply::Boolean(true))),
                    Some(b"f") => Ok(Some(Reply::Boolean(false))),
                    Some(_) => Err(Malformed::BadNumber),
                    None => Ok(None),
                },
                b',' => match self.line()? {
                    Some(line) => {
                        let number = str::from_utf8(line).ok().and_then(|text| text.parse().ok());
                        number.map(Reply::Double).map(Some).ok_or(Malformed::BadNumber)
                    }
                    None => Ok(None),
                },
                b'(' => Ok(self.line()?.map(|line| Reply::BigNumber(line.to_vec()))),
                _ => Err(Malformed::UnknownType(kind)),
            };
        }
    }

    /// A string with its length before it.
    fn string(
        &mut self,
        read: impl FnOnce(&[u8]) -> Result<Reply, Malformed>,
    ) -> Result<Option<Reply>, Malformed> {
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
        read(content).map(Some)
    }

    fn elements(
        &mut self,
        depth: usize,
        make: impl FnOnce(Vec<Reply>) -> Reply,
    ) -> Result<Option<Reply>, Malformed> {
        let length = match self.number()? {
            None => return Ok(None),
            Some(-1) => return Ok(Some(Reply::Null)),
            Some(length) => self.room_for(length, 1, depth)?,
        };
        // Grown as elements come: the announced length alone reserves nothing.
        let mut elements = Vec::new();
        for _ in 0..length {
            let Some(element) = self.reply(depth + 1)? else { return Ok(None) };
            elements.push(element);
        }
        Ok(Some(make(elements)))
    }

    fn pairs(&mut self, depth: usize) -> Result<Option<Vec<(Reply, Reply)>>, Malformed> {
        let Some(length) = self.number()? else { return Ok(None) };
        let length = self.room_for(length, 2, depth)?;
        let mut pairs = Vec::new();
        for _ in 0..length {
            let Some(name) = self.reply(depth + 1)? else { return Ok(None) };
            let Some(value) = self.reply(depth + 1)? else { return Ok(None) };
            pairs.push((name, value));
        }
        Ok(Some(pairs))
    }

    /// Counts what an aggregate of `length` times `each` elements holds against the limits.
    fn room_for(&mut self, length: i64, each: usize, depth: usize) -> Result<usize, Malformed> {
        let length = usize::try_from(length).map_err(|_| Malformed::BadNumber)?;
        if depth >= MAX_DEPTH {
            return Err(Malformed::TooDeep);
        }
        // One more, so that attributes without end, which hold nothing, come to an end.
        let more = length.saturating_mul(each).saturating_add(1);
        *self.elements = self.elements.saturating_add(more);
        if *self.elements > MAX_ELEMENTS { Err(Malformed::TooManyElements) } else { Ok(length) }
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
        check(b"?1\r\n", Err(UnknownType(b'?')));
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
    fn replies_of_resp_3() {
        use Malformed::*;
        use Reply::*;
        let a = || Bulk(b"a".to_vec());
        check(b"_\r\n", Ok(Null));
        check(b"#t\r\n", Ok(Boolean(true)));
        check(b"#x\r\n", Err(BadNumber));
        check(b",-1.5\r\n", Ok(Double(-1.5)));
        check(b",inf\r\n", Ok(Double(f64::INFINITY)));
        check(b",x\r\n", Err(BadNumber));
        check(b"(123456789012345678901\r\n", Ok(BigNumber(b"123456789012345678901".to_vec())));
        check(b"!5\r\nERR x\r\n", Ok(Error(b"ERR x".to_vec())));
        check(b"=5\r\ntxt:a\r\n", Ok(a()));
        check(b"=3\r\ntxt\r\n", Err(BadNumber));
        check(b"~1\r\n$1\r\na\r\n", Ok(Array(vec![a()])));
        check(b">1\r\n$1\r\na\r\n", Ok(Push(vec![a()])));
        check(b"%1\r\n$1\r\na\r\n:1\r\n", Ok(Map(vec![(a(), Integer(1))])));
        check(b"|1\r\n+x\r\n:1\r\n$1\r\na\r\n", Ok(a()));
        check(b"*1\r\n>1\r\n", Err(UnknownType(b'>')));
        check(b"%2147483647\r\n", Err(TooManyElements));
        check(b"%-1\r\n", Err(BadNumber));
        check(b"*?\r\n", Err(BadNumber));
        check(&b"%1\r\n".repeat(9), Err(TooDeep));
        check(&b"|0\r\n".repeat(MAX_ELEMENTS + 1), Err(TooManyElements));
    }

    #[test]
    fn the_header_of_a_bulk_string() {
        assert_eq!(bulk_header(b"=64\r\ntxt:abc"), Ok(Some(Some((60, 9)))));
        assert_eq!(bulk_header(b"=64\r\ntx"), Ok(None));
        assert_eq!(bulk_header(b"=3\r\ntxt"), Err(Malformed::BadNumber));
        assert_eq!(bulk_header(b"$-2\r\n"), Err(Malformed::BadNumber));
        assert_eq!(bulk_header(b"$64\r\nabc"), Ok(Some(Some((64, 5)))));
        assert_eq!(bulk_header(b"$6"), Ok(None));
        assert_eq!(bulk_header(b"-ERR\r\n"), Ok(Some(None)));
        assert_eq!(bulk_header(b"$-1\r\n"), Ok(Some(None)));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_no_panic(bytes in "[+\\-:$*_#,(!=~>%|0-9\r\n at]{0,60}") {
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
