//! Numbers the texts of `locales/en.json`: a key that is not there does not compile, and no text is
//! part of the program.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

#[path = "src/app/shell/text/keys.rs"]
mod keys;

const FILE: &str = "locales/en.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FILE}");
    let file = fs::read_to_string(FILE)?;
    let mut code = String::new();
    let mut digest = keys::EMPTY;
    for (place, (key, _)) in file.lines().filter_map(keys::pair).enumerate() {
        writeln!(code, "pub const {key}: super::Text = super::Text({place});")?;
        digest = keys::digest(digest, key);
    }
    writeln!(code, "pub const DIGEST: u32 = {digest:#x};")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("texts.rs"), code)?;
    Ok(())
}
