//! Certification paths and revocation at a given time (RFC 5280 §6).
//!
//! Bytes, trust, policy and time go in; a proof value or a precise error comes out.

pub mod ocsp;

mod budget;
mod crl_scope;
mod crl_signer;
mod crl_status;
mod error;
mod evidence;
mod name_constraints;
mod name_syntax;
mod path;
mod policy;
mod policy_graph;
mod profile;
mod revocation;
mod revocation_check;
mod revocation_error;
mod revocation_responses;
mod search;
mod signatures;
#[cfg(test)]
mod test_revocation;
mod time_stamp;
mod trust_store;
mod validation;
mod verified_certificate_list;

pub use budget::Budget;
pub use budget::BudgetExceeded;
pub use budget::Unit;
pub use error::Error;
pub use evidence::Evidence;
pub use path::ValidatedPath;
pub use path::build_path;
pub use policy::AnchorRules;
pub use policy::Limits;
pub use policy::PathPolicy;
pub use policy::ProfileRules;
pub use profile::ProfileViolation;
pub use profile::check_profile;
pub use revocation::NotRevoked;
pub use revocation::check_revocation;
pub use revocation::check_revocation_of;
pub use revocation_error::ListDistrust;
pub use revocation_error::RevocationError;
pub use revocation_error::Unusable;
pub use time_stamp::Stamped;
pub use time_stamp::TimeStampError;
pub use time_stamp::TimeStamped;
pub use time_stamp::check_time_stamp;
pub use trust_store::TrustStore;
pub use verified_certificate_list::VerifiedCertificateList;
