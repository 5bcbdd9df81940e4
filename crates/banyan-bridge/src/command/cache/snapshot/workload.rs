//! What clients wait for and touch, in lines for people.

use banyan_topology::{Queue, Topology, Touch, WaitSource, Waiting};

use super::number;
use crate::command::print::{self, Align};

/// Who waits for which key, first come first; nothing if nobody is known to.
pub(super) fn queues(topology: &Topology) -> String {
    let columns = [("waited for", Align::Left), ("by", Align::Left)];
    let one = |waiting: &Waiting| {
        let hint = if waiting.source == WaitSource::Length { " (by length)" } else { "" };
        format!("{}{hint}", number(waiting.client, topology))
    };
    let row = |queue: &Queue| {
        let waiting: Vec<String> = queue.waiting.iter().map(one).collect();
        vec![format!("db{} {}", queue.db, print::plain(&queue.key)), waiting.join(", ")]
    };
    let rows: Vec<Vec<String>> = topology.workload.queues.iter().map(row).collect();
    if rows.is_empty() { String::new() } else { format!("\n{}", print::table(&columns, &rows)) }
}

/// Who reads and writes what; nothing if nobody looked.
pub(super) fn touches(topology: &Topology) -> String {
    let columns = [
        ("client", Align::Right),
        ("reads", Align::Right),
        ("writes", Align::Right),
        ("prefix", Align::Left),
    ];
    let row = |touch: &Touch| {
        vec![
            number(touch.client, topology),
            print::count(touch.reads),
            print::count(touch.writes),
            format!("db{} {}", touch.db, print::plain(&touch.prefix)),
        ]
    };
    let rows: Vec<Vec<String>> = topology.workload.touches.iter().map(row).collect();
    if rows.is_empty() { String::new() } else { format!("\n{}", print::table(&columns, &rows)) }
}

#[cfg(test)]
mod tests {
    use banyan_topology::{Fleet, FleetKind, FleetTotal, id_on};

    use super::*;

    #[test]
    fn of_several_servers_a_client_is_told_with_its_node() {
        let client = id_on(2, 7);
        let waiting = vec![Waiting { client, source: WaitSource::Seen, since_millis: 0 }];
        let touch = Touch { client, reads: 1, writes: 0, db: 0, prefix: "p".into() };
        let mut topology = Topology::default();
        topology.workload.queues = vec![Queue { db: 0, key: "k".into(), waiting }];
        topology.workload.touches = vec![touch];
        topology.fleet = Some(Fleet {
            kind: FleetKind::Cluster,
            name: None,
            quorum: None,
            has_quorum: None,
            nodes: Vec::new(),
            events: Vec::new(),
            uncovered: Vec::new(),
            total: FleetTotal::default(),
        });
        for text in [queues(&topology), touches(&topology)] {
            assert!(text.contains("2:7"), "{text}");
        }
    }
}
