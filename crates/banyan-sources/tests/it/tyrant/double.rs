//! A stand-in for a Tokyo Tyrant, which no package of today brings: its binary protocol over records
//! in memory, with a fixed number of workers that half a request or a replica holds, as it does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use banyan_sources::{Endpoint, Protocol, Target};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// The commands that stat counts, in its order.
const COUNTED: &[&str] = &[
    "put",
    "putkeep",
    "putcat",
    "putshl",
    "putnr",
    "out",
    "get",
    "mget",
    "vsiz",
    "iterinit",
    "iternext",
    "fwmkeys",
    "addint",
    "adddouble",
    "ext",
    "sync",
    "optimize",
    "vanish",
    "copy",
    "restore",
    "setmst",
    "rnum",
    "size",
    "stat",
    "misc",
    "repl",
    "put_miss",
    "out_miss",
    "get_miss",
];

pub(crate) struct State {
    pub(crate) records: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What stat calls the type: `on-memory hash`, `B+ tree`, `table`.
    pub(crate) kind: &'static str,
    pub(crate) pid: u32,
    pub(crate) sid: u32,
    pub(crate) master: Option<(String, u16)>,
    /// The time of the record that was copied last, in microseconds; 0 for none.
    pub(crate) rts: u64,
    /// Whether a mask forbids reading.
    pub(crate) is_masked: bool,
    pub(crate) counts: BTreeMap<&'static str, u64>,
    started: Instant,
}

pub(crate) struct Double {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
}

pub(crate) fn now_micros() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64
}

fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

impl Double {
    pub(crate) async fn start(kind: &'static str, sid: u32, workers: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State {
            records: BTreeMap::new(),
            kind,
            // No process of any system has such a number.
            pid: 0x7000_0000 + u32::from(port),
            sid,
            master: None,
            rts: 0,
            is_masked: false,
            counts: BTreeMap::new(),
            started: Instant::now(),
        }));
        let workers = Arc::new(Semaphore::new(workers));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared), Arc::clone(&workers)));
            }
        });
        Self { port, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn target(&self) -> Target {
        let endpoint = Endpoint::Tcp { host: "127.0.0.1".to_owned(), port: self.port };
        Target::new(Protocol::Tyrant, endpoint)
    }

    /// What a client's put does, seen from the server.
    pub(crate) fn put(&self, key: &str, value: &str) {
        let mut state = self.state();
        state.count("put");
        state.records.insert(key.as_bytes().to_vec(), value.as_bytes().to_vec());
    }
}

/// Serves a connection: it waits for a request without a worker, and has one from its first byte to
/// the end of its answer.
async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>, workers: Arc<Semaphore>) {
    loop {
        if stream.readable().await.is_err() {
            return;
        }
        let Ok(_worker) = workers.acquire().await else { return };
        let Ok(Some(answer)) = answer(&mut stream, &state).await else { return };
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

async fn number(stream: &mut TcpStream) -> std::io::Result<usize> {
    Ok(stream.read_u32().await? as usize)
}

async fn part(stream: &mut TcpStream, length: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// Reads a request and answers it; `None` for what makes the server close the connection.
async fn answer(stream: &mut TcpStream, state: &Mutex<State>) -> std::io::Result<Option<Vec<u8>>> {
    let (magic, command) = (stream.read_u8().await?, stream.read_u8().await?);
    if magic != 0xc8 {
        return Ok(None);
    }
    let lock = || state.lock().unwrap();
    Ok(Some(match command {
        0x10..=0x12 => {
            let (key_length, value_length) = (number(stream).await?, number(stream).await?);
            let (key, value) = (part(stream, key_length).await?, part(stream, value_length).await?);
            lock().write(command, key, value)
        }
        0x20 | 0x30 | 0x38 => {
            let length = number(stream).await?;
            let key = part(stream, length).await?;
            lock().one(command, &key)
        }
        0x31 => {
            let mut keys = Vec::new();
            for _ in 0..number(stream).await? {
                let length = number(stream).await?;
                keys.push(part(stream, length).await?);
            }
            lock().many(&keys)
        }
        0x58 => {
            let length = number(stream).await?;
            let max = stream.read_i32().await?;
            let prefix = part(stream, length).await?;
            lock().forward(&prefix, max)
        }
        0x60 => {
            let length = number(stream).await?;
            let by = stream.read_i32().await?;
            let key = part(stream, length).await?;
            lock().add(key, by)
        }
        0x61 => {
            let length = number(stream).await?;
            let (whole, fraction) = (stream.read_i64().await?, stream.read_i64().await?);
            let key = part(stream, length).await?;
            lock().add_double(key, whole, fraction)
        }
        0x80 => {
            let mut state = lock();
            state.count("rnum");
            [&[0][..], &(state.records.len() as u64).to_be_bytes()].concat()
        }
        0x81 => {
            let mut state = lock();
            state.count("size");
            [&[0][..], &state.size().to_be_bytes()].concat()
        }
        0x88 => lock().stat(),
        0xa0 => {
            lock().count("repl");
            // A stream to a replica: it has its worker for as long as it lasts.
            std::future::pending().await
        }
        _ => return Ok(None),
    }))
}

fn push_part(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
    bytes.extend_from_slice(part);
}

impl State {
    pub(crate) fn count(&mut self, name: &'static str) {
        *self.counts.entry(name).or_default() += 1;
    }

    fn size(&self) -> u64 {
        let records = self.records.iter().map(|(key, value)| key.len() + value.len() + 16);
        525_376 + records.sum::<usize>() as u64
    }

    fn write(&mut self, command: u8, key: Vec<u8>, value: Vec<u8>) -> Vec<u8> {
        match command {
            0x10 => {
                self.count("put");
                self.records.insert(key, value);
            }
            0x11 => {
                self.count("putkeep");
                if self.records.contains_key(&key) {
                    self.count("put_miss");
                    return vec![1];
                }
                self.records.insert(key, value);
            }
            _ => {
                self.count("putcat");
                self.records.entry(key).or_default().extend_from_slice(&value);
            }
        }
        vec![0]
    }

    fn one(&mut self, command: u8, key: &[u8]) -> Vec<u8> {
        let name = match command {
            0x20 => "out",
            0x30 => "get",
            _ => "vsiz",
        };
        self.count(name);
        if self.is_masked {
            return vec![1];
        }
        let Some(value) = self.records.get(key).cloned() else {
            match command {
                0x20 => self.count("out_miss"),
                // A real server counts a missing vsiz nowhere.
                0x30 => self.count("get_miss"),
                _ => {}
            }
            return vec![1];
        };
        let mut answer = vec![0];
        match command {
            0x20 => {
                self.records.remove(key);
            }
            0x30 => push_part(&mut answer, &value),
            _ => answer.extend_from_slice(&(value.len() as u32).to_be_bytes()),
        }
        answer
    }

    fn many(&mut self, keys: &[Vec<u8>]) -> Vec<u8> {
        self.count("mget");
        let found: Vec<_> = keys.iter().filter_map(|key| self.records.get_key_value(key)).collect();
        let mut answer = vec![0];
        answer.extend_from_slice(&(found.len() as u32).to_be_bytes());
        for (key, value) in found {
            answer.extend_from_slice(&(key.len() as u32).to_be_bytes());
            answer.extend_from_slice(&(value.len() as u32).to_be_bytes());
            answer.extend_from_slice(key);
            answer.extend_from_slice(value);
        }
        answer
    }

    fn forward(&mut self, prefix: &[u8], max: i32) -> Vec<u8> {
        self.count("fwmkeys");
        if self.is_masked {
            return vec![1];
        }
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        let from = self.records.range(prefix.to_vec()..).map(|(key, _)| key);
        let keys: Vec<_> = from.take_while(|key| key.starts_with(prefix)).take(max).collect();
        let mut answer = vec![0];
        answer.extend_from_slice(&(keys.len() as u32).to_be_bytes());
        keys.into_iter().for_each(|key| push_part(&mut answer, key));
        answer
    }

    fn add(&mut self, key: Vec<u8>, by: i32) -> Vec<u8> {
        self.count("addint");
        let value = self.records.entry(key).or_insert_with(|| vec![0; 4]);
        // The host's own order of bytes, as on a real server.
        let sum = i32::from_ne_bytes(value[..4].try_into().unwrap()).wrapping_add(by);
        *value = sum.to_ne_bytes().to_vec();
        [&[0][..], &sum.to_be_bytes()].concat()
    }

    fn add_double(&mut self, key: Vec<u8>, whole: i64, fraction: i64) -> Vec<u8> {
        self.count("adddouble");
        let value = [whole.to_ne_bytes(), fraction.to_ne_bytes()].concat();
        self.records.insert(key, value);
        [&[0][..], &whole.to_be_bytes(), &fraction.to_be_bytes()].concat()
    }

    fn stat(&mut self) -> Vec<u8> {
        self.count("stat");
        let now = now_micros();
        let mut fields: Vec<(&str, String)> = vec![
            ("version", "1.1.41".into()),
            ("libver", "324".into()),
            ("protver", "0.91".into()),
            ("os", "Linux".into()),
            ("time", seconds(now)),
            ("pid", self.pid.to_string()),
            ("sid", self.sid.to_string()),
            ("type", self.kind.into()),
            ("path", "*".into()),
            ("rnum", self.records.len().to_string()),
            ("size", self.size().to_string()),
            ("bigend", "0".into()),
        ];
        if let Some((host, port)) = &self.master {
            fields.extend([
                ("mhost", host.clone()),
                ("mport", port.to_string()),
                ("rts", self.rts.to_string()),
                ("delay", seconds(now.saturating_sub(self.rts))),
            ]);
        }
        fields.extend([
            ("fd", "7".to_owned()),
            ("loadavg", "0.907227".to_owned()),
            ("memsize", "617922560".to_owned()),
            ("memrss", "4067328".to_owned()),
            ("ru_user", "0.018104".to_owned()),
            ("ru_sys", "0.030173".to_owned()),
            ("ru_real", seconds(self.started.elapsed().as_micros() as u64)),
        ]);
        let mut text = String::new();
        for (name, value) in fields {
            text += &format!("{name}\t{value}\n");
        }
        for name in COUNTED {
            text += &format!("cnt_{name}\t{}\n", self.counts.get(name).copied().unwrap_or(0));
        }
        let mut answer = vec![0];
        push_part(&mut answer, text.as_bytes());
        answer
    }
}
