//! Colours are named in `style/tokens.css` and nowhere else, so that both themes stay whole.

use anyhow::Result;

use super::{Finding, SourceFile};

/// Files that may spell a colour, each with its reason.
const ALLOWED: [&str; 4] = [
    // Where the tokens are.
    "style/tokens.css",
    // Reads the tokens, so it knows their notation.
    "crates/banyan-scene/src/palette.rs",
    // Writes what it has read as hexadecimal numbers into pictures.
    "crates/banyan-scene/src/svg.rs",
    // This rule.
    "xtask/src/tidy/colours.rs",
];

pub(crate) fn literals(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let is_meant = |file: &&SourceFile| {
        ["css", "html", "rs"].contains(&file.ending())
            && !ALLOWED.contains(&file.path.as_str())
            && !["/tests/", "/examples/", "/benches/"].iter().any(|part| file.path.contains(part))
    };
    let faults = files.iter().filter(is_meant).flat_map(|file| {
        let is_rust = file.ending() == "rs";
        let mut is_test = false;
        file.each_line(|line| {
            // Unit tests stand at the bottom of a file, and golden pictures have colours.
            is_test |= is_rust && line.trim() == "#[cfg(test)]";
            if is_test {
                return None;
            }
            let colour = if is_rust { strings(line).find_map(colour) } else { colour(line) };
            colour.map(|colour| format!("the colour {colour} belongs into style/tokens.css"))
        })
    });
    Ok(faults.collect())
}

/// What stands between double quotes on a line of Rust, comments left out.
fn strings(line: &str) -> impl Iterator<Item = &str> {
    let code = if line.trim_start().starts_with("//") { "" } else { line };
    code.split('"').skip(1).step_by(2)
}

/// The first colour that is written out in a piece of text.
fn colour(text: &str) -> Option<String> {
    let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "lch("];
    for function in functions {
        let starts_a_word = |at: usize| {
            !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '-')
        };
        if let Some((at, _)) = text.match_indices(function).find(|(at, _)| starts_a_word(*at)) {
            let end = text[at..].find(')').map_or(text.len(), |end| at + end + 1);
            return Some(text[at..end].to_owned());
        }
    }
    text.match_indices('#').find_map(|(at, _)| {
        let starts_a_word = !text[..at].ends_with(|before: char| before.is_alphanumeric());
        let rest = &text[at + 1..];
        let end = rest.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(rest.len());
        let ends_a_word =
            !rest[end..].starts_with(|after: char| after.is_alphanumeric() || "-_".contains(after));
        let is_colour = matches!(end, 3 | 4 | 6 | 8) && starts_a_word && ends_a_word;
        is_colour.then(|| text[at..=at + end].to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn finds_colours_outside_the_tokens() {
        let css = |text: &str, expect: &[u32]| check(literals, "style/a.css", text, expect);
        css(".a { color: var(--ink-text); }\n", &[]);
        css(".a { color: #fff; }\n", &[1]);
        css(".a {\n  background: rgb(0 0 0 / 50%);\n}\n", &[2]);
        css(".a { color: color-mix(in oklch, var(--a), var(--b)); }\n", &[]);
        css("#address { top: 0; }\n", &[]);
        check(literals, "style/tokens.css", ":root { --ink-text: oklch(0.3 0 0); }\n", &[]);

        let rust = |text: &str, expect: &[u32]| check(literals, "src/a.rs", text, expect);
        rust("set_fill_style(\"#a0b1c2\");\n", &[1]);
        rust("fn rgb(a: u8) {}\n#[derive(Add)]\n// see #123\n", &[]);
        rust("#[cfg(test)]\nmod tests {\n    const RED: &str = \"#ff0000\";\n}\n", &[]);
    }
}
