//! Against real servers, which each test starts for itself.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking and says on standard output why it skips"
)]

mod cost;
mod dead;
mod doctor;
mod facts;
mod fleet;
mod hostile;
mod kernel;
mod keyspace;
mod memcached;
mod memcached_keys;
mod monitor;
mod only_known_commands;
mod server;
mod tls;
mod topology;
mod tyrant;
mod valkey;
mod workload;
