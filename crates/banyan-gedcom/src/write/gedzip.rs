//! GEDZip: the file as 7.0 and the media that it names in one ZIP archive (GEDCOM 7.0, chapter 4).
//!
//! The entries are written one after another; what is held is one of them. Layout after PKWARE's
//! APPNOTE.TXT 6.3.10, without the extensions for archives of 4 GiB and more.

use std::{borrow::Cow, collections::BTreeSet, io};

use miniz_oxide::deflate::compress_to_vec;

use crate::{
    convert::media_name,
    diagnostic::Diagnostic,
    gedzip::{Contents, decoded},
    records::Records,
    write::{Mask, Version, WriteError, WriteOptions, flow, write},
};

/// 1 January 1980, the beginning of time in a ZIP archive: the same file gives the same archive.
const DATE: u16 = 1 << 5 | 1;
/// How hard is tried to make it small, of 10.
const EFFORT: u8 = 6;

/// What the file is called in its archive.
const GEDCOM: &str = "gedcom.ged";

/// Writes an archive of the records as 7.0 and of their media: from `archive`, if the file came out of
/// one, or what `load` gives for a path relative to the file. A medium that neither has is left out,
/// and so is one whose path leads elsewhere.
pub fn write_gedzip(
    records: &Records,
    mask: Option<&Mask>,
    archive: Option<&[u8]>,
    load: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
    out: &mut dyn io::Write,
    progress: &mut dyn FnMut(f32),
) -> Result<Vec<Diagnostic>, WriteError> {
    let mut gedcom = Vec::new();
    let options = WriteOptions { version: Version::V7, mask, ..WriteOptions::default() };
    let notes = write(records, &options, &mut gedcom, &mut |share| progress(share / 2.0))?;
    let mut paths: BTreeSet<String> = BTreeSet::new();
    let mut half = |share: f32| progress(0.5 + share / 2.0);
    flow::for_each(
        records,
        Version::V7,
        mask,
        |_| true,
        &mut half,
        |tree| {
            let files = tree.walk(0).filter_map(|(at, _)| tree.get(at));
            paths
                .extend(files.filter(|file| file.tag == "FILE").map(|file| file.value.to_string()));
            Ok::<(), WriteError>(())
        },
    )?;
    let mut zip = Zip { out, offset: 0, directory: Vec::new(), count: 0 };
    zip.add(GEDCOM, &gedcom, true)?;
    drop(gedcom);
    // Two addresses may lead to one file, and none to another GEDCOM in the place of this.
    let names: BTreeSet<String> = (paths.into_iter().filter(|path| media_name(path)))
        .map(|path| decoded(&path).unwrap_or(path))
        .filter(|name| media_name(name) && !name.eq_ignore_ascii_case(GEDCOM))
        .collect();
    let contents = archive.map(Contents::of);
    for name in names {
        let content = match &contents {
            Some(contents) => contents.get(&name).map(Cow::into_owned),
            None => load(&name),
        };
        if let Some(content) = content {
            // Pictures and recordings are small already.
            zip.add(&name, &content, false)?;
        }
    }
    zip.finish()?;
    Ok(notes)
}

struct Zip<'o> {
    out: &'o mut dyn io::Write,
    offset: u64,
    directory: Vec<u8>,
    count: u16,
}

impl Zip<'_> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.offset += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn add(&mut self, name: &str, content: &[u8], is_text: bool) -> Result<(), WriteError> {
        let packed;
        let (method, data): (u16, &[u8]) = if is_text {
            packed = compress_to_vec(content, EFFORT);
            (8, &packed)
        } else {
            (0, content)
        };
        let small = |number: usize| u32::try_from(number).map_err(|_| too_large());
        let name_length = u16::try_from(name.len()).map_err(|_| too_large())?;
        let mut common = Vec::new();
        // Version 2.0, names in UTF-8.
        for number in [20, 0x800, method, 0, DATE] {
            common.extend(number.to_le_bytes());
        }
        for number in [crc(content), small(data.len())?, small(content.len())?] {
            common.extend(number.to_le_bytes());
        }
        common.extend(name_length.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        let start = u32::try_from(self.offset).map_err(|_| too_large())?;
        self.put(b"PK\x03\x04")?;
        self.put(&common)?;
        self.put(name.as_bytes())?;
        self.put(data)?;
        self.directory.extend(b"PK\x01\x02\x14\x00");
        self.directory.extend(common);
        self.directory.extend([0; 10]);
        self.directory.extend(start.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count = self.count.checked_add(1).ok_or_else(too_large)?;
        Ok(())
    }

    fn finish(mut self) -> Result<(), WriteError> {
        let start = u32::try_from(self.offset).map_err(|_| too_large())?;
        let directory = std::mem::take(&mut self.directory);
        let length = u32::try_from(directory.len()).map_err(|_| too_large())?;
        self.put(&directory)?;
        let mut end = b"PK\x05\x06\x00\x00\x00\x00".to_vec();
        end.extend(self.count.to_le_bytes());
        end.extend(self.count.to_le_bytes());
        end.extend(length.to_le_bytes());
        end.extend(start.to_le_bytes());
        end.extend(0_u16.to_le_bytes());
        Ok(self.put(&end)?)
    }
}

fn too_large() -> WriteError {
    io::Error::new(io::ErrorKind::FileTooLarge, "a GEDZip archive ends at 4 GiB and 65,535 files")
        .into()
}

/// The checksum of ZIP: CRC-32, polynomial 0xEDB88320, four bits at a time.
fn crc(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = table();
    let step = |crc: u32| TABLE.get((crc & 15) as usize).copied().unwrap_or(0) ^ (crc >> 4);
    !bytes.iter().fold(u32::MAX, |crc, &byte| step(step(crc ^ u32::from(byte))))
}

const fn table() -> [u32; 16] {
    let mut table = [0; 16];
    let mut at = 0;
    while at < 16 {
        let mut crc = at as u32;
        let mut bit = 0;
        while bit < 4 {
            crc = if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
            bit += 1;
        }
        table[at] = crc;
        at += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, compare, gedzip::Pictures, open};

    #[test]
    fn the_checksum_is_that_of_zip() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc(b""), 0);
    }

    #[test]
    fn an_archive_holds_the_file_and_its_media() {
        let file = b"0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n0 @I1@ INDI\n1 OBJE\n2 FILE photos\\a b.jpg\n2 FORM jpg\n\
            1 OBJE\n2 FILE C:\\c.jpg\n1 OBJE\n2 FILE ../d.jpg\n1 OBJE\n2 FILE none.jpg\n\
            1 OBJE\n2 FILE gedcom.ged\n1 OBJE\n2 FILE photos/a b.jpg\n0 TRLR\n";
        let (_, records) = open(file.to_vec(), &ReadOptions::default(), &mut |_, _| {}).unwrap();
        let mut asked = Vec::new();
        let mut load = |path: &str| {
            asked.push(path.to_owned());
            (path == "photos/a b.jpg").then(|| b"picture".to_vec())
        };
        let mut archive = Vec::new();
        write_gedzip(&records, None, None, &mut load, &mut archive, &mut |_| {}).unwrap();
        assert_eq!(asked, ["none.jpg", "photos/a b.jpg"]);
        let pictures = Pictures::of(&archive);
        assert_eq!(pictures.bytes(&archive, "photos/a%20b.jpg").as_deref(), Some(&b"picture"[..]));
        let (_, inside) = open(archive.clone(), &ReadOptions::default(), &mut |_, _| {}).unwrap();
        assert!(compare(&records, &inside, 9).is_same());
        // From archive to archive, without the disk.
        let mut again = Vec::new();
        let mut no_disk = |path: &str| panic!("{path}");
        write_gedzip(&inside, None, Some(&archive), &mut no_disk, &mut again, &mut |_| {}).unwrap();
        assert_eq!(again, archive);
    }
}
