//! Prefixes and keys by any part of their text.

use banyan_topology::Keyspace;

use super::tree;

/// Nodes whose text holds `query` in or across their own part (so a prefix is found, and not all
/// that is below it): whole names first, then beginnings, then the rest, bigger ones before smaller.
/// Letters' case does not matter.
pub(super) fn find(keyspace: &Keyspace, query: &str, limit: usize) -> Vec<u32> {
    let query = query.trim().to_lowercase();
    let delimiter = keyspace.delimiter.to_lowercase();
    let needle = query.strip_suffix(&delimiter).filter(|rest| !rest.is_empty()).unwrap_or(&query);
    if needle.is_empty() {
        return Vec::new();
    }
    let crosses = !delimiter.is_empty() && needle.contains(&delimiter);
    let mut found: Vec<(u8, std::cmp::Reverse<u64>, u32)> = Vec::new();
    for (node, row) in (0u32..).zip(&keyspace.nodes).skip(1).filter(|(_, row)| row.folded == 0) {
        let name = row.name.to_lowercase();
        let rank = if crosses {
            // Only then is the whole text worth its making.
            let text = tree::full_text(keyspace, node).to_lowercase();
            let own_start = text.len().saturating_sub(name.len());
            match text.rfind(needle) {
                Some(0) if text.len() == needle.len() => Some(0),
                Some(at) if at + needle.len() > own_start => Some(if at == 0 { 1 } else { 2 }),
                _ => None,
            }
        } else {
            match name.find(needle) {
                Some(0) if name.len() == needle.len() => Some(0),
                Some(0) => Some(1),
                Some(_) => Some(2),
                None => None,
            }
        };
        found.extend(rank.map(|rank| (rank, std::cmp::Reverse(row.keys), node)));
    }
    found.sort_unstable();
    found.into_iter().take(limit).map(|(_, _, node)| node).collect()
}
