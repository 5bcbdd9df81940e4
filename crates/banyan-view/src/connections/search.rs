//! Connections by anything an operator may type: address, name, command, state, `db3`, user, library,
//! number.

use banyan_topology::{Client, FleetNode};

use super::{
    grouping::node_word,
    state::{self, Mood},
};
use crate::world::Words;

/// How well a connection answers a query of several words, each of which it must answer; lower is
/// better, `None` not at all.
pub(super) fn rank(client: &Client, query: &[String], words: &Words) -> Option<u32> {
    query.iter().map(|word| rank_word(client, word, words)).sum()
}

/// The same for a server of a fleet: by role, address and state.
pub(super) fn rank_peer(node: &FleetNode, query: &[String], words: &Words) -> Option<u32> {
    let role = words.get(node_word(node.role)).to_lowercase();
    let in_english = Words::english_of(node_word(node.role)).to_lowercase();
    let rank = |word: &String| match node.addr.to_lowercase().find(word.as_str()) {
        Some(0) => Some(1),
        Some(_) => Some(2),
        None => [&role, &in_english, &node.state].iter().any(|it| it.contains(word)).then_some(3),
    };
    query.iter().map(rank).sum()
}

/// Lower case words; empty for a blank query.
pub(super) fn words_of(query: &str) -> Vec<String> {
    query.split_whitespace().map(str::to_lowercase).collect()
}

fn rank_word(client: &Client, word: &str, words: &Words) -> Option<u32> {
    let number = word.trim_start_matches('#');
    if client.id.to_string() == number {
        return Some(0);
    }
    if client.db.is_some_and(|db| word == format!("db{db}"))
        || client.command.to_lowercase() == word
    {
        return Some(1);
    }
    let state = words.get(state::word(Mood::of(client))).to_lowercase();
    let in_english = Words::english_of(state::word(Mood::of(client)));
    if state == word || in_english.eq_ignore_ascii_case(word) {
        return Some(1);
    }
    let texts = [
        Some(&client.name),
        Some(&client.addr),
        client.user.as_ref(),
        client.library.as_ref(),
        Some(&client.command),
    ];
    let ranks =
        texts.into_iter().flatten().filter_map(|text| match text.to_lowercase().find(word) {
            Some(0) => Some(2),
            Some(_) => Some(3),
            None => None,
        });
    ranks.min().or_else(|| (state.contains(word) || in_english.contains(word)).then_some(4))
}
