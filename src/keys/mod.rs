//! Private keys and the containers they come in (RFC 5958, RFC 7292).
