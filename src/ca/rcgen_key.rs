//! The keys of this crate as `rcgen` takes them, so that its own random source is never used.

use rcgen::PublicKeyData;
use rcgen::SigningKey;

use crate::ca::Error;
use crate::ca::randomness::SharedSigner;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SubjectPublicKey;

/// A private key that signs certificates and lists.
pub(super) struct AuthorityKey {
    signer: SharedSigner,
    algorithm: &'static rcgen::SignatureAlgorithm,
}

impl AuthorityKey {
    /// # Errors
    ///
    /// When `rcgen` cannot name the algorithm of the key in a certificate.
    pub(super) fn new(signer: SharedSigner) -> Result<Self, Error> {
        let algorithm = match signer.algorithm() {
            SignatureAlgorithm::EcdsaSha256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            SignatureAlgorithm::RsaPkcs1Sha256 => &rcgen::PKCS_RSA_SHA256,
            _ => return Err(rcgen::Error::UnsupportedSignatureAlgorithm.into()),
        };
        Ok(Self { signer, algorithm })
    }
}

impl PublicKeyData for AuthorityKey {
    fn der_bytes(&self) -> &[u8] {
        self.signer.subject_public_key()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm
    }
}

impl SigningKey for AuthorityKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.signer
            .sign(message)
            .map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// A public key to be certified.
pub(super) struct CertifiedKey<'a> {
    octets: &'a [u8],
    algorithm: &'static rcgen::SignatureAlgorithm,
}

impl<'a> CertifiedKey<'a> {
    /// # Errors
    ///
    /// When `rcgen` cannot write keys of this kind.
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
}

impl PublicKeyData for CertifiedKey<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.octets
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm
    }
}
