//! The one interface that the engine has to whatever is shown.

use banyan_layout::geometry::{Point, Rect, Size};
use banyan_scene::{CardSource, Scene};
use serde::{Deserialize, Serialize};

use crate::{details::Details, texts::Language};

/// A view's data, laid out: the engine draws it, hits it, searches it without knowing what it is.
pub trait World: CardSource {
    fn scene(&self) -> &Scene;

    /// A name for `node` that means the same after a reload: a record's xref, `client:<run id>:<id>`,
    /// a key prefix.
    fn id_of(&self, node: u32) -> String;

    fn find(&self, id: &str) -> Option<u32>;

    /// The same, or what stands for it where it is not shown by itself.
    fn find_near(&self, id: &str) -> Option<u32> {
        self.find(id)
    }

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

/// What a tree within `bounds`, its root at the top left, starts with.
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

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $english:literal;)*) => {
        /// The few words that appear on the canvas itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Word {
            $($(#[$doc])* $name),*
        }

        impl Word {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its text in `locales/engine` is `word_<key>`.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key),*
                }
            }

            const fn english(self) -> &'static str {
                match self {
                    $(Self::$name => $english),*
                }
            }
        }
    };
}

words! {
    Male = "male", "male";
    Female = "female", "female";
    UnknownSex = "unknown_sex", "unknown sex";
    Unnamed = "unnamed", "no name";
    // States of a connection.
    Active = "active", "active";
    Idle = "idle", "idle";
    Blocked = "blocked", "blocked";
    Subscriber = "subscriber", "subscriber";
    Replica = "replica", "replica";
    Master = "master", "master";
    Monitor = "monitor", "monitor";
    InMulti = "in_multi", "in MULTI";
    Closing = "closing", "closing";
    // Groups of connections.
    NoName = "no_name", "no name";
    NoLibrary = "no_library", "no library name";
    OwnConnections = "own_connections", "Banyan";
    Other = "other", "other";
    // Keys.
    AllKeys = "all_keys", "all keys";
    MoreKeys = "more_keys", "more";
    NoTtl = "no_ttl", "no TTL";
    Database = "database", "database";
    Yes = "yes", "yes";
    No = "no", "no";
    Up = "up", "up";
    Down = "down", "down";
    /// A connection that has just ended.
    Gone = "gone", "gone";
    // More of connections.
    Dead = "dead", "dead";
    Listener = "listener", "listener";
    Worker = "worker", "worker";
    IoThread = "io_thread", "I/O thread";
    BackgroundThread = "background_thread", "background";
    MainThread = "main_thread", "main thread";
    NoThread = "no_thread", "no thread known";
    NoServer = "no_server", "no server known";
    Sentinel = "sentinel", "Sentinel";
    // What keys are for.
    CachedRow = "cached_row", "cached row";
    Timeline = "timeline", "timeline";
    PushSet = "push_set", "push set";
    TaskQueue = "task_queue", "task queue";
    BackupList = "backup_list", "backup list";
    Counter = "counter", "counter";
    Lock = "lock", "lock";
    TokenBucket = "token_bucket", "token bucket";
    Session = "session", "session";
    StreamRole = "stream_role", "stream";
    /// Who may live, in place of a name.
    Living = "living", "Living";
    // Who waits for which key.
    NoQueue = "no_queue", "waits for a key that is not known";
    NotWaiting = "not_waiting", "not waiting";
    /// Of a lock: on how many servers.
    HeldOn = "held_on", "held on";
    /// Of a lock: before the number of servers.
    Unreached = "unreached", "no answer from";
    // How copying to a replica goes.
    Online = "online", "in step";
    Lagging = "lagging", "lagging";
    FullCopy = "full_copy", "takes a full copy";
    // On the plates of a genealogy.
    Father = "father", "father";
    Mother = "mother", "mother";
    Wife = "wife", "wife";
    FirstWife = "first_wife", "first wife";
    LaterWife = "later_wife", "later wife";
    Husband = "husband", "husband";
    Sons = "sons", "sons";
    Daughters = "daughters", "daughters";
    BornThen = "born_then", "born";
    DiedThen = "died_then", "died";
    AlsoNamed = "also_named", "also";
    Generations = "generations", "Generations";
}

/// The translations of [`Word::ALL`], in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words(pub Vec<String>);

impl Words {
    /// For pictures that no shell draws: the command line's and the tests'.
    pub fn english() -> Self {
        Self::of(Language::English)
    }

    pub fn of(language: Language) -> Self {
        let text = |word: &Word| match language {
            Language::English => word.english(),
            other => other.text(&format!("word_{}", word.key())).unwrap_or_default(),
        };
        Self(Word::ALL.iter().map(|word| text(word).to_owned()).collect())
    }

    /// The English text for `word`, which is also what an operator may type in any language.
    pub const fn english_of(word: Word) -> &'static str {
        word.english()
    }

    /// The text for `word`; empty if the shell has sent none.
    pub fn get(&self, word: Word) -> &str {
        self.0.get(word as usize).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_the_list() {
        let (english, chinese) = (Words::english(), Words::of(Language::Chinese));
        for (index, word) in Word::ALL.iter().copied().enumerate() {
            assert_eq!(word as usize, index);
            assert_eq!(english.get(word), word.english());
            let text = Language::English.text(&format!("word_{}", word.key()));
            assert_eq!(text, Some(word.english()));
            assert!(!chinese.get(word).is_empty(), "{word:?}");
        }
    }
}
