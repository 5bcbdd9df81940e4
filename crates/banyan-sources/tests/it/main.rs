//! Against real servers, which each test starts for itself.

mod hostile;
mod keyspace;
mod only_known_commands;
mod server;
mod topology;
mod workload;
