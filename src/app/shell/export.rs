//! What is to become a file, how large it gets, and how it is getting on.

use banyan_export::MOST_SIDE_PX;
use banyan_view::View;
use leptos::prelude::*;

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
    message::{ExportFault, ExportFormat, ExportPage, ExportSize},
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
    Effect::new(move || {
        let choice = choice.get();
        // Other views and scenes, other sizes; and so it is with legends, titles and what is on the screen.
        app.view.track();
        app.scenes.track();
        app.legend.track();
        app.charted.track();
        if choice.is_screen {
            app.scale.track();
        }
        chrome.act(Action::Foretell(choice));
    });
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

/// How large the file gets, in px, and in pages where there are several, as the engine foretells.
fn size(chrome: Chrome, choice: ExportChoice) -> String {
    let locale = chrome.locale();
    if !choice.format.is_picture() {
        return text!(export_gedcom).of(locale).to_owned();
    }
    let ExportSize { width_px, height_px, pages } = chrome.app.foretold.get();
    if choice.format == ExportFormat::Png && width_px.max(height_px) > MOST_SIDE_PX {
        return text!(export_too_large).of(locale).to_owned();
    }
    if pages > 0 {
        return say!(locale, export_pages, count = format::count(pages, locale));
    }
    let count = |number: i64| format::count(number.unsigned_abs(), locale);
    say!(locale, export_px, width = count(width_px), height = count(height_px))
}
