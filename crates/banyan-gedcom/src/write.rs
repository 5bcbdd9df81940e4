//! Records into a file: GEDCOM 5.5.1 or 7.0.

mod csv;
mod encode;
mod flow;
mod gedzip;
mod json;
pub(crate) mod line;
mod mask;

use std::io;

use crate::{
    diagnostic::Diagnostic,
    records::Records,
    tree::{Element, Tree},
};
pub use csv::write_csv;
pub use encode::Charset as WriteEncoding;
pub use gedzip::write_gedzip;
pub use json::write_json;
pub use mask::Mask;

/// A version of GEDCOM that can be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    #[default]
    V551,
    V7,
}

impl Version {
    /// As the header states it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V551 => "5.5.1",
            Self::V7 => "7.0",
        }
    }
}

/// What a file is written as.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteOptions<'m> {
    pub version: Version,
    /// 7.0 is always UTF-8.
    pub encoding: WriteEncoding,
    /// Who is hidden.
    pub mask: Option<&'m Mask>,
}

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("line {line}: {} has no “{character}”", encoding.declared())]
    NotEncodable { line: u32, character: char, encoding: WriteEncoding },
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes all records as a file of a version, converting those of another, and gives what has no
/// counterpart there and how it was kept. `progress` hears how much is done, from 0 to 1.
pub fn write(
    records: &Records,
    options: &WriteOptions<'_>,
    out: &mut dyn io::Write,
    progress: &mut dyn FnMut(f32),
) -> Result<Vec<Diagnostic>, WriteError> {
    let encoding = match options.version {
        Version::V551 => options.encoding,
        Version::V7 => WriteEncoding::Utf8,
    };
    let mut sink = Sink { out, encoding, text: String::new(), version: options.version };
    sink.begin()?;
    let mut has_header = false;
    let version = options.version;
    let diagnostics = flow::for_each(
        records,
        version,
        options.mask,
        |_| true,
        progress,
        |tree| {
            let is_header = tree.get(0).is_some_and(|top| top.tag == "HEAD");
            if !has_header && !is_header {
                sink.header()?;
            }
            // Files that were joined have several headers; a version that they state must be true.
            if is_header && (!has_header || tree.child(0, "GEDC").is_some()) {
                state(tree, version, encoding);
            }
            has_header = true;
            sink.put(tree)
        },
    )?;
    if !has_header {
        sink.header()?;
    }
    sink.trailer()?;
    Ok(diagnostics)
}

/// Makes a header state the version and the encoding that follow.
fn state(head: &mut Tree<'_>, version: Version, encoding: WriteEncoding) {
    let gedc = match head.child(0, "GEDC") {
        Some(gedc) => gedc,
        None => head.add(0, "GEDC", ""),
    };
    let set =
        |head: &mut Tree<'_>, parent: usize, tag: &'static str, value: &'static str| match head
            .child(parent, tag)
        {
            Some(child) => {
                head.set_value(child, value);
                if let Some(child) = head.get_mut(child) {
                    child.is_pointer = false;
                }
            }
            None => {
                head.add(parent, tag, value);
            }
        };
    set(head, gedc, "VERS", version.name());
    match version {
        Version::V551 => {
            set(head, gedc, "FORM", "LINEAGE-LINKED");
            set(head, 0, "CHAR", encoding.declared());
        }
        Version::V7 => {
            for (parent, tag) in [(gedc, "FORM"), (0, "CHAR")] {
                while let Some(old) = head.child(parent, tag) {
                    head.detach(old);
                }
            }
        }
    }
}

/// Where the records go, one by one.
struct Sink<'a> {
    out: &'a mut dyn io::Write,
    encoding: WriteEncoding,
    version: Version,
    /// The record in hand.
    text: String,
}

impl Sink<'_> {
    /// 7.0 begins with a byte order mark, as its standard advises; 5.5.1 does so in UTF-16 alone,
    /// because old programs take that of UTF-8 for a part of the first line.
    fn begin(&mut self) -> Result<(), WriteError> {
        if self.version == Version::V7 || self.encoding == WriteEncoding::Utf16 {
            self.text.push('\u{feff}');
            self.flush(0)?;
        }
        Ok(())
    }

    /// A header for a file that has none.
    fn header(&mut self) -> Result<(), WriteError> {
        let mut head = Tree::default();
        head.append(None, Element::new("HEAD", ""));
        state(&mut head, self.version, self.encoding);
        self.put(&head)
    }

    fn trailer(&mut self) -> Result<(), WriteError> {
        self.text.push_str("0 TRLR\n");
        self.flush(0)
    }

    fn put(&mut self, tree: &Tree<'_>) -> Result<(), WriteError> {
        line::write(tree, self.version, &mut self.text);
        self.flush(tree.get(0).map_or(0, |top| top.line))
    }

    fn flush(&mut self, line: u32) -> Result<(), WriteError> {
        let encoding = self.encoding;
        let written = encoding.write(&self.text, self.out);
        self.text.clear();
        match written? {
            None => Ok(()),
            Some(character) => Err(WriteError::NotEncodable { line, character, encoding }),
        }
    }
}
