//! The engine: a web worker that holds everything that grows with the data. It reads files, lays
//! out, answers what lies where, and paints tiles; the page only puts them on the screen.
//!
//! One task at a time: a message is handled, then tiles are painted for a few milliseconds, then the
//! next message gets its turn.

mod arranging;
mod charting;
mod colouring;
mod editing;
mod export;
mod family;
mod glyphs;
mod kept;
mod lines;
mod live;
mod making;
mod masking;
mod painter;
mod photos;
mod post;
mod rehearsal;
mod shown;
mod socket;
mod table;
mod trials;
mod turns;

use std::{cell::RefCell, collections::BTreeMap};

use banyan_scene::{Palette, Theme};
use banyan_view::{
    Colouring, Language, NodeSummary, Plan, ShownCalendar, View, Words, WorldChange,
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::MessageEvent;

use crate::{
    app::engines::unpack,
    engine::{
        family::Opened,
        live::Live,
        painter::CanvasPainter,
        photos::Folder,
        post::post,
        shown::{AnyWorld, Shown},
        turns::Turns,
    },
    message::{EngineStats, FamilySource, FromEngine, GroupBy, Look, PictureMemory, ToEngine},
};

/// Milliseconds of painting between two looks at the messages that wait.
const TURN_MILLIS: f64 = 8.0;
/// While tiles are painted without end, the page hears how it goes this often.
const STATS_MILLIS: f64 = 250.0;
/// So much time the first picture of more persons than these has to itself.
const FEW_PERSONS: u32 = 20_000;
const FIRST_PICTURE_MILLIS: i32 = 400;

thread_local! {
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
}

/// Runs `work` on this worker's engine; `None` before it has started or while it is at work.
pub(crate) fn with<R>(work: impl FnOnce(&mut Engine) -> R) -> Option<R> {
    ENGINE.with(|engine| engine.try_borrow_mut().ok()?.as_mut().map(work))
}

pub(crate) struct Engine {
    look: Look,
    shown: BTreeMap<View, Shown>,
    live: Live,
    /// How the family is shown, or is to be.
    plan: Plan,
    /// Pictures for the family that is opened next.
    folder: Option<Folder>,
    making: Option<making::Making>,
    turns: Turns,
    /// It has been given a file.
    has_file: bool,
    /// Nobody can see the page: what is wanted waits.
    is_hidden: bool,
    export: Option<export::Export>,
    tiles_painted: u64,
    stats_posted_millis: f64,
    busy: Busy,
}

/// How much of the last second was spent working.
#[derive(Default)]
struct Busy {
    second_began_millis: f64,
    worked_millis: f64,
    messages_before: u64,
    /// Of the last whole second.
    share: f64,
    messages_per_second: f64,
}

/// Starts the worker's program.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        post(&FromEngine::Panicked { report: info.to_string() });
    }));
    crate::log::install();
    let look = Look {
        is_dark: false,
        device_pixel_ratio: 1.0,
        language: Language::English,
        pictures: PictureMemory::default(),
        hides_living: false,
        calendar: ShownCalendar::default(),
        colouring: Colouring::default(),
    };
    let engine = Engine {
        look,
        shown: BTreeMap::new(),
        live: Live::default(),
        plan: Plan::default(),
        folder: None,
        making: None,
        turns: Turns::new(|| {
            with(Engine::turn);
        }),
        has_file: false,
        is_hidden: false,
        export: None,
        tiles_painted: 0,
        stats_posted_millis: 0.0,
        busy: Busy::default(),
    };
    ENGINE.with(|slot| *slot.borrow_mut() = Some(engine));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        if let Some((message, file)) = unpack::<ToEngine>(&event.data()) {
            hear(message, file);
        }
    });
    post::scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Lives as long as the worker.
    on_message.forget();
    post(&FromEngine::Ready);
}

fn palette(look: &Look) -> Palette {
    let theme = if look.is_dark { Theme::Dark } else { Theme::Light };
    #[expect(clippy::expect_used, reason = "checked by a test, and nothing can be drawn without")]
    Palette::parse(include_str!("../style/tokens.css"), theme).expect("complete tokens")
}

fn hear(message: ToEngine, file: Option<JsValue>) {
    match message {
        // Waits for the browser in between, so it does not hold the engine.
        ToEngine::OpenFamily(source) => open_family(source, file),
        ToEngine::Rehearse => wasm_bindgen_futures::spawn_local(rehearsal::run()),
        ToEngine::Export(order) => export::begin(order, file),
        ToEngine::Kept(ask) => {
            let language = with(|engine| engine.look.language).unwrap_or_default();
            wasm_bindgen_futures::spawn_local(kept::answer(ask, language));
        }
        ToEngine::Pictures(paths) => editing::take_pictures(Folder::new(paths, file)),
        other => {
            with(|engine| {
                let began = post::now_millis();
                engine.hear(other);
                engine.busy.worked_millis += post::now_millis() - began;
            });
        }
    }
}

fn open_family(source: FamilySource, file: Option<JsValue>) {
    with(|engine| engine.has_file = true);
    wasm_bindgen_futures::spawn_local(async move {
        let (bytes, blob) = match family::bytes_of(&source, file.as_ref()).await {
            Ok(found) => found,
            Err(error) => return post(&FromEngine::Failed(error)),
        };
        let digest = banyan_view::kept::digest(&bytes);
        let editing = editing::recall(source.settled(&digest), &digest).await;
        let (words, plan, year, folder) = with(|engine| {
            (engine.words(), engine.plan.clone(), engine.mask_year(), engine.folder.take())
        })
        .unwrap_or_default();
        let is_kept = matches!(source, FamilySource::Kept { .. });
        let folder = if is_kept { photos::recall(source.name(), &digest).await } else { folder };
        let given = family::Given { bytes, file: blob.clone(), folder };
        match family::open(&source, given, words, plan, year, editing) {
            Ok(Opened { world, photos, lines, editing, notes, summary }) => {
                let painter = with(|engine| engine.painter());
                post(&FromEngine::Opened(summary));
                let persons = world.genealogy().persons.len() as u32;
                let given = photos.as_ref().filter(|_| !is_kept).map(photos::Photos::given);
                with(|engine| {
                    let painter = painter.unwrap_or_else(|| engine.painter());
                    engine.show_with(painter, View::Family, AnyWorld::Family(Box::new(world)));
                    if let Some(shown) = engine.shown.get_mut(&View::Family) {
                        shown.photos = photos;
                        (shown.lines, shown.notes) = (Some(lines), notes);
                        shown.editing = Some(editing);
                        shown.tell_edits();
                    }
                });
                // What can wait does until there is a picture: searches, and the keeping, for which a
                // browser has as much to do as for reading. A small family is kept at once.
                if persons > FEW_PERSONS {
                    post::pause(FIRST_PICTURE_MILLIS).await;
                }
                with(|engine| engine.make_searchable());
                // Kept only once it is known to open.
                if !matches!(source, FamilySource::Sample(_)) {
                    let (name, given) = (source.name(), given.unwrap_or_default());
                    let file = blob.filter(|_| !is_kept);
                    match kept::keep(name, &digest, persons, file.as_ref(), &given).await {
                        Ok(Some(kept)) => {
                            with(|engine| engine.leave_lines_in(kept));
                        }
                        Ok(None) => {}
                        Err(error) => log::warn!(
                            "the file is not kept for a reload: {}",
                            post::reason(&error)
                        ),
                    }
                }
            }
            Err(error) => post(&FromEngine::Failed(error)),
        }
    });
}

impl Engine {
    fn hear(&mut self, message: ToEngine) {
        match message {
            ToEngine::Look(look) => self.set_look(look),
            ToEngine::Connect { url } => self.live.connect(url),
            ToEngine::Watch { target, kind, delimiter } => {
                if self.live.watch(target, kind, delimiter) {
                    self.shown.remove(&live::view_of(kind));
                }
            }
            ToEngine::Unwatch { target, kind } => self.live.unwatch(&target, kind),
            ToEngine::Rescan { target } => self.live.rescan(target),
            ToEngine::Observe { target } => self.live.observe(target),
            ToEngine::GroupBy(group_by) => self.set_group_by(group_by),
            ToEngine::Visible(is_visible) => {
                self.is_hidden = !is_visible;
                self.live.set_visible(is_visible);
                self.turns.ask();
            }
            ToEngine::Tiles { view, wanted, visible } => {
                if let Some(shown) = self.shown.get_mut(&view) {
                    shown.look_at(visible);
                    shown.post_places();
                    shown.wanted = wanted.into_iter().rev().collect();
                    self.turns.ask();
                }
            }
            ToEngine::Seen { view, visible } => {
                if let Some(shown) = self.shown.get_mut(&view) {
                    shown.look_at(visible);
                    shown.post_places();
                    self.turns.ask();
                }
            }
            ToEngine::Thumbnail { view, width_px, height_px } => {
                if let Some(shown) = self.shown.get_mut(&view) {
                    shown.thumbnail = Some((width_px, height_px));
                    self.turns.ask();
                }
            }
            ToEngine::HitTest { view, serial, point, slack, is_press } => {
                let pressed = if is_press { self.press(view, point, slack) } else { None };
                let node = self.summary_of(view, |shown| match &pressed {
                    Some(id) => shown.world().find(id),
                    None => shown.world().scene().hit(point, slack),
                });
                post(&FromEngine::Hit { view, serial, node });
            }
            ToEngine::Find { view, serial, id, is_near_enough } => {
                self.reveal(view, std::slice::from_ref(&id));
                let node = self.summary_of(view, |shown| {
                    let world = shown.world();
                    if is_near_enough { world.find_near(&id) } else { world.find(&id) }
                });
                post(&FromEngine::Found { view, serial, node });
            }
            ToEngine::Neighbour { view, serial, id, direction } => {
                let node = self.summary_of(view, |shown| {
                    let world = shown.world();
                    world.find(&id).and_then(|node| world.neighbour(node, direction))
                });
                post(&FromEngine::Found { view, serial, node });
            }
            ToEngine::Details { view, id } => {
                if let Some(shown) = self.shown.get_mut(&view) {
                    shown.detailed = id;
                    shown.post_details();
                }
            }
            ToEngine::Search { view, serial, query, limit } => {
                let limit = limit as usize;
                let (nodes, total) = self.shown.get(&view).map_or((Vec::new(), 0), |shown| {
                    let world = shown.world();
                    // One list to count, of which the best are described.
                    let found = world.search(&query, limit.max(1000));
                    let nodes = found.iter().take(limit).map(|node| world.summary(*node)).collect();
                    (nodes, found.len() as u32)
                });
                post(&FromEngine::Results { view, serial, nodes, total });
            }
            ToEngine::Chart { chart, arrangement } => self.set_chart(chart, &arrangement),
            ToEngine::Arrange { what, of } => self.arrange(what, of.as_deref()),
            ToEngine::Make(made) => self.make(made),
            ToEngine::Churn { changes_per_second } => self.churn(changes_per_second),
            ToEngine::Try(trial) => {
                if let Err(error) = trials::run(trial, &self.look) {
                    log::error!("the experiment ended early: {}", post::reason(&error));
                }
                post(&FromEngine::TrialDone);
            }
            ToEngine::Stats { view } => self.post_stats(view),
            ToEngine::Relate { view, serial, from, to, way } => {
                let ask = |engine: &Self| engine.shown.get(&view)?.kinship(&from, &to, way);
                let mut answer = ask(self);
                if answer.as_ref().is_some_and(|(_, absent)| self.reveal(view, absent)) {
                    answer = ask(self);
                }
                let kinship = answer.map(|(kinship, _)| kinship);
                post(&FromEngine::Related { view, serial, kinship });
            }
            ToEngine::Figures => {
                if let Some(figures) = self.shown.get(&View::Family).and_then(Shown::figures) {
                    post(&FromEngine::Figures(figures));
                }
            }
            ToEngine::Table(ask) => {
                let shown = self.shown.get_mut(&View::Family);
                if let Some(table) = shown.and_then(|shown| shown.told_table(ask)) {
                    post(&FromEngine::Table(table));
                }
            }
            message @ (ToEngine::AskForm(_)
            | ToEngine::Submit { .. }
            | ToEngine::RemovePerson { .. }
            | ToEngine::Undo
            | ToEngine::Redo) => self.edit(message),
            ToEngine::Light { serial, id } => self.light(serial, &id),
            ToEngine::CancelExport => self.export = None,
            ToEngine::Foretell(order) => {
                if let Some(shown) = self.shown.get(&order.view) {
                    post(&FromEngine::Foretold(export::foretell(&order, shown)));
                }
            }
            ToEngine::OpenFamily(_)
            | ToEngine::Rehearse
            | ToEngine::Export(_)
            | ToEngine::Kept(_)
            | ToEngine::Pictures(_) => {}
        }
    }

    fn summary_of(
        &self,
        view: View,
        find: impl FnOnce(&Shown) -> Option<u32>,
    ) -> Option<NodeSummary> {
        let shown = self.shown.get(&view)?;
        find(shown).map(|node| shown.world().summary(node))
    }

    fn set_look(&mut self, look: Look) {
        let (language, calendar) = (look.language, look.calendar);
        let has_new_language = language != self.look.language;
        let has_new_words = has_new_language || calendar != self.look.calendar;
        // What stands for the names of the hidden is a word too.
        let has_new_mask =
            look.hides_living != self.look.hides_living || (has_new_language && look.hides_living);
        self.look = look;
        self.colour_family();
        if has_new_words {
            for shown in self.shown.values_mut() {
                shown.set_language(language, calendar);
            }
            self.post_findings(true);
            if let Some(charted) = self.shown.get(&View::Family).and_then(Shown::charted) {
                post(&FromEngine::Arranged { charted, said: String::new(), is_asked: false });
            }
        }
        self.repaint_everything();
        if let Some(shown) = self.shown.get(&View::Family) {
            shown.post_legend();
        }
        if has_new_mask {
            self.mask_family();
        }
    }

    /// Theme or pixel ratio are others, or the browser took the canvases' memory away.
    fn repaint_everything(&mut self) {
        for shown in self.shown.values_mut() {
            shown.painter.set_palette(palette(&self.look));
            shown.forget_pictures(self.look.pictures.sprite_bytes());
            shown.post_scene(false, WorldChange::default());
        }
    }

    fn make_searchable(&self) {
        if let Some(AnyWorld::Family(world)) = self.shown.get(&View::Family).map(|it| &it.any) {
            world.genealogy().make_searchable();
        }
    }

    fn words(&self) -> Words {
        Words::of(self.look.language)
    }

    fn set_group_by(&mut self, group_by: GroupBy) {
        self.live.group_by = group_by;
        if let Some(shown) = self.shown.get_mut(&View::Connections) {
            shown.set_group_by(group_by);
        }
    }

    /// Shows a world; the page's camera goes to its start.
    fn show(&mut self, view: View, world: AnyWorld) {
        self.show_with(self.painter(), view, world);
    }

    /// The atlases of a painter belong to one world: sprites are known by their nodes.
    fn painter(&self) -> Result<CanvasPainter, JsValue> {
        let mut painter = CanvasPainter::new(palette(&self.look))?;
        painter.on_restored(|| {
            with(Self::repaint_everything);
        });
        painter.get_ready();
        Ok(painter)
    }

    fn show_with(
        &mut self,
        painter: Result<CanvasPainter, JsValue>,
        view: View,
        mut world: AnyWorld,
    ) {
        if let AnyWorld::Family(family) = &mut world {
            (family.language, family.calendar) = (self.look.language, self.look.calendar);
            if view == View::Family && family.colouring() != self.look.colouring {
                family.paint(self.look.colouring, this_year());
            }
        }
        match painter {
            Ok(painter) => {
                let budget = self.look.pictures.sprite_bytes();
                let mut shown = Shown::new(view, world, painter, budget, self.look.language);
                shown.post_scene(true, WorldChange::default());
                self.shown.insert(view, shown);
            }
            Err(error) => post(&FromEngine::Panicked { report: post::reason(&error) }),
        }
    }

    /// Paints what is wanted until the turn is over, and asks for another if something is left.
    fn turn(&mut self) {
        if self.is_hidden {
            // A file is waited for whether anybody looks or not.
            if self.step_export() {
                self.turns.ask();
            }
            return;
        }
        let began = post::now_millis();
        let mut is_done = false;
        let mut painted = None;
        while !is_done && post::now_millis() - began < TURN_MILLIS {
            let ratio = self.look.device_pixel_ratio;
            let waiting = self.shown.iter_mut().find(|(_, shown)| shown.has_work());
            if let Some((view, shown)) = waiting {
                self.tiles_painted += shown.paint_next(ratio);
                painted = Some(*view);
            } else {
                is_done = true;
            }
        }
        // A little of it in every turn, however many tiles are wanted.
        let exports = self.step_export();
        for (view, shown) in &mut self.shown {
            if shown.photos.as_mut().is_some_and(photos::Photos::begin) {
                photos::load(*view);
            }
        }
        self.busy.worked_millis += post::now_millis() - began;
        let is_due = post::now_millis() - self.stats_posted_millis > STATS_MILLIS;
        if let Some(view) = painted
            && (is_done || is_due)
        {
            self.post_stats(view);
        }
        if !is_done || exports {
            self.turns.ask();
        }
    }

    fn post_stats(&mut self, view: View) {
        let now = post::now_millis();
        self.stats_posted_millis = now;
        let (bytes_received, messages) = self.live.received();
        let elapsed = now - self.busy.second_began_millis;
        if elapsed >= 1000.0 {
            self.busy = Busy {
                second_began_millis: now,
                worked_millis: 0.0,
                messages_before: messages,
                share: (self.busy.worked_millis / elapsed).clamp(0.0, 1.0),
                messages_per_second: (messages - self.busy.messages_before) as f64 * 1000.0
                    / elapsed,
            };
        }
        let (mut sprites, mut sprite_bytes) = (0, 0);
        for shown in self.shown.values() {
            sprites += shown.easel.sprites.len() as u32;
            sprite_bytes += shown.easel.sprites.bytes() as u64;
        }
        let visible = self.shown.get(&view).map_or(0, Shown::count_visible);
        post(&FromEngine::Stats(EngineStats {
            visible,
            tiles_painted: self.tiles_painted,
            sprites,
            sprite_bytes,
            busy: self.busy.share,
            messages_per_second: self.busy.messages_per_second,
            bytes_received,
            memory_bytes: memory_bytes(),
        }));
    }
}

/// Of the Gregorian calendar.
fn this_year() -> i32 {
    js_sys::Date::new_0().get_full_year() as i32
}

/// Bytes of this program's memory.
fn memory_bytes() -> u64 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    u64::from(buffer.byte_length())
}
