//! One figure.

use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// `None` if it could not be measured.
    pub(crate) value: Option<f64>,
    pub(crate) unit: String,
    /// What is to be reached; `None` for information.
    pub(crate) bar: Option<f64>,
    pub(crate) ok: bool,
}

impl Row {
    pub(crate) fn at_most(name: &str, value: f64, unit: &str, bar: f64) -> Self {
        Self { bar: Some(bar), ok: value <= bar, ..Self::information(name, value, unit) }
    }

    pub(crate) fn at_least(name: &str, value: f64, unit: &str, bar: f64) -> Self {
        Self { bar: Some(bar), ok: value >= bar, ..Self::information(name, value, unit) }
    }

    pub(crate) fn information(name: &str, value: f64, unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: Some(value),
            unit: unit.to_owned(),
            bar: None,
            ok: true,
        }
    }

    /// In a word; none for information.
    pub(crate) fn verdict(&self) -> &'static str {
        match (self.ok, self.bar) {
            (false, _) => "MISSED",
            (true, Some(_)) => "ok",
            (true, None) => "",
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "bar": self.bar,
            "ok": self.ok,
        })
    }

    /// `None` if a field is missing or of another type.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            name: value["name"].as_str()?.to_owned(),
            value: value["value"].as_f64(),
            unit: value["unit"].as_str()?.to_owned(),
            bar: value["bar"].as_f64(),
            ok: value["ok"].as_bool()?,
        })
    }
}

/// The rows as columns: name, value with unit, bar, verdict.
pub(crate) fn table(rows: &[Row]) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), shown);
    let lines: Vec<[String; 4]> = rows
        .iter()
        .map(|row| {
            let value = format!("{} {}", number(row.value), row.unit);
            let bar = row.bar.map_or_else(String::new, shown);
            [row.name.clone(), value.trim_end().to_owned(), bar, row.verdict().to_owned()]
        })
        .collect();
    let head = ["figure", "value", "bar", ""].map(str::to_owned);
    let width = |column: usize| {
        let texts = lines.iter().chain([&head]).filter_map(|line| line.get(column));
        texts.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let (first, second, third) = (width(0), width(1), width(2));
    let print = |[name, value, bar, verdict]: &[String; 4]| {
        let line = format!("{name:<first$}  {value:>second$}  {bar:>third$}  {verdict}");
        format!("{}\n", line.trim_end())
    };
    std::iter::once(&head).chain(&lines).map(print).collect()
}

/// Four digits are what such a figure is good for.
pub(crate) fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 100.0 => format!("{value:.1}"),
        size if size >= 10.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_survives_json() {
        for row in [Row::at_most("a", 0.5, "ms", 4.0), Row::information("b", 3.0, "")] {
            assert_eq!(Row::from_json(&row.to_json()), Some(row));
        }
        assert_eq!(Row::from_json(&json!({"name": "a"})), None);
    }

    #[test]
    fn the_table_has_a_line_for_each_row() {
        let missed = Row::at_most("slow", 12.345, "ms", 4.0);
        let table = table(&[Row::information("persons", 3010.0, ""), missed]);
        assert_eq!(
            table,
            "figure      value  bar\n\
             persons      3010\n\
             slow     12.35 ms    4  MISSED\n"
        );
    }
}
