//! A prefix with one thing below it says nothing that the thing itself does not: `user:17` and its
//! only key `profile` are drawn as one card, `17:profile`.

use banyan_topology::{Keyspace, PrefixNode};

/// The keyspace with every chain of only children drawn together into its last row, and for each row
/// of it the one that it is drawn as, if any. The root and the databases stay, and nothing is joined
/// with a row that stands for folded ones.
pub(super) fn joined(mut keyspace: Keyspace) -> (Keyspace, Vec<Option<u32>>) {
    let rows = &keyspace.nodes;
    let mut children = vec![0u32; rows.len()];
    let mut has_folded_child = vec![false; rows.len()];
    for row in rows.iter().skip(1) {
        let parent = row.parent as usize;
        if let (Some(count), Some(has_folded)) =
            (children.get_mut(parent), has_folded_child.get_mut(parent))
        {
            *count += 1;
            *has_folded |= row.folded > 0;
        }
    }
    let is_joined = |at: usize, row: &PrefixNode| {
        at > 0
            && children.get(at) == Some(&1)
            && has_folded_child.get(at) == Some(&false)
            && row.database.is_none()
    };
    let delimiter = std::mem::take(&mut keyspace.delimiter);
    // For the children of each row: their parent's new row, and what stands before their names.
    let mut before: Vec<(u32, String)> = Vec::with_capacity(rows.len());
    let mut nodes: Vec<PrefixNode> = Vec::with_capacity(rows.len());
    let mut drawn = Vec::with_capacity(rows.len());
    for (at, row) in std::mem::take(&mut keyspace.nodes).into_iter().enumerate() {
        let (parent, prefix) = before.get(row.parent as usize).cloned().unwrap_or_default();
        let name = prefix + &row.name;
        if is_joined(at, &row) {
            drawn.push(None);
            before.push((parent, name + &delimiter));
        } else {
            drawn.push(Some(nodes.len() as u32));
            before.push((nodes.len() as u32, String::new()));
            nodes.push(PrefixNode { parent, name, ..row });
        }
    }
    (Keyspace { nodes, delimiter, ..keyspace }, drawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use banyan_topology::{KeyFacts, KeyType, PrefixTrie};

    fn check(keys: &[&str], expect: &[&str]) {
        let mut trie = PrefixTrie::new(":");
        for key in keys {
            let facts = KeyFacts { key_type: KeyType::String, bytes: 1, ttl_secs: None };
            trie.insert(None, key.as_bytes(), facts);
        }
        let keyspace = crate::keyspace::tests::keyspace(&[]);
        let (keyspace, _) = joined(Keyspace { nodes: trie.rows(1000), ..keyspace });
        let mut shown: Vec<String> = (1..keyspace.nodes.len() as u32)
            .map(|node| crate::keyspace::tree::full_text(&keyspace, node))
            .collect();
        shown.sort();
        assert_eq!(shown, expect);
    }

    #[test]
    fn chains_of_only_children_are_one_card() {
        check(&["user:1:profile", "user:2:profile"], &["user", "user:1:profile", "user:2:profile"]);
        check(&["a:b:c:d"], &["a:b:c:d"]);
        check(&["a:b:c", "a:b:d"], &["a:b", "a:b:c", "a:b:d"]);
        check(&["a", "a:b"], &["a", "a:b"]);
        check(&[], &[]);
    }
}
