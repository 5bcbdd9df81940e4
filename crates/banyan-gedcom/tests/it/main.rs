//! The reader on whole files: the real ones of the shared folder, and small ones of our own.

#[cfg(test)]
mod arbitrary_bytes;
#[cfg(test)]
mod as_written;
#[cfg(test)]
mod change;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod other_formats;
#[cfg(test)]
mod own_files;
#[cfg(test)]
mod real_files;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod same;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod show;
