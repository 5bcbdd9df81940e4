//! The line that makes a user for viewing.

use crate::redis::{Occasion, PERMITS, Permit, is_at_least};

/// `ACL SETUSER` for a user who can read all that Banyan shows on a server of `version`, and can do
/// nothing else. `PASSWORD` stands for one.
pub fn viewer_line(version: &str) -> String {
    // Before version 7 a key is permitted for reading and writing or not at all; none of the
    // commands writes.
    let keys = if is_at_least(version, (7, 0)) { "%R~*" } else { "~*" };
    let permits = names(version, Occasion::Viewing);
    format!("ACL SETUSER banyan reset on >PASSWORD {keys} {}", permits.join(" "))
}

/// What adds to such a user what is said only when a person asks for it: windows of MONITOR, and
/// waking one blocked client.
pub fn viewer_line_on_request(version: &str) -> String {
    format!("ACL SETUSER banyan {}", names(version, Occasion::OnRequest).join(" "))
}

fn names(version: &str, occasion: Occasion) -> Vec<String> {
    // A command that the server lacks would make the whole line an error.
    let has = |permit: &&Permit| is_at_least(version, permit.since) || version.is_empty();
    let of_occasion = PERMITS.iter().filter(|permit| permit.occasion == occasion);
    of_occasion.filter(has).map(|permit| format!("+{}", permit.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_versions() {
        let old = viewer_line("6.2.1");
        assert!(old.starts_with("ACL SETUSER banyan reset on >PASSWORD ~* +info "), "{old}");
        assert!(!old.contains("function|list") && !old.contains("config"), "{old}");
        let new = viewer_line("7.2.0");
        assert!(new.contains(" %R~* ") && new.contains("+client|no-touch"), "{new}");
        assert!(!new.contains("monitor"), "{new}");
        assert!(viewer_line_on_request("7.2.0").contains("+monitor"));
    }
}
