//! What each view shows: a genealogy, the connections of a server, its keys, a plain tree, each
//! turned into a scene with cards, details, and a search.
//!
//! Pure: knows no browser and no sockets, so that the page's engine, the command line and the tests
//! share one way from data to picture.

pub mod details;
pub mod figures;
pub mod findings;
pub mod kept;
pub mod route;
pub mod texts;
pub mod told;
pub mod world;

mod change;
mod columns;
mod nearest;
mod picture;

pub mod connections;
pub mod family;
pub mod keyspace;
pub mod tree;

pub use change::{MOST_RECTS, WorldChange};
pub use connections::{ConnectionsWorld, GroupBy};
pub use details::{Details, Label, Row, Section, Value};
pub use family::{
    Arrange, Arrangement, Branch, Chart, Colouring, FamilyFigures, FamilyWorld, Hold, Kinship,
    Part, Plan, Reach, Reaching, ShownCalendar, TableOrder, ToldTable,
};
pub use keyspace::KeyspaceWorld;
pub use texts::Language;
pub use told::{Place, ToldDetails, ToldFindings, ToldKinship, ToldRow, ToldSection};

pub use route::{CameraRoute, Route, View};
pub use tree::TreeWorld;
pub use world::{Direction, NodeSummary, Word, Words, World};
