//! How fresh the picture is, said honestly.

use banyan_protocol::{Fault, Health};
use banyan_view::View;

use crate::message::Link;

/// After so long without news a picture is old, unless news of this target come more rarely: the
/// bridge asks a server with very many clients every few seconds only.
const FRESH_MILLIS: f64 = 5_000.0;
/// News that do not come in the time of three are late.
const LATE: f64 = 3.0;

/// What the pill in the bar says. Times are milliseconds since 1970 by this page's clock.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// A family: nothing is connected, and nothing needs to be.
    Local,
    /// The bridge watches no server.
    NoTarget,
    NotConnected,
    Connecting,
    WrongVersion {
        version: u16,
    },
    Live {
        heard_at_millis: f64,
    },
    Stale {
        since_millis: f64,
    },
    /// The link to the bridge is lost.
    Reconnecting {
        since_millis: Option<f64>,
    },
    /// The server does not answer the bridge.
    Down {
        fault: Fault,
        since_millis: Option<f64>,
    },
}

/// What is known that bears on it.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    pub view: View,
    pub link: &'a Link,
    pub has_target: bool,
    pub health: Option<&'a Health>,
    pub heard_at_millis: Option<f64>,
    /// Between two news, of late.
    pub heard_every_millis: f64,
    pub now_millis: f64,
}

impl Status {
    pub fn of(evidence: Evidence<'_>) -> Self {
        let Evidence { view, link, has_target, health, heard_at_millis, now_millis, .. } = evidence;
        let fresh_millis = match view {
            // A walk that is complete has no news until the next one; its own age is on the picture,
            // and whether the server answers is the bridge's word.
            View::Keyspace => f64::INFINITY,
            View::Family | View::Connections | View::Lab => {
                FRESH_MILLIS.max(LATE * evidence.heard_every_millis)
            }
        };
        if !view.is_live() {
            return Self::Local;
        }
        match link {
            Link::Closed => Self::NotConnected,
            Link::Connecting if heard_at_millis.is_none() => Self::Connecting,
            Link::Connecting | Link::Waiting { .. } => {
                Self::Reconnecting { since_millis: heard_at_millis }
            }
            Link::WrongVersion { version } => Self::WrongVersion { version: *version },
            Link::Open { .. } if !has_target => Self::NoTarget,
            Link::Open { .. } => match (health, heard_at_millis) {
                (Some(Health::Down { fault, .. }), since_millis) => {
                    Self::Down { fault: fault.clone(), since_millis }
                }
                (_, None) => Self::Connecting,
                (Some(Health::Connecting), Some(since_millis)) => Self::Stale { since_millis },
                (_, Some(heard_at_millis)) if now_millis - heard_at_millis > fresh_millis => {
                    Self::Stale { since_millis: heard_at_millis }
                }
                (_, Some(heard_at_millis)) => Self::Live { heard_at_millis },
            },
        }
    }

    /// For styles and tests.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::NoTarget => "no-target",
            Self::NotConnected => "closed",
            Self::Connecting => "connecting",
            Self::WrongVersion { .. } => "wrong-version",
            Self::Live { .. } => "live",
            Self::Stale { .. } => "stale",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Down { .. } => "down",
        }
    }
}

#[cfg(test)]
mod tests {
    use banyan_protocol::FaultKind;

    use super::*;

    fn check(link: &Link, health: Option<&Health>, heard_secs_ago: Option<f64>, expect: &str) {
        let now_millis = 1e12;
        let status = Status::of(Evidence {
            view: View::Connections,
            link,
            has_target: true,
            health,
            heard_at_millis: heard_secs_ago.map(|secs| now_millis - secs * 1000.0),
            heard_every_millis: 500.0,
            now_millis,
        });
        assert_eq!(status.name(), expect, "{link:?} {health:?} {heard_secs_ago:?}");
    }

    #[test]
    fn says_live_only_when_it_has_just_heard() {
        let open = Link::Open { bridge: "test".into() };
        let live = Health::Live { at_millis: 0 };
        let down = Health::Down {
            fault: Fault::new(FaultKind::Refused, ""),
            since_millis: None,
            retry_in_millis: 1000,
        };
        check(&open, Some(&live), Some(1.0), "live");
        check(&open, None, Some(1.0), "live");
        check(&open, Some(&live), Some(6.0), "stale");
        check(&open, Some(&live), None, "connecting");
        check(&open, None, None, "connecting");
        check(&open, Some(&Health::Connecting), Some(1.0), "stale");
        check(&open, Some(&down), Some(1.0), "down");
        check(&open, Some(&down), None, "down");
        let waiting = Link::Waiting { retry_in_millis: 500 };
        check(&waiting, Some(&live), Some(1.0), "reconnecting");
        check(&waiting, None, None, "reconnecting");
        check(&Link::Connecting, None, None, "connecting");
        check(&Link::Connecting, Some(&live), Some(1.0), "reconnecting");
        check(&Link::Closed, None, None, "closed");
        check(&Link::WrongVersion { version: 9 }, Some(&live), Some(1.0), "wrong-version");
    }

    #[test]
    fn rare_news_are_no_old_news() {
        let link = Link::Open { bridge: "test".into() };
        let health = Health::Live { at_millis: 0 };
        let check = |view, every_millis, secs_ago: f64, expect| {
            let status = Status::of(Evidence {
                view,
                link: &link,
                has_target: true,
                health: Some(&health),
                heard_at_millis: Some(1e12 - secs_ago * 1000.0),
                heard_every_millis: every_millis,
                now_millis: 1e12,
            });
            assert_eq!(status.name(), expect, "{view:?} {every_millis} {secs_ago}");
        };
        check(View::Connections, 500.0, 6.0, "stale");
        check(View::Connections, 4000.0, 6.0, "live");
        check(View::Connections, 4000.0, 13.0, "stale");
        check(View::Keyspace, 500.0, 60.0, "live");
    }

    #[test]
    fn a_family_is_on_this_device() {
        let status = Status::of(Evidence {
            view: View::Family,
            link: &Link::Closed,
            has_target: false,
            health: None,
            heard_at_millis: None,
            heard_every_millis: 0.0,
            now_millis: 0.0,
        });
        assert_eq!(status, Status::Local);
    }
}
