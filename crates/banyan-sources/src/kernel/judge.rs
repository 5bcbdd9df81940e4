//! Whether the other end of a connection is gone.
//!
//! A living host acknowledges whatever it is sent, also with a closed window: a client that does not
//! read is slow rather than dead. So what counts is what was sent and not acknowledged: keepalive
//! probes, window probes, data. Where nothing was sent for long, nobody knows.

use banyan_topology::{Evidence, Socket, TcpState, TcpTimer};

use super::entry::Entry;

/// Probes that nobody answered. One may be lost, and the last may be on its way: that many count once
/// they are there at two looks, or when one more has followed.
const PROBES: u32 = 2;

/// Retransmissions in a row, each after twice the time of the one before.
const RETRANSMITS: u32 = 3;

/// A silence that a busy network does not explain, in milliseconds.
const SILENCE: u32 = 3_000;

/// The same where only the number of retransmissions is known: the fifth comes 6 s after the data.
const BLIND_RETRANSMITS: u32 = 5;

/// Someone who was heard of within this time is taken to live, in milliseconds.
const HEARD: u32 = 60_000;

/// Where keepalive asks as often as this, its silence so far means life.
const KEEPALIVE: u32 = 600_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// `None` where the kernel cannot know.
    pub is_dead: Option<bool>,
    pub evidence: Vec<Evidence>,
}

impl Verdict {
    pub fn alive() -> Self {
        Self { is_dead: Some(false), evidence: Vec::new() }
    }

    fn unknown(name: &str, value: impl std::fmt::Display) -> Self {
        Self { is_dead: None, evidence: vec![Evidence::new(name, value)] }
    }
}

/// `before`: the same socket at the look before, a second ago or longer.
pub fn judge(entry: &Entry, before: Option<&Socket>) -> Verdict {
    match entry.state {
        TcpState::Established => {}
        TcpState::CloseWait if before.is_some_and(|it| it.state == TcpState::CloseWait) => {
            let evidence = vec![Evidence::new("tcp_state", entry.state.name())];
            return Verdict { is_dead: Some(true), evidence };
        }
        // On its way between open and closed.
        _ => return Verdict::unknown("tcp_state", entry.state.name()),
    }
    let probes = entry.probes;
    let had_probes = before.is_some_and(|it| it.unanswered_probes >= Some(PROBES));
    if probes > PROBES || (probes == PROBES && had_probes) {
        return dead(entry, Evidence::new("unanswered_probes", probes));
    }
    if entry.retransmits >= RETRANSMITS && is_unanswered(entry) {
        return dead(entry, Evidence::new("retransmits", entry.retransmits));
    }
    let heard = entry.heard_millis();
    if heard.is_some_and(|heard| heard < SILENCE) {
        return Verdict::alive();
    }
    if entry.retransmits > 0 {
        return Verdict::unknown("retransmits", entry.retransmits);
    }
    if probes > 0 {
        return Verdict::unknown("unanswered_probes", probes);
    }
    match (entry.timer, heard) {
        (_, Some(heard)) if heard < HEARD => Verdict::alive(),
        (Some(TcpTimer::Keepalive), heard) => {
            // From the last sign of life to the next probe. A kernel that does not tell the former
            // probes at the latest when the latter says.
            let period = heard.unwrap_or(0).saturating_add(entry.timer_millis);
            if period <= KEEPALIVE {
                Verdict::alive()
            } else {
                Verdict::unknown("keepalive_secs", period / 1000)
            }
        }
        (None, _) => Verdict::unknown("keepalive_off", "true"),
        // Data or a probe is on its way.
        _ => Verdict::alive(),
    }
}

/// Whether the last retransmission and the one before were not acknowledged.
fn is_unanswered(entry: &Entry) -> bool {
    let Some(info) = entry.info else { return entry.retransmits >= BLIND_RETRANSMITS };
    let since_last = info.retransmit_millis.saturating_sub(entry.timer_millis);
    let since_one_before = since_last.saturating_add(info.retransmit_millis / 2);
    let silence = info.acknowledged_age_millis;
    silence >= SILENCE && silence >= since_one_before
}

fn dead(entry: &Entry, why: Evidence) -> Verdict {
    let mut evidence = vec![why];
    if let Some(info) = entry.info {
        if entry.timer != Some(TcpTimer::Keepalive) {
            evidence.push(Evidence::new("backoff", info.backoff));
        }
        evidence.push(Evidence::new("last_ack_secs", info.acknowledged_age_millis / 1000));
    }
    if entry.send_queue > 0 {
        evidence.push(Evidence::new("send_queue_bytes", entry.send_queue));
    }
    Verdict { is_dead: Some(true), evidence }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{entry::TcpInfo, still},
        *,
    };

    fn entry(timer: Option<TcpTimer>, timer_millis: u32) -> Entry {
        Entry {
            local: "10.0.0.1:6379".parse().unwrap(),
            peer: "10.0.0.2:50000".parse().unwrap(),
            state: TcpState::Established,
            timer,
            timer_millis,
            retransmits: 0,
            probes: 0,
            receive_queue: 0,
            send_queue: 0,
            uid: 0,
            inode: 1,
            info: Some(TcpInfo {
                backoff: 0,
                retransmit_millis: 200,
                data_age_millis: 900_000,
                acknowledged_age_millis: 900_000,
                round_trip_micros: 50,
                retransmitted_bytes: Some(0),
            }),
        }
    }

    fn with(mut entry: Entry, change: impl Fn(&mut Entry, &mut TcpInfo)) -> Entry {
        let mut info = entry.info.unwrap();
        change(&mut entry, &mut info);
        entry.info = Some(info);
        entry
    }

    fn before(entry: &Entry) -> Socket {
        still::socket(entry, 1_000_000, None)
    }

    #[track_caller]
    fn check(entry: &Entry, is_dead: Option<bool>, first: Option<(&str, &str)>) {
        let verdict = judge(entry, None);
        let evidence = verdict.evidence.first();
        assert_eq!(
            (verdict.is_dead, evidence.map(|e| (e.name.as_str(), e.value.as_str()))),
            (is_dead, first)
        );
    }

    #[test]
    fn idle_connections() {
        let keepalive = |millis| entry(Some(TcpTimer::Keepalive), millis);
        let probed = |count| with(keepalive(250), |e, _| e.probes = count);
        check(&probed(3), Some(true), Some(("unanswered_probes", "3")));
        check(&probed(2), None, Some(("unanswered_probes", "2")));
        assert_eq!(judge(&probed(2), Some(&before(&probed(1)))).is_dead, None);
        assert_eq!(judge(&probed(2), Some(&before(&probed(2)))).is_dead, Some(true));
        check(&with(keepalive(250), |e, _| e.probes = 1), None, Some(("unanswered_probes", "1")));
        check(
            &with(keepalive(200_000), |_, info| info.acknowledged_age_millis = 100_000),
            Some(false),
            None,
        );
        check(&keepalive(6_300_000), None, Some(("keepalive_secs", "7200")));
        check(&entry(None, 0), None, Some(("keepalive_off", "true")));
        check(&with(entry(None, 0), |_, info| info.data_age_millis = 5_000), Some(false), None);
    }

    #[test]
    fn data_on_its_way() {
        let retransmitting = |count, rto, expires, silence| {
            with(entry(Some(TcpTimer::Retransmit), expires), |entry, info| {
                entry.retransmits = count;
                entry.send_queue = 36;
                info.backoff = count as u8;
                info.retransmit_millis = rto;
                info.acknowledged_age_millis = silence;
            })
        };
        check(&retransmitting(5, 6_400, 3_956, 9_940), Some(true), Some(("retransmits", "5")));
        check(&retransmitting(2, 800, 100, 1_200), Some(false), None);
        check(&retransmitting(3, 1_600, 100, 2_900), Some(false), None);
        // It answers each time but has no room: the last answer came with the last try.
        check(&retransmitting(9, 120_000, 20_000, 99_950), None, Some(("retransmits", "9")));
        let blind = |count| Entry { info: None, ..retransmitting(count, 0, 0, 0) };
        check(&blind(5), Some(true), Some(("retransmits", "5")));
        check(&blind(4), None, Some(("retransmits", "4")));
    }

    #[test]
    fn closed_windows() {
        let probing = |probes, silence| {
            with(entry(Some(TcpTimer::ZeroWindowProbe), 9_000), |entry, info| {
                entry.probes = probes;
                entry.send_queue = 100_000;
                info.backoff = 6;
                info.acknowledged_age_millis = silence;
            })
        };
        check(&probing(0, 100_000), Some(false), None);
        check(&probing(1, 100_000), None, Some(("unanswered_probes", "1")));
        check(&probing(4, 100_000), Some(true), Some(("unanswered_probes", "4")));
    }

    #[test]
    fn one_that_closes_is_dead_once_it_stays() {
        let closing = Entry { state: TcpState::CloseWait, ..entry(None, 0) };
        assert_eq!(judge(&closing, None).is_dead, None);
        assert_eq!(judge(&closing, Some(&before(&entry(None, 0)))).is_dead, None);
        assert_eq!(judge(&closing, Some(&before(&closing))).is_dead, Some(true));
    }
}
