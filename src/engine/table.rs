//! The table of persons: its rows are sorted once, and looked at window by window.

use std::io;

use banyan_view::{FamilyWorld, TableOrder, ToldTable};

use super::shown::{AnyWorld, Shown};
use crate::message::TableAsk;

/// Rows in the order of a column.
pub(super) struct Sorted {
    order: TableOrder,
    /// Persons by their numbers.
    rows: Vec<u32>,
}

impl Shown {
    pub fn told_table(&mut self, ask: TableAsk) -> Option<ToldTable> {
        let mut order = order(&ask.order);
        if let Some(filter) = ask.filter {
            order.filter = filter;
        }
        let (world, rows) = self.sorted(&order)?;
        let window = ask.first..ask.first.saturating_add(ask.count);
        Some(world.told_table(&order, rows, window, ask.wanted.as_deref()))
    }

    /// The whole table as CSV.
    pub fn write_table(&mut self, order_text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        let order = order(order_text);
        match self.sorted(&order) {
            Some((world, rows)) => world.write_table(&order, rows, out),
            None => Ok(()),
        }
    }

    /// The rows of an order: those of before where they are the same. A family that is made anew,
    /// under a mask or after a change, has forgotten them.
    fn sorted(&mut self, order: &TableOrder) -> Option<(&FamilyWorld, &[u32])> {
        let AnyWorld::Family(world) = &self.any else { return None };
        if !self.sorted.as_ref().is_some_and(|sorted| sorted.order.has_rows_of(order)) {
            self.sorted = None;
        }
        let sorted = self
            .sorted
            .get_or_insert_with(|| Sorted { order: order.clone(), rows: world.table_rows(order) });
        Some((world, &sorted.rows))
    }
}

fn order(text: &str) -> TableOrder {
    let Ok(order) = text.parse();
    order
}
