//! `window.banyan`: a handle for people who look for a fault, and for tests.
//!
//! `banyan.stats()` gives an object (its `toString` is JSON) with
//!
//! | field | what |
//! |---|---|
//! | `view` | `family`, `connections` or `keyspace` |
//! | `nodes`, `links`, `revision` | of the scene that is shown |
//! | `visible` | nodes in the window |
//! | `frames` | frames drawn since the page was opened |
//! | `frame_millis` | `{p50, p95, max}` of the main thread's work a frame, since `forget_frames()` |
//! | `frames_moved` | frames that moved the main canvas as it was, since `forget_frames()` |
//! | `canvas_calls` | the most draw calls of a frame on it, since then |
//! | `thumbnail_repaints` | since the page was opened |
//! | `tiles`, `tile_bytes` | in the main thread's cache |
//! | `wanted` | tiles asked for and not there yet |
//! | `sprites`, `sprite_bytes`, `tiles_painted` | in the engine |
//! | `worker_busy` | share of the last second that the engine worked |
//! | `messages_per_second`, `bytes_received` | on the WebSocket |
//! | `camera` | `{x, y, scale}`: centre in world units, CSS px per unit |
//! | `bounds` | `{x, y, width, height}` of the scene, world units |
//! | `read_millis` | from the bytes of the family's file to a genealogy with its records |
//! | `layout_millis` | from there to a scene of everybody |
//! | `first_picture_millis` | from the file of a family (in the lab: its bytes, or the places of a tree) to the first frame that lacks no tile of its level |
//! | `hole_millis` | the longest that a part of the window had no tile of any level, since `forget_frames()` |
//! | `selected`, `hovered` | ids, or null |
//! | `is_moving` | whether the camera moves by itself |
//!
//! Numbers of the engine are as old as its last answer: it gives one whenever it has painted all
//! that was wanted, and whenever it is asked by this.
//!
//! `banyan.measure(name, count)` runs an experiment of the lab and gives a promise of its figures,
//! `{<way>: {recorded_millis, painted_millis}}`: `family` (800 persons, `count` redraws), `circles`
//! (so many), `layout` and `dots` (of so many nodes). `banyan.look(x, y, scale)` puts the camera
//! there, drawn with the next animation frame.
//!
//! `banyan.forget_frames()` starts the frame times afresh. `banyan.where(id)` says where the middle
//! of a node lies on the canvas, in CSS px, once it is selected or found.

use banyan_layout::geometry::Rect;
use banyan_scene::Camera;
use js_sys::{JSON, Object, Promise, Reflect};
use leptos::prelude::WithUntracked as _;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};

use super::{Control, with};
use crate::{
    message::{ToEngine, Tried},
    stage::Motion,
};

/// Puts `window.banyan` in place.
pub fn install() {
    let handle = Object::new();
    let methods: [(&str, JsValue); 5] = [
        (
            "measure",
            Closure::<dyn Fn(String, u32) -> Promise>::new(|name: String, count: u32| {
                Promise::new(&mut |resolve, _| {
                    with(|control| control.measure(&name, count, resolve));
                })
            })
            .into_js_value(),
        ),
        (
            "look",
            Closure::<dyn Fn(f64, f64, f64)>::new(|x, y, scale| {
                with(|control| control.look(x, y, scale));
            })
            .into_js_value(),
        ),
        (
            "stats",
            Closure::<dyn Fn() -> JsValue>::new(|| with(Control::stats).unwrap_or(JsValue::NULL))
                .into_js_value(),
        ),
        (
            "forget_frames",
            Closure::<dyn Fn()>::new(|| {
                with(|control| {
                    control.stage.frames.forget();
                    control.stage.holes = Default::default();
                });
            })
            .into_js_value(),
        ),
        (
            "where",
            Closure::<dyn Fn(String) -> JsValue>::new(|id: String| {
                with(|control| control.place_of(&id)).unwrap_or(JsValue::NULL)
            })
            .into_js_value(),
        ),
    ];
    for (name, method) in methods {
        set(&handle, name, method);
    }
    if let Some(window) = web_sys::window() {
        set(&window.into(), "banyan", handle);
    }
}

/// Sets a property of an object of our own, which cannot fail.
fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &name.into(), &value.into());
}

/// An object from its properties.
fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        set(&object, name, value);
    }
    object.into()
}

/// Adds the figures of a way to those of its experiment.
pub(super) fn set_tried(figures: &Object, tried: &Tried) {
    let recorded = tried.recorded_millis.map_or(JsValue::NULL, JsValue::from_f64);
    let figure =
        object([("recorded_millis", recorded), ("painted_millis", tried.painted_millis.into())]);
    set(figures, tried.way.name(), figure);
}

fn rect(rect: Rect) -> JsValue {
    object([
        ("x", rect.x.into()),
        ("y", rect.y.into()),
        ("width", rect.width.into()),
        ("height", rect.height.into()),
    ])
}

impl Control {
    /// All numbers; asks the engine for fresh ones.
    fn stats(&mut self) -> JsValue {
        let camera = self.stage.camera();
        let view = self.stage.view;
        self.send(&ToEngine::Stats { view });
        let engine = self.engine_stats.get(&view).cloned().unwrap_or_default();
        let times = self.stage.frames.times();
        let (tiles, tile_bytes) = self.stage.tiles();
        let pane = self.stage.pane();
        let scene = pane.scene.as_ref();
        let id = |node: &Option<banyan_view::NodeSummary>| {
            node.as_ref().map_or(JsValue::NULL, |node| node.id.as_str().into())
        };
        // Counts are below 2^53, so a JavaScript number holds them.
        let count = |value: u64| JsValue::from_f64(value as f64);
        let (read_millis, layout_millis) = self.app.family.with_untracked(|family| {
            family.as_ref().map_or((0.0, 0.0), |it| (it.parse_millis, it.layout_millis))
        });
        let stats = object([
            ("view", view.name().into()),
            ("nodes", scene.map_or(0, |scene| scene.nodes).into()),
            ("links", scene.map_or(0, |scene| scene.links).into()),
            ("revision", scene.map_or(0, |scene| scene.revision).into()),
            ("visible", engine.visible.into()),
            ("frames", count(self.stage.frames.drawn)),
            (
                "frame_millis",
                object([
                    ("p50", times.p50.into()),
                    ("p95", times.p95.into()),
                    ("max", times.max.into()),
                ]),
            ),
            ("frames_moved", self.stage.frames.moved.into()),
            ("canvas_calls", self.stage.frames.most_calls.into()),
            ("thumbnail_repaints", self.stage.thumbnail_repaints.into()),
            ("tiles", count(tiles as u64)),
            ("tile_bytes", count(tile_bytes as u64)),
            ("wanted", count(self.stage.wanted() as u64)),
            ("sprites", engine.sprites.into()),
            ("sprite_bytes", count(engine.sprite_bytes)),
            ("tiles_painted", count(engine.tiles_painted)),
            ("worker_busy", engine.busy.into()),
            ("worker_memory_bytes", count(engine.memory_bytes)),
            ("messages_per_second", engine.messages_per_second.into()),
            ("bytes_received", count(engine.bytes_received)),
            (
                "camera",
                object([
                    ("x", camera.center_x.into()),
                    ("y", camera.center_y.into()),
                    ("scale", camera.scale.into()),
                ]),
            ),
            ("bounds", rect(pane.bounds())),
            ("read_millis", read_millis.into()),
            ("layout_millis", layout_millis.into()),
            ("first_picture_millis", self.stage.first_picture.millis.into()),
            ("hole_millis", self.stage.holes.longest_millis.into()),
            ("selected", id(&self.stage.selected)),
            ("hovered", id(&self.stage.hovered)),
            ("is_moving", (!self.stage.motion.is_resting()).into()),
        ]);
        with_json(stats)
    }

    /// Puts the camera somewhere, on the nearest device px.
    fn look(&mut self, x: f64, y: f64, scale: f64) {
        let camera = Camera { center_x: x, center_y: y, scale };
        self.stage.motion = Motion::Rest;
        self.address.is_steered = true;
        self.stage.set_camera(camera.snapped(&self.stage.viewport));
        self.ask_frame();
    }

    /// Where the middle of the selected or the hovered node lies on the canvas, in CSS px.
    fn place_of(&self, id: &str) -> JsValue {
        let known = [self.stage.selected.as_ref(), self.stage.hovered.as_ref()];
        let Some(node) = known.into_iter().flatten().find(|node| node.id == id) else {
            return JsValue::NULL;
        };
        let center = node.rect.center();
        let (x, y) = self
            .stage
            .camera()
            .screen_from_world(&self.stage.viewport, (f64::from(center.x), f64::from(center.y)));
        object([("x", x.into()), ("y", y.into())])
    }
}

/// Lets an object print itself, and be parsed, as JSON.
fn with_json(object: JsValue) -> JsValue {
    let text = JSON::stringify(&object).map(JsValue::from).unwrap_or_default();
    let print = Closure::<dyn Fn() -> JsValue>::new(move || text.clone()).into_js_value();
    let property = self::object([("value", print), ("enumerable", false.into())]);
    if let Some(object) = object.dyn_ref::<Object>() {
        Object::define_property(object, &"toString".into(), property.unchecked_ref());
    }
    object
}
