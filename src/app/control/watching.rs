//! Which target is looked at, and what of it the engine reads.

use banyan_protocol::{TargetId, WatchKind};
use banyan_view::View;
use leptos::prelude::*;

use super::Control;
use crate::message::ToEngine;

impl Control {
    /// Tells the live engine what is looked at; nothing is read of a server that nobody sees.
    pub(super) fn watch(&mut self) {
        let Some(live) = &self.live else { return };
        let kinds: &[WatchKind] = match self.stage.view {
            View::Family | View::Lab => &[],
            View::Connections => &[WatchKind::Connections],
            // What is wrong comes with the connections.
            View::Keyspace => &[WatchKind::Connections, WatchKind::Keyspace],
        };
        let wanted = self.app.target.get_untracked().map(|target| (target, kinds));
        if wanted == self.watched {
            return;
        }
        let before = self.watched.take();
        let is_among = |watched: &Option<(TargetId, &'static [WatchKind])>, target, kind| {
            watched.as_ref().is_some_and(|(other, kinds)| other == target && kinds.contains(kind))
        };
        if let Some((target, kinds)) = &before {
            for kind in kinds.iter().filter(|kind| !is_among(&wanted, target, kind)) {
                live.send(&ToEngine::Unwatch { target: target.clone(), kind: *kind });
            }
        }
        if let Some((target, kinds)) = &wanted {
            for kind in kinds.iter().filter(|kind| !is_among(&before, target, kind)) {
                let delimiter = self.app.delimiter.get_untracked();
                live.send(&ToEngine::Watch { target: target.clone(), kind: *kind, delimiter });
            }
        }
        self.watched = wanted;
    }

    /// Chooses a target, and forgets the pictures of another; whether it was another.
    pub(super) fn aim_at(&mut self, target: TargetId) -> bool {
        let is_other = self.app.target.with_untracked(|before| before.as_ref() != Some(&target));
        if is_other {
            self.app.target.set(Some(target));
            for view in View::ALL.into_iter().filter(|view| view.is_live()) {
                self.forget_scene(view);
            }
        }
        is_other
    }

    pub(super) fn forget_scene(&mut self, view: View) {
        self.stage.forget_scene(view);
        self.app.places.update(|places| {
            places.remove(&view);
        });
        self.app.scenes.update(|scenes| {
            scenes.remove(&view);
        });
        if view == self.stage.view {
            self.select(None);
            self.clear_search();
        }
    }
}
