//! Cryptographic Message Syntax and CAdES attributes over raw bytes (RFC 5652, ETSI EN 319 122-1),
//! and the messages of time-stamping (RFC 3161).
//!
//! A message is verified over the very bytes it came in; nothing is decoded and encoded again. What
//! no signature covers (versions, sets of algorithms, parameters, the identifier of the signer, the
//! certificates beside it) is compared with what it must be, so that no such byte can change
//! unseen.

mod attribute;
mod conduct;
mod error;
#[cfg(test)]
mod forge;
mod message_imprint;
mod oid;
mod signed_attributes;
mod signed_data;
mod signer_info;
mod signing_certificate;
mod time_stamp_req;
mod time_stamp_resp;
mod time_stamp_token;
mod to_be_signed;
mod token_to_be_signed;
mod tst_info;

pub use attribute::Attribute;
pub use conduct::Conduct;
pub use conduct::Parameters;
pub use conduct::Presence;
pub use error::Error;
pub use message_imprint::MessageImprint;
pub use signed_attributes::AlgorithmProtection;
pub use signed_attributes::SignedAttributes;
pub use signed_data::SignedData;
pub use signer_info::SignerIdentifier;
pub use signer_info::SignerInfo;
pub use signer_info::VerifiedSignerInfo;
pub use signing_certificate::SigningCertificate;
pub use signing_certificate::SigningCertificateVersion;
pub use time_stamp_req::RequestedCertificates;
pub use time_stamp_req::TimeStampReq;
pub use time_stamp_resp::PkiFailureInfo;
pub use time_stamp_resp::TimeStampResp;
pub use time_stamp_token::TimeStampToken;
pub use to_be_signed::ToBeSigned;
pub use token_to_be_signed::TokenToBeSigned;
pub use tst_info::TstInfo;
