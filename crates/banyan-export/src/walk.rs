//! A picture told to a painter bit by bit: lines, nodes, names of regions.

use std::collections::BTreeSet;

use banyan_scene::{
    Cutout, Detail, LabelBook, Painter, paint_labels, paint_nodes, paint_routes, photos_of,
    stroke_order,
};

use crate::job::Subject;

/// Lines of a step: one kind and ink of them becomes one path.
const ROUTES: usize = 2000;
const NODES: usize = 200;

/// Where the telling of one cutout stands.
pub(crate) struct Walk {
    cutout: Cutout,
    detail: Option<Detail>,
    /// In the order of their strokes.
    routes: Vec<u32>,
    nodes: Vec<u32>,
    done: usize,
    has_labels: bool,
}

impl Walk {
    /// `is_full` for whole cards at any scale, else as much of them as their size allows.
    pub(crate) fn new(subject: &Subject<'_>, cutout: Cutout, is_full: bool) -> Self {
        let scene = subject.scene;
        let around = cutout.around();
        let (mut routes, mut nodes) = (Vec::new(), Vec::new());
        scene.routes_in(&around, &mut routes);
        let kinds = &scene.routes.kinds;
        routes.sort_by_key(|&route| kinds.get(route as usize).map(|&kind| stroke_order(kind)));
        scene.nodes_in(&around, &mut nodes);
        let detail = is_full.then_some(Detail::FULL);
        Self { cutout, detail, routes, nodes, done: 0, has_labels: !is_full }
    }

    /// Share of the work that is done, 0 to 1.
    pub(crate) fn share(&self) -> f32 {
        let all = self.routes.len() + self.nodes.len();
        if all == 0 { 1.0 } else { self.done as f32 / all as f32 }
    }

    /// The nodes of the next bit; none while there are lines to tell.
    fn next_nodes(&self) -> &[u32] {
        let rest = self.done.checked_sub(self.routes.len()).and_then(|done| self.nodes.get(done..));
        let rest = rest.unwrap_or_default();
        &rest[..rest.len().min(NODES)]
    }

    /// The pictures that the next bit shows.
    pub(crate) fn photos(&self, subject: &Subject<'_>) -> BTreeSet<u32> {
        photos_of(subject.scene, subject.cards, self.next_nodes(), &self.cutout, self.detail)
    }

    /// Tells a bit; returns whether that was not the last.
    pub(crate) fn step(&mut self, subject: &Subject<'_>, painter: &mut impl Painter) -> bool {
        let (scene, cutout) = (subject.scene, &self.cutout);
        if let Some(routes) = self.routes.get(self.done..).filter(|rest| !rest.is_empty()) {
            let routes = &routes[..routes.len().min(ROUTES)];
            paint_routes(scene, routes, cutout, painter);
            self.done += routes.len();
            return true;
        }
        let nodes = self.next_nodes();
        if nodes.is_empty() {
            if self.has_labels {
                paint_labels(scene, cutout, painter, &mut LabelBook::default());
            }
            if let Some(footer) = subject.footer {
                footer.paint(cutout, painter);
            }
            return false;
        }
        paint_nodes(scene, subject.cards, nodes, cutout, self.detail, painter);
        self.done += nodes.len();
        true
    }
}
