//! `banyan cache snapshot`

mod fleet;
mod workload;

use std::collections::BTreeMap;

use anyhow::Context as _;
use banyan_sources::{
    Deadlines, Link, ObserveOptions, PollOptions, fleet::slot_keys, redis::monitor::Waking,
};
use banyan_topology::{
    Client, ClientId, FleetKind, ServerKind, ThreadRole, Topology, node_of, number_of,
};
use serde::Serialize;

use super::{ServerArgs, window::window};
use crate::command::print::{self, Align};

/// Print the connections of a server as they are now.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    #[command(flatten)]
    server: ServerArgs,

    /// See every command for so many seconds first (at most 10), to tell who waits for which key and
    /// who touches what. MONITOR costs the server about as much again as the commands themselves.
    #[arg(long, value_name = "SECS")]
    monitor: Option<f64>,

    /// Wake this client out of its blocking command, as if its time were over (CLIENT UNBLOCK), and
    /// see which key it asks for next. Its program must be one that asks again. NUMBER is what its
    /// server calls it; of another server than the URL's, say which: 7@10.0.0.8:6379.
    #[arg(long, value_name = "NUMBER[@ADDRESS]", requires = "yes", value_parser = waking)]
    reveal: Option<Waking>,

    /// Yes, wake it.
    #[arg(long, requires = "reveal")]
    yes: bool,

    /// Count the keys of each slot of a cluster, which takes a command for each.
    #[arg(long)]
    slots: bool,
}

impl Args {
    /// The window to open before the look, if any.
    fn window(&self) -> anyhow::Result<Option<ObserveOptions>> {
        if self.monitor.is_none() && self.reveal.is_none() {
            return Ok(None);
        }
        let secs = self.monitor.unwrap_or(DEFAULT_WINDOW_SECS);
        Ok(Some(ObserveOptions { reveal: self.reveal.clone(), ..window(secs)? }))
    }
}

const DEFAULT_WINDOW_SECS: f64 = 2.0;

/// `7`, or `7@10.0.0.8:6379`. An index in the fleet may be another server's by now, so that neither
/// `1:7` nor an `id` with an index in it is taken.
fn waking(text: &str) -> Result<Waking, String> {
    let (number, server) = match text.split_once('@') {
        Some((number, server)) => (number, Some(server.to_owned())),
        None => (text, None),
    };
    match number.parse() {
        Ok(number) if node_of(number) == 0 => Ok(Waking { number, server }),
        _ => Err("say the client's number, and the address of its server: 7@10.0.0.8:6379".into()),
    }
}

pub(super) async fn run(args: &Args) -> anyhow::Result<String> {
    let link = args.server.link()?;
    if let Some(window) = args.window()? {
        let seen = banyan_sources::observe(&link, &window).await;
        seen.with_context(|| link.target.to_string())?;
    }
    let topology = banyan_sources::snapshot(&link, Deadlines::default())
        .await
        .with_context(|| link.target.to_string())?;
    let is_cluster = topology.fleet.as_ref().is_some_and(|f| f.kind == FleetKind::Cluster);
    let slot_keys = match args.slots && is_cluster {
        true => Some(slot_keys(&link, PollOptions::default()).await?),
        false => None,
    };
    if args.server.json {
        let mut snapshot = Snapshot::new(link.target.to_string(), &topology);
        snapshot.slot_keys = slot_keys;
        let json = serde_json::to_string_pretty(&snapshot)?;
        return Ok(json + "\n");
    }
    let slots = slot_keys.map(|keys| "\n".to_owned() + &fleet::fullest(&keys));
    Ok(readable(&link, &topology) + &slots.unwrap_or_default())
}

/// The JSON of a snapshot; see `docs/json.md`.
#[derive(Serialize)]
pub(in crate::command) struct Snapshot<'a> {
    target: String,
    kind: ServerKind,
    version: &'a str,
    /// Milliseconds since 1970.
    taken_at: u64,
    server: &'a banyan_topology::ServerFacts,
    clients: Vec<ClientRow<'a>>,
    threads: Option<&'a [banyan_topology::Thread]>,
    replication: Option<&'a banyan_topology::Replication>,
    cost: banyan_topology::Cost,
    withheld: &'a [banyan_topology::Withheld],
    census: Option<&'a banyan_topology::Census>,
    fleet: Option<fleet::FleetJson<'a>>,
    workload: &'a banyan_topology::Workload,
    sections: &'a banyan_topology::Sections,
    slot_keys: Option<BTreeMap<u16, u64>>,
}

#[derive(Serialize)]
struct ClientRow<'a> {
    id: u64,
    node: u16,
    number: u64,
    addr: &'a str,
    name: &'a str,
    state: banyan_topology::ClientState,
    db: Option<u32>,
    age_secs: u64,
    idle_secs: u64,
    command: &'a str,
    output_bytes: Option<u64>,
    thread: Option<u32>,
    tcp_state: Option<&'a str>,
    user: Option<&'a str>,
    library: Option<&'a str>,
    library_version: Option<&'a str>,
    query_bytes: Option<u64>,
    memory_bytes: Option<u64>,
    subscriptions: u32,
    queued_commands: Option<u32>,
    watched_keys: Option<u32>,
    flags: &'a str,
    own: bool,
    local_addr: Option<&'a str>,
    descriptor: Option<u32>,
    socket: Option<&'a banyan_topology::Socket>,
    dead: Option<bool>,
    dead_evidence: &'a [banyan_topology::Evidence],
    busy: Option<bool>,
    argument_bytes: Option<u64>,
    redirect: Option<u64>,
    received_bytes: Option<u64>,
    sent_bytes: Option<u64>,
    commands: Option<u64>,
    resp: Option<u8>,
}

impl<'a> Snapshot<'a> {
    pub(in crate::command) fn new(target: String, topology: &'a Topology) -> Self {
        Self {
            target,
            kind: topology.server.kind,
            version: &topology.server.version,
            taken_at: topology.taken_at_millis,
            server: &topology.server,
            clients: topology.clients.values().map(|client| row(client, topology)).collect(),
            threads: topology.threads.as_deref(),
            replication: topology.replication.as_ref(),
            cost: topology.cost,
            withheld: &topology.withheld,
            census: topology.census.as_ref(),
            fleet: topology.fleet.as_ref().map(fleet::FleetJson::new),
            workload: &topology.workload,
            sections: &topology.sections,
            slot_keys: None,
        }
    }
}

fn row<'a>(client: &'a Client, topology: &Topology) -> ClientRow<'a> {
    ClientRow {
        id: client.id,
        node: node_of(client.id),
        number: number_of(client.id),
        addr: &client.addr,
        name: &client.name,
        state: client.state,
        db: client.db,
        age_secs: secs_between(client.opened_at_millis, topology),
        idle_secs: secs_between(client.active_at_millis, topology),
        command: &client.command,
        output_bytes: client.output_bytes,
        thread: client.thread,
        tcp_state: client.socket.as_ref().map(|socket| socket.state.name()),
        user: client.user.as_deref(),
        library: client.library.as_deref(),
        library_version: client.library_version.as_deref(),
        query_bytes: client.query_bytes,
        memory_bytes: client.memory_bytes,
        subscriptions: client.subscriptions,
        queued_commands: client.queued_commands,
        watched_keys: client.watched_keys,
        flags: &client.flags,
        own: client.own,
        local_addr: client.local_addr.as_deref(),
        descriptor: client.descriptor,
        socket: client.socket.as_ref(),
        dead: client.is_dead,
        dead_evidence: &client.dead_evidence,
        busy: client.is_busy,
        argument_bytes: client.argument_bytes,
        redirect: client.redirect,
        received_bytes: client.received_bytes,
        sent_bytes: client.sent_bytes,
        commands: client.commands,
        resp: client.protocol,
    }
}

/// Whole seconds from a moment until the snapshot, rounded: servers said whole seconds.
fn secs_between(at_millis: u64, topology: &Topology) -> u64 {
    (topology.taken_at_millis.saturating_sub(at_millis) + 500) / 1000
}

fn readable(link: &Link, topology: &Topology) -> String {
    let server = &topology.server;
    let mut facts = vec![
        ("target", link.target.to_string()),
        ("server", format!("{} {}", print::word(&server.kind), server.version)),
    ];
    let mut fact = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    fact("up for", server.uptime_secs.map(print::seconds));
    fact("memory", server.used_memory_bytes.map(print::bytes));
    fact("commands", server.ops_per_sec.map(|ops| format!("{} a second", print::count(ops))));
    fact("keys", server.keys().map(print::count));
    fact("clients", Some(print::count(topology.clients.len() as u64)));
    let dead = topology.clients.values().filter(|client| client.is_dead == Some(true)).count();
    fact("dead", (dead > 0).then(|| print::count(dead as u64)));
    fact("sockets", topology.census.as_ref().map(sockets));
    fact("threads", topology.threads.as_deref().map(threads));
    for withheld in &topology.withheld {
        fact("withheld", Some(format!("{}: {}", print::word(&withheld.part), withheld.reason)));
    }
    let columns = [
        ("id", Align::Right),
        ("address", Align::Left),
        ("state", Align::Left),
        ("tcp", Align::Left),
        ("db", Align::Right),
        ("age", Align::Right),
        ("idle", Align::Right),
        ("output", Align::Right),
        ("command", Align::Left),
        ("name", Align::Left),
    ];
    let rows: Vec<Vec<String>> = topology
        .clients
        .values()
        .map(|client| {
            vec![
                number(client.id, topology),
                print::plain(&client.addr),
                print::word(&client.state),
                tcp(client),
                client.db.map(|db| db.to_string()).unwrap_or_default(),
                print::seconds(secs_between(client.opened_at_millis, topology)),
                print::seconds(secs_between(client.active_at_millis, topology)),
                client.output_bytes.map(print::bytes).unwrap_or_default(),
                print::plain(&client.command),
                if client.own { "(banyan)".into() } else { print::plain(&client.name) },
            ]
        })
        .collect();
    let fleet =
        topology.fleet.as_ref().map(|fleet| fleet::readable(fleet) + "\n").unwrap_or_default();
    let mut text = format!("{}\n{fleet}{}", print::pairs(&facts), print::table(&columns, &rows));
    text.push_str(&workload::queues(topology));
    text.push_str(&workload::touches(topology));
    text
}

/// A connection by its server's number for it, after the node where there are several: `1:7`.
fn number(client: ClientId, topology: &Topology) -> String {
    match &topology.fleet {
        None => client.to_string(),
        Some(_) => format!("{}:{}", node_of(client), number_of(client)),
    }
}

/// `ESTAB`, with why the other end is taken to be gone.
fn tcp(client: &Client) -> String {
    let state = client.socket.as_ref().map(|socket| socket.state.name()).unwrap_or_default();
    if client.is_dead != Some(true) {
        return state.to_owned();
    }
    let evidence: Vec<_> = client
        .dead_evidence
        .iter()
        .map(|evidence| format!("{} {}", evidence.name.replace('_', " "), evidence.value))
        .collect();
    format!("{state} DEAD ({})", evidence.join(", "))
}

/// `LISTEN 1, ESTAB 12; 0 of 511 wait to be accepted`.
fn sockets(census: &banyan_topology::Census) -> String {
    let states: Vec<_> =
        census.states.iter().map(|(state, count)| format!("{} {count}", state.name())).collect();
    let backlog = match census.most_backlog {
        None => String::new(),
        Some(most) => format!("; {} of {most} wait to be accepted", census.backlog),
    };
    states.join(", ") + &backlog
}

/// The threads that serve connections: `mc-worker 19627: 3 clients`.
fn threads(threads: &[banyan_topology::Thread]) -> String {
    let serving = threads.iter().filter(|thread| thread.role != ThreadRole::Background);
    let words = serving.map(|thread| {
        let name = print::plain(&thread.name);
        match (thread.role, thread.clients.len()) {
            (ThreadRole::Listener, _) => format!("{name} {} listens", thread.id),
            (_, 1) => format!("{name} {} has 1 client", thread.id),
            (_, clients) => format!("{name} {} has {clients} clients", thread.id),
        }
    });
    let background = threads.iter().filter(|t| t.role == ThreadRole::Background).count();
    let rest = (background > 0).then(|| format!("{background} in the background"));
    words.chain(rest).collect::<Vec<_>>().join(", ")
}
