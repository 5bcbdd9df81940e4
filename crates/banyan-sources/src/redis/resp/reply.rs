//! A reply, and its reading.

use banyan_topology::printable;

/// Bytes of a text of the other side.
const MAX_TEXT_BYTES: usize = 256;

/// One reply. What RESP 3 has of its own and RESP 2 says as well comes as the same: a verbatim
/// string is a bulk string, a set an array, and attributes are left out.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Simple(Vec<u8>),
    Error(Vec<u8>),
    Integer(i64),
    Bulk(Vec<u8>),
    Array(Vec<Reply>),
    Null,
    Boolean(bool),
    Double(f64),
    BigNumber(Vec<u8>),
    Map(Vec<(Reply, Reply)>),
    /// Said without being asked.
    Push(Vec<Reply>),
}

impl Reply {
    /// The bytes of a string, simple or bulk.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Simple(bytes) | Self::Bulk(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A string or a number for people to read, cut at 256 bytes.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Integer(number) => Some(number.to_string()),
            Self::Double(number) => Some(number.to_string()),
            Self::Boolean(is_it) => Some(is_it.to_string()),
            Self::BigNumber(digits) => Some(printable(digits, MAX_TEXT_BYTES)),
            _ => self.bytes().map(|bytes| printable(bytes, MAX_TEXT_BYTES)),
        }
    }

    /// A number, which some commands say as a string.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Integer(number) => u64::try_from(*number).ok(),
            _ => str::from_utf8(self.bytes()?).ok()?.parse().ok(),
        }
    }

    pub fn elements(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Names and values: a map, or an array that alternates between them, as RESP 2 says it.
    pub fn pairs(&self) -> Vec<(&Self, &Self)> {
        match self {
            Self::Map(pairs) => pairs.iter().map(|(name, value)| (name, value)).collect(),
            Self::Array(elements) => {
                elements.as_chunks().0.iter().map(|[name, value]| (name, value)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The value of a name among [`Self::pairs`].
    pub fn get(&self, name: &str) -> Option<&Self> {
        let pairs = self.pairs();
        pairs.into_iter().find(|(key, _)| key.bytes() == Some(name.as_bytes())).map(|(_, v)| v)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_both_versions() {
        let name = || Reply::Bulk(b"a".to_vec());
        let map = Reply::Map(vec![(name(), Reply::Integer(1))]);
        let flat = Reply::Array(vec![name(), Reply::Integer(1), name()]);
        for reply in [map, flat] {
            assert_eq!(reply.get("a"), Some(&Reply::Integer(1)));
            assert_eq!(reply.get("b"), None);
        }
    }

    #[test]
    fn texts_and_numbers() {
        assert_eq!(Reply::Bulk(b"\xff1".to_vec()).text().as_deref(), Some("\\xff1"));
        assert_eq!(Reply::Double(1.5).text().as_deref(), Some("1.5"));
        assert_eq!(Reply::Null.text(), None);
        assert_eq!(Reply::Bulk(b"12".to_vec()).number(), Some(12));
        assert_eq!(Reply::Integer(-1).number(), None);
    }
}
