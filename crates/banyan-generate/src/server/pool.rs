//! The programs that hold connections: each with its machine, its library and its habits.

use crate::random::Random;

/// One program on one machine, and the connections that it opens.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub role: Role,
    /// What it calls its connections; empty for programs that do not.
    pub name: String,
    /// The machine's address without the port.
    pub host: String,
    pub library: Option<(&'static str, &'static str)>,
    pub user: &'static str,
    pub db: u32,
    /// The share of the new connections, added to those of the pools before.
    pub weight_up_to: u32,
}

/// What a program is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Answers people: short commands, idle in between.
    Web,
    /// Waits for work.
    Worker,
    /// Waits for messages.
    Push,
    /// Does several things at once or not at all.
    Checkout,
    /// Was forgotten: opened long ago, and silent since.
    Forgotten,
    /// Reads slowly, so that the server keeps what it should have read.
    Slow,
    Replica,
    Monitor,
}

/// Role, name, share of the connections in a thousand.
const ROLES: [(Role, &str, u32); 12] = [
    (Role::Web, "web", 260),
    (Role::Web, "api", 190),
    (Role::Web, "", 130),
    (Role::Worker, "worker-mail", 60),
    (Role::Worker, "worker-thumbs", 60),
    (Role::Worker, "worker-billing", 50),
    (Role::Push, "push", 90),
    (Role::Checkout, "checkout", 40),
    (Role::Forgotten, "", 70),
    (Role::Slow, "report", 40),
    (Role::Replica, "", 6),
    (Role::Monitor, "", 4),
];

const LIBRARIES: [(&str, &str); 8] = [
    ("redis-py", "5.0.1"),
    ("ioredis", "5.3.2"),
    ("jedis", "5.1.0"),
    ("go-redis", "9.5.1"),
    ("lettuce", "6.3.2"),
    ("StackExchange.Redis", "2.7.33"),
    ("redis-rs", "0.27.5"),
    ("hiredis", "1.2.0"),
];

/// The pools of a server with so many connections, about forty to each.
pub(super) fn pools(clients: u32, random: &mut Random) -> Vec<Pool> {
    let count = (clients / 40).clamp(ROLES.len() as u32, 4000);
    let mut weight_up_to = 0;
    let mut pools = Vec::with_capacity(count as usize);
    for number in 0..count {
        let (role, name, share) = ROLES[number as usize % ROLES.len()];
        weight_up_to += share;
        let machine = number / ROLES.len() as u32 + 1;
        let mut host = format!("10.{}.{}.{}", number % 4, number / 250 % 250, 2 + number % 250);
        if role == Role::Forgotten {
            host = format!("192.168.{}.{}", 1 + number % 40, 2 + random.below(250));
        }
        let knows_library = !matches!(role, Role::Forgotten | Role::Replica | Role::Monitor);
        pools.push(Pool {
            role,
            name: if name.is_empty() { String::new() } else { format!("{name}-{machine}") },
            host,
            library: (knows_library && !random.percent(12)).then(|| random.pick(&LIBRARIES)),
            user: if role == Role::Checkout { "shop" } else { "default" },
            db: if role == Role::Worker { 1 } else { random.pick(&[0, 0, 0, 0, 0, 3]) },
            weight_up_to,
        });
    }
    pools
}
