//! A process as `/proc` shows it: its threads, its descriptors, what its epolls watch.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, ErrorKind},
    path::PathBuf,
};

/// Threads of one process that are looked at.
const MOST_THREADS: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    pub pid: u32,
}

/// The sockets that a process holds, by descriptor, and its epolls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Descriptors {
    pub sockets: BTreeMap<u32, u64>,
    pub epolls: Vec<u32>,
}

/// A descriptor that an epoll watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    pub descriptor: u32,
    /// `EPOLLIN` and so on; without any of them, an `EPOLLONESHOT` that has fired.
    pub events: u32,
    /// `None` before Linux 4.14.
    pub inode: Option<u64>,
}

impl Watched {
    /// Whether nothing is waited for: a thread has taken the event and is not done with it.
    pub fn is_disarmed(&self) -> bool {
        const ONESHOT_AND_EDGE: u32 = 0xe000_0000;
        self.events & !ONESHOT_AND_EDGE == 0
    }
}

/// A thread at the moment of a look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    pub id: u32,
    pub name: String,
    /// On a processor or about to be, or in a wait that cannot be interrupted.
    pub is_running: bool,
    /// Time on a processor since it began, in nanoseconds.
    pub cpu_nanos: u64,
    /// First argument of the system call that it is in, where the rights allow to know: mostly a
    /// descriptor.
    pub argument: Option<u64>,
}

impl Process {
    /// The processes that call themselves `pid`, each in its own pid namespace. All processes, if
    /// no pid is given.
    pub fn called(pid: Option<u32>) -> Vec<Self> {
        let is_called = |process: &Self| match pid {
            Some(pid) => process.own_pids().is_some_and(|pids| pids.contains(&pid)),
            None => true,
        };
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        let mut processes: Vec<_> = entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .map(|pid| Self { pid })
            .filter(is_called)
            .collect();
        // Most often the namespace is ours.
        processes.sort_by_key(|process| Some(process.pid) != pid);
        processes
    }

    pub fn path(self, name: &str) -> PathBuf {
        format!("/proc/{}/{name}", self.pid).into()
    }

    /// Its pid in each namespace that it is part of, outermost first.
    fn own_pids(self) -> Option<Vec<u32>> {
        let status = fs::read_to_string(self.path("status")).ok()?;
        let pids = field(&status, "NSpid:").or_else(|| field(&status, "Pid:"))?;
        Some(pids.split_ascii_whitespace().filter_map(|pid| pid.parse().ok()).collect())
    }

    pub fn user(self) -> Option<u32> {
        let status = fs::read_to_string(self.path("status")).ok()?;
        field(&status, "Uid:")?.split_ascii_whitespace().nth(1)?.parse().ok()
    }

    pub fn name(self) -> Option<String> {
        Some(fs::read_to_string(self.path("comm")).ok()?.trim_end().to_owned())
    }

    /// Whether two processes see the same network. `None` without the right to know.
    pub fn network(self) -> Option<PathBuf> {
        fs::read_link(self.path("ns/net")).ok()
    }

    /// Needs the right to trace the process: its own user, or CAP_SYS_PTRACE.
    pub fn descriptors(self) -> io::Result<Descriptors> {
        let mut found = Descriptors::default();
        for entry in fs::read_dir(self.path("fd"))? {
            let entry = entry?;
            let Some(descriptor) = entry.file_name().to_str().and_then(|name| name.parse().ok())
            else {
                continue;
            };
            match fs::read_link(entry.path()) {
                Ok(link) => match link.to_str().and_then(socket_inode) {
                    Some(inode) => {
                        found.sockets.insert(descriptor, inode);
                    }
                    None if link.as_os_str() == "anon_inode:[eventpoll]" => {
                        found.epolls.push(descriptor);
                    }
                    None => {}
                },
                // Closed in between.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        found.epolls.sort_unstable();
        Ok(found)
    }

    /// Inode of the socket behind a descriptor.
    pub fn socket(self, descriptor: u32) -> Option<u64> {
        let link = fs::read_link(self.path(&format!("fd/{descriptor}"))).ok()?;
        link.to_str().and_then(socket_inode)
    }

    /// What an epoll watches. The kernel holds the epoll's lock while it writes this.
    pub fn watched(self, epoll: u32) -> io::Result<Vec<Watched>> {
        let text = fs::read_to_string(self.path(&format!("fdinfo/{epoll}")))?;
        Ok(text.lines().filter_map(watched).collect())
    }

    /// Its threads, by id.
    pub fn tasks(self) -> io::Result<Vec<Task>> {
        let mut tasks = Vec::new();
        for entry in fs::read_dir(self.path("task"))?.take(MOST_THREADS) {
            let path = entry?.path();
            let read = |name: &str| fs::read_to_string(path.join(name)).ok();
            let Some(mut task) = read("stat").as_deref().and_then(stat) else { continue };
            // Exact where `stat` has hundredths of a second.
            if let Some(nanos) = read("schedstat").as_deref().and_then(first_number) {
                task.cpu_nanos = nanos;
            }
            task.argument = read("syscall").as_deref().and_then(first_argument);
            tasks.push(task);
        }
        tasks.sort_unstable_by_key(|task| task.id);
        Ok(tasks)
    }
}

/// The value of a line of `/proc/PID/status`.
fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name))
}

fn socket_inode(link: &str) -> Option<u64> {
    link.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

/// `tfd:       24 events:       19 data:  18  pos:0 ino:b1c3 sdev:9`.
fn watched(line: &str) -> Option<Watched> {
    let mut words = line.strip_prefix("tfd:")?.split_ascii_whitespace();
    let descriptor = words.next()?.parse().ok()?;
    let mut events = None;
    let mut inode = None;
    while let Some(word) = words.next() {
        let (name, value) = word.split_once(':')?;
        let value = if value.is_empty() { words.next()? } else { value };
        match name {
            "events" => events = u32::from_str_radix(value, 16).ok(),
            "ino" => inode = u64::from_str_radix(value, 16).ok(),
            _ => {}
        }
    }
    Some(Watched { descriptor, events: events?, inode })
}

/// `/proc/PID/task/TID/stat`. The name stands in brackets and may hold any character.
fn stat(text: &str) -> Option<Task> {
    const TICK_NANOS: u64 = 10_000_000;
    let (id, rest) = text.split_once(" (")?;
    let (name, rest) = rest.rsplit_once(") ")?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    let mut times = fields.skip(10).map_while(|field| field.parse::<u64>().ok());
    let (user, system) = (times.next()?, times.next()?);
    Some(Task {
        id: id.parse().ok()?,
        name: name.to_owned(),
        is_running: matches!(state, "R" | "D"),
        cpu_nanos: user.saturating_add(system).saturating_mul(TICK_NANOS),
        argument: None,
    })
}

fn first_number(text: &str) -> Option<u64> {
    text.split_ascii_whitespace().next()?.parse().ok()
}

/// `232 0x7 0x7f... ...`: of `/proc/PID/task/TID/syscall`, which says `running` of a thread that is
/// in no call.
fn first_argument(text: &str) -> Option<u64> {
    let argument = text.split_ascii_whitespace().nth(1)?;
    u64::from_str_radix(argument.strip_prefix("0x")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_an_epoll_watches() {
        assert_eq!(
            watched("tfd:       24 events:       19 data:               18  pos:0 ino:b1c3 sdev:9"),
            Some(Watched { descriptor: 24, events: 0x19, inode: Some(0xb1c3) })
        );
        let old = watched("tfd: 11 events: 40000000 data: b").unwrap();
        assert_eq!((old.inode, old.is_disarmed()), (None, true));
        assert!(!watched("tfd: 11 events: 40000019 data: b").unwrap().is_disarmed());
        assert_eq!(watched("pos:\t0"), None);
    }

    #[test]
    fn a_thread() {
        let line = "19627 (mc) (worker) R 1 2 2 0 -1 4194304 10 0 0 0 7 5 0 0 20 0 10 0 9 1 2 3";
        let task = stat(line).unwrap();
        assert_eq!((task.id, task.name.as_str(), task.is_running), (19627, "mc) (worker", true));
        assert_eq!(task.cpu_nanos, 120_000_000);
        assert_eq!(first_argument("232 0x7 0x7f01 0x20 0xffffffff 0x0 0x8 0x7ffe 0x7f"), Some(7));
        assert_eq!(first_argument("running\n"), None);
        assert_eq!(first_argument("-1 0x7ffe 0x7f"), Some(0x7ffe));
    }

    #[test]
    fn this_very_process() {
        let pid = std::process::id();
        let process = Process { pid };
        assert!(Process::called(Some(pid)).contains(&process));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let listeners = super::super::proc_net::listeners(&process.path("net")).unwrap();
        let entry = listeners.iter().find(|entry| entry.local.port() == port).unwrap();
        let descriptors = process.descriptors().unwrap();
        assert!(descriptors.sockets.values().any(|&inode| inode == entry.inode));
        assert_eq!(process.user(), Some(entry.uid));
        assert!(process.tasks().unwrap().iter().any(|task| task.is_running));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_skipped(text in "[ -~]{0,80}|tfd: ([a-z]{0,3}:? ?[0-9a-f]{0,9} ?){0,8}") {
            let _ = (watched(&text), stat(&text), first_argument(&text), first_number(&text));
            let _ = socket_inode(&text);
        }
    }
}
