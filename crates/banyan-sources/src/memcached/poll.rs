//! Looking at a memcached.

use std::{collections::BTreeMap, time::Instant};

use banyan_topology::{Client, ClientId, Fault, FaultKind, Part, Topology, Withheld};

use super::{
    connection::{Connection, Question},
    stats,
};
use crate::{clock::now_millis, link::Link, watch::Deadlines};

/// How far a time may seem to move and still be the same, in milliseconds: servers say whole
/// seconds.
const SAME_TIME_MILLIS: u64 = 1500;

pub(crate) struct Poller<'a> {
    link: &'a Link,
    connection: Connection,
    earlier: BTreeMap<ClientId, Client>,
    run_id: String,
    spent_micros: f64,
}

impl<'a> Poller<'a> {
    pub(crate) async fn open(link: &'a Link, deadlines: Deadlines) -> Result<Self, Fault> {
        let connection = Connection::open(&link.target, deadlines).await?;
        Ok(Self {
            link,
            connection,
            earlier: BTreeMap::new(),
            run_id: String::new(),
            spent_micros: 0.0,
        })
    }

    pub(crate) fn spent_micros(&self) -> f64 {
        self.spent_micros
    }

    pub(crate) async fn look(&mut self) -> Result<Topology, Fault> {
        let begin = Instant::now();
        let facts = self.connection.ask(Question::Stats).await?.map_err(|reason| {
            let kind = match reason.contains("unauthenticated") {
                true => FaultKind::Unauthorized,
                false => FaultKind::Protocol,
            };
            Fault::new(kind, reason)
        })?;
        let settings = self.connection.ask(Question::Settings).await?.unwrap_or_default();
        let mut withheld = Vec::new();
        let conns = match self.connection.ask(Question::Connections).await? {
            Ok(conns) => conns,
            Err(reason) => {
                withheld.push(Withheld { part: Part::Clients, reason });
                Vec::new()
            }
        };
        let taken_at_millis = now_millis();
        // How long the server worked is not known; it was not longer than we waited.
        let wall = begin.elapsed();
        self.link.meter.charge_wall(3, wall);
        self.spent_micros += wall.as_secs_f64() * 1e6;

        let server = stats::server_facts(&facts, &settings);
        if server.run_id != self.run_id {
            self.run_id.clone_from(&server.run_id);
            self.earlier.clear();
        }
        let own = self.connection.local_addr();
        let mut clients = BTreeMap::new();
        for mut client in stats::clients(&conns, taken_at_millis) {
            client.own = own.as_deref() == Some(client.addr.as_str());
            let earlier = self.earlier.get(&client.id).filter(|e| e.addr == client.addr);
            if let Some(earlier) = earlier {
                client.opened_at_millis = earlier.opened_at_millis;
                if client.active_at_millis.abs_diff(earlier.active_at_millis) <= SAME_TIME_MILLIS {
                    client.active_at_millis = earlier.active_at_millis;
                }
            }
            clients.insert(client.id, client);
        }
        self.earlier.clone_from(&clients);
        Ok(Topology {
            taken_at_millis,
            server,
            clients,
            cost: self.link.meter.cost(),
            withheld,
            ..Topology::default()
        })
    }
}
