//! The pictures on the cards of a file: decoded before the step that draws them, one by one.

use std::{
    cell::{Ref, RefCell},
    collections::BTreeSet,
    rc::Rc,
};

use banyan_export::{Album, Photo};
use banyan_scene::Rgba;
use banyan_view::View;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use crate::engine::{photos::decode, post::reason, with};

/// An album, and whether it is being filled.
#[derive(Default)]
pub(super) struct Photos(Rc<RefCell<Filling>>);

#[derive(Default)]
struct Filling {
    album: Album,
    is_under_way: bool,
}

impl Photos {
    pub(super) fn album(&self) -> Ref<'_, Album> {
        Ref::map(self.0.borrow(), |filling| &filling.album)
    }

    /// Whether pictures are being decoded; the engine is asked for a turn when they are.
    pub(super) fn is_under_way(&self) -> bool {
        self.0.borrow().is_under_way
    }

    /// Has those of the pictures decoded that are not in the album yet. `ground` is what shows through
    /// them.
    pub(super) fn want(&self, view: View, wanted: &BTreeSet<u32>, ground: Rgba) {
        let lacking = self.0.borrow_mut().album.lacking(wanted);
        if lacking.is_empty() {
            return;
        }
        self.0.borrow_mut().is_under_way = true;
        let filling = Rc::downgrade(&self.0);
        spawn_local(async move {
            for number in lacking {
                let file = with(|engine| {
                    let (world, photos) = engine.shown.get_mut(&view)?.family_photos()?;
                    photos.file(world, number)
                });
                let photo = match file.flatten() {
                    Some(file) => photo_of(&file, ground).await,
                    None => None,
                };
                // The export may have been left off meanwhile.
                let Some(filling) = filling.upgrade() else { return };
                filling.borrow_mut().album.put(number, photo);
            }
            if let Some(filling) = filling.upgrade() {
                filling.borrow_mut().is_under_way = false;
                with(super::Engine::go_on_exporting);
            }
        });
    }
}

async fn photo_of(file: &Blob, ground: Rgba) -> Option<Photo> {
    let pixels = async {
        let picture = decode(file).await?;
        let side = picture.width();
        let canvas = OffscreenCanvas::new(side, side)?;
        let context = canvas.get_context("2d")?.ok_or("no 2D context")?;
        let context: OffscreenCanvasRenderingContext2d = context.dyn_into()?;
        context.draw_image_with_image_bitmap(&picture, 0.0, 0.0)?;
        picture.close();
        let side_px = f64::from(side);
        let data = context.get_image_data(0.0, 0.0, side_px, side_px)?;
        Ok::<_, JsValue>(Photo::new(side, &data.data(), ground))
    };
    match pixels.await {
        Ok(photo) => photo,
        Err(error) => {
            log::warn!("a picture is not drawn: {}", reason(&error));
            None
        }
    }
}
