//! Verification of signed documents (ETSI EN 319 102-1): integrity, path, revocation, time and the
//! right to sign.
//!
//! [`verify`] is a pure function of the file, the evidence, the policy and the time. A bad
//! signature is a result, not an error; `Err` means that the file could not be examined. A
//! [`Valid`] verdict can be built only from the proofs that the checks leave.

mod authority;
mod data;
mod error;
mod integrity;
mod process;
mod reason;
mod report;
mod signature;
mod trust;
mod validity;
mod verdict;

pub use authority::AuthorityChecked;
pub use authority::AuthorityScope;
pub use error::Error;
pub use integrity::Intact;
pub use process::Evidence;
pub use process::Policy;
pub use process::verify;
pub use reason::Note;
pub use reason::NoteCode;
pub use reason::Param;
pub use reason::Params;
pub use reason::Reason;
pub use reason::ReasonCode;
pub use reason::Remark;
pub use reason::Status;
pub use reason::SubIndication;
pub use report::AnchorFacts;
pub use report::CertificateFacts;
pub use report::CheckOutcome;
pub use report::Checks;
pub use report::CoverageFacts;
pub use report::DocumentFacts;
pub use report::Format;
pub use report::PermitFacts;
pub use report::Report;
pub use report::SignatureReport;
pub use report::SignerFacts;
pub use validity::InForce;
pub use verdict::Reasons;
pub use verdict::Valid;
pub use verdict::Verdict;
