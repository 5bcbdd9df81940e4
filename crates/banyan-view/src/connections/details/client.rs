//! All that is known of a connection.

use banyan_topology::{Client, Subject, TcpTimer, WaitSource};

use super::{row, size, text};
use crate::{
    connections::{
        ConnectionsWorld, age, card,
        grouping::thread_of,
        state::{self, Mood},
    },
    details::{Label, Row, Section, Value},
    figures::{count, millis},
    world::Word,
};

impl ConnectionsWorld {
    pub(super) fn client_sections(&self, client: &Client, is_gone: bool) -> Vec<Section> {
        let now = self.topology.taken_at_millis;
        let state = if is_gone { Word::Gone } else { state::word(Mood::of(client)) };
        let mut rows = vec![row(Label::State, Value::Word(state))];
        if !client.command.is_empty() {
            rows.push(row(Label::LastCommand, text(&client.command)));
        }
        rows.push(row(Label::Idle, Value::Seconds(age::idle_secs(client, now))));
        rows.push(row(Label::Age, Value::Seconds(age::age_secs(client, now))));
        rows.extend(client.db.map(|db| row(Label::Database, text(&format!("db{db}")))));
        if client.subscriptions > 0 {
            rows.push(row(Label::Subscriptions, Value::Count(client.subscriptions.into())));
        }
        rows.extend(
            client
                .queued_commands
                .map(|queued| row(Label::QueuedCommands, Value::Count(queued.into()))),
        );
        rows.extend(
            client
                .watched_keys
                .filter(|&watched| watched > 0)
                .map(|watched| row(Label::WatchedKeys, Value::Count(watched.into()))),
        );
        let mut who = vec![row(Label::Address, text(&client.addr))];
        if !client.name.is_empty() {
            who.push(row(Label::Name, text(&client.name)));
        }
        who.push(row(Label::ClientId, text(&client.id.to_string())));
        who.extend(client.user.as_ref().map(|user| row(Label::User, text(user))));
        let library = card::library(client);
        if !library.is_empty() {
            who.push(row(Label::Library, text(&library)));
        }
        who.extend(
            client
                .protocol
                .map(|version| row(Label::ProtocolVersion, text(&format!("RESP{version}")))),
        );
        who.extend(self.thread_of_client(client));
        who.extend(
            client.descriptor.map(|number| row(Label::Descriptor, text(&number.to_string()))),
        );
        if !client.flags.is_empty() {
            who.push(row(Label::Flags, text(&client.flags)));
        }
        if client.own {
            who.push(row(Label::OwnConnection, Value::Word(Word::Yes)));
        }
        let mut buffers = vec![
            row(Label::OutputBuffer, size(client.output_bytes)),
            row(Label::QueryBuffer, size(client.query_bytes)),
            row(Label::Memory, size(client.memory_bytes)),
        ];
        let more = [
            (Label::Received, client.received_bytes.map(Value::Bytes)),
            (Label::Sent, client.sent_bytes.map(Value::Bytes)),
            (Label::Commands, client.commands.map(Value::Count)),
        ];
        buffers.extend(more.into_iter().filter_map(|(label, value)| Some(row(label, value?))));
        let mut sections = vec![Section::new(None, rows)];
        sections.extend(self.findings(|subject| match subject {
            Subject::Client(id) => *id == client.id,
            Subject::Clients(ids) => ids.contains(&client.id),
            _ => false,
        }));
        sections.push(Section::new(Some(Label::WaitsFor), self.waits(client)));
        sections.push(Section::new(Some(Label::Touches), self.touches(client)));
        sections.push(Section::new(Some(Label::Address), who));
        sections.push(Section::new(Some(Label::Socket), socket_rows(client)));
        sections.push(Section::new(Some(Label::Memory), buffers));
        sections.retain(|section| !section.rows.is_empty());
        sections
    }

    fn thread_of_client(&self, client: &Client) -> Option<Row> {
        if let Some(thread) = thread_of(&self.topology, client.id) {
            return Some(Row { label: Label::Thread, ..self.thread_row(thread) });
        }
        client.thread.map(|thread| row(Label::Thread, Value::Count(thread.into())))
    }

    /// The keys that it waits for, and its place in the queue.
    fn waits(&self, client: &Client) -> Vec<Row> {
        let queues = self.topology.workload.queues.iter();
        let places = queues.filter_map(|queue| {
            let place = queue.waiting.iter().position(|waiting| waiting.client == client.id)?;
            let is_hint = queue.waiting.get(place)?.source == WaitSource::Length;
            let hint = if is_hint { "≈ " } else { "" };
            let of = queue.waiting.len();
            Some(row(
                Label::WaitsFor,
                Value::Text(format!("{hint}{} · {}/{of}", keyed(queue.db, &queue.key), place + 1)),
            ))
        });
        places.collect()
    }

    fn touches(&self, client: &Client) -> Vec<Row> {
        let touches = self.topology.workload.touches.iter();
        let mine = touches.filter(|touch| touch.client == client.id);
        mine.map(|touch| {
            let counts = format!("{} / {}", count(touch.reads), count(touch.writes));
            row(Label::Touches, Value::Named(keyed(touch.db, &touch.prefix), counts))
        })
        .collect()
    }
}

/// A key with its database, unless that is the first.
pub(in crate::connections) fn keyed(db: u32, key: &str) -> String {
    if db == 0 { key.to_owned() } else { format!("db{db} {key}") }
}

/// What the kernel knows of the connection, and what its death rests on.
fn socket_rows(client: &Client) -> Vec<Row> {
    let mut rows = Vec::new();
    let yes_or_no = |is_so| Value::Word(if is_so { Word::Yes } else { Word::No });
    rows.extend(client.is_dead.map(|is_dead| row(Label::Dead, yes_or_no(is_dead))));
    let facts = client.dead_evidence.iter();
    rows.extend(facts.map(|fact| row(Label::Evidence, Value::Fact(fact.clone()))));
    rows.extend(client.is_busy.map(|is_busy| row(Label::Busy, yes_or_no(is_busy))));
    let Some(socket) = &client.socket else { return rows };
    rows.push(row(Label::TcpState, text(socket.state.name())));
    let timer = match socket.timer {
        Some(TcpTimer::Retransmit) => "timer_retransmit",
        Some(TcpTimer::Keepalive) => "timer_keepalive",
        Some(TcpTimer::TimeWait) => "timer_time_wait",
        Some(TcpTimer::ZeroWindowProbe) => "timer_zero_window_probe",
        None => "timer_none",
    };
    rows.push(row(Label::Timer, Value::Say(timer.to_owned())));
    let counted = |label, number: u64| (number > 0).then(|| row(label, Value::Count(number)));
    rows.extend(counted(Label::Retransmits, socket.retransmits.into()));
    rows.extend(counted(Label::UnansweredProbes, socket.unanswered_probes.unwrap_or(0).into()));
    let sized = |label, bytes: u32| row(label, Value::Bytes(bytes.into()));
    rows.push(sized(Label::SendQueue, socket.send_queue_bytes));
    rows.push(sized(Label::ReceiveQueue, socket.receive_queue_bytes));
    let micros = socket.round_trip_micros;
    rows.extend(micros.map(|micros| row(Label::RoundTrip, Value::Text(millis(micros.into())))));
    rows.extend(socket.data_at_millis.map(|at| row(Label::LastData, Value::Moment(at))));
    let acknowledged = socket.acknowledged_at_millis;
    rows.extend(acknowledged.map(|at| row(Label::LastAcknowledged, Value::Moment(at))));
    rows
}
