//! Draws a made-up scene of cards of all kinds, to be looked at:
//! `cargo run --example gallery -- FOLDER` writes `gallery-light.svg`, `gallery-dark.svg`, and the
//! same cards at every level of detail as `stages-light.svg` and `stages-dark.svg`.

use std::fs;
use std::io;
use std::path::PathBuf;

use banyan_layout::geometry::{Point, Rect};
use banyan_layout::routes::RouteKind;
use banyan_scene::{
    Badge, Card, CardSource, Cutout, Easel, Glyph, Ink, Landmark, Level, Meter, Palette, Scene,
    SceneParts, Shape, SvgPainter, Theme, TileKey, ZoomStep, paint_tile, svg_of,
};

const TOKENS: &str = include_str!("../../../style/tokens.css");

struct Gallery {
    cards: Vec<Card>,
}

impl CardSource for Gallery {
    fn card(&self, node: u32, card: &mut Card) {
        if let Some(known) = self.cards.get(node as usize) {
            card.clone_from(known);
        }
    }
}

#[derive(Default)]
struct Build {
    parts: SceneParts,
    cards: Vec<Card>,
}

impl Build {
    fn add(&mut self, rect: Rect, tint: Ink, shape: Shape, card: Card) -> u32 {
        self.parts.boxes.push(rect);
        self.parts.tints.push(tint);
        self.parts.shapes.push(shape);
        self.cards.push(card);
        self.cards.len() as u32 - 1
    }

    fn line(&mut self, kind: RouteKind, ink: Ink, ends: (u32, u32), points: &[(i32, i32)]) {
        let points: Vec<Point> = points.iter().map(|(x, y)| Point::new(*x, *y)).collect();
        self.parts.routes.push(kind, ends, &points);
        self.parts.route_inks.push(ink);
    }

    fn person(&mut self, x: i32, y: i32, sex: Ink, name: &str, dates: &str, note: &str) -> u32 {
        let card = Card {
            title: name.into(),
            subtitle: dates.into(),
            note: note.into(),
            band: Some(sex),
            ..Card::default()
        };
        self.add(Rect::new(x, y, 176, 56), sex, Shape::Card, card)
    }

    /// A couple side by side and its children below, all by their left edges.
    fn family(&mut self, couple: (u32, u32), children: &[u32]) {
        let boxes = &self.parts.boxes;
        let (left, right) = (boxes[couple.0 as usize], boxes[couple.1 as usize]);
        let middle = left.center().y;
        let x = (left.right() + right.x) / 2;
        let bus = left.bottom() + 28;
        let tops: Vec<(u32, i32, i32)> = children
            .iter()
            .map(|child| {
                let rect = boxes[*child as usize];
                (*child, rect.center().x, rect.y)
            })
            .collect();
        let ends = (left.right(), right.x);
        self.line(
            RouteKind::Couple,
            Ink::LineStrong,
            couple,
            &[(ends.0, middle), (ends.1, middle)],
        );
        for (child, child_x, top) in tops {
            let points = [(x, middle), (x, bus), (child_x, bus), (child_x, top)];
            self.line(RouteKind::Descent, Ink::Line, (couple.0, child), &points);
        }
    }

    fn family_scene(&mut self) {
        let jing = self.person(200, 0, Ink::Male, "贾政", "1682 – 1744", "第 3 代");
        let wang = self.person(388, 0, Ink::Female, "王夫人", "1686 – 1751", "");
        let zhu = self.person(0, 128, Ink::Male, "贾珠", "1704 – 1723", "第 4 代");
        let yuan = self.person(200, 128, Ink::Female, "贾元春", "1707 – 1748", "贵妃");
        let bao =
            self.person(400, 128, Ink::Male, "贾宝玉（通灵宝玉，怡红公子）", "1715 – ?", "第 4 代");
        let chai = self.person(588, 128, Ink::Female, "薛宝钗", "1713 –", "");
        self.family((jing, wang), &[zhu, yuan, bao]);
        self.line(RouteKind::Couple, Ink::LineStrong, (bao, chai), &[(576, 156), (588, 156)]);

        let albert = self.person(
            900,
            0,
            Ink::Male,
            "Prince Albert of Saxe-Coburg and Gotha",
            "26 Aug 1819 – 14 Dec 1861",
            "GEN 4",
        );
        let victoria =
            self.person(1088, 0, Ink::Female, "Victoria", "1819 – 1901 · Kensington", "GEN 4");
        let edward = self.person(800, 128, Ink::Male, "Edward VII", "1841 – 1910", "GEN 5");
        let alice = self.person(1000, 128, Ink::Female, "Alice", "1843 – 1878", "GEN 5");
        let hebrew = self.person(1200, 128, Ink::SexUnknown, "דוד המלך", "about 1040 BC", "");
        let emoji = self.person(1388, 128, Ink::Female, "Zoë 👩‍🚀 Ǻström", "living", "");
        self.family((albert, victoria), &[edward, alice, hebrew]);
        self.line(RouteKind::Cross, Ink::Cross, (chai, emoji), &[(764, 140), (1388, 140)]);
        if let Some(card) = self.cards.get_mut(emoji as usize) {
            card.is_muted = true;
        }
        self.parts.landmarks.push(Landmark {
            region: Rect::new(0, 0, 764, 184),
            weight: 9,
            text: "贾府".into(),
        });
        self.parts.landmarks.push(Landmark {
            region: Rect::new(800, 0, 764, 184),
            weight: 7,
            text: "Saxe-Coburg".into(),
        });
    }

    fn cache_scene(&mut self) {
        let root = Card {
            title: "127.0.0.1:6379".into(),
            subtitle: "Redis 8.2 · 37 clients".into(),
            note: "MASTER".into(),
            badge: Some(Badge { glyph: Glyph::Check, ink: Ink::Fine }),
            ..Card::default()
        };
        let root = self.add(Rect::new(0, 380, 220, 72), Ink::Accent, Shape::Root, root);
        let groups = ["redis-py 5.0", "blocked in BRPOP", "replicas"];
        for (i, name) in groups.into_iter().enumerate() {
            let y = 260 + 150 * i as i32;
            let card =
                Card { title: name.into(), figure: format!("{}", 12 - 5 * i), ..Card::default() };
            let header = self.add(Rect::new(290, y, 200, 36), Ink::Idle, Shape::Header, card);
            self.line(
                RouteKind::Descent,
                Ink::Line,
                (root, header),
                &[(220, 416), (255, 416), (255, y + 18), (290, y + 18)],
            );
            for column in 0..5 {
                let n = i * 5 + column;
                let (glyph, ink, state) = [
                    (Glyph::Bolt, Ink::Fine, "GET"),
                    (Glyph::Dot, Ink::Idle, "PING"),
                    (Glyph::Pause, Ink::Waiting, "BRPOP"),
                    (Glyph::Ear, Ink::Subscriber, "SUBSCRIBE"),
                    (Glyph::Cross, Ink::Dead, "BRPOP"),
                    (Glyph::Arrows, Ink::Replica, "REPLCONF"),
                    (Glyph::Layers, Ink::Fine, "MULTI"),
                    (Glyph::Eye, Ink::Subscriber, "MONITOR"),
                    (Glyph::Question, Ink::Idle, ""),
                    (Glyph::Star, Ink::Accent, "EVAL"),
                    (Glyph::Play, Ink::Fine, "XREAD"),
                ][n % 11];
                let card = Card {
                    title: format!("10.0.0.{}:5{:04}", 7 + n, 1234 * (n + 3) % 9999),
                    short: format!(":5{:04}", 1234 * (n + 3) % 9999),
                    subtitle: ["worker-3", "web", "idle 4 min", "queue:mail", "写入服务"][column]
                        .into(),
                    note: format!("DB {} {state}", n % 3),
                    badge: Some(Badge { glyph, ink }),
                    meters: vec![
                        Meter { share: 0.9 - 0.06 * n as f32, ink: Ink::Idle },
                        Meter { share: 0.04 * n as f32, ink },
                    ],
                    ..Card::default()
                };
                let x = 290 + 212 * column as i32;
                let shape = if n == 8 { Shape::Ghost } else { Shape::Card };
                self.add(Rect::new(x, y + 52, 200, 64), ink, shape, card);
            }
        }
        let types = [
            Ink::TypeString,
            Ink::TypeList,
            Ink::TypeSet,
            Ink::TypeSortedSet,
            Ink::TypeHash,
            Ink::TypeStream,
            Ink::TypeOther,
        ];
        for (i, name) in
            ["session:*", "queue:mail:*", "用户:时间线:*", "lock:*"].into_iter().enumerate()
        {
            let strip = types.iter().skip(i).map(|ink| (1.0 / (7 - i) as f32, *ink)).collect();
            let card = Card {
                title: name.into(),
                figure: ["1,204,311", "12", "88,120", "3"][i].into(),
                subtitle: ["412 MB", "about 9 kB", "31 MB", "240 B"][i].into(),
                note: ["TTL 98 %", "NO TTL", "TTL 40 %", "TTL 100 %"][i].into(),
                meters: vec![Meter { share: 0.8 / (i + 1) as f32, ink: Ink::Accent }],
                strip,
                ..Card::default()
            };
            self.add(Rect::new(1400, 312 + 84 * i as i32, 220, 64), types[i], Shape::Card, card);
        }
    }
}

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    let mut build = Build::default();
    build.family_scene();
    build.cache_scene();
    let scene = Scene::new(build.parts);
    let cards = Gallery { cards: build.cards };
    for (name, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
        let palette = Palette::parse(TOKENS, theme).map_err(io::Error::other)?;
        let svg = svg_of(&scene, &cards, &palette, 1.0);
        fs::write(folder.join(format!("gallery-{name}.svg")), svg)?;
        fs::write(folder.join(format!("stages-{name}.svg")), stages(&scene, &cards, &palette))?;
    }
    Ok(())
}

/// Tiles of several levels side by side.
fn stages(scene: &Scene, cards: &Gallery, palette: &Palette) -> String {
    let mut sheet = SvgPainter::new(palette);
    let level = Level::new(ZoomStep::ONE, 1.0);
    sheet.begin(&Cutout { level, x: 0, y: 0, width: 2080, height: 1040 }, 1.0);
    let steps = [-2, -4, -6, -8, -11, -14, -18, -22];
    for (i, step) in steps.into_iter().enumerate() {
        let mut painter = SvgPainter::new(palette);
        let key = TileKey { step, x: i32::from(i == 0), y: 0 };
        paint_tile(scene, cards, key, 1.0, &mut painter, &mut Easel::new(0));
        let (x, y) = (i % 4 * 520, i / 4 * 520);
        sheet.body += &format!("<svg x=\"{x}\" y=\"{y}\" width=\"512\" height=\"512\">");
        sheet.body += &painter.body;
        sheet.body += "</svg>\n";
    }
    sheet.end();
    sheet.body
}
