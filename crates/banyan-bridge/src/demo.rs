//! Servers of the bridge's own, for looking around: a Redis and a memcached on loopback, each with a
//! workload. They keep nothing and die with the bridge.

use banyan_protocol::TargetId;
use banyan_sources::{
    AllowList,
    demo::{
        NotStarted, PrivateServer, run_memcached_workload, run_redis_workload, start_memcached,
        start_redis,
    },
};
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::config::ConfiguredTarget;

/// The same numbers at each start, so that what people see is what the book shows.
const SEED: u64 = 1755;

/// The servers that could be started.
pub struct Demo {
    servers: Vec<(&'static str, PrivateServer)>,
    workloads: TaskTracker,
    /// Working directory of the servers, removed at the end.
    _folder: Option<TempDir>,
}

impl Demo {
    /// Starts what is installed, says what else could be, and keeps it busy until `shutdown`.
    pub async fn start(shutdown: &CancellationToken) -> Self {
        let workloads = TaskTracker::new();
        let mut servers = Vec::new();
        let folder = match tempfile::Builder::new().prefix("banyan-demo-").tempdir() {
            Ok(folder) => Some(folder),
            Err(error) => {
                tracing::warn!("no demonstration servers without a temporary folder: {error}");
                None
            }
        };
        if let Some(folder) = &folder {
            match start_redis(folder.path()).await {
                Ok(server) => {
                    workloads.spawn(run_redis_workload(server.port, SEED, shutdown.clone()));
                    servers.push(("demo-redis", server));
                }
                Err(error) => explain(&error),
            }
            match start_memcached().await {
                Ok(server) => {
                    workloads.spawn(run_memcached_workload(server.port, SEED, shutdown.clone()));
                    servers.push(("demo-memcached", server));
                }
                Err(error) => explain(&error),
            }
        }
        workloads.close();
        Self { servers, workloads, _folder: folder }
    }

    pub fn targets(&self) -> impl Iterator<Item = ConfiguredTarget> {
        self.servers.iter().map(|(id, server)| ConfiguredTarget {
            id: TargetId((*id).to_owned()),
            server: server.target.clone(),
            ring: Vec::new(),
            follow: AllowList::default(),
            tracking: false,
            demo: true,
        })
    }

    /// Ends the servers; the token given to [`Demo::start`] has been cancelled.
    pub async fn stop(mut self) {
        self.workloads.wait().await;
        for (_, server) in &mut self.servers {
            server.kill().await;
        }
    }
}

fn explain(error: &NotStarted) {
    match error {
        NotStarted::NotInstalled { program } => tracing::warn!(
            "{program} is not installed, so there is no demonstration of it: \
             `apt-get install {program}` brings it"
        ),
        NotStarted::Failed { .. } => tracing::warn!("{error}"),
    }
}
