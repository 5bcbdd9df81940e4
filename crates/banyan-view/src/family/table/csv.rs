//! The table as a file (RFC 4180): the columns that are shown, the rows in their order. It begins with
//! a byte order mark, by which spreadsheets know UTF-8.

use std::io;

use banyan_kin::PersonId;

use super::TableOrder;
use crate::family::FamilyWorld;

/// Bytes that are handed on at once.
const CHUNK: usize = 1 << 16;

impl FamilyWorld {
    pub fn write_table(
        &self,
        order: &TableOrder,
        rows: &[u32],
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut text = String::from("\u{feff}");
        line(&mut text, order.columns.iter().map(|&column| self.column_label(column)));
        for &row in rows {
            let cells = order.columns.iter().map(|&column| self.cell(column, PersonId(row)));
            line(&mut text, cells);
            if text.len() >= CHUNK {
                out.write_all(text.as_bytes())?;
                text.clear();
            }
        }
        out.write_all(text.as_bytes())
    }
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            text.push(',');
        }
        let is_quoted = cell.contains(['"', ',', '\n', '\r', ';'])
            || cell.starts_with(' ')
            || cell.ends_with(' ');
        if is_quoted {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}
