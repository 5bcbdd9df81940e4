//! The main thread: the shell (Leptos), the state it shows, and the controller that carries out what
//! is asked for.

pub mod command;
pub mod control;
pub mod engines;
pub mod few;
pub mod shell;
mod shortcut;
pub mod state;

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, closure::Closure};
use wasm_bindgen_futures::spawn_local;

use crate::app::{
    command::Deck,
    shell::{Shell, text},
    state::App,
};

/// Starts the page's program.
pub fn start() {
    crate::log::install();
    let app = App::new();
    std::panic::set_hook(Box::new(move |info| {
        log::error!("{info}");
        app.panic_report.set(Some(info.to_string()));
    }));
    // Leptos runs nothing before it is mounted.
    spawn_local(async move {
        let locale = text::preferred();
        app.locale.set(locale);
        let loaded = text::load(locale).await;
        let Some(boot) = document().get_element_by_id("boot") else { return };
        match loaded {
            Ok(()) => {
                boot.remove();
                show(app);
            }
            Err(error) => {
                log::error!("no texts: {error:?}");
                boot.set_class_name("boot failed");
            }
        }
    });
}

/// Puts the shell on the page, whose texts are there.
fn show(app: App) {
    leptos::mount::mount_to_body(move || {
        let deck = Deck::new(|action| {
            control::with(|control| control.act(action));
        });
        // The shell recalls the theme before anything is opened.
        let shell = view! { <Shell app deck /> };
        control::start(app);
        Effect::new(move || {
            let look = control::look::wanted(app);
            control::with(|control| control.set_look(look));
        });
        shell
    });
    control::install_tools();
    listen("popstate", || {
        control::with(control::Control::open_address);
    });
    listen("visibilitychange", || {
        control::with(|control| control.set_visible(!document().hidden()));
    });
}

/// Calls `work` on an event of the window or the document, as long as the page lives.
fn listen(event: &str, work: impl Fn() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(work);
    // `visibilitychange` bubbles from the document to the window.
    let listening =
        window().add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    if let Err(error) = listening {
        log::error!("{event} is not listened to: {error:?}");
    }
    closure.forget();
}
