//! When a server's newest record was made, as far as its stat tells.
//!
//! A replica's `delay` is the time since the record that it copied last: it grows on and on while
//! nobody writes. What it lags is the time between that record and its master's newest. A master does
//! not tell when that was made, but its counts of writes tell that one was made since the last look.

use super::{
    connection::Stat,
    facts::{micros, writes},
    replication::copied_at_micros,
};

#[derive(Default)]
pub(super) struct Newest {
    /// Writes, and the server's clock, at the last look.
    earlier: Option<(u64, u64)>,
    written_at_micros: Option<u64>,
}

impl Newest {
    /// The time by the server's own clock, in microseconds, that its newest record is not older
    /// than. `None` while nothing is known to have been written.
    pub(super) fn note(&mut self, stat: &Stat) -> Option<u64> {
        let writes = writes(stat);
        if let Some((earlier, at_micros)) = self.earlier
            && writes != earlier
        {
            self.written_at_micros = Some(at_micros);
        }
        if let Some(now) = micros(stat, "time") {
            self.earlier = Some((writes, now));
        }
        self.written_at_micros.max(copied_at_micros(stat))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tyrant::facts::tests::stat;

    #[test]
    fn a_count_that_moves_tells_of_a_record() {
        let mut newest = Newest::default();
        assert_eq!(newest.note(&stat("time=100.0 cnt_put=5")), None, "when was the fifth?");
        assert_eq!(newest.note(&stat("time=110.0 cnt_put=5")), None);
        // One put between 110 and 120.
        assert_eq!(newest.note(&stat("time=120.0 cnt_put=6")), Some(110_000_000));
        assert_eq!(newest.note(&stat("time=9999.0 cnt_put=6")), Some(110_000_000));
    }

    #[test]
    fn a_replica_knows_the_time_of_its_newest() {
        let mut newest = Newest::default();
        assert_eq!(newest.note(&stat("time=1.0 cnt_put=0 rts=77000000")), Some(77_000_000));
        assert_eq!(newest.note(&stat("time=2.0 cnt_put=0 rts=0")), None);
    }
}
