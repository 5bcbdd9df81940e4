//! The reader on whole files: the real ones of the shared folder, and small ones of our own.

mod real_files;
