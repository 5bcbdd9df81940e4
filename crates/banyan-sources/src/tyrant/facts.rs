//! The answer to stat as facts.

use std::collections::BTreeMap;

use banyan_topology::{Sections, ServerFacts, ServerKind};

use super::connection::Stat;

/// Facts that move by themselves or because we look, and so say nothing. `delay` is among them: it
/// grows on a replica of a master where nobody writes.
const MOVING: &[&str] =
    &["time", "delay", "fd", "loadavg", "ru_user", "ru_sys", "ru_real", "cnt_stat", "cnt_rnum"];

/// Commands that change records. Each goes into the log that replicas follow, even one without
/// effect.
const WRITES: &[&str] = &[
    "cnt_put",
    "cnt_putkeep",
    "cnt_putcat",
    "cnt_putshl",
    "cnt_putnr",
    "cnt_out",
    "cnt_addint",
    "cnt_adddouble",
    "cnt_vanish",
    "cnt_restore",
];

pub(super) fn text<'a>(stat: &'a Stat, name: &str) -> Option<&'a str> {
    stat.iter().find(|field| field.0 == name).map(|field| field.1.as_str())
}

pub(super) fn number(stat: &Stat, name: &str) -> Option<u64> {
    text(stat, name)?.parse().ok()
}

/// `1795302678.813348` in microseconds. An hour of its own clock is not lost in a float.
pub(super) fn micros(stat: &Stat, name: &str) -> Option<u64> {
    let (secs, fraction) = text(stat, name)?.split_once('.')?;
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    secs.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(digits.parse().ok()?)
}

/// Changes of records since the server's start.
pub(super) fn writes(stat: &Stat) -> u64 {
    WRITES.iter().filter_map(|name| number(stat, name)).fold(0, u64::saturating_add)
}

/// Commands since the server's start, without the looks at it.
pub(super) fn commands(stat: &Stat) -> u64 {
    let counts = stat.iter().filter(|(name, _)| {
        name.starts_with("cnt_") && !name.ends_with("_miss") && !MOVING.contains(&name.as_str())
    });
    counts.filter_map(|(_, count)| count.parse::<u64>().ok()).fold(0, u64::saturating_add)
}

/// Facts about the server. `earlier_run_id` is kept if it is the same process still: the second of
/// its start can only be told to within rounding.
pub(super) fn server_facts(stat: &Stat, earlier_run_id: &str) -> ServerFacts {
    let started_secs = micros(stat, "time")
        .zip(micros(stat, "ru_real"))
        .map(|(time, age)| time.saturating_sub(age) / 1_000_000);
    let pid = text(stat, "pid").unwrap_or_default();
    let is_same = earlier_run_id.split_once('-').is_some_and(|(earlier_pid, secs)| {
        let secs = secs.parse::<u64>().ok();
        earlier_pid == pid && secs.zip(started_secs).is_some_and(|(a, b)| a.abs_diff(b) <= 2)
    });
    let run_id = match (is_same, started_secs) {
        (true, _) => earlier_run_id.to_owned(),
        (false, Some(secs)) => format!("{pid}-{secs}"),
        (false, None) => pid.to_owned(),
    };
    let (gets, misses) = (number(stat, "cnt_get"), number(stat, "cnt_get_miss"));
    ServerFacts {
        kind: ServerKind::TokyoTyrant,
        version: text(stat, "version").unwrap_or_default().to_owned(),
        run_id,
        uptime_secs: micros(stat, "ru_real").map(|micros| micros / 1_000_000),
        used_memory_bytes: number(stat, "memrss"),
        databases: number(stat, "rnum").into_iter().map(|records| (0, records)).collect(),
        pid: pid.parse().ok(),
        hits: gets.zip(misses).map(|(gets, misses)| gets.saturating_sub(misses)),
        misses,
        ..ServerFacts::default()
    }
}

/// All that says something, in the server's own words.
pub(super) fn sections(stat: &Stat) -> Sections {
    let facts: BTreeMap<String, String> =
        stat.iter().filter(|(name, _)| !MOVING.contains(&name.as_str())).cloned().collect();
    Sections::from([("stat".to_owned(), facts)])
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tyrant::{newest::Newest, replication::replication};

    pub(in super::super) fn stat(text: &str) -> Stat {
        let pairs = text.split(' ').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn facts() {
        let told = stat(
            "version=1.1.41 time=1795302678.813348 pid=21197 rnum=7 ru_real=12.854782 \
             memrss=4067328 cnt_put=5 cnt_get=9 cnt_get_miss=2 cnt_stat=44 delay=2.8 type=hash",
        );
        let facts = server_facts(&told, "");
        assert_eq!((facts.run_id.as_str(), facts.pid), ("21197-1795302665", Some(21197)));
        assert_eq!((facts.uptime_secs, facts.hits, facts.misses), (Some(12), Some(7), Some(2)));
        assert_eq!((facts.databases.get(&0), facts.connected_clients), (Some(&7), None));
        assert_eq!((writes(&told), commands(&told)), (5, 14));
        let later = stat("time=1795302700.000001 pid=21197 ru_real=34.999999");
        assert_eq!(server_facts(&later, &facts.run_id).run_id, facts.run_id);
        let again = stat("time=1795302700.0 pid=21198 ru_real=1.5");
        assert_eq!(server_facts(&again, &facts.run_id).run_id, "21198-1795302698");
        let sections = sections(&told);
        assert_eq!(sections["stat"].get("type").map(String::as_str), Some("hash"));
        assert!(!sections["stat"].contains_key("delay"));
    }

    #[test]
    fn times() {
        let at = |text: &str| micros(&vec![("t".to_owned(), text.to_owned())], "t");
        assert_eq!(at("12.5"), Some(12_500_000));
        assert_eq!(at("12.8547829"), Some(12_854_782));
        for text in ["", "12", "x.1", "1.x", "99999999999999999999.1"] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_stat_is_facts_or_none(
            pairs in proptest::collection::vec(
                (
                    "(time|ru_real|pid|rnum|cnt_put|cnt_out|cnt_get|cnt_get_miss|mhost|mport|rts|x)",
                    "([0-9]{0,20}(\\.[0-9]{0,9})?|-1|::1|\\PC{0,9}|18446744073709551615)",
                ),
                0..20,
            ),
            more in any::<u64>(),
        ) {
            let facts = server_facts(&pairs, "7-9");
            prop_assert!(facts.hits.is_none_or(|hits| hits <= number(&pairs, "cnt_get").unwrap_or(0)));
            prop_assert!(commands(&pairs) >= number(&pairs, "cnt_put").unwrap_or(0));
            let _ = (sections(&pairs), replication(&pairs, Some(more)));
            let mut newest = Newest::default();
            let _ = (newest.note(&pairs), newest.note(&stat("time=1.0 cnt_put=1")));
        }
    }
}
