//! A few clients of a private memcached, in its text protocol.

use std::time::Duration;

use banyan_topology::Fault;
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

use super::Random;
use crate::{memcached::Connection, target::Target, watch::Deadlines};

/// Eight clients that set and get rows on the memcached at a loopback port, and four that idle,
/// until `shutdown`.
pub async fn run_memcached_workload(port: u16, seed: u64, shutdown: CancellationToken) {
    let mut tasks = JoinSet::new();
    for number in 0..12 {
        let mut random = Random(seed ^ (number * 0x9e37_79b9));
        tasks.spawn(async move {
            loop {
                // The next try comes after a second, whatever went wrong.
                let _ = play(port, &mut random, number >= 8).await;
                sleep(Duration::from_secs(1)).await;
            }
        });
    }
    shutdown.cancelled().await;
    tasks.shutdown().await;
}

async fn play(port: u16, random: &mut Random, is_idle: bool) -> Result<(), Fault> {
    let target = Target::memcached_on_loopback(port);
    let mut connection = Connection::open(&target, Deadlines::default()).await?;
    loop {
        if is_idle {
            connection.ask_line(b"version\r\n").await?;
            sleep(Duration::from_millis(random.between(20_000, 60_000))).await;
            continue;
        }
        let key = format!(
            "row:{}:{}",
            ["user", "page", "price"][random.below(3) as usize],
            random.skewed(500)
        );
        let size = random.between(20, 400) as usize;
        let set =
            format!("set {key} 0 {} {size}\r\n{}\r\n", random.between(60, 600), "x".repeat(size));
        connection.ask_line(set.as_bytes()).await?;
        sleep(Duration::from_millis(random.between(20, 120))).await;
        connection.ask_line(format!("touch {key} 300\r\n").as_bytes()).await?;
        sleep(Duration::from_millis(random.between(20, 120))).await;
    }
}
