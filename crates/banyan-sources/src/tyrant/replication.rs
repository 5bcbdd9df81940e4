//! Where a Tokyo Tyrant stands in replication. Each server names its own master and nobody its
//! replicas, so the way leads up only; two masters of each other name each other.

use banyan_topology::{Replication, printable};

use super::{
    connection::Stat,
    facts::{number, text},
};
use crate::target::Endpoint;

/// What a server tells of itself; `newest_micros` is when its newest record was made.
pub(super) fn replication(stat: &Stat, newest_micros: Option<u64>) -> Replication {
    let master = master_of(stat);
    Replication {
        is_master: master.is_none(),
        master,
        // A place in a master's log is a time.
        offset: copied_at_micros(stat),
        newest_micros,
        ..Replication::default()
    }
}

/// The time of the record that a replica copied last; `None` for a server that has copied none.
pub(super) fn copied_at_micros(stat: &Stat) -> Option<u64> {
    number(stat, "rts").filter(|micros| *micros > 0)
}

fn master_of(stat: &Stat) -> Option<String> {
    let host = text(stat, "mhost").filter(|host| !host.is_empty())?;
    let port = number(stat, "mport").and_then(|port| u16::try_from(port).ok());
    let port = port.filter(|port| *port > 0)?;
    Some(Endpoint::Tcp { host: printable(host.as_bytes(), 256), port }.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tyrant::facts::tests::stat;

    #[test]
    fn masters_and_replicas() {
        let told = replication(&stat("rnum=1"), Some(7));
        assert_eq!((told.is_master, told.master, told.newest_micros), (true, None, Some(7)));
        let told = replication(&stat("mhost=::1 mport=1978 rts=1795302689380133"), None);
        assert_eq!((told.is_master, told.offset), (false, Some(1_795_302_689_380_133)));
        assert_eq!(told.master.as_deref(), Some("[::1]:1978"));
        // Nothing copied yet, and a master that was taken away.
        assert_eq!(replication(&stat("mhost=a mport=1 rts=0"), None).offset, None);
        assert!(replication(&stat("mhost=a mport=0"), None).is_master);
    }
}
