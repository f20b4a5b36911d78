//! Certificates and revocation lists over raw bytes (RFC 5280).
//!
//! x509-parser reads the extensions; everything whose very bytes matter (what is signed, names,
//! times, the entries of a list) is read here, so that nothing is ever encoded again.

pub mod der;
pub mod oids;
pub mod pem;

mod certificate;
mod certificate_list;
mod certificate_reading;
mod error;
mod extension;
mod general_name;
mod key_usage;
mod name;
mod revoked_certificate;
mod serial_number;

#[cfg(test)]
pub(crate) mod test_authority;

pub use crate::crypto::Oid;
pub use certificate::AuthorityKeyIdentifier;
pub use certificate::BasicConstraints;
pub use certificate::Certificate;
pub use certificate_list::CertificateList;
pub use certificate_list::Unusable;
pub use error::Error;
pub use extension::Extension;
pub use general_name::DistributionPoint;
pub use general_name::GeneralName;
pub use general_name::IssuingDistributionPoint;
pub use key_usage::KeyUsage;
pub use name::Attribute;
pub use name::Name;
pub use revoked_certificate::CrlReason;
pub use revoked_certificate::NotACrlReason;
pub use revoked_certificate::RevokedCertificate;
pub use serial_number::NotASerialNumber;
pub use serial_number::SerialNumber;
