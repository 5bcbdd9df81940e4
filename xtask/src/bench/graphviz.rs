//! Families beside Graphviz `dot`, couples on one rank, measured by the same code.

use anyhow::{Context, Result};
use serde_json::Value;

use super::row::Row;
use crate::{process, workspace};

const FILES: [&str; 8] = [
    "classic/Batak_Genealogy.ged",
    "classic/Queen.ged",
    "classic/kennedy.ged",
    "classic/pres2020.ged",
    "classic/royal92.ged",
    "classic/theographic_bible.ged",
    "encodings/willis-ascii.ged",
    "zh/honglou_utf8.ged",
];

/// Measures with their units that are to be no more than those of `dot`.
const MEASURES: [(&str, &str, &str); 3] = [
    ("crossings_per_link", "crossings per link", ""),
    ("mean_cross_link", "mean cross link", "cards"),
    ("area_ratio", "area : boxes", ": 1"),
];

pub(crate) fn rows() -> Result<Vec<Row>> {
    if !process::succeeds(process::program("dot").arg("-V")) {
        eprintln!("Graphviz is not on this machine: families beside dot are left out.");
        return Ok(Vec::new());
    }
    let folder = workspace::root().join("../shared/data/ged");
    let files: Vec<_> = FILES.iter().map(|file| folder.join(file)).collect();
    let there = files.iter().filter(|path| path.is_file());
    if there.clone().count() < files.len() {
        eprintln!("Some of the families that dot draws too are not on this machine.");
    }
    let mut command = process::cargo();
    command.args(["run", "--release", "--package", "banyan-layout", "--example", "beside_dot"]);
    let text = process::capture(command.arg("--").args(there))?;
    let all: Value =
        serde_json::from_str(&text).context("the example `beside_dot` printed no JSON")?;
    let all = all.as_array().context("the example `beside_dot` printed no list")?;
    all.iter().map(rows_of).collect::<Result<Vec<_>>>().map(|rows| rows.concat())
}

/// The rows of one file; `dot`'s figures are the bars.
fn rows_of(compared: &Value) -> Result<Vec<Row>> {
    let file = compared["file"].as_str().context("a family has no name")?;
    let figure = |of: &Value, measure: &str| {
        let value = of["quality"][measure].as_f64();
        value.with_context(|| format!("the example `beside_dot` does not tell {measure} of {file}"))
    };
    let (ours, dot) = (&compared["ours"], &compared["dot"]);
    if dot.is_null() {
        let fault = compared["fault"].as_str().unwrap_or("it does not say why");
        eprintln!("dot cannot draw {file}: {fault}");
    }
    let mut rows = Vec::new();
    for (measure, name, unit) in MEASURES {
        let (name, value) = (format!("{file}: {name}, the bar is dot's"), figure(ours, measure)?);
        rows.push(if dot.is_null() {
            Row::information(&format!("{name} (none)"), value, unit)
        } else {
            Row::at_most(&name, value, unit, figure(dot, measure)?)
        });
    }
    for (who, drawn) in [("Banyan", ours), ("dot", dot)].into_iter().filter(|it| !it.1.is_null()) {
        let links = drawn["cross_links"].as_f64().context("cross links are not told")?;
        let millis = drawn["millis"].as_f64().context("times are not told")?;
        rows.push(Row::information(&format!("{file}: cross links of {who}"), links, ""));
        rows.push(Row::information(&format!("{file}: laid out by {who}"), millis, "ms"));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_figures_of_dot_are_the_bars() {
        let drawn = |crossings: f64, area: f64| {
            let quality = json!({
                "crossings_per_link": crossings, "mean_cross_link": 2.0, "area_ratio": area,
            });
            json!({"quality": quality, "cross_links": 3, "millis": 1.5})
        };
        let family = json!({"file": "a.ged", "ours": drawn(0.5, 9.0), "dot": drawn(0.6, 8.0), "fault": null});
        let rows = rows_of(&family).unwrap();
        let verdicts: Vec<_> = rows.iter().map(|row| (row.value, row.bar, row.ok)).collect();
        assert_eq!(
            verdicts[..3],
            [
                (Some(0.5), Some(0.6), true),
                (Some(2.0), Some(2.0), true),
                (Some(9.0), Some(8.0), false)
            ]
        );
        let alone =
            json!({"file": "a.ged", "ours": drawn(0.5, 9.0), "dot": null, "fault": "too late"});
        assert!(rows_of(&alone).unwrap().iter().all(|row| row.bar.is_none()));
        assert!(rows_of(&json!({"file": "a.ged"})).is_err());
    }
}
