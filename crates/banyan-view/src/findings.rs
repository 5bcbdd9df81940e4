//! What is wrong, in words: the texts of `locales/engine` with the facts of a finding in them.

use std::fmt::Write as _;

use banyan_topology::{
    Evidence, Finding, Judged, ServerKind, Severity, Subject, Topology, findings::judged, number_of,
};
use serde::{Deserialize, Serialize};

use crate::{View, details::Value, texts::Language, told::Place};

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldFinding {
    pub severity: Severity,
    /// The key of its rule, such as `dead_client`.
    pub rule: String,
    pub title: String,
    /// What it is about.
    pub subject: String,
    /// Where it is to be seen.
    pub place: Option<Place>,
    pub explanation: String,
    pub remedy: String,
    pub evidence: Vec<(String, Value)>,
    pub since_millis: u64,
}

/// `finding` of `topology` in words.
pub fn tell(finding: &Finding, topology: &Topology, language: Language) -> ToldFinding {
    let rule = finding.rule.key();
    let key = format!("finding_{rule}");
    let text = |key: &str| language.text(key).unwrap_or_default();
    let dialect = match topology.server.kind {
        ServerKind::Memcached => "memcached",
        ServerKind::TokyoTyrant => "tyrant",
        ServerKind::Redis | ServerKind::Valkey | ServerKind::Sentinel => "redis",
    };
    let remedy = language.text(&format!("{key}_remedy_{dialect}"));
    let remedy = remedy.unwrap_or_else(|| text(&format!("{key}_remedy")));
    let names = Names { finding, topology, language };
    ToldFinding {
        severity: finding.severity,
        rule: rule.to_owned(),
        title: text(&key).to_owned(),
        subject: names.subject(),
        place: place(&finding.subject, topology),
        explanation: names.fill(text(&format!("{key}_why"))),
        remedy: names.fill_with(remedy, typed),
        evidence: told_evidence(&finding.evidence, language),
        since_millis: finding.since_millis,
    }
}

/// The view that shows a subject, and its id there.
fn place(subject: &Subject, topology: &Topology) -> Option<Place> {
    let (view, id) = match subject {
        Subject::Server | Subject::SlabClass(_) => (View::Connections, "server".to_owned()),
        Subject::Node(index) | Subject::NodeSlabClass { node: index, .. } => {
            let node = topology.fleet.as_ref()?.nodes.get(usize::from(*index))?;
            (View::Connections, format!("peer:{}", node.addr))
        }
        Subject::Client(id) => {
            (View::Connections, format!("client:{}:{id}", topology.server.run_id))
        }
        Subject::Clients(ids) => {
            let id = ids.first()?;
            (View::Connections, format!("client:{}:{id}", topology.server.run_id))
        }
        Subject::Key { db, key } => (View::Keyspace, format!("db{db}/key:{key}")),
        Subject::Prefix { db, prefix } => (View::Keyspace, format!("db{db}/prefix:{prefix}")),
    };
    Some(Place { view, id })
}

/// Facts with their names and units.
pub fn told_evidence(evidence: &[Evidence], language: Language) -> Vec<(String, Value)> {
    let told = evidence.iter().map(|fact| {
        let label = language.text(&format!("evidence_{}", fact.name)).unwrap_or(&fact.name);
        (label.to_owned(), value(fact, language))
    });
    told.collect()
}

/// The unit of a fact is the end of its name.
pub(crate) fn value(fact: &Evidence, language: Language) -> Value {
    // `integers 3 / 3`: what values look like, and how many of how many.
    if let ("role_values", Some((shape, counts))) = (fact.name.as_str(), fact.value.split_once(' '))
        && let Some(shape) = language.text(&format!("shape_{shape}"))
    {
        return Value::Text(format!("{shape} · {counts}"));
    }
    let Ok(number) = fact.value.parse::<u64>() else {
        let hazard = (fact.name == "hazard").then(|| hazard(&fact.value, language));
        return Value::Text(hazard.map_or_else(|| fact.value.clone(), str::to_owned));
    };
    match fact.name.rsplit('_').next().unwrap_or_default() {
        "secs" => Value::Seconds(number),
        "bytes" => Value::Bytes(number),
        "millis" => Value::Text(format!("{number} ms")),
        "micros" if number >= 1_000 => Value::Text(format!("{} ms", number / 1_000)),
        "micros" => Value::Text(format!("{number} µs")),
        "percent" => Value::PerMille(u32::try_from(number.saturating_mul(10)).unwrap_or(u32::MAX)),
        // Names of numbers, rather than how many.
        "class" | "slot" => Value::Text(fact.value.clone()),
        _ => Value::Count(number),
    }
}

fn hazard(name: &str, language: Language) -> &'static str {
    language.text(&format!("hazard_{name}")).unwrap_or_default()
}

/// What stands for the names in braces.
struct Names<'a> {
    finding: &'a Finding,
    topology: &'a Topology,
    language: Language,
}

impl Names<'_> {
    fn fill(&self, template: &str) -> String {
        self.fill_with(template, |_, fact| fact)
    }

    /// Puts the facts in the place of their names, as `show` writes them; "…" for one that is not
    /// known. Facts are not searched for names.
    fn fill_with(&self, template: &str, show: fn(&str, String) -> String) -> String {
        let mut filled = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            let fact = self.of(name).map(|fact| show(name, fact));
            filled.push_str(fact.as_deref().unwrap_or("…"));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    fn of(&self, name: &str) -> Option<String> {
        let subject = match (&self.finding.subject, name) {
            (_, "subject") => Some(self.subject()),
            (Subject::Client(id), "client") => Some(number_of(*id).to_string()),
            (Subject::Clients(ids), "client") => ids.first().map(|id| number_of(*id).to_string()),
            (Subject::Clients(ids), "count") => {
                self.fact("connections").or_else(|| Some(ids.len().to_string()))
            }
            (Subject::Key { key, .. }, "key") => Some(key.clone()),
            (Subject::Prefix { prefix, .. }, "prefix") => Some(prefix.clone()),
            (Subject::Key { db, .. } | Subject::Prefix { db, .. }, "db") => Some(db.to_string()),
            (Subject::SlabClass(class) | Subject::NodeSlabClass { class, .. }, "class") => {
                Some(class.to_string())
            }
            (Subject::Node(index) | Subject::NodeSlabClass { node: index, .. }, "node") => {
                let fleet = self.topology.fleet.as_ref()?;
                fleet.nodes.get(usize::from(*index)).map(|node| node.addr.clone())
            }
            _ => None,
        };
        subject.or_else(|| self.fact(name))
    }

    fn fact(&self, name: &str) -> Option<String> {
        let fact = self.finding.evidence.iter().find(|fact| fact.name == name)?;
        let text = if name == "hazard" { hazard(&fact.value, self.language) } else { &fact.value };
        Some(text.to_owned())
    }

    fn subject(&self) -> String {
        let key = match &self.finding.subject {
            Subject::Server => "subject_server",
            Subject::Node(_) => "subject_node",
            Subject::Client(id) => {
                let client = self.topology.clients.get(id);
                if let Some(client) = client.filter(|client| !client.name.is_empty()) {
                    return format!("{} ({})", client.name, client.addr);
                }
                "subject_client"
            }
            Subject::Clients(_) => "subject_clients",
            Subject::Key { db: 0, .. } => "subject_key",
            Subject::Key { .. } => "subject_key_db",
            Subject::Prefix { .. } => "subject_prefix",
            Subject::SlabClass(_) => "subject_slab_class",
            Subject::NodeSlabClass { .. } => "subject_node_slab_class",
        };
        self.fill(self.language.text(key).unwrap_or_default())
    }
}

/// A name as a person types it into `redis-cli`: one with a space in it would be two, and the command
/// would hit others.
fn typed(name: &str, fact: String) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-:.,/@+=".contains(letter);
    if !matches!(name, "key" | "group") || (!fact.is_empty() && fact.chars().all(is_plain)) {
        return fact;
    }
    let mut quoted = String::from('"');
    let mut rest = fact.as_str();
    while let Some(letter) = rest.chars().next() {
        // Bytes that are no text are `\xNN` already, which the program reads between quotes.
        let is_byte = rest.strip_prefix("\\x").and_then(|rest| rest.get(..2));
        let is_byte = is_byte.is_some_and(|hex| hex.bytes().all(|it| it.is_ascii_hexdigit()));
        if letter == '"' || (letter == '\\' && !is_byte) {
            quoted.push('\\');
        }
        quoted.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    quoted.push('"');
    quoted
}

/// What was looked at, and what the silence of a rule does not mean.
pub fn notes(
    topology: &Topology,
    has_keyspace: bool,
    watched_millis: u64,
    language: Language,
) -> Vec<String> {
    let say = |key: &str| language.text(key).unwrap_or_default();
    let mut count = 0_u32;
    let mut not_yet = Vec::new();
    let mut unknown: Vec<(String, Vec<&str>)> = Vec::new();
    for (rule, judged) in judged(topology, has_keyspace, watched_millis) {
        let title = say(&format!("finding_{}", rule.key()));
        match judged {
            Judged::Yes => count += 1,
            Judged::NotHere => {}
            Judged::NotYet(_) => not_yet.push(title),
            Judged::Unknown(..) | Judged::NeverTold => {
                let reason = match judged {
                    Judged::Unknown(_, reason) if !reason.is_empty() => reason,
                    Judged::Unknown(..) => say("not_looked_at").to_owned(),
                    _ => say("never_told").to_owned(),
                };
                match unknown.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, titles)) => titles.push(title),
                    None => unknown.push((reason, vec![title])),
                }
            }
        }
    }
    let mut notes = Vec::new();
    if topology.findings.is_empty() {
        notes.push(say("nothing").to_owned());
    }
    notes.push(say("judged").replace("{count}", &count.to_string()));
    if !not_yet.is_empty() {
        notes.push(say("not_yet").replace("{rules}", &not_yet.join(" · ")));
    }
    notes.extend(unknown.into_iter().map(|(reason, titles)| {
        say("cannot_know").replace("{rules}", &titles.join(" · ")).replace("{reason}", &reason)
    }));
    notes
}

/// Findings as Markdown, to paste into an issue. `show` says a value with its unit.
pub fn markdown(
    findings: &[ToldFinding],
    language: Language,
    show: impl Fn(&Value) -> String,
) -> String {
    let text = |key: &str| language.text(key).unwrap_or_default();
    let colon = text("colon");
    let mut out = String::new();
    for finding in findings {
        let severity = text(severity_key(finding.severity));
        // Writing to a string cannot fail.
        let _ =
            writeln!(out, "### {severity}{colon}{} — {}\n", finding.title, code(&finding.subject));
        let _ = writeln!(out, "{}\n", plain(&finding.explanation));
        for (label, value) in &finding.evidence {
            let _ = writeln!(out, "- {label}{colon}{}", code(&show(value)));
        }
        let _ = writeln!(out, "\n{}{colon}{}\n", text("label_remedy"), plain(&finding.remedy));
    }
    out
}

/// Sentences with foreign words in them, of which none becomes a link, a picture or an element.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '[' | '<' | '`' | '\\') {
            plain.push('\\');
        }
        plain.push(letter);
    }
    plain
}

/// Foreign words between backticks, of which it has none then.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

pub const fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "severity_critical",
        Severity::Warning => "severity_warning",
        Severity::Notice => "severity_notice",
    }
}

#[cfg(test)]
mod tests {
    use banyan_topology::{Client, Rule, findings::EVIDENCE};

    use super::*;

    #[test]
    fn a_finding_in_both_languages() {
        let finding = Finding {
            rule: Rule::DeadBlockedClient,
            severity: Severity::Critical,
            subject: Subject::Client(banyan_topology::id_on(2, 7)),
            evidence: vec![
                Evidence::new("unanswered_probes", 3),
                Evidence::new("idle_secs", 90),
                Evidence::new("queue", "jobs:{client}"),
            ],
            since_millis: 5,
        };
        let mut topology = Topology::default();
        let told = tell(&finding, &topology, Language::English);
        assert_eq!(told.subject, "client 7");
        assert!(told.remedy.starts_with("End it now: CLIENT KILL ID 7."), "{}", told.remedy);
        assert_eq!(told.evidence[1], ("Idle for".to_owned(), Value::Seconds(90)));
        assert_eq!(told.evidence[2].1, Value::Text("jobs:{client}".to_owned()));
        let named = Client { name: "mail`er".into(), addr: "h:1".into(), ..Client::default() };
        topology.clients = [(banyan_topology::id_on(2, 7), named)].into();
        let told = tell(&finding, &topology, Language::Chinese);
        assert_eq!(told.title, "已断线的客户端仍在等待任务");
        assert_eq!(told.subject, "mail`er (h:1)");
        let text = markdown(&[told], Language::Chinese, |value| format!("{value:?}"));
        assert!(
            text.starts_with("### 严重：已断线的客户端仍在等待任务 — `mail'er (h:1)`\n"),
            "{text}"
        );
    }

    #[test]
    fn a_key_stays_one_word_in_a_command_and_text_in_markdown() {
        for (key, expect) in [
            ("jobs:mail", "jobs:mail"),
            ("任务:1", "任务:1"),
            ("two words", "\"two words\""),
            ("a\"b\\", "\"a\\\"b\\\\\""),
            ("\\xff\\xg", "\"\\xff\\\\xg\""),
            ("$(x)", "\"$(x)\""),
        ] {
            assert_eq!(typed("key", key.to_owned()), expect);
        }
        let finding = Finding {
            rule: Rule::LockWithoutTtl,
            severity: Severity::Warning,
            subject: Subject::Key { db: 0, key: "![a](b) <i>".into() },
            evidence: Vec::new(),
            since_millis: 5,
        };
        let told = tell(&finding, &Topology::default(), Language::English);
        assert!(told.remedy.ends_with("UNLINK \"![a](b) <i>\"."), "{}", told.remedy);
        assert!(told.explanation.contains(" ![a](b) <i> "), "{}", told.explanation);
        let text = markdown(&[told], Language::English, |_| String::new());
        assert!(text.contains("lock !\\[a](b) \\<i>"), "{text}");
        assert!(text.contains("UNLINK \"!\\[a](b) \\<i>\""), "{text}");
    }

    #[test]
    fn remedies_speak_the_language_of_the_server() {
        let mut topology = Topology::default();
        topology.server.kind = ServerKind::Memcached;
        let finding = Finding {
            rule: Rule::NearClientLimit,
            severity: Severity::Warning,
            subject: Subject::Server,
            evidence: vec![Evidence::new("connected_clients", 9), Evidence::new("max_clients", 10)],
            since_millis: 5,
        };
        let told = tell(&finding, &topology, Language::English);
        assert!(told.remedy.contains("higher -c"));
        assert!(told.explanation.starts_with("9 of 10 connections"));
        assert_eq!(Language::of_tag("zh-Hans-CN"), Some(Language::Chinese));
        assert_eq!(Language::of_tag("fr"), None);
    }

    #[test]
    fn remedies_name_no_command_of_another_server() {
        let memcached = [
            Rule::DeadClient,
            Rule::IdleWithoutKeepalive,
            Rule::LeakingPool,
            Rule::ReconnectChurn,
            Rule::HalfSentCommand,
            Rule::FinWaitLeak,
            Rule::NodeDown,
            Rule::AcceptingStopped,
            Rule::ConnectionsRejected,
            Rule::NearClientLimit,
            Rule::NearMemoryLimit,
            Rule::Evictions,
            Rule::SlabOutOfMemory,
            Rule::BigKey,
            Rule::HotPrefix,
        ];
        let tyrant = [
            Rule::DeadClient,
            Rule::IdleWithoutKeepalive,
            Rule::LeakingPool,
            Rule::ReconnectChurn,
            Rule::FinWaitLeak,
            Rule::NodeDown,
            Rule::ReplicaLagging,
            Rule::WorkersHeld,
            Rule::BigKey,
        ];
        let commands = ["CONFIG ", "CLIENT ", "SCAN", "UNLINK", "BRPOP", "redis-cli"];
        for (kind, rules) in
            [(ServerKind::Memcached, &memcached[..]), (ServerKind::TokyoTyrant, &tyrant)]
        {
            let mut topology = Topology::default();
            topology.server.kind = kind;
            for &rule in rules {
                let subject = Subject::Server;
                let (severity, evidence) = (Severity::Notice, Vec::new());
                let finding = Finding { rule, severity, subject, evidence, since_millis: 5 };
                for language in [Language::English, Language::Chinese] {
                    let remedy = tell(&finding, &topology, language).remedy;
                    let known = commands.iter().find(|command| remedy.contains(**command));
                    assert_eq!(known, None, "{kind:?}: {remedy}");
                }
            }
        }
    }

    #[test]
    fn every_name_in_a_text_stands_for_a_fact() {
        let of_subjects = ["subject", "client", "count", "key", "prefix", "db", "class", "node"];
        for rule in Rule::ALL {
            for end in ["why", "remedy", "remedy_memcached", "remedy_tyrant"] {
                let text = Language::English.text(&format!("finding_{}_{end}", rule.key()));
                for part in text.unwrap_or_default().split('{').skip(1) {
                    let (name, _) = part.split_once('}').unwrap();
                    assert!(of_subjects.contains(&name) || EVIDENCE.contains(&name), "{name}");
                }
            }
        }
    }
}
