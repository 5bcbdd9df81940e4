//! GEDZip: the ZIP archive around a GEDCOM 7 file and its pictures (GEDCOM 7.0, chapter 4).
//!
//! Only `gedcom.ged` is taken out. Layout of the archive after PKWARE's APPNOTE.TXT 6.3.10.

use std::borrow::Cow;

use miniz_oxide::inflate::decompress_to_vec_with_limit;

const END_OF_DIRECTORY: &[u8] = b"PK\x05\x06";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL_FILE: &[u8] = b"PK\x03\x04";
/// A directory ends at most a comment of 64 KiB before the end of the file.
const LONGEST_END: usize = 22 + 0xFFFF;
/// Deflate packs at most about a thousandfold; what claims more is a trap.
const MOST_UNPACKED: usize = 1 << 30;

/// The GEDCOM file inside an archive; `None` if the bytes are no archive or have none inside.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !bytes.starts_with(LOCAL_FILE) {
        return None;
    }
    let tail = bytes.len().saturating_sub(LONGEST_END);
    let end = tail + memchr::memmem::rfind(bytes.get(tail..)?, END_OF_DIRECTORY)?;
    let entries = u16_at(bytes, end + 10)?;
    let mut at = u32_at(bytes, end + 16)?;
    for _ in 0..entries {
        let entry = bytes.get(at..).filter(|entry| entry.starts_with(DIRECTORY_ENTRY))?;
        let name_length = u16_at(entry, 28)?;
        if entry.get(46..46 + name_length)?.eq_ignore_ascii_case(b"gedcom.ged") {
            return file(bytes, entry);
        }
        at += 46 + name_length + u16_at(entry, 30)? + u16_at(entry, 32)?;
    }
    None
}

/// The file of a directory entry, stored (method 0) or deflated (8).
fn file<'b>(bytes: &'b [u8], entry: &[u8]) -> Option<Cow<'b, [u8]>> {
    let (method, packed, unpacked) = (u16_at(entry, 10)?, u32_at(entry, 20)?, u32_at(entry, 24)?);
    let local = bytes.get(u32_at(entry, 42)?..).filter(|local| local.starts_with(LOCAL_FILE))?;
    let start = 30 + u16_at(local, 26)? + u16_at(local, 28)?;
    let data = local.get(start..start.checked_add(packed)?)?;
    match method {
        0 => Some(Cow::Borrowed(data)),
        8 => decompress_to_vec_with_limit(data, unpacked.min(MOST_UNPACKED)).ok().map(Cow::Owned),
        _ => None,
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let pair = bytes.get(at..)?.first_chunk::<2>()?;
    Some(usize::from(u16::from_le_bytes(*pair)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}
