//! Private servers with a living workload, for the demonstration and for tests.
//!
//! Servers listen on loopback ports of their own, keep nothing on disk, and die with their
//! [`PrivateServer`]. The workloads are seeded and gentle: a few hundred commands a second.

mod actors;
mod memcached;
mod rows;
mod server;
mod session;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use self::{
    memcached::run_memcached_workload,
    server::{
        NotStarted, PrivateServer, start_like_redis, start_memcached, start_memcached_with,
        start_redis, start_redis_with,
    },
};

/// Runs a small shop on the Redis server at a loopback port until `shutdown`: about forty
/// connections that queue, consume, count, lock, subscribe, cache and idle.
///
/// It empties nothing, but writes thousands of keys: give it a server of its own.
pub async fn run_redis_workload(port: u16, seed: u64, shutdown: CancellationToken) {
    let mut tasks = JoinSet::new();
    for (number, actor) in (0_u64..).zip(actors::all()) {
        let random = Random(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        tasks.spawn(actors::play(actor, port, random));
    }
    shutdown.cancelled().await;
    tasks.shutdown().await;
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same seed, the same numbers.
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last + 1 - first)
    }

    /// Small numbers often, great ones seldom: a few users make most of the traffic.
    fn skewed(&mut self, end: u64) -> u64 {
        let bound = self.between(1, end);
        self.below(bound)
    }
}
