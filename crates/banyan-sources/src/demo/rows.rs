//! What the shop of the demonstration keeps in its cache.

use banyan_topology::Fault;

use super::{Random, session::Session};

pub(super) const USERS: u64 = 1500;
pub(super) const PRODUCTS: u64 = 900;

/// Writes the stock of keys, some thousands in three databases.
pub(super) async fn write_all(session: &mut Session, random: &mut Random) -> Result<(), Fault> {
    for user in 0..USERS {
        user_row(session, random, user).await?;
        if user % 4 == 0 {
            let line = format!("SADD user:{user}:followers {} {}", user + 1, random.below(USERS));
            session.say(&line).await?;
        }
    }
    for product in 0..PRODUCTS {
        product_row(session, random, product).await?;
    }
    for _ in 0..300 {
        session_row(session, random).await?;
    }
    for page in ["荣国府", "宁国府", "大观园", "怡红院", "潇湘馆"] {
        for number in 1..=20 {
            let secs = random.between(600, 7200);
            session
                .say(&format!("SET cache:page:{page}:{number} <html>{number}</html> EX {secs}"))
                .await?;
        }
    }
    // A queue that nobody reads.
    for number in 0..200 {
        session.say(&format!("LPUSH queue:archive order-{number}")).await?;
    }
    for day in 1..=30 {
        for page in ["home", "search", "cart", "checkout"] {
            let hits = random.between(100, 90_000);
            session.say(&format!("HSET stats:hits:2026-11-{day:02} {page} {hits}")).await?;
        }
    }
    session.say("SELECT 1").await?;
    for name in ["search", "checkout", "recommend", "gift-cards", "dark-mode"] {
        session.say(&format!("SET config:feature:{name} on")).await?;
    }
    for number in 0..40 {
        session.say(&format!("SET config:text:en:{number} lorem-ipsum-{number}")).await?;
        session.say(&format!("SET config:text:zh:{number} 文字-{number}")).await?;
    }
    session.say("SELECT 2").await?;
    for hour in 0..24 {
        for page in ["home", "search", "product"] {
            let visitor = random.below(USERS);
            session.say(&format!("PFADD visits:2026-11-21:{hour:02}:{page} {visitor}")).await?;
        }
    }
    session.say("SELECT 0").await?;
    Ok(())
}

/// A row of the user table, kept for five to sixty minutes.
pub(super) async fn user_row(
    session: &mut Session,
    random: &mut Random,
    user: u64,
) -> Result<(), Fault> {
    let (visits, secs) = (random.below(500), random.between(300, 3600));
    session
        .say(&format!("HSET cache:user:{user}:profile name user-{user} visits {visits}"))
        .await?;
    session.say(&format!("EXPIRE cache:user:{user}:profile {secs}")).await?;
    Ok(())
}

/// A rendered product of some kilobytes.
pub(super) async fn product_row(
    session: &mut Session,
    random: &mut Random,
    product: u64,
) -> Result<(), Fault> {
    let text = "x".repeat(random.between(100, 3000) as usize);
    let secs = random.between(300, 7200).to_string();
    session.run(&["SET", &format!("cache:product:{product}"), &text, "EX", &secs]).await?;
    Ok(())
}

pub(super) async fn session_row(session: &mut Session, random: &mut Random) -> Result<(), Fault> {
    let (id, user) = (random.next(), random.skewed(USERS));
    session.say(&format!("HSET session:{id:016x} user {user} cart {}", random.below(9))).await?;
    session.say(&format!("EXPIRE session:{id:016x} {}", random.between(600, 1800))).await?;
    Ok(())
}
