//! A key with the certificate that names its holder.

use ring::rand::SystemRandom;

use crate::crypto::RingSigner;
use crate::keys::Error;
use crate::keys::PrivateKey;
use crate::keys::pem;
use crate::keys::pkcs12;
use crate::x509::Certificate;

/// A private key, the certificate it belongs to, and certificates of issuers that came with them.
#[derive(Clone, Debug)]
pub struct Identity {
    key: PrivateKey,
    leaf: Certificate,
    issuers: Vec<Certificate>,
}

impl Identity {
    /// Puts together what belongs together.
    ///
    /// # Errors
    ///
    /// [`Error::KeyMismatch`] when the key is not that of the certificate,
    /// [`Error::UnsupportedKey`] when it is of a kind this crate does not sign with.
    pub fn new(
        key: PrivateKey,
        leaf: Certificate,
        issuers: Vec<Certificate>,
        rng: &SystemRandom,
    ) -> Result<Self, Error> {
        let identity = Self { key, leaf, issuers };
        identity.signer(rng)?;
        Ok(identity)
    }

    /// Reads a PKCS#12 file (RFC 7292) with one signer in it. Its certificate is the one that the
    /// key belongs to, whatever its attributes say.
    ///
    /// # Errors
    ///
    /// [`Error::WrongPassword`]; [`Error::NoPrivateKey`], [`Error::NoCertificate`] and
    /// [`Error::KeyMismatch`] when something is missing; [`Error::UnsupportedKey`];
    /// [`Error::MalformedPkcs12`] and [`Error::UnsupportedContainer`] when it cannot be read.
    pub fn from_pkcs12(file: &[u8], password: &str, rng: &SystemRandom) -> Result<Self, Error> {
        let (keys, certificates) = pkcs12::read(file, password)?;
        Self::pick(keys, certificates, rng)
    }

    /// Reads a PEM text with the key, its certificate and those of issuers, in any order.
    ///
    /// # Errors
    ///
    /// [`Error::NoPrivateKey`], [`Error::NoCertificate`] and [`Error::KeyMismatch`] when something
    /// is missing; [`Error::UnsupportedKey`]; [`Error::EncryptedPem`]; [`Error::Malformed`].
    pub fn from_pem(text: &[u8], rng: &SystemRandom) -> Result<Self, Error> {
        let (keys, certificates) = pem::read(text)?;
        Self::pick(keys, certificates, rng)
    }

    /// The private key.
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// The holder's certificate.
    pub fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// The other certificates that came with the key, in the order they came.
    pub fn issuers(&self) -> &[Certificate] {
        &self.issuers
    }

    /// Adds certificates of issuers; those that are there already are left out.
    pub fn add_issuers(&mut self, issuers: impl IntoIterator<Item = Certificate>) {
        for issuer in issuers {
            let known = |other: &Certificate| other.as_der() == issuer.as_der();
            if !known(&self.leaf) && !self.issuers.iter().any(known) {
                self.issuers.push(issuer);
            }
        }
    }

    /// The key, ready to sign.
    ///
    /// # Errors
    ///
    /// As [`PrivateKey::signer`].
    pub fn signer(&self, rng: &SystemRandom) -> Result<RingSigner, Error> {
        signer(&self.key, &self.leaf, rng)
    }

    /// Finds the key and the certificate that belong together.
    fn pick(
        keys: Vec<PrivateKey>,
        certificates: Vec<Certificate>,
        rng: &SystemRandom,
    ) -> Result<Self, Error> {
        let count = keys.len() + certificates.len();
        if count > MOST {
            return Err(Error::TooMany { count, limit: MOST });
        }
        if keys.is_empty() {
            return Err(Error::NoPrivateKey);
        }
        let mut refusal = Error::NoCertificate;
        for key in keys {
            for leaf in &certificates {
                match signer(&key, leaf, rng) {
                    Ok(_) => {
                        let mut identity = Self {
                            key,
                            leaf: leaf.clone(),
                            issuers: Vec::new(),
                        };
                        identity.add_issuers(certificates);
                        return Ok(identity);
                    }
                    Err(error) => refusal = error,
                }
            }
        }
        Err(refusal)
    }
}

fn signer(
    key: &PrivateKey,
    certificate: &Certificate,
    rng: &SystemRandom,
) -> Result<RingSigner, Error> {
    key.signer(Some(certificate.subject_public_key_octets()), rng.clone())
}

/// A signer's container holds one key and a handful of certificates.
const MOST: usize = 64;
