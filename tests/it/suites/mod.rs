//! Public test suites, each with its count.

mod dsa;
mod kz;
mod limbo;
mod ocsp;
mod pkcs12;
mod pkits;
mod smime;
mod wycheproof;
