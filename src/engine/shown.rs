//! A world on the screen: its pictures, and what the page wants of it.

use std::rc::Rc;

use banyan_layout::geometry::{Point, Rect};
use banyan_scene::{
    CardSource, Detail, Easel, Level, Minimap, Pixels, TileInk, TileKey, ZoomStep, density,
    is_density, paint_over_density, paint_tile, thumbnail,
};
use banyan_view::{
    ConnectionsWorld, FamilyWorld, KeyspaceWorld, Language, Section, ShownCalendar, ToldFindings,
    ToldKinship, TreeWorld, View, Words, World, WorldChange,
    told::{tell_details, tell_kinship},
};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::ImageBitmap;

use crate::{
    engine::{
        editing::Editing,
        lines::Lines,
        painter::CanvasPainter,
        photos::Photos,
        post::{post, post_picture, reason},
        table::Sorted,
    },
    message::{DiagnosticRow, FromEngine, GroupBy, MINIMAP_PADDING_PX, SceneInfo},
};

/// So many branches, each within the one before, say where a window is.
const PLACES: usize = 3;

/// Tiles come before the thumbnail, but for where there is always one to paint: of ten thousand clients
/// that come and go it is painted once or twice a second.
const MOST_TILES_FIRST: u32 = 128;

/// The worlds there are.
pub(super) enum AnyWorld {
    Family(Box<FamilyWorld>),
    Connections(Box<ConnectionsWorld>),
    Keyspace(Box<KeyspaceWorld>),
    Tree(Box<TreeWorld>),
}

pub(super) struct Shown {
    pub any: AnyWorld,
    /// Held while the page shows this scene, or a later state of it.
    stay: Rc<()>,
    view: View,
    revision: u32,
    /// Tiles to paint, the most wanted last.
    pub wanted: Vec<TileKey>,
    /// What of the world the page shows, and the branches that it lies in.
    pub visible: Rect,
    places: Vec<String>,
    /// Size of the thumbnail to paint, in device px.
    pub thumbnail: Option<(u32, u32)>,
    /// Tiles that were painted while it waited.
    tiles_first: u32,
    pub painter: CanvasPainter,
    pub easel: Easel,
    /// Of a family whose file has pictures.
    pub photos: Option<Photos>,
    /// The lines of its file, the changes to them, and what was odd in them.
    pub lines: Option<Lines>,
    pub editing: Option<Editing>,
    pub notes: Vec<DiagnosticRow>,
    /// Its persons as a table has them.
    pub sorted: Option<Sorted>,
    /// The pixels of the raster at hand, kept to be written again.
    pixels: Pixels,
    /// Stable id of the node whose details the page shows.
    pub detailed: Option<String>,
    pub language: Language,
}

impl AnyWorld {
    fn world(&self) -> &dyn World {
        match self {
            Self::Family(world) => world.as_ref(),
            Self::Connections(world) => world.as_ref(),
            Self::Keyspace(world) => world.as_ref(),
            Self::Tree(world) => world.as_ref(),
        }
    }
}

impl Shown {
    pub fn new(
        view: View,
        any: AnyWorld,
        painter: CanvasPainter,
        sprite_budget_bytes: usize,
        language: Language,
    ) -> Self {
        Self {
            any,
            stay: Rc::default(),
            view,
            revision: 0,
            wanted: Vec::new(),
            visible: Rect::default(),
            places: Vec::new(),
            thumbnail: None,
            tiles_first: 0,
            painter,
            easel: Easel::new(sprite_budget_bytes),
            photos: None,
            lines: None,
            editing: None,
            notes: Vec::new(),
            sorted: None,
            pixels: Pixels::default(),
            detailed: None,
            language,
        }
    }

    pub fn world(&self) -> &dyn World {
        self.any.world()
    }

    /// Tells the page about the scene: that it is another one, or which parts of it changed (all of
    /// it if none are named).
    pub fn post_scene(&mut self, is_new: bool, change: WorldChange) {
        let WorldChange { dirty, read, moves, fresh, gone, .. } = change;
        self.revision = self.revision.wrapping_add(1);
        if is_new {
            self.stay = Rc::default();
        }
        // Families of the lab are on no chart.
        if is_new && self.view == View::Family {
            self.post_chart();
            self.post_legend();
        }
        let world = self.any.world();
        let scene = world.scene();
        post(&FromEngine::Scene(SceneInfo {
            view: self.view,
            revision: self.revision,
            bounds: scene.bounds,
            nodes: scene.len() as u32,
            links: scene.routes.len() as u32,
            start: world.start(),
            is_rooted: !matches!(self.any, AnyWorld::Family(_)),
            is_new,
            origin: match &self.any {
                AnyWorld::Family(world) => world.origin(),
                _ => Point::default(),
            },
            dirty,
            read,
            read_from: scene.read_from(),
            moves,
            fresh,
            gone,
        }));
    }

    /// The world has been updated.
    pub fn changed(&mut self, change: WorldChange) {
        if change != WorldChange::default() {
            self.easel.scene_changed();
            self.post_scene(false, change);
        }
        if self.detailed.is_some() {
            self.post_details();
        }
    }

    /// The words of the page, and the calendar that it shows dates in.
    pub fn set_language(&mut self, language: Language, calendar: ShownCalendar) {
        self.language = language;
        let words = Words::of(language);
        match &mut self.any {
            AnyWorld::Family(world) => {
                world.words = words;
                (world.language, world.calendar) = (language, calendar);
            }
            AnyWorld::Connections(world) => {
                world.set_words(words);
            }
            AnyWorld::Keyspace(world) => {
                world.set_words(words);
            }
            AnyWorld::Tree(_) => {}
        }
        if self.detailed.is_some() {
            self.post_details();
        }
    }

    pub fn set_group_by(&mut self, group_by: GroupBy) {
        if let AnyWorld::Connections(world) = &mut self.any {
            let change = world.set_group_by(group_by);
            self.changed(change);
        }
    }

    /// Another theme, pixel ratio or budget, or empty canvases: no sprite is any good.
    pub fn forget_pictures(&mut self, sprite_budget_bytes: usize) {
        self.easel = Easel::new(sprite_budget_bytes);
        self.wanted.clear();
    }

    /// The details of the node that the page looks at, found again by its stable id.
    pub fn post_details(&self) {
        let Some(id) = &self.detailed else { return };
        let world = self.any.world();
        let node = world.find(id);
        let (view, language) = (self.view, self.language);
        post(&FromEngine::Details {
            view,
            id: id.clone(),
            details: node.map(|node| {
                let mut details = world.details(node);
                details.sections.extend(self.record_of(node));
                tell_details(details, world, view, language)
            }),
            summary: node.map(|node| world.summary(node)),
        });
    }

    /// The record of a person whom no mask hides.
    fn record_of(&self, node: u32) -> Option<Section> {
        let AnyWorld::Family(world) = &self.any else { return None };
        self.lines.as_ref()?.record(world.record_line(node)?, world)
    }

    /// The window shows another part of the world.
    pub fn look_at(&mut self, visible: Rect) {
        if self.visible != visible
            && let Some(photos) = &mut self.photos
        {
            photos.begin_pass();
        }
        self.visible = visible;
    }

    /// What is `to` to `from`, by the way of this number?
    /// With the stable ids of those on the way who are not on the chart.
    pub fn kinship(&self, from: &str, to: &str, way: u32) -> Option<(ToldKinship, Vec<String>)> {
        let AnyWorld::Family(world) = &self.any else { return None };
        let mut kinship = world.kinship(from, to, way)?;
        let absent = std::mem::take(&mut kinship.absent);
        Some((tell_kinship(kinship, world.as_ref(), self.view, self.language), absent))
    }

    /// Figures about the family.
    pub fn figures(&self) -> Option<ToldFindings> {
        match &self.any {
            AnyWorld::Family(world) => Some(world.told_statistics(self.language)),
            _ => None,
        }
    }

    /// The pictures, and the family that they are of.
    pub fn family_photos(&mut self) -> Option<(&FamilyWorld, &mut Photos)> {
        match (&self.any, &mut self.photos) {
            (AnyWorld::Family(world), Some(photos)) => Some((world, photos)),
            _ => None,
        }
    }

    /// A picture that a card has asked for, or that there is none.
    pub fn accept_photo(&mut self, photo: u32, picture: Option<ImageBitmap>) {
        let Some(photos) = &mut self.photos else { return };
        let arrival = photos.arrived(photo, picture.as_ref());
        for gone in arrival.gone {
            if let Some(picture) = self.painter.photos.remove(&gone) {
                picture.close();
            }
        }
        if let Some(picture) = picture.filter(|_| arrival.is_kept) {
            self.painter.photos.insert(photo, picture);
        }
    }

    /// Has the cards drawn again whose pictures have come since.
    pub fn redraw_photos(&mut self) {
        let due = self.photos.as_mut().map(Photos::take_due).unwrap_or_default();
        let boxes = &self.any.world().scene().boxes;
        let read: Vec<Rect> =
            due.iter().filter_map(|&node| boxes.get(node as usize).copied()).collect();
        if !read.is_empty() {
            self.post_scene(false, WorldChange { read, ..WorldChange::default() });
        }
    }

    /// Tells the page which branches it looks at, if they are others than before.
    pub fn post_places(&mut self) {
        let places = self.any.world().scene().places(&self.visible, PLACES);
        if self.places != places {
            let names: Vec<String> = places.into_iter().map(str::to_owned).collect();
            self.places.clone_from(&names);
            post(&FromEngine::Places { view: self.view, names });
        }
    }

    pub fn count_visible(&self) -> u32 {
        let mut found = Vec::new();
        self.any.world().scene().nodes_in(&self.visible, &mut found);
        found.len() as u32
    }

    /// A thumbnail waits until the page has said what it shows: tiles come first.
    pub fn has_work(&self) -> bool {
        let has_thumbnail = self.thumbnail.is_some() && self.visible != Rect::default();
        has_thumbnail || !self.wanted.is_empty()
    }

    /// Paints the most wanted tile, or the thumbnail if no tile waits or it waited long enough; returns
    /// how many tiles.
    pub fn paint_next(&mut self, device_pixel_ratio: f64) -> u64 {
        let is_due = self.thumbnail.is_some() && self.tiles_first >= MOST_TILES_FIRST;
        if !is_due && let Some(key) = self.wanted.pop() {
            self.tiles_first += u32::from(self.thumbnail.is_some());
            let (ink, copy) = match self.draw_tile(key, device_pixel_ratio) {
                Ok(ink) => (ink, self.painter.copy_tile(&ink.bounds())),
                Err(error) => (TileInk::default(), Err(error)),
            };
            self.post_copy(copy, |view, revision| FromEngine::Tile { view, key, revision, ink });
            return 1;
        }
        if let Some((width_px, height_px)) = self.thumbnail.take() {
            self.tiles_first = 0;
            let world = self.any.world();
            let scene = world.scene();
            let (width, height) = (f64::from(width_px), f64::from(height_px));
            let minimap = Minimap::new(scene.bounds, width, height, MINIMAP_PADDING_PX);
            let palette = self.painter.palette();
            let (width, height) =
                thumbnail(scene, &minimap, device_pixel_ratio, palette, &mut self.pixels);
            let copy = CanvasPainter::copy_of(&self.pixels.rgba, width, height);
            self.post_copy(copy, |view, revision| FromEngine::Thumbnail { view, revision });
        }
        0
    }

    /// Gives the page a picture as soon as there is one; nothing if its scene is no longer shown.
    fn post_copy(
        &self,
        copy: Result<Promise, JsValue>,
        message: impl FnOnce(View, u32) -> FromEngine,
    ) {
        let (message, stay) = (message(self.view, self.revision), Rc::downgrade(&self.stay));
        spawn_local(async move {
            let picture = match copy {
                Ok(copy) => JsFuture::from(copy).await.and_then(JsCast::dyn_into),
                Err(error) => Err(error),
            };
            match picture {
                Ok(picture) if stay.strong_count() > 0 => post_picture(&message, &picture),
                Ok(picture) => picture.close(),
                Err(error) => log::error!("a picture was not painted: {}", reason(&error)),
            }
        });
    }

    /// A tile as a picture, at once.
    pub fn paint_tile(
        &mut self,
        key: TileKey,
        device_pixel_ratio: f64,
    ) -> Result<ImageBitmap, JsValue> {
        self.draw_tile(key, device_pixel_ratio)?;
        self.painter.take_tile()
    }

    /// Draws a tile on the painter's canvas; returns what of it is drawn on.
    fn draw_tile(&mut self, key: TileKey, device_pixel_ratio: f64) -> Result<TileInk, JsValue> {
        let world = self.any.world();
        let scene = world.scene();
        let (painter, easel) = (&mut self.painter, &mut self.easel);
        if is_density(scene, key, device_pixel_ratio) {
            density(scene, key, device_pixel_ratio, painter.palette(), &mut self.pixels);
            painter.put_tile(&self.pixels.rgba)?;
            let over = paint_over_density(scene, world, key, device_pixel_ratio, painter, easel);
            Ok(self.pixels.tile_ink().union(&over))
        } else {
            // Cards too small to show their pictures ask for none.
            let level = Level::new(ZoomStep(key.step), device_pixel_ratio);
            let has_room = Detail::of(level.css(scene.typical_height)).photo > 0.0;
            let photos = self.photos.as_mut().filter(|_| has_room);
            let asking = photos.map(|photos| photos.asking(world));
            let cards: &dyn CardSource = match &asking {
                Some(asking) => asking,
                None => world,
            };
            Ok(paint_tile(scene, cards, key, device_pixel_ratio, painter, easel))
        }
    }
}
