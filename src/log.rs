//! The browser's console as a log.

use log::{Level, LevelFilter, Log, Metadata, Record};
use wasm_bindgen::JsValue;
use web_sys::console;

struct Console;

impl Log for Console {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Info
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = JsValue::from(format!("{}: {}", record.target(), record.args()));
        match record.level() {
            Level::Error => console::error_1(&line),
            Level::Warn => console::warn_1(&line),
            Level::Info | Level::Debug | Level::Trace => console::log_1(&line),
        }
    }

    fn flush(&self) {}
}

/// Sends `log`'s records to the console. Doing it twice is doing it once.
pub fn install() {
    // Fails when a logger is there already, and that is this one.
    let _ = log::set_logger(&Console);
    log::set_max_level(LevelFilter::Info);
}
