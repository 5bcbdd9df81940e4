//! What a person would say of the difference between two looks.

mod work;

use banyan_topology::{Client, ClientState, Fault, Finding, FleetNode, Reach, Topology, number_of};
use banyan_view::{findings::tell, texts::Language};
use serde_json::{Value, json};

use crate::command::{
    cache::findings::{Row, head},
    print,
};

/// One line.
pub(super) struct Change {
    event: &'static str,
    /// What JSON has besides the moment and the event.
    fields: Value,
    pub(super) text: String,
}

impl Change {
    pub(super) fn up() -> Self {
        Self { event: "up", fields: json!({}), text: "the server answers again".to_owned() }
    }

    pub(super) fn down(fault: &Fault) -> Self {
        let fault = fault.to_string();
        Self {
            event: "down",
            text: format!("the server is down: {fault}"),
            fields: json!({ "fault": fault }),
        }
    }

    fn of_client(event: &'static str, client: &Client, text: &str) -> Self {
        let name = if client.name.is_empty() { "" } else { &client.name };
        let who = format!("{} {name}", client.addr);
        let fields = json!({
            "client": {
                "id": client.id,
                "addr": client.addr,
                "name": client.name,
                "state": client.state,
                "db": client.db,
                "command": client.command,
                "dead": client.is_dead,
                "own": client.own,
            }
        });
        let text = format!("client {} {} {text}", number_of(client.id), who.trim_end());
        Self { event, fields, text }
    }

    fn of_finding(
        event: &'static str,
        finding: &Finding,
        topology: &Topology,
        language: Language,
    ) -> Self {
        let told = head(&tell(finding, topology, language), language);
        let ends = if event == "finding_ended" { "over: " } else { "" };
        let fields = json!({ "finding": Row::new(finding, topology, language) });
        Self { event, fields, text: format!("{ends}{told}") }
    }

    fn of_node(event: &'static str, node: &FleetNode, text: &str) -> Self {
        let fields = json!({
            "node": {
                "addr": node.addr,
                "role": node.role,
                "state": node.state,
                "reach": node.reach,
                "slots": node.slots,
            }
        });
        Self { event, fields, text: format!("server {} {text}", node.addr) }
    }

    /// One line of JSON.
    pub(super) fn json(&self, at_millis: u64) -> Value {
        let mut line = json!({ "at": at_millis, "event": self.event });
        if let (Some(line), Some(fields)) = (line.as_object_mut(), self.fields.as_object()) {
            line.extend(fields.clone());
        }
        line
    }
}

/// The changes between two looks. The first look tells who is there, and what is wrong.
pub(super) fn changes(
    earlier: Option<&Topology>,
    later: &Topology,
    language: Language,
) -> Vec<Change> {
    let mut out = Vec::new();
    let nobody = Topology::default();
    let is_restarted = earlier.is_some_and(|earlier| earlier.server.run_id != later.server.run_id);
    if is_restarted {
        let fields = json!({ "run_id": later.server.run_id });
        out.push(Change {
            event: "restarted",
            fields,
            text: "the server was restarted".to_owned(),
        });
    }
    let before = earlier.filter(|_| !is_restarted).unwrap_or(&nobody);
    if earlier.is_none() {
        out.push(first(later));
    } else {
        of_clients(before, later, &mut out);
        of_fleet(before, later, &mut out);
    }
    work::of_work(before, later, &mut out);
    let of_finding = |event, finding: &Finding, topology: &Topology| {
        Change::of_finding(event, finding, topology, language)
    };
    // Those of the process before end with it.
    let before = earlier.unwrap_or(&nobody);
    for finding in new_findings(&before.findings, &later.findings) {
        out.push(of_finding("finding_began", finding, later));
    }
    for finding in new_findings(&later.findings, &before.findings) {
        out.push(of_finding("finding_ended", finding, before));
    }
    out
}

fn first(topology: &Topology) -> Change {
    let server = &topology.server;
    let clients = topology.clients.len();
    let fields = json!({
        "kind": server.kind,
        "version": server.version,
        "run_id": server.run_id,
        "clients": clients,
    });
    let kind = print::word(&server.kind);
    let text = format!("{kind} {} with {clients} clients", server.version);
    Change { event: "began", fields, text }
}

fn of_clients(before: &Topology, later: &Topology, out: &mut Vec<Change>) {
    let known = |topology: &Topology, client: &Client| {
        topology.clients.get(&client.id).is_some_and(|other| other.addr == client.addr)
    };
    for client in later.clients.values() {
        if !known(before, client) {
            out.push(Change::of_client("client_came", client, "came"));
        }
    }
    for client in before.clients.values() {
        if !known(later, client) {
            out.push(Change::of_client("client_gone", client, "is gone"));
        }
    }
    let both = later.clients.values().filter_map(|client| {
        let earlier = before.clients.get(&client.id)?;
        (earlier.addr == client.addr).then_some((earlier, client))
    });
    for (earlier, client) in both {
        if earlier.is_dead != Some(true) && client.is_dead == Some(true) {
            out.push(Change::of_client("client_died", client, "is dead"));
        }
        // Ordinary traffic flips between the two all the time.
        let is_traffic = |state| matches!(state, ClientState::Active | ClientState::Idle);
        let is_news = !is_traffic(earlier.state) || !is_traffic(client.state);
        if earlier.state != client.state && is_news {
            let event = match client.state {
                ClientState::Blocked => "client_blocked",
                _ => "client_changed",
            };
            let text = format!("is {} ({})", print::word(&client.state), client.command);
            out.push(Change::of_client(event, client, &text));
        }
    }
}

fn of_fleet(before: &Topology, later: &Topology, out: &mut Vec<Change>) {
    let Some(fleet) = &later.fleet else { return };
    let nodes_before = before.fleet.as_ref().map_or(&[][..], |fleet| &fleet.nodes);
    for (index, node) in fleet.nodes.iter().enumerate() {
        // The place of one that is gone may be another's now.
        match nodes_before.get(index).filter(|earlier| earlier.addr == node.addr) {
            None => out.push(Change::of_node("node_came", node, "came")),
            Some(earlier) if earlier.role != node.role => {
                let text = format!("is {} now", print::word(&node.role));
                out.push(Change::of_node("node_role", node, &text));
            }
            Some(earlier) if is_gone(node) && !is_gone(earlier) => {
                out.push(Change::of_node("node_gone", node, "is gone: nobody names it"));
            }
            Some(earlier) if earlier.state != node.state || earlier.reach != node.reach => {
                out.push(Change::of_node("node_state", node, &format!("is {}", node.state)));
            }
            Some(earlier) if earlier.slots != node.slots => {
                out.push(Change::of_node("node_slots", node, "has other slots"));
            }
            Some(_) => {}
        }
    }
    let events_before = before.fleet.as_ref().map_or(&[][..], |fleet| &fleet.events);
    let last = events_before.last();
    let new = match last {
        Some(last) => fleet.events.iter().rposition(|event| event == last).map_or(0, |at| at + 1),
        None => 0,
    };
    out.extend(fleet.events.iter().skip(new).map(|event| Change {
        event: "fleet",
        fields: json!({ "name": event.name, "detail": event.detail, "told_at": event.at_millis }),
        text: format!("{} {}", event.name, event.detail),
    }));
}

/// Whether nobody looks for it any more.
fn is_gone(node: &FleetNode) -> bool {
    node.reach == Reach::Told && node.down_since_millis.is_some()
}

/// Those of `later` that `before` does not have. A finding about several connections stays the same
/// when one more joins them.
fn new_findings<'a>(before: &[Finding], later: &'a [Finding]) -> impl Iterator<Item = &'a Finding> {
    let mark = |finding: &Finding| (finding.rule, finding.since_millis);
    let known: Vec<_> =
        before.iter().map(|finding| (mark(finding), finding.subject.clone())).collect();
    later.iter().filter(move |finding| {
        !known.iter().any(|(known, subject)| {
            let is_group = matches!(finding.subject, banyan_topology::Subject::Clients(_));
            *known == mark(finding) && (is_group || *subject == finding.subject)
        })
    })
}

#[cfg(test)]
mod tests {
    use banyan_topology::{Rule, ServerFacts, Severity, Subject};

    use super::*;

    fn with(clients: &[(u64, ClientState)]) -> Topology {
        let client = |&(id, state): &(u64, ClientState)| {
            (id, Client { id, addr: format!("h:{id}"), state, ..Client::default() })
        };
        Topology { clients: clients.iter().map(client).collect(), ..Topology::default() }
    }

    fn events(earlier: Option<&Topology>, later: &Topology) -> Vec<&'static str> {
        changes(earlier, later, Language::English).iter().map(|change| change.event).collect()
    }

    #[test]
    fn connections_come_wait_and_go() {
        use ClientState::{Active, Blocked, Idle};
        let one = with(&[(1, Idle), (2, Active)]);
        assert_eq!(events(None, &one), ["began"]);
        assert_eq!(events(Some(&one), &one), [""; 0]);
        assert_eq!(events(Some(&one), &with(&[(1, Active), (2, Idle)])), [""; 0]);
        let two = with(&[(1, Blocked), (3, Idle)]);
        assert_eq!(events(Some(&one), &two), ["client_came", "client_gone", "client_blocked"]);
        assert_eq!(events(Some(&two), &one), ["client_came", "client_gone", "client_changed"]);
        let mut restarted = one.clone();
        restarted.server = ServerFacts { run_id: "other".into(), ..ServerFacts::default() };
        assert_eq!(events(Some(&one), &restarted), ["restarted", "client_came", "client_came"]);
    }

    #[test]
    fn findings_begin_and_end() {
        let finding = |ids: &[u64]| Finding {
            rule: Rule::LeakingPool,
            severity: Severity::Warning,
            subject: Subject::Clients(ids.to_vec()),
            evidence: Vec::new(),
            since_millis: 5,
        };
        let of = |findings| Topology { findings, ..Topology::default() };
        let (none, some) = (of(vec![]), of(vec![finding(&[1])]));
        assert_eq!(events(Some(&none), &some), ["finding_began"]);
        assert_eq!(events(Some(&some), &of(vec![finding(&[1, 2])])), [""; 0]);
        assert_eq!(events(Some(&some), &none), ["finding_ended"]);
        let mut restarted = none.clone();
        restarted.server.run_id = "other".into();
        assert_eq!(events(Some(&some), &restarted), ["restarted", "finding_ended"]);
        let line = changes(Some(&none), &some, Language::English).remove(0).json(7);
        assert_eq!(line["at"], 7);
        assert_eq!(line["finding"]["rule"], "leaking_pool");
    }
}
