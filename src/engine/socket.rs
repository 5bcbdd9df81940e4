//! The link to the bridge: one WebSocket, opened again whenever it is lost.

use std::{cell::RefCell, rc::Rc};

use banyan_protocol::{FromBrowser, ToBrowser, VERSION};
use gloo::timers::callback::{Interval, Timeout};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{BinaryType, MessageEvent, WebSocket};

use crate::message::Link;

const SUBPROTOCOL: &str = "banyan.v1";
const PING_MILLIS: u32 = 5_000;
/// A bridge that says nothing for this long, not even a pong, is gone.
const SILENCE_MILLIS: f64 = 12_000.0;
const FIRST_RETRY_MILLIS: f64 = 500.0;
const LAST_RETRY_MILLIS: f64 = 10_000.0;

/// What the link tells its owner.
pub enum Heard {
    Link(Link),
    Message(ToBrowser),
}

#[derive(Clone)]
pub struct Socket(Rc<RefCell<State>>);

struct State {
    url: String,
    on_heard: Rc<dyn Fn(Heard)>,
    open: Option<Open>,
    retry_millis: f64,
    retry: Option<Timeout>,
    is_visible: bool,
    heard_millis: f64,
    _pings: Option<Interval>,
    pub bytes: u64,
    pub messages: u64,
}

struct Open {
    socket: WebSocket,
    is_ready: bool,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Fails for a wrong code only, and this gives none.
        let _ = self.socket.close();
    }
}

impl Socket {
    /// Opens `url` and keeps it open.
    pub fn open(url: String, on_heard: impl Fn(Heard) + 'static) -> Self {
        let socket = Self(Rc::new(RefCell::new(State {
            url,
            on_heard: Rc::new(on_heard),
            open: None,
            retry_millis: FIRST_RETRY_MILLIS,
            retry: None,
            is_visible: true,
            heard_millis: 0.0,
            _pings: None,
            bytes: 0,
            messages: 0,
        })));
        let pings = {
            let socket = socket.clone();
            Interval::new(PING_MILLIS, move || socket.ping())
        };
        socket.0.borrow_mut()._pings = Some(pings);
        socket.connect();
        socket
    }

    /// Sends if the link is open; what is said while it is not is said again by its owner when the
    /// bridge's hello comes.
    pub fn send(&self, message: &FromBrowser) {
        let state = self.0.borrow();
        if let Some(open) = state.open.as_ref().filter(|open| open.is_ready) {
            // Fails for a socket that is closing; its close event follows.
            let _ = open.socket.send_with_u8_array(&banyan_protocol::encode(message));
        }
    }

    /// Bytes and messages received.
    pub fn received(&self) -> (u64, u64) {
        let state = self.0.borrow();
        (state.bytes, state.messages)
    }

    pub fn set_visible(&self, is_visible: bool) {
        self.0.borrow_mut().is_visible = is_visible;
        self.send(&FromBrowser::Ping { visible: is_visible });
        let is_waiting = self.0.borrow().open.is_none();
        if is_visible && is_waiting {
            self.connect();
        }
    }

    fn tell(&self, heard: Heard) {
        let on_heard = Rc::clone(&self.0.borrow().on_heard);
        on_heard(heard);
    }

    fn ping(&self) {
        let (is_visible, silence) = {
            let state = self.0.borrow();
            (state.is_visible, crate::engine::post::now_millis() - state.heard_millis)
        };
        let is_open = self.0.borrow().open.is_some();
        if is_open && silence > SILENCE_MILLIS {
            self.lost();
        } else {
            self.send(&FromBrowser::Ping { visible: is_visible });
        }
    }

    fn connect(&self) {
        self.0.borrow_mut().retry = None;
        self.tell(Heard::Link(Link::Connecting));
        let url = self.0.borrow().url.clone();
        let Ok(socket) = WebSocket::new_with_str(&url, SUBPROTOCOL) else {
            self.lost();
            return;
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let on_open = {
            let this = self.clone();
            Closure::<dyn FnMut()>::new(move || {
                if let Some(open) = &mut this.0.borrow_mut().open {
                    open.is_ready = true;
                }
                this.send(&FromBrowser::Hello { version: VERSION });
            })
        };
        let on_message = {
            let this = self.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                    this.receive(&Uint8Array::new(&buffer).to_vec());
                }
            })
        };
        let on_close = {
            let this = self.clone();
            Closure::<dyn FnMut()>::new(move || this.lost())
        };
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        let mut state = self.0.borrow_mut();
        state.heard_millis = crate::engine::post::now_millis();
        state.open = Some(Open {
            socket,
            is_ready: false,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        });
    }

    fn receive(&self, bytes: &[u8]) {
        {
            let mut state = self.0.borrow_mut();
            state.bytes += bytes.len() as u64;
            state.messages += 1;
            state.heard_millis = crate::engine::post::now_millis();
        }
        match banyan_protocol::decode::<ToBrowser>(bytes) {
            Ok(ToBrowser::Hello { version, .. } | ToBrowser::WrongVersion { version })
                if version != VERSION =>
            {
                // Trying again would change nothing: the page has to be loaded again.
                self.tell(Heard::Link(Link::WrongVersion { version }));
                self.drop_later();
            }
            Ok(message) => {
                if let ToBrowser::Hello { bridge, .. } = &message {
                    self.0.borrow_mut().retry_millis = FIRST_RETRY_MILLIS;
                    self.tell(Heard::Link(Link::Open { bridge: bridge.clone() }));
                    let visible = self.0.borrow().is_visible;
                    self.send(&FromBrowser::Ping { visible });
                }
                self.tell(Heard::Message(message));
            }
            Err(error) => log::error!("the bridge said something unknown: {error}"),
        }
    }

    /// Closes and waits, longer each time and never at the same moment as everybody else.
    fn lost(&self) {
        self.drop_later();
        let retry_millis = {
            let mut state = self.0.borrow_mut();
            let longest = state.retry_millis;
            state.retry_millis = (longest * 2.0).min(LAST_RETRY_MILLIS);
            longest * (0.5 + js_sys::Math::random() / 2.0)
        };
        self.tell(Heard::Link(Link::Waiting { retry_in_millis: retry_millis as u64 }));
        let this = self.clone();
        let retry = Timeout::new(retry_millis as u32, move || this.connect());
        self.0.borrow_mut().retry = Some(retry);
    }

    /// This may run inside a callback of the socket, which must outlive the call.
    fn drop_later(&self) {
        if let Some(open) = self.0.borrow_mut().open.take() {
            Timeout::new(0, move || drop(open)).forget();
        }
    }
}
