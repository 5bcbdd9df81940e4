//! `cargo xtask tidy`: our own rules, those that neither rustc nor clippy knows.
//!
//! Each is a function from the committed text to findings with file and line.

mod arrows;
mod colours;
mod docs;
mod locales;
mod places;
mod text;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::test::Tally;
use crate::{process, workspace};

/// Checks our own rules on text, colours, locales, documents and crates
#[derive(clap::Args)]
pub(crate) struct Arguments {}

/// A text file of the project.
struct SourceFile {
    /// Relative to the root, with `/`.
    path: String,
    text: String,
}

impl SourceFile {
    fn ending(&self) -> &str {
        Path::new(&self.path).extension().and_then(|ending| ending.to_str()).unwrap_or_default()
    }

    /// Finds the lines, counted from 1, for which `fault` has something to say.
    fn each_line(&self, mut fault: impl FnMut(&str) -> Option<String>) -> Vec<Finding> {
        let lines = self.text.lines().zip(1..);
        lines.filter_map(|(line, number)| Some(self.at(number, fault(line)?))).collect()
    }

    fn at(&self, line: u32, message: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, message: message.into() }
    }
}

/// A broken rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: u32,
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.message)
    }
}

type Rule = fn(&[SourceFile]) -> Result<Vec<Finding>>;

const RULES: [(&str, Rule); 10] = [
    ("white space", text::white_space),
    ("size of files", text::size),
    ("literal colours", colours::literals),
    ("markup from strings", text::markup_from_strings),
    ("places of one machine", places::of_one_machine),
    ("keys of locales", locales::same_keys),
    ("unused texts", locales::unused),
    ("links in documents", docs::links),
    ("crates in the code map", docs::code_map),
    ("arrows between crates", arrows::direction),
];

pub(crate) fn run() -> Result<()> {
    let tally = tally()?;
    println!("{tally}");
    if tally.failed > 0 {
        bail!("the workspace is not tidy");
    }
    Ok(())
}

/// Applies every rule and prints what it finds.
pub(crate) fn tally() -> Result<Tally> {
    let files = committed_text()?;
    let mut tally = Tally::default();
    for (name, rule) in RULES {
        let mut findings = rule(&files)?;
        findings.sort();
        tally += Tally::of_one(findings.is_empty());
        for finding in findings {
            eprintln!("{finding} ({name})");
        }
    }
    // The lock file is what makes two builds of one commit equal.
    let lock_is_current =
        process::succeeds(process::cargo().args(["metadata", "--format-version", "1", "--locked"]));
    if !lock_is_current {
        eprintln!("Cargo.lock:1: does not fit the manifests: run cargo build and commit it");
    }
    tally += Tally::of_one(lock_is_current);
    Ok(tally)
}

/// The text files that are committed, or would be.
fn committed_text() -> Result<Vec<SourceFile>> {
    let root = workspace::root();
    let list = process::capture(process::program("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut files: Vec<SourceFile> = list
        .split_terminator('\0')
        .filter_map(|path| {
            // A file may be deleted and not yet committed as such, or be no text.
            let text = std::fs::read_to_string(root.join(path)).ok()?;
            Some(SourceFile { path: path.to_owned(), text })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// A file and the lines that a rule must find in it.
#[cfg(test)]
fn check(rule: Rule, path: &str, text: &str, expect: &[u32]) {
    let file = SourceFile { path: path.to_owned(), text: text.to_owned() };
    let lines: Vec<u32> = rule(&[file]).unwrap().iter().map(|finding| finding.line).collect();
    assert_eq!(lines, expect, "{path}: {text}");
}
