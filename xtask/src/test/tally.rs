//! Counting what passed, from what each test runner prints.

use std::fmt;
use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Tally {
    /// A step that is one check.
    pub(crate) fn of_one(has_passed: bool) -> Self {
        Self { passed: u32::from(has_passed), failed: u32::from(!has_passed), skipped: 0 }
    }

    /// A step that could not be tried here.
    pub(crate) fn skipped() -> Self {
        Self { skipped: 1, ..Self::default() }
    }

    /// What a runner's output says, corrected by how the runner ended: a run that failed without
    /// a failed test, or that ran no test, counts as one failure.
    pub(crate) fn of_run(has_passed: bool, output: &str) -> Self {
        let mut tally = Self::parse(output);
        let has_run = tally.passed + tally.failed > 0;
        if tally.failed == 0 && (!has_passed || !has_run) {
            tally.failed = 1;
        }
        tally
    }

    /// Sums the closing lines of cargo test, nextest, the runner of wasm-bindgen, and Playwright.
    fn parse(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines() {
            let line = without_colour(line);
            // Nextest shows what a failed test printed, its closing line too, moved in.
            let is_cargo = line.starts_with("test result: ");
            let line = line.trim();
            if is_cargo || line.starts_with("Summary [") {
                for part in line.split([',', ';', ':', '.']) {
                    tally.count(part);
                }
            } else {
                // Playwright gives each number a line: `12 passed (3.4s)`.
                let alone = line.split(" (").next().unwrap_or_default();
                tally.count(alone);
            }
        }
        tally
    }

    /// Adds `7 passed` and the like; any other text is no count.
    fn count(&mut self, text: &str) {
        let mut words = text.split_whitespace();
        let (Some(number), Some(word)) = (words.next(), words.next()) else { return };
        let Ok(number) = number.parse::<u32>() else { return };
        // Nextest adds remarks: `7 passed (2 slow)`.
        if words.next().is_some_and(|rest| !rest.starts_with('(')) {
            return;
        }
        match word {
            // A test that passed at the second try has passed.
            "passed" | "flaky" => self.passed += number,
            "failed" | "interrupted" => self.failed += number,
            "skipped" | "ignored" => self.skipped += number,
            _ => {}
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// The text without the escape sequences that colour it (ECMA-48 CSI).
fn without_colour(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter != '\u{1b}' {
            plain.push(letter);
        } else if rest.next() == Some('[') {
            rest.by_ref().find(|letter| ('@'..='~').contains(letter));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_closing_lines_of_each_runner() {
        let check = |output: &str, passed, failed, skipped| {
            assert_eq!(Tally::parse(output), Tally { passed, failed, skipped }, "{output}");
        };
        check(
            "    test result: FAILED. 0 passed; 1 failed; 0 ignored\n     \
             Summary [   1.2s] 9 tests run: 8 passed, 1 failed",
            8,
            1,
            0,
        );
        check(
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.20s",
            7,
            3,
            1,
        );
        check("     Summary [   1.014s] 12 tests run: 12 passed, 0 skipped", 12, 0, 0);
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [   9.1s] \u{1b}[1m12\u{1b}[0m tests run: \
             \u{1b}[1m10\u{1b}[0m passed (1 slow), \u{1b}[1m2\u{1b}[0m failed, 4 skipped",
            10,
            2,
            4,
        );
        check(
            "  1 failed\n    [chromium] › a.spec.ts:3:1 › opens 2 files\n  1 flaky\n  7 passed (21.3s)",
            8,
            1,
            0,
        );
        check("  2 skipped\n  3 passed (1.1m)", 3, 0, 2);
        check("10 passed tests were seen before\nerror: 3 failed to link", 0, 0, 0);
    }

    #[test]
    fn a_run_without_tests_or_with_a_bad_end_has_failed() {
        let check = |has_passed, output, expect| {
            assert_eq!(Tally::of_run(has_passed, output).failed, expect, "{output}");
        };
        check(true, "", 1);
        check(false, "error: could not compile", 1);
        check(false, "test result: ok. 5 passed; 0 failed", 1);
        check(false, "test result: FAILED. 5 passed; 2 failed", 2);
        check(true, "test result: ok. 5 passed; 0 failed", 0);
    }
}
