//! What the card of a prefix says.

use banyan_scene::{Card, Ink, Meter};
use banyan_topology::{KeyType, Keyspace, Part, PrefixNode};

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
    // The last of the greatest would win, and the first type is the commonest: so from the end.
    let by_count = KeyType::ALL.into_iter().zip(row.types).rev();
    by_count
        .max_by_key(|&(_, keys)| keys)
        .filter(|&(_, keys)| keys > 0)
        .map(|(key_type, _)| key_type)
}

pub(super) fn fill(keyspace: &Keyspace, node: u32, words: &Words, card: &mut Card) {
    let Some(row) = keyspace.nodes.get(node as usize) else { return };
    card.title = title(row, node, words);
    card.figure = if row.is_key { String::new() } else { count(row.keys) };
    card.subtitle = subtitle(keyspace, row, node);
    if row.is_key {
        card.note = main_type(row).map_or("", type_name).to_owned();
    } else if row.with_ttl > 0 {
        card.note = format!("TTL {}", percent(row.with_ttl, row.keys));
    }
    let whole = keyspace.nodes.first().map_or(0, |root| root.bytes);
    if row.bytes > 0 && whole > 0 {
        // The length is the square root of the share, so that a hundredth can still be seen.
        let share = (row.bytes as f64 / whole as f64).sqrt();
        // Hundredths, so that cards rest while the whole grows.
        card.meters
            .push(Meter { share: ((share * 100.0).round() / 100.0) as f32, ink: Ink::Accent });
    }
    let typed: u64 = row.types.iter().sum();
    if row.is_key {
        card.band = main_type(row).map(ink);
    } else if typed > 0 {
        let shares = KeyType::ALL.into_iter().zip(row.types).filter(|&(_, keys)| keys > 0);
        card.strip.extend(shares.map(|(key_type, keys)| {
            let share = (keys as f64 / typed as f64 * 100.0).round().max(1.0) / 100.0;
            (share as f32, ink(key_type))
        }));
    }
    card.is_muted = row.folded > 0;
}

pub(super) fn title(row: &PrefixNode, node: u32, words: &Words) -> String {
    if node == 0 {
        return words.get(Word::AllKeys).to_owned();
    }
    if row.folded > 0 {
        return format!("+{} {}", count(row.folded), words.get(Word::MoreKeys));
    }
    if let Some(database) = row.database {
        return format!("db{database}");
    }
    // An empty part of a key is a part all the same.
    if row.name.is_empty() { "\"\"".to_owned() } else { row.name.clone() }
}

/// Memory and time to live; how far the walk has come, on the root.
fn subtitle(keyspace: &Keyspace, row: &PrefixNode, node: u32) -> String {
    let mut parts = Vec::new();
    if is_known(keyspace, Part::KeyBytes) && (row.bytes > 0 || row.keys > 0) {
        parts.push(bytes(row.bytes));
    }
    if row.is_key
        && let Some(ttl) = mean_ttl_secs(row)
    {
        parts.push(format!("TTL {}", duration(ttl)));
    }
    if node == 0 && !keyspace.complete {
        // Keys that come while the walk goes on may push it beyond what there was.
        let seen = keyspace.seen.min(keyspace.total.saturating_sub(1));
        parts.push(format!("{} / {}", count(keyspace.seen), count(keyspace.total)));
        parts.push(percent(seen, keyspace.total));
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

/// "42 s", "5 min", "3 h", "9 d": coarse, so that a card does not change with every second.
fn duration(secs: u64) -> String {
    match secs {
        0..60 => format!("{secs} s"),
        60..3_600 => format!("{} min", secs / 60),
        3_600..86_400 => format!("{} h", secs / 3_600),
        _ => format!("{} d", count(secs / 86_400)),
    }
}
