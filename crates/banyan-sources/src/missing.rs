//! Servers of a ring that do not answer while the keys of the others are walked.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, task::JoinSet, time::sleep};

use crate::{link::Link, poller::Poller, watch::Deadlines};

/// Between two tries to reach one.
const RETRY: Duration = Duration::from_secs(5);

/// Tries to reach each of them, and notifies of the first that answers. The tries end when they are
/// dropped.
pub(crate) fn wait_for(links: Vec<Link>, deadlines: Deadlines) -> (JoinSet<()>, Arc<Notify>) {
    let (mut tries, back) = (JoinSet::new(), Arc::new(Notify::new()));
    for link in links {
        let back = back.clone();
        tries.spawn(async move {
            loop {
                sleep(RETRY).await;
                if Poller::open(&link, deadlines).await.is_ok() {
                    back.notify_one();
                    return;
                }
            }
        });
    }
    (tries, back)
}
