//! What goes wrong at a server is said in the page, and got over.

use banyan_protocol::{FaultKind, Health, ToBrowser, WatchKind};

use crate::{
    bridge::{Bridge, Browser},
    redis::Redis,
};

async fn hear_health(browser: &mut Browser, mut wanted: impl FnMut(&Health) -> bool) -> Health {
    browser
        .hear_until(|message| match message {
            ToBrowser::Health { health, .. } if wanted(&health) => Some(health),
            _ => None,
        })
        .await
}

const fn is_live(health: &Health) -> bool {
    matches!(health, Health::Live { .. })
}

const fn is_down(health: &Health) -> bool {
    matches!(health, Health::Down { .. })
}

#[tokio::test]
async fn a_server_that_dies_is_down_and_live_again_after_its_restart() {
    let Some(mut redis) = Redis::start().await else { return };
    let bridge = Bridge::start(&[&redis.url()]).await;
    let mut browser = bridge.browser().await;
    browser.watch(0, WatchKind::Connections).await;
    hear_health(&mut browser, is_live).await;
    let first = browser.hear_until(run_id).await;
    redis.kill();
    let health = hear_health(&mut browser, is_down).await;
    assert!(matches!(health, Health::Down { since_millis: Some(_), .. }), "{health:?}");
    redis.restart().await;
    hear_health(&mut browser, is_live).await;
    let second = browser.hear_until(|message| run_id(message).filter(|id| *id != first)).await;
    assert!(!second.is_empty());
    bridge.stop().await;
}

fn run_id(message: ToBrowser) -> Option<String> {
    match message {
        ToBrowser::Topology { topology, .. } => Some(topology.server.run_id),
        ToBrowser::Delta { delta, .. } => Some(delta.server.run_id),
        _ => None,
    }
}

#[tokio::test]
async fn a_fault_says_what_it_is() {
    let Some(redis) = Redis::start().await else { return };
    redis.client().await.ask("CONFIG SET requirepass right").await;
    let with = |password: &str| format!("redis://:{password}@127.0.0.1:{}", redis.port);
    let urls = [with("wrong"), with("right"), "redis://127.0.0.1:1".to_owned()];
    let bridge = Bridge::start(&urls.each_ref().map(String::as_str)).await;
    let mut browser = bridge.browser().await;
    let mut found = [None, None, None];
    let targets = browser.targets.clone();
    browser
        .hear_until(|message| {
            if let ToBrowser::Health { target, health } = message {
                let index = targets.iter().position(|known| *known == target).unwrap();
                found[index] = match health {
                    Health::Live { .. } => Some(Ok(())),
                    Health::Down { fault, .. } => Some(Err(fault.kind)),
                    Health::Connecting => None,
                };
            }
            found.iter().all(Option::is_some).then_some(())
        })
        .await;
    let expect = [Err(FaultKind::Unauthorized), Ok(()), Err(FaultKind::Refused)];
    assert_eq!(found, expect.map(Some));
    bridge.stop().await;
}
