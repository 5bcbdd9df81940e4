//! Changes to records, each with the change that undoes it.
//!
//! A changed record is written anew behind all others and its old lines stay where they are, so that
//! undoing costs nothing and nothing is ever lost.

use super::{Entry, Place, RecordId, Records};
use crate::{
    diagnostic::Diagnostics,
    document::RecordKind,
    line::{Line, Lines},
};

/// A change to the lines of one record. [`Records::apply`] gives the change that undoes it.
///
/// Lines are written as GEDCOM has them: "1 NAME Ann /Lee/". Line 0 of a record is its top line, and
/// continuations count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Adds a record behind all others.
    AddRecord {
        lines: String,
    },
    /// Puts other lines in the place of all that a record has.
    ChangeRecord {
        record: RecordId,
        lines: String,
    },
    RemoveRecord {
        record: RecordId,
    },
    /// Puts lines before the line with this number, or behind the last.
    InsertLines {
        record: RecordId,
        at: usize,
        lines: String,
    },
    /// Puts other lines in the place of some.
    ChangeLines {
        record: RecordId,
        at: usize,
        count: usize,
        lines: String,
    },
    /// Takes out lines, not the top one.
    RemoveLines {
        record: RecordId,
        at: usize,
        count: usize,
    },
    /// Brings back what a record was before another edit.
    Restore(Before),
}

/// What a record was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    record: RecordId,
    entry: Entry,
}

/// Why a change cannot be made; the records are then as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("there is no such record")]
    NoRecord,
    #[error("the record has no such line")]
    NoLine,
    #[error("a record begins with one line of level 0, which no other line of it has")]
    NotOneRecord,
    #[error("the changes take 4 GiB")]
    Full,
}

impl Records {
    /// Makes a change and gives the one that undoes it.
    pub fn apply(&mut self, edit: Edit) -> Result<Edit, EditError> {
        match edit {
            Edit::AddRecord { lines } => {
                let line = self.entries.last().map_or(0, |entry| entry.line).max(self.lines) + 1;
                let record = u32::try_from(self.entries.len()).map_err(|_| EditError::Full)?;
                let record = RecordId(record);
                let entry = self.written(&lines, line)?;
                self.entries.push(entry);
                Ok(Edit::Restore(Before {
                    record,
                    entry: Entry { place: Place::Nowhere, ..entry },
                }))
            }
            Edit::ChangeRecord { record, lines } => self.rewrite(record, &lines),
            Edit::RemoveRecord { record } => {
                let entry = self.there(record)?;
                self.put(record, Entry { place: Place::Nowhere, ..entry })
            }
            Edit::InsertLines { record, at, lines } => self.splice(record, at, 0, &lines),
            Edit::ChangeLines { record, at, count, lines } => {
                self.splice(record, at, count, &lines)
            }
            Edit::RemoveLines { record, at, count } => self.splice(record, at, count, ""),
            Edit::Restore(Before { record, entry }) => self.put(record, entry),
        }
    }

    fn there(&self, record: RecordId) -> Result<Entry, EditError> {
        self.entry(record).copied().filter(Entry::is_there).ok_or(EditError::NoRecord)
    }

    fn put(&mut self, record: RecordId, mut entry: Entry) -> Result<Edit, EditError> {
        let slot = self.entries.get_mut(record.0 as usize).ok_or(EditError::NoRecord)?;
        // Lines may have been counted anew since.
        entry.line = slot.line;
        let entry = std::mem::replace(slot, entry);
        Ok(Edit::Restore(Before { record, entry }))
    }

    fn rewrite(&mut self, record: RecordId, lines: &str) -> Result<Edit, EditError> {
        let line = self.there(record)?.line;
        let entry = self.written(lines, line)?;
        self.put(record, entry)
    }

    fn splice(
        &mut self,
        record: RecordId,
        at: usize,
        count: usize,
        lines: &str,
    ) -> Result<Edit, EditError> {
        self.there(record)?;
        let text = self.text(record);
        let mut starts: Vec<usize> = self.lines(record).map(|line| line.start as usize).collect();
        if at > starts.len() || at + count > starts.len() {
            return Err(EditError::NoLine);
        }
        starts.push(text.len());
        let (Some(&from), Some(&to)) = (starts.get(at), starts.get(at + count)) else {
            return Err(EditError::NoLine);
        };
        let (before, after) =
            (text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default());
        let changed = [before, lines, after]
            .iter()
            .map(|part| part.trim_end_matches(['\n', '\r']))
            .filter(|part| !part.is_empty())
            .collect::<Vec<&str>>()
            .join("\n");
        self.rewrite(record, &changed)
    }

    /// Writes a record behind all others, if the lines are one.
    fn written(&mut self, lines: &str, line: u32) -> Result<Entry, EditError> {
        let mut diagnostics = Diagnostics::default();
        let mut walk = Lines::new(lines, 0);
        let top: Line<'_> = walk.next(&mut diagnostics).ok_or(EditError::NotOneRecord)?;
        let is_level_0 = lines.trim_start().starts_with("0 ");
        while let Some(line) = walk.next(&mut diagnostics) {
            if line.depth == 0 {
                return Err(EditError::NotOneRecord);
            }
        }
        let kind = RecordKind::of(top.tag);
        if !is_level_0 || kind == RecordKind::Trailer {
            return Err(EditError::NotOneRecord);
        }
        let start = u32::try_from(self.added.len()).map_err(|_| EditError::Full)?;
        let end = self.added.len() + lines.len() + 1;
        let end = u32::try_from(end).map_err(|_| EditError::Full)?;
        self.added.push_str(lines);
        self.added.push('\n');
        Ok(Entry { kind, place: Place::Added, line, start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, open};

    fn records() -> Records {
        let file = b"0 HEAD\r\n1 CHAR UTF-8\r\n0 @I1@ INDI\r\n1 NAME Ann /Lee/\r\n1 NOTE a\r\n2 CONT b\r\n\
            0 @I2@ INDI\r\n1 NAME Bo /Lee/\r\n0 TRLR\r\n";
        open(file.to_vec(), &ReadOptions::default(), &mut |_, _| {}).unwrap().1
    }

    #[test]
    fn every_change_can_be_undone_and_done_again() {
        let mut records = records();
        let first = records.whole();
        let ann = records.by_xref("@I1@").unwrap();
        let edits = [
            Edit::InsertLines { record: ann, at: 1, lines: "1 SEX F".into() },
            Edit::ChangeLines { record: ann, at: 3, count: 2, lines: "1 NOTE c\n2 CONT d".into() },
            Edit::RemoveLines { record: ann, at: 2, count: 1 },
            Edit::AddRecord { lines: "0 @F1@ FAM\n1 WIFE @I1@".into() },
            Edit::RemoveRecord { record: records.by_xref("I2").unwrap() },
            Edit::ChangeRecord { record: ann, lines: "0 @I1@ INDI\n1 NAME Anna /Lee/".into() },
        ];
        let (mut texts, mut undo) = (vec![first], Vec::new());
        for edit in edits {
            undo.push(records.apply(edit).unwrap());
            texts.push(records.whole());
        }
        assert_eq!(
            texts[3],
            "0 HEAD\r\n1 CHAR UTF-8\n0 @I1@ INDI\n1 SEX F\n1 NOTE c\n2 CONT d\n\
             0 @I2@ INDI\r\n1 NAME Bo /Lee/\n0 TRLR\n"
        );
        let last = texts.pop().unwrap();
        assert_eq!(
            last,
            "0 HEAD\r\n1 CHAR UTF-8\n0 @I1@ INDI\n1 NAME Anna /Lee/\n0 @F1@ FAM\n1 WIFE @I1@\n0 TRLR\n"
        );
        let mut redo = Vec::new();
        for (text, edit) in texts.iter().zip(undo).rev() {
            redo.push(records.apply(edit).unwrap());
            assert_eq!(&records.whole(), text);
        }
        for edit in redo.into_iter().rev() {
            records.apply(edit).unwrap();
        }
        assert_eq!(records.whole(), last);
    }

    #[test]
    fn a_changed_file_is_read_anew() {
        let mut records = records();
        let ann = records.by_xref("I1").unwrap();
        records
            .apply(Edit::InsertLines { record: ann, at: 1, lines: "1 SEX F\n1 BIRT Y".into() })
            .unwrap();
        records
            .apply(Edit::AddRecord { lines: "0 @F1@ FAM\n1 WIFE @I1@\n1 CHIL @I2@".into() })
            .unwrap();
        let document = records.reread(&mut |_, _| {}).unwrap();
        assert_eq!((document.genealogy.persons.len(), document.genealogy.unions.len()), (2, 1));
        for person in &document.genealogy.persons {
            let xref = document.genealogy.texts.get(person.xref);
            assert!(records.raw(person).starts_with(&format!("0 @{xref}@ INDI")), "{xref}");
        }
        assert_eq!(records.at_line(document.lines + 9), None);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let mut records = records();
        let before = records.whole();
        let record = records.by_xref("I1").unwrap();
        for (edit, error) in [
            (Edit::AddRecord { lines: "0 @I3@ INDI\n0 @I4@ INDI".into() }, EditError::NotOneRecord),
            (Edit::AddRecord { lines: "1 NAME Ann".into() }, EditError::NotOneRecord),
            (Edit::AddRecord { lines: String::new() }, EditError::NotOneRecord),
            (Edit::AddRecord { lines: "0 TRLR".into() }, EditError::NotOneRecord),
            (Edit::RemoveLines { record, at: 0, count: 1 }, EditError::NotOneRecord),
            (Edit::RemoveLines { record, at: 3, count: 2 }, EditError::NoLine),
            (Edit::InsertLines { record, at: 5, lines: "1 SEX F".into() }, EditError::NoLine),
            (Edit::RemoveRecord { record: RecordId(9) }, EditError::NoRecord),
        ] {
            assert_eq!(records.apply(edit.clone()), Err(error), "{edit:?}");
        }
        assert_eq!(records.whole(), before);
    }
}
