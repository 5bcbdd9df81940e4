//! The clients of the shop, each a loop over one connection.

use std::{convert::Infallible, time::Duration};

use banyan_topology::{Fault, FaultKind};
use tokio::time::{sleep, timeout};

use super::{
    Random,
    rows::{PRODUCTS, USERS, product_row, session_row, user_row, write_all},
    session::Session,
};
use crate::redis::resp::Reply;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actor {
    /// Fills the cache, then keeps its configuration fresh in database 1.
    ConfigLoader,
    /// Reads and writes everything.
    Web,
    MailWorker,
    ThumbsWorker,
    /// Waits for a queue that is seldom filled.
    BillingWorker,
    PushSender,
    OrdersConsumer,
    /// Holds a lock for some seconds.
    Cron,
    /// Opened by a pool and hardly used.
    IdlePool,
    Subscriber,
    PatternSubscriber,
    /// Gives up after a second, closes, and connects again.
    LegacyReport,
    /// Leaves a MULTI open for seconds.
    Checkout,
    /// Counts visitors in database 2.
    Analytics,
    /// Somebody's shell, without a name.
    Shell,
}

/// Everybody, about forty.
pub(super) fn all() -> impl Iterator<Item = Actor> {
    [
        (Actor::ConfigLoader, 1),
        (Actor::Web, 4),
        (Actor::MailWorker, 3),
        (Actor::ThumbsWorker, 4),
        (Actor::BillingWorker, 2),
        (Actor::PushSender, 1),
        (Actor::OrdersConsumer, 2),
        (Actor::Cron, 2),
        (Actor::IdlePool, 12),
        (Actor::Subscriber, 2),
        (Actor::PatternSubscriber, 1),
        (Actor::LegacyReport, 1),
        (Actor::Checkout, 1),
        (Actor::Analytics, 2),
        (Actor::Shell, 2),
    ]
    .into_iter()
    .flat_map(|(actor, count)| std::iter::repeat_n(actor, count))
}

/// Plays one part for ever, with a new connection after each failure.
pub(super) async fn play(actor: Actor, port: u16, mut random: Random) {
    // Nobody connects at the same moment.
    sleep(Duration::from_millis(random.below(400))).await;
    loop {
        let Err(fault) = act(actor, port, &mut random).await;
        let is_meant = actor == Actor::LegacyReport && fault.kind == FaultKind::Timeout;
        sleep(Duration::from_millis(if is_meant { 20 } else { 1000 })).await;
    }
}

async fn act(actor: Actor, port: u16, random: &mut Random) -> Result<Infallible, Fault> {
    let mut session = Session::open(port).await?;
    if let Some(name) = name(actor) {
        session.run(&["CLIENT", "SETNAME", name]).await?;
    }
    match actor {
        Actor::ConfigLoader => load_config(session, random).await,
        Actor::Web => serve(session, random).await,
        Actor::MailWorker => send_mail(session, random).await,
        Actor::ThumbsWorker => make_thumbs(session, random).await,
        Actor::BillingWorker => bill(session, random).await,
        Actor::PushSender => push(session, random).await,
        Actor::OrdersConsumer => consume_orders(session, random).await,
        Actor::Cron => run_locked(session, random).await,
        Actor::IdlePool => idle(session, random).await,
        Actor::Subscriber => listen(session, &["SUBSCRIBE", "news:orders", "news:stock"]).await,
        Actor::PatternSubscriber => listen(session, &["PSUBSCRIBE", "news:*"]).await,
        Actor::LegacyReport => time_out(session).await,
        Actor::Checkout => check_out(session, random).await,
        Actor::Analytics => analyse(session, random).await,
        Actor::Shell => look_around(session, random).await,
    }
}

fn name(actor: Actor) -> Option<&'static str> {
    Some(match actor {
        Actor::ConfigLoader => "config-loader",
        Actor::Web => "shop-web",
        Actor::MailWorker => "mail-worker",
        Actor::ThumbsWorker => "thumbs-worker",
        Actor::BillingWorker => "billing-worker",
        Actor::PushSender => "push-sender",
        Actor::OrdersConsumer => "orders-consumer",
        Actor::Cron => "cron",
        Actor::IdlePool => "api-pool",
        Actor::Subscriber | Actor::PatternSubscriber => "live-board",
        Actor::LegacyReport => "legacy-report",
        Actor::Checkout => "checkout",
        Actor::Analytics => "analytics",
        Actor::Shell => return None,
    })
}

async fn pause(random: &mut Random, first_millis: u64, last_millis: u64) {
    sleep(Duration::from_millis(random.between(first_millis, last_millis))).await;
}

async fn load_config(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    write_all(&mut session, random).await?;
    session.say("SELECT 1").await?;
    loop {
        let number = random.below(40);
        session
            .say(&format!("SET config:text:en:{number} lorem-ipsum-{}", random.below(99)))
            .await?;
        pause(random, 500, 2000).await;
    }
}

async fn serve(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    loop {
        let (user, job) = (random.skewed(USERS), random.below(1_000_000));
        match random.below(11) {
            0 => session.say(&format!("LPUSH queue:mail mail-{job}")).await?,
            1 => session.say(&format!("LPUSH queue:thumbs picture-{job}")).await?,
            2 => {
                session.say(&format!("ZADD timeline:user:{user} {job} post-{job}")).await?;
                session.say(&format!("ZREMRANGEBYRANK timeline:user:{user} 0 -101")).await?
            }
            3 => session.say(&format!("SADD push:user:{user} note-{}", random.below(50))).await?,
            4 => session.say("HINCRBY stats:hits:2026-11-21 home 1").await?,
            5 => {
                // A token bucket: tokens left and when it was filled last.
                let key = format!("ratelimit:api:10.0.0.{}", random.skewed(60));
                session.say(&format!("HSET {key} tokens {} at {job}", random.below(20))).await?;
                session.say(&format!("EXPIRE {key} 60")).await?
            }
            6 => {
                session.say(&format!("XADD events:orders MAXLEN ~ 500 * user {user}")).await?;
                session.say(&format!("PUBLISH news:orders order-{job}")).await?
            }
            7 => {
                session_row(&mut session, random).await?;
                session
                    .say(&format!("PUBLISH news:stock product-{}", random.below(PRODUCTS)))
                    .await?
            }
            8 => {
                user_row(&mut session, random, user).await?;
                session.say(&format!("HGETALL cache:user:{user}:profile")).await?
            }
            9 => {
                let product = random.skewed(PRODUCTS);
                match session.say(&format!("GET cache:product:{product}")).await? {
                    Reply::Null => product_row(&mut session, random, product).await?,
                    _ => pause(random, 1, 5).await,
                }
                Reply::Null
            }
            _ if random.below(200) == 0 => {
                session.say(&format!("LPUSH queue:billing {job}")).await?
            }
            _ => session.say("LLEN queue:mail").await?,
        };
        pause(random, 10, 60).await;
    }
}

async fn send_mail(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    loop {
        session.say("BRPOP queue:mail:urgent queue:mail 0").await?;
        pause(random, 20, 120).await;
        session.say("HINCRBY stats:jobs mail 1").await?;
    }
}

/// The safe queue: a job stays in the backup list until it is done.
async fn make_thumbs(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    loop {
        let job = session.say("BRPOPLPUSH queue:thumbs queue:thumbs:processing 0").await?;
        pause(random, 30, 200).await;
        if let Reply::Bulk(job) = job {
            let job = String::from_utf8_lossy(&job).into_owned();
            session.run(&["LREM", "queue:thumbs:processing", "1", &job]).await?;
        }
    }
}

async fn bill(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    loop {
        session.say("BRPOP queue:billing 0").await?;
        pause(random, 100, 500).await;
    }
}

async fn push(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    loop {
        session.say(&format!("SPOP push:user:{} 5", random.skewed(USERS))).await?;
        pause(random, 50, 150).await;
    }
}

async fn consume_orders(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    // The group may be there already.
    let _ = session.say("XGROUP CREATE events:orders shipping $ MKSTREAM").await;
    let consumer = format!("consumer-{}", random.below(1000));
    let read = format!(
        "XREADGROUP GROUP shipping {consumer} COUNT 10 BLOCK 5000 NOACK STREAMS events:orders >"
    );
    loop {
        session.say(&read).await?;
        pause(random, 100, 600).await;
    }
}

/// SET NX EX with an identity; released under WATCH only by its holder.
async fn run_locked(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    let holder = format!("cron-{:08x}", random.next() as u32);
    loop {
        let lock =
            ["lock:report", "lock:invoice:monthly", "lock:reindex"][random.below(3) as usize];
        let taken = session.say(&format!("SET {lock} {holder} NX EX 15")).await?;
        if taken != Reply::Null {
            pause(random, 2000, 8000).await;
            session.say(&format!("WATCH {lock}")).await?;
            if session.say(&format!("GET {lock}")).await?
                == Reply::Bulk(holder.clone().into_bytes())
            {
                session.say("MULTI").await?;
                session.say(&format!("DEL {lock}")).await?;
                session.say("EXEC").await?;
            } else {
                session.say("UNWATCH").await?;
            }
        }
        pause(random, 500, 4000).await;
    }
}

async fn idle(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    loop {
        session.say("PING").await?;
        pause(random, 20_000, 90_000).await;
    }
}

async fn listen(mut session: Session, subscription: &[&str]) -> Result<Infallible, Fault> {
    session.send(subscription).await?;
    loop {
        session.receive().await?;
    }
}

async fn time_out(mut session: Session) -> Result<Infallible, Fault> {
    loop {
        timeout(Duration::from_secs(1), session.say("BLPOP report:ready 5"))
            .await
            .map_err(|_| Fault::new(FaultKind::Timeout, "the client's own patience"))??;
    }
}

async fn check_out(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    loop {
        let user = random.skewed(USERS);
        session.say("MULTI").await?;
        session.say(&format!("HINCRBY cart:user:{user} items 1")).await?;
        session.say("HINCRBY stats:hits:2026-11-21 checkout 1").await?;
        pause(random, 4000, 9000).await;
        session.say("EXEC").await?;
        pause(random, 3000, 9000).await;
    }
}

async fn analyse(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    session.say("SELECT 2").await?;
    loop {
        let (hour, visitor) = (random.below(24), random.below(USERS));
        session.say(&format!("PFADD visits:2026-11-21:{hour:02}:home {visitor}")).await?;
        pause(random, 200, 900).await;
    }
}

async fn look_around(mut session: Session, random: &mut Random) -> Result<Infallible, Fault> {
    loop {
        session
            .say(["DBSIZE", "LLEN queue:mail", "TTL lock:report"][random.below(3) as usize])
            .await?;
        pause(random, 3000, 15_000).await;
    }
}
