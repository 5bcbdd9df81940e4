//! The table of persons below the chart. The engine tells a window of its rows: the page in the frame
//! is as high as all of them, and only that window is in the document.

mod draw;
mod extent;

use banyan_view::{Place, View};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use self::{draw::draw, extent::Extent};
use super::{
    chrome::{Chrome, use_chrome},
    part::{CloseButton, TextButton},
    text::text,
};
use crate::{
    app::command::{Action, Command, ExportChoice},
    message::{ExportFormat, TableAsk},
};

/// Rows that are asked for before and behind those that are seen.
const SPARE: u32 = 24;

#[component]
pub fn TablePanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let is_open =
        Memo::new(move |_| app.view.get() == View::Family && app.table.with(Option::is_some));
    move || is_open.get().then(|| panel(Table::new(chrome)))
}

/// Handles on the parts of an open table. Copying it copies handles.
#[derive(Clone, Copy)]
struct Table {
    chrome: Chrome,
    filter: NodeRef<html::Input>,
    chooser: NodeRef<html::Div>,
    grid: NodeRef<html::Div>,
    /// The row that the keys are on.
    active: RwSignal<u32>,
}

fn panel(table: Table) -> impl IntoView {
    let chrome = table.chrome;
    table.follow();
    let save = move |_| {
        let format = ExportFormat::Table;
        chrome.act(Action::Export(ExportChoice { format, ..ExportChoice::default() }));
    };
    let caption = move || chrome.app.table.with(|told| Some(told.as_ref()?.caption.clone()));
    view! {
        <section
            class="table panel"
            data-testid="table"
            aria-label=chrome.say(text!(table))
            on:click=move |event| table.press(&event)
        >
            <header class="panel-head">
                <input
                    node_ref=table.filter
                    class="table-filter"
                    data-testid="table-filter"
                    type="search"
                    placeholder=chrome.say(text!(table_filter))
                    aria-label=chrome.say(text!(table_filter))
                    on:input=move |_| table.ask_anew(None)
                />
                <p class="table-caption" role="status">{caption}</p>
                <details class="table-columns">
                    <summary class="button">{chrome.say(text!(table_columns))}</summary>
                    <div class="panel" node_ref=table.chooser></div>
                </details>
                <TextButton label=text!(table_csv) testid="table-csv" on_press=save />
                <CloseButton on_press=move |_| chrome.run(Command::ShowTable) />
            </header>
            <div
                class="table-grid"
                node_ref=table.grid
                role="grid"
                tabindex="0"
                on:scroll=move |_| table.scrolled()
                on:keydown=move |event| table.key(&event)
            ></div>
        </section>
    }
}

impl Table {
    fn new(chrome: Chrome) -> Self {
        Self {
            chrome,
            filter: NodeRef::new(),
            chooser: NodeRef::new(),
            grid: NodeRef::new(),
            active: RwSignal::new(0),
        }
    }

    /// Shows what is told, and goes along with the selection.
    fn follow(self) {
        let app = self.chrome.app;
        let chosen = Memo::new(move |_| app.selected.with(|it| Some(it.as_ref()?.id.clone())));
        Effect::new(move || {
            let (Some(grid), Some(chooser)) = (self.grid.get(), self.chooser.get()) else { return };
            let (chosen, active) = (chosen.get(), self.active.get());
            app.table.with(|told| {
                let Some(told) = told else { return };
                draw(&grid, &chooser, told, chosen.as_deref(), active);
                // What is being written stays as it is.
                let filter = self.filter.get().filter(|_| !told.columns.is_empty());
                if let Some(filter) = filter
                    && document().active_element().as_ref() != Some(filter.as_ref())
                {
                    filter.set_value(&told.filter);
                }
            });
        });
        Effect::new(move || {
            if let Some(place) = app.table.with(|told| told.as_ref()?.place) {
                self.active.set(place);
                self.scroll_to(place);
            }
        });
        Effect::new(move |is_later: Option<()>| {
            let chosen = chosen.get();
            if is_later.is_some() && chosen.is_some() {
                let first = app.table.with_untracked(|told| Some(told.as_ref()?.first));
                self.ask(None, first.unwrap_or_default(), chosen);
            }
        });
    }

    fn extent(self) -> Extent {
        let total = self.chrome.app.table.with_untracked(|told| told.as_ref().map(|it| it.total));
        let height = self.grid.get_untracked().map_or(0, |grid| grid.client_height());
        Extent::new(total.unwrap_or_default(), height)
    }

    /// Asks for the rows from `first` on: by another order, and with the place of somebody.
    fn ask(self, order: Option<String>, first: u32, wanted: Option<String>) {
        let now = || self.chrome.app.table.with_untracked(|it| Some(it.as_ref()?.order.clone()));
        let Some(order) = order.or_else(now) else { return };
        let filter = self.filter.get_untracked().map(|filter| filter.value());
        let count = self.extent().seen() as u32 + 2 * SPARE;
        self.chrome.act(Action::AskTable(TableAsk { order, filter, first, count, wanted }));
    }

    /// Asks for other rows: from the top, unless the selected person is among them.
    fn ask_anew(self, order: Option<String>) {
        let selected = self.chrome.app.selected;
        let wanted = selected.with_untracked(|node| Some(node.as_ref()?.id.clone()));
        self.ask(order, 0, wanted);
        self.active.set(0);
        if let Some(grid) = self.grid.get_untracked() {
            grid.set_scroll_top(0);
        }
    }

    fn scrolled(self) {
        let Some(grid) = self.grid.get_untracked() else { return };
        let extent = self.extent();
        let top = extent.top(f64::from(grid.scroll_top()));
        let (from, to) = (top as u32, (top + extent.seen()).ceil() as u32);
        let told = self.chrome.app.table.with_untracked(|told| {
            let told = told.as_ref()?;
            Some((told.first, told.first + told.rows.len() as u32, told.total))
        });
        let Some((first, end, total)) = told else { return };
        draw::place(&grid, &extent, first);
        if from < first || to.min(total) > end {
            self.ask(None, from.saturating_sub(SPARE), None);
        }
    }

    fn scroll_to(self, row: u32) {
        if let Some(grid) = self.grid.get_untracked()
            && let Some(scroll) = self.extent().scroll_to(row, f64::from(grid.scroll_top()))
        {
            grid.set_scroll_top(scroll as i32);
        }
    }

    fn go_to(self, row: u32) {
        self.active.set(row);
        let id = self.chrome.app.table.with_untracked(|told| {
            let told = told.as_ref()?;
            let row = told.rows.get(row.checked_sub(told.first)? as usize)?;
            Some(row.id.clone())
        });
        if let Some(id) = id {
            self.chrome.act(Action::GoToPlace(Place { view: View::Family, id }));
        }
    }

    fn press(self, event: &ev::MouseEvent) {
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let Some(target) = target else { return };
        let value = |name: &str| {
            let element = target.closest(&format!("[{name}]")).ok().flatten();
            element.and_then(|element| element.get_attribute(name))
        };
        if let Some(order) = value("data-order") {
            self.ask_anew(Some(order));
        } else if let Some(row) = value("data-row").and_then(|row| row.parse().ok()) {
            self.go_to(row);
        }
    }

    fn key(self, event: &ev::KeyboardEvent) {
        // A heading that has the focus is pressed by its own keys.
        if event.target() != event.current_target() {
            return;
        }
        let extent = self.extent();
        let (at, page) = (self.active.get_untracked(), extent.seen() as u32);
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
            _ => return,
        };
        event.prevent_default();
        let next = next.min(extent.total().saturating_sub(1));
        self.active.set(next);
        self.scroll_to(next);
    }
}
