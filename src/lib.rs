//! Ruqsat (рұқсат, Kazakh: permit) fills the bilingual environmental permits of Kazakhstan, signs
//! them with an electronic digital signature and verifies them.
//!
//! The flow, each arrow one plain value:
//!
//! ```text
//! data (JSON) ──> model ──> form ──> layout ──> export ──> sign ──> signed PDF
//! signed PDF ──> pdf reader ──> cms ──> pki ──> verify ──> Report ──> report (text, JSON)
//! ```
//!
//! The modules below stand lowest first, and each imports only from those above it; a test holds
//! that. None of them but `ca::store` reads a clock, a file, the environment or randomness: these
//! are arguments.

// What a document says.
pub mod model;

// Algorithms.
pub mod crypto;

// Certificates and lists.
pub mod x509;

// Messages.
pub mod cms;

// Paths and revocation.
pub mod pki;

// The national profile.
pub mod eds;

// Where keys are kept.
pub mod keys;

// Data to a filled form,
pub mod form;

// the form to pages.
pub mod layout;

// Reading and signing files,
pub mod pdf;

// writing pages as a file.
pub mod export;

// Data to file in one call.
pub mod document;

// Sisters: neither imports the other.
pub mod sign;

// The verdict.
pub mod verify;

// The verdict in words.
pub mod report;

// The TEST authority.
pub mod ca;
