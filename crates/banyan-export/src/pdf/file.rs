//! The bytes of a PDF file (ISO 32000-1): objects, their places, the table of places at the end.

use std::fmt;
use std::io::{self, Write};

use flate2::{Compression, write::ZlibEncoder};

/// An object, as other objects name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ref(u32);

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 0 R", self.0)
    }
}

/// Writes objects as they come and remembers where they stand.
pub(crate) struct PdfFile<W: Write> {
    out: W,
    written: u64,
    /// Of each object, from number 1 on; 0 for one that is only reserved.
    places: Vec<u64>,
}

impl<W: Write> PdfFile<W> {
    pub(crate) fn new(out: W) -> io::Result<Self> {
        let mut file = Self { out, written: 0, places: Vec::new() };
        // Bytes beyond ASCII tell those who move files that this is not text.
        file.put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(file)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// A number for an object that is written later.
    pub(crate) fn reserve(&mut self) -> Ref {
        self.places.push(0);
        Ref(self.places.len() as u32)
    }

    fn begin(&mut self, object: Ref) -> io::Result<()> {
        let place = self.written;
        if let Some(slot) = self.places.get_mut(object.0 as usize - 1) {
            *slot = place;
        }
        self.put(format!("{} 0 obj\n", object.0).as_bytes())
    }

    pub(crate) fn object(&mut self, object: Ref, body: &str) -> io::Result<()> {
        self.begin(object)?;
        self.put(body.as_bytes())?;
        self.put(b"\nendobj\n")
    }

    /// An object with data, which is compressed here. `entries` of its dictionary come on top of
    /// the length and the filter.
    pub(crate) fn stream(&mut self, object: Ref, entries: &str, data: &[u8]) -> io::Result<()> {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(data)?;
        let packed = zlib.finish()?;
        self.begin(object)?;
        let head =
            format!("<< /Length {} /Filter /FlateDecode {entries}>>\nstream\n", packed.len());
        self.put(head.as_bytes())?;
        self.put(&packed)?;
        self.put(b"\nendstream\nendobj\n")
    }

    pub(crate) fn finish(&mut self, catalog: Ref, info: Ref) -> io::Result<()> {
        let start = self.written;
        let count = self.places.len() + 1;
        self.put(format!("xref\n0 {count}\n0000000000 65535 f \n").as_bytes())?;
        for place in std::mem::take(&mut self.places) {
            // Ten digits end at ten gigabytes, where no reader follows.
            self.put(format!("{place:010} 00000 n \n").as_bytes())?;
        }
        let trailer = format!(
            "trailer\n<< /Size {count} /Root {catalog} /Info {info} >>\nstartxref\n{start}\n%%EOF\n"
        );
        self.put(trailer.as_bytes())?;
        self.out.flush()
    }
}

/// A text in the words of a dictionary: UTF-16 in hexadecimal, after its mark.
pub(crate) fn text_string(text: &str) -> String {
    format!("<FEFF{}>", utf16_hex(text))
}

pub(crate) fn utf16_hex(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04X}")).collect()
}
