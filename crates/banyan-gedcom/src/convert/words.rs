//! Which tags a version has and the other has not.

/// Every tag of 7.0, sorted.
const TAGS_OF_7: [&str; 142] = [
    "ABBR", "ADDR", "ADOP", "ADR1", "ADR2", "ADR3", "AGE", "AGNC", "ALIA", "ANCI", "ANUL", "ASSO",
    "AUTH", "BAPL", "BAPM", "BARM", "BASM", "BIRT", "BLES", "BURI", "CALN", "CAST", "CAUS", "CENS",
    "CHAN", "CHIL", "CHR", "CHRA", "CITY", "CONF", "CONL", "COPR", "CORP", "CREA", "CREM", "CROP",
    "CTRY", "DATA", "DATE", "DEAT", "DESI", "DEST", "DIV", "DIVF", "DSCR", "EDUC", "EMAIL", "EMIG",
    "ENDL", "ENGA", "EVEN", "EXID", "FACT", "FAM", "FAMC", "FAMS", "FAX", "FCOM", "FILE", "FORM",
    "GEDC", "GIVN", "GRAD", "HEAD", "HEIGHT", "HUSB", "IDNO", "IMMI", "INDI", "INIL", "LANG",
    "LATI", "LEFT", "LONG", "MAP", "MARB", "MARC", "MARL", "MARR", "MARS", "MEDI", "MIME", "NAME",
    "NATI", "NATU", "NCHI", "NICK", "NMR", "NO", "NOTE", "NPFX", "NSFX", "OBJE", "OCCU", "ORDN",
    "PAGE", "PEDI", "PHON", "PHRASE", "PLAC", "POST", "PROB", "PROP", "PUBL", "QUAY", "REFN",
    "RELI", "REPO", "RESI", "RESN", "RETI", "ROLE", "SCHMA", "SDATE", "SEX", "SLGC", "SLGS",
    "SNOTE", "SOUR", "SPFX", "SSN", "STAE", "STAT", "SUBM", "SURN", "TAG", "TEMP", "TEXT", "TIME",
    "TITL", "TOP", "TRAN", "TRLR", "TYPE", "UID", "VERS", "WIDTH", "WIFE", "WILL", "WWW", "_CONT",
    "_LINE",
];

/// Tags of 7.0 alone. In 5.5.1 they have an underscore before them.
const NEW_TAGS: [(&str, &str); 21] = [
    ("ASSO", "_ASSO"),
    ("CREA", "_CREA"),
    ("CROP", "_CROP"),
    ("EXID", "_EXID"),
    ("FACT", "_FACT"),
    ("HEIGHT", "_HEIGHT"),
    ("INIL", "_INIL"),
    ("LANG", "_LANG"),
    ("LEFT", "_LEFT"),
    ("MIME", "_MIME"),
    ("NO", "_NO"),
    ("PHRASE", "_PHRASE"),
    ("SCHMA", "_SCHMA"),
    ("SDATE", "_SDATE"),
    ("SNOTE", "_SNOTE"),
    ("TAG", "_TAG"),
    ("TITL", "_TITL"),
    ("TOP", "_TOP"),
    ("TRAN", "_TRAN"),
    ("UID", "_UID"),
    ("WIDTH", "_WIDTH"),
];

/// Tags of 5.5 and 5.5.1 that 7.0 left out and has no other word for.
const OLD_TAGS: [(&str, &str); 7] = [
    ("ANCE", "_ANCE"),
    ("BLOB", "_BLOB"),
    ("DESC", "_DESC"),
    ("FAMF", "_FAMF"),
    ("ORDI", "_ORDI"),
    ("SUBN", "_SUBN"),
    ("WAC", "_WAC"),
];

/// Tags of which some have places in 5.5.1 too: only their other places are new.
const PARTLY_NEW: [&str; 4] = ["ASSO", "FACT", "LANG", "TITL"];

/// Tags that hold a link and no text.
const LINKS: [&str; 11] =
    ["ALIA", "ANCI", "ASSO", "CHIL", "DESI", "FAMC", "FAMS", "HUSB", "REPO", "SUBM", "WIFE"];

pub(super) fn is_tag_of_7(tag: &str) -> bool {
    TAGS_OF_7.binary_search(&tag).is_ok()
}

/// The extension that keeps a tag of 7.0 in 5.5.1, wherever that has no such tag at all.
pub(super) fn kept_in_551(tag: &str) -> Option<&'static str> {
    (!PARTLY_NEW.contains(&tag)).then(|| extension_of(tag)).flatten()
}

/// The extension of a tag that has a place in 5.5.1, but not this one.
pub(super) fn extension_of(tag: &str) -> Option<&'static str> {
    NEW_TAGS.iter().find(|(new, _)| *new == tag).map(|&(_, kept)| kept)
}

/// The tag of 7.0 that an extension in 5.5.1 keeps.
pub(super) fn kept_from_7(tag: &str) -> Option<&'static str> {
    NEW_TAGS.iter().find(|(_, kept)| *kept == tag).map(|&(new, _)| new)
}

/// The extension that keeps a tag of 5.5.1 in 7.0.
pub(super) fn old_tag(tag: &str) -> Option<&'static str> {
    OLD_TAGS.iter().find(|(old, _)| *old == tag).map(|&(_, kept)| kept)
}

/// The tag of 5.5.1 that an extension in 7.0 keeps.
pub(super) fn kept_from_551(tag: &str) -> Option<&'static str> {
    OLD_TAGS.iter().find(|(_, kept)| *kept == tag).map(|&(old, _)| old)
}

pub(super) fn is_link(tag: &str) -> bool {
    LINKS.contains(&tag)
}

/// Events, which say "Y" or nothing in their own line.
pub(super) fn is_event(tag: &str) -> bool {
    matches!(
        tag,
        "ADOP"
            | "ANUL"
            | "BAPM"
            | "BARM"
            | "BASM"
            | "BIRT"
            | "BLES"
            | "BURI"
            | "CENS"
            | "CHR"
            | "CHRA"
            | "CONF"
            | "CREM"
            | "DEAT"
            | "DIV"
            | "DIVF"
            | "EMIG"
            | "ENGA"
            | "FCOM"
            | "GRAD"
            | "IMMI"
            | "MARB"
            | "MARC"
            | "MARL"
            | "MARR"
            | "MARS"
            | "NATU"
            | "ORDN"
            | "PROB"
            | "RETI"
            | "WILL"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_go_both_ways() {
        assert!(TAGS_OF_7.is_sorted());
        for (new, kept) in NEW_TAGS {
            assert!(is_tag_of_7(new), "{new}");
            assert_eq!((extension_of(new), kept_from_7(kept)), (Some(kept), Some(new)));
        }
        for (old, kept) in OLD_TAGS {
            assert!(!is_tag_of_7(old), "{old}");
            assert_eq!((old_tag(old), kept_from_551(kept)), (Some(kept), Some(old)));
        }
    }
}
