//! `banyan cache keys`

use std::{collections::BTreeMap, io::IsTerminal as _, time::Duration};

use anyhow::Context as _;
use banyan_sources::{Link, WalkOptions};
use banyan_topology::{
    Estimate, KeyEntry, KeyType, Keyspace, Lock, MissingServer, PrefixNode, Role, Tracking,
};
use serde::Serialize;

use super::ServerArgs;
use crate::{
    command::print::{self, Align},
    config::{check_budget, check_delimiter},
};

/// Print the keys of a server as a tree of prefixes.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    #[command(flatten)]
    server: ServerArgs,

    /// What separates the parts of a key.
    #[arg(long, value_name = "TEXT", default_value = ":")]
    delimiter: String,

    /// Rows of the tree; small prefixes and keys beyond it are folded into one row for each parent.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    limit: usize,

    /// Share of the server's time that the walk may take, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 50.0)]
    budget: f64,

    /// Ask for how long each key has not been used (OBJECT IDLETIME): one command more for each.
    #[arg(long)]
    idle: bool,

    /// Listen for so many seconds to which keys change (CLIENT TRACKING), which costs the server
    /// something for each change.
    #[arg(long, value_name = "SECS", value_parser = clap::value_parser!(u64).range(1..=600))]
    heat: Option<u64>,

    /// Stop at a first estimate, which takes about a second however many keys there are.
    #[arg(long)]
    estimate: bool,
}

pub(super) async fn run(args: Args) -> anyhow::Result<String> {
    let link = args.server.link()?;
    let options = WalkOptions {
        delimiter: check_delimiter(args.delimiter)?,
        budget: check_budget(args.budget)? / 100.0,
        max_rows: args.limit.max(1),
        asks_idle: args.idle,
        tracking: args.heat.map(Duration::from_secs),
        is_estimate_enough: args.estimate,
        ..WalkOptions::default()
    };
    let keyspace = banyan_sources::keys(&link, options, progress())
        .await
        .with_context(|| link.target.to_string())?;
    if args.server.json {
        let json =
            serde_json::to_string_pretty(&KeysJson::new(link.target.to_string(), &keyspace))?;
        return Ok(json + "\n");
    }
    Ok(readable(&link, &keyspace))
}

/// Says on a terminal how far the walk is.
fn progress() -> impl FnMut(Keyspace) + Send {
    let is_terminal = std::io::stderr().is_terminal();
    move |keyspace| {
        if is_terminal && !keyspace.complete {
            tracing::info!(
                "{} of {} keys",
                print::count(keyspace.seen),
                keyspace.total.map_or("?".to_owned(), print::count)
            );
        }
    }
}

/// The JSON of a keyspace; see `docs/json.md`.
#[derive(Serialize)]
pub(in crate::command) struct KeysJson<'a> {
    target: String,
    /// Milliseconds since 1970.
    taken_at: u64,
    delimiter: &'a str,
    keys: u64,
    complete: bool,
    bytes: u64,
    types: BTreeMap<KeyType, u64>,
    prefixes: Vec<PrefixJson>,
    withheld: &'a [banyan_topology::Withheld],
    total: Option<u64>,
    completed_at: Option<u64>,
    ttls: [u64; 6],
    estimate: Option<Estimate>,
    biggest: Vec<KeyJson<'a>>,
    oldest: Vec<KeyJson<'a>>,
    locks: &'a [Lock],
    tracking: Option<Tracking>,
    missing: Vec<MissingJson<'a>>,
}

/// A server whose keys are not among these.
#[derive(Serialize)]
struct MissingJson<'a> {
    addr: &'a str,
    reason: &'a str,
    share: f64,
}

#[derive(Serialize)]
struct KeyJson<'a> {
    db: u32,
    key: &'a str,
    #[serde(rename = "type")]
    key_type: KeyType,
    bytes: u64,
    ttl_secs: Option<u64>,
    idle_secs: Option<u64>,
}

#[derive(Serialize)]
struct PrefixJson {
    /// The whole prefix, or the whole key of a key; without the delimiter at its end. Of a folded
    /// row the prefix above it.
    prefix: String,
    keys: u64,
    bytes: u64,
    with_ttl: u64,
    types: BTreeMap<KeyType, u64>,
    is_key: bool,
    /// Siblings that this row stands for; 0 for a row of its own.
    folded: u64,
    database: Option<u32>,
    children: Vec<PrefixJson>,
    ttls: [u64; 6],
    /// Half-widths of 95 % intervals; 0 for what is counted.
    keys_error: u64,
    bytes_error: u64,
    heat: Option<f64>,
    role: Option<Role>,
    evidence: BTreeMap<String, String>,
}

impl<'a> KeysJson<'a> {
    pub(in crate::command) fn new(target: String, keyspace: &'a Keyspace) -> Self {
        let root = keyspace.nodes.first();
        Self {
            target,
            taken_at: keyspace.taken_at_millis,
            delimiter: &keyspace.delimiter,
            keys: keyspace.seen,
            complete: keyspace.complete,
            bytes: root.map_or(0, |root| root.bytes),
            types: root.map(types).unwrap_or_default(),
            prefixes: prefixes(keyspace),
            withheld: &keyspace.withheld,
            total: keyspace.total,
            completed_at: keyspace.completed_at_millis,
            ttls: root.map_or([0; 6], |root| root.ttls),
            estimate: keyspace.estimate,
            biggest: keyspace.biggest.iter().map(key_json).collect(),
            oldest: keyspace.oldest.iter().map(key_json).collect(),
            locks: &keyspace.locks,
            tracking: keyspace.tracking,
            missing: keyspace.missing.iter().map(missing_json).collect(),
        }
    }
}

fn missing_json(server: &MissingServer) -> MissingJson<'_> {
    let share = f64::from(server.share_ppm) / 1e6;
    MissingJson { addr: &server.addr, reason: &server.reason, share }
}

fn key_json(entry: &KeyEntry) -> KeyJson<'_> {
    KeyJson {
        db: entry.db,
        key: &entry.key,
        key_type: KeyType::ALL.get(usize::from(entry.key_type)).copied().unwrap_or(KeyType::Other),
        bytes: entry.bytes,
        ttl_secs: entry.ttl_secs,
        idle_secs: entry.idle_secs,
    }
}

/// The types that occur.
fn types(node: &PrefixNode) -> BTreeMap<KeyType, u64> {
    KeyType::ALL.into_iter().zip(node.types).filter(|(_, keys)| *keys > 0).collect()
}

/// The rows as a tree, without the root: from the last row to the first, each goes into its parent,
/// which stands before it.
fn prefixes(keyspace: &Keyspace) -> Vec<PrefixJson> {
    let mut below: BTreeMap<u32, Vec<PrefixJson>> = BTreeMap::new();
    let rows = (0..).zip(&keyspace.nodes).zip(keyspace.texts()).skip(1);
    for ((row, node), (_, prefix)) in rows.collect::<Vec<_>>().into_iter().rev() {
        let mut children = below.remove(&row).unwrap_or_default();
        children.reverse();
        below.entry(node.parent).or_default().push(PrefixJson {
            prefix,
            keys: node.keys,
            bytes: node.bytes,
            with_ttl: node.with_ttl,
            types: types(node),
            is_key: node.is_key,
            folded: node.folded,
            database: node.database,
            children,
            ttls: node.ttls,
            keys_error: node.keys_error,
            bytes_error: node.bytes_error,
            heat: node.heat.map(|heat| heat as f64 / 1000.0),
            role: node.role,
            evidence: node
                .evidence
                .iter()
                .map(|fact| (fact.name.clone(), fact.value.clone()))
                .collect(),
        });
    }
    let mut top = below.remove(&0).unwrap_or_default();
    top.reverse();
    top
}

fn readable(link: &Link, keyspace: &Keyspace) -> String {
    let Some(root) = keyspace.nodes.first() else { return "no keys\n".into() };
    let keys = match keyspace.estimate {
        None => print::count(keyspace.seen),
        Some(Estimate { keys, total, .. }) => {
            format!("{}, estimated from {}", print::count(total), print::count(keys))
        }
    };
    let types: Vec<String> = types(root)
        .into_iter()
        .map(|(kind, keys)| format!("{} {}", print::count(keys), print::word(&kind)))
        .collect();
    let mut facts = vec![
        ("target", link.target.to_string()),
        ("keys", keys),
        ("bytes", print::bytes(root.bytes)),
        ("types", types.join(", ")),
    ];
    for server in &keyspace.missing {
        let share = print::percent(f64::from(server.share_ppm) / 1e6);
        facts.push(("missing", format!("{} with {share}: {}", server.addr, server.reason)));
    }
    for withheld in &keyspace.withheld {
        facts.push(("withheld", format!("{}: {}", print::word(&withheld.part), withheld.reason)));
    }
    let columns = [
        ("keys", Align::Right),
        ("share", Align::Right),
        ("bytes", Align::Right),
        ("with TTL", Align::Right),
        ("role", Align::Left),
        ("prefix", Align::Left),
    ];
    let mut depths: Vec<usize> = Vec::with_capacity(keyspace.nodes.len());
    let mut rows = Vec::new();
    for (index, node) in keyspace.nodes.iter().enumerate() {
        let depth = depths.get(node.parent as usize).map_or(0, |depth| depth + 1);
        depths.push(depth);
        if index == 0 {
            continue;
        }
        let mut name = print::plain(&node.name);
        match node {
            PrefixNode { folded: 0, is_key: true, .. } | PrefixNode { database: Some(_), .. } => {}
            PrefixNode { folded: 0, .. } => name.push_str(&keyspace.delimiter),
            PrefixNode { folded, .. } => name = format!("({} more)", print::count(*folded)),
        }
        rows.push(vec![
            print::count(node.keys),
            share(node.keys, node.keys_error, root.keys),
            print::bytes(node.bytes),
            print::count(node.with_ttl),
            node.role.as_ref().map(print::word).unwrap_or_default(),
            format!("{}{name}", "  ".repeat(depth - 1)),
        ]);
    }
    format!("{}\n{}", print::pairs(&facts), print::table(&columns, &rows))
}

/// A share of all keys, and the half-width of its interval where it is estimated.
fn share(keys: u64, error: u64, all: u64) -> String {
    let of_all = |keys: u64| print::percent(keys as f64 / all.max(1) as f64);
    if error == 0 { of_all(keys) } else { format!("{} ± {}", of_all(keys), of_all(error)) }
}
