//! What is searched for: listed, and lit on the map.

use leptos::prelude::*;

use super::Control;
use crate::{
    app::{command::Action, state::SearchResults},
    message::ToEngine,
};

/// Search results that are listed and lit.
const RESULTS: u32 = 50;

impl Control {
    pub(super) fn search(&mut self, query: String) {
        if query.trim().is_empty() {
            self.clear_search();
            return;
        }
        self.searching = self.next_serial();
        self.lighting = 0;
        let view = self.stage.view;
        self.app.search.update(|search| search.query.clone_from(&query));
        self.send(&ToEngine::Search { view, serial: self.searching, query, limit: RESULTS });
    }

    /// Lights the persons of a colour; everybody, where there is no such colour.
    pub(super) fn light(&mut self, id: String) {
        self.searching = self.next_serial();
        self.is_lit = !id.is_empty();
        self.app.search.set(SearchResults::default());
        let serial = self.searching;
        if let Some(engine) = &self.family {
            engine.send(&ToEngine::Light { serial, id });
        }
    }

    /// Goes to the result after the one that is selected, or before it, round and round; from nobody to
    /// the first, or the last.
    pub(super) fn go_to_result(&mut self, is_forward: bool) {
        let nodes = self.app.search.with_untracked(|search| search.nodes.clone());
        let selected = self.stage.selected.as_ref().map(|selected| &selected.id);
        let last = nodes.len().saturating_sub(1);
        let next = match nodes.iter().position(|node| Some(&node.id) == selected) {
            Some(now) if is_forward && now < last => now + 1,
            Some(now) if !is_forward && now > 0 => now - 1,
            _ if is_forward => 0,
            _ => last,
        };
        if let Some(node) = nodes.get(next) {
            self.act(Action::GoTo(node.clone()));
        }
    }

    /// What was found may have moved with the scene.
    pub(super) fn light_again(&mut self) {
        let query = self.app.search.with_untracked(|search| search.query.clone());
        if query.trim().is_empty() {
            return;
        }
        self.lighting = self.next_serial();
        let (view, serial) = (self.stage.view, self.lighting);
        self.send(&ToEngine::Search { view, serial, query, limit: RESULTS });
    }

    pub(super) fn clear_search(&mut self) {
        if self.is_lit {
            self.light(String::new());
        }
        self.searching = self.next_serial();
        self.lighting = self.searching;
        self.app.search.set(SearchResults::default());
        self.stage.lit.clear();
        self.stage.touch_overlay();
        self.ask_frame();
    }
}
