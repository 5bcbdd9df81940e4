//! The records of a file one after another, as they are to be written.

use crate::{
    convert::Converter,
    diagnostic::Diagnostic,
    document::RecordKind,
    records::Records,
    tree::Tree,
    write::{Mask, Version},
};

/// How many records are shown between two words of progress.
const RECORDS_PER_REPORT: usize = 4096;

/// Shows each record, masked and converted to a version, then those that the conversion adds, which
/// are media and sources; gives what has no counterpart there. A record that `is_wanted` refuses is
/// passed over.
pub(super) fn for_each<E>(
    records: &Records,
    version: Version,
    mask: Option<&Mask>,
    is_wanted: impl Fn(RecordKind) -> bool,
    progress: &mut dyn FnMut(f32),
    mut show: impl FnMut(&mut Tree<'_>) -> Result<(), E>,
) -> Result<Vec<Diagnostic>, E> {
    let mut converter = Converter::new(records, version);
    let mut tree = Tree::default();
    let total = records.ids().count();
    for (number, id) in records.ids().enumerate() {
        if number.is_multiple_of(RECORDS_PER_REPORT) {
            progress(number as f32 / total.max(1) as f32);
        }
        let is_seen =
            records.tree(id, &mut tree) && mask.is_none_or(|mask| mask.apply(id, &mut tree));
        if !is_seen {
            continue;
        }
        // Passed over or not, it has its part in the numbers of what is added.
        converter.convert(&mut tree);
        if records.kind(id).is_some_and(&is_wanted) {
            show(&mut tree)?;
        }
    }
    for mut tree in converter.take_added() {
        let kind = tree.get(0).map_or(RecordKind::Other, |top| RecordKind::of(&top.tag));
        if is_wanted(kind) {
            show(&mut tree)?;
        }
    }
    progress(1.0);
    Ok(converter.finish())
}
