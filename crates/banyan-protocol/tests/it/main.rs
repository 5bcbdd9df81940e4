//! The messages as bytes.

#![cfg(test)]

mod any;
mod bytes;
mod parts;
mod round_trip;
mod sample;
