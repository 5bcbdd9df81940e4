//! Scenes that are made up, for the lab.

use banyan_generate::Server;
use banyan_view::{ConnectionsWorld, FamilyWorld, TreeWorld, View};
use gloo::timers::callback::Interval;

use crate::{
    engine::{
        Engine,
        family::progress,
        post::{now_millis, post},
        shown::AnyWorld,
        with,
    },
    message::{FromEngine, Kind, LoadStage, Made},
};

/// Made-up connections change so often; each time a share of the changes.
const BEATS_PER_SECOND: u32 = 10;

/// A server that was made up, and its life.
pub(super) struct Making {
    server: Server,
    changes_per_second: u32,
    _beat: Interval,
}

impl Engine {
    /// Makes a scene up and shows it in the lab, in place of the one before.
    pub(super) fn make(&mut self, made: Made) {
        progress(LoadStage::Reading, 0.0);
        // What is shown gives its memory up first: memory of a program never shrinks.
        self.shown.remove(&View::Lab);
        self.making = None;
        let seed = u64::from(made.seed);
        let (world, scene_millis) = match made.kind {
            Kind::Tree => {
                let mut tree = banyan_generate::tree(made.nodes, seed);
                let parents = std::mem::take(&mut tree.parents);
                progress(LoadStage::LayingOut, 0.0);
                let places = banyan_view::tree::place(&parents);
                progress(LoadStage::Indexing, 0.0);
                let began = now_millis();
                let world = TreeWorld::new(parents, places, move |node| tree.name(node));
                (AnyWorld::Tree(Box::new(world)), now_millis() - began)
            }
            Kind::Family => {
                let text = banyan_generate::gedcom(made.nodes, seed);
                let began = now_millis();
                let read = banyan_gedcom::read(&text, &mut |_, share| {
                    progress(LoadStage::Parsing, share);
                });
                drop(text);
                // What is written here is a genealogy; if it were not, there would be nobody in it.
                let genealogy = read.map(|document| document.genealogy).unwrap_or_default();
                let words = self.words();
                let world = FamilyWorld::new(genealogy, words, &mut |_, share| {
                    progress(LoadStage::LayingOut, share);
                });
                (AnyWorld::Family(Box::new(world)), now_millis() - began)
            }
            Kind::Connections => {
                let server = banyan_generate::server(made.nodes, seed);
                let began = now_millis();
                let (group_by, words) = (self.live.group_by, self.words());
                let topology = server.topology().clone();
                let world = ConnectionsWorld::new(topology, "", group_by, words);
                let beat = Interval::new(1000 / BEATS_PER_SECOND, || {
                    with(Engine::beat);
                });
                self.making = Some(Making { server, changes_per_second: 0, _beat: beat });
                (AnyWorld::Connections(Box::new(world)), now_millis() - began)
            }
        };
        post(&FromEngine::Made { made, scene_millis });
        self.show(View::Lab, world);
    }

    pub(super) fn churn(&mut self, changes_per_second: u32) {
        if let Some(making) = &mut self.making {
            making.changes_per_second = changes_per_second;
        }
    }

    /// A tenth of a second in the life of the connections that were made up.
    fn beat(&mut self) {
        // What nobody sees stands still.
        let is_alive = |it: &&mut Making| it.changes_per_second > 0 && !self.is_hidden;
        let Some(making) = self.making.as_mut().filter(is_alive) else {
            return;
        };
        let began = now_millis();
        let changes = making.changes_per_second.div_ceil(BEATS_PER_SECOND);
        let delta = making.server.churn(changes, u64::from(1000 / BEATS_PER_SECOND));
        if let Some(shown) = self.shown.get_mut(&View::Lab)
            && let AnyWorld::Connections(world) = &mut shown.any
        {
            let change = world.apply(delta);
            shown.changed(change);
        }
        self.busy.worked_millis += now_millis() - began;
    }
}
