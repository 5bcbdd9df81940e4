//! The canvases on the page, what lies over them, and the listeners that feed them.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Element, HtmlCanvasElement, ResizeObserver, ResizeObserverBoxOptions, ResizeObserverEntry,
    ResizeObserverOptions, ResizeObserverSize,
};

use crate::{app::control, stage::input};

/// The main canvas, with the overlay on top: fills its parent.
#[component]
pub fn StageView(
    /// What screen readers call the picture.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let main: NodeRef<html::Canvas> = NodeRef::new();
    let overlay: NodeRef<html::Canvas> = NodeRef::new();
    Effect::new(move || {
        let (Some(main), Some(overlay)) = (main.get(), overlay.get()) else { return };
        control::with(|control| control.stage.attach(&main, &overlay));
        observe_loss(&[&main, &overlay]);
        observe_size(&overlay, |width_px, height_px| {
            control::with(|control| control.resize(width_px, height_px));
        });
    });
    view! {
        <div class="stage">
            <canvas class="stage-main" data-testid="main-canvas" aria-hidden="true" node_ref=main />
            <canvas
                class="stage-overlay"
                data-testid="overlay-canvas"
                tabindex="0"
                role="application"
                aria-label=label
                node_ref=overlay
                on:pointerdown=input::pointer_down
                on:pointermove=input::pointer_move
                on:pointerup=input::pointer_up
                on:pointercancel=input::pointer_cancel
                on:pointerleave=input::pointer_leave
                on:dblclick=input::double_click
                on:wheel=input::wheel
            />
        </div>
    }
}

/// The minimap: the thumbnail below, the viewport's rectangle above.
#[component]
pub fn MinimapView(#[prop(into)] label: Signal<String>) -> impl IntoView {
    let thumbnail: NodeRef<html::Canvas> = NodeRef::new();
    let viewport: NodeRef<html::Canvas> = NodeRef::new();
    Effect::new(move || {
        let (Some(thumbnail), Some(viewport)) = (thumbnail.get(), viewport.get()) else { return };
        observe_loss(&[&thumbnail, &viewport]);
        control::with(|control| control.stage.attach_minimap(&thumbnail, &viewport));
        observe_size(&viewport, |width_px, height_px| {
            control::with(|control| control.resize_minimap(width_px, height_px));
        });
    });
    on_cleanup(|| {
        control::with(|control| control.stage.detach_minimap());
    });
    let drag = move |event: ev::PointerEvent| {
        event.prevent_default();
        let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        control::with(|control| control.look_at_minimap(at));
    };
    view! {
        <div class="minimap">
            <canvas class="minimap-thumbnail" data-testid="minimap" aria-hidden="true" node_ref=thumbnail />
            <canvas
                class="minimap-viewport"
                data-testid="minimap-view"
                role="img"
                aria-label=label
                node_ref=viewport
                on:pointerdown=move |event| {
                    input::capture(&event);
                    drag(event);
                }
                on:pointermove=move |event| {
                    if event.buttons() & 1 == 1 {
                        drag(event);
                    }
                }
            />
        </div>
    }
}

/// What lies over the top of the canvas, whose height a scene keeps clear of at first.
#[component]
pub fn TopRow(children: Children) -> impl IntoView {
    let row: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move || {
        let Some(row) = row.get() else { return };
        observe_size(&row, |_, height_px| {
            control::with(|control| control.stage.cover_top(height_px));
        });
    });
    view! {
        <div class="top-row" node_ref=row>
            {children()}
        </div>
    }
}

/// A browser may take the memory of a canvas away, and give it back empty: then all is drawn again.
/// In between, drawing does nothing.
fn observe_loss(canvases: &[&HtmlCanvasElement]) {
    let callback = Closure::<dyn FnMut()>::new(|| {
        control::with(control::Control::redraw_everything);
    });
    for canvas in canvases {
        // Fails for no event of a canvas.
        let _ = canvas
            .add_event_listener_with_callback("contextrestored", callback.as_ref().unchecked_ref());
    }
    // Lives as long as its canvas, of which there are four.
    callback.forget();
}

/// Calls `on_size` with the exact size of `target` in device pixels, now and whenever it changes.
fn observe_size(target: &Element, on_size: impl Fn(u32, u32) + 'static) {
    let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let Some(entry) = entries.iter().last() else { return };
        let entry: ResizeObserverEntry = entry.unchecked_into();
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        // Safari knows no device-pixel-content-box; there the nearest whole number has to do.
        let has_exact = js_sys::Reflect::has(&entry, &"devicePixelContentBoxSize".into());
        let exact = has_exact
            .unwrap_or(false)
            .then(|| entry.device_pixel_content_box_size().iter().next())
            .flatten();
        let rect = entry.content_rect();
        let (width, height) = (rect.width() * ratio, rect.height() * ratio);
        // Nor does Chromium where its tools pretend another device pixel ratio: it says CSS px then.
        let exact = exact.map(JsCast::unchecked_into::<ResizeObserverSize>);
        let exact = exact.map(|size| (size.inline_size(), size.block_size()));
        let exact = exact.filter(|it| (it.0 - width).abs() <= 1.0 && (it.1 - height).abs() <= 1.0);
        let (width, height) = exact.unwrap_or((width.round(), height.round()));
        // A float cast saturates; a canvas has fewer pixels than that.
        on_size(width as u32, height as u32);
    });
    let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) else { return };
    let options = ResizeObserverOptions::new();
    options.set_box(ResizeObserverBoxOptions::DevicePixelContentBox);
    observer.observe_with_options(target, &options);
    // All live as long as the page or, for the minimap, as long as its canvas: the browser drops an
    // observer whose target is gone.
    callback.forget();
}
