//! Reads a reply as its bytes come, each of them once.
//!
//! Whoever began anew with every piece of a reply would look at the square of its length, and a
//! hostile server sends sixteen megabytes byte by byte. So what has been read stays read: aggregates
//! that are begun, a string whose length is known, and how far the end of a line has been sought.

use super::{MAX_DEPTH, MAX_ELEMENTS, Malformed, Reply};

/// Bytes of a simple string or an error, and of what else has a line to itself.
pub(super) const MAX_LINE_BYTES: usize = 64 * 1024;
/// Of a verbatim string: `txt:` before the text.
const FORMAT_BYTES: usize = 4;

/// Where the reading of one reply stands.
#[derive(Default)]
pub struct Decoder {
    /// Aggregates that are begun, the outermost first.
    open: Vec<Open>,
    /// The string whose header has been read.
    string: Option<Begun>,
    /// Bytes from the beginning of a line that are known not to hold its end.
    searched: usize,
    /// Elements that the reply has announced so far.
    elements: usize,
    /// Bytes that the reply has taken so far.
    taken: usize,
    /// Bytes that were looked at, those that were looked at again among them.
    #[cfg(test)]
    pub(crate) looked_at: usize,
}

/// A string whose header has been read and whose content has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    kind: u8,
    /// Bytes of its content.
    pub length: usize,
    /// Bytes of that which stand before the text.
    pub format_bytes: usize,
}

/// An aggregate of which not all elements are there.
struct Open {
    shape: Shape,
    left: usize,
    elements: Vec<Reply>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Array,
    Push,
    Map,
    /// Said of the reply that follows, and nothing that a viewer has use for.
    Attributes,
}

/// The smallest that is read at once.
enum Token {
    Whole(Reply),
    String(Begun),
    Aggregate(Shape, usize),
}

impl Decoder {
    /// Reads on in `bytes`, which begin where the last call stopped. Returns how many it has taken,
    /// and the reply if that is its end; the next reply begins after it. No bulk string may be
    /// longer than `max_bulk_bytes`. After an error nothing can be read any more.
    pub fn decode(
        &mut self,
        bytes: &[u8],
        max_bulk_bytes: usize,
    ) -> Result<(usize, Option<Reply>), Malformed> {
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some((token, length)) = self.token(rest, max_bulk_bytes)? else {
                return Ok((at, None));
            };
            at += length;
            self.taken += length;
            let reply = match token {
                Token::Whole(reply) => self.put(reply),
                Token::String(begun) => {
                    self.string = Some(begun);
                    None
                }
                Token::Aggregate(shape, length) => self.begin(shape, length)?,
            };
            if reply.is_some() {
                (self.elements, self.taken) = (0, 0);
                return Ok((at, reply));
            }
        }
    }

    /// Bytes of the reply that is being read.
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// Whether what is being read is said without being asked.
    pub fn is_in_push(&self) -> bool {
        self.open.first().is_some_and(|open| open.shape == Shape::Push)
    }

    /// Leaves it to the caller to read the content of the string that is the whole reply, and the
    /// CR LF after it.
    pub fn hand_over_string(&mut self) -> Option<Begun> {
        let begun = self.string.filter(|begun| self.open.is_empty() && begun.kind != b'!')?;
        (self.string, self.elements, self.taken) = (None, 0, 0);
        Some(begun)
    }

    fn token(
        &mut self,
        bytes: &[u8],
        max_bulk_bytes: usize,
    ) -> Result<Option<(Token, usize)>, Malformed> {
        if let Some(begun) = self.string {
            let Some(body) = bytes.get(..begun.length + 2) else { return Ok(None) };
            let Some(content) = body.strip_suffix(b"\r\n") else { return Err(Malformed::BadEnd) };
            self.look_at(body.len());
            self.string = None;
            let text = content.get(begun.format_bytes..).unwrap_or_default().to_vec();
            let reply = if begun.kind == b'!' { Reply::Error(text) } else { Reply::Bulk(text) };
            return Ok(Some((Token::Whole(reply), body.len())));
        }
        let Some(&kind) = bytes.first() else { return Ok(None) };
        let is_push = kind == b'>' && self.open.is_empty();
        if !is_push && !b"+-:$!=*~%|_#,(".contains(&kind) {
            return Err(Malformed::UnknownType(kind));
        }
        let Some(line) = self.line(bytes)? else { return Ok(None) };
        let token = match kind {
            b'+' => Token::Whole(Reply::Simple(line.to_vec())),
            b'-' => Token::Whole(Reply::Error(line.to_vec())),
            b':' => Token::Whole(Reply::Integer(number(line)?)),
            b',' => Token::Whole(Reply::Double(number(line)?)),
            b'(' => Token::Whole(Reply::BigNumber(line.to_vec())),
            b'_' if line.is_empty() => Token::Whole(Reply::Null),
            b'_' => return Err(Malformed::BadEnd),
            b'#' => match line {
                b"t" => Token::Whole(Reply::Boolean(true)),
                b"f" => Token::Whole(Reply::Boolean(false)),
                _ => return Err(Malformed::BadNumber),
            },
            _ => match (kind, number::<i64>(line)?) {
                (b'$' | b'!' | b'=' | b'*' | b'~', -1) => Token::Whole(Reply::Null),
                (kind, length) => {
                    let length = usize::try_from(length).map_err(|_| Malformed::BadNumber)?;
                    announced(kind, length, max_bulk_bytes)?
                }
            },
        };
        // The kind, the line, and its end.
        Ok(Some((token, line.len() + 3)))
    }

    /// The line at the beginning of `bytes`, without its first byte and its end.
    fn line<'b>(&mut self, bytes: &'b [u8]) -> Result<Option<&'b [u8]>, Malformed> {
        let from = self.searched.max(1);
        let to = bytes.len().min(1 + MAX_LINE_BYTES);
        let unsearched = bytes.get(from..to).unwrap_or_default();
        let found = unsearched.iter().position(|byte| *byte == b'\r');
        self.look_at(found.unwrap_or(unsearched.len()));
        let Some(end) = found.map(|found| from + found) else {
            if bytes.len() > MAX_LINE_BYTES {
                return Err(Malformed::LineTooLong);
            }
            self.searched = to;
            return Ok(None);
        };
        match bytes.get(end + 1) {
            None => {
                self.searched = end;
                Ok(None)
            }
            Some(b'\n') => {
                self.searched = 0;
                Ok(bytes.get(1..end))
            }
            Some(_) => Err(Malformed::BadEnd),
        }
    }

    /// Begins an aggregate; one without elements is whole at once.
    fn begin(&mut self, shape: Shape, length: usize) -> Result<Option<Reply>, Malformed> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Malformed::TooDeep);
        }
        let left = length.saturating_mul(if shape.has_pairs() { 2 } else { 1 });
        // One more, so that attributes without end, which hold nothing, come to an end.
        self.elements = self.elements.saturating_add(left).saturating_add(1);
        if self.elements > MAX_ELEMENTS {
            return Err(Malformed::TooManyElements);
        }
        // Grown as elements come: the announced length alone reserves nothing.
        let open = Open { shape, left, elements: Vec::new() };
        if left > 0 {
            self.open.push(open);
            return Ok(None);
        }
        Ok(open.close().and_then(|reply| self.put(reply)))
    }

    /// Puts an element where it belongs, and what it completes where that belongs; returns the
    /// reply that is whole then.
    fn put(&mut self, mut reply: Reply) -> Option<Reply> {
        while let Some(open) = self.open.last_mut() {
            open.elements.push(reply);
            open.left -= 1;
            if open.left > 0 {
                return None;
            }
            reply = self.open.pop()?.close()?;
        }
        Some(reply)
    }

    #[cfg(test)]
    fn look_at(&mut self, bytes: usize) {
        self.looked_at += bytes;
    }

    #[cfg(not(test))]
    fn look_at(&mut self, _: usize) {}
}

impl Shape {
    fn has_pairs(self) -> bool {
        matches!(self, Self::Map | Self::Attributes)
    }
}

impl Open {
    /// What all elements make; attributes make nothing.
    fn close(self) -> Option<Reply> {
        match self.shape {
            Shape::Array => Some(Reply::Array(self.elements)),
            Shape::Push => Some(Reply::Push(self.elements)),
            Shape::Map => {
                let mut elements = self.elements.into_iter();
                let pairs = std::iter::from_fn(|| Some((elements.next()?, elements.next()?)));
                Some(Reply::Map(pairs.collect()))
            }
            Shape::Attributes => None,
        }
    }
}

/// What begins with its length.
fn announced(kind: u8, length: usize, max_bulk_bytes: usize) -> Result<Token, Malformed> {
    let shape = match kind {
        b'*' | b'~' => Shape::Array,
        b'>' => Shape::Push,
        b'%' => Shape::Map,
        b'|' => Shape::Attributes,
        _ if length > max_bulk_bytes => return Err(Malformed::BulkTooLong),
        b'=' if length < FORMAT_BYTES => return Err(Malformed::BadNumber),
        kind => {
            let format_bytes = if kind == b'=' { FORMAT_BYTES } else { 0 };
            return Ok(Token::String(Begun { kind, length, format_bytes }));
        }
    };
    Ok(Token::Aggregate(shape, length))
}

fn number<N: std::str::FromStr>(line: &[u8]) -> Result<N, Malformed> {
    let text = str::from_utf8(line).map_err(|_| Malformed::BadNumber)?;
    text.parse().map_err(|_| Malformed::BadNumber)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All replies of `pieces`, which come one by one, the error that ends them, and how many bytes
    /// were looked at for them.
    fn replies<'a>(
        pieces: impl IntoIterator<Item = &'a [u8]>,
    ) -> (Vec<Reply>, Option<Malformed>, usize) {
        let mut decoder = Decoder::default();
        let (mut unread, mut replies) = (Vec::new(), Vec::new());
        for piece in pieces {
            unread.extend_from_slice(piece);
            loop {
                match decoder.decode(&unread, 1000) {
                    Ok((taken, reply)) => {
                        unread.drain(..taken);
                        let Some(reply) = reply else { break };
                        replies.push(reply);
                    }
                    Err(error) => return (replies, Some(error), decoder.looked_at),
                }
            }
        }
        (replies, None, decoder.looked_at)
    }

    /// Replies of every kind, in bytes.
    fn any_reply() -> impl Strategy<Value = Vec<u8>> {
        let line = |kind: &'static str| "[^\r\n]{0,9}".prop_map(move |l| format!("{kind}{l}\r\n"));
        let number = |kind: &'static str| any::<i32>().prop_map(move |n| format!("{kind}{n}\r\n"));
        let lines = prop_oneof![
            line("+"),
            line("-"),
            line("("),
            number(":"),
            number(","),
            Just("_\r\n".to_owned()),
            Just("#t\r\n".to_owned()),
            Just("*-1\r\n".to_owned()),
            Just("$-1\r\n".to_owned()),
        ];
        let strings = (prop_oneof!["\\$", "!"], prop::collection::vec(any::<u8>(), 0..40));
        let verbatim = prop::collection::vec(any::<u8>(), 4..40).prop_map(|c| ("=".to_owned(), c));
        let strings = prop_oneof![strings, verbatim].prop_map(|(kind, content)| {
            let header = format!("{kind}{}\r\n", content.len());
            [header.as_bytes(), &content, b"\r\n"].concat()
        });
        let leaves = prop_oneof![lines.prop_map(String::into_bytes), strings];
        leaves.prop_recursive(4, 40, 6, |inner| {
            let kinds = prop_oneof![Just(b'*'), Just(b'~'), Just(b'%'), Just(b'|')];
            (kinds, prop::collection::vec(inner, 0..6)).prop_map(|(kind, mut elements)| {
                let each = if b"%|".contains(&kind) { 2 } else { 1 };
                // Attributes are followed by what they are said of.
                let after = if kind == b'|' { elements.pop() } else { None };
                elements.truncate(elements.len() / each * each);
                let header = format!("{}{}\r\n", char::from(kind), elements.len() / each);
                let after = after.unwrap_or_else(|| b":1\r\n".to_vec());
                let after = if kind == b'|' { after } else { Vec::new() };
                [header.into_bytes(), elements.concat(), after].concat()
            })
        })
    }

    proptest! {
        #[test]
        fn a_reply_split_at_every_place_is_the_whole(
            messages in prop::collection::vec((any::<bool>(), any_reply()), 1..4),
        ) {
            let mut bytes = Vec::new();
            for (is_push, reply) in &messages {
                if *is_push {
                    bytes.extend_from_slice(b">1\r\n");
                }
                bytes.extend_from_slice(reply);
            }
            let (whole, error, looked_at) = replies([bytes.as_slice()]);
            prop_assert_eq!((whole.len(), error), (messages.len(), None));
            for at in 0..bytes.len() {
                let (first, second) = bytes.split_at(at);
                let (parts, error, again) = replies([first, second]);
                prop_assert_eq!((&parts, error), (&whole, None), "split at {}", at);
                // Only a CR whose LF has not come is looked for twice.
                prop_assert!(again <= looked_at + 1, "{} {}", again, looked_at);
            }
            prop_assert_eq!(replies(bytes.chunks(1)).0, whole);
        }

        #[test]
        fn what_is_wrong_is_wrong_in_pieces_too(
            bytes in "[+\\-:$*_#,(!=~>%|0-9\r\n at]{0,60}",
            size in 1..20_usize,
        ) {
            let (whole, error, _) = replies([bytes.as_bytes()]);
            let (parts, error_of_parts, _) = replies(bytes.as_bytes().chunks(size));
            prop_assert_eq!((whole, error), (parts, error_of_parts));
        }

        #[test]
        fn any_bytes_are_no_panic(bytes: Vec<u8>, size in 1..20_usize) {
            replies(bytes.chunks(size));
        }
    }

    #[test]
    fn work_grows_with_the_bytes_and_not_with_the_pieces() {
        let mut bytes = b"*20000\r\n".to_vec();
        bytes.extend(b"$5\r\nabcde\r\n+a line\r\n".repeat(10_000));
        bytes.extend_from_slice(format!("+{}\r\n", "x".repeat(60_000)).as_bytes());
        bytes.extend_from_slice(format!("$1000\r\n{}\r\n", "y".repeat(1000)).as_bytes());
        for size in [1, 2, 3, 7, 1000, bytes.len()] {
            let (replies, error, looked_at) = replies(bytes.chunks(size));
            assert_eq!((replies.len(), error), (3, None));
            assert!(looked_at <= bytes.len(), "{looked_at} of {} in {size}s", bytes.len());
        }
    }

    #[test]
    fn a_string_may_be_left_to_the_caller() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.decode(b"=64\r\ntxt:abc", 100), Ok((5, None)));
        let begun = decoder.hand_over_string().unwrap();
        assert_eq!((begun.length, begun.format_bytes), (64, 4));
        assert_eq!(decoder.decode(b"*1\r\n$64\r\nabc", 100), Ok((9, None)));
        assert_eq!(decoder.hand_over_string(), None, "it is not the whole reply");
        let mut decoder = Decoder::default();
        assert_eq!(decoder.decode(b"$6", 100), Ok((0, None)));
        assert_eq!(decoder.hand_over_string(), None);
        assert_eq!(decoder.decode(b"!6\r\n", 100), Ok((4, None)));
        assert_eq!(decoder.hand_over_string(), None, "an error is no content");
    }
}
