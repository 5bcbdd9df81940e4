//! Made-up servers: what is said to have changed is what changed.

use std::collections::BTreeSet;

use banyan_generate::server;
use banyan_topology::{ClientState, Delta};

#[test]
fn a_server_has_its_clients_and_the_seed_decides() {
    for clients in [0, 1, 50, 3_000] {
        let server = server(clients, 4);
        assert_eq!(server.topology().clients.len(), clients as usize);
        for client in server.topology().clients.values() {
            assert!(client.opened_at_millis <= client.active_at_millis);
            assert!(client.active_at_millis <= server.topology().taken_at_millis);
        }
    }
    assert_eq!(server(500, 4).topology(), server(500, 4).topology());
    assert_ne!(server(500, 4).topology().clients, server(500, 5).topology().clients);
}

#[test]
fn every_state_is_there() {
    let server = server(20_000, 1);
    let mut states: BTreeSet<ClientState> = BTreeSet::new();
    let mut hosts = BTreeSet::new();
    for client in server.topology().clients.values() {
        states.insert(client.state);
        hosts.insert(client.addr.split(':').next().unwrap());
    }
    // Of the master there is none, since this server is one.
    assert_eq!(states.len(), 8, "{states:?}");
    assert!(hosts.len() > 300, "{} machines", hosts.len());
}

#[test]
fn the_difference_leads_from_one_moment_to_the_next() {
    let mut server = server(2_000, 9);
    let mut shown = server.topology().clone();
    let (mut came, mut went) = (0, 0);
    for step in 0..60 {
        let delta = server.churn(1 + step * 20, 1000);
        assert_eq!(delta.changed.len() + delta.gone.len(), 1 + step as usize * 20);
        came += delta.changed.iter().filter(|it| !shown.clients.contains_key(&it.id)).count();
        went += delta.gone.len();
        let exact = Delta::between(&shown, server.topology());
        assert_eq!(delta.gone, exact.gone);
        let most: BTreeSet<u64> = delta.changed.iter().map(|client| client.id).collect();
        assert!(exact.changed.iter().all(|client| most.contains(&client.id)));
        shown.apply(delta);
        assert_eq!(&shown, server.topology());
    }
    assert!(came > 1_000 && went > 1_000, "{came} came, {went} went");
}

#[test]
fn a_small_server_changes_as_much_as_it_can() {
    let mut server = server(3, 2);
    for _ in 0..50 {
        server.churn(100, 10);
    }
    assert!(server.topology().clients.values().all(|client| client.id > 0));
}
