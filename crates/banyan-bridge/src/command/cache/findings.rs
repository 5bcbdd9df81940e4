//! `banyan cache findings`

use std::{fmt::Write as _, io::Write as _, process::ExitCode, time::Duration};

use banyan_topology::{Evidence, Finding, Severity, Subject, Topology, number_of};
use banyan_view::{
    Value,
    findings::{ToldFinding, notes, severity_key, tell},
    texts::Language,
};
use serde::Serialize;
use serde_json::json;

use super::{
    ServerArgs,
    follow::{Follow, Followed, follow},
};
use crate::command::print;

/// Watch a server for a while and print what is wrong. Ends with 0 if nothing is, 1 if something
/// critical or a warning was found, 2 if the server could not be looked at to the end.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    #[command(flatten)]
    server: ServerArgs,

    /// How long to watch, in seconds. Some faults show only in time: connections that end and come
    /// again need a minute.
    #[arg(long = "for", value_name = "SECS", default_value_t = 5.0, value_parser = seconds)]
    span: f64,

    /// Language of the explanations: en or zh-CN.
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = language)]
    lang: Language,

    /// Leave the keys alone: no rule over keys is judged.
    #[arg(long)]
    no_keys: bool,
}

pub(super) fn seconds(text: &str) -> Result<f64, String> {
    let secs: f64 = text.parse().map_err(|_| "this is no number of seconds".to_owned())?;
    if (0.1..=86_400.0).contains(&secs) { Ok(secs) } else { Err("from 0.1 to 86400".to_owned()) }
}

pub(super) fn language(tag: &str) -> Result<Language, String> {
    Language::of_tag(tag).ok_or_else(|| "there are texts in en and zh-CN".to_owned())
}

pub(super) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match look(args).await {
        Ok(is_well) => Ok(ExitCode::from(u8::from(!is_well))),
        Err(error) if crate::command::is_broken_pipe(&error) => Err(error),
        Err(error) => {
            print::complain(&error);
            Ok(ExitCode::from(2))
        }
    }
}

/// Whether nothing is wrong that somebody should act on.
async fn look(args: &Args) -> anyhow::Result<bool> {
    let link = args.server.link()?;
    let span = Some(Duration::from_secs_f64(args.span));
    let interval = Duration::from_millis(500);
    let plan = Follow { interval, span, with_keys: !args.no_keys, window: None };
    let followed = follow(&link, plan, |_| Ok(())).await?;
    let Some(topology) = &followed.topology else {
        let fault = followed.fault.map_or_else(|| "no answer in time".into(), |it| it.to_string());
        anyhow::bail!("{}: {fault}", link.target);
    };
    let text = if args.server.json {
        let rows: Vec<Row<'_>> =
            topology.findings.iter().map(|it| Row::new(it, topology, args.lang)).collect();
        serde_json::to_string_pretty(&rows)? + "\n"
    } else {
        readable(topology, &followed, args.lang)
    };
    std::io::stdout().write_all(text.as_bytes())?;
    // What was found counts until then, and nothing is known of now.
    if let Some(fault) = &followed.fault {
        anyhow::bail!("{}: {fault}", link.target);
    }
    Ok(topology.findings.iter().all(|finding| finding.severity == Severity::Notice))
}

/// The JSON of a finding; see `docs/json.md`.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    rule: &'static str,
    severity: Severity,
    title: String,
    subject: serde_json::Value,
    evidence: &'a [Evidence],
    explanation: String,
    remedy: String,
    /// Milliseconds since 1970.
    since: u64,
}

impl<'a> Row<'a> {
    pub(super) fn new(finding: &'a Finding, topology: &Topology, language: Language) -> Self {
        let told = tell(finding, topology, language);
        Self {
            rule: finding.rule.key(),
            severity: finding.severity,
            title: told.title,
            subject: subject(&finding.subject, topology),
            evidence: &finding.evidence,
            explanation: told.explanation,
            remedy: told.remedy,
            since: finding.since_millis,
        }
    }
}

fn subject(subject: &Subject, topology: &Topology) -> serde_json::Value {
    match subject {
        Subject::Server => json!({ "kind": "server" }),
        Subject::Node(index) => {
            json!({ "kind": "node", "node": index, "addr": addr(*index, topology) })
        }
        Subject::Client(id) => {
            let client = topology.clients.get(id);
            json!({
                "kind": "client",
                "id": id,
                "number": number_of(*id),
                "addr": client.map(|client| &client.addr),
                "name": client.map(|client| &client.name),
            })
        }
        Subject::Clients(ids) => json!({ "kind": "clients", "ids": ids }),
        Subject::Key { db, key } => json!({ "kind": "key", "db": db, "key": key }),
        Subject::Prefix { db, prefix } => json!({ "kind": "prefix", "db": db, "prefix": prefix }),
        Subject::SlabClass(class) => json!({ "kind": "slab_class", "class": class }),
        Subject::NodeSlabClass { node, class } => {
            let addr = addr(*node, topology);
            json!({ "kind": "slab_class", "class": class, "node": node, "addr": addr })
        }
    }
}

/// The address of a server of the fleet.
fn addr(node: u16, topology: &Topology) -> Option<&str> {
    let fleet = topology.fleet.as_ref()?;
    fleet.nodes.get(usize::from(node)).map(|node| node.addr.as_str())
}

fn readable(topology: &Topology, followed: &Followed, language: Language) -> String {
    let text = |key: &str| language.text(key).unwrap_or_default();
    let colon = text("colon");
    let mut out = String::new();
    for finding in &topology.findings {
        let told = tell(finding, topology, language);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", head(&told, language));
        let _ = writeln!(out, "  {}", print::plain(&told.explanation));
        for (label, value) in &told.evidence {
            let _ = writeln!(out, "  - {label}{colon}{}", print::plain(&show(value)));
        }
        let _ = writeln!(out, "  {}{colon}{}\n", text("label_remedy"), print::plain(&told.remedy));
    }
    for note in notes(topology, followed.has_keys, followed.watched_millis, language) {
        let _ = writeln!(out, "{}", print::plain(&note));
    }
    out
}

/// `critical: A dead client waits for work — mailer (10.0.0.7:1)`
pub(super) fn head(told: &ToldFinding, language: Language) -> String {
    let text = |key: &str| language.text(key).unwrap_or_default();
    let (severity, colon) = (text(severity_key(told.severity)), text("colon"));
    print::plain(&format!("{severity}{colon}{} — {}", told.title, told.subject))
}

pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Count(count) | Value::Moment(count) => print::count(*count),
        Value::Bytes(bytes) => print::bytes(*bytes),
        Value::Seconds(secs) => print::seconds(*secs),
        Value::PerMille(permille) => print::percent(f64::from(*permille) / 1000.0),
        // Findings have none of these.
        _ => String::new(),
    }
}
