//! Who waits for which key, and who touched what, from the last window on.

use std::collections::{BTreeMap, BTreeSet};

use banyan_topology::{
    Client, ClientId, ClientState, Fault, KeyType, Part, Queue, Topology, Touch, WaitSource,
    Waiting, Window, Withheld, printable,
};

use super::Notable;

/// Bytes of a key.
const MAX_KEY_BYTES: usize = 256;
/// How far the beginning of a command may seem to move, because servers say whole seconds.
const SAME_TIME_MILLIS: u64 = 1500;
/// Digits of a time-out among the arguments of a blocking command: from `0` to `99999`.
const TIMEOUT_DIGITS: std::ops::RangeInclusive<u64> = 1..=5;

/// A client in a blocking command that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) db: u32,
    pub(crate) keys: Vec<Vec<u8>>,
    /// In the server's clock.
    pub(crate) at_micros: u64,
    pub(crate) since_millis: u64,
    /// As CLIENT LIST told it: while that stands still, the command goes on.
    pub(crate) active_at_millis: u64,
    pub(crate) command: String,
    pub(crate) argument_bytes: Option<u64>,
}

impl Wait {
    /// Whether it is the very command that was seen.
    fn is_that_of(&self, client: &Client) -> bool {
        client.active_at_millis.abs_diff(self.active_at_millis) <= SAME_TIME_MILLIS
    }

    /// Whether it looks like the same command once more, as of a worker that asks again and again.
    fn is_like_that_of(&self, client: &Client) -> bool {
        self.argument_bytes.is_some()
            && (&self.command, self.argument_bytes) == (&client.command, client.argument_bytes)
    }
}

/// What windows have shown.
#[derive(Default)]
pub(crate) struct Observed {
    run_id: String,
    waits: BTreeMap<ClientId, Wait>,
    touches: Vec<Touch>,
    window: Option<Window>,
    /// Why the last window stayed shut.
    refusal: Option<String>,
}

impl Observed {
    /// Keys that clients were seen to wait for, once for each client, as printable text.
    pub(crate) fn waited_for(&self) -> impl Iterator<Item = (u32, String)> {
        let waits = self.waits.values();
        waits.flat_map(|wait| wait.keys.iter().map(|key| (wait.db, printable(key, MAX_KEY_BYTES))))
    }

    pub(crate) fn refuse(&mut self, fault: &Fault) {
        self.refusal = Some(fault.detail.clone());
    }

    pub(crate) fn window(
        &mut self,
        window: Window,
        waits: Vec<(ClientId, Wait)>,
        touches: Vec<Touch>,
    ) {
        self.window = Some(window);
        self.refusal = None;
        self.touches = touches;
        self.waits.extend(waits);
    }

    /// Writes queues, touches and the window into a topology that was just looked at.
    pub(crate) fn apply(&mut self, topology: &mut Topology, notable: &Notable) {
        if self.run_id != topology.server.run_id {
            // Clients of a server that was started again have the numbers of others.
            let is_first = self.run_id.is_empty();
            self.run_id.clone_from(&topology.server.run_id);
            if !is_first {
                *self = Self { run_id: std::mem::take(&mut self.run_id), ..Self::default() };
            }
        }
        self.waits.retain(|id, wait| {
            topology.clients.get(id).is_some_and(|client| {
                let is_between = client.state != ClientState::Blocked;
                is_between || wait.is_that_of(client) || wait.is_like_that_of(client)
            })
        });

        let mut queues: BTreeMap<(u32, Vec<u8>), Vec<InOrder>> = BTreeMap::new();
        let mut wait_for = |db: u32, key: &[u8], order: u64, waiting: Waiting| {
            queues.entry((db, key.to_vec())).or_default().push((order, waiting));
        };
        let unseen = topology.clients.values().filter(|client| {
            client.state == ClientState::Blocked && !self.waits.contains_key(&client.id)
        });
        let mut unseen = unseen.peekable();
        let lengths = unseen.peek().map(|_| Lengths::of(notable, &self.waits)).unwrap_or_default();
        for client in unseen {
            if let Some((db, key)) = lengths.only_fitting(client) {
                let since_millis = client.active_at_millis;
                let waiting =
                    Waiting { client: client.id, source: WaitSource::Length, since_millis };
                wait_for(db, &key, since_millis.saturating_mul(1000), waiting);
            }
        }
        for (id, wait) in &self.waits {
            let client = topology.clients.get(id);
            let Some(client) = client.filter(|client| client.state == ClientState::Blocked) else {
                continue;
            };
            let (source, since_millis, order) = if wait.is_that_of(client) {
                (WaitSource::Seen, wait.since_millis, wait.at_micros)
            } else {
                let since_millis = client.active_at_millis;
                (WaitSource::Length, since_millis, since_millis.saturating_mul(1000))
            };
            let waiting = Waiting { client: *id, source, since_millis };
            for key in &wait.keys {
                wait_for(wait.db, key, order, waiting.clone());
            }
        }
        topology.workload.queues = queues
            .into_iter()
            .map(|((db, key), mut waiting)| {
                waiting.sort_by_key(|(order, waiting)| (*order, waiting.client));
                let waiting = waiting.into_iter().map(|(_, waiting)| waiting).collect();
                Queue { db, key: printable(&key, MAX_KEY_BYTES), waiting }
            })
            .collect();
        let is_there = |touch: &&Touch| topology.clients.contains_key(&touch.client);
        topology.workload.touches = self.touches.iter().filter(is_there).cloned().collect();
        topology.workload.window = self.window;
        let withheld = |reason: &String| Withheld { part: Part::Commands, reason: reason.clone() };
        topology.withheld.extend(self.refusal.as_ref().map(withheld));
    }
}

/// A client and the moment, in microseconds, that its place in the queue goes by.
type InOrder = (u64, Waiting);

/// Keys that clients may wait for, by their length: a hint at what a blocked client waits for.
#[derive(Default)]
struct Lengths<'a> {
    /// By database, length in bytes, and whether they are waited for as lists or as sorted sets.
    keys: BTreeMap<(u32, u64, bool), BTreeSet<&'a [u8]>>,
}

impl<'a> Lengths<'a> {
    fn of(notable: &'a Notable, waits: &'a BTreeMap<ClientId, Wait>) -> Self {
        let of_waits = waits.values().flat_map(|wait| {
            wait.keys.iter().map(|key| (wait.db, key.as_slice(), None::<KeyType>))
        });
        let mut lengths = Self::default();
        for (db, key, key_type) in notable.candidates().chain(of_waits) {
            for (is_list, wanted) in [(true, KeyType::List), (false, KeyType::SortedSet)] {
                if key_type.is_none_or(|key_type| key_type == wanted) {
                    let place = (db, key.len() as u64, is_list);
                    lengths.keys.entry(place).or_default().insert(key);
                }
            }
        }
        lengths
    }

    /// The only key whose length fits the arguments of a blocked client, which are the command, one
    /// key and a time-out.
    fn only_fitting(&self, client: &Client) -> Option<(u32, Vec<u8>)> {
        let is_list = match client.command.as_str() {
            "blpop" | "brpop" => true,
            "bzpopmin" | "bzpopmax" => false,
            _ => return None,
        };
        let db = client.db?;
        let left = client.argument_bytes?.checked_sub(client.command.len() as u64)?;
        let lengths = TIMEOUT_DIGITS.filter_map(|digits| left.checked_sub(digits));
        let mut fitting =
            lengths.filter_map(|length| self.keys.get(&(db, length, is_list))).flatten();
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some((db, only.to_vec())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use banyan_topology::{KeyFacts, ServerFacts};

    use super::*;

    fn blocked(id: ClientId, active_at_millis: u64, argument_bytes: u64) -> (ClientId, Client) {
        let client = Client {
            id,
            state: ClientState::Blocked,
            command: "brpop".into(),
            db: Some(0),
            active_at_millis,
            argument_bytes: Some(argument_bytes),
            ..Client::default()
        };
        (id, client)
    }

    fn topology(clients: &[(ClientId, Client)]) -> Topology {
        let server = ServerFacts { run_id: "r".into(), ..ServerFacts::default() };
        Topology { clients: clients.iter().cloned().collect(), server, ..Topology::default() }
    }

    fn wait(keys: &[&str], at: u64) -> Wait {
        let keys = keys.iter().map(|key| key.as_bytes().to_vec()).collect();
        Wait {
            db: 0,
            keys,
            at_micros: at * 1000,
            since_millis: at,
            active_at_millis: at,
            command: "brpop".into(),
            argument_bytes: Some(at),
        }
    }

    /// Queues as `key: client client`, hints with a question mark.
    fn queues(topology: &Topology) -> Vec<String> {
        let mark = |source| if source == WaitSource::Length { "?" } else { "" };
        let queue = |queue: &Queue| {
            let clients: Vec<String> = queue
                .waiting
                .iter()
                .map(|waiting| format!("{}{}", waiting.client, mark(waiting.source)))
                .collect();
            format!("{}: {}", queue.key, clients.join(" "))
        };
        topology.workload.queues.iter().map(queue).collect()
    }

    #[test]
    fn who_came_first_is_served_first_until_the_command_ends() {
        let window = Window { from_millis: 1, to_millis: 9, commands: 3, missed: 0, bytes: 100 };
        let mut observed = Observed::default();
        let waits = vec![(7, wait(&["a", "b"], 9_000)), (8, wait(&["a"], 5_000))];
        observed.window(window, waits, Vec::new());
        let mut look = topology(&[blocked(7, 9_500, 0), blocked(8, 5_000, 0)]);
        observed.apply(&mut look, &Notable::default());
        assert_eq!(queues(&look), ["a: 8 7", "b: 7"]);
        assert_eq!(look.workload.window, Some(window));
        // 7 has asked again, with arguments of the same length.
        let mut look = topology(&[blocked(7, 60_000, 9_000), blocked(8, 5_000, 0)]);
        observed.apply(&mut look, &Notable::default());
        assert_eq!(queues(&look), ["a: 8 7?", "b: 7?"]);
        // 8 has begun another command.
        let mut look = topology(&[blocked(7, 9_000, 0), blocked(8, 30_000, 0)]);
        observed.apply(&mut look, &Notable::default());
        assert_eq!(queues(&look), ["a: 7", "b: 7"]);
        // Another process has other clients of the same numbers.
        look.server.run_id = "s".into();
        observed.apply(&mut look, &Notable::default());
        assert_eq!((queues(&look), look.workload.window), (vec![], None));
    }

    #[test]
    fn lengths_are_hints_only_where_one_key_fits() {
        let mut notable = Notable::default();
        notable.begin_pass();
        let list = KeyFacts { key_type: KeyType::List, bytes: 9, ttl_secs: None };
        notable.offer(0, b"queue:of:mails", list);
        notable.offer(0, b"s", KeyFacts { key_type: KeyType::Stream, ..list });
        notable.offer(3, b"queue:of:other", list);
        let mut observed = Observed::default();
        // BRPOP queue:of:mails 0
        let mut look = topology(&[blocked(1, 9, 5 + 14 + 1), blocked(2, 9, 5 + 1 + 1)]);
        observed.apply(&mut look, &notable);
        assert_eq!(queues(&look), ["queue:of:mails: 1?"]);
        // A list that is empty is no key: those that were there once are remembered.
        notable.end_pass();
        notable.begin_pass();
        notable.end_pass();
        observed.apply(&mut look, &notable);
        assert_eq!(queues(&look), ["queue:of:mails: 1?"]);
        notable.offer(0, b"queue:of:jobs", list);
        observed.apply(&mut look, &notable);
        assert_eq!(queues(&look), Vec::<String>::new(), "two keys fit, with one digit or two");
    }
}
