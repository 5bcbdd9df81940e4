//! Servers that belong together.

mod cluster;
mod hostile;
mod replication;
mod ring;
mod sentinel;
mod slots;

use std::path::Path;

use banyan_topology::{Fleet, FleetNode, NodeRole, Reach, Topology};

/// The fleet of a topology that has one.
fn fleet(topology: &Topology) -> &Fleet {
    topology.fleet.as_ref().expect("a fleet")
}

fn node_at(topology: &Topology, port: u16) -> Option<(usize, &FleetNode)> {
    let addr = format!("127.0.0.1:{port}");
    topology.fleet.as_ref()?.nodes.iter().enumerate().find(|(_, node)| node.addr == addr)
}

/// Whether the server at a port is read and has this role.
fn is_polled_as(topology: &Topology, port: u16, role: NodeRole) -> bool {
    node_at(topology, port)
        .is_some_and(|(_, node)| node.reach == Reach::Polled && node.role == role)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

/// Stops or continues a process.
fn signal(pid: u32, name: &str) {
    let status = std::process::Command::new("kill").args([name, &pid.to_string()]).status();
    assert!(status.unwrap().success());
}
