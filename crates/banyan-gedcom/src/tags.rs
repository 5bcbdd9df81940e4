//! The tags of GEDCOM 5.5, 5.5.1 and 7.0 that stand directly in a person or a family.

/// Tags of level 1 under INDI, sorted.
const PERSON_TAGS: [&str; 72] = [
    "ADDR", "ADOP", "AFN", "ALIA", "ANCI", "ASSO", "BAPL", "BAPM", "BARM", "BASM", "BIRT", "BLES",
    "BURI", "CAST", "CENS", "CHAN", "CHR", "CHRA", "CONF", "CONL", "CREA", "CREM", "DEAT", "DESI",
    "DSCR", "EDUC", "EMAIL", "EMIG", "ENDL", "EVEN", "EXID", "FACT", "FAMC", "FAMS", "FAX", "FCOM",
    "GRAD", "IDNO", "IMMI", "INIL", "NAME", "NATI", "NATU", "NCHI", "NICK", "NMR", "NO", "NOTE",
    "OBJE", "OCCU", "ORDN", "PHON", "PROB", "PROP", "REFN", "RELI", "RESI", "RESN", "RETI", "RFN",
    "RIN", "SEX", "SLGC", "SNOTE", "SOUR", "SSN", "SUBM", "TITL", "UID", "WAC", "WILL", "WWW",
];

/// Tags of level 1 under FAM, sorted.
const FAMILY_TAGS: [&str; 33] = [
    "ANUL", "ASSO", "CENS", "CHAN", "CHIL", "CREA", "DIV", "DIVF", "ENGA", "EVEN", "EXID", "FACT",
    "HUSB", "MARB", "MARC", "MARL", "MARR", "MARS", "NCHI", "NO", "NOTE", "OBJE", "REFN", "RESI",
    "RESN", "RFN", "RIN", "SLGS", "SNOTE", "SOUR", "SUBM", "UID", "WIFE",
];

/// Whether the standard knows a tag at level 1 of a person. Tags that begin with `_` are a program's
/// own, as the standard allows.
pub(crate) fn is_person_tag(tag: &str) -> bool {
    tag.starts_with('_') || PERSON_TAGS.binary_search(&tag).is_ok()
}

/// The same for a family.
pub(crate) fn is_family_tag(tag: &str) -> bool {
    tag.starts_with('_') || FAMILY_TAGS.binary_search(&tag).is_ok()
}

/// Events and attributes of 7.0 that stand directly in a person or a family, sorted.
const EVENTS_AND_ATTRIBUTES: [&str; 53] = [
    "ADOP", "ANUL", "BAPL", "BAPM", "BARM", "BASM", "BIRT", "BLES", "BURI", "CAST", "CENS", "CHR",
    "CHRA", "CONF", "CONL", "CREM", "DEAT", "DIV", "DIVF", "DSCR", "EDUC", "EMIG", "ENDL", "ENGA",
    "EVEN", "FACT", "FCOM", "GRAD", "IDNO", "IMMI", "INIL", "MARB", "MARC", "MARL", "MARR", "MARS",
    "NATI", "NATU", "NCHI", "NMR", "OCCU", "ORDN", "PROB", "PROP", "RELI", "RESI", "RETI", "SLGC",
    "SLGS", "SSN", "TITL", "WILL", "_MILT",
];

/// Whether a tag at level 1 of a person or a family tells of a life.
pub(crate) fn is_event_or_attribute(tag: &str) -> bool {
    EVENTS_AND_ATTRIBUTES.binary_search(&tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(PERSON_TAGS.is_sorted() && FAMILY_TAGS.is_sorted());
        assert!(EVENTS_AND_ATTRIBUTES.is_sorted());
    }
}
