//! Masters and replicas among doubles.

use std::sync::Arc;

use banyan_sources::{AllowList, Deadlines, Link, snapshot};
use banyan_topology::{Fleet, NodeRole, Reach};

use super::double::{Double, now_micros};
use crate::server::Watch;

async fn double(sid: u32) -> Double {
    Double::start("on-memory hash", sid, 8).await
}

fn follow(replica: &Double, master: &Double) {
    replica.state().master = Some(("127.0.0.1".to_owned(), master.port));
}

async fn fleet(double: &Double) -> Fleet {
    let topology = snapshot(&Link::new(double.target()), Deadlines::default()).await.unwrap();
    topology.fleet.unwrap()
}

fn roles(fleet: &Fleet) -> Vec<(NodeRole, Option<u16>)> {
    fleet.nodes.iter().map(|node| (node.role, node.master)).collect()
}

#[tokio::test]
async fn a_chain_is_walked_up() {
    let (top, middle, bottom) = (double(1).await, double(2).await, double(3).await);
    follow(&bottom, &middle);
    follow(&middle, &top);
    let link = Link::new(bottom.target());
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    let replication = topology.replication.unwrap();
    assert!(!replication.is_master);
    assert_eq!(replication.master, Some(format!("127.0.0.1:{}", middle.port)));
    let expect =
        [(NodeRole::Replica, Some(1)), (NodeRole::Replica, Some(2)), (NodeRole::Master, None)];
    let fleet = topology.fleet.unwrap();
    assert_eq!(roles(&fleet), expect);
    assert_eq!(fleet.nodes[2].addr, format!("127.0.0.1:{}", top.port));
}

#[tokio::test]
async fn two_masters_of_each_other() {
    let (a, b) = (double(11).await, double(12).await);
    follow(&a, &b);
    follow(&b, &a);
    let expect = [(NodeRole::Master, Some(1)), (NodeRole::Master, Some(0))];
    let fleet = fleet(&a).await;
    assert_eq!(roles(&fleet), expect);
    assert!(fleet.nodes.iter().all(|node| node.state == "dual master"));
    // The same server by another name is the same server.
    b.state().master = Some(("localhost".to_owned(), a.port));
    assert_eq!(roles(&self::fleet(&a).await), expect);
}

#[tokio::test]
async fn a_master_may_be_its_own() {
    let a = double(1).await;
    follow(&a, &a);
    let topology = snapshot(&Link::new(a.target()), Deadlines::default()).await.unwrap();
    assert!(topology.fleet.is_none());
}

#[tokio::test]
async fn lag_is_behind_the_newest_record_rather_than_behind_the_clock() {
    let (master, replica) = (double(1).await, double(2).await);
    follow(&replica, &master);
    master.put("a", "1");
    let hour = 3_600_000_000;
    replica.state().rts = now_micros() - hour;
    let link = Arc::new(Link::new(replica.target()));
    let mut watch = Watch::quick(&link);
    let lag = |topology: &banyan_topology::Topology| topology.fleet.as_ref()?.nodes[0].lag_secs;
    // delay says an hour. Whether there is anything to copy is not known yet.
    let is_polled = |topology: &banyan_topology::Topology| {
        let fleet = topology.fleet.as_ref();
        fleet.is_some_and(|fleet| fleet.nodes.iter().all(|node| node.reach == Reach::Polled))
    };
    let topology = watch.until(is_polled).await;
    assert_eq!(lag(&topology), None);
    // A record that does not come over.
    master.put("b", "2");
    let topology = watch.until(|topology| lag(topology).is_some()).await;
    assert!((3590..3610).contains(&lag(&topology).unwrap()));
    // It comes over, and nobody writes any more.
    replica.state().rts = now_micros();
    watch.until(|topology| lag(topology) == Some(0)).await;
}

#[tokio::test]
async fn masters_elsewhere_are_asked_only_if_that_is_allowed() {
    let replica = double(2).await;
    // A metadata service of a cloud, say.
    replica.state().master = Some(("169.254.169.254".to_owned(), 80));
    let fleet = fleet(&replica).await;
    assert_eq!(fleet.nodes[1].addr, "169.254.169.254:80");
    assert_eq!(fleet.nodes[1].reach, Reach::NotPermitted);

    let master = double(1).await;
    follow(&replica, &master);
    let mut link = Link::new(replica.target());
    link.follow = AllowList::default();
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    assert_eq!(topology.fleet.unwrap().nodes[1].reach, Reach::Polled, "the same host");
}

#[tokio::test]
async fn a_master_that_is_gone_fails_alone() {
    let replica = double(2).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    replica.state().master = Some(("127.0.0.1".to_owned(), closed));
    let fleet = fleet(&replica).await;
    assert!(matches!(fleet.nodes[1].reach, Reach::Failed(_)), "{fleet:?}");
    assert_eq!(fleet.nodes[0].lag_secs, None);
}
