//! Tables as text: rows of cells between commas, semicolons or tabs (RFC 4180 and its relatives).

use super::{
    Gedcom, Table,
    columns::{self, Column},
    table::Row,
};
use crate::{
    diagnostic::{Diagnostics, Reason},
    tree::Tree,
};

/// The GEDCOM of a table; `None` if the text is no table of persons.
pub(super) fn read(text: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let separator = separator(first)?;
    let mut rows = Rows::new(text, separator);
    let mut head: Option<Vec<Column>> = None;
    let mut table = Table::default();
    while let Some(cells) = rows.next() {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            // Another table may follow, with a head of its own; most often nothing does.
            let mut ahead = Rows { ..rows };
            if let Some(next) = ahead.next().and_then(|cells| columns(&cells)) {
                (head, rows) = (Some(next), ahead);
            }
            continue;
        }
        let Some(columns_of_table) = &head else {
            head = Some(columns(&cells)?);
            continue;
        };
        if std::mem::take(&mut rows.is_open) {
            table.note(Reason::OpenQuote);
        }
        let extra = cells.iter().skip(columns_of_table.len());
        let extra = extra.filter(|cell| !cell.trim().is_empty()).count();
        if extra > 0 {
            let count = u32::try_from(extra).unwrap_or(u32::MAX);
            table.note(Reason::ExtraCells { count });
        }
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
    /// Whether a quote of the last row was never ended.
    is_open: bool,
    /// Whether that happened before: it is looked for through the whole file once only.
    was_open: bool,
}

impl<'t> Rows<'t> {
    const fn new(rest: &'t str, separator: char) -> Self {
        Self { rest, separator, is_open: false, was_open: false }
    }

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

    /// The next cell and whether the row ends with it. A quote that nothing ends is a letter like any
    /// other, and not the beginning of a cell that holds the rest of the file.
    fn cell(&mut self) -> (String, bool) {
        let rest = self.rest;
        match self.cell_of(true) {
            None => {
                (self.rest, self.is_open, self.was_open) = (rest, true, true);
                self.cell_of(false).unwrap_or_default()
            }
            Some(cell) => cell,
        }
    }

    fn cell_of(&mut self, has_quotes: bool) -> Option<(String, bool)> {
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
            } else if c == '"' && has_quotes && cell.trim().is_empty() {
                cell.clear();
                is_quoted = true;
            } else if c == self.separator {
                self.rest = self.rest.get(at + c.len_utf8()..).unwrap_or_default();
                return Some((cell, false));
            } else if matches!(c, '\n' | '\r') {
                let is_pair = c == '\r' && chars.next_if(|&(_, next)| next == '\n').is_some();
                self.rest = self.rest.get(at + 1 + usize::from(is_pair)..).unwrap_or_default();
                return Some((cell, true));
            } else {
                cell.push(c);
            }
        }
        self.rest = "";
        (!is_quoted || self.was_open).then_some((cell, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cut_as_spreadsheets_write_them() {
        let mut rows = Rows::new("a,\"b,\"\"c\"\"\nd\", e \r\n\r\n,x\n", ',');
        let mut found = Vec::new();
        while let Some(row) = rows.next() {
            found.push(row.join("|"));
        }
        assert_eq!(found, ["a|b,\"c\"\nd| e ", "", "|x"]);
        assert_eq!(separator("姓名；父亲；\"a,b,c\""), Some('；'));
        assert_eq!(separator("name"), None);
    }

    #[test]
    fn what_is_odd_in_a_table_is_said_and_the_rest_is_read() {
        let said = |text: &str| -> (usize, Vec<String>) {
            let document = crate::read(text.as_bytes(), &mut |_, _| {}).unwrap();
            let codes = document.diagnostics.iter().map(|it| it.reason.code().to_owned());
            (document.genealogy.persons.len(), codes.collect())
        };
        let check = |text: &str, persons: usize, codes: &[&str]| {
            assert_eq!(
                said(text),
                (persons, codes.iter().map(ToString::to_string).collect()),
                "{text}"
            );
        };
        check("id,name\r\nI1,\"Lee, \"\"Ann\"\"\r\nJr.\"\r\nI2,Bo", 2, &[]);
        check("\u{feff}id;name\rI1;A\rI2;B\r", 2, &[]);
        check("id,name,born\nI1,\"A,1900\nI2,B,1901\nI3,C,1902\n", 3, &["open_quote"]);
        check("id,name\nI1,A\nI1,B\nI2,C\n", 3, &["repeated_id"]);
        check("id,name,father\nI1,A,I9\n", 2, &["added_person"]);
        check("id,name,father,spouse\nI1,A,I1,I1\n", 1, &["own_relative", "own_relative"]);
        check("id,name\nI1\nI2,B,x,,y\n", 2, &["extra_cells"]);
        let quotes = "I1,\"\"\"\n".repeat(20_001);
        assert!(said(&format!("id,name\n{quotes}")).1.contains(&"open_quote".to_owned()));
    }
}
