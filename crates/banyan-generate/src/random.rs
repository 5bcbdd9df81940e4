//! Numbers that look random and are the same on every machine (splitmix64).

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The stream of one thing among many, whatever was drawn for the others.
    pub(crate) const fn of(seed: u64, thing: u64) -> Self {
        Self(mix(seed ^ mix(thing.wrapping_add(1))))
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// From 0 to `bound - 1`; 0 for a bound of 0.
    pub(crate) const fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * bound as u64) >> 32) as u32
    }

    /// From `least` to `most`, both included.
    pub(crate) const fn between(&mut self, least: i32, most: i32) -> i32 {
        least + self.below(most.abs_diff(least) + 1) as i32
    }

    /// Between the same two, the middle more often than the ends.
    pub(crate) const fn near_middle(&mut self, least: i32, most: i32) -> i32 {
        (self.between(least, most) + self.between(least, most)) / 2
    }

    pub(crate) const fn percent(&mut self, chance: u32) -> bool {
        self.per_mille(chance * 10)
    }

    pub(crate) const fn per_mille(&mut self, chance: u32) -> bool {
        self.below(1000) < chance
    }

    /// One of a list, which must not be empty.
    pub(crate) const fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }
}

const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
