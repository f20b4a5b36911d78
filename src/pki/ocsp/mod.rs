//! The Online Certificate Status Protocol (RFC 6960): requests, responses, and what a response is
//! worth.
//!
//! A response is read over the bytes it came in, its signature verified over the very bytes of
//! tbsResponseData. Whoever answers must be the authority that issued the certificate in question,
//! or hold a certificate for this purpose from that authority's own key.

mod basic_response;
mod cert_id;
mod check;
mod error;
mod extensions;
mod nonce;
mod oids;
mod policy;
mod question;
mod request;
mod responder;
mod responder_id;
mod response;
mod single_response;
#[cfg(test)]
pub(super) mod test_responder;
mod to_be_signed;

pub use basic_response::BasicOcspResponse;
pub use cert_id::CertId;
pub use check::CurrentResponse;
pub use check::Status;
pub use check::VerifiedResponse;
pub use check::check_response;
pub use check::verify_response;
pub use error::Distrust;
pub use error::Error;
pub use nonce::Nonce;
pub use policy::OcspPolicy;
pub use question::Question;
pub use request::OcspRequest;
pub use responder::Responder;
pub use responder_id::ResponderId;
pub use response::OcspResponse;
pub use response::ResponseStatus;
pub use single_response::CertStatus;
pub use single_response::SingleResponse;
pub use to_be_signed::ExtendedRevoke;
pub use to_be_signed::ToBeSigned;
