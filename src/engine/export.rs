//! A view as a file: a step of the work in every turn, written as it comes.

mod gedcom;
mod outlet;
mod photos;

use std::{cell::RefCell, io, rc::Rc};

use banyan_export::{
    ExportError, Job, Layout, PdfJob, PdfOrder, PngJob, Step, Subject, SvgJob, page_count,
};
use banyan_scene::{
    Card, CardSource, Cutout, Footer, Ink, Legend, Level, Palette, Scene, Viewport,
};
use banyan_view::{Colouring, View};
use wasm_bindgen::JsValue;

use crate::{
    engine::{
        Engine,
        glyphs::CanvasGlyphs,
        painter::{CanvasPainter, canvas_error},
        palette,
        post::{now_millis, post, reason},
        shown::{AnyWorld, Shown},
        with,
    },
    message::{
        ExportFault, ExportFormat, ExportNews, ExportOrder, ExportScope, ExportSize, FromEngine,
    },
};

use self::{outlet::Outlet, photos::Photos};

/// A CSS px is a 96th of an inch, a point a 72nd.
const POINTS_PER_CSS_PX: f64 = 72.0 / 96.0;
/// Bytes that are handed on at once.
const CHUNK_BYTES: usize = 1 << 20;
/// The page hears this often how far it is.
const NEWS_MILLIS: f64 = 100.0;

/// A file that is being made. Dropping it leaves it off.
pub(super) struct Export {
    view: View,
    job: Box<dyn Job>,
    /// Bytes that the job has written and nobody has taken.
    sink: Sink,
    outlet: Outlet,
    palette: Palette,
    /// What the colours of a family mean.
    footer: Option<Footer>,
    photos: Photos,
    /// A live view as it was at the beginning.
    frozen: Option<Frozen>,
    told_millis: f64,
    is_written: bool,
}

/// A picture that stands still while its world goes on.
struct Frozen {
    scene: Scene,
    cards: Vec<Card>,
}

impl CardSource for Frozen {
    fn card(&self, node: u32, card: &mut Card) {
        if let Some(kept) = self.cards.get(node as usize) {
            card.clone_from(kept);
        }
    }
}

/// Bytes on their way from a job to an outlet.
#[derive(Clone, Default)]
struct Sink(Rc<RefCell<Vec<u8>>>);

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn tell(news: ExportNews) {
    post(&FromEngine::Export(news));
}

fn fail(fault: ExportFault) {
    tell(ExportNews::Failed(fault));
}

/// What the page says of an error: it has words for all but the browser's own.
fn fault_of(error: &ExportError) -> ExportFault {
    match error {
        ExportError::Size { .. } | ExportError::Pages { .. } => ExportFault::TooLarge,
        ExportError::Io(error) => ExportFault::Refused(error.to_string()),
    }
}

/// Starts an export in place of the one before. `handle` is the file to write into, if the person
/// chose one.
pub(super) fn begin(order: ExportOrder, handle: Option<JsValue>) {
    with(|engine| engine.export = None);
    wasm_bindgen_futures::spawn_local(async move {
        let outlet = match handle {
            Some(handle) => Outlet::into_file(&handle).await,
            None => Ok(Outlet::kept()),
        };
        let is_family = matches!(order.format, ExportFormat::Gedcom551 | ExportFormat::Gedcom7);
        if is_family && let Some(Err(error)) = with(Engine::hold_lines) {
            return fail(ExportFault::Refused(reason(&error)));
        }
        let begun = match outlet {
            Ok(outlet) => with(|engine| engine.begin_export(&order, outlet)).unwrap_or(Ok(())),
            Err(error) => Err(ExportFault::Refused(reason(&error))),
        };
        if let Err(fault) = begun {
            fail(fault);
        }
    });
}

impl Engine {
    fn begin_export(&mut self, order: &ExportOrder, outlet: Outlet) -> Result<(), ExportFault> {
        let shown = self.shown.get_mut(&order.view).ok_or(ExportFault::Gone)?;
        let palette = palette(&self.look);
        let mut sink = Sink::default();
        let job = match order.format {
            ExportFormat::Gedcom551 | ExportFormat::Gedcom7 => {
                self.write_family(order, sink.clone()).map(|job| (job, None))
            }
            ExportFormat::Table => shown
                .write_table(&order.table, &mut sink)
                .map(|()| -> (Box<dyn Job>, Option<Footer>) { (Box::new(gedcom::Written), None) })
                .map_err(ExportError::Io),
            _ => {
                let picture = picture(order, shown);
                job(order, picture, &palette, sink.clone())
            }
        };
        let (job, footer) = job.map_err(|error| fault_of(&error))?;
        let shown = self.shown.get(&order.view).ok_or(ExportFault::Gone)?;
        let world = shown.world();
        let is_living = matches!(shown.any, AnyWorld::Connections(_) | AnyWorld::Keyspace(_));
        let frozen = is_living.then(|| Frozen {
            scene: world.scene().clone(),
            cards: (0..world.scene().len() as u32)
                .map(|node| {
                    let mut card = Card::default();
                    world.card(node, &mut card);
                    card
                })
                .collect(),
        });
        self.export = Some(Export {
            view: order.view,
            job,
            sink,
            outlet,
            palette,
            footer,
            photos: Photos::default(),
            frozen,
            told_millis: 0.0,
            is_written: false,
        });
        self.turns.ask();
        Ok(())
    }

    /// Works on the export, if there is one and its bytes find their way; returns whether there is
    /// more to do at once.
    pub(super) fn step_export(&mut self) -> bool {
        let Some(export) = &mut self.export else { return false };
        let (palette, footer) = (&export.palette, export.footer.as_ref());
        let subject = match (&export.frozen, self.shown.get(&export.view)) {
            (Some(frozen), _) => Subject { scene: &frozen.scene, cards: frozen, palette, footer },
            (None, Some(shown)) => {
                let world = shown.world();
                Subject { scene: world.scene(), cards: world, palette, footer }
            }
            (None, None) => {
                self.export = None;
                fail(ExportFault::Gone);
                return false;
            }
        };
        let shown = self.shown.get(&export.view);
        let has_photos = shown.is_some_and(|shown| shown.photos.is_some());
        let refused = export.outlet.fault().map(ExportFault::Refused);
        let step = refused.map_or(Ok(()), Err).and_then(|()| {
            if export.is_written || export.outlet.is_busy() {
                return Ok(None);
            }
            if has_photos && !export.photos.is_under_way() {
                let ground = export.palette.tone(Ink::Card.into());
                export.photos.want(export.view, &export.job.photos(&subject), ground);
            }
            if export.photos.is_under_way() {
                return Ok(None);
            }
            let step = export.job.step(&subject, &export.photos.album());
            step.map(Some).map_err(|error| fault_of(&error))
        });
        match step {
            Ok(Some(step)) => {
                export.is_written = step == Step::Done;
                if let Step::More(share) = step
                    && now_millis() - export.told_millis > NEWS_MILLIS
                {
                    export.told_millis = now_millis();
                    tell(ExportNews::Progress(share));
                }
                let mut bytes = export.sink.0.borrow_mut();
                if bytes.len() >= CHUNK_BYTES || export.is_written {
                    export.outlet.put(&bytes);
                    bytes.clear();
                }
                true
            }
            // Both ask for a turn when that is over.
            Ok(None) if export.outlet.is_busy() || export.photos.is_under_way() => false,
            Ok(None) => {
                let outlet = self.export.take().map(|export| export.outlet);
                if let Some(outlet) = outlet {
                    outlet.finish();
                }
                false
            }
            Err(fault) => {
                self.export = None;
                fail(fault);
                false
            }
        }
    }

    /// The outlet has room again, or failed; or pictures are decoded.
    fn go_on_exporting(&mut self) {
        self.turns.ask();
    }
}

/// What stands below a family whose colours say more than men and women.
fn legend_of(shown: &Shown) -> Option<Legend> {
    match &shown.any {
        AnyWorld::Family(world) if world.colouring() != Colouring::Sex => {
            Some(world.legend(shown.language))
        }
        _ => None,
    }
}

/// What a file shows.
struct Picture {
    /// With the legend.
    cutout: Cutout,
    /// For lines and letters, how many CSS px a px of the picture is wide.
    css_per_px: f64,
    /// Whole cards whatever their size.
    is_full: bool,
    footer: Option<Footer>,
}

/// The picture of an order, and what stands below it.
fn picture(order: &ExportOrder, shown: &Shown) -> Picture {
    let scene = shown.world().scene();
    let scale = f64::from(order.percent) / 100.0;
    let (cutout, css_per_px, is_full) = match order.scope {
        ExportScope::Everything => {
            let is_png = order.format == ExportFormat::Png;
            let level = Level::of_scale(if is_png { scale } else { 1.0 });
            (Cutout::of_region(scene.framed(), level), scale, true)
        }
        ExportScope::Screen { camera, viewport } if order.format == ExportFormat::Png => {
            let side = |px: u32| (f64::from(px) * scale).round() as u32;
            let viewport = Viewport {
                width_px: side(viewport.width_px),
                height_px: side(viewport.height_px),
                device_pixel_ratio: viewport.device_pixel_ratio * scale,
            };
            (Cutout::of_camera(&camera, &viewport), 1.0, false)
        }
        ExportScope::Screen { camera, viewport } => {
            let cutout = Cutout::of_camera(&camera, &viewport);
            (cutout, scale / viewport.device_pixel_ratio, false)
        }
    };
    let (cutout, footer) = match legend_of(shown) {
        Some(legend) => {
            let (whole, footer) = Footer::below(&cutout, &legend);
            (whole, Some(footer))
        }
        None => (cutout, None),
    };
    Picture { cutout, css_per_px, is_full, footer }
}

fn pdf_order(order: &ExportOrder, picture: &Picture) -> PdfOrder {
    let points_per_px = picture.css_per_px * POINTS_PER_CSS_PX;
    let layout = match order.page.paper() {
        None => Layout::One { points_per_px },
        Some(paper) => Layout::Tiled { points_per_px, paper },
    };
    let (title, facts) = (order.title.clone(), order.facts.clone());
    PdfOrder { cutout: picture.cutout, is_full: picture.is_full, layout, title, facts }
}

/// How large the file of an order gets; 0 px of what is no picture.
pub(super) fn foretell(order: &ExportOrder, shown: &Shown) -> ExportSize {
    let picture = picture(order, shown);
    let size = |per_px: f64, head: f64| ExportSize {
        width_px: (f64::from(picture.cutout.width) * per_px).round() as i64,
        height_px: (f64::from(picture.cutout.height) * per_px + head).round() as i64,
        pages: 0,
    };
    match order.format {
        ExportFormat::Gedcom551 | ExportFormat::Gedcom7 | ExportFormat::Table => {
            ExportSize::default()
        }
        ExportFormat::Png => size(1.0, 0.0),
        ExportFormat::Svg => size(picture.css_per_px, 0.0),
        ExportFormat::Pdf => {
            let pdf = pdf_order(order, &picture);
            let size = size(picture.css_per_px, pdf.head_pt() / POINTS_PER_CSS_PX);
            let is_tiled = matches!(pdf.layout, Layout::Tiled { .. });
            let pages = if is_tiled { page_count(&pdf.cutout, pdf.layout) } else { 0 };
            ExportSize { pages, ..size }
        }
    }
}

/// The work of an order, and what stands below its picture.
fn job(
    order: &ExportOrder,
    picture: Picture,
    palette: &Palette,
    sink: Sink,
) -> Result<(Box<dyn Job>, Option<Footer>), ExportError> {
    let canvas = |error: JsValue| ExportError::Io(canvas_error(&error));
    let job: Box<dyn Job> = match order.format {
        // The family itself is no picture: see `gedcom`.
        ExportFormat::Gedcom551 | ExportFormat::Gedcom7 | ExportFormat::Table => {
            Box::new(gedcom::Written)
        }
        ExportFormat::Png => {
            let painter = CanvasPainter::for_reading(palette.clone()).map_err(canvas)?;
            Box::new(PngJob::new(picture.cutout, 96.0, painter, sink)?)
        }
        ExportFormat::Svg => {
            let Picture { cutout, css_per_px, is_full, .. } = picture;
            Box::new(SvgJob::new(cutout, css_per_px, is_full, sink)?)
        }
        ExportFormat::Pdf => {
            let order = pdf_order(order, &picture);
            let glyphs = CanvasGlyphs::new().map_err(canvas)?;
            Box::new(PdfJob::new(order, palette.clone(), glyphs, sink)?)
        }
    };
    Ok((job, picture.footer))
}
