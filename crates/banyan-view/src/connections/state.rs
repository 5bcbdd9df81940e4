//! How the states of connections look and what they are called.

use banyan_scene::{Badge, Glyph, Ink, Shape};
use banyan_topology::{Client, ClientState};

use crate::world::Word;

/// What a connection is in: a state of its server, or death, of which its server knows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Dead,
    In(ClientState),
}

impl Mood {
    pub(super) fn of(client: &Client) -> Self {
        if client.is_dead == Some(true) { Self::Dead } else { Self::In(client.state) }
    }
}

/// All moods, the ones to look at first first.
const MOODS: [Mood; 10] = [
    Mood::Dead,
    Mood::In(ClientState::Closing),
    Mood::In(ClientState::Blocked),
    Mood::In(ClientState::InMulti),
    Mood::In(ClientState::Active),
    Mood::In(ClientState::Subscriber),
    Mood::In(ClientState::Monitor),
    Mood::In(ClientState::Replica),
    Mood::In(ClientState::Master),
    Mood::In(ClientState::Idle),
];

pub(super) const fn badge(mood: Mood) -> Badge {
    let Mood::In(state) = mood else { return Badge { glyph: Glyph::Cross, ink: Ink::Dead } };
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

pub(super) const fn word(mood: Mood) -> Word {
    let Mood::In(state) = mood else { return Word::Dead };
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
pub(super) const fn look(mood: Mood) -> (Ink, Shape) {
    (badge(mood).ink, Shape::Card)
}

/// The same of one that ended.
pub(super) const GHOST_LOOK: (Ink, Shape) = (Ink::Idle, Shape::Ghost);

/// How many connections are in each mood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts([u32; MOODS.len()]);

impl Counts {
    pub(super) fn count(&mut self, mood: Mood, is_more: bool) {
        let place = MOODS.iter().position(|&known| known == mood);
        if let Some(count) = place.and_then(|place| self.0.get_mut(place)) {
            *count = if is_more { *count + 1 } else { count.saturating_sub(1) };
        }
    }

    pub(super) fn all(&self) -> u32 {
        self.0.iter().sum()
    }

    /// The moods that somebody is in, the ones to look at first first.
    pub(super) fn present(&self) -> impl Iterator<Item = (Mood, u32)> {
        MOODS.into_iter().zip(self.0).filter(|&(_, count)| count > 0)
    }
}
