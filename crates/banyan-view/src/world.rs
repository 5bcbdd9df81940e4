//! The one interface that the engine has to whatever is shown.

use banyan_layout::geometry::{Point, Rect, Size};
use banyan_scene::{CardSource, Scene};
use serde::{Deserialize, Serialize};

use crate::details::Details;

/// A view's data, laid out: the engine draws it, hits it, searches it without knowing what it is.
pub trait World: CardSource {
    fn scene(&self) -> &Scene;

    /// A name for `node` that means the same after a reload: a record's xref, `client:<run id>:<id>`,
    /// a key prefix.
    fn id_of(&self, node: u32) -> String;

    fn find(&self, id: &str) -> Option<u32>;

    fn summary(&self, node: u32) -> NodeSummary;

    fn details(&self, node: u32) -> Details;

    /// Nodes that match, best first, at most `limit`.
    fn search(&self, query: &str, limit: usize) -> Vec<u32>;

    /// The neighbour that the arrow keys lead to.
    fn neighbour(&self, node: u32, direction: Direction) -> Option<u32>;

    /// What to show first.
    fn start(&self) -> Rect;
}

/// So many lines of one node are lit at most.
pub const MOST_LINES: usize = 256;

/// What a window can show so that names can be read, in world units: a live picture no larger is
/// shown whole at first.
const WHOLE: Size = Size { width: 3840, height: 2160 };
/// So much is shown of a larger one, from its root on.
const FIRST_LOOK: Size = Size { width: 2480, height: 1440 };

/// What a live tree within `bounds`, its root at the top left, starts with.
pub(crate) fn first_look(bounds: Rect) -> Rect {
    if bounds.width <= WHOLE.width && bounds.height <= WHOLE.height {
        return bounds;
    }
    let (width, height) = (FIRST_LOOK.width, FIRST_LOOK.height);
    Rect { width: bounds.width.min(width), height: bounds.height.min(height), ..bounds }
}

/// What the page keeps of a node that is hovered, selected or found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeSummary {
    pub node: u32,
    pub id: String,
    pub title: String,
    pub subtitle: String,
    /// Its box, in world units.
    pub rect: Rect,
    /// Lines that belong to it, lit while it is hovered or selected; world units, at most [`MOST_LINES`].
    pub lines: Vec<Vec<Point>>,
    /// The boxes at the other ends of those lines.
    pub related: Vec<Rect>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    Up,
    Down,
    Left,
    Right,
}

/// The few words that appear on the canvas itself. The shell sends their translations: see [`Words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Word {
    Male,
    Female,
    UnknownSex,
    Unnamed,
    // States of a connection.
    Active,
    Idle,
    Blocked,
    Subscriber,
    Replica,
    Master,
    Monitor,
    InMulti,
    Closing,
    // Groups of connections.
    NoName,
    NoLibrary,
    OwnConnections,
    Other,
    // Keys.
    AllKeys,
    MoreKeys,
    NoTtl,
    Database,
    Yes,
    No,
    Up,
    Down,
    /// A connection that has just ended.
    Gone,
}

impl Word {
    pub const ALL: [Self; 26] = [
        Self::Male,
        Self::Female,
        Self::UnknownSex,
        Self::Unnamed,
        Self::Active,
        Self::Idle,
        Self::Blocked,
        Self::Subscriber,
        Self::Replica,
        Self::Master,
        Self::Monitor,
        Self::InMulti,
        Self::Closing,
        Self::NoName,
        Self::NoLibrary,
        Self::OwnConnections,
        Self::Other,
        Self::AllKeys,
        Self::MoreKeys,
        Self::NoTtl,
        Self::Database,
        Self::Yes,
        Self::No,
        Self::Up,
        Self::Down,
        Self::Gone,
    ];
}

/// The translations of [`Word::ALL`], in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words(pub Vec<String>);

impl Words {
    /// For pictures that no shell draws: the command line's and the tests'.
    pub fn english() -> Self {
        Self(Word::ALL.map(|word| english(word).to_owned()).to_vec())
    }

    /// The English text for `word`, which is also what an operator may type in any language.
    pub const fn english_of(word: Word) -> &'static str {
        english(word)
    }

    /// The text for `word`; empty if the shell has sent none.
    pub fn get(&self, word: Word) -> &str {
        self.0.get(word as usize).map_or("", String::as_str)
    }
}

const fn english(word: Word) -> &'static str {
    match word {
        Word::Male => "male",
        Word::Female => "female",
        Word::UnknownSex => "unknown sex",
        Word::Unnamed | Word::NoName => "no name",
        Word::Active => "active",
        Word::Idle => "idle",
        Word::Blocked => "blocked",
        Word::Subscriber => "subscriber",
        Word::Replica => "replica",
        Word::Master => "master",
        Word::Monitor => "monitor",
        Word::InMulti => "in MULTI",
        Word::Closing => "closing",
        Word::NoLibrary => "no library name",
        Word::OwnConnections => "Banyan",
        Word::Other => "other",
        Word::AllKeys => "all keys",
        Word::MoreKeys => "more",
        Word::NoTtl => "no TTL",
        Word::Database => "database",
        Word::Yes => "yes",
        Word::No => "no",
        Word::Up => "up",
        Word::Down => "down",
        Word::Gone => "gone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_the_list() {
        let words = Words::english();
        for (index, word) in Word::ALL.into_iter().enumerate() {
            assert_eq!(word as usize, index);
            assert_eq!(words.get(word), english(word));
        }
    }
}
