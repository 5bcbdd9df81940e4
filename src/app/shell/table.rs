//! The table of persons below the chart. The engine tells a window of its rows: the page in the frame
//! is as high as all of them, and only that window is in the document.
//!
//! As on the canvas there is no signal here: whoever hears of rows draws them, and whoever hears of an
//! event is told what it asks for.

mod draw;
mod extent;

use banyan_view::ToldTable;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent};

use self::{
    draw::{child, put},
    extent::Extent,
};
use super::text::{Language, text};
use crate::message::TableAsk;

/// Rows that are asked for before and behind those that are seen.
const SPARE: u32 = 24;

/// A table on the page; dropping it takes it away.
pub struct Table {
    told: ToldTable,
    section: Element,
    caption: Element,
    filter: HtmlInputElement,
    chooser: Element,
    grid: Element,
    /// The row that the keys are on.
    active: u32,
    /// Stable id of the selected person.
    chosen: Option<String>,
    /// They are to be brought into sight, unless the person at the keys goes elsewhere first.
    is_seeking: bool,
    _on_event: Closure<dyn FnMut(Event)>,
}

/// What an event asks for.
pub enum Wish {
    Rows(TableAsk),
    /// The person with this stable id.
    GoTo(String),
    Save,
    Close,
}

impl Drop for Table {
    fn drop(&mut self) {
        self.section.remove();
    }
}

impl Table {
    /// Without rows yet; `None` if the page takes none.
    pub fn new(order: String, on_event: Closure<dyn FnMut(Event)>) -> Option<Self> {
        let section = document().create_element("section").ok()?;
        section.set_class_name("table panel");
        put(&section, "data-testid", "table");
        let head = child(&section, 0, "header");
        head.set_class_name("panel-head");
        let filter: HtmlInputElement = child(&head, 0, "input").unchecked_into();
        put(&filter, "data-testid", "table-filter");
        put(&filter, "type", "search");
        let caption = child(&head, 1, "p");
        put(&caption, "role", "status");
        let columns = child(&head, 2, "details");
        child(&columns, 0, "summary").set_class_name("button");
        let chooser = child(&columns, 1, "div");
        chooser.set_class_name("panel");
        for (at, name) in [(3, "data-save"), (4, "data-close")] {
            let button = child(&head, at, "button");
            button.set_class_name("button");
            put(&button, name, "");
        }
        let grid = child(&section, 1, "div");
        grid.set_class_name("table-grid");
        put(&grid, "role", "grid");
        put(&grid, "tabindex", "0");
        for (element, kind) in [
            (&section, "click"),
            (&section, "input"),
            (&grid, "keydown"),
            // This one does not bubble.
            (&grid, "scroll"),
        ] {
            let listener = on_event.as_ref().unchecked_ref();
            // Fails for nothing that is an element.
            let _ = element.add_event_listener_with_callback(kind, listener);
        }
        document().body()?.append_child(&section).ok()?;
        Some(Self {
            told: ToldTable { order, ..ToldTable::default() },
            section,
            caption,
            filter,
            chooser,
            grid,
            active: 0,
            chosen: None,
            is_seeking: true,
            _on_event: on_event,
        })
    }

    pub fn order(&self) -> &str {
        &self.told.order
    }

    /// Another view is shown, or this one again.
    pub fn show(&self, is_shown: bool) {
        self.section.set_class_name(if is_shown { "table panel" } else { "table panel hidden" });
    }

    /// Takes rows that were asked for.
    pub fn hear(&mut self, told: ToldTable, language: Language) {
        self.told = told;
        self.caption.set_text_content(Some(&self.told.caption));
        put(&self.section, "aria-label", text!(table).of(language));
        put(&self.filter, "aria-label", text!(table_filter).of(language));
        put(&self.filter, "placeholder", text!(table_filter).of(language));
        let buttons = [
            ("summary", text!(table_columns)),
            ("[data-save]", text!(table_csv)),
            ("[data-close]", text!(close)),
        ];
        for (name, text) in buttons {
            if let Ok(Some(button)) = self.section.query_selector(name) {
                button.set_text_content(Some(text.of(language)));
            }
        }
        // What is being written stays as it is.
        if document().active_element().as_ref() != Some(self.filter.as_ref()) {
            self.filter.set_value(&self.told.filter);
        }
        let place = self.told.place.filter(|_| self.is_seeking);
        self.active = place.unwrap_or(self.active);
        self.draw();
        if let Some(place) = place {
            self.scroll_to(place);
        }
    }

    /// Somebody else is selected; what to ask for, so that they come into sight.
    pub fn choose(&mut self, chosen: Option<String>) -> Option<TableAsk> {
        if self.chosen == chosen {
            return None;
        }
        self.chosen = chosen;
        self.draw();
        self.chosen.is_some().then(|| self.again())
    }

    /// Asks for the same rows once more, and for the place of who is selected.
    pub fn again(&mut self) -> TableAsk {
        self.is_seeking = true;
        // Before the first answer nobody knows what its filter is.
        let filter = (!self.told.columns.is_empty()).then(|| self.filter.value());
        TableAsk { wanted: self.chosen.clone(), filter, ..self.ask(self.told.first) }
    }

    /// What is wanted when something happens to the table.
    pub fn wish(&mut self, event: &Event) -> Option<Wish> {
        match event.type_().as_str() {
            "scroll" => self.scrolled(),
            "input" => Some(self.anew(None)),
            "click" => self.press(event),
            _ => self.key(event.dyn_ref()?),
        }
    }

    fn draw(&self) {
        draw::draw(&self.grid, &self.chooser, &self.told, self.chosen.as_deref(), self.active);
    }

    fn extent(&self) -> Extent {
        Extent::new(self.told.total, self.grid.client_height())
    }

    fn ask(&self, first: u32) -> TableAsk {
        let window_rows = window().inner_height().ok().and_then(|px| px.as_f64());
        let seen = window_rows.map_or(0, |px| (px / extent::ROW_PX) as u32);
        TableAsk {
            order: self.told.order.clone(),
            filter: Some(self.filter.value()),
            first,
            count: seen + 2 * SPARE,
            wanted: None,
        }
    }

    /// Asks for other rows: from the top, unless the selected person is among them.
    fn anew(&mut self, order: Option<String>) -> Wish {
        if let Some(order) = order {
            // What is asked for next is of this order, whether it was answered or not.
            self.told.order = order;
        }
        self.is_seeking = true;
        self.active = 0;
        let ask = TableAsk { wanted: self.chosen.clone(), ..self.ask(0) };
        self.grid.set_scroll_top(0);
        Wish::Rows(ask)
    }

    fn scrolled(&self) -> Option<Wish> {
        let extent = self.extent();
        let top = extent.top(f64::from(self.grid.scroll_top()));
        draw::place(&self.grid, &extent, self.told.first);
        let (from, to) = (top as u32, (top + extent.seen()).ceil() as u32);
        let ToldTable { first, total, rows, .. } = &self.told;
        let is_known = from >= *first && to.min(*total) <= first + rows.len() as u32;
        (!is_known).then(|| Wish::Rows(self.ask(from.saturating_sub(SPARE))))
    }

    fn scroll_to(&self, row: u32) {
        if let Some(px) = self.extent().scroll_to(row, f64::from(self.grid.scroll_top())) {
            self.grid.set_scroll_top(px as i32);
        }
    }

    fn go_to(&mut self, row: u32) -> Option<Wish> {
        self.active = row;
        let row = self.told.rows.get(row.checked_sub(self.told.first)? as usize)?;
        Some(Wish::GoTo(row.id.clone()))
    }

    fn press(&mut self, event: &Event) -> Option<Wish> {
        let target: Element = event.target()?.dyn_into().ok()?;
        let pressed = target.closest("[data-order],[data-row],[data-save],[data-close]").ok()??;
        if let Some(order) = pressed.get_attribute("data-order") {
            Some(self.anew(Some(order)))
        } else if let Some(row) = pressed.get_attribute("data-row") {
            self.go_to(row.parse().ok()?)
        } else if pressed.has_attribute("data-save") {
            Some(Wish::Save)
        } else {
            Some(Wish::Close)
        }
    }

    fn key(&mut self, event: &KeyboardEvent) -> Option<Wish> {
        // A heading that has the focus is pressed by its own keys.
        if event.target() != event.current_target() {
            return None;
        }
        let extent = self.extent();
        let (at, page) = (self.active, extent.seen() as u32);
        let next = match event.key().as_str() {
            "ArrowDown" => at.saturating_add(1),
            "ArrowUp" => at.saturating_sub(1),
            "PageDown" => at.saturating_add(page),
            "PageUp" => at.saturating_sub(page),
            "Home" => 0,
            "End" => u32::MAX,
            "Enter" => {
                event.prevent_default();
                return self.go_to(at);
            }
            _ => return None,
        };
        event.prevent_default();
        self.is_seeking = false;
        self.active = next.min(self.told.total.saturating_sub(1));
        self.draw();
        self.scroll_to(self.active);
        None
    }
}
