//! What the cards of a server, a group and a connection say.

use banyan_scene::{Badge, Card, Glyph, Ink, Meter};
use banyan_topology::{
    Client, ClientState, Feed, Fleet, FleetNode, NodeRole, Reach, ServerFacts, ServerKind, Topology,
};

use super::{
    age,
    grouping::{node_note, node_word},
    peers,
    queues::Place,
    state::{self, Counts, Mood},
};
use crate::{
    figures::{LogScale, bytes, count},
    world::{Word, Words},
};

/// More than this unread is an error rather than a delay.
const MUCH_UNREAD_BYTES: u64 = 32_000_000;

pub(super) fn fill_server(topology: &Topology, counts: &Counts, address: &str, card: &mut Card) {
    let server = &topology.server;
    card.title = server_title(server);
    card.figure = count(topology.clients.len() as u64);
    card.subtitle = address.to_owned();
    let mut note: Vec<String> = Vec::new();
    note.extend(server.used_memory_bytes.map(bytes));
    note.extend(server.ops_per_sec.map(|ops| format!("{} OPS/S", count(ops))));
    card.note = note.join(" · ");
    for (used, limit) in [
        (server.used_memory_bytes, server.max_memory_bytes),
        (Some(topology.clients.len() as u64), server.max_clients),
    ] {
        if let (Some(used), Some(limit)) = (used, limit.filter(|&limit| limit > 0)) {
            let share = used as f64 / limit as f64;
            let ink = if share > 0.9 { Ink::Waiting } else { Ink::Accent };
            // Hundredths, so that the card rests while numbers tremble.
            card.meters.push(Meter { share: ((share * 100.0).round() / 100.0) as f32, ink });
        }
    }
    card.strip = state_strip(counts);
}

pub(super) fn server_title(server: &ServerFacts) -> String {
    let kind = match server.kind {
        ServerKind::Redis => "Redis",
        ServerKind::Valkey => "Valkey",
        ServerKind::Memcached => "memcached",
        ServerKind::TokyoTyrant => "Tokyo Tyrant",
        ServerKind::Sentinel => "Sentinel",
    };
    format!("{kind} {}", server.version).trim_end().to_owned()
}

/// How a connection stands at one moment.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) is_gone: bool,
    pub(super) now_millis: u64,
    /// In the queue that it stands in, where connections stand by queue.
    pub(super) place: Option<&'a Place>,
}

pub(super) fn fill_client(client: &Client, moment: Moment<'_>, words: &Words, card: &mut Card) {
    let Moment { is_gone, now_millis, place } = moment;
    let mood = Mood::of(client);
    card.title = match place {
        Some(Place { place, is_hint: true, .. }) => format!("≈{place}. {}", title(client)),
        Some(Place { place, .. }) => format!("{place}. {}", title(client)),
        None => title(client),
    };
    card.subtitle = if client.name.is_empty() { library(client) } else { client.addr.clone() };
    card.note = note(client, words);
    card.badge = Some(state::badge(if is_gone { Mood::In(ClientState::Closing) } else { mood }));
    card.is_muted = is_gone;
    if is_gone {
        if let Some(badge) = &mut card.badge {
            badge.ink = Ink::Idle;
        }
        return;
    }
    let scale = LogScale::TIME;
    let idle_ink = match mood {
        Mood::Dead => Ink::Dead,
        Mood::In(ClientState::Blocked) => Ink::Waiting,
        Mood::In(_) => Ink::Fine,
    };
    card.meters
        .push(Meter { share: scale.share(age::age_step(client, now_millis)), ink: Ink::Idle });
    let idle_share = scale.share(age::idle_step(client, now_millis));
    card.meters.push(Meter { share: idle_share, ink: idle_ink });
    match client.output_bytes.filter(|&unread| unread > 0) {
        Some(unread) => {
            let ink = if unread >= MUCH_UNREAD_BYTES { Ink::Dead } else { Ink::Waiting };
            let scale = LogScale::BACKLOG;
            card.meters.push(Meter { share: scale.share(scale.step(unread).max(1)), ink });
            card.figure = format!("↥ {}", bytes(unread));
        }
        None => card.figure = age::passed(age::idle_secs(client, now_millis)),
    }
}

/// What a server of a fleet is, or that it is in trouble.
pub(super) fn peer_badge(fleet: &Fleet, node: &FleetNode) -> Badge {
    let feed = peers::feed(fleet, node).unwrap_or_else(|| match node.feed(None) {
        Feed::Broken => Feed::Broken,
        _ => Feed::Online,
    });
    let (glyph, ink) = match (feed, node.role) {
        (Feed::Broken, _) => (Glyph::Cross, Ink::Dead),
        (_, NodeRole::Master) => (Glyph::Play, Ink::Fine),
        (_, NodeRole::Sentinel) => (Glyph::Eye, Ink::Subscriber),
        (feed, NodeRole::Replica) => (Glyph::Arrows, peers::feed_look(feed).1),
    };
    Badge { glyph, ink }
}

pub(super) fn fill_peer(fleet: &Fleet, node: &FleetNode, words: &Words, card: &mut Card) {
    card.title.clone_from(&node.addr);
    card.figure = node.keys.map(count).unwrap_or_default();
    card.subtitle = words.get(node_word(node.role)).to_owned();
    let feed = peers::feed(fleet, node).and_then(peers::feed_word);
    let parts =
        [feed.map(|word| words.get(word).to_uppercase()).unwrap_or_default(), node_note(node)];
    card.note = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    card.badge = Some(peer_badge(fleet, node));
    // Only what is polled is known at first hand.
    card.is_muted = node.reach != Reach::Polled;
}

/// The name that the client gave itself, else its address.
pub(super) fn title(client: &Client) -> String {
    match (client.name.as_str(), client.addr.as_str()) {
        ("", "") => format!("#{}", client.id),
        ("", addr) => addr.to_owned(),
        (name, _) => name.to_owned(),
    }
}

/// "redis-py 5.0", as far as it is said.
pub(super) fn library(client: &Client) -> String {
    let Some(library) = &client.library else { return String::new() };
    let version = client.library_version.as_deref().unwrap_or_default();
    format!("{library} {version}").trim().to_owned()
}

/// "DB0 · BRPOP": capitals in a small size look like small caps.
fn note(client: &Client, words: &Words) -> String {
    let mut parts = Vec::new();
    // Colour alone is not read by everybody.
    if client.is_dead == Some(true) {
        parts.push(words.get(Word::Dead).to_uppercase());
    }
    parts.extend(client.is_busy.filter(|&is_busy| is_busy).map(|_| "●".to_owned()));
    parts.extend(client.db.map(|db| format!("DB{db}")));
    if !client.command.is_empty() && client.command != "NULL" {
        parts.push(client.command.to_uppercase());
    }
    parts.join(" · ")
}

pub(super) fn fill_group(title: String, note: String, counts: &Counts, card: &mut Card) {
    card.title = title;
    card.note = note;
    card.figure = count(counts.all().into());
    card.strip = state_strip(counts);
}

/// The shares of the states. Ordinary traffic flips connections between active and idle all the
/// time, so shares are told in twentieths: the strip rests while they tremble.
fn state_strip(counts: &Counts) -> Vec<(f32, Ink)> {
    let all = counts.all();
    let shares = counts.present().map(|(mood, count)| {
        let share = (f64::from(count) / f64::from(all) * 20.0).round().max(1.0) / 20.0;
        (share as f32, state::badge(mood).ink)
    });
    shares.collect()
}
