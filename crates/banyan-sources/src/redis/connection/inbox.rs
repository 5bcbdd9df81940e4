//! What a connection has received, without I/O: bytes in, replies out, and what the server says
//! without being asked put aside.

use std::collections::VecDeque;

use crate::redis::resp::{Begun, Decoder, Malformed, Reply};

/// Bytes of one reply that is held as a whole.
const MAX_REPLY_BYTES: usize = 16 << 20;
/// Of what was said without being asked; the oldest is forgotten.
const MAX_PUSHES: usize = 4096;
/// The longest string in it, in bytes.
const MAX_PUSH_BULK_BYTES: usize = 1 << 20;

#[derive(Default)]
pub(super) struct Inbox {
    /// Received and not yet read, from `start`.
    received: Vec<u8>,
    start: usize,
    decoder: Decoder,
    /// What the server has said without being asked, the oldest first.
    pushes: VecDeque<Vec<Reply>>,
}

impl Inbox {
    /// Where to append what comes. What has been read is given back.
    pub(super) fn room(&mut self) -> &mut Vec<u8> {
        self.received.drain(..self.start);
        self.start = 0;
        &mut self.received
    }

    /// Gives back memory that one long reply has needed.
    pub(super) fn shrink(&mut self) {
        self.room().shrink_to(256 * 1024);
    }

    /// Bytes that belong to no reply yet.
    pub(super) fn unread(&self) -> &[u8] {
        self.received.get(self.start..).unwrap_or_default()
    }

    /// Marks some of [`Self::unread`] as read, by other means.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.received.len());
    }

    /// The next reply or push; `None` if more must be received first.
    pub(super) fn next(&mut self, max_bulk_bytes: usize) -> Result<Option<Reply>, Malformed> {
        let unread = self.received.get(self.start..).unwrap_or_default();
        let (taken, reply) = self.decoder.decode(unread, max_bulk_bytes)?;
        let waiting = unread.len() - taken;
        self.start += taken;
        if reply.is_none() && self.decoder.taken() + waiting > MAX_REPLY_BYTES {
            return Err(Malformed::ReplyTooLong);
        }
        Ok(reply)
    }

    /// The next reply; the pushes before it are kept.
    pub(super) fn reply(&mut self, max_bulk_bytes: usize) -> Result<Option<Reply>, Malformed> {
        loop {
            self.keep_pushes()?;
            if self.is_quiet() {
                return Ok(None);
            }
            match self.next(max_bulk_bytes)? {
                // One with attributes.
                Some(Reply::Push(push)) => self.keep(push),
                reply => return Ok(reply),
            }
        }
    }

    /// The next push or reply of somebody who listens.
    pub(super) fn said(&mut self) -> Result<Option<Reply>, Malformed> {
        match self.pushes.pop_front() {
            Some(push) => Ok(Some(Reply::Push(push))),
            None => self.next(MAX_PUSH_BULK_BYTES),
        }
    }

    /// The string whose header was the last that was read, to be read by the caller.
    pub(super) fn hand_over_string(&mut self) -> Option<Begun> {
        self.decoder.hand_over_string()
    }

    /// Keeps the pushes that stand at the beginning of what was received.
    pub(super) fn keep_pushes(&mut self) -> Result<(), Malformed> {
        while self.is_quiet() {
            match self.next(MAX_PUSH_BULK_BYTES)? {
                Some(Reply::Push(push)) => self.keep(push),
                _ => break,
            }
        }
        Ok(())
    }

    /// Whether nothing has come but pushes and the beginning of one.
    pub(super) fn is_quiet(&self) -> bool {
        let is_between = self.decoder.taken() == 0;
        self.decoder.is_in_push()
            || (is_between && matches!(self.unread().first(), None | Some(b'>')))
    }

    fn keep(&mut self, push: Vec<Reply>) {
        if self.pushes.len() >= MAX_PUSHES {
            self.pushes.pop_front();
        }
        self.pushes.push_back(push);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The replies of `bytes`, received in pieces of `size`, and the inbox after them.
    fn replies(bytes: &[u8], size: usize) -> (Vec<Reply>, Inbox) {
        let mut inbox = Inbox::default();
        let mut replies = Vec::new();
        for piece in bytes.chunks(size) {
            inbox.room().extend_from_slice(piece);
            while let Some(reply) = inbox.reply(1 << 20).unwrap() {
                replies.push(reply);
            }
        }
        (replies, inbox)
    }

    #[test]
    fn pushes_stand_between_replies_wherever_these_are_cut() {
        let bytes = b">2\r\n+a\r\n:1\r\n$2\r\nhi\r\n>1\r\n$3\r\nxyz\r\n*1\r\n:7\r\n>1\r\n+last\r\n";
        for size in 1..=bytes.len() {
            let (replies, mut inbox) = replies(bytes, size);
            let expect = [Reply::Bulk(b"hi".to_vec()), Reply::Array(vec![Reply::Integer(7)])];
            assert_eq!(replies, expect, "in {size}s");
            assert!(inbox.is_quiet());
            let mut pushes = 0;
            while let Some(push) = inbox.said().unwrap() {
                assert!(matches!(push, Reply::Push(_)), "{push:?}");
                pushes += 1;
            }
            assert_eq!(pushes, 3);
        }
    }

    #[test]
    fn the_beginning_of_a_push_is_quiet_and_that_of_a_reply_is_not() {
        for (bytes, expect) in [
            (&b""[..], true),
            (b">2\r\n+a\r\n", true),
            (b">", true),
            (b">1\r\n+a\r\n+", false),
            (b"+O", false),
            (b"*2\r\n:1\r\n", false),
            (b"$5\r\n", false),
        ] {
            let mut inbox = Inbox::default();
            inbox.room().extend_from_slice(bytes);
            assert_eq!(inbox.reply(100), Ok(None));
            assert_eq!(inbox.is_quiet(), expect, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_long_reply_in_tiny_pieces_is_looked_at_once() {
        let mut bytes = b"*40\r\n".to_vec();
        for _ in 0..40 {
            bytes.extend_from_slice(b"$25000\r\n");
            bytes.extend(std::iter::repeat_n(b'x', 25_000));
            bytes.extend_from_slice(b"\r\n");
        }
        let (replies, inbox) = replies(&bytes, 3);
        assert_eq!((replies.len(), inbox.unread().len()), (1, 0));
        assert!(inbox.decoder.looked_at <= bytes.len(), "{}", inbox.decoder.looked_at);
    }

    #[test]
    fn a_reply_without_end_comes_to_one() {
        let mut inbox = Inbox::default();
        inbox.room().extend_from_slice(b"*1000000\r\n");
        let string = [b"$1000000\r\n".to_vec(), vec![b'x'; 1_000_000], b"\r\n".to_vec()].concat();
        let results = std::iter::repeat_with(|| {
            inbox.room().extend_from_slice(&string);
            inbox.reply(1 << 20)
        });
        let results: Vec<_> = results.take(20).take_while(Result::is_ok).collect();
        assert_eq!(results.len(), 16);
    }
}
