//! Ends of the program that are neither success nor the common failure.

use std::fmt;

/// An end with an exit status of its own, and what there is to complain of, if anything.
#[derive(Debug)]
pub(super) struct Status {
    pub code: u8,
    pub complaint: String,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.complaint)
    }
}

impl std::error::Error for Status {}
