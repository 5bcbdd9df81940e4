//! The pictures on cards: taken out of the family's archive or found in a folder, and decoded one by one, aside from the
//! painting, when cards that show them are painted.

use std::{cell::RefCell, collections::BTreeSet};

use banyan_export::Photo;
use banyan_gedcom::{FolderPaths, Pictures, is_bomb};
use banyan_kin::Genealogy;
use banyan_scene::{Arrival, Card, CardSource, PhotoBook};
use banyan_view::{FamilyWorld, View};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, ImageBitmap, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use crate::engine::{
    kept,
    post::{now_millis, reason, scope},
    with,
};

/// Room for all cards that a window can show, at the smallest size with pictures.
const BUDGET_BYTES: usize = 8 << 20;
/// Larger files are not looked at: none is a portrait.
const MOST_FILE_BYTES: f64 = 32.0 * 1024.0 * 1024.0;
/// Within these a picture says how large it is; a JPEG may have a thumbnail and a profile before.
const HEAD_BYTES: i32 = 1 << 18;
/// Cards are drawn again this often while pictures come, not after each.
const PAUSE_MILLIS: f64 = 120.0;

/// Where the pictures of a family are: in its archive, in a folder that somebody gave, or both.
#[derive(Default)]
pub(super) struct Shelf {
    pub archive: Option<(Vec<u8>, Pictures)>,
    pub folder: Folder,
}

impl Shelf {
    fn has(&self, path: &str) -> bool {
        let is_packed = self.archive.as_ref().is_some_and(|(_, pictures)| pictures.has(path));
        is_packed || self.folder.index.find(path).is_some()
    }

    fn file(&self, path: &str) -> Option<Blob> {
        if let Some((archive, pictures)) = &self.archive
            && let Some(bytes) = pictures.bytes(archive, path)
        {
            let parts = Array::of1(&Uint8Array::from(bytes.as_ref()));
            return Blob::new_with_u8_array_sequence(&parts).ok();
        }
        let file = self.folder.files.get(self.folder.index.find(path)?)?;
        (file.size() <= MOST_FILE_BYTES).then(|| file.clone())
    }
}

/// Pictures that somebody gave, and where each was in its folder.
#[derive(Default)]
pub(super) struct Folder {
    paths: Vec<String>,
    files: Vec<Blob>,
    index: FolderPaths,
}

impl Folder {
    /// Of paths, and a list of files in the same order.
    pub fn new(paths: Vec<String>, files: Option<JsValue>) -> Self {
        let files = files.and_then(|files| files.dyn_into::<Array>().ok()).unwrap_or_default();
        let files = files.iter().filter_map(|file| file.dyn_into::<Blob>().ok()).collect();
        Self { index: FolderPaths::new(&paths), paths, files }
    }

    pub fn of(pictures: Vec<kept::Picture>) -> Self {
        let (paths, files): (Vec<String>, Vec<Blob>) = pictures.into_iter().unzip();
        Self { index: FolderPaths::new(&paths), paths, files }
    }

    /// With those of another, given later, before its own.
    pub fn with(mut self, mut later: Self) -> Self {
        later.paths.append(&mut self.paths);
        later.files.append(&mut self.files);
        later.index = FolderPaths::new(&later.paths);
        later
    }
}

/// The pictures of a family, and which of them are at hand.
pub(super) struct Photos {
    shelf: Shelf,
    /// Places in the folder of those that belong to somebody.
    used: BTreeSet<usize>,
    book: PhotoBook,
    is_loading: bool,
    /// Nodes to be drawn again, and when that was last done.
    due: Vec<u32>,
    drawn_millis: f64,
}

/// A card source that leaves pictures out until they have come.
pub(super) struct Asking<'a> {
    cards: &'a dyn CardSource,
    book: RefCell<&'a mut PhotoBook>,
}

impl CardSource for Asking<'_> {
    fn card(&self, node: u32, card: &mut Card) {
        self.cards.card(node, card);
        card.photo = card.photo.filter(|&photo| self.book.borrow_mut().show(photo, node));
    }
}

impl Photos {
    /// The pictures of those persons who have one on the shelf; the others lose theirs. Nothing where
    /// nobody has.
    pub fn of(shelf: Shelf, genealogy: &mut Genealogy) -> Option<Self> {
        let (mut has_any, mut used) = (false, BTreeSet::new());
        genealogy.keep_photos(|path| {
            let has = shelf.has(path);
            has_any |= has;
            used.extend(shelf.folder.index.find(path));
            has
        });
        has_any.then(|| Self {
            shelf,
            used,
            book: PhotoBook::new(BUDGET_BYTES),
            is_loading: false,
            due: Vec::new(),
            drawn_millis: 0.0,
        })
    }

    /// The same pictures for a family that was read anew: its texts have other numbers.
    pub fn of_family(self, genealogy: &mut Genealogy) -> Option<Self> {
        Self::of(self.shelf, genealogy)
    }

    /// The pictures of a folder that belong to somebody.
    pub fn given(&self) -> Vec<kept::Picture> {
        let Folder { paths, files, .. } = &self.shelf.folder;
        let given = self.used.iter().filter_map(|&at| Some((paths.get(at)?, files.get(at)?)));
        given.map(|(path, file)| (path.clone(), file.clone())).collect()
    }

    pub fn into_shelf(self) -> Shelf {
        self.shelf
    }

    pub fn begin_pass(&mut self) {
        self.book.begin_pass();
    }

    pub fn asking<'a>(&'a mut self, cards: &'a dyn CardSource) -> Asking<'a> {
        Asking { cards, book: RefCell::new(&mut self.book) }
    }

    /// Whether pictures wait and nobody fetches them yet; whoever hears yes does.
    pub fn begin(&mut self) -> bool {
        let begins = !self.is_loading && self.book.is_waiting();
        self.is_loading |= begins;
        begins
    }

    /// The next picture to decode, as it was given; `None` if that is all.
    fn next(&mut self, world: &FamilyWorld) -> Option<(u32, Blob)> {
        while let Some(photo) = self.book.take_next() {
            match self.file(world, photo) {
                Some(file) => return Some((photo, file)),
                None => _ = self.book.arrived(photo, None),
            }
        }
        self.is_loading = false;
        None
    }

    /// A picture as it was given.
    pub fn file(&self, world: &FamilyWorld, photo: u32) -> Option<Blob> {
        self.shelf.file(world.photo_path(photo))
    }

    /// Takes what was decoded, and says what has to go for it.
    pub fn arrived(&mut self, photo: u32, picture: Option<&ImageBitmap>) -> Arrival {
        let bytes = picture.map(|picture| (picture.width() * picture.height() * 4) as usize);
        let arrival = self.book.arrived(photo, bytes);
        self.due.extend(&arrival.nodes);
        arrival
    }

    /// The nodes to draw again now: all that are due, at the end or after a pause.
    pub fn take_due(&mut self) -> Vec<u32> {
        let now = now_millis();
        if self.is_loading && now - self.drawn_millis < PAUSE_MILLIS {
            return Vec::new();
        }
        self.drawn_millis = now;
        std::mem::take(&mut self.due)
    }
}

/// The pictures that are kept for a family that is opened again.
pub(super) async fn recall(name: &str, digest: &str) -> Option<Folder> {
    let pictures = kept::recall_pictures(name, digest).await;
    let pictures = pictures.unwrap_or_else(|error| {
        log::warn!("no pictures of before: {}", reason(&error));
        Vec::new()
    });
    (!pictures.is_empty()).then(|| Folder::of(pictures))
}

/// Decodes what the cards of a view ask for, one picture after the other, until nothing waits.
pub(super) fn load(view: View) {
    spawn_local(async move {
        loop {
            let next = with(|engine| {
                let shown = engine.shown.get_mut(&view)?;
                let next = shown.family_photos().and_then(|(world, photos)| photos.next(world));
                shown.redraw_photos();
                next
            });
            let Some((photo, blob)) = next.flatten() else { return };
            let picture = decode(&blob).await;
            if let Err(error) = &picture {
                log::warn!("a picture is not shown: {}", reason(error));
            }
            with(|engine| {
                if let Some(shown) = engine.shown.get_mut(&view) {
                    shown.accept_photo(photo, picture.ok());
                }
            });
        }
    });
}

/// The middle of a picture as a square, no larger than cards show it.
pub(super) async fn decode(blob: &Blob) -> Result<ImageBitmap, JsValue> {
    let head = blob.slice_with_i32_and_i32(0, HEAD_BYTES)?;
    if is_bomb(&kept::read(&head, &mut |_| ()).await?) {
        return Err("it claims too many pixels".into());
    }
    let whole = JsFuture::from(scope().create_image_bitmap_with_blob(blob)?).await?;
    let whole: ImageBitmap = whole.dyn_into()?;
    let square = middle_of(&whole);
    // The whole may be a hundred times as large: not left to the collector.
    whole.close();
    square
}

fn middle_of(whole: &ImageBitmap) -> Result<ImageBitmap, JsValue> {
    let (width, height) = (whole.width(), whole.height());
    let from = width.min(height);
    let side = from.min(Photo::MOST_SIDE_PX);
    let canvas = OffscreenCanvas::new(side, side)?;
    let context = canvas.get_context("2d")?.ok_or("no 2D context")?;
    let context: OffscreenCanvasRenderingContext2d = context.dyn_into()?;
    js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    // Faces are in the upper half of a portrait.
    let (x, y) = (f64::from(width - from) / 2.0, f64::from(height - from) / 4.0);
    let (from, side) = (f64::from(from), f64::from(side));
    context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        whole, x, y, from, from, 0.0, 0.0, side, side,
    )?;
    canvas.transfer_to_image_bitmap()
}
