//! Hands: mouse, pen, touch and wheel on the overlay canvas. Keys are commands, see `app::command`.

#![expect(clippy::needless_pass_by_value, reason = "listeners are handed their events")]

use std::collections::BTreeMap;

use leptos::ev;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use crate::app::control;

/// CSS px that a pointer may tremble without its press becoming a drag.
const SLOP_CSS_PX: f64 = 4.0;
/// Octaves of zoom for each CSS px of a wheel's turn: a usual notch of 100 px is 5/8.
const WHEEL_OCTAVES: f64 = 0.625 / 100.0;
/// The same for a trackpad's pinch, which the browser reports as a wheel with Ctrl held.
const PINCH_OCTAVES: f64 = 0.01;

/// The pointers that are down.
#[derive(Clone, Debug, Default)]
pub struct Hands {
    pointers: BTreeMap<i32, Pointer>,
    /// Samples of the one pointer that drags, for the throw: milliseconds, CSS px.
    samples: Vec<(f64, f64, f64)>,
    /// Whether this press has become a drag, or a second finger came.
    has_moved: bool,
    /// Whether a pen is near or on the glass: until it leaves, touches are the palm's.
    pub has_pen: bool,
}

#[derive(Clone, Copy, Debug)]
struct Pointer {
    start: (f64, f64),
    now: (f64, f64),
}

/// What a hand did, for the stage to follow.
#[derive(Clone, Debug, PartialEq)]
pub enum Gesture {
    /// The picture moves by so many CSS px.
    Drag { dx: f64, dy: f64 },
    /// Two fingers: the scale changes by `factor` around `at`, and the picture moves.
    Pinch { at: (f64, f64), factor: f64, dx: f64, dy: f64 },
    /// The hand let go while moving; samples of its path.
    Throw(Vec<(f64, f64, f64)>),
    /// A press without a drag.
    Click { at: (f64, f64) },
    /// Nothing is pressed; the pointer is here.
    Hover { at: (f64, f64) },
    /// All fingers left after a pinch.
    PinchEnd,
}

impl Hands {
    pub fn down(&mut self, id: i32, at: (f64, f64), now_millis: f64) {
        if self.pointers.is_empty() {
            self.has_moved = false;
            self.samples.clear();
            self.samples.push((now_millis, at.0, at.1));
        } else {
            self.has_moved = true;
        }
        self.pointers.insert(id, Pointer { start: at, now: at });
    }

    pub fn moved(&mut self, id: i32, at: (f64, f64), now_millis: f64) -> Option<Gesture> {
        let before: Vec<_> = self.pointers.values().map(|pointer| pointer.now).collect();
        let Some(pointer) = self.pointers.get_mut(&id) else {
            return self.pointers.is_empty().then_some(Gesture::Hover { at });
        };
        let (dx, dy) = (at.0 - pointer.now.0, at.1 - pointer.now.1);
        let tremble = (at.0 - pointer.start.0).hypot(at.1 - pointer.start.1);
        if !self.has_moved && tremble < SLOP_CSS_PX {
            return None;
        }
        // The drag begins where the press began, so that nothing slips under the hand.
        let (dx, dy) = if self.has_moved {
            (dx, dy)
        } else {
            (at.0 - pointer.start.0, at.1 - pointer.start.1)
        };
        self.has_moved = true;
        pointer.now = at;
        if let [a, b] = before[..] {
            let after: Vec<_> = self.pointers.values().map(|pointer| pointer.now).collect();
            let [c, d] = after[..] else { return None };
            let spread = |p: (f64, f64), q: (f64, f64)| (p.0 - q.0).hypot(p.1 - q.1).max(1.0);
            let middle = |p: (f64, f64), q: (f64, f64)| ((p.0 + q.0) / 2.0, (p.1 + q.1) / 2.0);
            let (from, to) = (middle(a, b), middle(c, d));
            return Some(Gesture::Pinch {
                at: to,
                factor: spread(c, d) / spread(a, b),
                dx: to.0 - from.0,
                dy: to.1 - from.1,
            });
        }
        if before.len() > 2 {
            return None;
        }
        self.samples.push((now_millis, at.0, at.1));
        if self.samples.len() > 64 {
            self.samples.drain(..32);
        }
        Some(Gesture::Drag { dx, dy })
    }

    pub fn up(&mut self, id: i32, at: (f64, f64)) -> Option<Gesture> {
        let count = self.pointers.len();
        self.pointers.remove(&id)?;
        match (count, self.has_moved) {
            (1, false) => Some(Gesture::Click { at }),
            (1, true) => Some(Gesture::Throw(std::mem::take(&mut self.samples))),
            (2, _) => {
                self.samples.clear();
                Some(Gesture::PinchEnd)
            }
            _ => None,
        }
    }

    pub fn cancel(&mut self, id: i32) {
        self.pointers.remove(&id);
    }

    /// A pen is near; what was down before it was no finger that meant anything.
    pub fn take_pen(&mut self) {
        if !self.has_pen {
            self.has_pen = true;
            self.pointers.clear();
        }
    }

    pub fn is_dragging(&self) -> bool {
        !self.pointers.is_empty() && self.has_moved
    }
}

fn position(event: &ev::PointerEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// Lets `event`'s target hear the pointer wherever it goes.
pub fn capture(event: &ev::PointerEvent) {
    if let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
        // Refused only if the pointer is gone already.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

pub fn pointer_down(event: ev::PointerEvent) {
    // The second button, of a mouse or on a pen's barrel, opens the menu.
    if event.button() > 1 {
        return;
    }
    let is_touch = event.pointer_type() == "touch";
    control::with(|control| {
        let hands = &mut control.stage.hands;
        // A hand that holds a pen rests its palm.
        if is_touch && hands.has_pen {
            return;
        }
        hands.has_pen = event.pointer_type() == "pen";
        capture(&event);
        control.pointer_down(event.pointer_id(), position(&event), is_touch);
    });
}

pub fn pointer_move(event: ev::PointerEvent) {
    // Fingers that rested as the pen came near are no hands on the picture.
    if event.pointer_type() == "pen" {
        control::with(|control| control.stage.hands.take_pen());
    }
    control::with(|control| control.pointer_move(event.pointer_id(), position(&event)));
}

pub fn pointer_up(event: ev::PointerEvent) {
    control::with(|control| control.pointer_up(event.pointer_id(), position(&event)));
}

pub fn pointer_cancel(event: ev::PointerEvent) {
    control::with(|control| control.stage.hands.cancel(event.pointer_id()));
}

pub fn pointer_leave(event: ev::PointerEvent) {
    control::with(|control| {
        if event.pointer_type() == "pen" {
            control.stage.hands.has_pen = false;
        }
        control.hover_nothing();
    });
}

pub fn double_click(event: ev::MouseEvent) {
    event.prevent_default();
    let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let factor = if event.shift_key() { 0.5 } else { 2.0 };
    control::with(|control| control.zoom_at(at, factor));
}

pub fn wheel(event: ev::WheelEvent) {
    event.prevent_default();
    let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let unit = match event.delta_mode() {
        web_sys::WheelEvent::DOM_DELTA_LINE => 33.0,
        web_sys::WheelEvent::DOM_DELTA_PAGE => 300.0,
        _ => 1.0,
    };
    let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
    if event.shift_key() && !event.ctrl_key() {
        control::with(|control| control.scroll_by(-dx - dy, 0.0));
        return;
    }
    let octaves = if event.ctrl_key() { PINCH_OCTAVES } else { WHEEL_OCTAVES };
    // One event of a wild wheel moves two octaves at most.
    let factor = (-dy * octaves).clamp(-2.0, 2.0).exp2();
    control::with(|control| control.zoom_at(at, factor));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_that_trembles_is_a_click() {
        let mut hands = Hands::default();
        hands.down(1, (10.0, 10.0), 0.0);
        assert_eq!(hands.moved(1, (12.0, 11.0), 5.0), None);
        assert_eq!(hands.up(1, (12.0, 11.0)), Some(Gesture::Click { at: (12.0, 11.0) }));
    }

    #[test]
    fn a_drag_loses_nothing_of_its_way() {
        let mut hands = Hands::default();
        hands.down(1, (0.0, 0.0), 0.0);
        assert_eq!(hands.moved(1, (3.0, 0.0), 1.0), None);
        assert_eq!(hands.moved(1, (10.0, 0.0), 2.0), Some(Gesture::Drag { dx: 10.0, dy: 0.0 }));
        assert_eq!(hands.moved(1, (11.0, 5.0), 3.0), Some(Gesture::Drag { dx: 1.0, dy: 5.0 }));
        assert!(hands.is_dragging());
        assert!(
            matches!(hands.up(1, (11.0, 5.0)), Some(Gesture::Throw(samples)) if samples.len() == 3)
        );
    }

    #[test]
    fn two_fingers_pinch() {
        let mut hands = Hands::default();
        hands.down(1, (0.0, 0.0), 0.0);
        hands.down(2, (100.0, 0.0), 0.0);
        let gesture = hands.moved(2, (200.0, 0.0), 1.0);
        assert_eq!(
            gesture,
            Some(Gesture::Pinch { at: (100.0, 0.0), factor: 2.0, dx: 50.0, dy: 0.0 })
        );
        assert_eq!(hands.up(1, (0.0, 0.0)), Some(Gesture::PinchEnd));
        assert!(matches!(hands.up(2, (200.0, 0.0)), Some(Gesture::Throw(_))));
    }

    #[test]
    fn a_pen_that_comes_near_lifts_the_palm() {
        let mut hands = Hands::default();
        hands.down(1, (10.0, 10.0), 0.0);
        hands.take_pen();
        assert_eq!(hands.up(1, (10.0, 10.0)), None, "the palm has clicked nothing");
        hands.down(2, (50.0, 50.0), 1.0);
        hands.take_pen();
        assert_eq!(hands.up(2, (50.0, 50.0)), Some(Gesture::Click { at: (50.0, 50.0) }));
    }

    #[test]
    fn a_pointer_that_is_not_down_hovers() {
        let mut hands = Hands::default();
        assert_eq!(hands.moved(7, (1.0, 2.0), 0.0), Some(Gesture::Hover { at: (1.0, 2.0) }));
        assert_eq!(hands.up(7, (1.0, 2.0)), None);
    }
}
