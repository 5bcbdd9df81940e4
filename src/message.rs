//! What the main thread and an engine worker say to each other: postcard bytes in a transferred
//! buffer, with the file or the picture that goes with a message beside it.
//!
//! A worker holds one document (a family) or the link to the bridge (both live views). A family that
//! is being opened has a worker of its own, so cancelling is ending that worker, and the family that
//! was open before stays as it is.

use banyan_export::Paper;
use banyan_layout::geometry::{Point, Rect};
use banyan_protocol::{Health, TargetId, TargetInfo, WatchKind};
use banyan_scene::{Camera, TileInk, TileKey, Viewport, ZoomStep};
pub use banyan_view::GroupBy;
use banyan_view::{
    Arrange, Chart, Colouring, Direction, Language, NodeSummary, ShownCalendar, ToldDetails,
    ToldFindings, ToldKinship, ToldTable, View,
};
use serde::{Deserialize, Serialize};

mod editing;
mod lab;
pub use editing::{Edited, Field, Form, Task};
pub use lab::{Kind, Made, Trial, Tried, Way};

/// Device px around the content of the minimap, for whoever paints it and whoever reads it.
pub const MINIMAP_PADDING_PX: f64 = 6.0;

/// How pictures look: a change of any of it makes every tile stale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    pub is_dark: bool,
    pub device_pixel_ratio: f64,
    pub language: Language,
    pub pictures: PictureMemory,
    /// Nothing is told of those in a family who may live.
    pub hides_living: bool,
    /// How details show dates.
    pub calendar: ShownCalendar,
    /// What the colours in a family say.
    pub colouring: Colouring,
}

/// How much memory the pictures of a view may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureMemory {
    Small,
    #[default]
    Normal,
    Large,
    Huge,
}

impl PictureMemory {
    pub const ALL: [Self; 4] = [Self::Small, Self::Normal, Self::Large, Self::Huge];

    /// Of tiles, in the page. The normal one holds what is wanted around a window on an ordinary
    /// screen: see [`banyan_scene::wishes`].
    pub const fn tile_bytes(self) -> usize {
        match self {
            Self::Small => 32 << 20,
            Self::Normal => 64 << 20,
            Self::Large => 192 << 20,
            Self::Huge => 512 << 20,
        }
    }

    /// Of sprites, in the engine: whole atlases of 4 MiB.
    pub const fn sprite_bytes(self) -> usize {
        match self {
            Self::Small => 16 << 20,
            Self::Normal => 24 << 20,
            Self::Large => 96 << 20,
            Self::Huge => 256 << 20,
        }
    }
}

/// The families that come with the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sample {
    /// 贾府 of 紅樓夢.
    Honglou,
    /// The Darwins and the Wedgwoods.
    DarwinWedgwood,
}

impl Sample {
    pub const ALL: [Self; 2] = [Self::Honglou, Self::DarwinWedgwood];

    /// Its name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Honglou => "honglou",
            Self::DarwinWedgwood => "darwin-wedgwood",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FamilySource {
    Sample(Sample),
    /// A `File` or `Blob` follows the message.
    File {
        name: String,
        /// Opens it even if it is damaged.
        is_forced: bool,
    },
    /// A file of this name that this browser keeps from before: the one with this digest, or the one
    /// that was opened last.
    Kept {
        name: String,
        digest: Option<String>,
    },
}

impl FamilySource {
    pub fn name(&self) -> &str {
        match self {
            Self::Sample(sample) => sample.name(),
            Self::File { name, .. } | Self::Kept { name, .. } => name,
        }
    }

    /// As the browser keeps it, once its bytes are known.
    pub fn settled(&self, digest: &str) -> Self {
        match self {
            Self::Sample(sample) => Self::Sample(*sample),
            Self::File { name, .. } | Self::Kept { name, .. } => {
                Self::Kept { name: name.clone(), digest: Some(digest.to_owned()) }
            }
        }
    }
}

/// What is to become of the families that this browser keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptAsk {
    List,
    /// Together with the changes that were made to it.
    Forget {
        name: String,
        digest: String,
    },
    ForgetAll,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToEngine {
    /// First, and whenever theme, language or screen change.
    Look(Look),
    OpenFamily(FamilySource),
    /// Somebody looks for a file: there is time to get ready for it.
    Rehearse,
    /// Opens the WebSocket at this address and keeps it open.
    Connect {
        url: String,
    },
    Watch {
        target: TargetId,
        kind: WatchKind,
        delimiter: String,
    },
    Unwatch {
        target: TargetId,
        kind: WatchKind,
    },
    Rescan {
        target: TargetId,
    },
    /// Opens a window of two seconds in which the server tells every command.
    Observe {
        target: TargetId,
    },
    GroupBy(GroupBy),
    /// The tiles that are wanted, most wanted first, and what of the world shows; replaces what was
    /// wanted before. `Stats` follow when all are painted.
    Tiles {
        view: View,
        wanted: Vec<TileKey>,
        visible: Rect,
    },
    /// The camera rests, and this shows; sent where no tile is wanted for it.
    Seen {
        view: View,
        visible: Rect,
    },
    Thumbnail {
        view: View,
        width_px: u32,
        height_px: u32,
    },
    /// What lies at a point (world units), with this much slack (world units)? Answered by `Hit`.
    HitTest {
        view: View,
        serial: u32,
        point: Point,
        slack: i32,
        /// Whether somebody pressed there: the handle of a folded branch unfolds it.
        is_press: bool,
    },
    /// Answered by `Details`, now and whenever they change until another node is asked for.
    Details {
        view: View,
        /// The stable id: a node's number may be another's by the time this is read.
        id: Option<String>,
    },
    /// Answered by `Found`; if asked for, with what stands for the node where it is not shown by itself.
    Find {
        view: View,
        serial: u32,
        id: String,
        is_near_enough: bool,
    },
    Neighbour {
        view: View,
        serial: u32,
        id: String,
        direction: Direction,
    },
    /// Answered by `Results`.
    Search {
        view: View,
        serial: u32,
        query: String,
        limit: u32,
    },
    /// Whether anybody can see the page.
    Visible(bool),
    /// Makes a scene up and shows it in the lab.
    Make(Made),
    /// Lets the connections that were made up change so many times a second.
    Churn {
        changes_per_second: u32,
    },
    /// Answered by a `Trying` and a `Tried` for each way, and `TrialDone`; nothing else is answered
    /// meanwhile.
    Try(Trial),
    /// Makes a file. A `FileSystemFileHandle` may follow, into which it is written; without one the
    /// file is handed over at the end. Answered by `Export`, again and again.
    Export(ExportOrder),
    /// How large would its file be?
    Foretell(ExportOrder),
    CancelExport,
    /// How is the engine doing? Answered by `Stats`.
    Stats {
        view: View,
    },
    /// Shows the family on this chart in this arrangement (see [`banyan_view::Arrangement`]); said
    /// before a family is opened, it is opened so. Answered by `Charted` and a new scene.
    Chart {
        chart: Chart,
        arrangement: String,
    },
    /// Arranges the chart otherwise, about whoever has this stable id. Answered by `Arranged` and a
    /// changed scene, or by `Refused`.
    Arrange {
        what: Arrange,
        of: Option<String>,
    },
    /// What is `to` to `from`, both stable ids, by the way of this number? Answered by `Related`.
    Relate {
        view: View,
        serial: u32,
        from: String,
        to: String,
        way: u32,
    },
    /// Counts everything in the family. Answered by `Figures`.
    Figures,
    /// Pictures by their paths in a folder, which follow as a list of files: for the family that is
    /// open, or is opened next.
    Pictures(Vec<String>),
    /// Answered by `Figures`: what is kept then, and the ways to open it.
    Kept(KeptAsk),
    /// A window of the table of persons. Answered by `Table`.
    Table(TableAsk),
    /// Answered by `Form`, or by `Refused`; so is all that changes the family, or by `Edited`.
    AskForm(Task),
    /// The answers to a form, in the order of its fields.
    Submit {
        task: Task,
        values: Vec<String>,
    },
    RemovePerson {
        person: String,
    },
    Undo,
    Redo,
    /// Lights the persons of a colour; everybody, where there is no such colour. Answered by `Lit` and by
    /// `Results`.
    Light {
        serial: u32,
        id: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportFormat {
    Png,
    Svg,
    Pdf,
    /// The family itself, with everything that was in its file.
    Gedcom551,
    Gedcom7,
    /// The table of persons as it stands, as CSV.
    Table,
}

impl ExportFormat {
    pub const fn is_picture(self) -> bool {
        !matches!(self, Self::Gedcom551 | Self::Gedcom7 | Self::Table)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExportScope {
    Everything,
    /// What this camera shows.
    Screen {
        camera: Camera,
        viewport: Viewport,
    },
}

/// What a PDF is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportPage {
    /// One page as large as the picture.
    Whole,
    A4,
    A3,
    Letter,
}

impl ExportPage {
    /// The sheets to spread over; `None` for one page.
    pub const fn paper(self) -> Option<Paper> {
        match self {
            Self::Whole => None,
            Self::A4 => Some(Paper::A4),
            Self::A3 => Some(Paper::A3),
            Self::Letter => Some(Paper::Letter),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportOrder {
    pub view: View,
    pub format: ExportFormat,
    pub scope: ExportScope,
    /// Of the size at scale 1, or of the size on the screen.
    pub percent: u32,
    pub page: ExportPage,
    /// The document's name.
    pub title: String,
    /// What the title block of a PDF tells below it.
    pub facts: Vec<String>,
    /// Of a table: see [`banyan_view::TableOrder`].
    pub table: String,
}

/// How large a file is: the picture with its legend and, in a PDF of one page, its title block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSize {
    pub width_px: i64,
    pub height_px: i64,
    /// The sheets of a poster and its cover; 0 where there is one picture.
    pub pages: u64,
}

/// What of the table of persons is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableAsk {
    /// See [`banyan_view::TableOrder`].
    pub order: String,
    /// What the rows must match, in place of what the order says.
    pub filter: Option<String>,
    /// The place of the first row that is wanted, from 0, and how many are.
    pub first: u32,
    pub count: u32,
    /// Stable id of whom the answer is to say the place of.
    pub wanted: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExportNews {
    /// So much is done, 0 to 1.
    Progress(f32),
    /// The file is whole: where it was asked for, or at this address for as long as the worker lives.
    Done { url: Option<String> },
    /// There is no file.
    Failed(ExportFault),
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportFault {
    /// What was drawn is no longer there.
    Gone,
    /// No such file can be as large, or of so many pages.
    TooLarge,
    /// The browser or the disk refused, in words of its own.
    Refused(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoadStage {
    Reading,
    Parsing,
    Linking,
    LayingOut,
    Indexing,
}

/// Why a family could not be opened. The one before it stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadError {
    pub name: String,
    /// Key of the text in `locales/`: `error_<code>`.
    pub code: String,
    /// Line of the file, 1-based, where there is one.
    pub line: Option<u32>,
    /// What the text does not say of this file, in each of [`Language::ALL`]; empty where there is no more.
    pub details: [String; Language::ALL.len()],
    /// Whether something can be read of it all the same, if the person wants that.
    pub can_force: bool,
}

impl LoadError {
    /// One of which there is nothing more to say.
    pub fn new(name: &str, code: &str) -> Self {
        Self {
            name: name.to_owned(),
            code: code.to_owned(),
            line: None,
            details: Default::default(),
            can_force: false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosticRow {
    pub line: u32,
    pub tag: String,
    /// 0 information, 1 warning, 2 error.
    pub severity: u8,
    /// What it is, in each of [`Language::ALL`]: the list follows the language of the page.
    pub titles: [String; Language::ALL.len()],
    /// The same with all its particulars; empty where these are hidden.
    pub details: [String; Language::ALL.len()],
}

/// A family that has been opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilySummary {
    pub name: String,
    pub source: FamilySource,
    pub families: u32,
    pub encoding: String,
    pub gedcom_version: Option<String>,
    /// The first thousand.
    pub diagnostics: Vec<DiagnosticRow>,
    pub diagnostics_total: u32,
    pub parse_millis: f64,
    pub layout_millis: f64,
}

/// How the family is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charted {
    /// Another than was asked for if nobody has that id.
    pub chart: Chart,
    /// As an address has it; empty for what the layout does by itself.
    pub arrangement: String,
    /// The same in the reader's language.
    pub arranged: String,
    pub has_folds: bool,
    /// The name of whom it is about, as on the card; empty if it is about everyone.
    pub name: String,
    pub persons: u32,
    pub generations: u32,
    pub cross_links: u32,
    /// How many are hidden, in the reader's language; empty where no mask is on.
    pub hidden: String,
    /// How many changes were made, in the same; empty where there are none.
    pub edits: String,
}

/// A scene, or what changed of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SceneInfo {
    pub view: View,
    /// Grows with every change.
    pub revision: u32,
    pub bounds: Rect,
    pub nodes: u32,
    pub links: u32,
    /// What to show first.
    pub start: Rect,
    /// Whether what is shown first hangs on a root at its top left.
    pub is_rooted: bool,
    /// Whether this is another scene than before (another file, another target), so that the camera
    /// moves to its start.
    pub is_new: bool,
    /// Where the corner of its layout stands, in world units: an address counts from there.
    pub origin: Point,
    /// World rectangles that look different now; all of it if this and `read` are empty.
    pub dirty: Vec<Rect>,
    /// World rectangles that look different from `read_from` on: what is written on cards.
    pub read: Vec<Rect>,
    /// Below this step cards are too small for anything but their colours.
    pub read_from: ZoomStep,
    /// Boxes that stand elsewhere now, from where to where; boxes that came; boxes that went. World
    /// units; empty where there are too many to follow.
    pub moves: Vec<(Rect, Rect)>,
    pub fresh: Vec<Rect>,
    pub gone: Vec<Rect>,
}

/// The bridge's link as the page sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Nobody asked for it yet.
    #[default]
    Closed,
    Connecting,
    Open {
        bridge: String,
    },
    /// Lost; tried again in so many milliseconds.
    Waiting {
        retry_in_millis: u64,
    },
    /// The bridge speaks another version of the messages.
    WrongVersion {
        version: u16,
    },
}

/// The numbers of the status line of a live view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveFacts {
    /// When the data was read, milliseconds since 1970 by the bridge's clock.
    pub taken_at_millis: u64,
    pub version: String,
    pub clients: u64,
    /// `None` where the server does not say.
    pub blocked: Option<u64>,
    pub ops_per_sec: Option<u64>,
    pub memory_bytes: Option<u64>,
    pub keys_seen: u64,
    /// `None` where the server does not say.
    pub keys_total: Option<u64>,
    pub keys_complete: bool,
    /// What Banyan's own questions cost the server so far; `None` where nobody counts.
    pub cost_commands: Option<u64>,
    pub cost_micros: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EngineStats {
    /// Nodes in the window, as the last wish for tiles gave it.
    pub visible: u32,
    pub tiles_painted: u64,
    pub sprites: u32,
    pub sprite_bytes: u64,
    /// Share of the last second spent working, 0 to 1.
    pub busy: f64,
    pub messages_per_second: f64,
    pub bytes_received: u64,
    pub memory_bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromEngine {
    /// The worker runs and takes messages.
    Ready,
    Progress {
        stage: LoadStage,
        share: f32,
    },
    Opened(FamilySummary),
    Failed(LoadError),
    Scene(SceneInfo),
    /// An `ImageBitmap` of the bounds of what is drawn on the tile follows.
    Tile {
        view: View,
        key: TileKey,
        revision: u32,
        ink: TileInk,
    },
    /// An `ImageBitmap` of the size that was asked for follows.
    Thumbnail {
        view: View,
        revision: u32,
    },
    Hit {
        view: View,
        serial: u32,
        node: Option<NodeSummary>,
    },
    Found {
        view: View,
        serial: u32,
        node: Option<NodeSummary>,
    },
    Results {
        view: View,
        serial: u32,
        nodes: Vec<NodeSummary>,
        total: u32,
    },
    /// The branches that the window lies in, the largest first, where their labels are too large to
    /// be on the map.
    Places {
        view: View,
        names: Vec<String>,
    },
    /// Of the node with this stable id; `None` when it is gone.
    Details {
        view: View,
        id: String,
        details: Option<ToldDetails>,
        summary: Option<NodeSummary>,
    },
    Link(Link),
    Targets(Vec<TargetInfo>),
    Health {
        target: TargetId,
        health: Health,
    },
    Facts {
        target: TargetId,
        facts: LiveFacts,
    },
    /// What is wrong with the target that is watched.
    Findings(ToldFindings),
    Stats(EngineStats),
    /// A scene was made up, and is shown next.
    Made {
        made: Made,
        /// How long it took from places (of a tree) or from bytes (of a family) to a scene.
        scene_millis: f64,
    },
    Trying(Way),
    Tried(Tried),
    TrialDone,
    Export(ExportNews),
    Foretold(ExportSize),
    /// The worker's program failed; it answers nothing more.
    Panicked {
        report: String,
    },
    /// What the scene that comes next shows.
    Charted(Charted),
    /// The scene that changes next shows the same chart in another arrangement. What was done is said in
    /// the reader's language; where nobody asked for it, it had to be for somebody to be seen. Nothing
    /// is said where that language is another from now on.
    Arranged {
        charted: Charted,
        said: String,
        is_asked: bool,
    },
    /// `None` where one of the two is gone.
    Related {
        view: View,
        serial: u32,
        kinship: Option<ToldKinship>,
    },
    /// The notes on the file, in place of those before.
    Notes(Vec<DiagnosticRow>),
    /// Figures about the family, and what in it cannot be.
    Figures(ToldFindings),
    Table(ToldTable),
    Form(Form),
    Edited(Edited),
    /// What the colours of the family mean; its notes are what [`Colouring::ALL`] are called.
    Legend(ToldFindings),
    /// Who is lit, in words; empty if everybody is.
    Lit(String),
    /// Nothing was changed, for this reason, in the reader's language.
    Refused(String),
}
