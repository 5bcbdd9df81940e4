//! PDF 1.7 with real text, on one page of the picture's size or tiled over sheets of paper.
//!
//! Text is set in Type 3 fonts, whose glyphs are drawings: so one writer serves fonts and canvases,
//! and a map from glyphs to Unicode makes every script searchable.

mod block;
mod file;
mod fonts;
pub(crate) mod pages;
mod painter;

use std::collections::BTreeSet;
use std::io::Write;

use banyan_scene::Cutout;

use crate::glyphs::GlyphSource;
use crate::job::{ExportError, Job, Step, Subject};
use crate::photos::Album;
use crate::walk::Walk;

use self::file::{PdfFile, Ref};
use self::fonts::Fonts;
use self::pages::{Layout, Page};
use self::painter::PdfPainter;

/// Bytes of drawing that are kept before they are compressed and written.
const PART_BYTES: usize = 256 << 10;

/// What to make.
#[derive(Clone, Debug)]
pub struct PdfOrder {
    pub cutout: Cutout,
    /// Whole cards whatever their size: one can look closer.
    pub is_full: bool,
    pub layout: Layout,
    /// The document's name, which also stands at the foot of every sheet.
    pub title: String,
    /// What is told below the name in the title block, a line each: above the picture of one page (if
    /// there is a name), or on the cover of a poster.
    pub facts: Vec<String>,
}

impl PdfOrder {
    /// Points that the title block takes above the picture of one page; 0 on a poster, whose block
    /// stands on a cover.
    pub fn head_pt(&self) -> f64 {
        block::height(self)
    }
}

/// Makes one PDF.
pub struct PdfJob<G, W: Write> {
    order: PdfOrder,
    pages: Vec<Page>,
    file: PdfFile<W>,
    painter: PdfPainter<G>,
    fonts: Fonts,
    at: usize,
    /// The page at hand.
    open: Option<OpenPage>,
    /// The pages that are written.
    leaves: Vec<Ref>,
    tree: Ref,
}

struct OpenPage {
    walk: Walk,
    parts: Vec<Ref>,
}

impl<G: GlyphSource, W: Write> PdfJob<G, W> {
    pub fn new(
        order: PdfOrder,
        palette: banyan_scene::Palette,
        source: G,
        out: W,
    ) -> Result<Self, ExportError> {
        let pages = order.layout.pages(&order.cutout, order.head_pt())?;
        let mut file = PdfFile::new(out)?;
        let tree = file.reserve();
        Ok(Self {
            order,
            pages,
            file,
            painter: PdfPainter::new(palette, source),
            fonts: Fonts::default(),
            at: 0,
            open: None,
            leaves: Vec::new(),
            tree,
        })
    }

    fn write_part(&mut self) -> Result<(), ExportError> {
        let part = self.file.reserve();
        self.file.stream(part, "", self.painter.body.as_bytes())?;
        self.painter.body.clear();
        if let Some(open) = &mut self.open {
            open.parts.push(part);
        }
        Ok(())
    }

    fn begin_page(&mut self, subject: &Subject<'_>, page: &Page) {
        self.painter.begin_page(page);
        block::draw(&mut self.painter, page, &self.order);
        self.painter.begin_picture(page, &self.order.layout);
        let walk = Walk::new(subject, page.part, self.order.is_full);
        self.open = Some(OpenPage { walk, parts: Vec::new() });
    }

    /// Writes the pictures that the file does not have yet.
    fn write_photos(&mut self, album: &Album) -> Result<(), ExportError> {
        for (number, photo) in album.drawn() {
            if !self.painter.photos.contains_key(&number) {
                let place = self.file.reserve();
                let side = photo.side();
                let entries = format!(
                    "/Type /XObject /Subtype /Image /Width {side} /Height {side} \
                     /ColorSpace /DeviceRGB /BitsPerComponent 8 /Interpolate true "
                );
                self.file.stream(place, &entries, photo.rgb())?;
                self.painter.photos.insert(number, place);
            }
        }
        Ok(())
    }

    fn end_page(&mut self, page: &Page) -> Result<(), ExportError> {
        self.painter.end_page(page, &self.order);
        self.write_part()?;
        let parts = self.open.take().map(|open| open.parts).unwrap_or_default();
        let fonts = self.fonts.resources(&self.painter.fonts_used, &mut self.file);
        let leaf = self.file.reserve();
        let parts: String = parts.iter().map(|part| format!("{part} ")).collect();
        let unit = page.user_unit;
        let (width, height) = (page.sheet.width_pt / unit, page.sheet.height_pt / unit);
        let unit = if unit > 1.0 { format!(" /UserUnit {unit}") } else { String::new() };
        self.file.object(
            leaf,
            &format!(
                "<< /Type /Page /Parent {} /MediaBox [0 0 {width} {height}]{unit} \
             /Group << /S /Transparency /CS /DeviceRGB >> \
             /Resources << /ExtGState << {} >> /XObject << {} >> /Font << {fonts} >> >> \
             /Contents [{parts}] >>",
                self.tree,
                self.painter.states(),
                self.painter.pictures(),
            ),
        )?;
        self.leaves.push(leaf);
        self.painter.forget_page();
        self.at += 1;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), ExportError> {
        let kids: String = self.leaves.iter().map(|leaf| format!("{leaf} ")).collect();
        let count = self.leaves.len();
        self.file
            .object(self.tree, &format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>"))?;
        let catalog = self.file.reserve();
        self.file.object(
            catalog,
            &format!(
                "<< /Type /Catalog /Pages {} /ViewerPreferences << /DisplayDocTitle true >> >>",
                self.tree,
            ),
        )?;
        let info = self.file.reserve();
        let title = file::text_string(&self.order.title);
        self.file.object(info, &format!("<< /Title {title} /Producer (Banyan) >>"))?;
        self.file.finish(catalog, info)?;
        Ok(())
    }
}

impl<G: GlyphSource, W: Write> Job for PdfJob<G, W> {
    fn photos(&self, subject: &Subject<'_>) -> BTreeSet<u32> {
        let walk = self.open.as_ref().map(|open| &open.walk);
        let mut photos = walk.map(|walk| walk.photos(subject)).unwrap_or_default();
        photos.retain(|photo| !self.painter.photos.contains_key(photo));
        photos
    }

    fn step(&mut self, subject: &Subject<'_>, album: &Album) -> Result<Step, ExportError> {
        self.write_photos(album)?;
        if let Some(page) = self.pages.get(self.at).copied() {
            let Some(open) = &mut self.open else {
                self.begin_page(subject, &page);
                return Ok(Step::More(self.at as f32 / self.pages.len() as f32 * 0.9));
            };
            let has_more = open.walk.step(subject, &mut self.painter);
            let share = (self.at as f32 + open.walk.share()) / self.pages.len() as f32;
            if !has_more {
                self.end_page(&page)?;
            } else if self.painter.body.len() >= PART_BYTES {
                self.write_part()?;
            }
            return Ok(Step::More(share * 0.9));
        }
        // Glyphs come last: by then it is known which are used.
        let (source, used) = self.painter.shapes();
        if self.fonts.write_some(used, source, &mut self.file)? {
            return Ok(Step::More(0.9 + 0.1 * self.fonts.share(used)));
        }
        self.finish()?;
        Ok(Step::Done)
    }
}
