//! Lets waiting messages have their turn between two pieces of work.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::MessageChannel;

/// Calls back in a task of its own. A message channel rather than a timer: browsers hold timers back
/// by four milliseconds, the time of four tiles.
pub(super) struct Turns {
    channel: Option<MessageChannel>,
    is_asked: Rc<Cell<bool>>,
    _on_turn: Closure<dyn FnMut()>,
}

impl Turns {
    pub(super) fn new(on_turn: impl Fn() + 'static) -> Self {
        let is_asked = Rc::new(Cell::new(false));
        let closure = {
            let is_asked = Rc::clone(&is_asked);
            Closure::<dyn FnMut()>::new(move || {
                is_asked.set(false);
                on_turn();
            })
        };
        let channel = MessageChannel::new().ok();
        if let Some(channel) = &channel {
            channel.port1().set_onmessage(Some(closure.as_ref().unchecked_ref()));
        }
        Self { channel, is_asked, _on_turn: closure }
    }

    /// Asks for a turn after the messages that wait already; asking twice is asking once.
    pub(super) fn ask(&self) {
        if self.is_asked.replace(true) {
            return;
        }
        if let Some(channel) = &self.channel {
            // Fails for what cannot be cloned, and null can.
            let _ = channel.port2().post_message(&JsValue::NULL);
        }
    }
}
