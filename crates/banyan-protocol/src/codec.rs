//! Values to bytes and back.

use serde::{Serialize, de::DeserializeOwned};

/// The bytes are no message of this version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("message of {length} bytes cannot be read: {reason}")]
pub struct DecodeError {
    pub length: usize,
    pub reason: String,
}

/// One message as bytes.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // Our own messages have no map of unknown length and no untagged data, the two things that
    // postcard cannot write; an empty frame is refused by `decode`.
    postcard::to_allocvec(message).unwrap_or_default()
}

/// One message from all of `bytes`; bytes left over are an error.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let error = |reason: String| DecodeError { length: bytes.len(), reason };
    match postcard::take_from_bytes::<T>(bytes) {
        Ok((message, [])) => Ok(message),
        Ok((_, rest)) => Err(error(format!("{} bytes too many", rest.len()))),
        Err(reason) => Err(error(reason.to_string())),
    }
}
