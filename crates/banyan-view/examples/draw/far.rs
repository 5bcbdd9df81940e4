//! A world from afar: boxes in their tints and the names of regions.

use std::fmt::Write as _;

use banyan_scene::{Font, Ink, LabelBook, Level, Palette, Scene, SvgPainter, ZoomStep};

/// The whole scene in a picture about `width` px wide.
pub(crate) fn far(scene: &Scene, palette: &Palette, width: f64) -> String {
    let bounds = scene.bounds;
    let step = ZoomStep::floor(width / f64::from(bounds.width.max(1)));
    let level = Level::new(step, 1.0);
    let scale = level.px_per_unit;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" font-family=\"sans-serif\">\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>",
        f64::from(bounds.width) * scale,
        f64::from(bounds.height) * scale,
        palette.css(Ink::Paper.into()),
    );
    for (rect, tint) in scene.boxes.iter().zip(&scene.tints) {
        let (x, y) = (f64::from(rect.x) * scale, f64::from(rect.y) * scale);
        let (w, h) = (f64::from(rect.width) * scale, f64::from(rect.height) * scale);
        let color = palette.css((*tint).at(0.5));
        let _ = write!(
            svg,
            "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{w:.2}\" height=\"{h:.2}\" fill=\"{color}\"/>"
        );
    }
    let mut book = LabelBook::default();
    for label in book.placed(scene, &level, &mut SvgPainter::new(palette)) {
        let Font { size_px, weight } = label.font;
        let text = label.text.replace('&', "&amp;").replace('<', "&lt;");
        let color = palette.css(Ink::Text.into());
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" font-size=\"{size_px}\" font-weight=\"{weight}\" fill=\"{color}\" \
             paint-order=\"stroke\" stroke=\"{}\" stroke-width=\"3\">{text}</text>",
            label.x,
            label.baseline,
            palette.css(Ink::Paper.into()),
        );
    }
    svg + "</svg>"
}
