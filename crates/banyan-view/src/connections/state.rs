//! How the states of connections look and what they are called.

use banyan_scene::{Badge, Glyph, Ink, Shape};
use banyan_topology::ClientState;

use crate::world::Word;

/// All states, the ones to look at first first.
const STATES: [ClientState; 9] = [
    ClientState::Closing,
    ClientState::Blocked,
    ClientState::InMulti,
    ClientState::Active,
    ClientState::Subscriber,
    ClientState::Monitor,
    ClientState::Replica,
    ClientState::Master,
    ClientState::Idle,
];

pub(super) const fn badge(state: ClientState) -> Badge {
    let (glyph, ink) = match state {
        ClientState::Active => (Glyph::Play, Ink::Fine),
        ClientState::Idle => (Glyph::Dot, Ink::Idle),
        ClientState::Blocked => (Glyph::Pause, Ink::Waiting),
        ClientState::Subscriber => (Glyph::Ear, Ink::Subscriber),
        ClientState::Replica | ClientState::Master => (Glyph::Arrows, Ink::Replica),
        ClientState::Monitor => (Glyph::Eye, Ink::Waiting),
        ClientState::InMulti => (Glyph::Layers, Ink::Accent),
        ClientState::Closing => (Glyph::Cross, Ink::Dead),
    };
    Badge { glyph, ink }
}

pub(super) const fn word(state: ClientState) -> Word {
    match state {
        ClientState::Active => Word::Active,
        ClientState::Idle => Word::Idle,
        ClientState::Blocked => Word::Blocked,
        ClientState::Subscriber => Word::Subscriber,
        ClientState::Replica => Word::Replica,
        ClientState::Master => Word::Master,
        ClientState::Monitor => Word::Monitor,
        ClientState::InMulti => Word::InMulti,
        ClientState::Closing => Word::Closing,
    }
}

/// Colour and frame of a connection that lives.
pub(super) const fn look(state: ClientState) -> (Ink, Shape) {
    (badge(state).ink, Shape::Card)
}

/// The same of one that ended.
pub(super) const GHOST_LOOK: (Ink, Shape) = (Ink::Idle, Shape::Ghost);

/// How many connections are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts([u32; STATES.len()]);

impl Counts {
    pub(super) fn count(&mut self, state: ClientState, is_more: bool) {
        let place = STATES.iter().position(|&known| known == state);
        if let Some(count) = place.and_then(|place| self.0.get_mut(place)) {
            *count = if is_more { *count + 1 } else { count.saturating_sub(1) };
        }
    }

    pub(super) fn all(&self) -> u32 {
        self.0.iter().sum()
    }

    /// The states that somebody is in, the ones to look at first first.
    pub(super) fn present(&self) -> impl Iterator<Item = (ClientState, u32)> {
        STATES.into_iter().zip(self.0).filter(|&(_, count)| count > 0)
    }
}
