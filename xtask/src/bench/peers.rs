//! What Banyan and its peers did with trees of some sizes, as it was measured.

use serde_json::{Value, json};

use super::row::shown;

/// One program with one tree; times in milliseconds, `None` where it could not be measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    pub(crate) peer: String,
    pub(crate) nodes: u64,
    /// Medians of the frames: panning at full size, panning with all in view, zooming.
    pub(crate) near: Option<f64>,
    pub(crate) fit: Option<f64>,
    pub(crate) zoom: Option<f64>,
    /// Until the first picture.
    pub(crate) load: Option<f64>,
    /// Bytes over those of an empty page.
    pub(crate) memory: Option<f64>,
    /// Why something is missing.
    pub(crate) fault: Option<String>,
}

impl Measured {
    /// `None` if it has no name or no size.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            peer: value["peer"].as_str()?.to_owned(),
            nodes: value["nodes"].as_u64()?,
            near: value["near"].as_f64(),
            fit: value["fit"].as_f64(),
            zoom: value["zoom"].as_f64(),
            load: value["load"].as_f64(),
            memory: value["memory"].as_f64(),
            fault: value["fault"].as_str().map(str::to_owned),
        })
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "peer": self.peer,
            "nodes": self.nodes,
            "near": self.near,
            "fit": self.fit,
            "zoom": self.zoom,
            "load": self.load,
            "memory": self.memory,
            "fault": self.fault,
        })
    }
}

/// All of it in Markdown, by size; nothing if nothing was measured.
pub(crate) fn table(measured: &[Measured]) -> String {
    if measured.is_empty() {
        return String::new();
    }
    let mut lines = vec![
        "| nodes | | pan near, ms | pan with all in view, ms | zoom, ms | load, ms | memory, MB | |"
            .to_owned(),
        "|--:|---|--:|--:|--:|--:|--:|---|".to_owned(),
    ];
    let mut by_size: Vec<&Measured> = measured.iter().collect();
    // Those of a size stay in their order.
    by_size.sort_by_key(|it| it.nodes);
    lines.extend(by_size.into_iter().map(|it| {
        let cell = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), shown);
        let cells = [
            it.nodes.to_string(),
            it.peer.clone(),
            cell(it.near),
            cell(it.fit),
            cell(it.zoom),
            cell(it.load.map(f64::round)),
            cell(it.memory.map(|bytes| (bytes / 1e6).round())),
            it.fault.as_ref().map_or_else(String::new, |fault| format!("failed: {fault}")),
        ];
        format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
    }));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(peer: &str, nodes: u64, near: Option<f64>, fault: Option<&str>) -> Measured {
        Measured {
            peer: peer.to_owned(),
            nodes,
            near,
            fit: Some(84.56),
            zoom: None,
            load: Some(1200.4),
            memory: Some(150e6),
            fault: fault.map(str::to_owned),
        }
    }

    #[test]
    fn figures_survive_json() {
        for it in [measured("a", 10, Some(0.5), None), measured("b", 20, None, Some("late"))] {
            assert_eq!(Measured::from_json(&it.to_json()), Some(it));
        }
        assert_eq!(Measured::from_json(&json!({"peer": "a"})), None);
    }

    #[test]
    fn the_table_goes_by_size_and_says_what_failed() {
        assert_eq!(table(&[]), "");
        let all =
            [measured("one", 10_000, None, Some("a | b")), measured("one", 1_000, Some(7.5), None)];
        let table = table(&all);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| 1000 | one | 7.500 | 84.56 | – | 1200 | 150 |  |",
                "| 10000 | one | – | 84.56 | – | 1200 | 150 | failed: a \\| b |",
            ]
        );
    }
}
