//! A private key in memory.

use std::fmt;

use ring::rand::SystemRandom;
use zeroize::Zeroizing;

use crate::crypto;
use crate::crypto::RandomSource;
use crate::crypto::RingSigner;
use crate::keys::Error;
use crate::keys::KeyAlgorithm;
use crate::keys::pem;
use crate::x509;

/// A private key in PKCS#8 (RFC 5958). Its memory is overwritten when it is dropped, and nothing
/// prints it.
#[derive(Clone)]
pub struct PrivateKey {
    pkcs8: Zeroizing<Vec<u8>>,
}

impl PrivateKey {
    /// Takes a key in PKCS#8, not encrypted. The content is judged when the key is first used.
    pub fn from_pkcs8(pkcs8: Vec<u8>) -> Self {
        Self {
            pkcs8: Zeroizing::new(pkcs8),
        }
    }

    /// Reads the first private key of a PEM text: `PRIVATE KEY`, `EC PRIVATE KEY` or
    /// `RSA PRIVATE KEY`.
    ///
    /// # Errors
    ///
    /// [`Error::NoPrivateKey`], [`Error::EncryptedPem`], [`Error::Malformed`].
    pub fn from_pem(text: &[u8]) -> Result<Self, Error> {
        let (keys, _) = pem::read(text)?;
        keys.into_iter().next().ok_or(Error::NoPrivateKey)
    }

    /// Makes a new key.
    ///
    /// # Errors
    ///
    /// When the random source fails.
    pub fn generate(algorithm: KeyAlgorithm, random: &dyn RandomSource) -> Result<Self, Error> {
        let pkcs8 = match algorithm {
            KeyAlgorithm::P256 => crypto::generate_p256(random),
            KeyAlgorithm::Rsa2048 => crypto::generate_rsa(2048, random),
            KeyAlgorithm::Rsa4096 => crypto::generate_rsa(4096, random),
        };
        Ok(Self::from_pkcs8(pkcs8?))
    }

    /// Makes a new key on the curve P-256.
    ///
    /// # Errors
    ///
    /// When the random source fails.
    pub fn generate_p256(random: &dyn RandomSource) -> Result<Self, Error> {
        Self::generate(KeyAlgorithm::P256, random)
    }

    /// The key in PKCS#8.
    pub fn as_pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The key as PEM text with the label `PRIVATE KEY`.
    pub fn to_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(x509::pem::encode("PRIVATE KEY", &self.pkcs8))
    }

    /// The key, ready to sign. `public_key` is the content of the certificate's BIT STRING
    /// `subjectPublicKey`: with it the key is checked to belong to the certificate, and a key that
    /// was stored without its public half can be used.
    ///
    /// # Errors
    ///
    /// [`Error::KeyMismatch`], [`Error::UnsupportedKey`], [`Error::MalformedKey`].
    pub fn signer(
        &self,
        public_key: Option<&[u8]>,
        rng: SystemRandom,
    ) -> Result<RingSigner, Error> {
        Ok(RingSigner::from_pkcs8(&self.pkcs8, public_key, rng)?)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}
