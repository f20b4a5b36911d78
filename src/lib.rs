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

// What a document says
pub mod model;
// Algorithms, certificates, messages, paths
pub mod cms;
pub mod crypto;
pub mod pki;
pub mod x509;
// The national profile, and where keys are kept
pub mod eds;
pub mod keys;
// Data to pages
pub mod form;
pub mod layout;
// Pages and signatures to PDF
pub mod document;
pub mod export;
pub mod pdf;
// Sisters: neither imports the other
pub mod report;
pub mod sign;
pub mod verify;
// The TEST authority
pub mod ca;
