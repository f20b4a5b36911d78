use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::Obsolete;
use crate::pki::BudgetExceeded;
use crate::pki::ocsp::ResponderId;
use crate::pki::ocsp::ResponseStatus;
use crate::x509;
use crate::x509::Certificate;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::der;

/// Why bytes are no request or response, or why a response says nothing about a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The key of the responder did not make the signature.
    #[error("the signature of the OCSP response does not verify")]
    BadSignature,
    /// The limits of the policy were reached.
    #[error(transparent)]
    BudgetExceeded(#[from] BudgetExceeded),
    /// The structure is not that of RFC 6960.
    #[error("the OCSP message is malformed")]
    Der(#[from] der::Error),
    /// An extension stands twice.
    #[error("extension {oid} stands twice")]
    DuplicateExtension {
        /// The extension.
        oid: Oid,
    },
    /// The response speaks of a certificate with this number from an authority with another key.
    #[error("issuerKeyHash is not that of the issuer's key")]
    IssuerKeyHashMismatch,
    /// The response speaks of a certificate with this number from an authority of another name.
    #[error("issuerNameHash is not that of the issuer's name")]
    IssuerNameHashMismatch,
    /// The content of an extension is not what its definition prescribes.
    #[error("extension {oid} is malformed")]
    MalformedExtension {
        /// The extension.
        oid: Oid,
    },
    /// A name or reason inside cannot be read.
    #[error("the OCSP message is malformed")]
    Malformed(#[from] x509::Error),
    /// The response does not speak of the certificate.
    #[error("the OCSP response says nothing about certificate {serial}")]
    NoAnswer {
        /// The number of the certificate asked for.
        serial: SerialNumber,
    },
    /// A nonce was sent and none came back.
    #[error("the OCSP response has no nonce")]
    NonceMissing,
    /// Another nonce came back than was sent: the response answers another request.
    #[error("the nonce of the OCSP response is another one")]
    NonceMismatch,
    /// A nonce has no octet, or more than 128 (RFC 9654 §2.1).
    #[error("a nonce of {length} octets")]
    NonceLength {
        /// How many octets it has.
        length: usize,
    },
    /// A successful response without content.
    #[error("the OCSP response says that it is successful and is empty")]
    NoResponseBytes,
    /// thisUpdate lies after the time in question.
    #[error("the OCSP response is of {this_update}, after {time}")]
    NotYetCurrent {
        /// thisUpdate.
        this_update: OffsetDateTime,
        /// The time in question.
        time: OffsetDateTime,
    },
    /// The response was made after the time in question.
    #[error("the OCSP response was made at {produced_at}, after {time}")]
    NotYetProduced {
        /// producedAt.
        produced_at: OffsetDateTime,
        /// The time in question.
        time: OffsetDateTime,
    },
    /// The response was made before what it says was known.
    #[error("the OCSP response of {this_update} was made earlier, at {produced_at}")]
    ProducedBeforeUpdate {
        /// producedAt.
        produced_at: OffsetDateTime,
        /// thisUpdate.
        this_update: OffsetDateTime,
    },
    /// The signature could be forged at the time in question.
    #[error("the signature of the OCSP response: {0}")]
    Obsolete(#[source] Obsolete),
    /// No certificate at hand is the one that signed, as the response names it.
    #[error("the OCSP responder is unknown: {0}", .responder)]
    ResponderUnknown {
        /// Who the response says has signed.
        responder: ResponderId,
    },
    /// Who signed may not answer for the issuer.
    #[error("the OCSP responder {} may not answer: {distrust}", .certificate.subject())]
    ResponderUntrusted {
        /// The certificate of the responder.
        certificate: Certificate,
        /// Why not.
        distrust: Distrust,
    },
    /// The response was not current at the time.
    #[error("the OCSP response of {this_update} is out of date at {time}")]
    Stale {
        /// thisUpdate.
        this_update: OffsetDateTime,
        /// nextUpdate, `None` when the response does not say when there will be news.
        next_update: Option<OffsetDateTime>,
        /// The time in question.
        time: OffsetDateTime,
    },
    /// More than any honest message holds.
    #[error("more than {limit} {kind}")]
    TooMany {
        /// Of what.
        kind: &'static str,
        /// How many are read.
        limit: usize,
    },
    /// An error status with content.
    #[error("the OCSP response has status {status} and content")]
    UnexpectedResponseBytes {
        /// The status.
        status: ResponseStatus,
    },
    /// The signature could not be judged.
    #[error("the signature of the OCSP response cannot be checked")]
    Unjudged(#[source] crypto::Error),
    /// A critical extension that nobody here knows.
    #[error("the OCSP response has the unknown critical extension {oid}")]
    UnknownCriticalExtension {
        /// The extension.
        oid: Oid,
    },
    /// The response is of another type than id-pkix-ocsp-basic.
    #[error("the OCSP response is of the unknown type {oid}")]
    UnknownResponseType {
        /// Its type.
        oid: Oid,
    },
    /// A status that RFC 6960 §4.2.1 does not define.
    #[error("the OCSP response has the unknown status {code}")]
    UnknownStatus {
        /// The status.
        code: u64,
    },
    /// The responder did not answer.
    #[error("the OCSP responder answers: {status}")]
    Unsuccessful {
        /// What it said instead.
        status: ResponseStatus,
    },
    /// The response names the certificate by a digest that is not known.
    #[error("digest algorithm {algorithm} is not supported")]
    UnsupportedHash {
        /// The digest algorithm.
        algorithm: Oid,
    },
    /// A version that does not exist.
    #[error("unknown version {version}")]
    Version {
        /// The version, counted from 1.
        version: u64,
    },
}

/// Why the holder of a certificate may not answer for an authority (RFC 6960 §4.2.2.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// The authority's key did not sign the certificate.
    #[error("its certificate does not come from the authority")]
    BadSignature,
    /// It had expired.
    #[error("its certificate expired at {not_after}")]
    Expired {
        /// The end of validity.
        not_after: OffsetDateTime,
        /// The time for which it was asked.
        time: OffsetDateTime,
    },
    /// keyUsage allows neither digitalSignature nor nonRepudiation (RFC 5280 §4.2.1.12).
    #[error("its key may not sign")]
    KeyUsage,
    /// extKeyUsage does not name id-kp-OCSPSigning.
    #[error("its certificate is not for OCSP")]
    NoOcspSigning,
    /// It was not yet valid.
    #[error("its certificate is not valid before {not_before}")]
    NotYetValid {
        /// The beginning of validity.
        not_before: OffsetDateTime,
        /// The time for which it was asked.
        time: OffsetDateTime,
    },
    /// The authority's signature in it could be forged at the time.
    #[error("the signature in its certificate: {0}")]
    Obsolete(#[source] Obsolete),
    /// Another authority issued it.
    #[error("its certificate was issued by another authority")]
    OtherIssuer,
    /// A critical extension that nobody here knows.
    #[error("its certificate has the unknown critical extension {oid}")]
    UnknownCriticalExtension {
        /// The extension.
        oid: Oid,
    },
    /// The signature of the authority could not be judged.
    #[error("the signature in its certificate cannot be checked")]
    Unjudged(#[source] crypto::Error),
}

impl Error {
    /// How much the failure tells: of several candidates the greatest is reported.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::ResponderUntrusted { .. } => 3,
            Self::Unjudged(_) => 2,
            Self::BadSignature => 1,
            _ => 0,
        }
    }
}
