//! RESP 2 and 3, the protocol of Redis: bytes in, replies out, no sockets.
//!
//! Source: the Redis serialization protocol specification (redis.io/docs, "RESP protocol spec").
//! The limits hold against servers that are broken or hostile; they, the list that is read as it
//! streams, and the eye on surplus bytes are why this is no library's.

mod decoder;
mod reply;

pub use decoder::{Begun, Decoder};
pub use reply::Reply;

/// Levels of arrays in arrays.
pub const MAX_DEPTH: usize = 8;
/// Elements of all arrays of one reply together.
pub const MAX_ELEMENTS: usize = 1 << 20;

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

/// Reads one reply from the beginning of `bytes`, which are all that has come. No bulk string may be
/// longer than `max_bulk_bytes`.
pub fn decode(bytes: &[u8], max_bulk_bytes: usize) -> Result<Decoded, Malformed> {
    Ok(match Decoder::default().decode(bytes, max_bulk_bytes)? {
        (taken, Some(reply)) => Decoded::Reply(reply, taken),
        (_, None) => Decoded::Incomplete,
    })
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

#[cfg(test)]
mod tests {
    use super::{decoder::MAX_LINE_BYTES, *};

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
        check(b">-1\r\n", Err(BadNumber));
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

    proptest::proptest! {
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
