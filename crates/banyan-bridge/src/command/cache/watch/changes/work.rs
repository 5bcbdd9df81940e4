//! Who waits for which key, and what a window of MONITOR showed.

use std::collections::BTreeSet;

use banyan_topology::{ClientId, Queue, Topology, Touch, WaitSource, number_of};
use serde_json::json;

use super::Change;

pub(super) fn of_work(before: &Topology, later: &Topology, out: &mut Vec<Change>) {
    let (earlier, work) = (&before.workload, &later.workload);
    if let Some(window) = work.window.filter(|_| earlier.window != work.window) {
        let secs = window.to_millis.saturating_sub(window.from_millis) as f64 / 1000.0;
        let missed = match window.missed {
            0 => String::new(),
            missed => format!(", {missed} more went by unseen"),
        };
        out.push(Change {
            event: "window",
            fields: json!({ "window": window }),
            text: format!("{} commands in {secs:.1} s{missed}", window.commands),
        });
        out.extend(work.touches.iter().map(|touch| of_touch(touch, later)));
    }
    let waits = |queues: &[Queue]| -> BTreeSet<(ClientId, u32, String)> {
        let places = queues.iter().flat_map(|queue| {
            queue.waiting.iter().map(|waiting| (waiting.client, queue.db, queue.key.clone()))
        });
        places.collect()
    };
    let known = waits(&earlier.queues);
    for queue in &work.queues {
        for (waiting, place) in queue.waiting.iter().zip(1..) {
            if known.contains(&(waiting.client, queue.db, queue.key.clone())) {
                continue;
            }
            let of = queue.waiting.len();
            let hint = if waiting.source == WaitSource::Length { ", by its length" } else { "" };
            out.push(Change {
                event: "client_waits",
                fields: json!({
                    "client": waiting.client,
                    "db": queue.db,
                    "key": queue.key,
                    "place": place,
                    "of": of,
                    "source": waiting.source,
                }),
                text: format!(
                    "{} waits for db{} {} ({place} of {of}{hint})",
                    who(waiting.client, later),
                    queue.db,
                    queue.key
                ),
            });
        }
    }
}

fn of_touch(touch: &Touch, topology: &Topology) -> Change {
    let Touch { client, db, prefix, reads, writes } = touch;
    let who = who(*client, topology);
    Change {
        event: "client_touches",
        fields: json!({
            "client": client,
            "db": db,
            "prefix": prefix,
            "reads": reads,
            "writes": writes,
        }),
        text: format!("{who} touches db{db} {prefix}: {reads} reads, {writes} writes"),
    }
}

fn who(id: ClientId, topology: &Topology) -> String {
    let name = topology.clients.get(&id).map_or("", |client| client.name.as_str());
    format!("client {} {name}", number_of(id)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use banyan_topology::{Waiting, Window};
    use banyan_view::texts::Language;

    use super::{super::changes, *};

    #[test]
    fn a_window_and_who_waits_are_told_once() {
        let before = Topology::default();
        let mut later = before.clone();
        later.workload.window = Some(Window {
            from_millis: 1_000,
            to_millis: 3_000,
            commands: 40,
            missed: 0,
            bytes: 900,
        });
        later.workload.touches =
            vec![Touch { client: 7, db: 0, prefix: "user:".into(), reads: 3, writes: 1 }];
        let waits = |client| Waiting { client, source: WaitSource::Seen, since_millis: 0 };
        let waiting = vec![waits(8), waits(9)];
        later.workload.queues = vec![Queue { db: 2, key: "jobs".into(), waiting }];
        let told = changes(Some(&before), &later, Language::English);
        let texts: Vec<&str> = told.iter().map(|change| change.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "40 commands in 2.0 s",
                "client 7 touches db0 user:: 3 reads, 1 writes",
                "client 8 waits for db2 jobs (1 of 2)",
                "client 9 waits for db2 jobs (2 of 2)",
            ]
        );
        let line = told[3].json(5);
        assert_eq!([&line["event"], &line["key"]], ["client_waits", "jobs"]);
        assert_eq!(line["place"], 2);
        assert!(changes(Some(&later), &later, Language::English).is_empty());
        // Who moves up waits for nothing new.
        let mut another = later.clone();
        another.workload.queues[0].waiting.remove(0);
        assert!(changes(Some(&later), &another, Language::English).is_empty());
    }
}
