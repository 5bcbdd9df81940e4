//! What is to become a file, how large it gets, and how it is getting on.

use banyan_export::{Layout, MOST_SIDE_PX, page_count};
use banyan_scene::{Cutout, FRAME_UNITS, Level, ZoomStep};
use banyan_view::View;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::{
    chrome::{Chrome, use_chrome},
    format,
    part::{Choice, CloseButton, TextButton, live},
    text::{say, text},
};
use crate::{
    app::{
        command::{Action, Command, ExportChoice},
        state::ExportState,
    },
    message::{ExportFault, ExportFormat, ExportPage},
};

const MOST_PERCENT: u32 = 6400;
/// The last two are of families alone.
const FORMATS: [(ExportFormat, &str); 5] = [
    (ExportFormat::Png, "PNG"),
    (ExportFormat::Svg, "SVG"),
    (ExportFormat::Pdf, "PDF"),
    (ExportFormat::Gedcom551, "GEDCOM 5.5.1"),
    (ExportFormat::Gedcom7, "GEDCOM 7.0"),
];
/// Papers by their own names; one page of the picture's size has none.
const PAGES: [(ExportPage, Option<&str>); 4] = [
    (ExportPage::Whole, None),
    (ExportPage::A4, Some("A4")),
    (ExportPage::A3, Some("A3")),
    (ExportPage::Letter, Some("Letter")),
];

/// Names with their places.
fn named<const N: usize>(names: [String; N]) -> Vec<(u32, String)> {
    (0..).zip(names).collect()
}

#[component]
pub fn ExportPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    live(move || app.is_export_open.get().then(|| view! { <OpenPanel /> }.into_any()))
}

#[component]
fn OpenPanel() -> impl IntoView {
    let chrome = use_chrome();
    let app = chrome.app;
    let choice = app.to_export;
    let is_family = Memo::new(move |_| app.view.get() == View::Family);
    let is_picture = Memo::new(move |_| choice.get().format.is_picture());
    Effect::new(move || {
        if !is_family.get() && !is_picture.get_untracked() {
            choice.update(|choice| choice.format = ExportFormat::Png);
        }
    });
    let formats = move || {
        let mut formats = named(FORMATS.map(|(_, name)| name.to_owned()));
        formats.truncate(if is_family.get() { FORMATS.len() } else { 3 });
        formats
    };
    let scopes = move || {
        let locale = chrome.locale();
        named([text!(export_everything), text!(export_screen)].map(|it| it.of(locale).to_owned()))
    };
    let pages = move || {
        let whole = text!(export_page_whole).of(chrome.locale());
        named(PAGES.map(|(_, name)| name.unwrap_or(whole).to_owned()))
    };
    let place_of_format = move || {
        let format = choice.get().format;
        FORMATS.iter().position(|(it, _)| *it == format).unwrap_or_default() as u32
    };
    let place_of_page = move || {
        let page = choice.get().page;
        PAGES.iter().position(|(it, _)| *it == page).unwrap_or_default() as u32
    };
    let is_paged = Memo::new(move |_| choice.get().format == ExportFormat::Pdf);
    let is_running = Memo::new(move |_| app.export.with(ExportState::is_running));
    let size = move || size(chrome, choice.get());
    let foot = live(move || {
        if is_running.get() {
            return Some(view! { <Running /> }.into_any());
        }
        let news = match app.export.get() {
            ExportState::Done => text!(export_done).of(chrome.locale()).to_owned(),
            ExportState::Failed(fault) => {
                let reason = match &fault {
                    ExportFault::Gone => text!(export_lost).of(chrome.locale()),
                    ExportFault::TooLarge => text!(export_too_large).of(chrome.locale()),
                    ExportFault::Refused(reason) => reason,
                };
                say!(chrome.locale(), export_failed, reason = reason)
            }
            ExportState::Idle | ExportState::Running(_) => String::new(),
        };
        let again = view! {
            <p role="status" data-testid="export-news">{news}</p>
            <TextButton
                label=text!(export_start)
                is_primary=true
                testid="export-start"
                on_press=move |_| chrome.act(Action::Export(choice.get_untracked()))
            />
        };
        Some(again.into_any())
    });
    view! {
        <aside class="form panel" data-testid="export" aria-label=chrome.say(text!(export_title))>
            <header class="panel-head">
                <h2>{chrome.say(text!(export_title))}</h2>
                <CloseButton on_press=move |_| chrome.run(Command::ShowExport) />
            </header>
            <div class="form-body">
                <Choice
                    label=text!(export_format)
                    testid="export-format"
                    options=Signal::derive(formats)
                    chosen=Signal::derive(place_of_format)
                    choose=move |place: u32| {
                        if let Some((format, _)) = FORMATS.get(place as usize) {
                            choice.update(|choice| choice.format = *format);
                        }
                    }
                />
                <div hidden=move || !is_picture.get()>
                    <Choice
                        label=text!(export_what)
                        testid="export-what"
                        options=Signal::derive(scopes)
                        chosen=Signal::derive(move || u32::from(choice.get().is_screen))
                        choose=move |place: u32| choice.update(|choice| choice.is_screen = place == 1)
                    />
                </div>
                <label hidden=move || !is_picture.get()>
                    <span>{chrome.say(text!(export_percent))}</span>
                    <input
                        data-testid="export-percent"
                        type="number"
                        min="1"
                        max=MOST_PERCENT.to_string()
                        value=choice.get_untracked().percent.to_string()
                        on:input=move |event| {
                            if let Ok(percent) = event_target_value(&event).parse::<u32>() {
                                choice.update(|choice| choice.percent = percent.clamp(1, MOST_PERCENT));
                            }
                        }
                    />
                </label>
                <div hidden=move || !is_paged.get()>
                    <Choice
                        label=text!(export_page)
                        testid="export-page"
                        options=Signal::derive(pages)
                        chosen=Signal::derive(place_of_page)
                        choose=move |place: u32| {
                            if let Some((page, _)) = PAGES.get(place as usize) {
                                choice.update(|choice| choice.page = *page);
                            }
                        }
                    />
                </div>
                <p class="export-size" data-testid="export-size">{size}</p>
                <div class="form-foot">{foot}</div>
            </div>
        </aside>
    }
}

#[component]
fn Running() -> impl IntoView {
    let chrome = use_chrome();
    let percent = move || match chrome.app.export.get() {
        ExportState::Running(percent) => percent.to_string(),
        _ => "100".to_owned(),
    };
    view! {
        <div
            class="track"
            role="progressbar"
            aria-label=chrome.say(text!(export_title))
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=percent
        >
            <div class="track-fill" style:width=move || percent() + "%"></div>
        </div>
        <TextButton
            label=text!(cancel)
            testid="export-cancel"
            on_press=move |_| chrome.run(Command::CancelExport)
        />
    }
}

/// How large the file gets, in px, and in pages where there are several.
fn size(chrome: Chrome, choice: ExportChoice) -> String {
    let app = chrome.app;
    let locale = chrome.locale();
    let view = app.view.get();
    if !choice.format.is_picture() {
        return text!(export_gedcom).of(locale).to_owned();
    }
    let (width, height) = if choice.is_screen {
        // Zoomed or resized, the size is another.
        app.scale.track();
        screen_size()
    } else {
        app.scenes.with(|scenes| {
            let bounds = scenes.get(&view).map(|scene| scene.bounds).unwrap_or_default();
            let side = |length: i32| i64::from(length) + 2 * i64::from(FRAME_UNITS);
            (side(bounds.width), side(bounds.height))
        })
    };
    let scaled = |side: i64| side * i64::from(choice.percent) / 100;
    let (width_px, height_px) = (scaled(width), scaled(height));
    if choice.format == ExportFormat::Png && width_px.max(height_px) > MOST_SIDE_PX {
        return text!(export_too_large).of(locale).to_owned();
    }
    let count = |number: i64| format::count(number.unsigned_abs(), locale);
    match choice.page.paper().filter(|_| choice.format == ExportFormat::Pdf) {
        None => say!(locale, export_px, width = count(width_px), height = count(height_px)),
        Some(paper) => {
            let ratio = if choice.is_screen { window().device_pixel_ratio() } else { 1.0 };
            let points_per_px = f64::from(choice.percent) * 0.0075 / ratio;
            let level = Level::new(ZoomStep::ONE, 1.0);
            let cutout = Cutout { level, x: 0, y: 0, width: width as i32, height: height as i32 };
            let pages = page_count(&cutout, Layout::Tiled { points_per_px, paper });
            say!(locale, export_pages, count = format::count(pages, locale))
        }
    }
}

/// Of the canvas, in device px.
fn screen_size() -> (i64, i64) {
    let canvas = document().query_selector(".deck canvas").ok().flatten();
    canvas.and_then(|canvas| canvas.dyn_into().ok()).map_or((0, 0), |canvas| {
        let canvas: web_sys::HtmlCanvasElement = canvas;
        (i64::from(canvas.width()), i64::from(canvas.height()))
    })
}
