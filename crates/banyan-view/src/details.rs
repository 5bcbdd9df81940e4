//! What the details panel says about one node: labels that the shell translates, values that it
//! formats by locale.

use serde::{Deserialize, Serialize};

/// Everything about one node, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The stable id of the node: see [`crate::World::id_of`].
    pub id: String,
    pub title: String,
    /// Other names, muted, below the title.
    pub subtitle: String,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// `None` for the first section, which needs no heading.
    pub heading: Option<Label>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// Labels and headings; each has a text in `locales/` under `label_<snake case>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Label {
    // Families.
    Name,
    OtherNames,
    Sex,
    Born,
    Baptised,
    Died,
    Buried,
    Place,
    Occupation,
    Generation,
    Parents,
    Partners,
    Children,
    Siblings,
    Father,
    Mother,
    Parent,
    Partner,
    Married,
    Divorced,
    Child,
    Sibling,
    Event,
    Events,
    Note,
    Record,
    Line,
    // Connections.
    Address,
    State,
    Database,
    Age,
    Idle,
    LastCommand,
    User,
    Library,
    OutputBuffer,
    QueryBuffer,
    Memory,
    Subscriptions,
    QueuedCommands,
    WatchedKeys,
    ProtocolVersion,
    Flags,
    Thread,
    TcpState,
    ClientId,
    OwnConnection,
    Clients,
    Kind,
    Version,
    Uptime,
    MaxMemory,
    MaxClients,
    BlockedClients,
    OpsPerSecond,
    TotalConnections,
    Keys,
    Replication,
    Role,
    MasterLink,
    Replicas,
    Offset,
    Lag,
    CostCommands,
    CostMicros,
    // Keys.
    Prefix,
    KeyCount,
    WithTtl,
    MeanTtl,
    Types,
    Folded,
    ShareOfKeys,
    ShareOfBytes,
    TypeString,
    TypeList,
    TypeSet,
    TypeSortedSet,
    TypeHash,
    TypeStream,
    TypeOther,
    Completeness,
    // More of families.
    Cremated,
    Adopted,
    Engaged,
    Separated,
    TitleOfHonour,
    Education,
    Religion,
    Residence,
    Emigrated,
    Immigrated,
    Census,
    HalfSibling,
    // More of caches.
    /// A part that the server keeps from us, in its own words.
    Withheld,
    RunId,
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
