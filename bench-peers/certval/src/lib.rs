//! Asks `certval` what it says of certificates, with `ring` below it.
#![forbid(unsafe_code)]
#![expect(
    clippy::disallowed_methods,
    reason = "a program beside the project reads files and the clock"
)]

pub mod judge;
pub mod pkits;
#[path = "../../compare/src/stopwatch.rs"]
pub mod stopwatch;
