//! Documents stay true: what they point to exists, and what exists is on the map.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::{Finding, SourceFile};
use crate::workspace;

/// Links to files of the project lead somewhere.
pub(crate) fn links(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let root = workspace::root();
    let documents = files.iter().filter(|file| file.ending() == "md");
    let faults = documents.flat_map(|file| {
        let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
        file.each_line(|line| {
            let target =
                local_targets(line).find(|target| !root.join(folder).join(target).exists())?;
            Some(format!("the link to {target} leads nowhere"))
        })
    });
    Ok(faults.collect())
}

/// The targets of a line's links that are paths.
fn local_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?;
        let path = target.split('#').next()?;
        (!path.is_empty() && !path.contains(':')).then_some(path)
    })
}

/// `ARCHITECTURE.md` names every crate.
pub(crate) fn code_map(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let Some(map) = files.iter().find(|file| file.path == "ARCHITECTURE.md") else {
        return Ok(Vec::new());
    };
    let crates: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"))
        .collect();
    let missing = crates.into_iter().filter(|name| !map.text.contains(&format!("`crates/{name}`")));
    Ok(missing.map(|name| map.at(1, format!("`crates/{name}` is not on the code map"))).collect())
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn finds_links_that_lead_nowhere() {
        check(links, "README.md", "[a](Cargo.toml) [b](https://example.org/c)\n", &[]);
        check(links, "README.md", "[a](#here)\n\n[b](docs/no-such-file.md#part)\n", &[3]);
        check(links, "xtask/README.md", "[a](Cargo.toml)\n[b](src/no.rs)\n", &[2]);
    }

    #[test]
    fn finds_crates_that_are_not_on_the_map() {
        let file =
            |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        let files = [
            file("ARCHITECTURE.md", "`crates/banyan-kin` knows persons"),
            file("crates/banyan-kin/Cargo.toml", ""),
            file("crates/banyan-new/Cargo.toml", ""),
        ];
        let found = code_map(&files).unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("banyan-new"));
    }
}
