//! Which pictures of cards are there, within a budget, and which are asked for.
//!
//! Pictures come late: a card is drawn without, the picture is asked for, and when it has come the
//! card is drawn again. While nothing moves that ends: what is on the screen is never given up for
//! something else that is.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// No picture counts for less, so that their number is bounded too.
const LEAST_BYTES: usize = 4096;
/// More are not asked for at once; the oldest wishes are forgotten.
const MOST_ASKED: usize = 2048;

/// The pictures by their numbers; see [`crate::Card::photo`].
#[derive(Debug)]
pub struct PhotoBook {
    budget_bytes: usize,
    bytes: usize,
    ready: BTreeMap<u32, Ready>,
    /// What waits, with the nodes that go without until it comes.
    asked: BTreeMap<u32, BTreeSet<u32>>,
    /// The same in the order of its turn: what the latest pass asks for is first.
    queue: BTreeMap<(Reverse<u64>, u64), u32>,
    /// Asked for in vain.
    missing: BTreeSet<u32>,
    pass: u64,
    serial: u64,
}

#[derive(Debug)]
struct Ready {
    bytes: usize,
    /// The pass in which it was last shown.
    last_pass: u64,
}

/// What follows from a picture that has come.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// Whether there is room for it; if not, nothing changes.
    pub is_kept: bool,
    /// The pictures that make room, to be let go.
    pub gone: Vec<u32>,
    /// Nodes whose cards are to be drawn again.
    pub nodes: BTreeSet<u32>,
}

impl PhotoBook {
    pub fn new(budget_bytes: usize) -> Self {
        Self {
            budget_bytes,
            bytes: 0,
            ready: BTreeMap::new(),
            asked: BTreeMap::new(),
            queue: BTreeMap::new(),
            missing: BTreeSet::new(),
            pass: 0,
            serial: 0,
        }
    }

    /// Something else is looked at: what was shown before may be given up.
    pub fn begin_pass(&mut self) {
        self.pass += 1;
    }

    /// Whether a picture is there to be drawn on the card of `node`. If not, it is asked for.
    pub fn show(&mut self, photo: u32, node: u32) -> bool {
        if let Some(ready) = self.ready.get_mut(&photo) {
            ready.last_pass = self.pass;
            return true;
        }
        if self.missing.contains(&photo) {
            return false;
        }
        let nodes = self.asked.entry(photo).or_default();
        if nodes.is_empty() {
            self.serial += 1;
            self.queue.insert((Reverse(self.pass), self.serial), photo);
        }
        nodes.insert(node);
        if self.queue.len() > MOST_ASKED
            && let Some((_, forgotten)) = self.queue.pop_last()
        {
            self.asked.remove(&forgotten);
        }
        false
    }

    /// The picture to fetch next. [`Self::arrived`] is to follow, also where there is none.
    pub fn take_next(&mut self) -> Option<u32> {
        let oldest = self.ready.values().map(|ready| ready.last_pass).min();
        if self.bytes + LEAST_BYTES > self.budget_bytes && oldest.is_none_or(|at| at == self.pass) {
            // No room for any: cards that are drawn again ask again.
            self.queue.clear();
            self.asked.clear();
        }
        self.queue.pop_first().map(|(_, photo)| photo)
    }

    /// Whether [`Self::take_next`] may give a picture.
    pub fn is_waiting(&self) -> bool {
        !self.queue.is_empty()
    }

    /// A picture has come and takes so many bytes; `None` if there is none by this number.
    pub fn arrived(&mut self, photo: u32, bytes: Option<usize>) -> Arrival {
        let nodes = self.asked.remove(&photo).unwrap_or_default();
        let Some(bytes) = bytes else {
            self.missing.insert(photo);
            return Arrival::default();
        };
        let bytes = bytes.max(LEAST_BYTES);
        let mut gone = Vec::new();
        while self.bytes + bytes > self.budget_bytes {
            let oldest = self.ready.iter().min_by_key(|(_, ready)| ready.last_pass);
            let Some((&old, ready)) = oldest.filter(|(_, ready)| ready.last_pass < self.pass)
            else {
                return Arrival { gone, ..Arrival::default() };
            };
            self.bytes -= ready.bytes;
            self.ready.remove(&old);
            gone.push(old);
        }
        if let Some(before) = self.ready.insert(photo, Ready { bytes, last_pass: self.pass }) {
            self.bytes -= before.bytes;
        }
        self.bytes += bytes;
        Arrival { is_kept: true, gone, nodes }
    }

    /// Bytes of the pictures that are there.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_picture_is_asked_for_once_and_shown_when_it_has_come() {
        let mut book = PhotoBook::new(100_000);
        assert!(!book.show(7, 1) && !book.show(7, 2) && !book.show(8, 3));
        assert_eq!(
            (book.take_next(), book.take_next(), book.take_next()),
            (Some(7), Some(8), None)
        );
        let arrival = book.arrived(7, Some(9000));
        let nodes = BTreeSet::from([1, 2]);
        assert_eq!(arrival, Arrival { is_kept: true, gone: Vec::new(), nodes });
        assert_eq!(book.arrived(8, None), Arrival::default());
        assert!(book.show(7, 1) && !book.show(8, 3));
        assert!(!book.is_waiting(), "nobody asks for what is not there");
    }

    #[test]
    fn what_is_looked_at_comes_first_and_stays() {
        let mut book = PhotoBook::new(2 * LEAST_BYTES);
        for photo in [1, 2] {
            book.show(photo, photo);
            book.take_next();
            assert!(book.arrived(photo, Some(10)).is_kept);
        }
        book.show(3, 3);
        assert_eq!(book.take_next(), None, "no room while both are shown");
        book.show(4, 4);
        book.begin_pass();
        book.show(2, 2);
        book.show(5, 5);
        assert_eq!(book.take_next(), Some(5), "the latest look is first");
        assert_eq!(book.arrived(5, Some(10)).gone, [1]);
        assert_eq!(book.take_next(), None);
        assert!(book.show(2, 2) && book.show(5, 5) && !book.show(1, 1));
    }

    proptest! {
        /// The budget holds, and as long as nothing moves, drawing comes to an end.
        #[test]
        fn a_look_that_rests_comes_to_rest(
            looks in prop::collection::vec(prop::collection::btree_set(0..60u32, 1..40), 1..6),
            sizes in prop::collection::vec(1..40_000usize, 60),
        ) {
            let mut book = PhotoBook::new(200_000);
            for look in looks {
                book.begin_pass();
                let mut fetched = 0;
                loop {
                    let before: Vec<u32> =
                        look.iter().copied().filter(|&photo| book.show(photo, photo)).collect();
                    let mut is_new = false;
                    while let Some(photo) = book.take_next() {
                        fetched += 1;
                        prop_assert!(fetched <= 60 * 4, "fetches without end");
                        is_new |= book.arrived(photo, sizes.get(photo as usize).copied()).is_kept;
                        prop_assert!(book.bytes() <= 200_000);
                    }
                    for photo in before {
                        prop_assert!(book.show(photo, photo), "shown and taken away");
                    }
                    if !is_new {
                        break;
                    }
                }
            }
        }
    }
}
