//! Public test suites, each with its count.

mod ocsp;
