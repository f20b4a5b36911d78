//! Certificates and revocation lists over raw bytes (RFC 5280).
//!
//! One strict reader over the input reads everything whose very bytes matter, and x509-parser the
//! values that it reads as strictly, so that nothing is ever read in two ways or encoded again.

pub mod der;
pub mod oids;
pub mod pem;

mod authority_information;
mod certificate;
mod certificate_list;
mod certificate_list_index;
mod certificate_list_reading;
mod certificate_policies;
mod certificate_reading;
mod certification_request;
mod distribution_point;
mod error;
mod extension;
mod general_name;
mod key_usage;
mod known_extensions;
mod name;
mod name_constraints;
mod prepared_text;
mod reason_flags;
mod revoked_certificate;
mod revoked_entry;
mod serial_number;

#[cfg(test)]
pub(crate) mod test_authority;

pub use crate::crypto::Oid;
pub use authority_information::AccessDescription;
pub use authority_information::AuthorityKeyIdentifier;
pub use certificate::BasicConstraints;
pub use certificate::Certificate;
pub use certificate_list::CertificateList;
pub use certificate_policies::PolicyConstraints;
pub use certificate_policies::PolicyMapping;
pub use certification_request::CertificationRequest;
pub use distribution_point::DistributionPoint;
pub use distribution_point::IssuingDistributionPoint;
pub use error::Error;
pub use extension::Extension;
pub use general_name::GeneralName;
pub use key_usage::KeyUsage;
pub use name::Attribute;
pub use name::Name;
pub use name_constraints::NameConstraints;
pub use reason_flags::ReasonFlags;
pub use revoked_certificate::CrlReason;
pub use revoked_certificate::NotACrlReason;
pub use revoked_certificate::RevokedCertificate;
pub use serial_number::NotASerialNumber;
pub use serial_number::SerialNumber;
