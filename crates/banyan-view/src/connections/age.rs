//! Ages of connections, as coarse as a card may show them: an idle connection must not look
//! different every second.

use std::{collections::BTreeSet, sync::LazyLock};

use banyan_topology::Client;

use super::grouping::FORGOTTEN_SECS;
use crate::figures::LogScale;

/// How long a connection has been open, in seconds.
pub(super) const fn age_secs(client: &Client, now_millis: u64) -> u64 {
    now_millis.saturating_sub(client.opened_at_millis) / 1000
}

/// How long ago its last command was, in seconds.
pub(super) const fn idle_secs(client: &Client, now_millis: u64) -> u64 {
    now_millis.saturating_sub(client.active_at_millis) / 1000
}

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The spans that are named: the last one that has passed.
const ROUND: [(u64, u64, &str); 16] = [
    (7, DAY, "d"),
    (3, DAY, "d"),
    (2, DAY, "d"),
    (1, DAY, "d"),
    (12, HOUR, "h"),
    (6, HOUR, "h"),
    (4, HOUR, "h"),
    (2, HOUR, "h"),
    (1, HOUR, "h"),
    (30, MINUTE, "min"),
    (15, MINUTE, "min"),
    (5, MINUTE, "min"),
    (2, MINUTE, "min"),
    (1, MINUTE, "min"),
    (15, SECOND, "s"),
    (5, SECOND, "s"),
];

/// The last round span that has passed: ">30 s", ">5 min", ">2 h", ">3 d"; nothing below 5 seconds.
pub(super) fn passed(secs: u64) -> String {
    let last = ROUND.iter().find(|&&(number, unit, _)| secs >= number * unit);
    last.map_or_else(String::new, |(number, _, unit)| format!(">{number} {unit}"))
}

/// A connection that spoke within so many seconds is not idle.
const BUSY_SECS: u64 = 5;

/// The step at which the meter of an age stands.
pub(super) fn age_step(client: &Client, now_millis: u64) -> u8 {
    LogScale::TIME.step(age_secs(client, now_millis))
}

/// The same for how long ago the last command was: none for a busy connection, whose meter would
/// else tremble between any two commands.
pub(super) fn idle_step(client: &Client, now_millis: u64) -> u8 {
    let idle = idle_secs(client, now_millis);
    if idle < BUSY_SECS { 0 } else { LogScale::TIME.step(idle) }
}

/// When the clock alone may next change how a connection looks, or where it belongs, in milliseconds
/// since 1970; `None` once it is as old as a card can tell.
pub(super) fn next_look_millis(client: &Client, now_millis: u64) -> Option<u64> {
    let next = |steps: &[u64], since_millis: u64, passed_secs: u64| {
        let later = steps.partition_point(|&secs| secs <= passed_secs);
        steps.get(later).map(|secs| since_millis.saturating_add(secs * 1000))
    };
    let age = next(&AGE_SECS, client.opened_at_millis, age_secs(client, now_millis));
    let idle = next(&IDLE_SECS, client.active_at_millis, idle_secs(client, now_millis));
    age.into_iter().chain(idle).min()
}

/// The ages at which the meter moves on, ascending.
static AGE_SECS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let marks = (1..=LogScale::TIME.steps).filter_map(|step| LogScale::TIME.begin_of(step));
    let all: BTreeSet<u64> = marks.collect();
    all.into_iter().collect()
});

/// The idle times at which anything that is told of one changes, ascending: the marks of the meter,
/// the round spans, and the end of patience with a transaction.
static IDLE_SECS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let marks = AGE_SECS.iter().copied().filter(|&secs| secs >= BUSY_SECS);
    let round = ROUND.iter().map(|(number, unit, _)| number * unit);
    let all: BTreeSet<u64> = marks.chain(round).chain([BUSY_SECS, FORGOTTEN_SECS]).collect();
    all.into_iter().collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_round() {
        for (secs, expect) in [
            (0, ""),
            (4, ""),
            (5, ">5 s"),
            (59, ">15 s"),
            (60, ">1 min"),
            (7_300, ">2 h"),
            (u64::MAX, ">7 d"),
        ] {
            assert_eq!(passed(secs), expect);
        }
    }

    #[test]
    fn nothing_changes_before_the_next_look() {
        let client =
            Client { opened_at_millis: 10_000, active_at_millis: 17_300, ..Client::default() };
        let looks = |now: u64| {
            let idle = idle_secs(&client, now);
            let steps = (age_step(&client, now), idle_step(&client, now));
            (steps, passed(idle), idle >= FORGOTTEN_SECS)
        };
        let mut now = 17_300;
        let mut turns = 0;
        while let Some(next) = next_look_millis(&client, now) {
            assert!(next > now, "{next}");
            assert_eq!(looks(next - 1), looks(now));
            now = next;
            turns += 1;
        }
        assert_eq!(looks(now), looks(u64::MAX));
        assert!(turns < 90, "{turns}");
    }
}
