use crate::crypto::DigestAlgorithm;
use crate::pki::ocsp::Error;
use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Reader;

/// Which certificate is meant: by digests of its issuer's name and key, and its number (RFC 6960
/// §4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertId {
    hash_algorithm: Oid,
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
    serial: SerialNumber,
}

impl CertId {
    /// The identifier of a certificate of `issuer`. Responders of RFC 5019 know SHA-1 only, those of
    /// today SHA-256; the digest names, it protects nothing.
    pub fn new(certificate: &Certificate, issuer: &Certificate, hash: DigestAlgorithm) -> Self {
        Self {
            hash_algorithm: hash.oid(),
            issuer_name_hash: hash.digest(certificate.issuer().as_der()),
            issuer_key_hash: hash.digest(issuer.subject_public_key_octets()),
            serial: certificate.serial().clone(),
        }
    }

    pub(super) fn read(mut fields: Reader<'_>) -> Result<Self, Error> {
        let hash = fields.algorithm_identifier()?;
        let id = Self {
            hash_algorithm: hash.oid,
            issuer_name_hash: fields.octet_string()?.into_owned(),
            issuer_key_hash: fields.octet_string()?.into_owned(),
            serial: SerialNumber::from_content(fields.integer()?),
        };
        fields.finish()?;
        Ok(id)
    }

    /// The identifier in DER, the digest algorithm with NULL parameters as responders expect them.
    pub fn to_der(&self) -> Vec<u8> {
        der::sequence(&[
            der::algorithm_identifier(&self.hash_algorithm, Some(&der::null())),
            der::octet_string(&self.issuer_name_hash),
            der::octet_string(&self.issuer_key_hash),
            der::tlv(der::Tag::INTEGER, self.serial.as_bytes()),
        ])
    }

    /// The digest algorithm.
    pub fn hash_algorithm(&self) -> Oid {
        self.hash_algorithm
    }

    /// issuerNameHash.
    pub fn issuer_name_hash(&self) -> &[u8] {
        &self.issuer_name_hash
    }

    /// issuerKeyHash.
    pub fn issuer_key_hash(&self) -> &[u8] {
        &self.issuer_key_hash
    }

    /// The number of the certificate.
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// Whether a certificate of this number from this issuer is meant. `issuer_name` is the name as
    /// it stands in the certificate, whose encoding may differ from that in the issuer's own.
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswer`] for another number; [`Error::UnsupportedHash`];
    /// [`Error::IssuerNameHashMismatch`] and [`Error::IssuerKeyHashMismatch`] when the number is
    /// right and the authority another.
    pub fn check(
        &self,
        serial: &SerialNumber,
        issuer_name: &Name,
        issuer: &Certificate,
    ) -> Result<(), Error> {
        if &self.serial != serial {
            return Err(Error::NoAnswer {
                serial: serial.clone(),
            });
        }
        let algorithm = self.hash_algorithm;
        let hash =
            DigestAlgorithm::from_oid(algorithm).ok_or(Error::UnsupportedHash { algorithm })?;
        if self.issuer_name_hash != hash.digest(issuer_name.as_der()) {
            return Err(Error::IssuerNameHashMismatch);
        }
        if self.issuer_key_hash != hash.digest(issuer.subject_public_key_octets()) {
            return Err(Error::IssuerKeyHashMismatch);
        }
        Ok(())
    }
}
