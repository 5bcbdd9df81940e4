//! Who is selected, and the camera's way there.

use banyan_scene::{Camera, ZoomStep};
use banyan_view::{NodeSummary, View};
use leptos::prelude::*;

use super::{Control, address::Wishes, is_motion_reduced, now_millis};
use crate::message::ToEngine;

/// Nothing smaller than this is flown to: below, a card cannot be read.
const READABLE_SCALE: f64 = 0.7;

impl Control {
    /// Goes to a node that is known by its name, in this view or another.
    pub(super) fn visit(&mut self, view: View, id: String) {
        self.wishes = Wishes { view, selected: Some(id), is_visit: true, ..Wishes::default() };
        if view != self.stage.view {
            self.show(view);
            self.write_address(true);
        }
        self.grant_wishes();
    }

    pub(super) fn select(&mut self, node: Option<NodeSummary>) {
        let view = self.stage.view;
        self.send(&ToEngine::Details { view, id: node.as_ref().map(|node| node.id.clone()) });
        if node.is_none() {
            self.app.details.set(None);
        }
        self.stage.selected.clone_from(&node);
        self.stage.touch_overlay();
        self.app.selected.set(node);
        self.ask_kinship(0);
        self.choose_in_table();
        self.write_address(false);
        self.ask_frame();
    }

    pub(super) fn go_to(&mut self, node: NodeSummary) {
        if node.rect.is_empty() {
            return self.look_among_everyone(node.id);
        }
        self.fly_to_node(&node);
        self.select(Some(node));
    }

    pub(super) fn centre_selection(&mut self) {
        if let Some(node) = self.stage.selected.clone() {
            self.fly_to_node(&node);
        }
    }

    pub(super) fn fly_to_node(&mut self, node: &NodeSummary) {
        let center = node.rect.center();
        let current = self.stage.camera();
        let scale =
            if current.scale < READABLE_SCALE { ZoomStep::ONE.scale() } else { current.scale };
        let camera = Camera { center_x: f64::from(center.x), center_y: f64::from(center.y), scale };
        self.fly_to(camera.snapped(&self.stage.viewport));
    }

    pub(super) fn fly_to(&mut self, camera: Camera) {
        let bounds = self.stage.pane().bounds();
        let camera = camera.clamped(bounds, &self.stage.viewport).snapped(&self.stage.viewport);
        self.stage.fly_to(camera, now_millis(), is_motion_reduced());
        self.ask_frame();
    }
}
