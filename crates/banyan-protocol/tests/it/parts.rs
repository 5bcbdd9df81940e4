//! The parts of a topology that hold something of everything, from a first number and a text: with a
//! number in each field that its neighbours do not have.

use banyan_topology::{
    Census, Channel, Client, Consumer, ConsumerGroup, Cost, Evidence, Fault, FaultKind, Finding,
    Fleet, FleetEvent, FleetKind, FleetNode, FleetTotal, LatencyEvent, Migration, NodeRole, Queue,
    Reach, Rule, ServerFacts, Severity, SlowCommand, Socket, Stream, Subject, TcpState, TcpTimer,
    Thread, ThreadRole, Topology, Touch, WaitSource, Waiting, Window, Workload,
};

/// Gives the numbers, one after the other.
pub(crate) struct Parts {
    pub(crate) number: u64,
    pub(crate) text: String,
}

/// One of `choices`, by a number.
fn one<T: Clone>(choices: &[T], number: u64) -> T {
    choices[(number % choices.len() as u64) as usize].clone()
}

impl Parts {
    fn next(&mut self) -> u64 {
        self.number = self.number.wrapping_add(1);
        self.number
    }

    fn small(&mut self) -> u32 {
        self.next() as u32
    }

    fn tiny(&mut self) -> u16 {
        self.next() as u16
    }

    fn some(&mut self) -> Option<u64> {
        Some(self.next())
    }

    fn text(&mut self) -> String {
        let digit = self.next() % 10;
        format!("{}{digit}", self.text)
    }

    /// Puts everything into `topology` that other parts of these tests leave out.
    pub(crate) fn complete(mut self, topology: &mut Topology) {
        self.server(&mut topology.server);
        for client in topology.clients.values_mut() {
            self.client(client);
        }
        for thread in topology.threads.iter_mut().flatten() {
            self.thread(thread);
        }
        topology.cost = self.cost();
        topology.fleet = Some(self.fleet());
        let fact = [(self.text(), self.text())];
        topology.sections = [(self.text(), fact.into())].into();
        topology.workload = self.workload();
        topology.census = Some(Census {
            states: [(TcpState::CloseWait, self.small()), (TcpState::Listen, self.small())].into(),
            backlog: self.small(),
            most_backlog: Some(self.small()),
        });
        topology.findings = self.findings();
    }

    fn server(&mut self, server: &mut ServerFacts) {
        server.pid = Some(self.small());
        server.is_accepting = Some(self.next().is_multiple_of(2));
        server.rejected_connections = self.some();
        server.evicted_keys = self.some();
        server.expired_keys = self.some();
        server.hits = self.some();
        server.misses = self.some();
        server.eviction_policy = Some(self.text());
        server.idle_timeout_secs = self.some();
        server.keepalive_secs = self.some();
        server.backlog_bytes = self.some();
        server.is_cluster = Some(self.next().is_multiple_of(2));
    }

    fn client(&mut self, client: &mut Client) {
        client.local_addr = Some(self.text());
        client.descriptor = Some(self.small());
        client.argument_bytes = self.some();
        client.redirect = self.some();
        client.received_bytes = self.some();
        client.sent_bytes = self.some();
        client.commands = self.some();
        client.socket = Some(self.socket());
        client.is_dead = Some(self.next().is_multiple_of(2));
        client.dead_evidence = vec![Evidence::new("retransmits", self.next())];
        client.is_busy = Some(self.next().is_multiple_of(2));
    }

    fn socket(&mut self) -> Socket {
        let timers = [TcpTimer::Retransmit, TcpTimer::Keepalive, TcpTimer::ZeroWindowProbe];
        Socket {
            state: one(&[TcpState::Established, TcpState::FinWait2], self.next()),
            timer: Some(one(&timers, self.next())),
            retransmits: self.small(),
            unanswered_probes: Some(self.small()),
            send_queue_bytes: self.small(),
            receive_queue_bytes: self.small(),
            round_trip_micros: Some(self.small()),
            data_at_millis: self.some(),
            acknowledged_at_millis: self.some(),
            retransmitted_bytes: self.some(),
            inode: self.next(),
        }
    }

    fn thread(&mut self, thread: &mut Thread) {
        let roles =
            [ThreadRole::Listener, ThreadRole::Worker, ThreadRole::Io, ThreadRole::Background];
        thread.role = one(&roles, self.next());
        thread.cpu_permille = Some(self.small());
        thread.is_busy = Some(self.next().is_multiple_of(2));
        thread.node = self.tiny();
    }

    fn cost(&mut self) -> Cost {
        Cost {
            commands: self.next(),
            micros: self.next(),
            bytes: self.next(),
            budget_ppm: self.small(),
            interval_millis: self.small(),
        }
    }

    fn fleet(&mut self) -> Fleet {
        let kinds =
            [FleetKind::Replication, FleetKind::Sentinel, FleetKind::Cluster, FleetKind::Ring];
        let reaches = [
            Reach::Polled,
            Reach::Told,
            Reach::NotPermitted,
            Reach::Failed(Fault { kind: FaultKind::Timeout, detail: self.text() }),
        ];
        Fleet {
            kind: one(&kinds, self.next()),
            name: Some(self.text()),
            quorum: Some(self.small()),
            has_quorum: Some(self.next().is_multiple_of(2)),
            nodes: reaches.map(|reach| self.node(reach)).into(),
            events: vec![FleetEvent {
                at_millis: self.next(),
                name: self.text(),
                detail: self.text(),
            }],
            uncovered: vec![(self.tiny(), self.tiny())],
            total: FleetTotal {
                keys: self.some(),
                used_memory_bytes: self.some(),
                connected_clients: self.some(),
                ops_per_sec: self.some(),
            },
        }
    }

    fn node(&mut self, reach: Reach) -> FleetNode {
        let roles = [NodeRole::Master, NodeRole::Replica, NodeRole::Sentinel];
        FleetNode {
            addr: self.text(),
            id: self.text(),
            role: one(&roles, self.next()),
            master: Some(self.tiny()),
            reach,
            server: None,
            replication: None,
            state: self.text(),
            offset: self.some(),
            lag_bytes: self.some(),
            lag_secs: self.some(),
            slots: vec![(self.tiny(), self.tiny())],
            migrations: vec![Migration {
                slot: self.tiny(),
                other: Some(self.tiny()),
                is_leaving: self.next().is_multiple_of(2),
            }],
            keys: self.some(),
            share_ppm: Some(self.small()),
            bus_links: Some(self.small()),
            name: Some(self.text()),
            quorum: Some(self.small()),
            has_quorum: Some(self.next().is_multiple_of(2)),
            cost: Some(self.cost()),
            down_since_millis: self.some(),
        }
    }

    fn workload(&mut self) -> Workload {
        let sources = [WaitSource::Seen, WaitSource::Length, WaitSource::Consumer];
        let waiting = Waiting {
            client: self.next(),
            source: one(&sources, self.next()),
            since_millis: self.next(),
        };
        let consumer =
            Consumer { name: self.text(), pending: self.next(), seen_at_millis: self.next() };
        let group = ConsumerGroup {
            name: self.text(),
            pending: self.next(),
            lag: self.some(),
            consumers: vec![consumer],
        };
        Workload {
            queues: vec![Queue { db: self.small(), key: self.text(), waiting: vec![waiting] }],
            touches: vec![Touch {
                client: self.next(),
                db: self.small(),
                prefix: self.text(),
                reads: self.next(),
                writes: self.next(),
            }],
            window: Some(Window {
                from_millis: self.next(),
                to_millis: self.next(),
                commands: self.next(),
                missed: self.next(),
                bytes: self.next(),
            }),
            slow: vec![SlowCommand {
                id: self.next(),
                at_millis: self.next(),
                micros: self.next(),
                command: self.text(),
                addr: self.text(),
                name: self.text(),
            }],
            latency: vec![LatencyEvent {
                name: self.text(),
                at_millis: self.next(),
                latest_millis: self.next(),
                most_millis: self.next(),
            }],
            channels: vec![Channel {
                name: self.text(),
                subscribers: self.next(),
                is_sharded: self.next().is_multiple_of(2),
            }],
            streams: vec![Stream {
                db: self.small(),
                key: self.text(),
                entries: self.next(),
                groups: vec![group],
            }],
            functions: vec![self.text()],
        }
    }

    /// One about each kind of subject.
    fn findings(&mut self) -> Vec<Finding> {
        let subjects = [
            Subject::Server,
            Subject::Node(self.tiny()),
            Subject::Client(self.next()),
            Subject::Clients(vec![self.next(), self.next()]),
            Subject::Key { db: self.small(), key: self.text() },
            Subject::Prefix { db: self.small(), prefix: self.text() },
            Subject::SlabClass(self.small()),
            Subject::NodeSlabClass { node: self.tiny(), class: self.small() },
        ];
        let severities = [Severity::Critical, Severity::Warning, Severity::Notice];
        let findings = subjects.map(|subject| Finding {
            rule: one(Rule::ALL, self.next()),
            severity: one(&severities, self.next()),
            subject,
            evidence: vec![Evidence::new("idle_secs", self.next())],
            since_millis: self.next(),
        });
        findings.into()
    }
}
