//! The pictures of cards that a job draws next, decoded and small.

use std::collections::{BTreeMap, BTreeSet};

use banyan_scene::Rgba;

/// What an album holds of pictures that the next step does not draw: a card on the edge of a strip is
/// drawn in the next one too.
const BUDGET_BYTES: usize = 8 << 20;

/// The square that a card shows of a picture: opaque, small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    side: u32,
    rgb: Vec<u8>,
}

impl Photo {
    /// A side in px: enough for a card at twice its size.
    pub const MOST_SIDE_PX: u32 = 96;

    /// Of RGBA px, laid on a ground where they are not opaque. `None` if they make no square, or one
    /// that is too large.
    pub fn new(side: u32, rgba: &[u8], ground: Rgba) -> Option<Self> {
        let is_square = rgba.len() as u64 == u64::from(side).pow(2) * 4;
        if !is_square || !(1..=Self::MOST_SIDE_PX).contains(&side) {
            return None;
        }
        let ground = [ground.red, ground.green, ground.blue].map(u32::from);
        let (px, _) = rgba.as_chunks::<4>();
        let laid = |&[red, green, blue, alpha]: &[u8; 4]| {
            let alpha = u32::from(alpha);
            let on = |ink: u8, ground: u32| {
                ((u32::from(ink) * alpha + ground * (255 - alpha) + 127) / 255) as u8
            };
            [on(red, ground[0]), on(green, ground[1]), on(blue, ground[2])]
        };
        Some(Self { side, rgb: px.iter().flat_map(laid).collect() })
    }

    /// Px a side.
    pub fn side(&self) -> u32 {
        self.side
    }

    /// Row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Row by row, every px opaque.
    pub fn rgba(&self) -> Vec<u8> {
        let (px, _) = self.rgb.as_chunks::<3>();
        px.iter().flat_map(|&[red, green, blue]| [red, green, blue, 255]).collect()
    }
}

/// Pictures by their numbers: those of the step at hand, and of the steps before as many as there is
/// room for.
#[derive(Clone, Debug, Default)]
pub struct Album {
    kept: BTreeMap<u32, Kept>,
    bytes: usize,
    /// Those that nobody can decode: their cards do without.
    missing: BTreeSet<u32>,
    step: u64,
}

#[derive(Clone, Debug)]
struct Kept {
    photo: Photo,
    last_step: u64,
}

impl Album {
    /// Another step begins, which draws these: returns those to be [`put`](Self::put) in first.
    pub fn lacking(&mut self, wanted: &BTreeSet<u32>) -> Vec<u32> {
        self.step += 1;
        let mut lacking = Vec::new();
        for &number in wanted.difference(&self.missing) {
            match self.kept.get_mut(&number) {
                Some(kept) => kept.last_step = self.step,
                None => lacking.push(number),
            }
        }
        lacking
    }

    /// A picture that was lacking; `None` if it cannot be decoded.
    pub fn put(&mut self, number: u32, photo: Option<Photo>) {
        let Some(photo) = photo else {
            self.missing.insert(number);
            return;
        };
        self.bytes += photo.rgb.len();
        let kept = Kept { photo, last_step: self.step };
        if let Some(before) = self.kept.insert(number, kept) {
            self.bytes -= before.photo.rgb.len();
        }
        while self.bytes > BUDGET_BYTES
            && let Some((&oldest, kept)) = self.kept.iter().min_by_key(|(_, kept)| kept.last_step)
            && kept.last_step < self.step
        {
            self.bytes -= kept.photo.rgb.len();
            self.kept.remove(&oldest);
        }
    }

    /// The pictures that the step at hand draws, in the order of their numbers.
    pub fn drawn(&self) -> impl Iterator<Item = (u32, &Photo)> {
        let drawn = self.kept.iter().filter(|(_, kept)| kept.last_step == self.step);
        drawn.map(|(&number, kept)| (number, &kept.photo))
    }

    /// Bytes of the pictures.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUND: Rgba = Rgba { red: 200, green: 100, blue: 0, alpha: 255 };

    fn photo(shade: u8) -> Photo {
        Photo::new(96, &[shade, shade, shade, 255].repeat(96 * 96), GROUND).expect("a square")
    }

    #[test]
    fn a_photo_is_a_small_square_on_its_ground() {
        let photo = Photo::new(1, &[0, 100, 255, 51], GROUND).expect("a square");
        assert_eq!(photo.rgb(), [160, 100, 51]);
        assert_eq!(photo.rgba(), [160, 100, 51, 255]);
        assert_eq!(Photo::new(2, &[0; 12], GROUND), None);
        assert_eq!(Photo::new(97, &[0; 97 * 97 * 4], GROUND), None);
        assert_eq!(Photo::new(0, &[], GROUND), None);
    }

    #[test]
    fn an_album_keeps_the_step_at_hand_and_some_of_those_before() {
        let mut album = Album::default();
        let photos: Vec<Photo> = (0..9).map(photo).collect();
        for step in 0..40u32 {
            let wanted: BTreeSet<u32> = (step * 50..step * 50 + 60).collect();
            for number in album.lacking(&wanted) {
                // Nobody asks again for what is there, or cannot be had.
                assert!(!album.kept.contains_key(&number));
                assert!(number != 7 || step == 0);
                album.put(number, (number != 7).then(|| photos[number as usize % 9].clone()));
            }
            let drawn = wanted.iter().copied().filter(|&number| number != 7);
            assert!(album.drawn().eq(drawn.map(|number| (number, &photos[number as usize % 9]))));
            assert!(album.bytes() <= BUDGET_BYTES, "{}", album.bytes());
        }
        assert!(!album.kept.contains_key(&0));
        let everything: BTreeSet<u32> = (5000..6000).collect();
        for number in album.lacking(&everything) {
            album.put(number, Some(photo(1)));
        }
        assert_eq!(album.drawn().count(), everything.len());
    }
}
