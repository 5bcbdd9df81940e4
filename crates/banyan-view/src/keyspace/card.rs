//! What the card of a prefix says.

use banyan_scene::{Card, Ink, Meter, Shape};
use banyan_topology::{KeyType, Keyspace, Part, PrefixNode, Role};

use crate::{
    figures::{bytes, count, percent},
    world::{Word, Words},
};

pub(super) const fn ink(key_type: KeyType) -> Ink {
    match key_type {
        KeyType::String => Ink::TypeString,
        KeyType::List => Ink::TypeList,
        KeyType::Set => Ink::TypeSet,
        KeyType::SortedSet => Ink::TypeSortedSet,
        KeyType::Hash => Ink::TypeHash,
        KeyType::Stream => Ink::TypeStream,
        KeyType::Other => Ink::TypeOther,
    }
}

/// The type of most keys.
pub(super) fn main_type(row: &PrefixNode) -> Option<KeyType> {
    main_of(row.types)
}

/// The colour from afar.
pub(super) fn tint(row: &PrefixNode) -> Ink {
    main_type(row).map_or(Ink::Idle, ink)
}

pub(super) fn shape(node: u32, row: &PrefixNode) -> Shape {
    match row {
        _ if node == 0 => Shape::Root,
        row if row.folded > 0 => Shape::Ghost,
        row if row.database.is_some() => Shape::Header,
        _ => Shape::Card,
    }
}

fn main_of(types: [u64; 7]) -> Option<KeyType> {
    // The last of the greatest would win, and the first type is the commonest: so from the end.
    let by_count = KeyType::ALL.into_iter().zip(types).rev();
    by_count
        .max_by_key(|&(_, keys)| keys)
        .filter(|&(_, keys)| keys > 0)
        .map(|(key_type, _)| key_type)
}

/// All that a card says of its row: where two gists are the same, so are the cards. Cheap to make
/// and to compare, while a card is a dozen strings.
#[derive(PartialEq)]
pub(super) struct Gist<'k> {
    row: Shown<'k>,
    /// What the keys take, where that is known.
    bytes: Option<u64>,
    /// The time to live of a key, as coarse as it is written.
    ttl_secs: Option<u64>,
    /// The length of the meter in hundredths: it rests while the whole grows.
    share: Option<u32>,
    /// How far the walk has come, on the root: seen, and of how many.
    walk: Option<(u64, Option<u64>)>,
    is_estimated: bool,
    /// What it is for, where that begins: it is said once.
    role: Option<Role>,
    /// Changes a second, as a power of two: a card rests while they tremble.
    heat: Option<u32>,
}

/// What a card takes from its row as it is.
#[derive(PartialEq)]
struct Shown<'k> {
    is_root: bool,
    is_key: bool,
    name: &'k str,
    folded: u64,
    database: Option<u32>,
    keys: u64,
    with_ttl: u64,
    types: [u64; 7],
}

/// What all cards depend on.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    bytes: u64,
    is_sized: bool,
    /// As [`Gist::walk`].
    walk: Option<(u64, Option<u64>)>,
}

impl Whole {
    pub(super) fn of(keyspace: &Keyspace) -> Self {
        Self {
            bytes: keyspace.nodes.first().map_or(0, |root| root.bytes),
            is_sized: is_known(keyspace, Part::KeyBytes),
            walk: (!keyspace.complete).then_some((keyspace.seen, keyspace.total)),
        }
    }
}

impl<'k> Gist<'k> {
    /// `None` where there is no such row.
    pub(super) fn of(keyspace: &'k Keyspace, node: u32) -> Option<Self> {
        let row = keyspace.nodes.get(node as usize)?;
        let above = keyspace.nodes.get(row.parent as usize);
        Some(Self::of_row(Whole::of(keyspace), node, row, above))
    }

    /// Of a row and the one above it.
    pub(super) fn of_row(
        whole: Whole,
        node: u32,
        row: &'k PrefixNode,
        above: Option<&PrefixNode>,
    ) -> Self {
        let above = above.filter(|_| node > 0);
        let is_told = |role: &Role| above.and_then(|above| above.role) == Some(*role);
        let is_sized = whole.is_sized && (row.bytes > 0 || row.keys > 0);
        // The length is the square root of the share, so that a hundredth can still be seen.
        let share = || ((row.bytes as f64 / whole.bytes as f64).sqrt() * 100.0).round() as u32;
        Self {
            row: Shown {
                is_root: node == 0,
                is_key: row.is_key,
                name: &row.name,
                folded: row.folded,
                database: row.database,
                keys: row.keys,
                with_ttl: row.with_ttl,
                types: row.types,
            },
            bytes: is_sized.then_some(row.bytes),
            ttl_secs: mean_ttl_secs(row).filter(|_| row.is_key).map(coarse),
            share: (row.bytes > 0 && whole.bytes > 0).then(share),
            walk: whole.walk.filter(|_| node == 0),
            is_estimated: row.keys_error > 0,
            role: row.role.filter(|role| !is_told(role)),
            heat: row.heat.and_then(|heat| (heat / 1000).checked_ilog2()),
        }
    }
}

pub(super) fn fill(gist: &Gist<'_>, words: &Words, card: &mut Card) {
    let row = &gist.row;
    card.title = title_of(row, words);
    // By how much an estimate may be wrong, the details say.
    let about = if gist.is_estimated { "≈ " } else { "" };
    card.figure = if row.is_key { String::new() } else { format!("{about}{}", count(row.keys)) };
    card.subtitle = subtitle(gist);
    let main = main_of(row.types);
    card.note = note(gist, main, words);
    let meter =
        |hundredths| Meter { share: (f64::from(hundredths) / 100.0) as f32, ink: Ink::Accent };
    card.meters.extend(gist.share.map(meter));
    let typed: u64 = row.types.iter().sum();
    if row.is_key {
        card.band = main.map(ink);
    } else if typed > 0 {
        let shares = KeyType::ALL.into_iter().zip(row.types).filter(|&(_, keys)| keys > 0);
        card.strip.extend(shares.map(|(key_type, keys)| {
            let share = (keys as f64 / typed as f64 * 100.0).round().max(1.0) / 100.0;
            (share as f32, ink(key_type))
        }));
    }
    card.is_muted = row.folded > 0;
}

pub(super) fn title(keyspace: &Keyspace, node: u32, words: &Words) -> String {
    Gist::of(keyspace, node).map_or_else(String::new, |gist| title_of(&gist.row, words))
}

fn title_of(row: &Shown<'_>, words: &Words) -> String {
    if row.is_root {
        return words.get(Word::AllKeys).to_owned();
    }
    if row.folded > 0 {
        return format!("+{} {}", count(row.folded), words.get(Word::MoreKeys));
    }
    if let Some(database) = row.database {
        return format!("db{database}");
    }
    // An empty part of a key is a part all the same.
    if row.name.is_empty() { "\"\"".to_owned() } else { row.name.to_owned() }
}

/// What it is for, its type or the share that expires, and how much happens there.
fn note(gist: &Gist<'_>, main: Option<KeyType>, words: &Words) -> String {
    let row = &gist.row;
    let mut parts = Vec::new();
    parts.extend(gist.role.map(|role| words.get(role_word(role)).to_uppercase()));
    if row.is_key {
        parts.extend(main.map(|main| type_name(main).to_owned()));
    } else if row.with_ttl > 0 {
        parts.push(format!("TTL {}", percent(row.with_ttl, row.keys)));
    }
    parts.extend(gist.heat.map(|power| format!("≥ {}/S", count(1 << power))));
    parts.join(" · ")
}

pub(super) const fn role_word(role: Role) -> Word {
    match role {
        Role::CachedRow => Word::CachedRow,
        Role::Timeline => Word::Timeline,
        Role::PushSet => Word::PushSet,
        Role::TaskQueue => Word::TaskQueue,
        Role::BackupList => Word::BackupList,
        Role::Counter => Word::Counter,
        Role::Lock => Word::Lock,
        Role::TokenBucket => Word::TokenBucket,
        Role::Session => Word::Session,
        Role::Stream => Word::StreamRole,
    }
}

/// Memory and time to live; how far the walk has come, on the root.
fn subtitle(gist: &Gist<'_>) -> String {
    let mut parts = Vec::new();
    parts.extend(gist.bytes.map(bytes));
    parts.extend(gist.ttl_secs.map(|ttl| format!("TTL {}", duration(ttl))));
    if let Some((seen, total)) = gist.walk {
        parts.push(format!("{} / {}", count(seen), total.map_or("?".to_owned(), count)));
        // Keys that come while the walk goes on may push it beyond what there was.
        parts.extend(total.map(|total| percent(seen.min(total.saturating_sub(1)), total)));
    }
    parts.join(" · ")
}

pub(super) fn is_known(keyspace: &Keyspace, part: Part) -> bool {
    keyspace.withheld.iter().all(|withheld| withheld.part != part)
}

pub(super) fn mean_ttl_secs(row: &PrefixNode) -> Option<u64> {
    row.ttl_secs_sum.checked_div(row.with_ttl)
}

/// The name that the TYPE command gives, in capitals.
const fn type_name(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::String => "STRING",
        KeyType::List => "LIST",
        KeyType::Set => "SET",
        KeyType::SortedSet => "ZSET",
        KeyType::Hash => "HASH",
        KeyType::Stream => "STREAM",
        KeyType::Other => "MODULE",
    }
}

/// Seconds of the unit in which a time to live is written.
const fn unit_secs(secs: u64) -> u64 {
    match secs {
        0..60 => 1,
        60..3_600 => 60,
        3_600..86_400 => 3_600,
        _ => 86_400,
    }
}

/// A time to live as it is written: so a card does not change with every second.
const fn coarse(secs: u64) -> u64 {
    secs - secs % unit_secs(secs)
}

/// "42 s", "5 min", "3 h", "9 d".
pub(super) fn duration(secs: u64) -> String {
    let unit = unit_secs(secs);
    let name = match unit {
        1 => "s",
        60 => "min",
        3_600 => "h",
        _ => "d",
    };
    format!("{} {name}", count(secs / unit))
}
