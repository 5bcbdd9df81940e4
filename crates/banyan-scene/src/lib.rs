//! What a picture of boxes and lines looks like at any zoom, and how to show it fast.
//!
//! The main thread uses the camera, the tiles and their cache, and the minimap's arithmetic: all of
//! it small, none of it growing with the data. The engine worker uses the scene, its index, and the
//! painting. Knows no families, no caches, no browser: a canvas is one [`Painter`] of several.
//!
//! Spaces: *world* (whole units, 1 unit is 1 CSS px at scale 1), *CSS px* (origin at the canvas's
//! top left), *device px* (CSS px times the device pixel ratio), *level px* (device px of the
//! endless picture of one zoom step, origin at the world's origin), *tile px* (level px from a
//! tile's top left).

mod camera;
mod cutout;
mod flight;
mod inertia;
mod minimap;
mod region;
mod sheet;
mod tile;
mod tile_cache;
mod wishes;
mod zoom;

mod ink;
mod palette;

mod card;
mod index;
mod scene;

mod boxes;
mod column;
mod density;
mod detail;
mod direct;
mod glyph;
mod inked;
mod labels;
mod legend;
mod links;
mod node;
mod paint;
mod painter;
mod path;
mod photos;
mod record;
mod ring;
mod sprites;
mod svg;
mod text;
mod vertical;

pub use camera::{Camera, Viewport, WorldRect, within};
pub use cutout::Cutout;
pub use flight::Flight;
pub use inertia::Inertia;
pub use minimap::Minimap;
pub use sheet::Sheet;
pub use tile::{Blit, TILE_PX, TileKey, cover, placements, prefetch};
pub use tile_cache::{Frame, Stamp, TileCache};
pub use wishes::{Course, wishes};
pub use zoom::{Level, ZoomStep};

pub use ink::{Ink, Tone};
pub use palette::{Palette, PaletteError, Rgba, Theme};

pub use card::{Badge, Card, CardSource, Glyph, Meter};
pub use index::PackedIndex;
pub use scene::{FRAME_UNITS, Landmark, Scene, SceneParts, Shape};

pub use density::{Pixels, Raster, density, density_of_cutout, raster, thumbnail};
pub use detail::{Detail, Stage};
pub use direct::{
    SpritePlan, paint_direct, paint_from_sprites, paint_nodes, paint_routes, photos_in, photos_of,
    plan_sprites,
};
pub use inked::TileInk;
pub use labels::{LabelBook, PlacedLabel, paint_labels};
pub use legend::{Footer, Legend, LegendEntry};
pub use links::stroke_order;
pub use paint::{
    Easel, TilePlan, is_density, paint_cutout, paint_cutout_over_density, paint_over_density,
    paint_planned, paint_tile, plan_tile, write_sprites,
};
pub use painter::{Font, Painter, PxRect, Target};
pub use path::{Path, PathOp};
pub use photos::{Arrival, PhotoBook};
pub use record::RecordingPainter;
pub use sprites::{ATLAS_PX, Reserved, SpriteBook, SpriteKey, SpriteSlot};
pub use svg::{SvgPainter, SvgPhotos, svg_of};
pub use text::{clusters, cut_to_width, shown, width_estimate};
