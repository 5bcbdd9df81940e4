//! The list of the families that a browser keeps, each with the ways to open and to forget it.

use crate::{
    Place, ToldFindings, ToldRow, ToldSection, Value, View, figures, texts::Language,
    told::as_markdown,
};

/// A family that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptTree {
    pub name: String,
    /// Files of one name are told apart by it.
    pub digest: String,
    pub persons: u32,
    pub bytes: u64,
    /// When it was opened last, in the reader's language; empty where nothing is known but the name.
    pub opened: String,
}

/// What a row about a document leads to, in place of a node.
pub const OPEN: &str = "kept:";
pub const FORGET: &str = "forget:";

/// What tells files of one name apart: the length and a digest of the bytes.
pub fn digest(bytes: &[u8]) -> String {
    // FNV-1a, eight bytes at a time; what is left of them is padded.
    let mix = |so_far: u64, word: [u8; 8]| {
        (so_far ^ u64::from_le_bytes(word)).wrapping_mul(0x0100_0000_01b3)
    };
    let (words, rest) = bytes.as_chunks();
    let mut digest = words.iter().fold(0xcbf2_9ce4_8422_2325, |so_far, word| mix(so_far, *word));
    if !rest.is_empty() {
        let mut word = [0; 8];
        word.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
        digest = mix(digest, word);
    }
    format!("{}-{digest:x}", bytes.len())
}

/// What is kept, ready to be shown.
pub fn tell_kept(trees: &[KeptTree], language: Language) -> ToldFindings {
    let mut sections: Vec<ToldSection> = trees.iter().map(|tree| section(tree, language)).collect();
    if trees.is_empty() {
        let row = ToldRow::new(String::new(), Value::Text(language.say("kept_none", &[])));
        sections.push(ToldSection { rows: vec![row], ..ToldSection::default() });
    }
    let badge = language.say("kept", &[]);
    let notes = vec![language.say("kept_note", &[])];
    let markdown = as_markdown(&badge, &sections, &notes, language);
    ToldFindings { badge, severity: None, sections, notes, markdown }
}

fn section(tree: &KeptTree, language: Language) -> ToldSection {
    let KeptTree { name, digest, persons, bytes, opened } = tree;
    let key = if *persons == 1 { "kept_person" } else { "kept_persons" };
    let persons = language.say(key, &[("count", &figures::count(u64::from(*persons)))]);
    let mut facts = vec![name.clone()];
    if !opened.is_empty() {
        let opened = language.say("kept_opened", &[("time", opened)]);
        facts = vec![persons, figures::bytes(*bytes), opened];
    }
    let row = |kind: &str, label: String, text: String| ToldRow {
        place: Some(Place { view: View::Family, id: format!("{kind}{digest}:{name}") }),
        ..ToldRow::new(label, Value::Text(text))
    };
    let rows = vec![
        row(OPEN, language.say("kept_open", &[]), facts.join(" · ")),
        row(FORGET, String::new(), language.say("kept_forget", &[])),
    ];
    ToldSection { heading: name.clone(), rows, ..ToldSection::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_before() {
        // Changes are kept under them, for files that were opened years ago.
        assert_eq!(digest(b""), "0-cbf29ce484222325");
        assert_eq!(digest(b"0 HEAD\n"), "7-1db36a7a7233caf");
        assert_eq!(digest(b"0 HEAD\n0"), "8-91db36a7a7233caf");
        assert_eq!(digest(b"0 HEAD\n0 TRLR\n"), "14-48f124df11b4aafd");
    }

    #[test]
    fn a_tree_can_be_opened_and_forgotten() {
        let known = KeptTree {
            name: "a:b.ged".into(),
            digest: "345-ff".into(),
            persons: 1288,
            bytes: 2_100_000,
            opened: "1 Jan 2026".into(),
        };
        let unknown = KeptTree { opened: String::new(), ..known.clone() };
        let told = tell_kept(&[known, unknown], Language::English);
        let rows: Vec<_> = told.sections.iter().flat_map(|section| &section.rows).collect();
        let text = |at: usize| match &rows[at].value {
            Value::Text(text) => text.as_str(),
            _ => "",
        };
        assert_eq!(text(0), "1,288 persons · 2.10 MB · opened 1 Jan 2026");
        assert_eq!(text(2), "a:b.ged");
        let ids: Vec<_> = rows.iter().flat_map(|row| &row.place).map(|it| it.id.as_str()).collect();
        assert_eq!(ids[..2], ["kept:345-ff:a:b.ged", "forget:345-ff:a:b.ged"]);
        assert_eq!(tell_kept(&[], Language::Chinese).sections.len(), 1, "that nothing is kept");
    }
}
