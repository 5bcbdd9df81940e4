//! The texts of errors and diagnostics, by the codes that the engine sends.

use super::text::{Text, text};

/// Why a file could not be opened, and what to do; nothing for a code that has no text.
pub fn error_text(code: &str) -> Option<Text> {
    Some(match code {
        "empty" => text!(error_empty),
        "not_gedcom" => text!(error_not_gedcom),
        "too_large" => text!(error_too_large),
        "unreadable" => text!(error_unreadable),
        "not_kept" => text!(error_not_kept),
        "missing_trailer" => text!(error_missing_trailer),
        "long_line" => text!(error_long_line),
        "out_of_memory" => text!(error_out_of_memory),
        _ => return None,
    })
}

/// The name of an oddity in a file; nothing for a code that has no text.
pub fn diagnostic_text(code: &str) -> Option<Text> {
    Some(match code {
        "other_encoding" => text!(diagnostic_other_encoding),
        "not_decodable" => text!(diagnostic_not_decodable),
        "split_character" => text!(diagnostic_split_character),
        "junk_before_header" => text!(diagnostic_junk_before_header),
        "missing_header" => text!(diagnostic_missing_header),
        "missing_trailer" => text!(diagnostic_missing_trailer),
        "after_trailer" => text!(diagnostic_after_trailer),
        "blank_line" => text!(diagnostic_blank_line),
        "indented_line" => text!(diagnostic_indented_line),
        "line_without_level" => text!(diagnostic_line_without_level),
        "missing_tag" => text!(diagnostic_missing_tag),
        "skipped_level" => text!(diagnostic_skipped_level),
        "unterminated_xref" => text!(diagnostic_unterminated_xref),
        "long_line" => text!(diagnostic_long_line),
        "control_character" => text!(diagnostic_control_character),
        "unknown_record" => text!(diagnostic_unknown_record),
        "unknown_tag" => text!(diagnostic_unknown_tag),
        "duplicate_xref" => text!(diagnostic_duplicate_xref),
        "dangling_reference" => text!(diagnostic_dangling_reference),
        "wrong_reference" => text!(diagnostic_wrong_reference),
        "not_a_reference" => text!(diagnostic_not_a_reference),
        "one_sided_link" => text!(diagnostic_one_sided_link),
        "repeated_link" => text!(diagnostic_repeated_link),
        "partner_and_child" => text!(diagnostic_partner_and_child),
        "own_ancestor" => text!(diagnostic_own_ancestor),
        "date_not_understood" => text!(diagnostic_date_not_understood),
        "unknown_sex" => text!(diagnostic_unknown_sex),
        "more" => text!(diagnostic_more),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_the_reader_has_a_text() {
        use banyan_gedcom::ReadError;
        let errors = [ReadError::Empty, ReadError::TooLarge { bytes: 1 }];
        for error in errors {
            assert!(error_text(error.code()).is_some(), "{error}");
        }
        assert!(error_text("not_gedcom").is_some());
        assert!(error_text("nonsense").is_none());
    }
}
