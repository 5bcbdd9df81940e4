//! Figures of the keys of a cache: how fast they are walked, and what of them travels to a browser.

use anyhow::{Context, Result};
use serde_json::Value;

use super::row::Row;
use crate::process;

/// Banyan asks for type, time to live and size of each key; `--memkeys` for type and size.
const WALK_BAR: f64 = 1.3;

pub(crate) fn rows() -> Result<Vec<Row>> {
    let has = |name: &str| process::succeeds(process::program(name).arg("--version"));
    if !has("redis-server") || !has("redis-cli") {
        eprintln!("Redis is not on this machine: the walk of its keys is left out.");
        return Ok(Vec::new());
    }
    let text = process::capture(process::cargo().args([
        "run",
        "--release",
        "--package",
        "banyan-sources",
        "--example",
        "keyspace",
        "--",
        "--json",
    ]))?;
    rows_of(&serde_json::from_str(&text).context("the example `keyspace` printed no JSON")?)
}

/// `seconds` has those of each walk.
fn rows_of(seconds: &Value) -> Result<Vec<Row>> {
    let of = |walk: &str| {
        let value = seconds[walk].as_f64().filter(|seconds| *seconds > 0.0);
        value.with_context(|| format!("the example `keyspace` does not tell {walk}"))
    };
    let (walk, memkeys, bigkeys) = (of("walk")?, of("memkeys")?, of("bigkeys")?);
    Ok(vec![
        Row::at_most(
            "10^6 keys walked: Banyan : redis-cli --memkeys",
            walk / memkeys,
            ": 1",
            WALK_BAR,
        ),
        Row::information("10^6 keys walked: Banyan : redis-cli --bigkeys", walk / bigkeys, ": 1"),
        Row::information("10^6 keys walked: Banyan", walk, "s"),
        Row::information("10^6 keys: first estimate, budget 5 %", of("estimate")?, "s"),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_walk_is_held_against_redis_cli() {
        let check = |walk: f64, is_ok: bool| {
            let seconds = json!({"walk": walk, "memkeys": 2.0, "bigkeys": 1.0, "estimate": 0.5});
            let rows = rows_of(&seconds).unwrap();
            assert_eq!((rows[0].value, rows[0].ok), (Some(walk / 2.0), is_ok));
        };
        check(2.5, true);
        check(2.7, false);
        assert!(rows_of(&json!({"walk": 1.0})).is_err());
    }
}
