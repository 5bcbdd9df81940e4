//! The facts of single items, by the meta command `me`, which uses no item: its clock and its place
//! among the used and the unused stay as they are.
//!
//! Keys are named so that nothing in them can be taken for a command: plainly if they are printable,
//! else in base64, and not at all if the server could not take them for one key.

use banyan_topology::{Fault, FaultKind, KeyEntry, KeyType, printable};

use super::connection::Connection;
use crate::{link::Link, watch::Deadlines};

/// The longest key of memcached, in bytes, base64 included.
const MAX_KEY_BYTES: usize = 250;

/// The facts of `keys`; `None` for a key that is not there, or that cannot be named.
pub async fn items(
    link: &Link,
    keys: &[Vec<u8>],
    deadlines: Deadlines,
) -> Result<Vec<Option<KeyEntry>>, Fault> {
    let mut connection = Connection::open(link, deadlines).await?;
    let _own = connection.local_addr().map(|addr| link.own_addr(addr));
    let mut items = Vec::with_capacity(keys.len());
    for key in keys {
        items.push(match request(key) {
            None => None,
            Some(request) => read(key, &connection.say(&request).await?)?,
        });
    }
    Ok(items)
}

/// `None` for a key that cannot be named without a doubt.
pub(super) fn request(key: &[u8]) -> Option<Vec<u8>> {
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        return None;
    }
    if key.iter().all(|byte| *byte > b' ' && *byte != 0x7f) {
        return Some([b"me ", key, b"\r\n"].concat());
    }
    let encoded = base64(key);
    (encoded.len() <= MAX_KEY_BYTES).then(|| format!("me {encoded} b\r\n").into_bytes())
}

/// `ME key exp=-1 la=5 cas=2 fetch=yes cls=1 size=70`, with times from now on and until now.
fn read(key: &[u8], line: &[u8]) -> Result<Option<KeyEntry>, Fault> {
    if line == b"EN" {
        return Ok(None);
    }
    if !line.starts_with(b"ME ") {
        // After an error it is not certain what the server took the rest for.
        return Err(Fault::new(FaultKind::Protocol, printable(line, 256)));
    }
    let field = |name: &[u8]| -> Option<i64> {
        let value = line.split(|byte| *byte == b' ').find_map(|field| field.strip_prefix(name))?;
        str::from_utf8(value).ok()?.parse().ok()
    };
    // Versions differ in the sign of the time that is left; -1 is never.
    let ttl_secs = field(b"exp=").filter(|secs| *secs != -1).map(i64::unsigned_abs);
    Ok(Some(KeyEntry {
        db: 0,
        key: printable(key, 256),
        key_type: KeyType::String as u8,
        bytes: field(b"size=").and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0),
        ttl_secs,
        idle_secs: field(b"la=").and_then(|secs| u64::try_from(secs).ok()),
    }))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) as usize % 64;
            let is_there = digit <= chunk.len();
            let c = DIGITS.get(value).copied().filter(|_| is_there).unwrap_or(b'=');
            text.push(char::from(c));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use proptest::prelude::*;

    use super::*;
    use crate::demo::{NotStarted, start_memcached};

    #[test]
    fn base64_of_rfc_4648() {
        for (text, expect) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
            ("\u{fe}\u{ff}", "w77Dvw=="),
        ] {
            assert_eq!(base64(text.as_bytes()), expect);
        }
    }

    #[test]
    fn keys_that_cannot_be_named() {
        assert_eq!(request(b""), None);
        assert_eq!(request(&[b'k'; 251]), None);
        assert_eq!(request(&[b'\n'; 200]), None, "too long in base64");
        assert_eq!(request(&[b'k'; 250]).unwrap().len(), 255);
        assert_eq!(request(b"a b\r\nflush_all\r\n").unwrap(), b"me YSBiDQpmbHVzaF9hbGwNCg== b\r\n");
    }

    fn any_key() -> impl Strategy<Value = Vec<u8>> {
        let bytes = prop_oneof![
            4 => Just(b"\r\n".to_vec()),
            2 => Just(b" ".to_vec()),
            1 => Just(b"flush_all\r\n".to_vec()),
            1 => Just(b"set x 0 0 1\r\nx\r\n".to_vec()),
            1 => Just("\u{202e}贾".as_bytes().to_vec()),
            20 => any::<u8>().prop_map(|byte| vec![byte]),
            2 => proptest::collection::vec(any::<u8>(), 0..120),
        ];
        proptest::collection::vec(bytes, 0..12).prop_map(|parts| parts.concat())
    }

    /// Whatever a key holds, the server takes it for one key of one command, and answers once.
    #[test]
    fn one_answer_for_each_key_of_any_bytes() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = match runtime.block_on(start_memcached()) {
            Ok(server) => server,
            Err(NotStarted::NotInstalled { program }) => {
                println!("skipped: {program} is not installed");
                return;
            }
            Err(error) => panic!("{error}"),
        };
        let link = Link::new(server.target.clone());
        let connection = runtime.block_on(Connection::open(&link, Deadlines::default()));
        let connection = RefCell::new(connection.unwrap());
        proptest!(|(key in any_key())| {
            if let Some(request) = request(&key) {
                let mut connection = connection.borrow_mut();
                let answer = runtime.block_on(connection.say(&request)).unwrap();
                prop_assert_eq!(answer, b"EN");
                // The next answer is to the next question.
                let version = runtime.block_on(connection.say(super::super::question::VERSION));
                prop_assert!(version.unwrap().starts_with(b"VERSION "));
            }
        });
    }

    proptest! {
        #[test]
        fn any_answer_is_no_panic(line: Vec<u8>) {
            let _ = (read(b"k", &line), read(b"k", &[b"ME k exp=", &line[..]].concat()));
        }
    }
}
