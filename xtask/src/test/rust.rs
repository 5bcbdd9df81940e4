//! The tests that cargo runs on this machine.

use anyhow::Result;

use super::tally::Tally;
use crate::process;

/// What property tests draw their cases from, unless the environment says otherwise: the same code passes
/// or fails every time.
const SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "1");

/// Unit and integration tests of all crates.
pub(crate) fn unit() -> Result<Tally> {
    let mut command = process::cargo();
    if process::succeeds(process::cargo().args(["nextest", "--version"])) {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
        command.args(["--status-level", "fail", "--final-status-level", "fail"]);
    } else {
        command.args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]);
        command.args(["--", "--quiet"]);
    }
    if std::env::var_os(SEED.0).is_none() {
        command.env(SEED.0, SEED.1);
    }
    let (has_passed, output) = process::tee(&mut command)?;
    Ok(Tally::of_run(has_passed, &output))
}

/// The examples in doc comments. A workspace may have none.
pub(crate) fn doc() -> Result<Tally> {
    let mut command = process::cargo();
    command.args(["test", "--workspace", "--doc", "--no-fail-fast", "--", "--quiet"]);
    let (has_passed, output) = process::tee(&mut command)?;
    let mut tally = Tally::of_run(has_passed, &output);
    if has_passed {
        tally.failed = 0;
    }
    Ok(tally)
}
