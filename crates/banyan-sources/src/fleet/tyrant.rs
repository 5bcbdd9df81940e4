//! What is its own way with Tokyo Tyrants: places in a log are times, and two may be masters of each
//! other.

use banyan_topology::{FleetNode, NodeRole, ServerKind};

/// Sets right what was read as if it were told by a Redis.
pub(super) fn refine(nodes: &mut [FleetNode]) {
    for index in 0..nodes.len() {
        let in_circle = is_in_circle(nodes, index);
        let master = nodes.get(index).and_then(|node| node.master);
        let newest_micros = master
            .and_then(|master| nodes.get(usize::from(master))?.replication.as_ref()?.newest_micros);
        let Some(node) = nodes.get_mut(index) else { continue };
        if node.server.as_ref().is_none_or(|server| server.kind != ServerKind::TokyoTyrant) {
            continue;
        }
        node.lag_bytes = None;
        node.lag_secs = lag_secs(newest_micros, node.offset);
        if in_circle {
            node.role = NodeRole::Master;
            "dual master".clone_into(&mut node.state);
        }
    }
}

/// Whole seconds that a replica is behind, at the least: the time between its master's newest record
/// and the one that it copied last. A replica that has copied nothing is behind by all there is, of
/// which nobody knows the age.
fn lag_secs(newest_of_master: Option<u64>, copied: Option<u64>) -> Option<u64> {
    Some(newest_of_master?.saturating_sub(copied?) / 1_000_000)
}

/// Whether the way up from a node leads back to it.
fn is_in_circle(nodes: &[FleetNode], index: usize) -> bool {
    let mut at = index;
    for _ in 0..nodes.len() {
        match nodes.get(at).and_then(|node| node.master) {
            Some(master) if usize::from(master) == index => return true,
            Some(master) => at = usize::from(master),
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles() {
        let node = |master| FleetNode { master, ..FleetNode::default() };
        let nodes = [node(Some(1)), node(Some(2)), node(Some(1)), node(None), node(Some(9))];
        let circles: Vec<bool> = (0..5).map(|index| is_in_circle(&nodes, index)).collect();
        assert_eq!(circles, [false, true, true, false, false]);
    }

    #[test]
    fn lag() {
        assert_eq!(lag_secs(Some(200_000_000), Some(90_000_000)), Some(110));
        assert_eq!(lag_secs(Some(110_000_000), Some(119_000_000)), Some(0));
        assert_eq!((lag_secs(None, Some(1)), lag_secs(Some(1), None)), (None, None));
    }
}
