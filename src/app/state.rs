//! What the interface shows. One signal per fact that changes on its own; the scene, the camera and
//! the tiles are not here (see `stage`): nothing in this file grows with the data.

use banyan_protocol::{Health, TargetId, TargetInfo};
use banyan_view::{Colouring, NodeSummary, ShownCalendar, ToldDetails, ToldFindings, View};
use leptos::prelude::*;

use super::command::ExportChoice;
use super::few::Few;
use super::shell::text::Language;
use crate::message::{
    Charted, ExportFault, ExportSize, FamilySummary, Form, GroupBy, Kind, Link, LiveFacts,
    LoadError, LoadStage, Made, PictureMemory, SceneInfo, Trial, Tried, Way,
};

/// Light, dark, or what the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
}

/// Work that takes long enough to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub name: String,
    pub stage: LoadStage,
    /// 0 to 1 within the stage.
    pub share: f32,
    /// Whether it can be ended before its time.
    pub can_cancel: bool,
}

/// What the search box found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchResults {
    pub query: String,
    pub nodes: Vec<NodeSummary>,
    /// All that match, of which `nodes` are the best.
    pub total: u32,
}

/// Somebody whose relation to the selected person is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relating {
    /// Stable id.
    pub from: String,
    /// Which of the ways between the two is shown.
    pub way: u32,
    pub ways: u32,
}

/// What the lab is told to make and to try, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    /// What is made up next, or is shown.
    pub wanted: Made,
    /// Changes a second of connections.
    pub churn: u32,
    /// How many circles are drawn.
    pub circles: u32,
    /// The experiment that runs, and what it is at.
    pub trial: Option<Trial>,
    pub way: Option<Way>,
    /// What has been measured since the page was opened, with what it was measured on; a way that
    /// is tried again on the same takes the place of its former figures.
    pub tried: Vec<(Trial, Tried)>,
}

impl Default for Lab {
    fn default() -> Self {
        Self {
            wanted: Made { kind: Kind::Tree, nodes: 10_000, seed: 7 },
            churn: 1_000,
            circles: 200,
            trial: None,
            way: None,
            tried: Vec::new(),
        }
    }
}

/// How the file is getting on that is being made.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ExportState {
    #[default]
    Idle,
    /// So many percent are done.
    Running(u8),
    Done,
    Failed(ExportFault),
}

impl ExportState {
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running(_))
    }
}

/// Which panels are open, remembered in the browser's storage, and what the legend is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panels {
    pub minimap: bool,
    pub legend: bool,
    /// What the colours of a family say: the address has it.
    pub colouring: Colouring,
}

/// The state of the interface. Copying it copies handles, not the state.
/// What a bridge told of a target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub health: Option<Health>,
    pub facts: Option<LiveFacts>,
    /// When this page heard the last facts, in milliseconds since 1970 by its own clock.
    pub at_millis: Option<f64>,
    /// How long it takes from one to the next, in milliseconds.
    pub every_millis: f64,
}

#[derive(Clone, Copy)]
pub struct App {
    pub view: RwSignal<View>,
    pub locale: RwSignal<Language>,
    pub theme: RwSignal<ThemeChoice>,
    /// Whether the page is dark just now: the choice, or the system's.
    pub is_dark: RwSignal<bool>,
    pub pictures: RwSignal<PictureMemory>,
    /// Nothing is shown of those in a family who may live.
    pub hides_living: RwSignal<bool>,
    pub calendar: RwSignal<ShownCalendar>,
    /// What the colours of a family mean, and, as notes, what else they can say.
    pub legend: RwSignal<ToldFindings>,
    pub panels: RwSignal<Panels>,
    pub is_search_open: RwSignal<bool>,
    pub is_help_open: RwSignal<bool>,
    /// Of a family: the notes on its file. Of a cache: what is wrong.
    pub is_diagnostics_open: RwSignal<bool>,
    pub is_export_open: RwSignal<bool>,
    /// What the panel would make.
    pub to_export: RwSignal<ExportChoice>,
    pub export: RwSignal<ExportState>,
    /// How large its file would be.
    pub foretold: RwSignal<ExportSize>,
    /// A file is being dragged over the page.
    pub is_drop_target: RwSignal<bool>,

    pub progress: RwSignal<Option<Progress>>,
    pub load_error: RwSignal<Option<LoadError>>,
    /// The report of a program that failed.
    pub panic_report: RwSignal<Option<String>>,
    pub family: RwSignal<Option<FamilySummary>>,
    pub charted: RwSignal<Charted>,

    pub link: RwSignal<Link>,
    pub targets: RwSignal<Vec<TargetInfo>>,
    pub target: RwSignal<Option<TargetId>>,
    /// What is known of each target.
    pub heard: RwSignal<Few<TargetId, Heard>>,
    pub group_by: RwSignal<GroupBy>,
    pub delimiter: RwSignal<String>,

    pub scenes: RwSignal<Few<View, SceneInfo>>,
    /// The branches that the window of each view lies in, the largest first.
    pub places: RwSignal<Few<View, Vec<String>>>,
    pub hovered: RwSignal<Option<NodeSummary>>,
    pub selected: RwSignal<Option<NodeSummary>>,
    pub details: RwSignal<Option<ToldDetails>>,
    pub kin: RwSignal<Option<Relating>>,
    /// What the person is asked about the family.
    pub form: RwSignal<Option<Form>>,
    /// Whether a change of the family can be undone, or one made again.
    pub can_undo: RwSignal<bool>,
    pub can_redo: RwSignal<bool>,
    /// A short word that something was done.
    pub toast: RwSignal<Option<String>>,
    /// What is wrong with the target.
    pub findings: RwSignal<ToldFindings>,
    /// Figures about the family, or what this browser keeps; without a section while nobody looks at
    /// them.
    pub figures: RwSignal<ToldFindings>,
    pub is_table_open: RwSignal<bool>,
    pub search: RwSignal<SearchResults>,
    pub lab: RwSignal<Lab>,
    /// Camera scale in CSS pixels per world unit.
    pub scale: RwSignal<f64>,
}

impl App {
    /// What is wrong with what the view shows, or its figures.
    pub fn told(&self) -> RwSignal<ToldFindings> {
        if self.view.get().is_live() { self.findings } else { self.figures }
    }

    /// Whether the figures about the family are open.
    pub fn has_figures(&self) -> bool {
        self.figures.with_untracked(|figures| !figures.sections.is_empty())
    }

    pub fn new() -> Self {
        Self {
            view: RwSignal::new(View::Family),
            locale: RwSignal::new(Language::English),
            theme: RwSignal::new(ThemeChoice::System),
            is_dark: RwSignal::new(false),
            pictures: RwSignal::new(PictureMemory::default()),
            hides_living: RwSignal::new(false),
            calendar: RwSignal::new(ShownCalendar::default()),
            legend: RwSignal::new(ToldFindings::default()),
            panels: RwSignal::new(Panels {
                minimap: true,
                legend: false,
                colouring: Colouring::default(),
            }),
            is_search_open: RwSignal::new(false),
            is_help_open: RwSignal::new(false),
            is_diagnostics_open: RwSignal::new(false),
            is_export_open: RwSignal::new(false),
            to_export: RwSignal::new(ExportChoice::default()),
            export: RwSignal::new(ExportState::Idle),
            foretold: RwSignal::new(ExportSize::default()),
            is_drop_target: RwSignal::new(false),
            progress: RwSignal::new(None),
            load_error: RwSignal::new(None),
            panic_report: RwSignal::new(None),
            family: RwSignal::new(None),
            charted: RwSignal::new(Charted::default()),
            link: RwSignal::new(Link::Closed),
            targets: RwSignal::new(Vec::new()),
            target: RwSignal::new(None),
            heard: RwSignal::new(Few::new()),
            group_by: RwSignal::new(GroupBy::Kind),
            delimiter: RwSignal::new(":".into()),
            scenes: RwSignal::new(Few::new()),
            places: RwSignal::new(Few::new()),
            hovered: RwSignal::new(None),
            selected: RwSignal::new(None),
            details: RwSignal::new(None),
            findings: RwSignal::new(ToldFindings::default()),
            figures: RwSignal::new(ToldFindings::default()),
            kin: RwSignal::new(None),
            form: RwSignal::new(None),
            can_undo: RwSignal::new(false),
            can_redo: RwSignal::new(false),
            toast: RwSignal::new(None),
            is_table_open: RwSignal::new(false),
            search: RwSignal::new(SearchResults::default()),
            lab: RwSignal::new(Lab::default()),
            scale: RwSignal::new(1.0),
        }
    }
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}
