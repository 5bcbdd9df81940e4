//! How the states of connections look and what they are called.

use banyan_scene::{Badge, Glyph, Ink};
use banyan_topology::ClientState;

use crate::world::Word;

/// All states, the ones to look at first first.
pub(super) const STATES: [ClientState; 9] = [
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
