//! Carries out what is asked for: holds the engines, the stage, and the address bar, and writes what
//! the interface shows into [`App`].
//!
//! There is one page, so there is one of these. Callbacks of the browser reach it by [`with`].

mod address;
mod cancelling;
mod charting;
mod editing;
mod export;
mod files;
mod gestures;
mod going;
mod kin;
mod lab;
pub mod look;
mod messages;
mod search;
mod table;
mod tools;
mod watching;

use std::cell::RefCell;

use banyan_layout::geometry::Rect;
use banyan_protocol::{TargetId, WatchKind};
use banyan_scene::{TileKey, Viewport};
use banyan_view::{Chart, Direction, Language, View};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};

use crate::{
    app::{
        command::{Action, Command},
        engines::Engine,
        few::Few,
        shell::{table::Table, text::preferred},
        state::{App, Progress},
    },
    message::{EngineStats, FamilySource, KeptAsk, LoadStage, Look, Sample, ToEngine},
    stage::Stage,
};

pub use tools::install as install_tools;

/// CSS px that an arrow key pans.
const PAN_CSS_PX: f64 = 120.0;

thread_local! {
    static CONTROL: RefCell<Option<Control>> = const { RefCell::new(None) };
}

/// Runs `work` on the page's controller; `None` before [`start`], or while it is at work already.
pub fn with<R>(work: impl FnOnce(&mut Control) -> R) -> Option<R> {
    CONTROL.with(|control| control.try_borrow_mut().ok()?.as_mut().map(work))
}

pub struct Control {
    pub stage: Stage,
    app: App,
    /// What the engine of the family was last asked to show, or shows.
    chart: Chart,
    /// The same of its arrangement, as an address has it.
    arrangement: String,
    /// Charts that it was asked for and has not told of yet.
    charting: u32,
    look: Look,
    /// The engine of the family that is shown.
    family: Option<Engine>,
    /// The engine of one that is being opened.
    loading: Option<Engine>,
    /// The files that were chosen last.
    given: files::Given,
    /// The table of persons, if it is open.
    table: Option<Table>,
    /// One that has started already for the family to be opened next. It also answers for what is kept
    /// while no family is open.
    next: Option<Engine>,
    /// What is kept was asked for last, and no figures.
    has_kept: bool,
    /// The engine that holds the link to the bridge.
    live: Option<Engine>,
    /// The engine of what the lab made up, and the one that tries things.
    lab: Option<Engine>,
    trial: Option<Engine>,
    /// What the live engine was last told to watch.
    watched: Option<(TargetId, &'static [WatchKind])>,
    serial: u32,
    /// Serial of the hover test on its way: one at a time.
    hovering: Option<u32>,
    /// Where the pointer went while a hover test was on its way, in CSS px.
    next_hover: Option<(f64, f64)>,
    /// Serial of the hit test whose answer is to be selected.
    clicking: Option<u32>,
    /// Serial of the look-up whose answer is to be selected and flown to.
    finding: Option<u32>,
    searching: u32,
    /// Serial of the question how two are related; the camera stays where it is for its answer.
    relating: u32,
    is_kin_still: bool,
    /// Serial of a search whose results are lit where they are now, and listed as they were.
    lighting: u32,
    /// Whether the persons of one colour were lit.
    is_lit: bool,
    /// What the address asked for and no scene has brought yet.
    wishes: address::Wishes,
    engine_stats: Few<View, EngineStats>,
    /// Whoever waits for an experiment, and the object that its figures go into.
    measuring: Option<(js_sys::Function, js_sys::Object)>,
    /// Which view becomes a file, and what the file is called.
    exporting: (View, String),
    address: address::Pace,
    /// What the engine was last told that the window shows.
    seen: (View, Rect),
    on_frame: Option<Closure<dyn FnMut(f64)>>,
    is_frame_asked: bool,
}

/// Starts the page: reads the address, and opens what it names.
pub fn start(app: App) {
    let look = untrack(|| look::wanted(app));
    let mut control = Control {
        stage: Stage::new(),
        app,
        chart: Chart::default(),
        arrangement: String::new(),
        charting: 0,
        look,
        family: None,
        loading: None,
        given: files::Given::default(),
        table: None,
        next: None,
        has_kept: false,
        live: None,
        lab: None,
        trial: None,
        watched: None,
        serial: 0,
        hovering: None,
        next_hover: None,
        clicking: None,
        finding: None,
        searching: 0,
        relating: 0,
        is_kin_still: false,
        lighting: 0,
        is_lit: false,
        wishes: address::Wishes::default(),
        engine_stats: Few::new(),
        measuring: None,
        exporting: (View::Family, String::new()),
        address: address::Pace::default(),
        seen: (View::Family, Rect::default()),
        on_frame: Some(Closure::new(|now_millis: f64| {
            with(|control| control.frame(now_millis));
        })),
        is_frame_asked: false,
    };
    control.stage.set_tile_budget(control.look.pictures.tile_bytes());
    CONTROL.with(|slot| *slot.borrow_mut() = Some(control));
    with(Control::open_address);
}

pub(crate) fn device_pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

pub(crate) fn now_millis() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

fn is_motion_reduced() -> bool {
    web_sys::window()
        .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok().flatten())
        .is_some_and(|query| query.matches())
}

impl Control {
    pub fn act(&mut self, action: Action) {
        match action {
            Action::Run(command) => self.run(command),
            Action::OpenFiles(files) => self.open_files(files),
            Action::Select(node) => self.select(Some(node)),
            // The engine may unfold the branch that they are in.
            Action::GoTo(node) if node.rect.is_empty() => self.visit(self.stage.view, node.id),
            Action::GoTo(node) => self.go_to(node),
            Action::GoToPlace(place) if self.is_kept(&place) => {}
            Action::GoToPlace(place) if place.id.starts_with('@') => self.light(place.id),
            Action::GoToPlace(place) => self.visit(place.view, place.id),
            Action::SearchFor(query) => self.search(query),
            Action::ChooseTarget(target) => {
                if self.aim_at(target) {
                    self.watch();
                    self.write_address(true);
                }
            }
            Action::SetChurn(changes) => self.set_churn(changes),
            Action::Export(choice) => self.export(choice),
            Action::Foretell(choice) => self.foretell(choice),
            Action::Submit(task, values) => self.submit(task, values),
            Action::SetDelimiter(delimiter) => {
                self.app.delimiter.set(delimiter);
                self.watched = None;
                self.watch();
            }
        }
        self.ask_frame();
    }

    fn run(&mut self, command: Command) {
        match command {
            Command::OpenSample(sample) => {
                self.open_family(FamilySource::Sample(sample), &JsValue::UNDEFINED);
            }
            Command::OpenAnyway => {
                self.open_given(true);
            }
            Command::CancelLoading => self.cancel(),
            Command::CancelExport => self.cancel_export(),
            Command::Show(view) => {
                self.show(view);
                self.write_address(true);
            }
            Command::GroupBy(group_by) => {
                self.app.group_by.set(group_by);
                if let Some(live) = &self.live {
                    live.send(&ToEngine::GroupBy(group_by));
                }
            }
            Command::RescanKeys => {
                if let (Some(live), Some(target)) = (&self.live, self.app.target.get_untracked()) {
                    live.send(&ToEngine::Rescan { target });
                }
            }
            Command::Observe => {
                if let (Some(live), Some(target)) = (&self.live, self.app.target.get_untracked()) {
                    live.send(&ToEngine::Observe { target });
                }
            }
            Command::ShowPart(_)
            | Command::ShowTimeline
            | Command::ShowEveryone
            | Command::Reach(_) => self.run_chart(command),
            Command::Arrange(what) => self.arrange(what),
            Command::NextResult => self.go_to_result(true),
            Command::PreviousResult => self.go_to_result(false),
            Command::CentreSelection => self.centre_selection(),
            Command::ShowFigures => self.ask_figures(),
            Command::ShowTable => self.toggle_table(),
            Command::OpenFile | Command::OpenFolder => self.get_ready(),
            Command::ShowKept => {
                self.get_ready();
                self.ask_kept(KeptAsk::List);
            }
            Command::ForgetKept => self.ask_kept(KeptAsk::ForgetAll),
            Command::Make => self.make_wanted(),
            Command::TryCircles => self.try_circles(),
            Command::TryFamily => self.try_family(),
            Command::Fit => self.fly_to(self.stage.fit_camera()),
            Command::Home => self.fly_to(self.stage.start_camera()),
            Command::ZoomIn => self.zoom_at(self.middle(), 1.5),
            Command::ZoomOut => self.zoom_at(self.middle(), 1.0 / 1.5),
            Command::Walk(direction) => {
                if let Some(id) = self.stage.selected.as_ref().map(|selected| selected.id.clone()) {
                    let serial = self.next_serial();
                    self.finding = Some(serial);
                    let view = self.stage.view;
                    self.send(&ToEngine::Neighbour { view, serial, id, direction });
                }
            }
            Command::Pan(direction) => {
                let (dx, dy) = match direction {
                    Direction::Up => (0.0, PAN_CSS_PX),
                    Direction::Down => (0.0, -PAN_CSS_PX),
                    Direction::Left => (PAN_CSS_PX, 0.0),
                    Direction::Right => (-PAN_CSS_PX, 0.0),
                };
                let camera = self.stage.camera().pan_by_css_px(dx, dy);
                self.fly_to(camera.snapped(&self.stage.viewport));
            }
            Command::Relate => self.relate(),
            Command::EditPerson
            | Command::AddPerson
            | Command::LinkPersons
            | Command::RemovePerson
            | Command::Undo
            | Command::Redo => self.run_edit(command),
            Command::NextWay => self.next_way(),
            Command::CloseOrClear => {
                if self.app.kin.with_untracked(Option::is_some) {
                    self.end_kin();
                    self.write_address(false);
                } else if self.stage.lit.is_empty() {
                    self.select(None);
                } else {
                    self.search(String::new());
                }
            }
            // The shell's own.
            Command::Search
            | Command::ShowCommands
            | Command::ToggleMinimap
            | Command::ToggleLegend
            | Command::ShowDiagnostics
            | Command::CycleTheme
            | Command::CyclePictureMemory
            | Command::HideLiving
            | Command::CycleColouring
            | Command::CycleCalendar
            | Command::SwitchLanguage
            | Command::CopyLink
            | Command::CopyDetails
            | Command::CopyTrials
            | Command::CopyFindings
            | Command::ShowExport
            | Command::Print
            | Command::SaveFamily
            | Command::ShowHelp => {}
        }
    }

    fn next_serial(&mut self) -> u32 {
        self.serial = self.serial.wrapping_add(1);
        self.serial
    }

    fn engine(&self) -> Option<&Engine> {
        self.engine_of(self.stage.view)
    }

    fn engine_of(&self, view: View) -> Option<&Engine> {
        match view {
            View::Family => self.family.as_ref(),
            View::Connections | View::Keyspace => self.live.as_ref(),
            View::Lab => self.lab.as_ref(),
        }
    }

    fn send(&self, message: &ToEngine) {
        if let Some(engine) = self.engine() {
            engine.send(message);
        }
    }

    /// Opens a family in a worker of its own; the one that is shown stays until this one is ready.
    fn open_family(&mut self, source: FamilySource, file: &JsValue) {
        let name = source.name().to_owned();
        self.app.load_error.set(None);
        self.stage.first_picture.ask();
        self.app.progress.set(Some(Progress {
            name,
            stage: LoadStage::Reading,
            share: 0.0,
            can_cancel: true,
        }));
        let engine = self.next.take().map_or_else(|| files::engine(&self.look), Ok);
        match engine {
            Ok(mut engine) => {
                engine.file = file.clone();
                engine.send(&ToEngine::Chart {
                    chart: std::mem::take(&mut self.wishes.chart),
                    arrangement: std::mem::take(&mut self.wishes.arrangement),
                });
                if matches!(source, FamilySource::File { .. }) {
                    self.given.send_pictures(&engine);
                }
                engine.send_with(&ToEngine::OpenFamily(source), file);
                self.loading = Some(engine);
            }
            Err(error) => self.report_panic(&format!("{error:?}")),
        }
    }

    fn connect(&mut self) {
        let Some(location) = web_sys::window().map(|window| window.location()) else { return };
        let (Ok(protocol), Ok(host)) = (location.protocol(), location.host()) else { return };
        let scheme = if protocol == "https:" { "wss" } else { "ws" };
        let engine = Engine::start(|message, picture| {
            with(|control| control.hear_live(message, picture));
        });
        match engine {
            Ok(engine) => {
                engine.send(&ToEngine::Look(self.look.clone()));
                engine.send(&ToEngine::GroupBy(self.app.group_by.get_untracked()));
                engine.send(&ToEngine::Connect { url: format!("{scheme}://{host}/ws") });
                self.live = Some(engine);
            }
            Err(error) => self.report_panic(&format!("{error:?}")),
        }
    }

    fn report_panic(&mut self, report: &str) {
        log::error!("{report}");
        self.app.progress.set(None);
        self.app.panic_report.set(Some(report.to_owned()));
    }

    /// Shows another view: what its engine is to watch, and what the interface says of it.
    fn show(&mut self, view: View) {
        if self.stage.view != view {
            self.end_kin();
            self.select(None);
            self.clear_search();
            self.forget_questions();
            self.stage.show(view);
            self.app.view.set(view);
            self.app.scale.set(self.stage.camera().scale);
            self.app.hovered.set(None);
        }
        self.open_something(view);
        self.ask_table_again();
        self.watch();
        self.ask_thumbnail();
        self.ask_frame();
    }

    /// Nobody comes to a view that has nothing to show, if something can be had without asking.
    fn open_something(&mut self, view: View) {
        let is_empty = !self.app.scenes.with_untracked(|scenes| scenes.get(&view).is_some());
        match view {
            View::Family if is_empty && self.family.is_none() && self.loading.is_none() => {
                self.open_family(FamilySource::Sample(Self::first_sample()), &JsValue::UNDEFINED);
            }
            View::Lab if is_empty && self.lab.is_none() => self.make_wanted(),
            // A family needs no bridge, and no worker that waits for one.
            View::Connections | View::Keyspace if self.live.is_none() => self.connect(),
            _ => {}
        }
    }

    fn forget_questions(&mut self) {
        self.hovering = None;
        self.next_hover = None;
        self.clicking = None;
        self.finding = None;
    }

    fn middle(&self) -> (f64, f64) {
        (self.stage.viewport.width_css() / 2.0, self.stage.viewport.height_css() / 2.0)
    }

    /// The canvas has another size, in device px.
    pub fn resize(&mut self, width_px: u32, height_px: u32) {
        let device_pixel_ratio = device_pixel_ratio();
        let is_first = self.stage.viewport.width_px == 0;
        self.stage.resize(Viewport { width_px, height_px, device_pixel_ratio });
        if (device_pixel_ratio - self.look.device_pixel_ratio).abs() > 1e-9 {
            self.look.device_pixel_ratio = device_pixel_ratio;
            self.send_look();
        }
        if is_first && self.stage.pane().scene.is_some() {
            self.stage.set_camera(self.stage.start_camera());
            self.grant_wishes();
        }
        // Drawn at once: a canvas is blank from the moment its size is set.
        self.frame(now_millis());
    }

    pub fn resize_minimap(&mut self, width_px: u32, height_px: u32) {
        self.stage.resize_minimap(width_px, height_px);
        self.ask_thumbnail();
        self.ask_frame();
    }

    fn ask_thumbnail(&self) {
        if let Some((width_px, height_px)) = self.stage.minimap_size() {
            self.send(&ToEngine::Thumbnail { view: self.stage.view, width_px, height_px });
        }
    }

    /// Whether anybody can see the page: a hidden one costs the bridge nothing, and is not painted.
    pub fn set_visible(&mut self, is_visible: bool) {
        for engine in [&self.family, &self.loading, &self.live, &self.lab].into_iter().flatten() {
            engine.send(&ToEngine::Visible(is_visible));
        }
        if is_visible {
            self.stage.touch();
            self.ask_frame();
        }
    }

    pub(crate) fn ask_frame(&mut self) {
        if self.is_frame_asked {
            return;
        }
        let (Some(window), Some(on_frame)) = (web_sys::window(), &self.on_frame) else { return };
        self.is_frame_asked =
            window.request_animation_frame(on_frame.as_ref().unchecked_ref()).is_ok();
    }

    fn frame(&mut self, at_millis: f64) {
        self.is_frame_asked = false;
        let began = now_millis();
        let result = self.stage.frame(at_millis);
        self.stage.frames.add(now_millis() - began);
        if let Some(wanted) = result.wanted {
            self.ask_tiles(wanted);
        }
        if result.camera_moved {
            self.app.scale.set(self.stage.camera().scale);
        }
        if result.is_moving {
            self.ask_frame();
        } else {
            self.write_address_at_rest();
        }
    }

    fn ask_tiles(&mut self, wanted: Vec<TileKey>) {
        let (view, visible) = self.what_shows();
        self.seen = (view, visible);
        self.send(&ToEngine::Tiles { view, wanted, visible });
    }

    fn what_shows(&self) -> (View, Rect) {
        (self.stage.view, self.stage.camera().visible_world(&self.stage.viewport).outer())
    }

    /// Tells the engine what shows, where it was not told with a wish for tiles.
    fn tell_what_shows(&mut self) {
        let (view, visible) = self.what_shows();
        if self.seen != (view, visible) {
            self.seen = (view, visible);
            self.send(&ToEngine::Seen { view, visible });
        }
    }

    /// Sample of the page's language, for whoever has opened nothing yet.
    fn first_sample() -> Sample {
        match preferred() {
            Language::Chinese => Sample::Honglou,
            Language::English => Sample::DarwinWedgwood,
        }
    }
}
