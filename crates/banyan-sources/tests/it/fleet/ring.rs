use std::{path::Path, sync::Arc};

use banyan_sources::{
    Link, Target,
    demo::{NotStarted, PrivateServer, start_memcached},
    fleet::Ring,
};
use banyan_topology::{FleetKind, Reach};

use super::fleet;
use crate::server::Watch;

async fn memcached() -> Option<PrivateServer> {
    match start_memcached().await {
        Ok(server) => Some(server),
        Err(NotStarted::NotInstalled { program }) => {
            println!("skipped: {program} is not installed");
            None
        }
        Err(error) => panic!("{error} {:?}", Path::new(".")),
    }
}

#[tokio::test]
async fn three_memcached_behind_a_ring() {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let Some(server) = memcached().await else { return };
        servers.push(server);
    }
    let mut targets: Vec<Target> = servers.iter().map(|server| server.target.clone()).collect();
    targets[2].weight = Some(2);
    let mut link = Link::new(targets[0].clone());
    link.ring.clone_from(&targets);
    let link = Arc::new(link);

    // Keys go where a client's ring says.
    let ring = Ring::of(&targets);
    let mut kept = [0_u64; 3];
    let mut clients: Vec<_> =
        servers.iter().map(|server| crate::server::Plain::open(server.port)).collect();
    for number in 0..3000 {
        let key = format!("user:{number}");
        let server = ring.server_of(key.as_bytes()).unwrap();
        kept[server] += 1;
        assert_eq!(clients[server].say(&format!("set {key} 0 0 1\r\nx")), "STORED");
    }

    let mut watch = Watch::quick(&link);
    let topology = watch
        .until(|t| {
            t.fleet.as_ref().is_some_and(|f| f.nodes.iter().all(|n| n.reach == Reach::Polled))
        })
        .await;
    let fleet_now = fleet(&topology);
    assert_eq!((fleet_now.kind, fleet_now.nodes.len()), (FleetKind::Ring, 3));
    let shares: Vec<u32> = fleet_now.nodes.iter().map(|node| node.share_ppm.unwrap()).collect();
    assert_eq!(shares.iter().sum::<u32>(), 1_000_000);
    for (share, kept) in shares.iter().zip(kept) {
        let expected = f64::from(*share) * 3000.0 / 1e6;
        assert!((expected - kept as f64).abs() < 120.0, "{shares:?} {kept}");
    }
    assert!(shares[2] > shares[0] && shares[2] > shares[1], "{shares:?}");
    for (index, server) in servers.iter().enumerate() {
        assert_eq!(fleet_now.nodes[index].addr, format!("127.0.0.1:{}", server.port));
    }
    // The same connection numbers on all three are three connections.
    assert!(topology.clients.len() >= 6, "{}", topology.clients.len());

    // Without the first, the others are there still.
    servers[0].kill().await;
    let topology = watch.until(|t| matches!(fleet(t).nodes[0].reach, Reach::Failed(_))).await;
    assert_eq!(fleet(&topology).nodes[1].reach, Reach::Polled);
    watch.shutdown.cancel();
}
