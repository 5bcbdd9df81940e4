//! Pictures as text: every stage, every script.

use banyan_layout::geometry::Rect;
use banyan_scene::{
    Badge, Card, Easel, Glyph, Ink, Meter, RecordingPainter, Scene, SceneParts, Shape, TileKey,
    ZoomStep, paint_tile, svg_of,
};
use expect_test::{Expect, expect};

use crate::sample::{Always, one, palette};

fn person(title: &str) -> Card {
    Card {
        title: title.into(),
        subtitle: "1819 – 1901".into(),
        note: "GEN 4".into(),
        band: Some(Ink::Female),
        ..Card::default()
    }
}

/// The operations for one node of 176 x 56 units at (20, 20), the ground left out.
fn drawn(card: &Card, step: i32, shape: Shape) -> String {
    drawn_by(RecordingPainter::default(), card, step, shape)
}

fn drawn_by(mut painter: RecordingPainter, card: &Card, step: i32, shape: Shape) -> String {
    let scene = Scene::new(SceneParts {
        boxes: vec![Rect::new(20, 20, 176, 56)],
        tints: vec![Ink::Female],
        shapes: vec![shape],
        ..SceneParts::default()
    });
    let key = TileKey { step, x: 0, y: 0 };
    paint_tile(&scene, &Always(card.clone()), key, 1.0, &mut painter, &mut Easel::new(0));
    painter.ops.remove(0);
    painter.text()
}

fn check_stage(css_height: f64, expect: &Expect) {
    let step = ZoomStep::nearest(css_height / 56.0);
    expect.assert_eq(&drawn(&person("Victoria"), step.0, Shape::Card));
}

#[test]
fn full() {
    check_stage(
        56.0,
        &expect![[r#"
        round 20 21 176x56 r7 shade
        round 20.5 22.5 175x55 r7 shade/153
        round 20 20 176x56 r7 card
        edge 20 20 176x56 r7 w1 card-edge
        fill female M24 20.68C21.56 21.83 20 24.3 20 27L20 69C20 71.7 21.56 74.17 24 75.32Z
        text 34 45 15/600 text Victoria
        text 34 61 12/400 text-muted 1819 – 1901
        text 154 61 10.8/500 text-faint GEN 4
    "#]],
    );
}

#[test]
fn card() {
    check_stage(
        36.0,
        &expect![[r#"
        round 13 14 114x36 r4.54 shade
        round 13.5 15.5 113x35 r4.54 shade/153
        round 13 13 114x36 r4.54 card
        edge 13 13 114x36 r4.54 w1 card-edge
        fill female M16 13.27C14.2 13.92 13 15.63 13 17.54L13 44.46C13 46.37 14.2 48.08 16 48.73Z
        text 22 29 10.5/600 text Victoria
        text 22 41 9/400 text-muted 1819 – 1901
    "#]],
    );
}

#[test]
fn plate() {
    check_stage(
        24.0,
        &expect![[r#"
            round 8 9 74x24 r2.94 shade
            round 8.5 10.5 73x23 r2.94 shade/71
            round 8 8 74x24 r2.94 card
            edge 8 8 74x24 r2.94 w1 card-edge
            fill female M10 8.16C8.8 8.56 8 9.68 8 10.94L8 29.06C8 30.32 8.8 31.44 10 31.84Z
            text 14 24 10.5/600 text Victoria
        "#]],
    );
}

#[test]
fn chip() {
    check_stage(
        14.0,
        &expect![[r#"
            round 5 6 44x14 r1.75 shade
            round 5 5 44x14 r1.75 card
            edge 5 5 44x14 r1.75 w1 card-edge
            fill female M6 5L7 5L7 19L6 19C5.45 19 5 18.55 5 18L5 6C5 5.45 5.45 5 6 5Z
            round 5 5 44x14 r1.75 female/20
            text 10 15 8.4/600 text Victoria
        "#]],
    );
}

#[test]
fn tinted_box() {
    check_stage(
        8.0,
        &expect![[r#"
            rect 3 3 26x8 card-edge/170
            rect 4 4 24x6 card
            rect 3 3 26x8 female/136
        "#]],
    );
}

#[test]
fn bar() {
    check_stage(
        4.0,
        &expect![[r#"
        rect 1 1 14x5 female/204
    "#]],
    );
}

/// The texts of a full card, and of a chip, for a title.
fn check_title(title: &str, expect: &Expect) {
    let mut texts = String::new();
    for step in [0, -16] {
        let ops = drawn(&person(title), step, Shape::Card);
        for op in ops.lines().filter(|op| op.starts_with("text")) {
            texts += &format!("{op}\n");
        }
    }
    expect.assert_eq(&texts);
}

#[test]
fn latin() {
    check_title(
        "Prince Albert of Saxe-Coburg and Gotha",
        &expect![[r#"
        text 34 45 15/600 text Prince Albert of S…
        text 34 61 12/400 text-muted 1819 – 1901
        text 154 61 10.8/500 text-faint GEN 4
        text 10 15 8.4/600 text Prince…
    "#]],
    );
}

#[test]
fn chinese() {
    check_title(
        "贾宝玉（通灵宝玉，怡红公子，绛洞花王）",
        &expect![[r#"
        text 34 45 15/600 text 贾宝玉（通灵宝玉，…
        text 34 61 12/400 text-muted 1819 – 1901
        text 154 61 10.8/500 text-faint GEN 4
        text 10 15 8.4/600 text 贾宝玉…
    "#]],
    );
}

#[test]
fn right_to_left() {
    check_title(
        "דוד בן ישי מלך ישראל ויהודה הגדול",
        &expect![[r#"
        text 34 45 15/600 text דוד בן ישי מלך י…
        text 34 61 12/400 text-muted 1819 – 1901
        text 154 61 10.8/500 text-faint GEN 4
        text 10 15 8.4/600 text דוד ב…
    "#]],
    );
}

#[test]
fn emoji() {
    check_title(
        "👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀",
        &expect![[r#"
        text 34 45 15/600 text 👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀…
        text 34 61 12/400 text-muted 1819 – 1901
        text 154 61 10.8/500 text-faint GEN 4
        text 10 15 8.4/600 text 👩‍🚀👩‍🚀…
    "#]],
    );
}

#[test]
fn combining_marks() {
    check_title(
        "Nguye\u{302}\u{303}n Va\u{306}n",
        &expect![[r#"
        text 34 45 15/600 text Nguyễn Văn
        text 34 61 12/400 text-muted 1819 – 1901
        text 154 61 10.8/500 text-faint GEN 4
        text 10 15 8.4/600 text Nguyễ…
    "#]],
    );
}

#[test]
fn hostile() {
    check_title(
        "\u{202e}<b>\x1b[31m\"&\u{0}",
        &expect![[r#"
        text 34 45 15/600 text �<b>␛[31m"&␀
        text 34 61 12/400 text-muted 1819 – 1901
        text 154 61 10.8/500 text-faint GEN 4
        text 10 15 8.4/600 text �<b>␛…
    "#]],
    );
}

#[test]
fn connection() {
    let card = Card {
        title: "10.0.0.7:51234".into(),
        figure: "3 s".into(),
        subtitle: "worker-3".into(),
        note: "DB 0 GET".into(),
        badge: Some(Badge { glyph: Glyph::Pause, ink: Ink::Waiting }),
        meters: vec![
            Meter { share: 0.5, ink: Ink::Idle },
            Meter { share: f32::NAN, ink: Ink::Fine },
        ],
        strip: vec![(0.25, Ink::TypeString), (0.75, Ink::TypeHash)],
        ..Card::default()
    };
    expect![[r#"
        round 20 21 176x56 r7 shade
        round 20.5 22.5 175x55 r7 shade/153
        round 20 20 176x56 r7 card
        edge 20 20 176x56 r7 w1 card-edge
        round 30 66 156x4 r2 card-edge/179
        fill type-string M32 66L69 66L69 70L32 70C30.9 70 30 69.1 30 68L30 68C30 66.9 30.9 66 32 66Z
        fill type-hash M69 66L184 66C185.1 66 186 66.9 186 68L186 68C186 69.1 185.1 70 184 70L69 70L69 66Z
        round 30 60 75x3 r1.5 card-edge/179
        round 30 60 38x3 r1.5 idle
        round 111 60 75x3 r1.5 card-edge/179
        circle 37 31 r7 waiting
        fill card M34.2 27.85L36.16 27.85L36.16 34.15L34.2 34.15ZM37.84 27.85L39.8 27.85L39.8 34.15L37.84 34.15Z
        text 166 36 13/500 text-muted 3 s
        text 50 36 15/600 text 10.0.0.7:51234
        text 50 52 12/400 text-muted worker-3
        text 135 52 10.8/500 text-faint DB 0 GET
    "#]].assert_eq(&drawn(&card, 0, Shape::Card));
}

/// A picture fades in and takes its room; a painter without it draws the card as if there were none.
#[test]
fn photo() {
    let card = Card { photo: Some(7), ..person("Victoria") };
    let mut all = String::new();
    for css_height in [56.0, 36.0, 32.0, 28.0] {
        let step = ZoomStep::nearest(css_height / 56.0);
        let painter = RecordingPainter { photos: true, ..RecordingPainter::default() };
        let ops = drawn_by(painter, &card, step.0, Shape::Card);
        let parts = ops.lines().filter(|op| op.starts_with("photo") || op.starts_with("text"));
        all += &format!("{css_height}\n{}\n", parts.collect::<Vec<_>>().join("\n"));
    }
    expect![[r#"
        56
        photo 29 25 46x46 r4 1 #7
        text 83 45 15/600 text Victoria
        text 83 61 12/400 text-muted 1819 – 1901
        36
        photo 19 16 30x30 r2.59 1 #7
        text 54 29 10.5/600 text Victoria
        text 54 41 9/400 text-muted 1819 – 1901
        32
        photo 17 15 27x27 r2.38 0.55 #7
        text 36 26 10.5/600 text Victoria
        text 36 38 8.91/400 text-muted 1819 – 1901
        28
        text 17 27 10.5/600 text Victoria
    "#]]
    .assert_eq(&all);
    assert_eq!(drawn(&card, 0, Shape::Card), drawn(&person("Victoria"), 0, Shape::Card));
}

#[test]
fn shapes() {
    let card = Card { title: "redis".into(), ..Card::default() };
    let mut all = String::new();
    for shape in [Shape::Header, Shape::Root, Shape::Ghost] {
        all += &format!("{shape:?}\n{}", drawn(&card, 0, shape));
    }
    let muted = Card { is_muted: true, ..card };
    all += &format!("muted\n{}", drawn(&muted, 0, Shape::Card));
    expect![[r#"
        Header
        round 20 21 176x56 r7 shade
        round 20.5 22.5 175x55 r7 shade/153
        round 20 20 176x56 r7 card-muted
        edge 20 20 176x56 r7 w1 card-edge
        text 30 53 15/600 text redis
        Root
        round 20 21 176x56 r7 shade
        round 20.5 22.5 175x55 r7 shade/153
        round 20 20 176x56 r7 accent-soft
        edge 20 20 176x56 r7 w2 accent
        text 30 53 15/600 text redis
        Ghost
        round 20 20 176x56 r7 paper
        dashes w1 d4 idle M27.5 20.5L188.5 20.5C192.37 20.5 195.5 23.63 195.5 27.5L195.5 68.5C195.5 72.37 192.37 75.5 188.5 75.5L27.5 75.5C23.63 75.5 20.5 72.37 20.5 68.5L20.5 27.5C20.5 23.63 23.63 20.5 27.5 20.5Z
        text 30 53 15/500 text-muted redis
        muted
        round 20 20 176x56 r7 card-muted
        edge 20 20 176x56 r7 w1 card-edge
        text 30 53 15/500 text-muted redis
    "#]].assert_eq(&all);
}

#[test]
fn svg() {
    let scene = one(Rect::new(0, 0, 176, 56), Ink::Male);
    let svg = svg_of(&scene, &Always(person("<Ann & \"Bob\"> 贾")), &palette(), 2.0);
    expect![[r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="448" height="208" viewBox="0 0 224 104" font-family="system-ui, Noto Sans, Noto Sans CJK SC, sans-serif">
        <rect width="224" height="104" fill="#f7f6f1"/>
        <rect x="24" y="25" width="176" height="56" rx="7" fill="#44382929"/>
        <rect x="24.5" y="26.5" width="175" height="55" rx="7" fill="#44382919"/>
        <rect x="24" y="24" width="176" height="56" rx="7" fill="#fefefc"/>
        <rect x="24.5" y="24.5" width="175" height="55" rx="6.5" fill="none" stroke="#d4d0c8" stroke-width="1"/>
        <path d="M28 24.68C25.56 25.83 24 28.3 24 31L24 73C24 75.7 25.56 78.17 28 79.32Z" fill="#c35775"/>
        <text x="38" y="49" font-size="15" font-weight="600" fill="#28231c">&lt;Ann &amp; &quot;Bob&quot;&gt; 贾</text>
        <text x="38" y="65" font-size="12" font-weight="400" fill="#5d5750">1819 – 1901</text>
        <text x="190" y="65" text-anchor="end" font-size="10.8" font-weight="500" fill="#6a655f">GEN 4</text>
        </svg>
    "##]].assert_eq(&svg);
}
