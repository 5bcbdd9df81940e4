//! A few clients of a private memcached, in its text protocol.

use std::time::Duration;

use banyan_topology::Fault;
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{Random, session::Session};

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
    let mut session = Session::open(port).await?;
    loop {
        if is_idle {
            session.say_text("version\r\n").await?;
            sleep(Duration::from_millis(random.between(20_000, 60_000))).await;
            continue;
        }
        let table = ["user", "page", "price"][random.below(3) as usize];
        let key = format!("row:{table}:{}", random.skewed(500));
        let data = "x".repeat(random.between(20, 400) as usize);
        let (secs, size) = (random.between(60, 600), data.len());
        session.say_text(&format!("set {key} 0 {secs} {size}\r\n{data}\r\n")).await?;
        sleep(Duration::from_millis(random.between(20, 120))).await;
        session.say_text(&format!("touch {key} 300\r\n")).await?;
        sleep(Duration::from_millis(random.between(20, 120))).await;
    }
}
