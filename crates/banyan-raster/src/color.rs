//! Colours as the raster takes them.

use banyan_scene::Rgba;
use tiny_skia::{Color, Paint, PremultipliedColorU8};

pub(crate) fn paint(color: Rgba) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(Color::from_rgba8(color.red, color.green, color.blue, color.alpha));
    paint
}

/// Each channel times the alpha.
pub(crate) fn premultiplied(rgba: [u8; 4], alpha: u8) -> PremultipliedColorU8 {
    let [red, green, blue, own] = rgba;
    let times = |a: u8, b: u8| ((u32::from(a) * u32::from(b) + 127) / 255) as u8;
    let alpha = times(own, alpha);
    let [red, green, blue] = [red, green, blue].map(|channel| times(channel, alpha));
    // No channel is above the alpha, so there is such a colour.
    PremultipliedColorU8::from_rgba(red, green, blue, alpha)
        .unwrap_or(PremultipliedColorU8::TRANSPARENT)
}
