//! One connection: how it comes, and what happens to it next.

use banyan_topology::{Client, ClientState};

use super::pool::{Pool, Role};
use crate::random::Random;

/// A connection of a pool, opened so many milliseconds ago.
pub(super) fn of(pool: &Pool, id: u64, now: u64, age_millis: u64, random: &mut Random) -> Client {
    let age_millis = match pool.role {
        // Those who were forgotten were so long ago.
        Role::Forgotten if age_millis > 0 => age_millis + 86_400_000 * (1 + id % 9),
        _ => age_millis,
    };
    let opened_at_millis = now - age_millis;
    let mut client = Client {
        id,
        addr: format!("{}:{}", pool.host, 32_768 + random.below(28_000)),
        name: pool.name.clone(),
        db: Some(pool.db),
        opened_at_millis,
        active_at_millis: now,
        user: Some(pool.user.to_owned()),
        library: pool.library.map(|(library, _)| library.to_owned()),
        library_version: pool.library.map(|(_, version)| version.to_owned()),
        output_bytes: Some(0),
        query_bytes: Some(0),
        memory_bytes: Some(1_900 + u64::from(random.below(900))),
        protocol: Some(if random.percent(30) { 3 } else { 2 }),
        ..Client::default()
    };
    go_on(&mut client, pool, now, random);
    let silent_millis = match client.state {
        ClientState::Active => u64::from(random.below(900)),
        _ if pool.role == Role::Forgotten => age_millis - age_millis / 50,
        _ => u64::from(random.below(300_000)),
    };
    client.active_at_millis = now - silent_millis.min(age_millis);
    client
}

/// What the connection does next, after its pool's habits.
pub(super) fn go_on(client: &mut Client, pool: &Pool, now: u64, random: &mut Random) {
    let (state, command, flags) = match pool.role {
        Role::Web if client.state == ClientState::Active && random.percent(70) => {
            (ClientState::Idle, "", "N")
        }
        Role::Web => {
            let commands = ["get", "get", "hgetall", "set", "zrange", "mget", "evalsha", "incr"];
            (ClientState::Active, random.pick(&commands), "N")
        }
        Role::Worker if random.percent(60) => {
            (ClientState::Blocked, random.pick(&["brpop", "bzpopmin", "xreadgroup"]), "b")
        }
        Role::Worker => (ClientState::Active, random.pick(&["lpush", "hset", "xack"]), "N"),
        Role::Push => (ClientState::Subscriber, random.pick(&["subscribe", "psubscribe"]), "P"),
        Role::Checkout if random.percent(40) => (ClientState::InMulti, "set", "x"),
        Role::Checkout => (ClientState::Idle, "exec", "N"),
        Role::Forgotten => (ClientState::Idle, random.pick(&["auth", "ping", "select"]), "N"),
        Role::Slow if random.percent(4) => (ClientState::Closing, "lrange", "A"),
        Role::Slow => (ClientState::Active, random.pick(&["lrange", "smembers", "keys"]), "N"),
        Role::Replica => (ClientState::Replica, "replconf", "S"),
        Role::Monitor => (ClientState::Monitor, "monitor", "O"),
    };
    client.state = state;
    if !command.is_empty() {
        command.clone_into(&mut client.command);
    }
    flags.clone_into(&mut client.flags);
    client.active_at_millis = now;
    client.subscriptions = match state {
        ClientState::Subscriber => (client.subscriptions + 1).min(1 + random.below(40)),
        _ => 0,
    };
    let in_multi = state == ClientState::InMulti;
    client.queued_commands = in_multi.then(|| 1 + random.below(12));
    client.watched_keys = in_multi.then(|| random.below(3));
    client.query_bytes = Some(u64::from(random.below(400)));
    client.output_bytes = Some(match pool.role {
        Role::Slow => 1 << random.between(12, 25),
        _ => 0,
    });
    client.memory_bytes =
        Some(2_200 + client.output_bytes.unwrap_or(0) + u64::from(random.below(900)));
}
