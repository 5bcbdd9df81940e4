//! PNG: the same pixels as one picture, in bounded memory.

use std::io::{self, Write};
use std::ops::ControlFlow;

use banyan_export::Job as _;
use banyan_export::{Album, ExportError, MOST_STRIP_BYTES, PngJob, Step, Subject, run};
use banyan_raster::RasterPainter;
use banyan_scene::{Cutout, Level};

use crate::sample::{Numbered, difference, finish, grid, painted, palette, typesetter};

fn painter() -> RasterPainter {
    RasterPainter::new(palette(), typesetter()).unwrap()
}

/// Decodes with another library than the one that writes.
fn decoded(file: &[u8]) -> (u32, u32, Vec<u8>, Option<u32>) {
    let mut reader = png::Decoder::new(io::Cursor::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
    let per_metre = reader.info().pixel_dims.map(|dims| dims.xppu);
    (info.width, info.height, pixels, per_metre)
}

fn check(scale: f64, columns: i32, rows: i32) {
    let scene = grid(columns, rows);
    let cutout = Cutout::of_region(scene.bounds.inflated(24), Level::of_scale(scale));
    let mut file = Vec::new();
    finish(&mut PngJob::new(cutout, 300.0, painter(), &mut file).unwrap(), &scene);
    let (width, height, pixels, per_metre) = decoded(&file);
    assert_eq!((width as i32, height as i32), (cutout.width, cutout.height));
    assert_eq!(per_metre, Some(11_811));
    let whole = painted(&scene, &Numbered, &cutout, &mut painter());
    let whole: Vec<u8> = whole.chunks_exact(4).flat_map(|px| px[..3].to_vec()).collect();
    // The raster rounds differently by a hair where a piece begins elsewhere.
    let (mean, _) = difference(&pixels, &whole);
    let far_off = pixels.iter().zip(&whole).filter(|(a, b)| a.abs_diff(**b) > 8).count();
    assert!(mean < 0.002 && far_off < pixels.len() / 10_000, "{mean}, {far_off} at {scale}");
}

#[test]
fn strips_make_the_same_picture_as_one_canvas() {
    // Two strips of three pieces; a raster of bars; cards larger than life.
    check(1.0, 12, 8);
    check(0.06, 240, 90);
    check(2.7, 5, 3);
}

/// Counts, and keeps nothing.
struct Sink(u64);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A poster of so many px; returns the bytes of the file.
fn poster(width: i32, height: i32) -> u64 {
    let scene = grid(width / 200, height / 100);
    let cutout = Cutout { level: Level::of_scale(1.0), x: 0, y: 0, width, height };
    let palette = palette();
    let subject = Subject { scene: &scene, cards: &Numbered, palette: &palette, footer: None };
    let mut sink = Sink(0);
    let mut job = PngJob::new(cutout, 96.0, painter(), &mut sink).unwrap();
    while let Step::More(_) = job.step(&subject, &Album::default()).unwrap() {
        let held = job.held_bytes();
        assert!(held <= MOST_STRIP_BYTES + 2 * (1024 * 512 * 4), "{held} bytes");
    }
    drop(job);
    sink.0
}

#[test]
fn a_wide_poster_is_made_in_bounded_memory() {
    assert!(poster(60_000, 250) > 10_000);
}

#[test]
#[ignore = "takes minutes: cargo test --release -p banyan-raster -- --ignored"]
fn a_poster_of_60_000_px_a_side_is_made_in_bounded_memory() {
    let bytes = poster(60_000, 60_000);
    assert!(bytes > 1 << 20, "{bytes}");
}

#[test]
fn a_job_can_be_left_off() {
    let scene = grid(12, 20);
    let palette = palette();
    let subject = Subject { scene: &scene, cards: &Numbered, palette: &palette, footer: None };
    let cutout = Cutout::of_region(scene.bounds, Level::of_scale(1.0));
    let mut file = Vec::new();
    let mut job = PngJob::new(cutout, 96.0, painter(), &mut file).unwrap();
    let mut told = 0;
    let is_whole = run(&mut job, &subject, None, &mut |_| {
        told += 1;
        if told == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(!is_whole.unwrap());
    assert_eq!(told, 3);
}

#[test]
fn a_full_disk_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let cutout = Cutout { level: Level::of_scale(1.0), x: 0, y: 0, width: 9, height: 9 };
    let job = PngJob::new(cutout, 96.0, painter(), Full);
    assert!(matches!(job.err(), Some(ExportError::Io(_))));
}
