//! The bridge from outside: raw TCP, real WebSockets, real servers, the real program.

#![cfg(test)]

mod bridge;
mod cli;
mod fan_out;
mod faults;
mod files;
mod findings;
mod gate;
mod patience;
mod redis;
mod socket;
mod windows;
