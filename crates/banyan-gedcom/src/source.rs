//! From the bytes of a file to the text of a GEDCOM file.

use std::borrow::Cow;

use crate::{
    diagnostic::Diagnostics,
    encoding::decode_as,
    gedzip, import,
    sniff::{ReadError, check_text},
};

/// A text as GEDCOM: as it is, or as what a table or JSON says.
pub(crate) fn gedcom<'t>(
    text: Cow<'t, str>,
    diagnostics: &mut Diagnostics,
) -> Result<Cow<'t, str>, ReadError> {
    match check_text(&text) {
        Ok(()) => Ok(text),
        Err(error) => import::to_gedcom(&text, diagnostics).map(Cow::Owned).ok_or(error),
    }
}

/// The text of a file that was read before. UTF-8 that is owned keeps its memory.
pub(crate) fn text(bytes: Cow<'_, [u8]>, encoding: Option<&str>) -> String {
    let known = &mut Diagnostics::default();
    let text = {
        let unpacked = gedzip::unpack(&bytes);
        let inner = unpacked.as_deref().unwrap_or(&bytes);
        let decoded = decode_as(inner, encoding, known).text;
        match gedcom(decoded, known) {
            Ok(Cow::Borrowed(text)) if inner.len() == bytes.len() => Err(bytes.len() - text.len()),
            Ok(text) => Ok(text.into_owned()),
            Err(_) => Ok(String::new()),
        }
    };
    text.unwrap_or_else(|mark| {
        let mut bytes = bytes.into_owned();
        bytes.drain(..mark);
        String::from_utf8(bytes).unwrap_or_default()
    })
}
