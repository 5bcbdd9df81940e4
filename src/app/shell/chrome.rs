//! What the shell keeps for itself, and the commands that it carries out.

use banyan_view::{NodeSummary, ShownCalendar, ToldDetails, ToldFindings};
use js_sys::Reflect;
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::{
    format, lab,
    memory::system_is_dark,
    text::{self, Language, Text, text},
};
use crate::{
    app::{
        command::{Action, Command, Deck, ExportChoice},
        state::{App, ThemeChoice},
    },
    message::{ExportFormat, ExportPage, PictureMemory},
};

pub const TOAST_MILLIS: u64 = 2400;

/// An open menu.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Menu {
    /// Below its button in the bar.
    Main,
    /// At a point of the window, in CSS px.
    Context { x_px: i32, y_px: i32 },
}

/// Handles on everything that the parts of the shell share. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Chrome {
    pub app: App,
    deck: Deck,
    /// What stands in the search box.
    pub query: RwSignal<String>,
    pub menu: RwSignal<Option<Menu>>,
    /// This page's clock, milliseconds since 1970; ticks every second while a live view is watched.
    pub now_millis: RwSignal<f64>,
    pub search_box: NodeRef<html::Input>,
    pub file_box: NodeRef<html::Input>,
    /// What was to be pressed once more, and when that was said: milliseconds since 1970.
    asked: StoredValue<Option<(Command, f64)>>,
}

impl Chrome {
    pub fn new(app: App, deck: Deck) -> Self {
        Self {
            app,
            deck,
            query: RwSignal::new(String::new()),
            menu: RwSignal::new(None),
            now_millis: RwSignal::new(js_sys::Date::now()),
            search_box: NodeRef::new(),
            file_box: NodeRef::new(),
            asked: StoredValue::new(None),
        }
    }

    /// The language of the page. Tracked.
    pub fn locale(self) -> Language {
        self.app.locale.get()
    }

    /// A text as a view or an attribute takes it: it follows the language.
    pub fn say(self, text: Text) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || text.of(self.app.locale.get())
    }

    /// Changes the language as soon as its texts are there.
    fn speak(self, locale: Language) {
        spawn_local(async move {
            match text::load(locale).await {
                Ok(()) => self.app.locale.set(locale),
                Err(_) => self.show_toast(text!(language_not_loaded)),
            }
        });
    }

    pub fn act(self, action: Action) {
        self.deck.act(action);
    }

    pub fn run(self, command: Command) {
        self.menu.set(None);
        let app = self.app;
        match command {
            Command::OpenFile | Command::OpenFolder => {
                if let Some(input) = self.file_box.get_untracked() {
                    let is_folder = command == Command::OpenFolder;
                    // The name is one that every browser takes.
                    let _ = input.toggle_attribute_with_force("webkitdirectory", is_folder);
                    input.click();
                }
                self.act(Action::Run(command));
            }
            Command::ForgetKept if !self.is_pressed_again(command) => {
                self.show_toast(text!(kept_forget_ask));
            }
            Command::Search => self.open_search(false),
            Command::ShowCommands => self.open_search(true),
            Command::ToggleMinimap => app.panels.update(|panels| panels.minimap = !panels.minimap),
            Command::ToggleLegend => app.panels.update(|panels| panels.legend = !panels.legend),
            Command::ShowDiagnostics => {
                app.is_diagnostics_open.update(|is_open| *is_open = !*is_open);
            }
            Command::ShowFigures if app.has_figures() => app.figures.set(ToldFindings::default()),
            Command::SaveFamily => {
                app.is_export_open.set(true);
                let version = app.family.with_untracked(|it| it.as_ref()?.gedcom_version.clone());
                let is_new = version.is_some_and(|version| version.starts_with('7'));
                let format = if is_new { ExportFormat::Gedcom7 } else { ExportFormat::Gedcom551 };
                self.act(Action::Export(ExportChoice { format, ..ExportChoice::default() }));
            }
            Command::ShowExport => app.is_export_open.update(|is_open| *is_open = !*is_open),
            Command::Print => {
                app.to_export.update(|choice| {
                    *choice = ExportChoice {
                        format: ExportFormat::Pdf,
                        page: if choice.page == ExportPage::Whole {
                            ExportPage::A4
                        } else {
                            choice.page
                        },
                        ..*choice
                    };
                });
                app.is_export_open.set(true);
            }
            Command::CycleTheme => {
                app.theme.update(|theme| *theme = next_theme(*theme, system_is_dark()));
            }
            Command::CyclePictureMemory => {
                app.pictures.update(|pictures| {
                    let next = *pictures as usize + 1;
                    *pictures =
                        PictureMemory::ALL.get(next).copied().unwrap_or(PictureMemory::Small);
                });
                self.show_toast(match app.pictures.get_untracked() {
                    PictureMemory::Small => text!(pictures_small),
                    PictureMemory::Normal => text!(pictures_normal),
                    PictureMemory::Large => text!(pictures_large),
                    PictureMemory::Huge => text!(pictures_huge),
                });
            }
            Command::HideLiving => app.hides_living.update(|hides| *hides = !*hides),
            Command::CycleColouring => {
                app.panels.update(|panels| {
                    panels.colouring = panels.colouring.next();
                    // Colours say nothing without their meaning.
                    panels.legend = true;
                });
            }
            Command::CycleCalendar => {
                let next = app.calendar.get_untracked() as usize + 1;
                let next = ShownCalendar::ALL.get(next).copied().unwrap_or_default();
                app.calendar.set(next);
                self.show_toast(match next {
                    ShownCalendar::AsWritten => text!(dates_as_written),
                    ShownCalendar::Gregorian => text!(dates_gregorian),
                    ShownCalendar::Chinese => text!(dates_chinese),
                    ShownCalendar::Julian => text!(dates_julian),
                    ShownCalendar::Hebrew => text!(dates_hebrew),
                    ShownCalendar::French => text!(dates_french),
                });
            }
            Command::SwitchLanguage => self.speak(other_language(app.locale.get_untracked())),
            Command::CopyLink => {
                if let Ok(address) = window().location().href() {
                    self.copy(address, text!(copied_link));
                }
            }
            Command::CopyDetails => {
                let locale = app.locale.get_untracked();
                if let Some(details) = app.details.get_untracked() {
                    self.copy(details_as_text(&details, locale), text!(copied_details));
                }
            }
            Command::Observe => {
                if self.is_pressed_again(command) {
                    self.show_toast(text!(observing));
                    self.act(Action::Run(command));
                } else {
                    self.show_toast(text!(observe_cost));
                }
            }
            Command::CopyFindings => {
                let markdown = untrack(|| app.told()).with_untracked(|it| it.markdown.clone());
                self.copy(markdown, text!(copied_findings));
            }
            Command::CopyTrials => {
                let tried = app.lab.with_untracked(|lab| lab.tried.clone());
                let markdown = lab::as_markdown(&tried, app.locale.get_untracked());
                self.copy(markdown, text!(copied_trials));
            }
            Command::ShowHelp => app.is_help_open.update(|is_open| *is_open = !*is_open),
            Command::CloseOrClear => {
                if self.close_topmost() {
                    // One thing at a time.
                } else if app.selected.with_untracked(Option::is_some)
                    || app.kin.with_untracked(Option::is_some)
                {
                    self.act(Action::Run(command));
                } else if app.is_table_open.get_untracked() {
                    self.run(Command::ShowTable);
                } else {
                    self.set_query(String::new());
                }
            }
            Command::ShowKept
            | Command::ForgetKept
            | Command::OpenSample(_)
            | Command::OpenAnyway
            | Command::CancelLoading
            | Command::CancelExport
            | Command::Show(_)
            | Command::ShowPart(_)
            | Command::ShowTimeline
            | Command::ShowEveryone
            | Command::Reach(_)
            | Command::Arrange(_)
            | Command::ShowFigures
            | Command::ShowTable
            | Command::GroupBy(_)
            | Command::RescanKeys
            | Command::Make
            | Command::TryCircles
            | Command::TryFamily
            | Command::NextResult
            | Command::PreviousResult
            | Command::CentreSelection
            | Command::Relate
            | Command::EditPerson
            | Command::AddPerson
            | Command::LinkPersons
            | Command::RemovePerson
            | Command::Undo
            | Command::Redo
            | Command::NextWay
            | Command::Fit
            | Command::Home
            | Command::ZoomIn
            | Command::ZoomOut
            | Command::Walk(_)
            | Command::Pan(_) => self.act(Action::Run(command)),
        }
    }

    /// Whether this is the second press of what is not done at the first, shortly after it.
    fn is_pressed_again(self, command: Command) -> bool {
        let now = js_sys::Date::now();
        let is_again = self.asked.get_value().is_some_and(|(asked, at_millis)| {
            asked == command && now - at_millis < TOAST_MILLIS as f64 * 2.0
        });
        self.asked.set_value((!is_again).then_some((command, now)));
        is_again
    }

    pub fn go_to(self, node: NodeSummary) {
        self.act(Action::GoTo(node));
    }

    pub fn show_toast(self, text: Text) {
        self.app.toast.set(Some(text.of(self.app.locale.get_untracked()).to_owned()));
    }

    pub fn copy(self, content: String, done: Text) {
        let clipboard = window().navigator().clipboard();
        // Undefined where the page is not served securely.
        let is_there = Reflect::has(&window().navigator(), &"clipboard".into()).unwrap_or(false)
            && !clipboard.is_undefined();
        if !is_there {
            self.show_toast(text!(copy_failed));
            return;
        }
        spawn_local(async move {
            let copied = JsFuture::from(clipboard.write_text(&content)).await;
            self.show_toast(if copied.is_ok() { done } else { text!(copy_failed) });
        });
    }

    pub fn set_query(self, query: String) {
        if !query.starts_with('>') {
            self.act(Action::SearchFor(query.trim().to_owned()));
        }
        self.query.set(query);
    }

    pub fn close_search(self) {
        self.app.is_search_open.set(false);
        if let Some(input) = self.search_box.get_untracked() {
            // Without focus already, nothing happens.
            let _ = input.blur();
        }
    }

    fn open_search(self, lists_commands: bool) {
        let has_commands = self.query.with_untracked(|query| query.starts_with('>'));
        if lists_commands {
            self.set_query(">".into());
        } else if has_commands {
            self.set_query(String::new());
        }
        self.app.is_search_open.set(true);
        if let Some(input) = self.search_box.get_untracked() {
            input.set_value(&self.query.get_untracked());
            // An element that is on the page takes focus and selects its text.
            let _ = input.focus();
            if !lists_commands {
                input.select();
            }
        }
    }

    fn close_topmost(self) -> bool {
        let app = self.app;
        let is_menu_open = self.menu.get_untracked().is_some();
        if is_menu_open {
            self.menu.set(None);
        } else if app.is_search_open.get_untracked() {
            self.close_search();
        } else if app.is_help_open.get_untracked() {
            app.is_help_open.set(false);
        } else if app.is_export_open.get_untracked() {
            app.is_export_open.set(false);
        } else if app.form.with_untracked(Option::is_some) {
            app.form.set(None);
        } else if app.has_figures() {
            app.figures.set(ToldFindings::default());
        } else if app.is_diagnostics_open.get_untracked() {
            app.is_diagnostics_open.set(false);
        } else if app.load_error.with_untracked(Option::is_some) {
            app.load_error.set(None);
        } else {
            return false;
        }
        true
    }
}

/// Reads the shell's handles in a component.
pub fn use_chrome() -> Chrome {
    expect_context()
}

/// The place after (`step` 1) or before (-1) `at` in a ring of `len`; the first or last from nowhere.
pub fn stepped(at: Option<usize>, len: usize, step: isize) -> Option<usize> {
    let len = isize::try_from(len).ok().filter(|len| *len > 0)?;
    let from = match at {
        Some(at) => isize::try_from(at).ok()?,
        None if step > 0 => -1,
        None => 0,
    };
    usize::try_from((from + step).rem_euclid(len)).ok()
}

/// From the system's theme to the other one first, so that every press can be seen.
fn next_theme(theme: ThemeChoice, system_is_dark: bool) -> ThemeChoice {
    match (theme, system_is_dark) {
        (ThemeChoice::System, true) | (ThemeChoice::Dark, false) => ThemeChoice::Light,
        (ThemeChoice::System, false) | (ThemeChoice::Light, true) => ThemeChoice::Dark,
        (ThemeChoice::Light, false) | (ThemeChoice::Dark, true) => ThemeChoice::System,
    }
}

fn other_language(locale: Language) -> Language {
    match locale {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    }
}

/// Lines of label, tab, value: pastes into notes and into tables.
fn details_as_text(details: &ToldDetails, locale: Language) -> String {
    let mut lines = vec![details.title.clone()];
    if !details.subtitle.is_empty() {
        lines.push(details.subtitle.clone());
    }
    for section in &details.sections {
        lines.push(section.heading.clone());
        for row in &section.rows {
            let value = format::value(&row.value, locale);
            lines.push(format!("{}\t{value}", row.label));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_press_on_the_theme_is_seen_and_all_themes_are_reached() {
        let check = |system_is_dark, expect: [ThemeChoice; 3]| {
            let mut theme = ThemeChoice::System;
            for expect in expect {
                theme = next_theme(theme, system_is_dark);
                assert_eq!(theme, expect, "dark: {system_is_dark}");
            }
        };
        check(false, [ThemeChoice::Dark, ThemeChoice::Light, ThemeChoice::System]);
        check(true, [ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::System]);
    }

    #[test]
    fn results_are_a_ring() {
        let check = |at, len, step, expect| assert_eq!(stepped(at, len, step), expect);
        check(None, 0, 1, None);
        check(None, 3, 1, Some(0));
        check(None, 3, -1, Some(2));
        check(Some(2), 3, 1, Some(0));
        check(Some(0), 3, -1, Some(2));
        check(Some(1), 3, 1, Some(2));
    }
}
