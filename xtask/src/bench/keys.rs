//! Figures of the keys of a cache: how fast they are walked, and what of them travels to a browser.

use anyhow::{Context, Result};
use serde_json::Value;

use super::row::Row;
use crate::process;

/// Banyan asks for type, time to live and size of each key; `--memkeys` for type and size.
const WALK_BAR: f64 = 1.3;

/// Memory of the bridge for all keys of a server of 10^7.
const TRIE_BAR_MB: f64 = 1500.0;
/// Seconds from the beginning of a walk to its first estimate.
const ESTIMATE_BAR: f64 = 2.0;

pub(crate) fn rows() -> Result<Vec<Row>> {
    let mut rows = rows_of_trie(&example("banyan-generate", "trie")?)?;
    rows.extend(walks()?);
    Ok(rows)
}

fn walks() -> Result<Vec<Row>> {
    let has = |name: &str| process::succeeds(process::program(name).arg("--version"));
    if !has("redis-server") || !has("redis-cli") {
        eprintln!("Redis is not on this machine: the walk of its keys is left out.");
        return Ok(Vec::new());
    }
    rows_of(&example("banyan-sources", "keyspace")?)
}

/// What an example prints that is asked for JSON.
fn example(package: &str, name: &str) -> Result<Value> {
    let arguments = ["run", "--release", "--package", package, "--example", name, "--", "--json"];
    let text = process::capture(process::cargo().args(arguments))?;
    serde_json::from_str(&text).with_context(|| format!("the example `{name}` printed no JSON"))
}

fn rows_of_trie(told: &Value) -> Result<Vec<Row>> {
    let of = |name: &str| {
        let value = told[name].as_f64().filter(|value| *value > 0.0);
        value.with_context(|| format!("the example `trie` does not tell {name}"))
    };
    Ok(vec![
        Row::at_most("10^7 keys in a trie: memory at most", of("most_mb")?, "MB", TRIE_BAR_MB),
        Row::information("10^7 keys put into a trie", of("seconds")?, "s"),
    ])
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
        Row::at_most("10^6 keys: first estimate, budget 5 %", of("estimate")?, "s", ESTIMATE_BAR),
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

    #[test]
    fn ten_million_keys_have_their_bar() {
        let check = |most: f64, is_ok: bool| {
            let rows = rows_of_trie(&json!({"most_mb": most, "seconds": 9.0})).unwrap();
            assert_eq!((rows[0].value, rows[0].ok), (Some(most), is_ok));
        };
        check(1500.0, true);
        check(1501.0, false);
        assert!(rows_of_trie(&json!({"most_mb": 0, "seconds": 1})).is_err());
    }
}
