//! A family as a table: everybody in a row, in the order of any column, looked through by a window.
//!
//! Rows are sorted once and kept by whoever asks ([`FamilyWorld::table_rows`]); a window of them is
//! put into words when it is looked at, so that a family of a million costs no more to scroll than
//! one of ten.

mod cells;
mod csv;
mod order;
mod sort;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use order::{Column, TableOrder};

use super::FamilyWorld;
use crate::{figures, texts::Language};

/// A window of the table in the words of a language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldTable {
    /// As an address holds it: see [`TableOrder`].
    pub order: String,
    pub filter: String,
    /// How many rows there are, and how they stand.
    pub caption: String,
    /// All that there are, from left to right; those that are shown have cells.
    pub columns: Vec<ToldColumn>,
    /// The widths of those that are shown, as tracks of a CSS grid, and what all need at least.
    pub tracks: String,
    pub width: String,
    pub total: u32,
    /// The place of the first of `rows`, from 0.
    pub first: u32,
    pub rows: Vec<ToldPerson>,
    /// The place of whom was asked for.
    pub place: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldColumn {
    pub label: String,
    /// The order after a press on its heading, and after it was taken in or out.
    pub press: String,
    pub toggle: String,
    pub is_shown: bool,
    /// `ascending`, `descending` or `none`, as ARIA has it.
    pub sort: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldPerson {
    /// Stable id.
    pub id: String,
    pub cells: Vec<String>,
}

impl FamilyWorld {
    /// The rows in `window` of all `rows`, and where among them the person of this stable id stands.
    pub fn told_table(
        &self,
        order: &TableOrder,
        rows: &[u32],
        window: Range<u32>,
        wanted: Option<&str>,
    ) -> ToldTable {
        let total = rows.len() as u32;
        let first = window.start.min(total);
        let shown = rows.get(first as usize..window.end.clamp(first, total) as usize);
        let told = |&node: &u32| {
            let person = banyan_kin::PersonId(node);
            let cells = order.columns.iter().map(|&column| self.cell(column, person)).collect();
            ToldPerson { id: self.id(person), cells }
        };
        let wanted = wanted.and_then(|id| self.genealogy.person_by_id(id));
        let tracks = order.columns.iter().map(|column| column.width());
        let place = wanted.and_then(|person| rows.iter().position(|&node| node == person.0));
        ToldTable {
            order: order.to_string(),
            filter: order.filter.clone(),
            caption: self.table_caption(order, rows.len()),
            columns: self.told_columns(order),
            tracks: tracks.clone().map(|em| format!("minmax({em}em,{em}fr) ")).collect(),
            width: format!("{}em", tracks.sum::<u32>()),
            total,
            first,
            rows: shown.unwrap_or_default().iter().map(told).collect(),
            place: place.map(|place| place as u32),
        }
    }

    fn table_caption(&self, order: &TableOrder, total: usize) -> String {
        let all = self.genealogy.persons.len();
        let [rows, all] = [total, all].map(|count| figures::count(count as u64));
        let key = if order.filter.is_empty() { "table_all" } else { "table_some" };
        let key = if order.is_descending { [key, "_descending"].concat() } else { key.to_owned() };
        let column = self.column_label(order.by);
        self.language.say(&key, &[("rows", &rows), ("all", &all), ("column", &column)])
    }

    fn told_columns(&self, order: &TableOrder) -> Vec<ToldColumn> {
        let told = |column: Column| ToldColumn {
            label: self.column_label(column),
            press: order.pressed(column).to_string(),
            toggle: order.toggled(column).to_string(),
            is_shown: order.columns.contains(&column),
            sort: match (order.by == column, order.is_descending) {
                (false, _) => "none",
                (true, false) => "ascending",
                (true, true) => "descending",
            }
            .to_owned(),
        };
        Column::ALL.into_iter().map(told).collect()
    }

    fn column_label(&self, column: Column) -> String {
        Language::text(self.language, column.label()).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests;
