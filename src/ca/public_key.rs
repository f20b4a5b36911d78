//! Public keys to be certified.

use rcgen::PublicKeyData;

use crate::ca::Error;
use crate::crypto::DigestAlgorithm;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::Signer;
use crate::crypto::SubjectPublicKey;
use crate::x509::SerialNumber;

/// A public key of a kind that certificates of this authority may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct PublicKey<'a> {
    octets: &'a [u8],
    algorithm: &'static rcgen::SignatureAlgorithm,
}

impl<'a> PublicKey<'a> {
    /// # Errors
    ///
    /// When certificates here cannot hold keys of this kind.
    pub(super) fn new(key: &SubjectPublicKey<'a>) -> Result<Self, Error> {
        let algorithm = match key.algorithm {
            PublicKeyAlgorithm::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            PublicKeyAlgorithm::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            PublicKeyAlgorithm::Rsa => &rcgen::PKCS_RSA_SHA256,
            PublicKeyAlgorithm::Ed25519 => &rcgen::PKCS_ED25519,
            _ => return Err(rcgen::Error::UnsupportedSignatureAlgorithm.into()),
        };
        Ok(Self {
            octets: key.octets,
            algorithm,
        })
    }

    /// The public half of a signer's key.
    ///
    /// # Errors
    ///
    /// As [`PublicKey::new`].
    pub(super) fn of(signer: &'a (dyn Signer + Send + Sync)) -> Result<Self, Error> {
        Ok(Self {
            octets: signer.subject_public_key(),
            algorithm: algorithm_of(signer)?,
        })
    }

    pub(super) fn is_rsa(&self) -> bool {
        self.algorithm == &rcgen::PKCS_RSA_SHA256
    }

    /// SHA-1 of the content of the BIT STRING (RFC 5280 §4.2.1.2, method 1).
    pub(super) fn identifier(&self) -> Vec<u8> {
        DigestAlgorithm::Sha1.digest(self.octets)
    }

    /// The identifier of the generation before 2022: SHA-1 of the whole subjectPublicKeyInfo.
    pub(super) fn legacy_identifier(&self) -> Vec<u8> {
        DigestAlgorithm::Sha1.digest(&self.subject_public_key_info())
    }

    /// The identifier with its top bit cleared, as the national authority numbers certificates
    /// since 2022.
    pub(super) fn serial(&self) -> SerialNumber {
        let mut serial = self.identifier();
        if let Some(first) = serial.first_mut() {
            *first &= 0x7f;
        }
        SerialNumber::from_magnitude(&serial)
    }
}

impl PublicKeyData for PublicKey<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.octets
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm
    }
}

/// The algorithm of a signer, as `rcgen` names it.
///
/// # Errors
///
/// When certificates here cannot be signed with it.
pub(super) fn algorithm_of(
    signer: &(dyn Signer + Send + Sync),
) -> Result<&'static rcgen::SignatureAlgorithm, Error> {
    match signer.algorithm() {
        SignatureAlgorithm::EcdsaSha256 => Ok(&rcgen::PKCS_ECDSA_P256_SHA256),
        SignatureAlgorithm::RsaPkcs1Sha256 => Ok(&rcgen::PKCS_RSA_SHA256),
        _ => Err(rcgen::Error::UnsupportedSignatureAlgorithm.into()),
    }
}
