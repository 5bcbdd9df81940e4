//! Looking at a Tokyo Tyrant.

use std::time::Instant;

use banyan_topology::{Fault, Part, Sections, Topology, Withheld};

use super::{
    connection::Connection,
    facts::{commands, number, sections, server_facts},
    newest::Newest,
    replication::replication,
};
use crate::{
    clock::now_millis,
    link::{Link, OwnAddr},
    rate::Rate,
    watch::Deadlines,
};

/// Looks between two that keep the facts in the server's own words.
const LOOKS_PER_SECTIONS: u32 = 10;

pub(crate) struct Poller<'a> {
    link: &'a Link,
    connection: Connection,
    /// Keeps our own connection marked, for whoever learns of the connections elsewhere.
    _own: Option<OwnAddr<'a>>,
    newest: Newest,
    run_id: String,
    rate: Rate,
    sections: Sections,
    looks: u32,
    spent_micros: f64,
}

impl<'a> Poller<'a> {
    pub(crate) async fn open(link: &'a Link, deadlines: Deadlines) -> Result<Self, Fault> {
        let connection = Connection::open(link, deadlines).await?;
        Ok(Self {
            link,
            _own: connection.local_addr().map(|addr| link.own_addr(addr)),
            connection,
            newest: Newest::default(),
            run_id: String::new(),
            rate: Rate::default(),
            sections: Sections::new(),
            looks: 0,
            spent_micros: 0.0,
        })
    }

    pub(crate) fn spent_micros(&self) -> f64 {
        self.spent_micros
    }

    pub(crate) async fn look(&mut self) -> Result<Topology, Fault> {
        let begin = Instant::now();
        let stat = self.connection.stat().await?;
        let wall = begin.elapsed();
        self.link.meter.charge_wall(1, wall);
        self.spent_micros += wall.as_secs_f64() * 1e6;

        let mut server = server_facts(&stat, &self.run_id);
        if server.run_id != self.run_id {
            self.run_id.clone_from(&server.run_id);
            self.rate = Rate::default();
            self.newest = Newest::default();
        }
        server.ops_per_sec = self.rate.of(commands(&stat), begin);
        if self.looks.is_multiple_of(LOOKS_PER_SECTIONS) {
            self.sections = sections(&stat);
        }
        self.looks = self.looks.wrapping_add(1);
        let newest_micros = self.newest.note(&stat);

        let withhold = |part, reason: &str| Withheld { part, reason: reason.to_owned() };
        let mut withheld = vec![withhold(
            Part::Clients,
            "Tokyo Tyrant tells no connections; run Banyan on its host",
        )];
        if number(&stat, "cnt_repl").is_some_and(|streams| streams > 0) {
            withheld.push(withhold(Part::Replication, "Tokyo Tyrant does not name its replicas"));
        }
        Ok(Topology {
            taken_at_millis: now_millis(),
            server,
            replication: Some(replication(&stat, newest_micros)),
            cost: self.link.meter.cost(),
            withheld,
            sections: self.sections.clone(),
            ..Topology::default()
        })
    }

    /// What the kernel of the server's host has added, where it could be asked, is what the server
    /// does not tell.
    pub(crate) fn adopt_clients(&self, topology: &mut Topology) {
        if topology.withheld.iter().any(|withheld| withheld.part == Part::Sockets) {
            return;
        }
        topology.withheld.retain(|withheld| withheld.part != Part::Clients);
        topology.server.connected_clients = Some(topology.clients.len() as u64);
        for client in topology.clients.values_mut() {
            client.own = self.link.is_own_addr(&client.addr);
        }
    }
}
