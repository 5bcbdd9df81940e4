//! What clients wait for and touch, in lines for people.

use banyan_topology::{Queue, Topology, Touch, WaitSource, Waiting};

use crate::command::print::{self, Align};

/// Who waits for which key, first come first; nothing if nobody is known to.
pub(super) fn queues(topology: &Topology) -> String {
    let columns = [("waited for", Align::Left), ("by", Align::Left)];
    let one = |waiting: &Waiting| {
        let hint = if waiting.source == WaitSource::Length { " (by length)" } else { "" };
        format!("{}{hint}", waiting.client)
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
            touch.client.to_string(),
            print::count(touch.reads),
            print::count(touch.writes),
            format!("db{} {}", touch.db, print::plain(&touch.prefix)),
        ]
    };
    let rows: Vec<Vec<String>> = topology.workload.touches.iter().map(row).collect();
    if rows.is_empty() { String::new() } else { format!("\n{}", print::table(&columns, &rows)) }
}
