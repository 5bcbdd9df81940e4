//! Whether two files say the same, whatever their version, encoding, and order of records.
//!
//! Each record is compared as 7.0 has it, by paths such as `BIRT.DATE`: the order of lines with
//! different tags means nothing, that of lines with the same tag does. What a header says of the file
//! itself is left out.

mod outline;
mod pairs;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    convert::Converter,
    records::Records,
    same::{
        outline::{Outline, for_each_line, is_bare_header, plain},
        pairs::pairs,
    },
    tree::Tree,
};

/// So many records that differ are looked into line by line; of more it is only said that they do.
const MOST_RECORDS: usize = 20_000;

/// What two files do not agree on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The first differences, in the order of the first file.
    pub differences: Vec<Difference>,
    /// How many there are.
    pub total: u64,
    /// How many records the first and the second file have.
    pub records: (u64, u64),
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The record as the first file calls it, as "INDI @I1@"; as the second does where the first has
    /// none.
    pub record: String,
    /// Where in the record, by tags and the number of each that there are several of: "NAME.2.GIVN".
    /// Empty where all of the record is meant.
    pub path: String,
    /// What each file has there; `None` where it has nothing.
    pub first: Option<Place>,
    pub second: Option<Place>,
}

/// What stands in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line of the file, counted from 1; 0 for a line that only a conversion makes.
    pub line: u32,
    pub text: String,
}

impl Comparison {
    pub const fn is_same(&self) -> bool {
        self.total == 0
    }

    fn add(&mut self, most: usize, difference: Difference) {
        self.total += 1;
        if self.differences.len() < most {
            self.differences.push(difference);
        }
    }
}

/// Compares two files and lists at most `most` differences.
pub fn compare(first: &Records, second: &Records, most: usize) -> Comparison {
    let (a, b) = (File::new(first), File::new(second));
    let pairs = pairs(&a.outlines, &b.outlines);
    let mut comparison = Comparison {
        records: (a.outlines.len() as u64, b.outlines.len() as u64),
        ..Comparison::default()
    };
    let outlines = |pair: &(Option<usize>, Option<usize>)| {
        (pair.0.and_then(|at| a.outlines.get(at)), pair.1.and_then(|at| b.outlines.get(at)))
    };
    // The first file's names for the records of the second, where they are others.
    let names: BTreeMap<&str, &str> = pairs
        .iter()
        .filter_map(|pair| match outlines(pair) {
            (Some(a), Some(b)) if a.xref != b.xref => Some((b.xref.as_str(), a.xref.as_str())),
            _ => None,
        })
        .collect();
    let may_differ: Vec<&(Option<usize>, Option<usize>)> = pairs
        .iter()
        .filter(|pair| match outlines(pair) {
            (Some(a), Some(b)) => !names.is_empty() || a.content != b.content,
            _ => true,
        })
        .collect();
    for part in may_differ.chunks(MOST_RECORDS) {
        let (mut lines_of_a, mut lines_of_b) = (
            a.lines(&part.iter().filter_map(|pair| pair.0).collect(), &BTreeMap::new()),
            b.lines(&part.iter().filter_map(|pair| pair.1).collect(), &names),
        );
        for pair in part {
            let (in_a, in_b) = outlines(pair);
            let whole = |outline: &Outline| Place { line: outline.line, text: String::new() };
            let record = in_a.or(in_b).map_or_else(String::new, Outline::name);
            if let ((Some(at_a), Some(at_b)), Some(_), Some(_)) = ((pair.0, pair.1), in_a, in_b) {
                let lines_a = lines_of_a.remove(&at_a).unwrap_or_default();
                let lines_b = lines_of_b.remove(&at_b).unwrap_or_default();
                for (path, first, second) in differing(lines_a, lines_b) {
                    let record = record.clone();
                    comparison.add(most, Difference { record, path, first, second });
                }
            } else {
                let (first, second) = (in_a.map(whole), in_b.map(whole));
                comparison.add(most, Difference { record, path: String::new(), first, second });
            }
        }
    }
    comparison
}

type LinesByPath = BTreeMap<String, Place>;

/// The lines of either record that the other does not have.
fn differing(
    first: LinesByPath,
    mut second: LinesByPath,
) -> Vec<(String, Option<Place>, Option<Place>)> {
    let mut found = Vec::new();
    for (path, place) in first {
        match second.remove(&path) {
            Some(other) if other.text == place.text => {}
            other => found.push((path, Some(place), other)),
        }
    }
    found.extend(second.into_iter().map(|(path, place)| (path, None, Some(place))));
    found
}

/// A file on its way into a comparison.
struct File<'r> {
    records: &'r Records,
    outlines: Vec<Outline>,
}

impl<'r> File<'r> {
    fn new(records: &'r Records) -> Self {
        let mut outlines = Vec::new();
        walk(records, |_, tree| outlines.push(Outline::of(tree)));
        Self { records, outlines }
    }

    /// The lines of some records, given by their numbers, each by its path. Links to a record of
    /// `names` go by its other name.
    fn lines(
        &self,
        wanted: &BTreeSet<usize>,
        names: &BTreeMap<&str, &str>,
    ) -> BTreeMap<usize, LinesByPath> {
        let mut lines: BTreeMap<usize, LinesByPath> = BTreeMap::new();
        if wanted.is_empty() {
            return lines;
        }
        walk(self.records, |number, tree| {
            if !wanted.contains(&number) {
                return;
            }
            let lines = lines.entry(number).or_default();
            for_each_line(tree, &mut |path, element| {
                let text = if element.is_pointer {
                    let name = names.get(element.value.as_ref()).copied();
                    format!("@{}@", name.unwrap_or(&element.value))
                } else {
                    plain(&element.value).into_owned()
                };
                lines.insert(path.text.to_owned(), Place { line: element.line, text });
            });
        });
        lines
    }
}

/// Shows every record of a file as 7.0 has it, and those that it would add, each with its number.
fn walk(records: &Records, mut show: impl FnMut(usize, &Tree<'_>)) {
    let mut converter = Converter::for_comparing(records);
    let mut tree = Tree::default();
    let mut number = 0;
    for id in records.ids() {
        if records.tree(id, &mut tree) {
            converter.convert(&mut tree);
            if !is_bare_header(&tree) {
                show(number, &tree);
                number += 1;
            }
        }
    }
    for (number, tree) in (number..).zip(converter.take_added()) {
        show(number, &tree);
    }
}
