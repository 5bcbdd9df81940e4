//! In which order texts stand in a list: without regard to case and accents, Chinese by how it sounds.

use crate::{
    fold::fold,
    sound::{has_han, spelt},
};

/// Ends a part of a key: less than everything that a text has.
const END: char = '\u{1}';
/// Between how a text sounds and how it is written: what is written alike stands together.
const WRITTEN: char = '\u{2}';

/// Adds the key of a text to `key`: keys compare byte by byte as their texts stand in a list. Of a
/// text in several parts (surname, given name) an earlier part decides before a later one.
pub fn collate(part: &str, key: &mut String) {
    let part = part.trim();
    if part.is_ascii() {
        key.extend(part.chars().map(|c| c.to_ascii_lowercase()));
    } else {
        if has_han(part) {
            key.push_str(&fold(&spelt(part)));
            key.push(WRITTEN);
        }
        key.push_str(&fold(part));
    }
    key.push(END);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mut names: Vec<(&str, &str)>, expect: &[(&str, &str)]) {
        names.sort_by_key(|(surname, given)| {
            let mut key = String::new();
            collate(surname, &mut key);
            collate(given, &mut key);
            key
        });
        assert_eq!(names, expect);
    }

    #[test]
    fn names_stand_as_in_a_register() {
        check(
            vec![
                ("van Dyck", "A"),
                ("Ångström", "B"),
                ("Ahorn", "C"),
                ("Ahornberg", "A"),
                ("ahorn", "B"),
            ],
            &[
                ("ahorn", "B"),
                ("Ahorn", "C"),
                ("Ahornberg", "A"),
                ("Ångström", "B"),
                ("van Dyck", "A"),
            ],
        );
        // 李 and 黎 sound alike, and neither family is torn apart.
        check(
            vec![
                ("贾", "宝玉"),
                ("黎", "波"),
                ("李", "才"),
                ("曾", "国藩"),
                ("李", "白"),
                ("贾", "政"),
            ],
            &[
                ("贾", "宝玉"),
                ("贾", "政"),
                ("李", "白"),
                ("李", "才"),
                ("黎", "波"),
                ("曾", "国藩"),
            ],
        );
        check(vec![("西安", ""), ("先", ""), ("Xi", "")], &[("Xi", ""), ("西安", ""), ("先", "")]);
    }
}
