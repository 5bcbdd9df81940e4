//! One state of one thing, as bytes for browsers.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use banyan_protocol::{TargetId, ToBrowser, encode};
use banyan_topology::{Delta, Keyspace, KeyspaceDelta, Topology};

/// The state number `number` of a feed.
pub struct Frame {
    pub number: u64,
    /// What turns the state before into this one; `None` if only the whole will do.
    delta: Option<Bytes>,
    whole: OnceLock<Bytes>,
    state: State,
}

enum State {
    Topology(TargetId, Arc<Topology>),
    Keyspace(TargetId, Arc<Keyspace>),
}

impl Frame {
    /// The frame of `later`; `earlier` is the state of the frame before.
    pub(super) fn of_topology(
        number: u64,
        target: &TargetId,
        earlier: Option<&Topology>,
        later: Arc<Topology>,
    ) -> Self {
        let delta = earlier.map(|earlier| {
            let delta = Box::new(Delta::between(earlier, &later));
            encode(&ToBrowser::Delta { target: target.clone(), delta }).into()
        });
        let state = State::Topology(target.clone(), later);
        Self { number, delta, whole: OnceLock::new(), state }
    }

    /// The same for keys.
    pub(super) fn of_keyspace(
        number: u64,
        target: &TargetId,
        earlier: Option<&Keyspace>,
        later: Arc<Keyspace>,
    ) -> Self {
        let delta = earlier.map(|earlier| {
            let delta = Box::new(KeyspaceDelta::between(earlier, &later));
            encode(&ToBrowser::KeyspaceDelta { target: target.clone(), number, delta }).into()
        });
        let state = State::Keyspace(target.clone(), later);
        Self { number, delta, whole: OnceLock::new(), state }
    }

    /// The keys, if this frame is one of keys.
    pub(super) fn keyspace(&self) -> Option<&Keyspace> {
        match &self.state {
            State::Keyspace(_, keyspace) => Some(keyspace),
            State::Topology(..) => None,
        }
    }

    /// The message that brings a browser up to this frame which has frame `has`.
    pub(crate) fn for_browser_with(&self, has: Option<u64>) -> Bytes {
        match &self.delta {
            Some(delta) if has.is_some_and(|has| has + 1 == self.number) => delta.clone(),
            _ => self.whole.get_or_init(|| self.encode_whole()).clone(),
        }
    }

    fn encode_whole(&self) -> Bytes {
        let message = match &self.state {
            State::Topology(target, topology) => ToBrowser::Topology {
                target: target.clone(),
                topology: Box::new(Topology::clone(topology)),
            },
            State::Keyspace(target, keyspace) => ToBrowser::Keyspace {
                target: target.clone(),
                number: self.number,
                keyspace: Box::new(Keyspace::clone(keyspace)),
            },
        };
        encode(&message).into()
    }
}

#[cfg(test)]
mod tests {
    use banyan_protocol::decode;
    use banyan_topology::{Client, PrefixNode};

    use super::*;

    fn topology(clients: &[u64]) -> Arc<Topology> {
        let client = |&id: &u64| (id, Client { id, ..Client::default() });
        Arc::new(Topology {
            taken_at_millis: clients.len() as u64,
            clients: clients.iter().map(client).collect(),
            ..Topology::default()
        })
    }

    /// Each browser has one state and is sent the message for it; then it has the latest.
    #[test]
    fn whatever_a_browser_has_it_gets_the_latest() {
        let target = TargetId("t".into());
        let states = [topology(&[1]), topology(&[1, 2]), topology(&[2, 3])];
        let frame = |number: usize| {
            let earlier = number.checked_sub(1).map(|before| &*states[before]);
            Frame::of_topology(number as u64, &target, earlier, states[number].clone())
        };
        for number in 0..states.len() {
            for has in [None, Some(0), Some(1), Some(2)] {
                let bytes = frame(number).for_browser_with(has);
                let is_next = has.is_some_and(|has| has + 1 == number as u64);
                match decode(&bytes).unwrap() {
                    ToBrowser::Topology { topology, .. } => {
                        assert!(!is_next);
                        assert_eq!(*topology, *states[number]);
                    }
                    ToBrowser::Delta { delta, .. } => {
                        assert!(is_next);
                        let mut known = Topology::clone(&states[number - 1]);
                        known.apply(*delta);
                        assert_eq!(known, *states[number]);
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    fn keyspace(keys: &[u64]) -> Arc<Keyspace> {
        let row = |(row, &keys): (usize, &u64)| PrefixNode {
            name: if row == 0 { String::new() } else { row.to_string() },
            keys,
            ..PrefixNode::default()
        };
        let nodes = keys.iter().enumerate().map(row).collect();
        Arc::new(Keyspace { nodes, ..Keyspace::default() })
    }

    #[test]
    fn whatever_keys_a_browser_has_it_gets_the_latest() {
        let target = TargetId("t".into());
        let states = [keyspace(&[3, 3]), keyspace(&[4, 3, 1]), keyspace(&[4, 4])];
        for (number, later) in (0u64..).zip(&states) {
            let before = number.checked_sub(1);
            let earlier = before.and_then(|before| states.get(before as usize)).map(|it| &**it);
            let frame = Frame::of_keyspace(number, &target, earlier, later.clone());
            for has in [None, Some(0), Some(1), Some(2)] {
                match decode(&frame.for_browser_with(has)).unwrap() {
                    ToBrowser::Keyspace { number: told, keyspace, .. } => {
                        assert!(before.is_none() || has != before);
                        assert_eq!((told, *keyspace), (number, Keyspace::clone(later)));
                    }
                    ToBrowser::KeyspaceDelta { number: told, delta, .. } => {
                        assert!(has.is_some() && has == before);
                        let mut known = Keyspace::clone(earlier.unwrap());
                        assert!(known.apply(*delta));
                        assert_eq!((told, known), (number, Keyspace::clone(later)));
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}
