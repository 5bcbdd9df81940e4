use std::collections::BTreeSet;

use super::*;
use crate::app::{shell::text::Language, shortcut::Shortcut};

#[test]
fn ids_and_titles_are_unique_in_every_language() {
    let ids: BTreeSet<_> = Command::ALL.into_iter().map(Command::id).collect();
    assert_eq!(ids.len(), Command::ALL.len());
    for locale in Language::ALL {
        let titles: BTreeSet<_> =
            Command::ALL.into_iter().map(|command| command.title().of(locale)).collect();
        assert_eq!(titles.len(), Command::ALL.len(), "{locale:?}");
        assert!(!titles.contains(""), "{locale:?}");
    }
}

#[test]
fn titles_differ_between_languages() {
    for command in Command::ALL {
        let [english, chinese] = Language::ALL.map(|locale| command.title().of(locale));
        assert_ne!(english, chinese, "{command:?}");
    }
}

#[test]
fn a_key_belongs_to_one_command_of_a_view_but_for_the_arrows() {
    let mut taken = BTreeSet::new();
    for command in Command::ALL {
        assert!(!command.shortcuts().is_empty(), "{command:?} has no key");
        // These do nothing in a family, where their keys may do something else.
        let is_live =
            matches!(command, Command::Observe | Command::RescanKeys | Command::GroupBy(_));
        for shortcut in command.shortcuts() {
            let is_pan = matches!(command, Command::Pan(_)) && !shortcut.is_shift();
            assert!(taken.insert((*shortcut, is_live)) != is_pan, "{command:?} {shortcut:?}");
        }
    }
    let is_shared = |(key, is_live): &&(Shortcut, bool)| *is_live && taken.contains(&(*key, false));
    let shared: Vec<String> = taken.iter().filter(is_shared).map(|(key, _)| key.aria()).collect();
    assert_eq!(shared, ["b", "e", "q", "r"]);
}

#[test]
fn every_group_has_commands_and_they_stand_together() {
    let mut groups: Vec<_> = Command::ALL.into_iter().map(Command::group).collect();
    groups.dedup();
    assert_eq!(groups, Group::ALL);
}
