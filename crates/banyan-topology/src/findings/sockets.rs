//! Rules about sockets that one side has closed and the other has not.

use super::{Candidate, Look, Rule, Severity, Subject};
use crate::TcpState;

/// A program closes a socket within a turn of its loop once it reads the end: milliseconds. Four
/// seconds are a thousand turns.
const LEFT_MILLIS: u64 = 4_000;

/// One may be a server in a slow command; these are not.
const CLOSE_WAIT_LEAST: u32 = 3;

/// A client that the server closed has as much to do; but such sockets go away by themselves after a
/// minute (`tcp_fin_timeout`), so a few are no news.
const FIN_WAIT_LEAST: u32 = 10;

pub(super) fn look(look: &Look<'_>, out: &mut Vec<Candidate>) {
    let Some(census) = &look.topology.census else { return };
    for (rule, state, least) in [
        (Rule::CloseWaitLeak, TcpState::CloseWait, CLOSE_WAIT_LEAST),
        (Rule::FinWaitLeak, TcpState::FinWait2, FIN_WAIT_LEAST),
    ] {
        let count = census.states.get(&state).copied().unwrap_or(0);
        if count == 0 || count < least / 2 {
            continue;
        }
        let grew = look.history.census.get(&state).map(|series| series.rise(60_000));
        let candidate = Candidate::new(rule, Severity::Warning, Subject::Server)
            .told_by("sockets", count)
            .told_if("grew_by", grew.filter(|&grew| grew > 0))
            .firm_if(count >= least)
            .after_millis(LEFT_MILLIS);
        out.push(candidate);
    }
}
