//! The pictures on cards, decoded without a browser: JPEG, PNG, GIF, WebP.

use std::io::Cursor;

use banyan_export::Photo;
use banyan_scene::Rgba;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, metadata::Orientation};

/// What decoding a picture may take: 64 Mpx in four channels.
const MOST_BYTES: u64 = 256 << 20;

/// The middle of a picture as a square, laid on a ground where it is not opaque; `None` for bytes that
/// are no picture of a known format, and for one that is too large.
pub fn decode_photo(picture: &[u8], ground: Rgba) -> Option<Photo> {
    let mut whole = whole(picture).ok()?;
    let (width, height) = (whole.width(), whole.height());
    let from = width.min(height);
    let side = from.min(Photo::MOST_SIDE_PX);
    // Faces are in the upper half of a portrait.
    let middle = whole.crop((width - from) / 2, (height - from) / 4, from, from);
    drop(whole);
    let square = if side < from { middle.thumbnail_exact(side, side) } else { middle };
    Photo::new(side, square.to_rgba8().as_raw(), ground)
}

/// The picture, upright.
fn whole(picture: &[u8]) -> image::ImageResult<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(picture)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut whole = DynamicImage::from_decoder(decoder)?;
    whole.apply_orientation(orientation);
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, RgbaImage};

    const GROUND: Rgba = Rgba { red: 255, green: 255, blue: 255, alpha: 255 };

    /// A file of a picture whose left third is red, the middle green, the right blue.
    fn file(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture = RgbaImage::from_fn(width, height, |x, _| match x * 3 / width {
            0 => [255, 0, 0, 255].into(),
            1 => [0, 255, 0, 255].into(),
            _ => [0, 0, 255, 255].into(),
        });
        let mut file = Cursor::new(Vec::new());
        let picture = DynamicImage::from(picture);
        DynamicImage::from(picture.to_rgb8()).write_to(&mut file, format).expect("written");
        file.into_inner()
    }

    #[test]
    fn the_middle_is_a_square_of_every_format() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
            let photo = decode_photo(&file(format, 600, 150), GROUND).expect("a photo");
            assert_eq!(photo.side(), 96);
            let (px, _) = photo.rgb().as_chunks::<3>();
            let is_green = |px: &[u8; 3]| px[0] < 9 && px[1] > 246 && px[2] < 9;
            assert!(px.iter().all(is_green), "{format:?}");
        }
        let small = decode_photo(&file(ImageFormat::Png, 5, 7), GROUND).expect("a photo");
        assert_eq!(small.side(), 5);
    }

    #[test]
    fn a_turned_camera_took_an_upright_picture() {
        let plain = file(ImageFormat::Jpeg, 30, 90);
        // After the first marker, an Exif segment: the camera was held a quarter to the left (8).
        let tiff = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
        let mut turned = plain[..2].to_vec();
        turned.extend([0xFF, 0xE1, 0, tiff.len() as u8 + 2]);
        turned.extend(tiff);
        turned.extend(&plain[2..]);
        let photo = decode_photo(&turned, GROUND).expect("a photo");
        let (px, _) = photo.rgb().as_chunks::<3>();
        // What was on the right is on top.
        assert!(
            px[15][2] > 200 && px[29 * 30 + 15][0] > 200,
            "{:?} {:?}",
            px[15],
            px[29 * 30 + 15]
        );
    }

    #[test]
    fn what_is_no_picture_or_a_trap_is_none() {
        let mut png = file(ImageFormat::Png, 20, 20);
        assert_eq!(decode_photo(&png[..png.len() / 2], GROUND), None);
        assert_eq!(decode_photo(b"no picture at all", GROUND), None);
        // 65,535 px a side, with a checksum that fits: twelve gigabytes.
        png[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
        let mut checksum = flate2::Crc::new();
        checksum.update(&png[12..29]);
        png[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
        assert_eq!(decode_photo(&png, GROUND), None);
    }
}
