//! What watching costs a server that has many clients.

use std::{
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use banyan_sources::{Link, PollOptions};

use crate::server::{Plain, Watch, redis};

const CLIENTS: u64 = 10_000;
const BUDGET: f64 = 0.01;
/// Looks that are paid for while the test counts, however long that takes.
const LOOKS: usize = 4;

/// Microseconds that the server has spent in commands, by its own account.
fn spent_micros(client: &mut Plain) -> u64 {
    client.send("INFO commandstats");
    let mut micros = 0;
    loop {
        let line = client.read();
        if line.is_empty() {
            return micros;
        }
        if let Some((_, rest)) = line.split_once(",usec=") {
            micros += rest.split(',').next().unwrap().parse::<u64>().unwrap();
        }
    }
}

#[tokio::test]
async fn ten_thousand_clients_are_watched_within_the_budget() {
    let Some(server) = redis(&["--maxclients", "10100"]).await else { return };
    // Opens connections and leaves them idle.
    let idlers = tokio::process::Command::new("redis-benchmark")
        .args(["-p", &server.port.to_string(), "-I", "-c", &CLIENTS.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut idlers) = idlers else {
        println!("skipped: redis-benchmark is not installed");
        return;
    };
    let link = Arc::new(Link::new(server.target.clone()));
    let options = PollOptions {
        interval: Duration::from_millis(100),
        budget: BUDGET,
        ..PollOptions::default()
    };
    let mut watch = Watch::of(&link, options);
    let mut accountant = Plain::open(server.port);
    loop {
        let topology = watch.until(|_| true).await;
        if topology.clients.len() as u64 >= CLIENTS {
            break;
        }
        if let Ok(Some(status)) = idlers.try_wait() {
            println!("skipped: {CLIENTS} connections are more than may be open ({status})");
            return;
        }
    }
    // Two looks later the prices of so many clients are known.
    watch.until(|_| true).await;
    watch.until(|_| true).await;
    let mut last = watch.until(|_| true).await;
    let mut moments = vec![(Instant::now(), spent_micros(&mut accountant))];
    for _ in 0..=LOOKS {
        last = watch.until(|_| true).await;
        moments.push((Instant::now(), spent_micros(&mut accountant)));
    }
    // A look is paid for by the wait after it: the first moment is when one had ended whose price
    // is not counted, and what the last one cost would be paid later.
    let micros = moments[LOOKS].1 - moments[0].1;
    let paid = moments[LOOKS + 1].0 - moments[1].0;
    let share = micros as f64 / paid.as_micros() as f64;
    println!("{LOOKS} looks took {micros} us, {:.3} % of the server's time", share * 100.0);
    // The accountant's questions are in it too.
    assert!(share < BUDGET * 1.2, "{share}: {moments:?}");
    assert_eq!(last.cost.budget_ppm, 10_000);
    assert!(last.cost.interval_millis > 100, "stretched: {:?}", last.cost);
    assert!(last.cost.bytes > LOOKS as u64 * CLIENTS * 100, "{:?}", last.cost);
    watch.shutdown.cancel();
}
