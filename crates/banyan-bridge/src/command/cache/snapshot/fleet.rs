//! The servers that belong together, in a snapshot.

use std::collections::BTreeMap;

use banyan_topology::{Fleet, FleetEvent, FleetKind, FleetNode, FleetTotal, NodeRole, Reach};
use serde::Serialize;

use crate::command::print::{self, Align};

/// The JSON of a fleet; see `docs/json.md`.
#[derive(Serialize)]
pub(super) struct FleetJson<'a> {
    kind: FleetKind,
    name: Option<&'a str>,
    quorum: Option<u32>,
    has_quorum: Option<bool>,
    nodes: Vec<NodeJson<'a>>,
    uncovered: &'a [(u16, u16)],
    total: &'a FleetTotal,
    events: &'a [FleetEvent],
}

#[derive(Serialize)]
struct NodeJson<'a> {
    node: usize,
    addr: &'a str,
    id: &'a str,
    role: NodeRole,
    master: Option<u16>,
    reach: &'static str,
    reason: Option<String>,
    name: Option<&'a str>,
    quorum: Option<u32>,
    has_quorum: Option<bool>,
    state: &'a str,
    offset: Option<u64>,
    lag_bytes: Option<u64>,
    lag_secs: Option<u64>,
    slots: &'a [(u16, u16)],
    migrations: &'a [banyan_topology::Migration],
    bus_links: Option<u32>,
    keys: Option<u64>,
    share: Option<f64>,
    server: Option<&'a banyan_topology::ServerFacts>,
    replication: Option<&'a banyan_topology::Replication>,
    cost: Option<banyan_topology::Cost>,
    /// Milliseconds since 1970.
    down_since: Option<u64>,
}

impl<'a> FleetJson<'a> {
    pub(super) fn new(fleet: &'a Fleet) -> Self {
        Self {
            kind: fleet.kind,
            name: fleet.name.as_deref(),
            quorum: fleet.quorum,
            has_quorum: fleet.has_quorum,
            nodes: fleet.nodes.iter().enumerate().map(|(index, node)| row(index, node)).collect(),
            uncovered: &fleet.uncovered,
            total: &fleet.total,
            events: &fleet.events,
        }
    }
}

fn row(index: usize, node: &FleetNode) -> NodeJson<'_> {
    NodeJson {
        node: index,
        addr: &node.addr,
        id: &node.id,
        role: node.role,
        master: node.master,
        reach: reach(&node.reach),
        reason: match &node.reach {
            Reach::Failed(fault) => Some(fault.to_string()),
            _ => None,
        },
        name: node.name.as_deref(),
        quorum: node.quorum,
        has_quorum: node.has_quorum,
        state: &node.state,
        offset: node.offset,
        lag_bytes: node.lag_bytes,
        lag_secs: node.lag_secs,
        slots: &node.slots,
        migrations: &node.migrations,
        bus_links: node.bus_links,
        keys: node.keys,
        share: node.share_ppm.map(|ppm| f64::from(ppm) / 1e6),
        server: node.server.as_ref(),
        replication: node.replication.as_ref(),
        cost: node.cost,
        down_since: node.down_since_millis,
    }
}

const fn reach(reach: &Reach) -> &'static str {
    match reach {
        Reach::Polled => "polled",
        Reach::Told => "told",
        Reach::NotPermitted => "not_permitted",
        Reach::Failed(_) => "failed",
    }
}

/// What stands above the table of connections.
pub(super) fn readable(fleet: &Fleet) -> String {
    let kind = print::word(&fleet.kind);
    let mut facts = vec![(
        "fleet",
        match &fleet.name {
            Some(name) => format!("{kind} {}", print::plain(name)),
            None => kind,
        },
    )];
    if let Some(quorum) = fleet.quorum {
        let reached = match fleet.has_quorum {
            Some(true) => ", reached",
            Some(false) => ", NOT reached",
            None => "",
        };
        facts.push(("quorum", format!("{quorum}{reached}")));
    }
    if !fleet.uncovered.is_empty() {
        facts.push(("uncovered", slots(&fleet.uncovered)));
    }
    facts.extend(fleet.total.keys.map(|keys| ("keys", print::count(keys))));
    let columns = [
        ("node", Align::Right),
        ("address", Align::Left),
        ("role", Align::Left),
        ("of", Align::Right),
        ("state", Align::Left),
        ("behind", Align::Right),
        ("keys", Align::Right),
        (if fleet.kind == FleetKind::Ring { "share" } else { "slots" }, Align::Left),
    ];
    let rows: Vec<Vec<String>> =
        fleet.nodes.iter().enumerate().map(|(index, node)| cells(index, node)).collect();
    format!("{}{}", print::pairs(&facts), print::table(&columns, &rows))
}

/// The slots that hold most keys.
pub(super) fn fullest(keys: &BTreeMap<u16, u64>) -> String {
    const MOST: usize = 20;
    let mut slots: Vec<(u64, u16)> = keys.iter().map(|(slot, keys)| (*keys, *slot)).collect();
    slots.sort_by_key(|(keys, slot)| (std::cmp::Reverse(*keys), *slot));
    let cells = |(keys, slot): &(u64, u16)| vec![slot.to_string(), print::count(*keys)];
    let rows: Vec<Vec<String>> = slots.iter().take(MOST).map(cells).collect();
    print::table(&[("slot", Align::Right), ("keys", Align::Right)], &rows)
}

fn cells(index: usize, node: &FleetNode) -> Vec<String> {
    let state = match &node.reach {
        Reach::Failed(fault) => fault.to_string(),
        Reach::NotPermitted => "not followed".to_owned(),
        Reach::Told if node.down_since_millis.is_some() => "gone".to_owned(),
        Reach::Polled | Reach::Told => node.state.clone(),
    };
    let share = node.share_ppm.map(|ppm| format!("{:.1} %", f64::from(ppm) / 1e4));
    vec![
        index.to_string(),
        print::plain(&node.addr),
        print::word(&node.role),
        node.master.map(|master| master.to_string()).unwrap_or_default(),
        print::plain(&state),
        node.lag_bytes.map(print::bytes).unwrap_or_default(),
        node.keys.map(print::count).unwrap_or_default(),
        share.unwrap_or_else(|| slots(&node.slots)),
    ]
}

/// `0-5460, 5462`.
fn slots(ranges: &[(u16, u16)]) -> String {
    let range = |&(first, last): &(u16, u16)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}
