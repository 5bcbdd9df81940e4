//! From the bytes of a file to the text of a GEDCOM file.

use std::borrow::Cow;

use crate::{
    diagnostic::Diagnostics,
    document::Document,
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

/// The text of a file that was read before, which its records are spans of. UTF-8 that is owned keeps
/// its memory.
pub fn text(bytes: Cow<'_, [u8]>, document: &Document) -> String {
    if let Some(begins) = document.text_begins {
        let mut bytes = bytes.into_owned();
        bytes.drain(..begins.min(bytes.len()));
        return String::from_utf8(bytes).unwrap_or_default();
    }
    let known = &mut Diagnostics::default();
    let unpacked = gedzip::unpack(&bytes);
    let decoded =
        decode_as(unpacked.as_deref().unwrap_or(&bytes), document.encoding.chosen(), known);
    gedcom(decoded.text, known).map_or_else(|_| String::new(), Cow::into_owned)
}
