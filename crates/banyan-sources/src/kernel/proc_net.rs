//! `/proc/net/tcp`, `tcp6` and `unix`: what every kernel tells without netlink.
//!
//! A process's own directory has them too, for the network namespace that it lives in, and everybody
//! may read them.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
};

use banyan_topology::{TcpState, TcpTimer};

use super::entry::{Entry, joined};

/// A line of the kernel is 150 bytes long.
const LONGEST_LINE: u64 = 4096;

/// The TCP sockets that `is_wanted`, out of a directory such as `/proc/7/net`.
pub fn sockets(net: &Path, mut is_wanted: impl FnMut(&Entry) -> bool) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    each(net, |entry| {
        if is_wanted(&entry) {
            entries.push(entry);
        }
        true
    })?;
    Ok(entries)
}

/// The sockets that listen. They come first, so that reading ends with them.
pub fn listeners(net: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    each(net, |entry| {
        let is_listening = entry.state == TcpState::Listen;
        if is_listening {
            entries.push(entry);
        }
        is_listening
    })?;
    Ok(entries)
}

/// Calls `on_entry` for each line of either file, until it returns false.
fn each(net: &Path, mut on_entry: impl FnMut(Entry) -> bool) -> io::Result<()> {
    for file in ["tcp", "tcp6"] {
        let file = match File::open(net.join(file)) {
            // A kernel without IPv6 has no such file.
            Err(error) if error.kind() == io::ErrorKind::NotFound && file == "tcp6" => {
                return Ok(());
            }
            file => file?,
        };
        lines(file, |line| tcp(line).is_none_or(&mut on_entry))?;
    }
    Ok(())
}

/// Lines of a file of the kernel, until `on_line` returns false.
fn lines(file: File, mut on_line: impl FnMut(&str) -> bool) -> io::Result<()> {
    use io::Read;
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0
            || !on_line(&String::from_utf8_lossy(&line))
        {
            return Ok(());
        }
    }
}

/// One line of `/proc/net/tcp`; `None` for its heading.
pub fn tcp(line: &str) -> Option<Entry> {
    let mut fields = line.split_ascii_whitespace().skip(1);
    let local = address(fields.next()?)?;
    let peer = address(fields.next()?)?;
    let state = TcpState::of_linux(u8::from_str_radix(fields.next()?, 16).ok()?)?;
    let (send_queue, receive_queue) = hex_pair(fields.next()?)?;
    let (timer, ticks) = hex_pair(fields.next()?)?;
    let retransmits = u32::from_str_radix(fields.next()?, 16).ok()?;
    let uid = fields.next()?.parse().ok()?;
    let probes = fields.next()?.parse().ok()?;
    let inode = fields.next()?.parse().ok()?;
    Some(Entry {
        local,
        peer,
        state,
        timer: match timer {
            1 => Some(TcpTimer::Retransmit),
            2 => Some(TcpTimer::Keepalive),
            3 => Some(TcpTimer::TimeWait),
            4 => Some(TcpTimer::ZeroWindowProbe),
            _ => None,
        },
        // The clock of /proc has a hundred ticks a second on every architecture.
        timer_millis: ticks.saturating_mul(10),
        retransmits,
        probes,
        receive_queue,
        send_queue,
        uid,
        inode,
        info: None,
    })
}

fn hex_pair(text: &str) -> Option<(u32, u32)> {
    let (first, second) = text.split_once(':')?;
    Some((u32::from_str_radix(first, 16).ok()?, u32::from_str_radix(second, 16).ok()?))
}

/// `0100007F:1F90`: the address in words of the machine's byte order, the port as a number.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| -> Option<[u8; 4]> {
        Some(u32::from_str_radix(ip.get(at..at + 8)?, 16).ok()?.to_ne_bytes())
    };
    let ip: IpAddr = match ip.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let bytes = [word(0)?, word(8)?, word(16)?, word(24)?].concat();
            Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into()
        }
        _ => return None,
    };
    Some(joined(SocketAddr::new(ip, port)))
}

/// The inodes of the sockets that listen at this path, out of a directory such as `/proc/7/net`.
pub fn unix_listeners(net: &Path, path: &Path) -> io::Result<Vec<u64>> {
    let wanted = path.to_string_lossy();
    let mut inodes = Vec::new();
    lines(File::open(net.join("unix"))?, |line| {
        if let Some((inode, path)) = unix_listener(line)
            && path == wanted
        {
            inodes.push(inode);
        }
        true
    })?;
    Ok(inodes)
}

/// Inode and path of a line of `/proc/net/unix`, if the socket listens.
fn unix_listener(line: &str) -> Option<(u64, &str)> {
    const ACCEPTS: u32 = 0x1_0000;
    let mut rest = line.trim_end_matches('\n');
    // Address, references, protocol, flags, type, state, inode; the path may hold spaces.
    let mut fields = [""; 7];
    for field in &mut fields {
        (*field, rest) = rest.trim_start().split_once(' ')?;
    }
    let [_, _, _, flags, _, _, inode] = fields;
    let is_listening = u32::from_str_radix(flags, 16).is_ok_and(|flags| flags & ACCEPTS != 0);
    is_listening.then_some((inode.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_of_a_kernel() {
        let entry = tcp(
            "   3: 0100007F:8DEB 0100007F:B126 01 00000024:00000007 01:0000018B 00000005  1000        2 45358 3 0 20 4 30 10 -1",
        );
        let expected = Entry {
            local: "127.0.0.1:36331".parse().unwrap(),
            peer: "127.0.0.1:45350".parse().unwrap(),
            state: TcpState::Established,
            timer: Some(TcpTimer::Retransmit),
            timer_millis: 3950,
            retransmits: 5,
            probes: 2,
            receive_queue: 7,
            send_queue: 36,
            uid: 1000,
            inode: 45358,
            info: None,
        };
        assert_eq!(entry, Some(expected));
        let entry = tcp(
            "   0: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000200007F:CFEE 08 00000000:00000000 00:00000000 00000000     0        0 99",
        );
        let entry = entry.unwrap();
        assert_eq!(
            (entry.local.to_string(), entry.peer.to_string(), entry.state),
            ("127.0.0.1:8080".into(), "127.0.0.2:53230".into(), TcpState::CloseWait)
        );
        assert_eq!(tcp("  sl  local_address rem_address   st tx_queue rx_queue tr"), None);
        assert_eq!(tcp(""), None);
    }

    #[test]
    fn unix_sockets_that_listen() {
        let listening = "ffff8: 00000002 00000000 00010000 0001 01  1596 /run/a b.sock\n";
        assert_eq!(unix_listener(listening), Some((1596, "/run/a b.sock")));
        let connected = "ffff8: 00000003 00000000 00000000 0001 03 71596 /run/a b.sock\n";
        assert_eq!(unix_listener(connected), None);
        assert_eq!(unix_listener("ffff8: 00000003 00000000 00010000 0001 03  1596\n"), None);
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_skipped(line in "[ -~]{0,200}|([0-9A-Fa-f:]{0,40} ){0,14}") {
            let _ = tcp(&line);
            let _ = unix_listener(&line);
        }
    }
}
