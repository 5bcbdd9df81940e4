//! The texts of errors, by the codes that the engine sends.

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
