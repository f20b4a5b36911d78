//! The TEST certification authority.
