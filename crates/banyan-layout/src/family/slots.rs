//! One line whose order is in question: what its nodes want, and where their links end, gathered once.

use super::kin::NONE;
use super::positions::{Side, Springs};
use super::regression::{OPEN, Placer, Wish};

/// Neighbours with more pairs of links than this are not compared, which bounds the time.
const MOST_PAIRS: usize = 4_096;

/// Rounds of exchanges at most.
const ROUNDS: usize = 3;

/// A line at work, in room that it keeps.
#[derive(Default)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    ends: Vec<End>,
    placer: Placer,
}

/// A node of the line.
#[derive(Clone, Copy)]
struct Slot {
    node: u32,
    /// All its springs, those that do not count too.
    springs: u32,
    /// The left neighbour that it stood beside when their crossings were counted last.
    compared_with: u32,
    /// The ends of those that count are `ends[begin..end]`, none further left or right than these.
    begin: u32,
    end: u32,
    leftmost: i64,
    rightmost: i64,
    /// What those that count want together: see [`Wish::of_links`].
    sum: i64,
    weight: i64,
}

/// Where a link ends on another line.
#[derive(Clone, Copy)]
struct End {
    x: i64,
    rise: i32,
    count: u32,
}

impl Slots {
    /// Takes a line and the links of it that count.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    pub(super) fn take(&mut self, springs: &Springs, line: &[u32], x: &[i64], side: Side) {
        self.slots.clear();
        self.ends.clear();
        for &node in line {
            let begin = self.ends.len() as u32;
            let (mut leftmost, mut rightmost) = (i64::MAX, i64::MIN);
            let (mut sum, mut weight) = (0, 0);
            for spring in springs.of(node, side) {
                let end = x[spring.other as usize] + i64::from(spring.other_pin);
                (leftmost, rightmost) = (leftmost.min(end), rightmost.max(end));
                sum += (end - i64::from(spring.pin)) * i64::from(spring.weight);
                weight += i64::from(spring.weight);
                self.ends.push(End { x: end, rise: spring.rise, count: spring.count });
            }
            self.slots.push(Slot {
                node,
                springs: springs.of(node, Side::All).len() as u32,
                compared_with: NONE,
                begin,
                end: self.ends.len() as u32,
                leftmost,
                rightmost,
                sum,
                weight,
            });
        }
    }

    /// Sorts the line by where the links want the middles of its nodes.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    pub(super) fn sort(&mut self, springs: &Springs, x: &[i64]) {
        let middle = |slot: &Slot| 2 * slot.wish(x, 0).x + springs.width(slot.node);
        self.slots.sort_by_cached_key(middle);
    }

    /// Exchanges neighbours as long as that takes away crossings.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    pub(super) fn exchange(&mut self) {
        let Self { slots, ends, .. } = self;
        for _ in 0..ROUNDS {
            let mut changed = false;
            for at in 1..slots.len() {
                let (a, b) = (&slots[at - 1], &slots[at]);
                // Most neighbours have no links that cross, which is told at once.
                if a.rightmost <= b.leftmost
                    || b.compared_with == a.node
                    || a.springs as usize * b.springs as usize > MOST_PAIRS
                {
                    continue;
                }
                let (now, then) = crossings(a.ends(ends), b.ends(ends));
                if then < now {
                    slots.swap(at - 1, at);
                    changed = true;
                }
                // The other way round the crossings are the other ones: it is settled for both.
                slots[at].compared_with = slots[at - 1].node;
            }
            if !changed {
                return;
            }
        }
    }

    /// Writes the order of the line, and where its nodes stand.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    pub(super) fn place(&mut self, springs: &Springs, line: &mut [u32], x: &mut [i64]) {
        let Self { slots, placer, .. } = self;
        placer.wishes.clear();
        let mut distance = 0;
        for slot in &*slots {
            distance += springs.margin(slot.node);
            placer.wishes.push(slot.wish(x, distance));
            distance = springs.width(slot.node) + springs.margin(slot.node);
        }
        for ((slot, node), &at) in slots.iter().zip(line).zip(placer.place(OPEN)) {
            *node = slot.node;
            x[slot.node as usize] = at;
        }
    }
}

impl Slot {
    fn wish(&self, x: &[i64], distance: i64) -> Wish {
        Wish::of_links(self.sum, self.weight, x[self.node as usize], distance)
    }

    fn ends<'a>(&self, ends: &'a [End]) -> &'a [End] {
        &ends[self.begin as usize..self.end as usize]
    }
}

/// Crossings between the links of two nodes with `a` on the left, and with `b` on the left.
fn crossings(a: &[End], b: &[End]) -> (u64, u64) {
    let (mut now, mut then) = (0, 0);
    for one in a {
        for two in b.iter().filter(|two| two.rise == one.rise) {
            let both = u64::from(one.count) * u64::from(two.count);
            match one.x.cmp(&two.x) {
                std::cmp::Ordering::Greater => now += both,
                std::cmp::Ordering::Less => then += both,
                std::cmp::Ordering::Equal => {}
            }
        }
    }
    (now, then)
}
