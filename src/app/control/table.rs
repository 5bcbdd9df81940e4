//! The table of persons: which window of it is looked at.

use banyan_view::ToldTable;
use leptos::prelude::*;

use super::Control;
use crate::message::{TableAsk, ToEngine};

impl Control {
    /// Opens or closes the table.
    pub(super) fn toggle_table(&mut self) {
        let is_open = self.app.table.with_untracked(Option::is_some);
        self.open_table((!is_open).then(String::new));
        self.write_address(false);
    }

    /// Opens the table in an order, as an address holds it, or closes it.
    pub(super) fn open_table(&mut self, order: Option<String>) {
        let Some(order) = order else { return self.app.table.set(None) };
        let is_other = self
            .app
            .table
            .with_untracked(|table| table.as_ref().is_none_or(|it| it.order != order));
        if is_other {
            self.app.table.set(Some(ToldTable { order, ..ToldTable::default() }));
            self.ask_table_again();
        }
    }

    pub(super) fn ask_table(&self, ask: TableAsk) {
        // What is asked for next is of the same order, whether this was answered or not.
        self.app.table.update(|table| {
            if let Some(table) = table {
                table.order.clone_from(&ask.order);
            }
        });
        if let Some(engine) = &self.family {
            engine.send(&ToEngine::Table(ask));
        }
    }

    /// The same window once more: the family, the language or the calendar are others.
    pub(super) fn ask_table_again(&self) {
        let ask = self.app.table.with_untracked(|table| {
            let table = table.as_ref()?;
            let count = (table.rows.len() as u32).max(TableAsk::FEW);
            Some(TableAsk {
                order: table.order.clone(),
                first: table.first,
                count,
                ..Default::default()
            })
        });
        if let Some(ask) = ask {
            let wanted = self.stage.selected.as_ref().map(|selected| selected.id.clone());
            self.ask_table(TableAsk { wanted, ..ask });
        }
    }

    pub(super) fn hear_table(&mut self, told: ToldTable) {
        // Who closed it wants no answer.
        if self.app.table.with_untracked(Option::is_some) {
            self.app.table.set(Some(told));
            self.write_address(false);
        }
    }
}
