//! Which cards are kept ready drawn, and where in which atlas.
//!
//! Copying out of a canvas freezes its content; the next write then copies all of it. So a tile is
//! made in two passes: [`SpriteBook::reserve`] for all its cards, write the new ones, and only then
//! copy (`write_sprites` and `paint_planned` hold that order).

use std::collections::BTreeMap;

/// Side of an atlas in device px: 4 MiB each.
pub const ATLAS_PX: i32 = 1024;
const ATLAS_BYTES: usize = (ATLAS_PX * ATLAS_PX * 4) as usize;
/// Room between sprites, against bleeding where a painter filters.
const GAP_PX: i32 = 1;
/// Shelves come in heights of whole steps, so that sprites of nearly the same height share them.
const SHELF_STEP_PX: i32 = 8;

/// What a sprite shows: a node's content at a zoom step in an exact size in device px. Another
/// pixel ratio, theme, or font is another [`SpriteBook`]: see [`SpriteBook::clear`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpriteKey {
    pub node: u32,
    /// [`crate::Card::fingerprint`], mixed with the frame's shape.
    pub fingerprint: u64,
    pub step: i32,
    pub width: i32,
    pub height: i32,
}

/// A place in an atlas, in device px.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpriteSlot {
    pub atlas: u32,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// What [`SpriteBook::reserve`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// The sprite is there.
    Ready(SpriteSlot),
    /// The sprite must be written before it is copied.
    Write(SpriteSlot),
    /// No room: draw the card directly.
    NoRoom,
}

/// The sprites in a bounded number of atlases. A full book gives up the atlas that was used least
/// recently, as a whole: no holes, no moving.
#[derive(Debug)]
pub struct SpriteBook {
    slots: BTreeMap<SpriteKey, SpriteSlot>,
    atlases: Vec<Atlas>,
    most_atlases: usize,
    pass: u64,
}

#[derive(Debug, Default)]
struct Atlas {
    shelves: Vec<Shelf>,
    keys: Vec<SpriteKey>,
    /// The pass in which it was last written or copied from.
    last_pass: u64,
}

#[derive(Debug)]
struct Shelf {
    y: i32,
    height: i32,
    filled: i32,
}

impl SpriteBook {
    /// With room for as many atlases as fit into `budget_bytes` (4 MiB each), at least one.
    pub fn new(budget_bytes: usize) -> Self {
        Self {
            slots: BTreeMap::new(),
            atlases: Vec::new(),
            most_atlases: (budget_bytes / ATLAS_BYTES).max(1),
            pass: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Bytes of the atlases in use.
    pub fn bytes(&self) -> usize {
        self.atlases.len() * ATLAS_BYTES
    }

    /// Forgets all sprites: another theme, pixel ratio, or font.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.atlases.clear();
    }

    /// Starts a tile, or several that are planned together: what is reserved from here on stays until
    /// the next call.
    pub fn begin_pass(&mut self) {
        self.pass += 1;
    }

    pub fn reserve(&mut self, key: SpriteKey) -> Reserved {
        if let Some(&slot) = self.slots.get(&key) {
            if let Some(atlas) = self.atlases.get_mut(slot.atlas as usize) {
                atlas.last_pass = self.pass;
            }
            return Reserved::Ready(slot);
        }
        if key.width <= 0 || key.height <= 0 || key.width.max(key.height) > ATLAS_PX / 2 {
            return Reserved::NoRoom;
        }
        let Some(slot) = self.allocate(key.width, key.height) else { return Reserved::NoRoom };
        if let Some(atlas) = self.atlases.get_mut(slot.atlas as usize) {
            atlas.last_pass = self.pass;
            atlas.keys.push(key);
        }
        self.slots.insert(key, slot);
        Reserved::Write(slot)
    }

    fn allocate(&mut self, width: i32, height: i32) -> Option<SpriteSlot> {
        // The newest atlas has the room, if any has.
        for (index, atlas) in self.atlases.iter_mut().enumerate().rev() {
            if let Some((x, y)) = atlas.allocate(width, height) {
                return Some(SpriteSlot { atlas: index as u32, x, y, width, height });
            }
        }
        let index = if self.atlases.len() < self.most_atlases {
            self.atlases.push(Atlas::default());
            self.atlases.len() - 1
        } else {
            let (index, oldest) =
                self.atlases.iter_mut().enumerate().min_by_key(|(_, atlas)| atlas.last_pass)?;
            // All atlases serve this very pass: giving one up would take back what was promised.
            if oldest.last_pass == self.pass {
                return None;
            }
            for key in std::mem::take(oldest).keys {
                self.slots.remove(&key);
            }
            index
        };
        let (x, y) = self.atlases.get_mut(index)?.allocate(width, height)?;
        Some(SpriteSlot { atlas: index as u32, x, y, width, height })
    }
}

impl Atlas {
    /// The first shelf of about this height with room, or a new one.
    fn allocate(&mut self, width: i32, height: i32) -> Option<(i32, i32)> {
        let step = (height + GAP_PX + SHELF_STEP_PX - 1) / SHELF_STEP_PX * SHELF_STEP_PX;
        for shelf in &mut self.shelves {
            if shelf.height == step && shelf.filled + width <= ATLAS_PX {
                let x = shelf.filled;
                shelf.filled += width + GAP_PX;
                return Some((x, shelf.y));
            }
        }
        let y = self.shelves.last().map_or(0, |shelf| shelf.y + shelf.height);
        if y + step > ATLAS_PX {
            return None;
        }
        self.shelves.push(Shelf { y, height: step, filled: width + GAP_PX });
        Some((0, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(node: u32, width: i32, height: i32) -> SpriteKey {
        SpriteKey { node, fingerprint: 7, step: 0, width, height }
    }

    proptest! {
        /// Sprites of one pass never share a pixel and lie in their atlas; the budget holds.
        #[test]
        fn slots_of_a_pass_are_apart(
            passes in prop::collection::vec(prop::collection::vec((0..60u32, 1..520i32, 1..200i32), 1..40), 1..6),
        ) {
            let mut book = SpriteBook::new(2 * ATLAS_BYTES);
            for pass in passes {
                book.begin_pass();
                let mut live: BTreeMap<SpriteKey, SpriteSlot> = BTreeMap::new();
                for (node, width, height) in pass {
                    let key = key(node, width, height);
                    match book.reserve(key) {
                        Reserved::Ready(slot) | Reserved::Write(slot) => {
                            let before = live.insert(key, slot);
                            prop_assert!(before.is_none_or(|before| before == slot));
                        }
                        Reserved::NoRoom => {}
                    }
                }
                let slots: Vec<_> = live.values().collect();
                for (i, a) in slots.iter().enumerate() {
                    prop_assert!(a.x >= 0 && a.y >= 0);
                    prop_assert!(a.x + a.width <= ATLAS_PX && a.y + a.height <= ATLAS_PX);
                    for b in &slots[i + 1..] {
                        let apart = a.atlas != b.atlas
                            || a.x + a.width <= b.x || b.x + b.width <= a.x
                            || a.y + a.height <= b.y || b.y + b.height <= a.y;
                        prop_assert!(apart, "{a:?} {b:?}");
                    }
                }
                prop_assert!(book.bytes() <= 2 * ATLAS_BYTES);
            }
        }
    }

    #[test]
    fn a_sprite_is_written_once() {
        let mut book = SpriteBook::new(ATLAS_BYTES);
        book.begin_pass();
        assert!(matches!(book.reserve(key(1, 100, 50)), Reserved::Write(_)));
        assert!(matches!(book.reserve(key(1, 100, 50)), Reserved::Ready(_)));
        assert_eq!(book.reserve(key(1, 2000, 50)), Reserved::NoRoom);
        book.clear();
        assert!(matches!(book.reserve(key(1, 100, 50)), Reserved::Write(_)));
    }

    #[test]
    fn a_full_book_gives_up_what_is_not_in_use() {
        let mut book = SpriteBook::new(ATLAS_BYTES);
        let fill = |book: &mut SpriteBook, first: u32| {
            let reserved: Vec<_> =
                (first..first + 8).map(|n| book.reserve(key(n, 500, 503))).collect();
            reserved.iter().filter(|r| matches!(r, Reserved::Write(_))).count()
        };
        book.begin_pass();
        assert_eq!(fill(&mut book, 0), 4);
        assert_eq!(fill(&mut book, 100), 0);
        book.begin_pass();
        assert_eq!(fill(&mut book, 200), 4);
        assert_eq!(book.len(), 4);
    }
}
