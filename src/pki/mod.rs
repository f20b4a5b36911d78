//! Certification paths and revocation at a given time (RFC 5280 §6).
