//! Rules on plain text.

use anyhow::Result;

use super::{Finding, SourceFile};

/// Past this a file of Rust wants splitting.
const LARGEST_BYTES: usize = 25_000;

/// Other people's text is kept as it came.
fn is_ours(file: &SourceFile) -> bool {
    let endings = ["css", "html", "json", "js", "md", "rs", "sh", "toml", "ts", "yml"];
    endings.contains(&file.ending())
        && !file.path.contains("test_data/")
        && !file.path.ends_with("package-lock.json")
}

pub(crate) fn white_space(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let faults = files.iter().filter(|file| is_ours(file)).flat_map(|file| {
        let mut found = file.each_line(|line| {
            if line.ends_with([' ', '\t', '\r']) {
                Some("white space at the end of the line".to_owned())
            } else if file.ending() == "rs" && line.contains('\t') {
                Some("a tab: write \\t in a string, spaces elsewhere".to_owned())
            } else {
                None
            }
        });
        // `lines` takes a carriage return away with its line feed.
        if file.text.contains("\r\n") {
            found.push(file.at(1, "carriage returns at the ends of lines"));
        }
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            let last = file.text.lines().count();
            found.push(
                file.at(u32::try_from(last).unwrap_or(u32::MAX), "no end of line at the end"),
            );
        }
        found
    });
    Ok(faults.collect())
}

pub(crate) fn size(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let faults = files.iter().filter(|file| file.ending() == "rs").filter_map(|file| {
        let bytes = file.text.len();
        (bytes > LARGEST_BYTES).then(|| {
            file.at(1, format!("{bytes} bytes, more than {LARGEST_BYTES}: split it by feature"))
        })
    });
    Ok(faults.collect())
}

/// Nothing that a cache or a file says may reach the page other than as text.
pub(crate) fn markup_from_strings(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let ways = ["inner_html", "innerHTML", "outer_html", "outerHTML", "insert_adjacent_html"];
    let is_app = |file: &&SourceFile| {
        ["rs", "html", "js"].contains(&file.ending()) && !file.path.starts_with("xtask/")
    };
    let faults = files.iter().filter(is_app).flat_map(|file| {
        file.each_line(|line| {
            let code = line.split("//").next().unwrap_or_default();
            let way = ways.iter().find(|way| code.contains(**way))?;
            Some(format!("{way} turns text into markup: set text or build elements"))
        })
    });
    Ok(faults.collect())
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn finds_white_space() {
        check(white_space, "a.rs", "fn a() {}\n", &[]);
        check(white_space, "a.rs", "fn a() {} \n\tb\n", &[1, 2]);
        check(white_space, "a.md", "\tcode\n", &[]);
        check(white_space, "a.toml", "a = 1\r\nb = 2", &[1, 2]);
        check(white_space, "crates/x/test_data/a.json", "{ \n", &[]);
    }

    #[test]
    fn finds_large_files() {
        check(size, "a.rs", &"x".repeat(25_001), &[1]);
        check(size, "a.rs", &"x".repeat(25_000), &[]);
        check(size, "a.ged", &"x".repeat(99_000), &[]);
    }

    #[test]
    fn finds_markup_made_of_strings() {
        check(markup_from_strings, "src/a.rs", "let a;\nelement.set_inner_html(name);\n", &[2]);
        check(markup_from_strings, "index.html", "<script>x.innerHTML = 1</script>\n", &[1]);
        check(markup_from_strings, "src/a.rs", "// never innerHTML\n", &[]);
    }
}
