//! Cryptographic Message Syntax and CAdES attributes over raw bytes (RFC 5652, ETSI EN 319 122-1).
