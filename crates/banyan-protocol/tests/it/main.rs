//! The messages as bytes.

#![cfg(test)]

mod any;
mod bytes;
mod round_trip;
mod sample;
