use std::fmt;
use std::sync::Arc;

use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::pki::ocsp::Error;
use crate::pki::ocsp::Nonce;
use crate::pki::ocsp::ResponderId;
use crate::pki::ocsp::SingleResponse;
use crate::pki::ocsp::extensions;
use crate::pki::ocsp::oids;
use crate::pki::ocsp::request::read_version;
use crate::pki::ocsp::single_response::generalized_time;
use crate::x509::Certificate;
use crate::x509::Extension;
use crate::x509::Oid;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// A `BasicOCSPResponse` (RFC 6960 §4.2.1): what a responder says, and its signature. A clone is
/// cheap.
#[derive(Clone, PartialEq, Eq)]
pub struct BasicOcspResponse(Arc<Fields>);

#[derive(PartialEq, Eq)]
struct Fields {
    /// tbsResponseData as it came.
    tbs: Vec<u8>,
    data: ResponseData,
    signature_algorithm: (Oid, Option<Vec<u8>>),
    signature: Vec<u8>,
    certificates: Vec<Vec<u8>>,
}

#[derive(PartialEq, Eq)]
struct ResponseData {
    responder_id: ResponderId,
    produced_at: OffsetDateTime,
    responses: Vec<SingleResponse>,
    extensions: Vec<Extension>,
    nonce: Option<Nonce>,
}

impl BasicOcspResponse {
    /// Reads a response in DER, as signed documents embed it too.
    ///
    /// # Errors
    ///
    /// [`Error::Version`], [`Error::DuplicateExtension`], [`Error::MalformedExtension`],
    /// [`Error::NonceLength`], [`Error::TooMany`], [`Error::Der`] and [`Error::Malformed`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let tbs = fields.expect(Tag::SEQUENCE)?;
        let algorithm = fields.algorithm_identifier()?;
        let signature = fields.bit_string()?;
        let certificates = match fields.context(0)? {
            Some(mut certificates) => {
                let sequence = certificates.sequence()?;
                certificates.finish()?;
                read_certificates(sequence)?
            }
            None => Vec::new(),
        };
        fields.finish()?;
        Ok(Self(Arc::new(Fields {
            data: ResponseData::read(tbs.reader()?)?,
            tbs: tbs.raw.to_vec(),
            signature_algorithm: (algorithm.oid, algorithm.parameters.map(<[u8]>::to_vec)),
            signature: match signature.unused_bits {
                0 => signature.octets.to_vec(),
                _ => Vec::new(),
            },
            certificates,
        })))
    }

    /// The bytes that are signed, tbsResponseData.
    pub fn tbs(&self) -> &[u8] {
        &self.0.tbs
    }

    /// Who signed, as the response says itself.
    pub fn responder_id(&self) -> &ResponderId {
        &self.0.data.responder_id
    }

    /// When it was signed, as the response says itself.
    pub fn produced_at(&self) -> OffsetDateTime {
        self.0.data.produced_at
    }

    /// What is said about each certificate.
    pub fn responses(&self) -> &[SingleResponse] {
        &self.0.data.responses
    }

    /// responseExtensions.
    pub fn extensions(&self) -> &[Extension] {
        &self.0.data.extensions
    }

    /// The nonce of the request that is answered.
    pub fn nonce(&self) -> Option<&Nonce> {
        self.0.data.nonce.as_ref()
    }

    /// Whether the responder says of certificates that were never issued that they are revoked
    /// (RFC 6960 §4.4.8).
    pub fn has_extended_revoke(&self) -> bool {
        extensions::value(&self.0.data.extensions, oids::EXTENDED_REVOKE).is_some()
    }

    /// The embedded certificates that can be read; one that cannot is not the responder's.
    pub(super) fn parsed_certificates(&self) -> Vec<Certificate> {
        self.certificates()
            .filter_map(|raw| Certificate::from_der(raw).ok())
            .collect()
    }

    /// The embedded certificates, raw. Nobody vouches for them.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.0.certificates.iter().map(Vec::as_slice)
    }

    /// The signature algorithm.
    ///
    /// # Errors
    ///
    /// As [`SignatureAlgorithm::from_identifier`].
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, crypto::Error> {
        let (oid, parameters) = &self.0.signature_algorithm;
        SignatureAlgorithm::from_identifier(&AlgorithmIdentifier {
            oid: *oid,
            parameters: parameters.as_deref(),
        })
    }

    /// The octets of the signature; empty when its bits are no whole octets.
    pub fn signature(&self) -> &[u8] {
        &self.0.signature
    }

    /// Verifies the signature with a key, and nothing else.
    ///
    /// # Errors
    ///
    /// As [`SignatureVerifier::verify`].
    pub fn verify_signature(
        &self,
        key: &SubjectPublicKey<'_>,
        verifier: &dyn SignatureVerifier,
    ) -> Result<(), crypto::Error> {
        verifier.verify(
            self.signature_algorithm()?,
            key,
            self.tbs(),
            self.signature(),
        )
    }

    pub(super) fn unknown_critical_extension(&self) -> Option<Oid> {
        extensions::unknown_critical(&self.0.data.extensions, &KNOWN)
    }
}

impl fmt::Debug for BasicOcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BasicOcspResponse")
            .field("responder_id", self.responder_id())
            .field("produced_at", &self.produced_at())
            .field("responses", &self.responses())
            .finish_non_exhaustive()
    }
}

impl ResponseData {
    fn read(mut fields: Reader<'_>) -> Result<Self, Error> {
        read_version(&mut fields)?;
        let responder_id = ResponderId::read(&mut fields)?;
        let produced_at = generalized_time(&mut fields)?;
        let responses = read_responses(fields.sequence()?)?;
        let extensions = match fields.context(1)? {
            Some(extensions) => extensions::read_all(extensions)?,
            None => Vec::new(),
        };
        fields.finish()?;
        Ok(Self {
            responder_id,
            produced_at,
            responses,
            nonce: extensions::nonce(&extensions)?,
            extensions,
        })
    }
}

fn read_responses(mut list: Reader<'_>) -> Result<Vec<SingleResponse>, Error> {
    let mut responses = Vec::new();
    while !list.is_empty() {
        if responses.len() == MOST_RESPONSES {
            return Err(Error::TooMany {
                kind: "responses",
                limit: MOST_RESPONSES,
            });
        }
        responses.push(SingleResponse::read(list.sequence()?)?);
    }
    Ok(responses)
}

fn read_certificates(mut sequence: Reader<'_>) -> Result<Vec<Vec<u8>>, Error> {
    let mut certificates = Vec::new();
    while !sequence.is_empty() {
        if certificates.len() == MOST_CERTIFICATES {
            return Err(Error::TooMany {
                kind: "certificates",
                limit: MOST_CERTIFICATES,
            });
        }
        certificates.push(sequence.expect(Tag::SEQUENCE)?.raw.to_vec());
    }
    Ok(certificates)
}

/// A response that was made in advance may hold some hundreds.
const MOST_RESPONSES: usize = 4096;
/// The responder's and its path.
const MOST_CERTIFICATES: usize = 16;
/// Archive cutoff belongs to single responses and is tolerated here; none of them changes what a
/// status means but extended-revoke, which is heeded.
const KNOWN: [Oid; 3] = [oids::NONCE, oids::EXTENDED_REVOKE, oids::ARCHIVE_CUTOFF];
