//! Verification of signed documents (ETSI EN 319 102-1).
