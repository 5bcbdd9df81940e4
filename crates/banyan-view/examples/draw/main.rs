//! Draws a world as SVG: `cargo run -p banyan-view --example draw -- WHAT OUT.svg [dark] [x,y,w,h]`.
//!
//! WHAT is a GEDCOM file, `:connections[=N]` or `:keyspace[=N]` for made-up data. With a rectangle (in
//! world units) or `start` only that part is shown; `far` shows all of it from afar.

#![expect(clippy::print_stdout, reason = "a command line program")]

use std::{error::Error, fs, time::Instant};

use banyan_layout::geometry::Rect;
use banyan_scene::{Palette, Theme, svg_of};

use banyan_view::{ConnectionsWorld, FamilyWorld, GroupBy, KeyspaceWorld, Words, World};

mod far;

/// Of what is made up.
const SEED: u64 = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(what), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("draw WHAT OUT.svg [dark] [start | x,y,w,h]".into());
    };
    let rest: Vec<String> = arguments.collect();
    let theme = if rest.iter().any(|word| word == "dark") { Theme::Dark } else { Theme::Light };
    let world = world(&what)?;
    let part = rest.iter().find_map(|word| part(word, world.as_ref()));
    let css = include_str!("../../../../style/tokens.css");
    let palette = Palette::parse(css, theme)?;
    let picture = if rest.iter().any(|word| word == "far") {
        far::far(world.scene(), &palette, 1600.0)
    } else {
        let picture = svg_of(world.scene(), world.as_ref(), &palette, 1.0);
        match part {
            Some(part) => cut(&picture, world.scene().bounds, part),
            None => picture,
        }
    };
    fs::write(&out, picture)?;
    println!(
        "{} nodes, {:?}, start {:?}",
        world.scene().len(),
        world.scene().bounds,
        world.start()
    );
    Ok(())
}

fn world(what: &str) -> Result<Box<dyn World>, Box<dyn Error>> {
    let (kind, number) = what.split_once('=').unwrap_or((what, "60"));
    let words = Words::english();
    Ok(match kind {
        ":connections" => {
            let topology = banyan_generate::server(number.parse()?, SEED).topology().clone();
            Box::new(ConnectionsWorld::new(topology, "127.0.0.1:6379", GroupBy::Kind, words))
        }
        ":library" => {
            let topology = banyan_generate::server(number.parse()?, SEED).topology().clone();
            Box::new(ConnectionsWorld::new(topology, "127.0.0.1:6379", GroupBy::Library, words))
        }
        ":keyspace" => {
            let keys = number.parse()?;
            let keyspace = banyan_generate::keyspace(keys, keys as usize, SEED);
            Box::new(KeyspaceWorld::new(keyspace, words))
        }
        file => {
            let bytes = fs::read(file)?;
            let start = Instant::now();
            let mut document = banyan_gedcom::read(&bytes, &mut |_, _| ())?;
            println!("read after {:?}", start.elapsed());
            document.genealogy.keep_photos(|_| false);
            let mut stages =
                |stage, share| println!("{stage:?} {share:.1} after {:?}", start.elapsed());
            let world = FamilyWorld::new(document.genealogy, words, &mut stages);
            println!("ready after {:?}", start.elapsed());
            Box::new(world)
        }
    })
}

fn part(word: &str, world: &dyn World) -> Option<Rect> {
    if word == "start" {
        return Some(world.start());
    }
    let numbers: Vec<i32> = word.split(',').filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [x, y, width, height] => Some(Rect::new(x, y, width, height)),
        _ => None,
    }
}

/// What the SVG leaves free around the scene.
const MARGIN: i32 = 24;

/// The picture behind a window: an outer SVG with a view box.
fn cut(picture: &str, bounds: Rect, part: Rect) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"{} {} {} {}\">{picture}</svg>",
        part.width,
        part.height,
        part.x - bounds.x + MARGIN,
        part.y - bounds.y + MARGIN,
        part.width,
        part.height,
    )
}
