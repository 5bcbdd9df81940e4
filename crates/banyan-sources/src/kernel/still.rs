//! Holding still what moves without meaning: differences travel to browsers with every look.

use banyan_topology::{Socket, TcpState, TcpTimer};

use super::{entry::Entry, judge::Verdict};

/// Clocks of two machines in the kernel's ticks: times that differ by less are the same.
const DATA_MILLIS: u64 = 1_000;
/// Acknowledgements come by the second on a busy connection.
const ACKNOWLEDGED_MILLIS: u64 = 10_000;

/// What was told of a connection at the look before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub addr: String,
    pub socket: Socket,
    pub verdict: Verdict,
    /// Bytes in the queues as they were, to send and to receive.
    pub queues: (u32, u32),
}

/// The socket as it is told, given what was told of it before.
pub fn socket(entry: &Entry, now_millis: u64, told: Option<&Told>) -> Socket {
    let ago = |age: u32| now_millis.saturating_sub(u64::from(age));
    let info = entry.info;
    let mut socket = Socket {
        state: entry.state,
        timer: entry.timer,
        retransmits: entry.retransmits,
        unanswered_probes: Some(entry.probes),
        send_queue_bytes: entry.send_queue,
        receive_queue_bytes: entry.receive_queue,
        round_trip_micros: info.map(|info| info.round_trip_micros),
        data_at_millis: info.map(|info| ago(info.data_age_millis)),
        acknowledged_at_millis: info.map(|info| ago(info.acknowledged_age_millis)),
        retransmitted_bytes: info.and_then(|info| info.retransmitted_bytes),
        inode: entry.inode,
    };
    let Some(Told { socket: earlier, queues, .. }) = told else { return socket };
    keep(&mut socket.round_trip_micros, earlier.round_trip_micros, |new, old| {
        new.abs_diff(old) <= old / 4
    });
    keep(&mut socket.data_at_millis, earlier.data_at_millis, |new, old| {
        new.abs_diff(old) < DATA_MILLIS
    });
    keep(&mut socket.acknowledged_at_millis, earlier.acknowledged_at_millis, |new, old| {
        new.abs_diff(old) < ACKNOWLEDGED_MILLIS
    });
    if socket.state == TcpState::Established && entry.retransmits == 0 && entry.probes == 0 {
        // Data is on its way, as it should be.
        if entry.timer == Some(TcpTimer::Retransmit) {
            socket.timer = earlier.timer;
        }
        // A queue that moves drains; one that stays as it was is stuck.
        if entry.send_queue != queues.0 {
            socket.send_queue_bytes = earlier.send_queue_bytes.min(entry.send_queue);
        }
        if entry.receive_queue != queues.1 {
            socket.receive_queue_bytes = earlier.receive_queue_bytes.min(entry.receive_queue);
        }
    }
    socket
}

fn keep<T: Copy>(new: &mut Option<T>, old: Option<T>, is_same: impl Fn(T, T) -> bool) {
    if let (Some(now), Some(old)) = (*new, old)
        && is_same(now, old)
    {
        *new = Some(old);
    }
}

/// Evidence is told anew when its first fact, the reason, changes; the others tell how it was then.
pub fn verdict(verdict: Verdict, told: Option<&Told>) -> Verdict {
    match told {
        Some(Told { verdict: earlier, .. })
            if earlier.is_dead == verdict.is_dead
                && earlier.evidence.first() == verdict.evidence.first() =>
        {
            earlier.clone()
        }
        _ => verdict,
    }
}

/// A share of a processor in thousandths.
pub fn share(now: u32, earlier: Option<u32>) -> u32 {
    earlier.filter(|&earlier| now.abs_diff(earlier) <= (earlier / 8).max(5)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::entry::TcpInfo;

    #[test]
    fn a_healthy_connection_does_not_change() {
        let entry = |age, rtt, timer, queue| Entry {
            local: "10.0.0.1:6379".parse().unwrap(),
            peer: "10.0.0.2:50000".parse().unwrap(),
            state: TcpState::Established,
            timer: Some(timer),
            timer_millis: 9,
            retransmits: 0,
            probes: 0,
            receive_queue: 0,
            send_queue: queue,
            uid: 0,
            inode: 1,
            info: Some(TcpInfo {
                backoff: 0,
                retransmit_millis: 200,
                data_age_millis: age,
                acknowledged_age_millis: age,
                round_trip_micros: rtt,
                retransmitted_bytes: Some(0),
            }),
        };
        let told = |entry: &Entry, socket: Socket| Told {
            addr: entry.peer.to_string(),
            queues: (entry.send_queue, entry.receive_queue),
            verdict: Verdict::alive(),
            socket,
        };
        let idle = entry(100, 400, TcpTimer::Keepalive, 0);
        let first = socket(&idle, 1_000_000, None);
        let told_first = told(&idle, first.clone());
        let later = entry(1_090, 500, TcpTimer::Retransmit, 700);
        assert_eq!(socket(&later, 1_001_000, Some(&told_first)), first);
        let told_later = told(&later, first.clone());
        assert_eq!(socket(&later, 1_001_000, Some(&told_later)).send_queue_bytes, 700);
        let moved = socket(&entry(0, 600, TcpTimer::Keepalive, 0), 1_011_000, Some(&told_first));
        assert_eq!((moved.round_trip_micros, moved.data_at_millis), (Some(600), Some(1_011_000)));
        let stuck = Entry { retransmits: 1, ..later };
        let stuck = socket(&stuck, 1_001_000, Some(&told_first));
        assert_eq!((stuck.timer, stuck.send_queue_bytes), (Some(TcpTimer::Retransmit), 700));
    }

    #[test]
    fn shares_of_a_processor() {
        assert_eq!((share(4, Some(0)), share(6, Some(0)), share(113, Some(100))), (0, 6, 113));
        assert_eq!(share(112, Some(100)), 100);
    }
}
