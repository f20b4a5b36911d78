//! Public test suites, each with its count.

mod kz;
mod ocsp;
