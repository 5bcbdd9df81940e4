//! GEDZip: the ZIP archive around a GEDCOM 7 file and its pictures (GEDCOM 7.0, chapter 4).
//!
//! `gedcom.ged` is taken out when the file is read, pictures one by one when they are shown. Layout
//! of the archive after PKWARE's APPNOTE.TXT 6.3.10.

use std::{borrow::Cow, collections::BTreeMap};

use miniz_oxide::inflate::decompress_to_vec_with_limit;
use unicode_normalization::UnicodeNormalization as _;

use crate::bomb::is_bomb;

const END_OF_DIRECTORY: &[u8] = b"PK\x05\x06";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL_FILE: &[u8] = b"PK\x03\x04";
/// A directory ends at most a comment of 64 KiB before the end of the file.
const LONGEST_END: usize = 22 + 0xFFFF;
/// Deflate packs at most about a thousandfold; what claims more is a trap.
const MOST_UNPACKED: usize = 1 << 30;
/// Pictures larger than this, packed or not, are not shown.
const MOST_PICTURE: usize = 32 << 20;

/// The GEDCOM file inside an archive; `None` if the bytes are no archive or have none inside.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut entries = entries(bytes)?;
    let entry = entries.find(|entry| entry.name.eq_ignore_ascii_case(b"gedcom.ged"))?;
    file(bytes, entry.at, MOST_UNPACKED)
}

/// All files of an archive, found without walking its directory for each.
pub(crate) struct Contents<'b> {
    bytes: &'b [u8],
    /// Where the directory entry of each stands, by its very name and by its [`plain`] path.
    by_name: BTreeMap<&'b [u8], usize>,
    by_path: BTreeMap<String, usize>,
}

impl<'b> Contents<'b> {
    pub(crate) fn of(bytes: &'b [u8]) -> Self {
        let (mut by_name, mut by_path) = (BTreeMap::new(), BTreeMap::new());
        for entry in entries(bytes).into_iter().flatten() {
            by_name.entry(entry.name).or_insert(entry.at);
            if let Some(path) = std::str::from_utf8(entry.name).ok().and_then(plain) {
                by_path.entry(path).or_insert(entry.at);
            }
        }
        Self { bytes, by_name, by_path }
    }

    /// The bytes of a file: by its very name, or else by any way to write it.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'b, [u8]>> {
        let by_name = self.by_name.get(name.as_bytes());
        let at = by_name.or_else(|| self.by_path.get(&plain(name)?))?;
        file(self.bytes, *at, MOST_UNPACKED)
    }
}

/// Which pictures an archive has. It does not hold the archive's bytes: whoever wants a picture has
/// them at hand.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    /// Where the directory entry of each stands, by its [`plain`] path.
    entries: BTreeMap<String, usize>,
}

impl Pictures {
    /// The pictures of a GEDZip archive; none if the bytes are no archive.
    pub fn of(archive: &[u8]) -> Self {
        let mut entries_by_path = BTreeMap::new();
        for entry in entries(archive).into_iter().flatten() {
            if let Some(path) = std::str::from_utf8(entry.name).ok().and_then(plain)
                && is_picture(&path)
            {
                entries_by_path.entry(path).or_insert(entry.at);
            }
        }
        Self { entries: entries_by_path }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the archive has a picture at the path that a FILE line names.
    pub fn has(&self, path: &str) -> bool {
        self.entry(path).is_some()
    }

    /// The bytes of a picture, at most 32 MiB and 64 Mpx; `archive` is what [`Self::of`] was given.
    pub fn bytes<'b>(&self, archive: &'b [u8], path: &str) -> Option<Cow<'b, [u8]>> {
        file(archive, self.entry(path)?, MOST_PICTURE).filter(|picture| !is_bomb(picture))
    }

    /// FILE lines of 7.0 are addresses, in which a space is `%20`; others are names as they are.
    fn entry(&self, path: &str) -> Option<usize> {
        let at = |path: &str| plain(path).and_then(|path| self.entries.get(&path).copied());
        at(path).or_else(|| at(&decoded(path)?))
    }
}

/// Whether a path ends like that of a picture which browsers show.
pub(crate) fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let endings = ["jpg", "jpeg", "png", "webp", "gif", "avif"];
    endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// A path within an archive, in the one way to write it: slashes, small letters, no empty or dotted
/// steps. `None` for a path that leads out of the archive, and for an address.
fn plain(path: &str) -> Option<String> {
    if path.contains(':') {
        return None;
    }
    let mut plain = String::with_capacity(path.len());
    // File systems disagree on how an accent is written.
    let path: String = path.nfc().collect();
    for step in path.split(['/', '\\']).filter(|step| !matches!(*step, "" | ".")) {
        if step == ".." {
            return None;
        }
        if !plain.is_empty() {
            plain.push('/');
        }
        plain.push_str(step);
    }
    plain.make_ascii_lowercase();
    (!plain.is_empty()).then_some(plain)
}

/// Undoes the percent signs of an address; `None` where there are none, or nonsense.
pub(crate) fn decoded(path: &str) -> Option<String> {
    let (first, rest) = path.split_once('%')?;
    let mut bytes = first.as_bytes().to_vec();
    for part in rest.split('%') {
        let (code, plain) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend_from_slice(plain.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// A line of the archive's directory.
struct Entry<'b> {
    name: &'b [u8],
    /// Where it begins.
    at: usize,
}

/// The directory of an archive, as far as it can be read; `None` if the bytes are no archive.
fn entries(bytes: &[u8]) -> Option<impl Iterator<Item = Entry<'_>>> {
    if !bytes.starts_with(LOCAL_FILE) {
        return None;
    }
    let tail = bytes.len().saturating_sub(LONGEST_END);
    let end = tail + memchr::memmem::rfind(bytes.get(tail..)?, END_OF_DIRECTORY)?;
    let count = u16_at(bytes, end + 10)?;
    let mut next = u32_at(bytes, end + 16)?;
    let mut read_next = move || {
        let at = next;
        let entry = bytes.get(at..).filter(|entry| entry.starts_with(DIRECTORY_ENTRY))?;
        let name_length = u16_at(entry, 28)?;
        let name = entry.get(46..46 + name_length)?;
        next = at + 46 + name_length + u16_at(entry, 30)? + u16_at(entry, 32)?;
        Some(Entry { name, at })
    };
    Some((0..count).map_while(move |_| read_next()))
}

/// The file of the directory entry at `at`, stored (method 0) or deflated (8), if it has at most
/// `most` bytes.
fn file(bytes: &[u8], at: usize, most: usize) -> Option<Cow<'_, [u8]>> {
    let entry = bytes.get(at..)?;
    let (method, packed, unpacked) = (u16_at(entry, 10)?, u32_at(entry, 20)?, u32_at(entry, 24)?);
    let local = bytes.get(u32_at(entry, 42)?..).filter(|local| local.starts_with(LOCAL_FILE))?;
    let start = 30 + u16_at(local, 26)? + u16_at(local, 28)?;
    let data = local.get(start..start.checked_add(packed)?)?;
    match method {
        0 if packed <= most => Some(Cow::Borrowed(data)),
        8 if unpacked <= most => decompress_to_vec_with_limit(data, unpacked).ok().map(Cow::Owned),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of these files: name, and content. Those called `*.gif` are deflated.
    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        let u16s = |numbers: &[usize]| -> Vec<u8> {
            numbers.iter().flat_map(|&number| (number as u16).to_le_bytes()).collect()
        };
        let u32s = |numbers: &[usize]| -> Vec<u8> {
            numbers.iter().flat_map(|&number| (number as u32).to_le_bytes()).collect()
        };
        for (name, content) in files {
            let is_packed = name.ends_with(".gif");
            let data = if is_packed {
                miniz_oxide::deflate::compress_to_vec(content, 6)
            } else {
                content.to_vec()
            };
            let start = bytes.len();
            let method = if is_packed { 8 } else { 0 };
            let common = [
                u16s(&[20, 0x800, method, 0, 0]),
                u32s(&[0, data.len(), content.len()]),
                u16s(&[name.len(), 0]),
            ]
            .concat();
            bytes.extend([LOCAL_FILE, &common, name.as_bytes(), &data].concat());
            directory.extend([DIRECTORY_ENTRY, &u16s(&[20]), &common].concat());
            directory.extend([u16s(&[0, 0, 0]), u32s(&[0, start])].concat());
            directory.extend(name.as_bytes());
        }
        let start = bytes.len();
        bytes.extend(&directory);
        bytes.extend(END_OF_DIRECTORY);
        bytes.extend(u16s(&[0, 0, files.len(), files.len()]));
        bytes.extend(u32s(&[directory.len(), start]));
        bytes.extend(u16s(&[0]));
        bytes
    }

    #[test]
    fn pictures_are_found_by_any_way_to_write_their_path() {
        let archive = archive(&[
            ("gedcom.ged", b"0 HEAD\n0 TRLR\n"),
            ("Media/Ann Lee.JPG", b"ann"),
            ("media/100%.png", b"percent"),
            ("packed.gif", &[7; 1000]),
            ("../out.png", b"out"),
            ("notes.txt", b"text"),
            ("漢.webp", b"han"),
        ]);
        assert_eq!(unpack(&archive).unwrap().as_ref(), b"0 HEAD\n0 TRLR\n");
        let pictures = Pictures::of(&archive);
        assert!(!pictures.is_empty());
        let check = |path: &str, expect: Option<&[u8]>| {
            assert_eq!(pictures.bytes(&archive, path).as_deref(), expect, "{path}");
            assert_eq!(pictures.has(path), expect.is_some());
        };
        check("Media/Ann Lee.JPG", Some(b"ann"));
        check("./media\\ann%20lee.jpg", Some(b"ann"));
        check("media/100%.png", Some(b"percent"));
        check("packed.gif", Some(&[7; 1000]));
        check("%E6%BC%A2.webp", Some("han".as_bytes()));
        for path in [
            "",
            "out.png",
            "../out.png",
            "media/../packed.gif",
            "%2e%2e/out.png",
            "notes.txt",
            "file:///packed.gif",
            "%zz.gif",
            "%",
            "nobody.gif",
        ] {
            check(path, None);
        }
        assert!(Pictures::of(b"0 HEAD\n").is_empty());
        // What is shown is there to be written into another archive too.
        let contents = Contents::of(&archive);
        assert_eq!(contents.get("media/ann lee.jpg").as_deref(), Some(&b"ann"[..]));
        assert_eq!(contents.get("Media/../packed.gif"), None);
    }

    #[test]
    fn an_archive_is_walked_once_for_all_its_files() {
        let names: Vec<String> = (0..30_000).map(|number| format!("Media/{number}.png")).collect();
        let files: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), &b"."[..])).collect();
        let archive = archive(&files);
        let contents = Contents::of(&archive);
        assert!(names.iter().all(|name| contents.get(name).is_some()));
        assert!(names.iter().all(|name| contents.get(&name.to_lowercase()).is_some()));
        assert!(names.iter().all(|name| contents.get(&format!("{name}.gif")).is_none()));
    }

    #[test]
    fn pictures_that_claim_too_much_are_refused() {
        let mut bytes = archive(&[("a.gif", &[0; 4000])]);
        let entry = *Pictures::of(&bytes).entries.get("a.gif").unwrap();
        bytes[entry + 24..entry + 28].copy_from_slice(&(MOST_PICTURE as u32 + 1).to_le_bytes());
        assert_eq!(Pictures::of(&bytes).bytes(&bytes, "a.gif"), None);
        bytes[entry + 24..entry + 28].copy_from_slice(&3999u32.to_le_bytes());
        assert_eq!(Pictures::of(&bytes).bytes(&bytes, "a.gif"), None, "more than it says");
        let bomb = archive(&[("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x80\0\0\0\x80\0")]);
        assert_eq!(Pictures::of(&bomb).bytes(&bomb, "a.png"), None, "a gigapixel");
        let short = bytes.len() - 60;
        assert!(Pictures::of(&bytes[..short]).is_empty());
    }
}
