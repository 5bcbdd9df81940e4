//! What the details panel says about one node: labels and values, still without a language (see
//! [`crate::told`]).

use banyan_topology::Evidence;
use serde::{Deserialize, Serialize};

/// Everything about one node, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The stable id of the node: see [`crate::World::id_of`].
    pub id: String,
    pub title: String,
    /// Other names, muted, below the title.
    pub subtitle: String,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// `None` for the first section, which needs no heading.
    pub heading: Option<Label>,
    /// Instead of a heading of ours, one in the words of a server.
    pub title: Option<String>,
    /// Shown when somebody asks for it.
    pub is_folded: bool,
    pub rows: Vec<Row>,
}

impl Section {
    pub const fn new(heading: Option<Label>, rows: Vec<Row>) -> Self {
        Self { heading, title: None, is_folded: false, rows }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub label: Label,
    pub value: Value,
    /// The node that this row is about, to jump to.
    pub node: Option<u32>,
}

/// A value with its unit, formatted by the shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Words of a person, a file or a server, shown as they are.
    Text(String),
    Count(u64),
    Bytes(u64),
    /// A duration in seconds.
    Seconds(u64),
    /// A moment, in milliseconds since 1970.
    Moment(u64),
    /// Parts in a thousand.
    PerMille(u32),
    /// One of the shell's own words.
    Word(crate::Word),
    /// Not known, and why is not known either.
    Unknown,
    /// A text of `locales/engine`, by its key.
    Say(String),
    /// A fact with the name of its kind, which takes the place of the label.
    Fact(Evidence),
    /// Parts in a thousand of what the text of this key names.
    Share(String, u32),
    /// A fact in the words of a server: name and value.
    Named(String, String),
}

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// Labels and headings; each has a text in `locales/engine` under `label_<key>`, and some a
        /// `hint_<key>`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Label {
            $($(#[$doc])* $name),*
        }

        impl Label {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key),*
                }
            }
        }
    };
}

labels! {
    // Families.
    Name = "name",
    OtherNames = "other_names",
    Sex = "sex",
    Born = "born",
    Baptised = "baptised",
    Died = "died",
    Buried = "buried",
    Place = "place",
    Occupation = "occupation",
    Generation = "generation",
    Parents = "parents",
    Partners = "partners",
    Children = "children",
    Siblings = "siblings",
    Father = "father",
    Mother = "mother",
    Parent = "parent",
    Partner = "partner",
    Married = "married",
    Divorced = "divorced",
    Child = "child",
    Sibling = "sibling",
    Event = "event",
    Events = "events",
    Note = "note",
    Record = "record",
    Line = "line",
    RecordLines = "record_lines",
    MoreLines = "more_lines",
    // Connections.
    Address = "address",
    State = "state",
    Database = "database",
    Age = "age",
    Idle = "idle",
    LastCommand = "last_command",
    User = "user",
    Library = "library",
    OutputBuffer = "output_buffer",
    QueryBuffer = "query_buffer",
    Memory = "memory",
    Subscriptions = "subscriptions",
    QueuedCommands = "queued_commands",
    WatchedKeys = "watched_keys",
    ProtocolVersion = "protocol_version",
    Flags = "flags",
    Thread = "thread",
    TcpState = "tcp_state",
    ClientId = "client_id",
    OwnConnection = "own_connection",
    Clients = "clients",
    Kind = "kind",
    Version = "version",
    Uptime = "uptime",
    MaxMemory = "max_memory",
    MaxClients = "max_clients",
    BlockedClients = "blocked_clients",
    OpsPerSecond = "ops_per_second",
    TotalConnections = "total_connections",
    Keys = "keys",
    Replication = "replication",
    Role = "role",
    MasterLink = "master_link",
    Replicas = "replicas",
    Offset = "offset",
    Lag = "lag",
    CostCommands = "cost_commands",
    CostMicros = "cost_micros",
    // Keys.
    Prefix = "prefix",
    KeyCount = "key_count",
    WithTtl = "with_ttl",
    MeanTtl = "mean_ttl",
    Types = "types",
    Folded = "folded",
    ShareOfKeys = "share_of_keys",
    ShareOfBytes = "share_of_bytes",
    TypeString = "type_string",
    TypeList = "type_list",
    TypeSet = "type_set",
    TypeSortedSet = "type_sorted_set",
    TypeHash = "type_hash",
    TypeStream = "type_stream",
    TypeOther = "type_other",
    Completeness = "completeness",
    // More of families.
    Cremated = "cremated",
    Adopted = "adopted",
    Engaged = "engaged",
    Separated = "separated",
    TitleOfHonour = "title_of_honour",
    Education = "education",
    Religion = "religion",
    Residence = "residence",
    Emigrated = "emigrated",
    Immigrated = "immigrated",
    Census = "census",
    HalfSibling = "half_sibling",
    // More of caches.
    /// A part that the server keeps from us, in its own words.
    Withheld = "withheld",
    RunId = "run_id",
    // What the kernel knows.
    Socket = "socket",
    Timer = "timer",
    Retransmits = "retransmits",
    UnansweredProbes = "unanswered_probes",
    SendQueue = "send_queue",
    ReceiveQueue = "receive_queue",
    RoundTrip = "round_trip",
    LastData = "last_data",
    LastAcknowledged = "last_acknowledged",
    Dead = "dead",
    Busy = "busy",
    Evidence = "evidence",
    Findings = "findings",
    Sockets = "sockets",
    Backlog = "backlog",
    // Threads and fleets.
    Threads = "threads",
    Cpu = "cpu",
    Servers = "servers",
    /// When a server was last heard of that does not answer, or that nobody names.
    DownSince = "down_since",
    /// Servers whose keys are not among the rows.
    MissingServers = "missing_servers",
    Slots = "slots",
    SlotsLeaving = "slots_leaving",
    SlotsComing = "slots_coming",
    WatchedBy = "watched_by",
    Quorum = "quorum",
    FleetEvents = "fleet_events",
    // Work.
    WaitsFor = "waits_for",
    Queues = "queues",
    Touches = "touches",
    SlowLog = "slow_log",
    Latency = "latency",
    Channels = "channels",
    Streams = "streams",
    Functions = "functions",
    Descriptor = "descriptor",
    Received = "received",
    Sent = "sent",
    Commands = "commands",
    Rejected = "rejected",
    Evicted = "evicted",
    HitShare = "hit_share",
    EvictionPolicy = "eviction_policy",
    CostBytes = "cost_bytes",
    CostShare = "cost_share",
    CostBudget = "cost_budget",
    PollInterval = "poll_interval",
    // More of keys.
    KeyRole = "key_role",
    TtlSpans = "ttl_spans",
    Heat = "heat",
    Samples = "samples",
    Biggest = "biggest",
    Oldest = "oldest",
    Locks = "locks",
    // A finding.
    Subject = "subject",
    Why = "why",
    Remedy = "remedy",
    Critical = "critical",
    Warning = "warning",
    Notice = "notice",
    // How two persons are related.
    InEnglish = "in_english",
    InChinese = "in_chinese",
    CommonAncestor = "common_ancestor",
    /// The chance that a gene of one and the same gene of the other come from one ancestor.
    Kinship = "kinship",
    /// Closed rings among the ways of blood.
    KinLoops = "kin_loops",
    Way = "way",
    WayFrom = "way_from",
    OtherWays = "other_ways",
    AlsoRelated = "also_related",
    // The server's own name for a fact, as the value gives it.
    Named = "named",
}

/// Details as lines of text, to compare.
#[cfg(test)]
pub(crate) fn told(details: &Details) -> String {
    let mut told = format!("{} = {} ({})\n", details.id, details.title, details.subtitle);
    for section in &details.sections {
        if let Some(heading) = section.heading {
            told.push_str(&format!("{heading:?}\n"));
        }
        for row in &section.rows {
            let value = match &row.value {
                Value::Text(text) => text.clone(),
                other => format!("{other:?}"),
            };
            let node = row.node.map_or_else(String::new, |node| format!(" -> {node}"));
            told.push_str(&format!("  {:?}: {value}{node}\n", row.label));
        }
    }
    told
}
