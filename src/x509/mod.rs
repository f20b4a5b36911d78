//! Certificates and revocation lists over raw bytes (RFC 5280).

pub mod der;

pub use crate::crypto::Oid;
