//! The state that the address bar holds, so that a reload or a link shows the same thing again.
//!
//! `#/family?doc=sample:honglou&at=120,-40,8&sel=I12`
//!
//! ```abnf
//! route  = "#/" view [ "?" pair *( "&" pair ) ]
//! view   = "family" / "connections" / "keyspace" / "lab"
//! pair   = "doc=" text / "show=" text / "target=" text / "sel=" text / "rel=" text /
//!          "colour=" text / "at=" int "," int "," int
//! text   = *( unreserved / "%" 2HEXDIG )         ; RFC 3986
//! ```
//!
//! `show` is the chart of a family: see [`Chart`]; `colour` is what its colours say: see [`Colouring`]. `at` is the camera: its centre in world units and its
//! zoom step. Unknown pairs are ignored.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::family::{Chart, Colouring};

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum View {
    #[default]
    Family,
    Connections,
    Keyspace,
    /// Made-up scenes, and experiments on them.
    Lab,
}

impl View {
    pub const ALL: [Self; 4] = [Self::Family, Self::Connections, Self::Keyspace, Self::Lab];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Connections => "connections",
            Self::Keyspace => "keyspace",
            Self::Lab => "lab",
        }
    }

    /// Whether its data comes from a bridge.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Connections | Self::Keyspace)
    }
}

/// The camera as an address holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CameraRoute {
    /// Centre in world units.
    pub x: i32,
    pub y: i32,
    /// Step of the zoom lattice.
    pub step: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    pub view: View,
    /// The family that is open: `sample:<name>`, or `kept:<digest>:<name>` for one kept by this browser
    /// (`file:<name>` is the latest of that name); in the lab what is made up: `tree:<nodes>:<seed>`.
    pub document: Option<String>,
    /// Who of the family is shown.
    pub chart: Chart,
    /// What the colours of the family say.
    pub colouring: Colouring,
    /// What of it is folded away or stands otherwise: see [`crate::Arrangement`].
    pub arrangement: Option<String>,
    /// How the table of the family is sorted, if it is open: see [`crate::TableOrder`].
    pub table: Option<String>,
    /// Target of the live views.
    pub target: Option<String>,
    /// Stable id of the selected node.
    pub selected: Option<String>,
    /// Stable id of the person to whom the selected one is related.
    pub related: Option<String>,
    pub camera: Option<CameraRoute>,
}

impl Route {
    /// Reads a fragment, with or without its `#`. What cannot be read is left at its default.
    pub fn parse(fragment: &str) -> Self {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let fragment = fragment.strip_prefix('/').unwrap_or(fragment);
        let (view, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let mut route = Self {
            view: View::ALL
                .into_iter()
                .find(|candidate| candidate.name() == view)
                .unwrap_or_default(),
            ..Self::default()
        };
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match key {
                "doc" => route.document = percent_decode(value),
                "show" => {
                    route.chart = percent_decode(value)
                        .and_then(|text| text.parse().ok())
                        .unwrap_or_default();
                }
                "colour" => route.colouring = value.parse().unwrap_or_default(),
                "with" => route.arrangement = percent_decode(value),
                "table" => route.table = percent_decode(value),
                "target" => route.target = percent_decode(value),
                "sel" => route.selected = percent_decode(value),
                "rel" => route.related = percent_decode(value),
                "at" => route.camera = parse_camera(value),
                _ => {}
            }
        }
        route
    }

    /// The fragment for this state, with its `#`.
    pub fn format(&self) -> String {
        let mut pairs: Vec<String> = Vec::new();
        let chart = (self.chart != Chart::Everyone).then(|| self.chart.to_string());
        let colouring =
            (self.colouring != Colouring::Sex).then(|| self.colouring.name().to_owned());
        let texts = [
            ("doc", &self.document),
            ("show", &chart),
            ("colour", &colouring),
            ("with", &self.arrangement),
            ("table", &self.table),
            ("target", &self.target),
            ("sel", &self.selected),
            ("rel", &self.related),
        ];
        for (key, value) in texts {
            if let Some(value) = value {
                pairs.push(format!("{key}={}", percent_encode(value)));
            }
        }
        if let Some(CameraRoute { x, y, step }) = self.camera {
            pairs.push(format!("at={x},{y},{step}"));
        }
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        format!("#/{}{query}", self.view.name())
    }
}

fn parse_camera(text: &str) -> Option<CameraRoute> {
    let mut numbers = text.split(',').map(str::parse::<i32>);
    let mut next = || numbers.next().and_then(Result::ok);
    Some(CameraRoute { x: next()?, y: next()?, step: next()?.clamp(-200, 64) })
}

fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b':'
            | b'/'
            | b'@'
            | b'+' => {
                out.push(char::from(byte));
            }
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// `None` if the escapes are broken or the bytes are not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' {
            let [high, low, tail @ ..] = rest else { return None };
            let digit = |byte: u8| char::from(byte).to_digit(16);
            bytes.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
            rest = tail;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::{Part, Reach};

    fn check(fragment: &str, route: &Route) {
        assert_eq!(&Route::parse(fragment), route, "{fragment}");
    }

    #[test]
    fn reads_what_people_and_links_give() {
        check("", &Route::default());
        check("#/nonsense?x", &Route::default());
        check("#/keyspace", &Route { view: View::Keyspace, ..Route::default() });
        check(
            "#/family?doc=file:%E8%B4%BE.ged&at=1,-2,3&sel=I1&rel=I2&later=1",
            &Route {
                document: Some("file:贾.ged".into()),
                camera: Some(CameraRoute { x: 1, y: -2, step: 3 }),
                selected: Some("I1".into()),
                related: Some("I2".into()),
                ..Route::default()
            },
        );
        let chart = "ancestors:#7:4".parse().unwrap();
        check("#/family?show=ancestors:%237:4", &Route { chart, ..Route::default() });
        check("#/family?show=nobody:I5", &Route::default());
        let colouring = Colouring::BirthPlace;
        check("#/family?colour=place", &Route { colouring, ..Route::default() });
        check("#/family?colour=hair", &Route::default());
        let arrangement = Some("d.#7~birth".to_owned());
        check("#/family?with=d.%237~birth", &Route { arrangement, ..Route::default() });
        check("#/family?at=1,2&sel=%zz", &Route::default());
        check("#/family?sel=%E8", &Route::default());
    }

    proptest::proptest! {
        #[test]
        fn what_is_formatted_is_read_back(
            view in 0..3usize, document: Option<String>, table: Option<String>, target: Option<String>,
            selected: Option<String>, related: Option<String>, camera: Option<(i32, i32)>,
            step in -200..64i32, of in ".+", up: u32, down: u32, colouring in 0..Colouring::ALL.len(),
            arrangement: Option<String>,
        ) {
            let chart = Chart::Part { kind: Part::Hourglass, of, most: Some(Reach { up, down }) };
            let route = Route {
                view: View::ALL[view],
                colouring: Colouring::ALL[colouring],
                document, chart, arrangement, table, target, selected, related,
                camera: camera.map(|(x, y)| CameraRoute { x, y, step }),
            };
            proptest::prop_assert_eq!(Route::parse(&route.format()), route);
        }

        #[test]
        fn any_fragment_is_read(fragment: String) {
            Route::parse(&fragment);
        }
    }
}
