//! Certification paths and revocation at a given time (RFC 5280 §6), OCSP (RFC 6960) and
//! time-stamps (RFC 3161).
//!
//! Bytes, trust, policy and time go in; a proof value or a precise error comes out. Nothing is
//! fetched, and what may cost work is bounded by [`Limits`].
//!
//! ```
//! use ruqsat::crypto::Provider;
//! use ruqsat::pki::{Evidence, PathPolicy, TrustStore, build_path, check_revocation};
//! use ruqsat::x509::{Certificate, CertificateList};
//! use time::OffsetDateTime;
//!
//! /// Until when the certificate is known to be good.
//! fn good_until(
//!     certificate: &Certificate,
//!     trusted: Vec<Certificate>,
//!     lists: &[CertificateList],
//!     at: OffsetDateTime,
//! ) -> Result<Option<OffsetDateTime>, Box<dyn std::error::Error>> {
//!     let (policy, verifier) = (PathPolicy::strict(), Provider);
//!     let store = TrustStore::new(trusted, &verifier);
//!     let path = build_path(certificate, &store, &[], at, &policy, &verifier)?;
//!     let evidence = Evidence { lists, ..Evidence::default() };
//!     let good = check_revocation(&path, &store, &evidence, at, &policy, &verifier)?;
//!     Ok(good.next_update())
//! }
//! ```

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
