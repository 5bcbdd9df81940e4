//! Everything that can be said to a Tokyo Tyrant. All of it reads.

const MAGIC: u8 = 0xc8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Facts as text: a name, a tab and a value a line.
    Stat,
    /// The number of records.
    RecordCount,
    /// Up to `max` keys that begin with `prefix`. A hash database looks at every record for it; a
    /// tree goes to the place.
    ForwardKeys { prefix: Vec<u8>, max: u32 },
    /// The size of a record's value.
    ValueSize(Vec<u8>),
}

impl Command {
    pub(super) fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.push(MAGIC);
        match self {
            Self::Stat => bytes.push(0x88),
            Self::RecordCount => bytes.push(0x80),
            Self::ForwardKeys { prefix, max } => {
                bytes.push(0x58);
                push_length(bytes, prefix);
                // The server takes the number as one with a sign, and -1 as no limit at all.
                bytes.extend_from_slice(&(*max).min(i32::MAX as u32).to_be_bytes());
                bytes.extend_from_slice(prefix);
            }
            Self::ValueSize(key) => {
                bytes.push(0x38);
                push_length(bytes, key);
                bytes.extend_from_slice(key);
            }
        }
    }
}

fn push_length(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
}
