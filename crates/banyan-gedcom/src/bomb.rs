//! Pictures that are small as files and huge when decoded, found by what their headers claim.
//!
//! Sizes after PNG (W3C, third edition), JPEG (ITU T.81), GIF89a, WebP (RFC 9649) and HEIF
//! (ISO 23008-12, for AVIF).

/// Px of a picture at most: more than cameras take, and 256 MiB when decoded.
const MOST_PX: u64 = 1 << 26;

/// Whether a picture claims more px than anybody should decode. What is no picture claims nothing:
/// its decoder says so.
pub fn is_bomb(picture: &[u8]) -> bool {
    size(picture).is_some_and(|(width, height)| u64::from(width) * u64::from(height) > MOST_PX)
}

/// The sides in px that a picture claims.
fn size(picture: &[u8]) -> Option<(u32, u32)> {
    match picture {
        [0x89, b'P', b'N', b'G', ..] => Some((be_u32(picture, 16)?, be_u32(picture, 20)?)),
        [0xFF, 0xD8, ..] => jpeg(picture),
        [b'G', b'I', b'F', b'8', ..] => Some((le_u16(picture, 6)?, le_u16(picture, 8)?)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(picture),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => heif(picture),
        _ => None,
    }
}

/// Of the first frame header; segments before it are passed over by their lengths.
fn jpeg(picture: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        match *picture.get(at..)?.first_chunk::<2>()? {
            // A filler, and markers that stand alone.
            [0xFF, 0xFF] => at += 1,
            [0xFF, 0x01 | 0xD0..=0xD8] => at += 2,
            [0xFF, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF] => {
                return Some((be_u16(picture, at + 7)?, be_u16(picture, at + 5)?));
            }
            [0xFF, _] => at += 2 + be_u16(picture, at + 2)? as usize,
            _ => return None,
        }
    }
}

fn webp(picture: &[u8]) -> Option<(u32, u32)> {
    match picture.get(12..16)? {
        b"VP8 " => Some((le_u16(picture, 26)? & 0x3FFF, le_u16(picture, 28)? & 0x3FFF)),
        b"VP8L" => {
            let bits = le_u16(picture, 21)? | (le_u16(picture, 23)? << 16);
            Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
        }
        b"VP8X" => {
            let side = |at: usize| {
                Some((le_u16(picture, at)? | (u32::from(*picture.get(at + 2)?) << 16)) + 1)
            };
            Some((side(24)?, side(27)?))
        }
        _ => None,
    }
}

/// The largest of the sizes in it: that of the whole, where it is made of tiles.
fn heif(picture: &[u8]) -> Option<(u32, u32)> {
    let claims = memchr::memmem::find_iter(picture, b"ispe");
    let sizes = claims.filter_map(|at| Some((be_u32(picture, at + 8)?, be_u32(picture, at + 12)?)));
    sizes.max_by_key(|&(width, height)| u64::from(width) * u64::from(height))
}

fn be_u16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?)))
}

fn le_u16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?)))
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(parts: &[&[u8]]) -> Vec<u8> {
        parts.concat()
    }

    #[test]
    fn every_format_says_its_size() {
        let png = bytes(&[b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &[0, 0, 0x75, 0x30, 0, 0, 0, 9]]);
        let jpeg = bytes(&[
            // An application's segment, a filler, then a progressive frame.
            &[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0xFF, 0xC0, 0xFF, 0xFF, 0xC2],
            &[0, 17, 8, 0, 9, 0x75, 0x30],
        ]);
        let gif = bytes(&[b"GIF89a", &[0x30, 0x75, 9, 0]]);
        let lossy = bytes(&[b"RIFF\0\0\0\0WEBPVP8 ", &[0; 10], &[0x20, 0x4E, 9, 0x40]]);
        // 19,999 and 8 in 14 bits each.
        let bits = (19_999_u32 - 16_384) | (8 << 14);
        let lossless = bytes(&[b"RIFF\0\0\0\0WEBPVP8L", &[0; 4], &[0x2F], &bits.to_le_bytes()]);
        let extended = bytes(&[b"RIFF\0\0\0\0WEBPVP8X", &[0; 8], &[0x2F, 0x75, 1, 8, 0, 0]]);
        let avif = bytes(&[
            b"\0\0\0\x1cftypavif....\0\0\0\x14ispe\0\0\0\0\0\0\0\x05\0\0\0\x05",
            b"\0\0\0\x14ispe\0\0\0\0\0\0\x75\x30\0\0\0\x09",
        ]);
        let check = |picture: &[u8], expect: (u32, u32)| {
            assert_eq!(size(picture), Some(expect));
            for end in 0..picture.len() {
                // Cut anywhere, it may say nothing, and harms nobody.
                let _ = size(&picture[..end]);
            }
        };
        check(&png, (30_000, 9));
        check(&jpeg, (30_000, 9));
        check(&gif, (30_000, 9));
        check(&lossy, (20_000 & 0x3FFF, 9));
        check(&lossless, (19_999 - 16_383, 9));
        check(&extended, (0x1_7530, 9));
        check(&avif, (30_000, 9));
        assert_eq!(size(b"BM"), None);
    }

    #[test]
    fn only_what_nobody_photographs_is_a_bomb() {
        let png = |side: u32| {
            let side = side.to_be_bytes();
            bytes(&[b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &side, &side])
        };
        assert!(is_bomb(&png(30_000)) && is_bomb(&png(u32::MAX)) && is_bomb(&png(8193)));
        assert!(!is_bomb(&png(8192)) && !is_bomb(b"text") && !is_bomb(b""));
    }
}
