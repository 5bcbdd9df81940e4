//! Which thread of a server owns which connection, and what each thread takes.
//!
//! A worker of memcached has an epoll of its own, and waits in it: its connections are what that
//! epoll watches. Tokyo Tyrant has one epoll for all, whose connections are disarmed while a worker
//! has them or they wait for one; a worker that reads from one waits with its descriptor. Redis has
//! one thread for commands; since version 8 it names the I/O thread of each connection itself.

use std::collections::{BTreeMap, BTreeSet};

use banyan_topology::{Client, ClientId, ServerKind, Thread, ThreadRole};

use super::{
    process::{Task, Watched},
    still,
};

/// What the process looked like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub tasks: Vec<Task>,
    /// By descriptor of the epoll. Empty for servers whose epolls tell nothing.
    pub epolls: BTreeMap<u32, Vec<Watched>>,
    /// Descriptors that listen.
    pub listeners: BTreeSet<u32>,
    /// Share of a processor since the look before in thousandths, by thread.
    pub shares: BTreeMap<u32, u32>,
}

impl Look {
    /// Learns the shares from the look before, which was so many nanoseconds ago.
    pub fn compare(&mut self, earlier: &Self, nanos: u64) {
        for task in &self.tasks {
            let Some(before) = earlier.tasks.iter().find(|before| before.id == task.id) else {
                continue;
            };
            let spent = u128::from(task.cpu_nanos.saturating_sub(before.cpu_nanos));
            let share = (spent * 1000 / u128::from(nanos.max(1))).min(1000) as u32;
            let share = still::share(share, earlier.shares.get(&task.id).copied());
            self.shares.insert(task.id, share);
        }
    }

    /// The threads with their connections; `None` if nobody can tell who owns what.
    pub fn threads(
        &self,
        kind: ServerKind,
        pid: u32,
        clients: &BTreeMap<ClientId, Client>,
    ) -> Option<Vec<Thread>> {
        let by_descriptor: BTreeMap<u32, ClientId> =
            clients.values().filter_map(|client| Some((client.descriptor?, client.id))).collect();
        match kind {
            ServerKind::Memcached => self.of_memcached(pid, &by_descriptor),
            ServerKind::TokyoTyrant => Some(self.of_tyrant(pid, &by_descriptor)),
            ServerKind::Redis | ServerKind::Valkey | ServerKind::Sentinel => {
                Some(self.of_redis(pid, clients))
            }
        }
    }

    fn of_redis(&self, pid: u32, clients: &BTreeMap<ClientId, Client>) -> Vec<Thread> {
        let number = |task: &Task| task.name.strip_prefix("io_thd_")?.parse::<u32>().ok();
        let numbers: BTreeSet<_> = self.tasks.iter().filter_map(number).collect();
        let owned = |number: u32| {
            let is_owned = |client: &&Client| {
                // Main owns whom no other thread does.
                client.thread.filter(|thread| numbers.contains(thread)).unwrap_or(0) == number
            };
            clients.values().filter(is_owned).map(|client| client.id).collect()
        };
        let thread = |task| match number(task) {
            _ if task.id == pid => self.thread(task, ThreadRole::Main, owned(0)),
            Some(number) => self.thread(task, ThreadRole::Io, owned(number)),
            None => self.thread(task, ThreadRole::Background, Vec::new()),
        };
        self.tasks.iter().map(thread).collect()
    }

    fn of_memcached(&self, pid: u32, clients: &BTreeMap<u32, ClientId>) -> Option<Vec<Thread>> {
        let watches_listener = |watched: &[Watched]| {
            watched.iter().any(|watched| self.listeners.contains(&watched.descriptor))
        };
        let workers: Vec<u32> = self
            .epolls
            .iter()
            .filter(|(_, watched)| !watches_listener(watched))
            .map(|(&epoll, _)| epoll)
            .collect();
        let epoll_of = self.workers(pid, &workers)?;
        let owned = |epoll: u32| {
            let watched = self.epolls.get(&epoll).map(Vec::as_slice).unwrap_or_default();
            clients_of(watched, clients)
        };
        let thread = |task: &Task| match epoll_of.get(&task.id) {
            Some(&epoll) => self.thread(task, ThreadRole::Worker, owned(epoll)),
            None if task.id == pid => self.thread(task, ThreadRole::Listener, Vec::new()),
            None => self.thread(task, ThreadRole::Background, Vec::new()),
        };
        Some(self.tasks.iter().map(thread).collect())
    }

    /// The epoll of each worker, by thread: those who wait say which, and both are made in the same
    /// order.
    fn workers(&self, pid: u32, epolls: &[u32]) -> Option<BTreeMap<u32, u32>> {
        let mut epoll_of = BTreeMap::new();
        for task in &self.tasks {
            if let Some(epoll) = task.argument.and_then(|argument| u32::try_from(argument).ok())
                && epolls.contains(&epoll)
            {
                epoll_of.insert(task.id, epoll);
            }
        }
        if epoll_of.len() < epolls.len() {
            let is_worker = |task: &&Task| {
                epoll_of.contains_key(&task.id)
                    || task.name == "mc-worker"
                    // Before 1.6 no thread has a name of its own.
                    || (task.name == "memcached" && task.id != pid)
            };
            let workers: Vec<u32> =
                self.tasks.iter().filter(is_worker).map(|task| task.id).collect();
            if workers.len() != epolls.len() {
                return None;
            }
            epoll_of = workers.into_iter().zip(epolls.iter().copied()).collect();
        }
        Some(epoll_of)
    }

    fn of_tyrant(&self, pid: u32, clients: &BTreeMap<u32, ClientId>) -> Vec<Thread> {
        let thread = |task: &Task| {
            let descriptor = task.argument.and_then(|argument| u32::try_from(argument).ok());
            let client = descriptor.and_then(|descriptor| clients.get(&descriptor));
            let is_waiting_for_all = descriptor.is_some_and(|fd| self.epolls.contains_key(&fd));
            let role = if task.id == pid || is_waiting_for_all {
                ThreadRole::Listener
            } else {
                ThreadRole::Worker
            };
            let mut thread = self.thread(task, role, client.copied().into_iter().collect());
            if client.is_some() {
                thread.is_busy = Some(true);
            }
            thread
        };
        self.tasks.iter().map(thread).collect()
    }

    fn thread(&self, task: &Task, role: ThreadRole, clients: Vec<ClientId>) -> Thread {
        Thread {
            id: task.id,
            name: task.name.clone(),
            clients,
            role,
            cpu_permille: self.shares.get(&task.id).copied(),
            is_busy: Some(task.is_running),
            node: 0,
        }
    }
}

fn clients_of(watched: &[Watched], clients: &BTreeMap<u32, ClientId>) -> Vec<ClientId> {
    let mut owned: Vec<_> =
        watched.iter().filter_map(|watched| clients.get(&watched.descriptor).copied()).collect();
    owned.sort_unstable();
    owned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(id: u32, name: &str, argument: Option<u64>) -> Task {
        Task { id, name: name.to_owned(), argument, ..Task::default() }
    }

    fn watched(descriptors: &[(u32, u32)]) -> Vec<Watched> {
        descriptors
            .iter()
            .map(|&(descriptor, events)| Watched { descriptor, events, inode: None })
            .collect()
    }

    fn clients(descriptors: &[u32]) -> BTreeMap<ClientId, Client> {
        let client = |&fd: &u32| {
            let id = ClientId::from(fd);
            (id, Client { id, descriptor: Some(fd), ..Client::default() })
        };
        descriptors.iter().map(client).collect()
    }

    fn told(threads: Option<Vec<Thread>>) -> Vec<(u32, ThreadRole, Vec<ClientId>)> {
        let threads = threads.unwrap_or_default();
        threads.into_iter().map(|thread| (thread.id, thread.role, thread.clients)).collect()
    }

    fn memcached(arguments: [Option<u64>; 2]) -> Look {
        let [first, second] = arguments;
        Look {
            tasks: vec![
                task(10, "memcached", Some(3)),
                task(11, "mc-log", None),
                task(12, "mc-worker", first),
                task(13, "mc-worker", second),
            ],
            epolls: BTreeMap::from([
                (3, watched(&[(23, 0x19)])),
                (7, watched(&[(6, 0x19), (28, 0x19), (24, 0x19)])),
                (12, watched(&[(11, 0x19), (25, 0x19)])),
            ]),
            listeners: BTreeSet::from([23]),
            ..Look::default()
        }
    }

    #[test]
    fn workers_of_memcached() {
        let clients = clients(&[24, 25, 28]);
        let threads = |look: Look| told(look.threads(ServerKind::Memcached, 10, &clients));
        let expected = [
            (10, ThreadRole::Listener, vec![]),
            (11, ThreadRole::Background, vec![]),
            (12, ThreadRole::Worker, vec![24, 28]),
            (13, ThreadRole::Worker, vec![25]),
        ];
        assert_eq!(threads(memcached([Some(7), Some(12)])), expected);
        // Without the right to see their calls, or while one is at work: by their order.
        assert_eq!(threads(memcached([None, None])), expected);
        assert_eq!(threads(memcached([None, Some(12)])), expected);
        let mut unknown = memcached([None, None]);
        unknown.tasks.pop();
        assert_eq!(threads(unknown), []);
    }

    #[test]
    fn workers_of_tokyo_tyrant() {
        let look = Look {
            tasks: vec![
                task(10, "ttserver", Some(4)),
                task(11, "ttserver", Some(0x7f00_1234_5678)),
                task(12, "ttserver", Some(11)),
            ],
            epolls: BTreeMap::from([(
                4,
                watched(&[(3, 0x19), (9, 0x4000_0019), (11, 0x4000_0000)]),
            )]),
            ..Look::default()
        };
        assert_eq!(
            told(look.threads(ServerKind::TokyoTyrant, 10, &clients(&[9, 11]))),
            [
                (10, ThreadRole::Listener, vec![]),
                (11, ThreadRole::Worker, vec![]),
                (12, ThreadRole::Worker, vec![11])
            ]
        );
    }

    #[test]
    fn threads_of_redis() {
        let look = Look {
            tasks: vec![
                task(10, "redis-server", None),
                task(11, "bio_aof", None),
                task(12, "io_thd_1", None),
            ],
            ..Look::default()
        };
        let mut clients = clients(&[8, 9]);
        let threads = |clients: &_| told(look.threads(ServerKind::Redis, 10, clients));
        let owned = |main: &[u64], io: &[u64]| {
            vec![
                (10, ThreadRole::Main, main.to_vec()),
                (11, ThreadRole::Background, vec![]),
                (12, ThreadRole::Io, io.to_vec()),
            ]
        };
        assert_eq!(threads(&clients), owned(&[8, 9], &[]));
        clients.entry(9).and_modify(|client| client.thread = Some(1));
        assert_eq!(threads(&clients), owned(&[8], &[9]));
    }

    #[test]
    fn shares_since_the_look_before() {
        let look = |nanos| Look {
            tasks: vec![Task { cpu_nanos: nanos, ..task(10, "redis-server", None) }],
            ..Look::default()
        };
        let mut later = look(250_000_000);
        later.compare(&look(0), 1_000_000_000);
        assert_eq!(later.shares.get(&10), Some(&250));
    }
}
