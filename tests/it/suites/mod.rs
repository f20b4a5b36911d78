//! Public test suites, each with its count.

mod dsa;
mod kz;
mod ocsp;
mod pkcs12;
mod wycheproof;
