//! `banyan doctor`

use std::io::Write as _;

use anyhow::Context as _;
use banyan_sources::{
    Deadlines,
    doctor::{Check, Examination, Verdict, examine},
};
use banyan_topology::{Part, ServerKind};
use serde::Serialize;

use super::{
    cache::ServerArgs,
    print::{self, Align},
};

/// Say what can be seen of a server, what cannot and why, what it costs, and what would help.
///
/// It tries each question that Banyan asks once; none of them changes anything.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    server: ServerArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let link = args.server.link()?;
    let examined = runtime
        .block_on(examine(&link, Deadlines::default()))
        .with_context(|| link.target.to_string())?;
    let text = match args.server.json {
        true => serde_json::to_string_pretty(&Report::new(&examined))? + "\n",
        false => readable(&examined),
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

/// The JSON of an examination; see `docs/json.md`.
#[derive(Serialize)]
struct Report<'a> {
    target: &'a str,
    kind: ServerKind,
    version: &'a str,
    user: Option<&'a str>,
    tls: Option<&'a str>,
    verified: Option<bool>,
    resp: Option<u64>,
    checks: Vec<Row<'a>>,
    micros_a_minute: f64,
    hazards: &'a [String],
    viewer: Option<&'a str>,
    viewer_on_request: Option<&'a str>,
}

#[derive(Serialize)]
struct Row<'a> {
    part: Part,
    command: &'a str,
    verdict: &'static str,
    reason: Option<&'a str>,
    micros: Option<f64>,
    calls_a_minute: f64,
}

impl<'a> Report<'a> {
    fn new(examined: &'a Examination) -> Self {
        Self {
            target: &examined.target,
            kind: examined.kind,
            version: &examined.version,
            user: examined.user.as_deref(),
            tls: examined.tls.as_deref(),
            verified: examined.is_verified,
            resp: examined.resp,
            checks: examined.checks.iter().map(row).collect(),
            micros_a_minute: examined.micros_a_minute(),
            hazards: &examined.hazards,
            viewer: examined.viewer.as_deref(),
            viewer_on_request: examined.viewer_on_request.as_deref(),
        }
    }
}

fn row(check: &Check) -> Row<'_> {
    let (verdict, reason) = match &check.verdict {
        Verdict::Permitted => ("permitted", None),
        Verdict::Refused(reason) => ("refused", Some(reason.as_str())),
        Verdict::Needs(version) => ("needs", Some(version.as_str())),
        Verdict::NotTried => ("not_tried", None),
    };
    let Check { part, command, micros, calls_a_minute, .. } = check;
    Row { part: *part, command, verdict, reason, micros: *micros, calls_a_minute: *calls_a_minute }
}

fn readable(examined: &Examination) -> String {
    let mut facts = vec![
        ("target", examined.target.clone()),
        ("server", format!("{} {}", print::word(&examined.kind), print::plain(&examined.version))),
    ];
    let mut fact = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    fact("user", examined.user.as_deref().map(print::plain));
    fact("tls", examined.tls.clone());
    fact("resp", examined.resp.map(|version| version.to_string()));
    let millis = examined.micros_a_minute() / 1000.0;
    fact("cost", Some(format!("{millis:.1} ms of the server's time a minute of watching")));
    for hazard in &examined.hazards {
        fact("hazard", Some(hazard.clone()));
    }
    let columns = [
        ("part", Align::Left),
        ("command", Align::Left),
        ("µs", Align::Right),
        ("a minute", Align::Right),
        ("verdict", Align::Left),
    ];
    let rows: Vec<Vec<String>> = examined.checks.iter().map(cells).collect();
    let mut text = format!("{}\n{}", print::pairs(&facts), print::table(&columns, &rows));
    if let Some(line) = &examined.viewer {
        text += "\nA user who may see all of this and do nothing else, with a password of yours:\n";
        text += &format!("  {line}\n");
    }
    if let Some(line) = &examined.viewer_on_request {
        text += "To let that user open windows of MONITOR and wake blocked clients as well:\n";
        text += &format!("  {line}\n");
    }
    text
}

fn cells(check: &Check) -> Vec<String> {
    let verdict = match &check.verdict {
        Verdict::Permitted => "permitted".to_owned(),
        Verdict::Refused(reason) => format!("refused: {}", print::plain(reason)),
        Verdict::Needs(version) => format!("needs {}", print::plain(version)),
        Verdict::NotTried => "not tried".to_owned(),
    };
    vec![
        print::word(&check.part),
        check.command.clone(),
        check.micros.map(|micros| format!("{micros:.0}")).unwrap_or_default(),
        match check.calls_a_minute {
            0.0 => String::new(),
            calls => format!("{calls:.0}"),
        },
        verdict,
    ]
}
