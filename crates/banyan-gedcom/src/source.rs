//! From the bytes of a file to the text of a GEDCOM file.

use crate::{diagnostic::Diagnostics, encoding::decode_as, gedzip};

/// The text of a file that was read before. UTF-8 keeps its memory.
pub(crate) fn text(bytes: Vec<u8>, encoding: Option<&str>) -> String {
    let decoded = {
        let unpacked = gedzip::unpack(&bytes);
        let inner = unpacked.as_deref().unwrap_or(&bytes);
        let decoded = decode_as(inner, encoding, &mut Diagnostics::default()).text;
        let is_file_itself =
            matches!(decoded, std::borrow::Cow::Borrowed(_)) && inner.len() == bytes.len();
        if is_file_itself { Err(bytes.len() - decoded.len()) } else { Ok(decoded.into_owned()) }
    };
    match decoded {
        Ok(text) => text,
        Err(mark) => {
            let mut bytes = bytes;
            bytes.drain(..mark);
            String::from_utf8(bytes).unwrap_or_default()
        }
    }
}
