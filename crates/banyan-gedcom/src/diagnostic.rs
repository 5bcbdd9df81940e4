//! What is odd about a file, where, and how much it matters.

use std::collections::BTreeMap;

/// One oddity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Line in the file, counted from 1.
    pub line: u32,
    /// The tag of that line; empty where the line has none.
    pub tag: String,
    pub severity: Severity,
    pub reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Not as the standard says, and understood all the same.
    Info,
    /// Understood by a guess.
    Warning,
    /// Something is lost, could not be understood, or is impossible.
    Error,
}

impl Severity {
    /// A stable name in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Why: a text for each code, to be filled with the values, says it. Texts of the file are cut to a readable
/// length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The header declares one encoding and the bytes are of another.
    OtherEncoding {
        declared: String,
        used: String,
    },
    /// Bytes that the encoding has no characters for.
    NotDecodable {
        characters: u32,
    },
    /// A continuation line that began in the middle of a character.
    SplitCharacter,
    /// Lines before the first record.
    JunkBeforeHeader,
    MissingHeader,
    MissingTrailer,
    AfterTrailer,
    BlankLine,
    IndentedLine,
    /// A line without a level, taken as a continuation of the line before.
    LineWithoutLevel {
        text: String,
    },
    MissingTag,
    SkippedLevel {
        from: u16,
        to: u16,
    },
    UnterminatedXref {
        text: String,
    },
    LongLine {
        characters: u32,
    },
    ControlCharacter,
    UnknownRecord,
    UnknownTag,
    DuplicateXref {
        xref: String,
        first_line: u32,
    },
    DanglingReference {
        xref: String,
    },
    /// A link that does not lead to the kind of record that it must; `expected` is the tag of that kind.
    WrongReference {
        xref: String,
        expected: &'static str,
    },
    /// A link without an identifier between `@`.
    NotAReference {
        text: String,
    },
    /// Only one of the two records states the link. It is kept.
    OneSidedLink {
        person: String,
        family: String,
    },
    RepeatedLink {
        person: String,
        family: String,
    },
    /// A person who is partner and child of one family. The link as a child is left out.
    PartnerAndChild {
        person: String,
        family: String,
    },
    OwnAncestor {
        person: String,
        others: u32,
    },
    DateNotUnderstood {
        text: String,
    },
    UnknownSex {
        text: String,
    },
    /// On the way to another version: what that has no place for, and the tag that keeps it.
    NoCounterpart {
        kept_as: String,
    },
    /// A person whom a table names as a relative, and who has no row.
    AddedPerson {
        name: String,
    },
    /// A relative whom a table names as several persons are named.
    SeveralPersons {
        name: String,
    },
    /// A row of a table whose identifier another row had before.
    RepeatedId {
        id: String,
    },
    /// Somebody whom a table names as their own parent, child or partner.
    OwnRelative {
        name: String,
    },
    /// A cell of a table that begins with a quote which nothing ends.
    OpenQuote,
    /// A row of a table with more cells than the table has columns.
    ExtraCells {
        count: u32,
    },
    /// JSON that ends in the middle, or goes wrong.
    BrokenJson {
        line: u32,
    },
    /// Further diagnostics of one kind, which are not listed.
    More {
        code: &'static str,
        count: u32,
    },
}

impl Reason {
    /// A stable name in snake case, the key of its translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherEncoding { .. } => "other_encoding",
            Self::NotDecodable { .. } => "not_decodable",
            Self::SplitCharacter => "split_character",
            Self::JunkBeforeHeader => "junk_before_header",
            Self::MissingHeader => "missing_header",
            Self::MissingTrailer => "missing_trailer",
            Self::AfterTrailer => "after_trailer",
            Self::BlankLine => "blank_line",
            Self::IndentedLine => "indented_line",
            Self::LineWithoutLevel { .. } => "line_without_level",
            Self::MissingTag => "missing_tag",
            Self::SkippedLevel { .. } => "skipped_level",
            Self::UnterminatedXref { .. } => "unterminated_xref",
            Self::LongLine { .. } => "long_line",
            Self::ControlCharacter => "control_character",
            Self::UnknownRecord => "unknown_record",
            Self::UnknownTag => "unknown_tag",
            Self::DuplicateXref { .. } => "duplicate_xref",
            Self::DanglingReference { .. } => "dangling_reference",
            Self::WrongReference { .. } => "wrong_reference",
            Self::NotAReference { .. } => "not_a_reference",
            Self::OneSidedLink { .. } => "one_sided_link",
            Self::RepeatedLink { .. } => "repeated_link",
            Self::PartnerAndChild { .. } => "partner_and_child",
            Self::OwnAncestor { .. } => "own_ancestor",
            Self::DateNotUnderstood { .. } => "date_not_understood",
            Self::UnknownSex { .. } => "unknown_sex",
            Self::NoCounterpart { .. } => "no_counterpart",
            Self::AddedPerson { .. } => "added_person",
            Self::SeveralPersons { .. } => "several_persons",
            Self::RepeatedId { .. } => "repeated_id",
            Self::OwnRelative { .. } => "own_relative",
            Self::OpenQuote => "open_quote",
            Self::ExtraCells { .. } => "extra_cells",
            Self::BrokenJson { .. } => "broken_json",
            Self::More { .. } => "more",
        }
    }

    pub const fn severity(&self) -> Severity {
        match self {
            Self::SplitCharacter
            | Self::BlankLine
            | Self::IndentedLine
            | Self::UnknownRecord
            | Self::UnknownTag
            | Self::OneSidedLink { .. }
            | Self::RepeatedLink { .. }
            | Self::DateNotUnderstood { .. }
            | Self::UnknownSex { .. }
            | Self::NoCounterpart { .. }
            | Self::AddedPerson { .. }
            | Self::More { .. } => Severity::Info,
            Self::OtherEncoding { .. }
            | Self::JunkBeforeHeader
            | Self::MissingHeader
            | Self::AfterTrailer
            | Self::LineWithoutLevel { .. }
            | Self::SkippedLevel { .. }
            | Self::SeveralPersons { .. }
            | Self::RepeatedId { .. }
            | Self::OwnRelative { .. }
            | Self::OpenQuote
            | Self::ExtraCells { .. }
            | Self::ControlCharacter => Severity::Warning,
            Self::NotDecodable { .. }
            | Self::MissingTrailer
            | Self::LongLine { .. }
            | Self::MissingTag
            | Self::UnterminatedXref { .. }
            | Self::DuplicateXref { .. }
            | Self::DanglingReference { .. }
            | Self::WrongReference { .. }
            | Self::NotAReference { .. }
            | Self::PartnerAndChild { .. }
            | Self::BrokenJson { .. }
            | Self::OwnAncestor { .. } => Severity::Error,
        }
    }

    /// Its particulars by name, to be put into a text of any language: identifiers, numbers, and texts of the
    /// file. `kind` is the code of another reason.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::OtherEncoding { declared, used } => {
                vec![("declared", declared.clone()), ("used", used.clone())]
            }
            Self::NotDecodable { characters } | Self::LongLine { characters } => {
                vec![("characters", characters.to_string())]
            }
            Self::LineWithoutLevel { text }
            | Self::UnterminatedXref { text }
            | Self::NotAReference { text }
            | Self::DateNotUnderstood { text }
            | Self::UnknownSex { text } => vec![("text", text.clone())],
            Self::SkippedLevel { from, to } => {
                vec![("from", from.to_string()), ("to", to.to_string())]
            }
            Self::DuplicateXref { xref, first_line } => {
                vec![("xref", xref.clone()), ("first_line", first_line.to_string())]
            }
            Self::DanglingReference { xref } => vec![("xref", xref.clone())],
            Self::WrongReference { xref, expected } => {
                vec![("xref", xref.clone()), ("expected", (*expected).to_owned())]
            }
            Self::OneSidedLink { person, family }
            | Self::RepeatedLink { person, family }
            | Self::PartnerAndChild { person, family } => {
                vec![("person", person.clone()), ("family", family.clone())]
            }
            Self::OwnAncestor { person, others } => {
                vec![("person", person.clone()), ("ring", (u64::from(*others) + 1).to_string())]
            }
            Self::NoCounterpart { kept_as } => vec![("kept_as", kept_as.clone())],
            Self::AddedPerson { name }
            | Self::SeveralPersons { name }
            | Self::OwnRelative { name } => vec![("name", name.clone())],
            Self::RepeatedId { id } => vec![("id", id.clone())],
            Self::ExtraCells { count } => vec![("count", count.to_string())],
            Self::BrokenJson { line } => vec![("line", line.to_string())],
            Self::More { code, count } => {
                vec![("kind", (*code).to_owned()), ("count", count.to_string())]
            }
            Self::SplitCharacter
            | Self::JunkBeforeHeader
            | Self::MissingHeader
            | Self::MissingTrailer
            | Self::AfterTrailer
            | Self::BlankLine
            | Self::IndentedLine
            | Self::MissingTag
            | Self::ControlCharacter
            | Self::UnknownRecord
            | Self::UnknownTag
            | Self::OpenQuote => Vec::new(),
        }
    }
}

/// How many diagnostics of one kind are listed. A file that is odd in every line must not cost more
/// than the file itself.
const MOST_OF_A_KIND: u32 = 1000;
/// How many characters of the file's text a diagnostic repeats.
const MOST_CHARACTERS: usize = 60;

/// Collects diagnostics and counts those of which there are too many.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
    counts: BTreeMap<&'static str, u32>,
}

impl Diagnostics {
    pub(crate) fn push(&mut self, line: u32, tag: &str, reason: Reason) {
        let count = self.counts.entry(reason.code()).or_default();
        *count += 1;
        if *count <= MOST_OF_A_KIND {
            self.list.push(Diagnostic {
                line,
                tag: excerpt(tag),
                severity: reason.severity(),
                reason,
            });
        }
    }

    /// All of them by line, with a last word on those that are not listed.
    pub(crate) fn finish(mut self, last_line: u32) -> Vec<Diagnostic> {
        self.list.sort_by_key(|diagnostic| diagnostic.line);
        for (code, count) in self.counts {
            if count > MOST_OF_A_KIND {
                let reason = Reason::More { code, count: count - MOST_OF_A_KIND };
                let severity = reason.severity();
                self.list.push(Diagnostic {
                    line: last_line,
                    tag: String::new(),
                    severity,
                    reason,
                });
            }
        }
        self.list
    }
}

/// The beginning of a text of the file, short enough to show.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
