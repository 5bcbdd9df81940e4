//! The bytes of every kind of message. A page that was loaded before an update says and hears these:
//! if a line changes, rather than being added, [`banyan_protocol::VERSION`] goes up.

use std::fmt::{Debug, Write as _};

use banyan_protocol::{VERSION, encode};
use expect_test::{Expect, expect};
use serde::Serialize;

use crate::sample;

fn check<T: Serialize + Debug>(messages: &[T], expect: &Expect) {
    let mut out = String::new();
    for message in messages {
        let debug = format!("{message:?}");
        let kind: String = debug.chars().take_while(char::is_ascii_alphanumeric).collect();
        write!(out, "{kind}:").unwrap();
        for (index, byte) in encode(message).iter().enumerate() {
            let space = if index % 32 == 0 { "\n  " } else { " " };
            write!(out, "{space}{byte:02x}").unwrap();
        }
        out.push('\n');
    }
    expect.assert_eq(&out);
}

#[test]
fn from_a_browser() {
    check(
        &sample::from_browser(),
        &expect![[r#"
            Hello:
              00 01
            Watch:
              01 01 74 00 00
            Watch:
              01 01 74 01 01 3a
            Unwatch:
              02 01 74 01
            Ping:
              03 01
            Rescan:
              04 01 74
            Observe:
              05 01 74 d0 0f
        "#]],
    );
}

#[test]
fn to_a_browser() {
    check(
        &sample::to_browser(),
        &expect![[r#"
            Hello:
              00 01 05 30 2e 31 2e 30 04 01 61 00 0b 72 65 64 69 73 3a 2f 2f 68 3a 31 00 01 62 01 0b 72 65 64
              69 73 3a 2f 2f 68 3a 31 01 01 63 02 0b 72 65 64 69 73 3a 2f 2f 68 3a 31 01 01 64 03 0b 72 65 64
              69 73 3a 2f 2f 68 3a 31 00
            WrongVersion:
              01 02
            Health:
              02 01 74 00
            Health:
              02 01 74 01 80 d0 95 ff bc 31
            Health:
              02 01 74 02 00 02 6e 6f 01 05 ac 02
            Health:
              02 01 74 02 08 02 6e 6f 01 05 ac 02
            Topology:
              03 01 74 01 00 01 37 01 72 01 0a 01 0b 01 0c 01 0d 01 0e 01 0f 01 10 01 11 01 03 12 00 00 00 00
              00 00 00 00 00 00 00 00 01 01 01 01 61 01 6e 02 01 1e 01 1f 03 67 65 74 01 01 75 01 01 6c 01 01
              76 01 20 01 21 01 22 23 01 24 01 25 01 03 01 62 01 26 01 00 00 00 00 00 00 00 00 00 00 00 01 01
              13 02 69 6f 02 01 02 00 00 00 00 01 01 01 01 6d 01 02 75 70 01 14 01 01 78 06 6f 6e 6c 69 6e 65
              01 15 01 16 01 01 00 00 00 17 18 00 00 00 01 02 01 6e 00 00 00 00 00 00 00 00 00 00 00 00
            Delta:
              04 01 74 02 00 01 37 01 72 01 0a 01 0b 01 0c 01 0d 01 0e 01 0f 01 10 01 11 01 03 12 00 00 00 00
              00 00 00 00 00 00 00 00 02 02 01 61 01 6e 02 01 1e 02 1f 03 67 65 74 01 01 75 01 01 6c 01 01 76
              01 20 01 21 01 22 23 01 24 01 25 01 03 01 62 01 26 01 00 00 00 00 00 00 00 00 00 00 00 03 01 61
              01 6e 02 01 1e 02 1f 03 67 65 74 01 01 75 01 01 6c 01 01 76 01 20 01 21 01 22 23 01 24 01 25 01
              03 01 62 01 26 01 00 00 00 00 00 00 00 00 00 00 00 01 01 00 01 01 01 01 6d 01 02 75 70 01 14 01
              01 78 06 6f 6e 6c 69 6e 65 01 15 01 16 01 01 00 00 00 17 18 00 00 00 01 02 01 6e 00 00 00 00 00
            Keyspace:
              05 01 74 28 01 3a 29 2a 01 01 2b 01 2c 01 70 2d 2e 2f 30 01 02 03 04 05 06 07 01 31 01 32 35 36
              08 09 0a 0b 0c 0d 01 37 01 01 01 09 72 6f 6c 65 5f 6e 61 6d 65 04 66 65 65 64 01 06 01 6e 33 34
              00 00 00 01 38 39 3a 01 43 01 6b 04 3b 01 44 01 45 01 43 01 6b 04 3c 01 44 01 45 01 3d 01 6c 01
              01 68 01 3e 3f 01 40 41 42
            Pong:
              06
            Refused:
              07 01 74
        "#]],
    );
}

#[test]
fn the_version_that_these_bytes_are_of() {
    assert_eq!(VERSION, 2);
}
