//! Whatever is said is understood, and whatever is not is no panic.

use std::fmt::Debug;

use banyan_protocol::{FromBrowser, ToBrowser, decode, encode};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::any;

fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    message: &T,
) -> Result<(), TestCaseError> {
    let bytes = encode(message);
    prop_assert!(!bytes.is_empty());
    prop_assert_eq!(&decode::<T>(&bytes).unwrap(), message);

    let mut longer = bytes.clone();
    longer.push(0);
    prop_assert_eq!(decode::<T>(&longer).unwrap_err().length, longer.len());
    // A message is no prefix of another: one that was cut is not taken for a shorter one.
    for end in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        if end < bytes.len() {
            prop_assert!(decode::<T>(&bytes[..end]).is_err());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn from_a_browser(message in any::from_browser()) {
        check(&message)?;
    }

    #[test]
    fn to_a_browser(message in any::to_browser()) {
        check(&message)?;
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        if let Ok(message) = decode::<FromBrowser>(&bytes) {
            prop_assert_eq!(decode::<FromBrowser>(&encode(&message)).unwrap(), message);
        }
        let _ = decode::<ToBrowser>(&bytes);
    }

    #[test]
    fn damaged_messages_are_read_or_refused(
        message in any::to_browser(), at: prop::sample::Index, bit in 0..8_u8,
    ) {
        let mut bytes = encode(&message);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let _ = decode::<ToBrowser>(&bytes);
    }
}

/// A length that promises more than there is must not be believed before it is seen.
#[test]
fn a_promise_of_exabytes_allocates_nothing() {
    // Keyspace, an empty target, then up to the rows: a count of u64::MAX of them.
    let count = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    for variant in 0..12_u8 {
        for zeros in 0..16 {
            let mut bytes = vec![variant];
            bytes.extend(vec![0; zeros]);
            bytes.extend(count);
            // Where a plain number ends a message the bytes are that message, and no promise.
            if let Ok(message) = decode::<ToBrowser>(&bytes) {
                assert_eq!(encode(&message), bytes);
            }
            assert!(decode::<FromBrowser>(&bytes).is_err());
        }
    }
}
