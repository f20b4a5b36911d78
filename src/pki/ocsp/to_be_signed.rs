use time::OffsetDateTime;

use crate::crypto::SignatureAlgorithm;
use crate::pki::ocsp::Nonce;
use crate::pki::ocsp::ResponderId;
use crate::pki::ocsp::SingleResponse;
use crate::pki::ocsp::extensions;
use crate::pki::ocsp::oids;
use crate::x509::Certificate;
use crate::x509::Extension;
use crate::x509::der;
use crate::x509::der::Tag;

/// `ResponseData` (RFC 6960 §4.2.1): what a responder is about to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBeSigned(Vec<u8>);

/// Whether a response says that this responder calls certificates revoked that were never issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendedRevoke {
    /// It does (RFC 6960 §4.4.8).
    Said,
    /// It says nothing of the kind.
    Unsaid,
}

impl ToBeSigned {
    /// What `responder` says at a time, bringing back the nonce of the request.
    pub fn new(
        responder: &ResponderId,
        produced_at: OffsetDateTime,
        responses: &[SingleResponse],
        nonce: Option<&Nonce>,
        extended_revoke: ExtendedRevoke,
    ) -> Self {
        let singles: Vec<_> = responses.iter().map(SingleResponse::to_der).collect();
        let mut fields = responder.to_der();
        fields.extend(der::generalized_time(produced_at));
        fields.extend(der::sequence(&singles));
        let extended_revoke = (extended_revoke == ExtendedRevoke::Said).then(|| Extension {
            oid: oids::EXTENDED_REVOKE,
            critical: false,
            value: der::null(),
        });
        let nonce = nonce.map(Nonce::to_extension);
        let all: Vec<_> = nonce.into_iter().chain(extended_revoke).collect();
        if !all.is_empty() {
            fields.extend(der::context(1, &extensions::to_der(&all)));
        }
        Self(der::tlv(Tag::SEQUENCE, &fields))
    }

    /// The message for the key.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The `OCSPResponse` in DER around a signature value, with certificates to verify it by.
    /// Nothing is verified here.
    pub fn assemble(
        &self,
        algorithm: SignatureAlgorithm,
        signature: &[u8],
        certificates: &[Certificate],
    ) -> Vec<u8> {
        let mut fields = self.0.clone();
        fields.extend(der::signature_algorithm(algorithm));
        fields.extend(der::bit_string(signature));
        if !certificates.is_empty() {
            let certificates: Vec<_> = certificates.iter().map(Certificate::as_der).collect();
            fields.extend(der::context(0, &der::sequence(&certificates)));
        }
        let basic = der::tlv(Tag::SEQUENCE, &fields);
        let bytes = der::sequence(&[der::oid(&oids::BASIC), der::octet_string(&basic)]);
        der::sequence(&[der::enumerated(SUCCESSFUL), der::context(0, &bytes)])
    }
}

/// The status of a response that has content.
const SUCCESSFUL: u8 = 0;
