//! Tables as text: rows of cells between commas, semicolons or tabs (RFC 4180 and its relatives).

use super::{
    Gedcom, Table,
    columns::{self, Column},
    table::Row,
};
use crate::{diagnostic::Diagnostics, tree::Tree};

/// The GEDCOM of a table; `None` if the text is no table of persons.
pub(super) fn read(text: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let separator = separator(first)?;
    let mut rows = Rows { rest: text, separator };
    let mut head: Option<Vec<Column>> = None;
    let mut table = Table::default();
    while let Some(cells) = rows.next() {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            // Another table may follow, with a head of its own; most often nothing does.
            let mut ahead = Rows { rest: rows.rest, separator };
            if let Some(next) = ahead.next().and_then(|cells| columns(&cells)) {
                (head, rows) = (Some(next), ahead);
            }
            continue;
        }
        let Some(columns_of_table) = &head else {
            head = Some(columns(&cells)?);
            continue;
        };
        let cells = columns_of_table.iter().cloned().zip(cells);
        table.add(Row { cells: cells.filter(|(_, cell)| !cell.trim().is_empty()).collect() });
    }
    head?;
    let mut gedcom = Gedcom::new(Tree::default());
    table.write(&mut gedcom, diagnostics);
    Some(gedcom.finish())
}

/// The columns of a head; `None` if no column names somebody, or there is but one.
fn columns(cells: &[String]) -> Option<Vec<Column>> {
    let columns = columns::columns(cells.iter().map(String::as_str));
    (columns.len() > 1 && columns.iter().any(Column::names_somebody)).then_some(columns)
}

/// What stands between the cells of a line: the sign that it has most of.
fn separator(line: &str) -> Option<char> {
    let mut best = None;
    for sign in [',', ';', '\t', '|', '，', '；'] {
        let mut is_quoted = false;
        let count = line
            .chars()
            .filter(|&c| {
                is_quoted ^= c == '"';
                c == sign && !is_quoted
            })
            .count();
        if count > best.map_or(0, |(most, _)| most) {
            best = Some((count, sign));
        }
    }
    best.map(|(_, sign)| sign)
}

struct Rows<'t> {
    rest: &'t str,
    separator: char,
}

impl Rows<'_> {
    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            let (cell, is_last) = self.cell();
            cells.push(cell);
            if is_last {
                return Some(cells);
            }
        }
    }

    /// The next cell and whether the row ends with it.
    fn cell(&mut self) -> (String, bool) {
        let mut cell = String::new();
        let mut is_quoted = false;
        let mut chars = self.rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if is_quoted {
                match c {
                    '"' if chars.next_if(|&(_, next)| next == '"').is_some() => cell.push('"'),
                    '"' => is_quoted = false,
                    _ => cell.push(c),
                }
            } else if c == '"' && cell.trim().is_empty() {
                cell.clear();
                is_quoted = true;
            } else if c == self.separator {
                self.rest = self.rest.get(at + c.len_utf8()..).unwrap_or_default();
                return (cell, false);
            } else if matches!(c, '\n' | '\r') {
                let is_pair = c == '\r' && chars.next_if(|&(_, next)| next == '\n').is_some();
                self.rest = self.rest.get(at + 1 + usize::from(is_pair)..).unwrap_or_default();
                return (cell, true);
            } else {
                cell.push(c);
            }
        }
        self.rest = "";
        (cell, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cut_as_spreadsheets_write_them() {
        let mut rows = Rows { rest: "a,\"b,\"\"c\"\"\nd\", e \r\n\r\n,x\n", separator: ',' };
        let mut found = Vec::new();
        while let Some(row) = rows.next() {
            found.push(row.join("|"));
        }
        assert_eq!(found, ["a|b,\"c\"\nd| e ", "", "|x"]);
        assert_eq!(separator("姓名；父亲；\"a,b,c\""), Some('；'));
        assert_eq!(separator("name"), None);
    }
}
