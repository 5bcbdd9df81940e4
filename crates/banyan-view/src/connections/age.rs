//! Ages of connections, as coarse as a card may show them: an idle connection must not look
//! different every second.

use banyan_topology::Client;

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

/// The last round span that has passed: ">30 s", ">5 min", ">2 h", ">3 d"; nothing below 5 seconds.
pub(super) fn passed(secs: u64) -> String {
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
    let last = ROUND.iter().find(|&&(number, unit, _)| secs >= number * unit);
    last.map_or_else(String::new, |(number, _, unit)| format!(">{number} {unit}"))
}

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
}
