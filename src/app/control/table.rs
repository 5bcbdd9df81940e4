//! The table of persons: opened, asked for, and what comes of it.

use banyan_view::{Place, ToldTable, View};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;

use super::{Control, with};
use crate::{
    app::{
        command::{Action, Command, ExportChoice},
        shell::table::{Table, Wish},
    },
    message::{ExportFormat, ToEngine},
};

impl Control {
    /// Opens or closes the table.
    pub(super) fn toggle_table(&mut self) {
        let order = self.table.is_none().then(String::new);
        self.open_table(order);
        self.write_address(false);
    }

    /// Opens the table in an order, as an address holds it, or closes it.
    pub(super) fn open_table(&mut self, order: Option<String>) {
        let before = self.table.as_ref().map(|table| table.order().to_owned());
        if before != order {
            // The one before is gone from the page first.
            self.table = None;
            self.table = order.and_then(|order| {
                let on_event = Closure::new(|event: web_sys::Event| {
                    with(|control| control.hear_of_table(&event));
                });
                Table::new(order, on_event)
            });
            self.ask_table_again();
        }
        self.app.is_table_open.set(self.table.is_some());
    }

    /// The same window once more: the family, the language, the calendar or the view are others.
    pub(super) fn ask_table_again(&mut self) {
        if let Some(table) = &mut self.table {
            table.show(self.stage.view == View::Family);
            let ask = table.again();
            if let Some(engine) = &self.family {
                engine.send(&ToEngine::Table(ask));
            }
        }
    }

    /// Somebody is selected, or nobody.
    pub(super) fn choose_in_table(&mut self) {
        let chosen = self.stage.selected.as_ref().map(|selected| selected.id.clone());
        let ask = self.table.as_mut().and_then(|table| table.choose(chosen));
        if let (Some(ask), Some(engine)) = (ask, &self.family) {
            engine.send(&ToEngine::Table(ask));
        }
    }

    pub(super) fn hear_table(&mut self, told: ToldTable) {
        // Who closed it wants no answer.
        if let Some(table) = &mut self.table {
            table.hear(told, self.look.language);
            self.write_address(false);
        }
    }

    fn hear_of_table(&mut self, event: &web_sys::Event) {
        match self.table.as_mut().and_then(|table| table.wish(event)) {
            Some(Wish::Rows(ask)) => {
                if let Some(engine) = &self.family {
                    engine.send(&ToEngine::Table(ask));
                }
            }
            Some(Wish::GoTo(id)) => self.act(Action::GoToPlace(Place { view: View::Family, id })),
            Some(Wish::Save) => {
                let format = ExportFormat::Table;
                self.act(Action::Export(ExportChoice { format, ..ExportChoice::default() }));
            }
            Some(Wish::Close) => self.act(Action::Run(Command::ShowTable)),
            None => {}
        }
    }
}
