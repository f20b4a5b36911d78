//! Making a time-stamp token in two steps: the attributes to be signed, then the message around them.

use time::OffsetDateTime;

use crate::cms::Error;
use crate::cms::ToBeSigned;
use crate::cms::TstInfo;
use crate::cms::oid;
use crate::cms::to_be_signed::attribute;
use crate::cms::to_be_signed::signer_info;
use crate::cms::to_be_signed::signing_certificate_v2;
use crate::crypto::DigestAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::x509::Certificate;
use crate::x509::der;

/// The signed attributes of a time-stamp token, before the key of the authority is used (RFC 3161
/// §2.4.2, RFC 5816): content-type, message-digest, signing-time and signing-certificate-v2.
#[derive(Clone, Debug)]
pub struct TokenToBeSigned {
    tst_info: Vec<u8>,
    attributes: Vec<u8>,
    digest: DigestAlgorithm,
    algorithm: SignatureAlgorithm,
    leaf: Certificate,
}

impl TokenToBeSigned {
    /// The attributes for a signature by the key of `leaf`, the authority's certificate.
    ///
    /// # Errors
    ///
    /// As [`ToBeSigned::digest_algorithm`].
    pub fn new(
        tst_info: &TstInfo,
        signing_time: OffsetDateTime,
        algorithm: SignatureAlgorithm,
        leaf: &Certificate,
    ) -> Result<Self, Error> {
        let digest = ToBeSigned::digest_algorithm(algorithm)?;
        let tst_info = tst_info.to_der();
        let attributes = [
            attribute(&oid::CONTENT_TYPE, &der::oid(&oid::TST_INFO)),
            attribute(
                &oid::MESSAGE_DIGEST,
                &der::octet_string(&digest.digest(&tst_info)),
            ),
            attribute(&oid::SIGNING_TIME, &der::time(signing_time)),
            attribute(&oid::SIGNING_CERTIFICATE_V2, &signing_certificate_v2(leaf)),
        ];
        Ok(Self {
            tst_info,
            attributes: der::set_of(&attributes),
            digest,
            algorithm,
            leaf: leaf.clone(),
        })
    }

    /// The message for the key: the attributes as SET OF (RFC 5652 §5.4).
    pub fn as_bytes(&self) -> &[u8] {
        &self.attributes
    }

    /// The token in DER around a signature value, with these certificates: none when the request
    /// wants none. Nothing is verified here.
    pub fn assemble(&self, signature: &[u8], certificates: &[Certificate]) -> Vec<u8> {
        let mut set: Vec<_> = certificates.iter().map(Certificate::as_der).collect();
        set.sort_unstable();
        let certificates = match set.is_empty() {
            true => Vec::new(),
            false => der::context(0, &set.concat()),
        };
        let content = der::context(0, &der::octet_string(&self.tst_info));
        let signer = signer_info(
            &self.attributes,
            self.digest,
            self.algorithm,
            signature,
            &self.leaf,
        );
        let signed_data = der::sequence(&[
            der::unsigned(VERSION),
            der::set_of(&[der::algorithm_identifier(&self.digest.oid(), None)]),
            der::sequence(&[der::oid(&oid::TST_INFO), content]),
            certificates,
            der::set_of(&[signer]),
        ]);
        der::sequence(&[der::oid(&oid::SIGNED_DATA), der::context(0, &signed_data)])
    }
}

/// That of a message whose content is not id-data (RFC 5652 §5.1).
const VERSION: u64 = 3;
