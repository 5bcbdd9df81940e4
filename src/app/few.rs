//! A map of a few entries.

/// Keys with their values, looked through one by one: for a dozen of them this is as fast as a tree,
/// of which each kind is some kilobytes of program.
#[derive(Clone, Debug, PartialEq)]
pub struct Few<K, V>(Vec<(K, V)>);

impl<K, V> Few<K, V> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Few<K, V> {
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The value of a key, which is made if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.0.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.0.push((key, make()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    pub fn insert(&mut self, key: K, value: V) {
        self.remove(&key);
        self.0.push((key, value));
    }

    pub fn remove(&mut self, key: &K) {
        self.0.retain(|(known, _)| known != key);
    }
}

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_value_that_was_put_last() {
        let mut few = Few::new();
        few.insert("a", 1);
        few.insert("b", 2);
        few.insert("a", 3);
        *few.get_or_insert_with("b", || 9) += 1;
        few.get_or_insert_with("c", || 4);
        assert_eq!(
            ["a", "b", "c", "d"].map(|key| few.get(&key).copied()),
            [Some(3), Some(3), Some(4), None]
        );
        few.remove(&"a");
        assert_eq!(few.get(&"a"), None);
    }
}
