//! What figures are measured on. What a machine does not tell is left out.

use std::fs;

use crate::process;

#[derive(Default)]
pub(crate) struct Machine {
    pub(crate) processor: Option<String>,
    pub(crate) cores: Option<usize>,
    pub(crate) memory_bytes: Option<u64>,
    /// Of today, in UTC: `2026-11-22`.
    pub(crate) date: Option<String>,
}

impl Machine {
    /// The machine that this runs on.
    pub(crate) fn this() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let date = process::capture(process::program("date").args(["-u", "+%F"])).ok();
        Self {
            processor: field(&read("/proc/cpuinfo"), "model name").map(str::to_owned),
            cores: std::thread::available_parallelism().ok().map(usize::from),
            memory_bytes: field(&read("/proc/meminfo"), "MemTotal").and_then(bytes),
            date: date.map(|date| date.trim().to_owned()),
        }
    }

    /// One line: `AMD EPYC, 2 cores, 24 GB`.
    pub(crate) fn shown(&self) -> String {
        let parts = [
            self.processor.clone(),
            self.cores.map(|cores| format!("{cores} cores")),
            self.memory_bytes.map(|bytes| format!("{:.0} GB", bytes as f64 / f64::from(1 << 30))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// The first value of a name in lines of `name : value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) =
        text.lines().find_map(|line| line.split_once(':').filter(|(key, _)| key.trim() == name))?;
    Some(value.trim())
}

/// Of `24684444 kB`.
fn bytes(value: &str) -> Option<u64> {
    value.strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_by_its_name() {
        let text = "processor\t: 0\nmodel name\t: AMD EPYC\nmodel name\t: another\n";
        assert_eq!(field(text, "model name"), Some("AMD EPYC"));
        assert_eq!(field(text, "name"), None);
        assert_eq!(bytes("24684444 kB"), Some(24_684_444 * 1024));
        assert_eq!(bytes("24 MB"), None);
    }

    #[test]
    fn what_is_unknown_is_left_out() {
        let machine =
            Machine { cores: Some(2), memory_bytes: Some(25_276_870_656), ..Machine::default() };
        assert_eq!(machine.shown(), "2 cores, 24 GB");
    }
}
