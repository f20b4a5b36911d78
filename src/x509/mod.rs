//! Certificates and revocation lists over raw bytes (RFC 5280).
