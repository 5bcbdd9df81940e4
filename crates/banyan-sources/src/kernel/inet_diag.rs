//! The netlink messages of sock_diag for TCP, without I/O: a question to bytes, bytes to sockets.
//!
//! The kernel filters by the local port that the question names, so that only the server's own
//! sockets are copied. `tcp_info` has grown with every kernel; what is not there is `None`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use banyan_topology::{TcpState, TcpTimer};

use super::entry::{Entry, TcpInfo, joined};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    V4 = 2,
    V6 = 10,
}

const HEADER: usize = 16;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// Of a request: it is one, and all sockets are asked for.
const REQUEST_AND_DUMP: u16 = 0x301;
const TCP: u8 = 6;
/// The attribute that holds `tcp_info`.
const INFO: u16 = 2;
/// Every state, TIME_WAIT and LISTEN too.
const STATES: u32 = 0xffe;
/// `struct inet_diag_msg`.
const MESSAGE: usize = 72;

/// Asks for the sockets of `family` at a local port.
pub fn question(family: Family, port: u16) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + 56);
    bytes.extend_from_slice(&((HEADER + 56) as u32).to_ne_bytes());
    bytes.extend_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    bytes.extend_from_slice(&REQUEST_AND_DUMP.to_ne_bytes());
    // Number of the question, and the asking port, which the kernel fills in.
    bytes.extend_from_slice(&[0; 8]);
    bytes.extend_from_slice(&[family as u8, TCP, 1 << (INFO - 1), 0]);
    bytes.extend_from_slice(&STATES.to_ne_bytes());
    // `struct inet_diag_sockid`: of it, only the source port filters.
    bytes.extend_from_slice(&port.to_be_bytes());
    bytes.extend_from_slice(&[0; 46]);
    bytes
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Socket(Box<Entry>),
    /// Something that is nothing of ours, or that no kernel should say.
    Unknown,
    Done,
    /// A number of `errno`.
    Refused(i32),
}

/// The messages of one datagram.
pub fn messages(bytes: &[u8]) -> impl Iterator<Item = Message> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = u32_at(rest, 0)? as usize;
        let kind = u16_at(rest, 4)?;
        let body = rest.get(HEADER..length)?;
        // Messages start at multiples of four bytes.
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(match kind {
            SOCK_DIAG_BY_FAMILY => {
                socket(body).map_or(Message::Unknown, |entry| Message::Socket(Box::new(entry)))
            }
            DONE => Message::Done,
            ERROR => match u32_at(body, 0) {
                Some(0) | None => Message::Unknown,
                Some(number) => Message::Refused((number as i32).wrapping_neg()),
            },
            _ => Message::Unknown,
        })
    })
}

fn socket(body: &[u8]) -> Option<Entry> {
    let family = *body.first()?;
    let state = TcpState::of_linux(*body.get(1)?)?;
    let timer = match *body.get(2)? {
        1 => Some(TcpTimer::Retransmit),
        2 => Some(TcpTimer::Keepalive),
        3 => Some(TcpTimer::TimeWait),
        4 => Some(TcpTimer::ZeroWindowProbe),
        _ => None,
    };
    // Of the timer that runs: retransmissions or probes.
    let tries = u32::from(*body.get(3)?);
    let address = |at: usize| -> Option<IpAddr> {
        let bytes: [u8; 16] = body.get(at..at + 16)?.try_into().ok()?;
        let [a, b, c, d, ..] = bytes;
        Some(if family == Family::V6 as u8 {
            Ipv6Addr::from(bytes).into()
        } else {
            Ipv4Addr::new(a, b, c, d).into()
        })
    };
    let port = |at: usize| Some(u16::from_be_bytes(body.get(at..at + 2)?.try_into().ok()?));
    let info = attribute(body.get(MESSAGE..)?, INFO);
    let is_retransmitting = timer == Some(TcpTimer::Retransmit);
    Some(Entry {
        local: joined(SocketAddr::new(address(8)?, port(4)?)),
        peer: joined(SocketAddr::new(address(24)?, port(6)?)),
        state,
        timer,
        timer_millis: u32_at(body, 52)?,
        retransmits: match info.and_then(|info| info.get(2)) {
            Some(&count) => u32::from(count),
            None if is_retransmitting => tries,
            None => 0,
        },
        probes: match info.and_then(|info| info.get(3)) {
            Some(&count) => u32::from(count),
            None if is_retransmitting => 0,
            None => tries,
        },
        receive_queue: u32_at(body, 56)?,
        send_queue: u32_at(body, 60)?,
        uid: u32_at(body, 64)?,
        inode: u64::from(u32_at(body, 68)?),
        info: info.filter(|_| state != TcpState::Listen).and_then(tcp_info),
    })
}

fn tcp_info(bytes: &[u8]) -> Option<TcpInfo> {
    Some(TcpInfo {
        backoff: *bytes.get(4)?,
        retransmit_millis: u32_at(bytes, 8)? / 1000,
        data_age_millis: u32_at(bytes, 52)?,
        acknowledged_age_millis: u32_at(bytes, 56)?,
        round_trip_micros: u32_at(bytes, 68)?,
        retransmitted_bytes: bytes
            .get(208..216)
            .and_then(|bytes| bytes.try_into().ok())
            .map(u64::from_ne_bytes),
    })
}

/// The payload of the first attribute of that kind.
fn attribute(mut attributes: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let length = usize::from(u16_at(attributes, 0)?);
        let payload = attributes.get(4..length)?;
        if u16_at(attributes, 2)? == wanted {
            return Some(payload);
        }
        attributes = attributes.get(length.next_multiple_of(4)..)?;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_question_names_family_and_port() {
        let question = question(Family::V6, 6379);
        assert_eq!((question.len(), u32_at(&question, 0)), (72, Some(72)));
        assert_eq!(question.get(16..20), Some([10, 6, 2, 0].as_slice()));
        assert_eq!(question.get(24..26), Some([0x18, 0xeb].as_slice()));
    }

    /// As a kernel of the given length of `tcp_info` would answer; its numbers are their offsets.
    fn answer(state: u8, timer: u8, tries: u8, info_length: usize) -> Vec<u8> {
        let mut body = vec![Family::V6 as u8, state, timer, tries];
        body.extend_from_slice(&6379_u16.to_be_bytes());
        body.extend_from_slice(&40_000_u16.to_be_bytes());
        body.extend_from_slice(&Ipv4Addr::new(127, 0, 0, 1).to_ipv6_mapped().octets());
        body.extend_from_slice(&Ipv6Addr::LOCALHOST.octets());
        body.extend_from_slice(&[0; 12]);
        for number in [250, 7, 36, 1000, 4711_u32] {
            body.extend_from_slice(&number.to_ne_bytes());
        }
        assert_eq!(body.len(), MESSAGE);
        // Another attribute first, of an odd length.
        body.extend_from_slice(&[5_u16.to_ne_bytes(), 8_u16.to_ne_bytes()].concat());
        body.extend_from_slice(&[0; 4]);
        if info_length > 0 {
            body.extend_from_slice(&((info_length + 4) as u16).to_ne_bytes());
            body.extend_from_slice(&INFO.to_ne_bytes());
            body.extend((0..info_length).map(|at| at as u8));
        }
        let mut bytes = ((HEADER + body.len()) as u32).to_ne_bytes().to_vec();
        bytes.extend_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
        bytes.extend_from_slice(&[0; 10]);
        bytes.extend(body);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn word(at: u32) -> u32 {
        let at = at as u8;
        u32::from_ne_bytes([at, at + 1, at + 2, at + 3])
    }

    #[test]
    fn what_each_kernel_tells() {
        let expected = Entry {
            local: "127.0.0.1:6379".parse().unwrap(),
            peer: "[::1]:40000".parse().unwrap(),
            state: TcpState::Established,
            timer: Some(TcpTimer::Keepalive),
            timer_millis: 250,
            retransmits: 2,
            probes: 3,
            receive_queue: 7,
            send_queue: 36,
            uid: 1000,
            inode: 4711,
            info: Some(TcpInfo {
                backoff: 4,
                retransmit_millis: word(8) / 1000,
                data_age_millis: word(52),
                acknowledged_age_millis: word(56),
                round_trip_micros: word(68),
                retransmitted_bytes: Some(u64::from_ne_bytes(std::array::from_fn(|at| {
                    208 + at as u8
                }))),
            }),
        };
        let read = |bytes: &[u8]| match messages(bytes).next() {
            Some(Message::Socket(entry)) => *entry,
            other => panic!("{other:?}"),
        };
        assert_eq!(read(&answer(1, 2, 9, 240)), expected);
        let of_4_14 = read(&answer(1, 2, 9, 192));
        assert_eq!(of_4_14.info.unwrap().retransmitted_bytes, None);
        let without_info = read(&answer(1, 2, 9, 0));
        assert_eq!(
            (without_info.info, without_info.probes, without_info.retransmits),
            (None, 9, 0)
        );
        let retransmitting = read(&answer(1, 1, 9, 0));
        assert_eq!((retransmitting.probes, retransmitting.retransmits), (0, 9));
    }

    #[test]
    fn several_in_one_datagram() {
        let mut bytes = [answer(1, 0, 0, 232), answer(8, 0, 0, 231)].concat();
        bytes.extend_from_slice(&20_u32.to_ne_bytes());
        bytes.extend_from_slice(&DONE.to_ne_bytes());
        bytes.extend_from_slice(&[0; 14]);
        let kinds: Vec<_> = messages(&bytes).collect();
        assert!(matches!(
            kinds.as_slice(),
            [Message::Socket(_), Message::Socket(second), Message::Done]
                if second.state == TcpState::CloseWait
        ));
        let mut refused = 20_u32.to_ne_bytes().to_vec();
        refused.extend_from_slice(&ERROR.to_ne_bytes());
        refused.extend_from_slice(&[0; 10]);
        refused.extend_from_slice(&(-2_i32).to_ne_bytes());
        assert_eq!(messages(&refused).collect::<Vec<_>>(), [Message::Refused(2)]);
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(messages(&bytes).count() <= bytes.len() / HEADER);
        }

        #[test]
        fn any_damage_ends(at in 0..340_usize, to in any::<u8>()) {
            let mut bytes = answer(1, 2, 3, 240);
            if let Some(byte) = bytes.get_mut(at) {
                *byte = to;
            }
            prop_assert!(messages(&bytes).count() <= bytes.len() / HEADER);
        }
    }
}
