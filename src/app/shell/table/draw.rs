//! Puts what is told of a table into the document. Elements that are there are used again: rows pass
//! through them while one scrolls, and what has the focus keeps it.

use banyan_view::ToldTable;
use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use super::extent::Extent;

pub fn draw(
    grid: &Element,
    chooser: &Element,
    told: &ToldTable,
    chosen: Option<&str>,
    active: u32,
) {
    for (at, column) in told.columns.iter().enumerate() {
        let item = child(chooser, at, "button");
        item.set_text_content(Some(&column.label));
        item.set_class_name("menu-item");
        put(&item, "role", "checkbox");
        put(&item, "aria-checked", &column.is_shown.to_string());
        put(&item, "data-order", &column.toggle);
    }
    put(grid, "aria-rowcount", &(told.total + 1).to_string());
    put(grid, "aria-activedescendant", &row_id(active));
    let page = child(grid, 0, "div");
    page.set_class_name("table-page");
    put(&page, "role", "presentation");

    let head = child(&page, 0, "div");
    head.set_class_name("table-row table-head");
    put(&head, "role", "row");
    let mut shown = 0;
    for column in told.columns.iter().filter(|column| column.is_shown) {
        let heading = child(&head, shown, "div");
        put(&heading, "role", "columnheader");
        put(&heading, "aria-sort", &column.sort);
        let button = child(&heading, 0, "button");
        button.set_text_content(Some(&column.label));
        put(&button, "data-order", &column.press);
        shown += 1;
    }
    cut(&head, shown);

    let body = child(&page, 1, "div");
    body.set_class_name("table-rows");
    put(&body, "role", "rowgroup");
    for (at, person) in told.rows.iter().enumerate() {
        let place = told.first + at as u32;
        let row = child(&body, at, "div");
        let is_chosen = chosen == Some(&person.id);
        row.set_class_name(if place == active { "table-row active" } else { "table-row" });
        row.set_id(&row_id(place));
        put(&row, "role", "row");
        put(&row, "aria-rowindex", &(place + 2).to_string());
        put(&row, "aria-selected", &is_chosen.to_string());
        put(&row, "data-row", &place.to_string());
        for (at, text) in person.cells.iter().enumerate() {
            let cell = child(&row, at, "div");
            cell.set_text_content(Some(text));
            put(&cell, "role", "gridcell");
            put(&cell, "dir", "auto");
        }
        cut(&row, person.cells.len());
    }
    cut(&body, told.rows.len());

    let extent = Extent::new(told.total, grid.client_height());
    style(&page, "--columns", &told.tracks);
    style(&page, "--width", &told.width);
    style(&page, "--height", &format!("{}px", extent.height() as u32));
    place(grid, &extent, told.first);
}

/// Puts the rows where the first of them belongs.
pub fn place(grid: &Element, extent: &Extent, first: u32) {
    // Whole px: letters between them are blurred, and a program that writes fractions is larger.
    let y = extent.place(first, f64::from(grid.scroll_top())) as i32;
    if let Ok(Some(body)) = grid.query_selector(".table-rows") {
        style(&body, "translate", &format!("0 {y}px"));
    }
}

fn row_id(place: u32) -> String {
    format!("row-{place}")
}

/// The child at a place, which is made if there is none. A page that makes no elements has none, and
/// then the parent stands for it.
pub fn child(parent: &Element, at: usize, tag: &str) -> Element {
    let known = parent.children().item(at as u32);
    known.unwrap_or_else(|| {
        let made = document().create_element(tag).unwrap_or_else(|_| parent.clone());
        // Fails for the parent itself.
        let _ = parent.append_child(&made);
        made
    })
}

/// Takes out the children from a place on.
fn cut(parent: &Element, from: usize) {
    while parent.child_element_count() as usize > from {
        if let Some(last) = parent.last_element_child() {
            last.remove();
        }
    }
}

pub fn put(element: &Element, name: &str, value: &str) {
    // The names are ours and valid.
    let _ = element.set_attribute(name, value);
}

fn style(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Names and values are ours and valid.
        let _ = element.style().set_property(name, value);
    }
}
