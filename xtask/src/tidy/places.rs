//! Committed text names no folder of one person's machine and no host that only some can reach.

use anyhow::Result;

use super::{Finding, SourceFile};

/// Where home folders and checkouts lie; in pieces, so that this file does not find itself.
const FOLDERS: [&[&str]; 4] = [&["/", "root/"], &["/", "home/"], &["/", "work/"], &["/", "Users/"]];

pub(crate) fn of_one_machine(files: &[SourceFile]) -> Result<Vec<Finding>> {
    let folders: Vec<String> = FOLDERS.iter().map(|pieces| pieces.concat()).collect();
    let faults = files.iter().flat_map(|file| {
        let is_setting = ["json", "toml", "lock", "sh", "yml", "ts", "md"].contains(&file.ending())
            || file.path.ends_with("rc");
        let is_npm_lock = file.path.ends_with("package-lock.json");
        file.each_line(|line| {
            if let Some(folder) = folders.iter().find(|folder| starts_a_path(line, folder)) {
                return Some(format!("{folder} is a folder of one machine"));
            }
            if is_npm_lock && line.contains("\"resolved\"") && line.contains("://") {
                return Some("the address of a registry: npm knows its own".to_owned());
            }
            let host = if is_setting { private_host(line) } else { None };
            host.map(|host| format!("{host} is a host of one network"))
        })
    });
    Ok(faults.collect())
}

/// True if the folder stands at the start of a path, not within a longer one.
fn starts_a_path(line: &str, folder: &str) -> bool {
    let within = |before: char| before.is_alphanumeric() || "._-}~*".contains(before);
    line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(within))
}

/// The host of the first web address that names a port and is not this machine or an example.
fn private_host(line: &str) -> Option<&str> {
    ["http://", "https://"].iter().flat_map(|scheme| line.split(scheme).skip(1)).find_map(|rest| {
        let end = rest.find(['/', '"', '\'', '`', ' ', ')', '>', ',']).unwrap_or(rest.len());
        let (host, port) = rest[..end].rsplit_once(':')?;
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let is_known = ["localhost", "[::1]"].contains(&host)
            || host.starts_with("127.")
            || host.contains("example")
            || host.contains(['$', '{']);
        (is_port && !is_known).then_some(host)
    })
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn finds_places_of_one_machine() {
        let path = |folder: &[&str]| format!("read {}ada/notes\n", folder.concat());
        check(of_one_machine, "README.md", &path(FOLDERS[1]), &[1]);
        check(of_one_machine, "src/a.rs", &path(FOLDERS[0]), &[1]);
        check(of_one_machine, "src/a.rs", "let a = \"docs/work/a\";\n", &[]);
        check(of_one_machine, "README.md", "see http://127.0.0.1:7878/\n", &[]);
        let host = ["http:", "//10.0.0.7", ":4873/"].concat();
        check(of_one_machine, "e2e/.npmrc", &format!("\nregistry={host}\n"), &[2]);
        let resolved = ["\"resolved\": \"https:", "//registry.example/a.tgz\""].concat();
        check(of_one_machine, "e2e/package-lock.json", &format!("{{\n{resolved}\n}}\n"), &[2]);
    }
}
