//! Scenes that are made up, for the lab.

use banyan_view::{FamilyWorld, TreeWorld, View};

use crate::{
    engine::{
        Engine,
        family::progress,
        post::{now_millis, post},
        shown::AnyWorld,
    },
    message::{FromEngine, Kind, LoadStage, Made},
};

impl Engine {
    /// Makes a scene up and shows it in the lab, in place of the one before.
    pub(super) fn make(&mut self, made: Made) {
        progress(LoadStage::Reading, 0.0);
        // What is shown gives its memory up first: memory of a program never shrinks.
        self.shown.remove(&View::Lab);
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
                let words = self.look.words.clone();
                let world = FamilyWorld::new(genealogy, words, &mut |_, share| {
                    progress(LoadStage::LayingOut, share);
                });
                (AnyWorld::Family(Box::new(world)), now_millis() - began)
            }
        };
        post(&FromEngine::Made { made, scene_millis });
        self.show(View::Lab, world);
    }
}
