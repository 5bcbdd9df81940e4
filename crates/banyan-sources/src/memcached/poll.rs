//! Looking at a memcached.

use std::{collections::BTreeMap, time::Instant};

use banyan_topology::{Client, ClientId, Fault, FaultKind, Part, Topology, Withheld};

use super::{
    connection::Connection,
    question::Question,
    sections::Told,
    stats::{clients, commands, server_facts},
    text::Stats,
};
use crate::{
    clock::now_millis,
    link::{Link, OwnAddr},
    rate::Rate,
    watch::Deadlines,
};

/// How far a time may seem to move and still be the same, in milliseconds: servers say whole
/// seconds.
const SAME_TIME_MILLIS: u64 = 1500;

/// Looks between two looks at settings, items, slabs and the like.
const LOOKS_PER_TOLD: u32 = 10;

pub(crate) struct Poller<'a> {
    link: &'a Link,
    connection: Connection,
    /// Keeps our own connection marked.
    _own: Option<OwnAddr<'a>>,
    earlier: BTreeMap<ClientId, Client>,
    run_id: String,
    told: Told,
    rate: Rate,
    looks: u32,
    spent_micros: f64,
}

impl<'a> Poller<'a> {
    pub(crate) async fn open(link: &'a Link, deadlines: Deadlines) -> Result<Self, Fault> {
        let connection = Connection::open(link, deadlines).await?;
        let own = connection.local_addr().map(|addr| link.own_addr(addr));
        Ok(Self {
            link,
            connection,
            _own: own,
            earlier: BTreeMap::new(),
            run_id: String::new(),
            told: Told::default(),
            rate: Rate::default(),
            looks: 0,
            spent_micros: 0.0,
        })
    }

    pub(crate) fn spent_micros(&self) -> f64 {
        self.spent_micros
    }

    pub(crate) async fn look(&mut self) -> Result<Topology, Fault> {
        let begin = Instant::now();
        let mut questions = 1;
        let stats = self.connection.ask(Question::Stats).await?.map_err(|reason| {
            let kind = match reason.contains("unauthenticated") {
                true => FaultKind::Unauthorized,
                false => FaultKind::Protocol,
            };
            Fault::new(kind, reason)
        })?;
        if self.looks.is_multiple_of(LOOKS_PER_TOLD) {
            self.told = Told::ask(&mut self.connection, &stats).await?;
            questions += self.told.questions();
        }
        self.looks = self.looks.wrapping_add(1);
        let mut withheld = self.told.withheld.clone();
        questions += 1;
        let connections = match self.connection.ask(Question::Connections).await? {
            Ok(connections) => connections,
            Err(reason) => {
                withheld.push(Withheld { part: Part::Clients, reason });
                Vec::new()
            }
        };
        let taken_at_millis = now_millis();
        // How long the server worked is not known; it was not longer than we waited.
        let wall = begin.elapsed();
        self.link.meter.charge_wall(questions, wall);
        self.spent_micros += wall.as_secs_f64() * 1e6;

        let mut server = server_facts(&stats, &self.told.settings);
        if server.run_id != self.run_id {
            self.run_id.clone_from(&server.run_id);
            self.earlier.clear();
            self.rate = Rate::default();
        }
        server.ops_per_sec = self.rate.of(commands(&stats), begin);
        let clients = self.clients(&connections, taken_at_millis);
        let mut topology = Topology {
            taken_at_millis,
            server,
            clients,
            cost: self.link.meter.cost(),
            withheld,
            sections: self.told.sections.clone(),
            ..Topology::default()
        };
        self.link.observed().apply(&mut topology, &self.link.notable());
        Ok(topology)
    }

    /// The connections by id, with the times that have not moved held still.
    fn clients(&mut self, connections: &Stats, now_millis: u64) -> BTreeMap<ClientId, Client> {
        let mut by_id = BTreeMap::new();
        for mut client in clients(connections, now_millis) {
            client.own = self.link.is_own_addr(&client.addr);
            let earlier = self.earlier.get(&client.id).filter(|e| e.addr == client.addr);
            if let Some(earlier) = earlier {
                client.opened_at_millis = earlier.opened_at_millis;
                if client.active_at_millis.abs_diff(earlier.active_at_millis) <= SAME_TIME_MILLIS {
                    client.active_at_millis = earlier.active_at_millis;
                }
            }
            by_id.insert(client.id, client);
        }
        self.earlier.clone_from(&by_id);
        by_id
    }
}
