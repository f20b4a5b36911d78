//! A certificate of the authority's own, with its key.

use rcgen::Issuer;

use crate::ca::Error;
use crate::ca::Randomness;
use crate::ca::randomness::SharedSigner;
use crate::ca::rcgen_writer::IssuerKey;
use crate::crypto::Signer;
use crate::keys::PrivateKey;
use crate::x509::Certificate;

/// A part of the authority that signs: certificates and lists, answers or time-stamps.
pub(super) struct Unit {
    pub(super) certificate: Certificate,
    pub(super) key: PrivateKey,
    signer: SharedSigner,
}

impl Unit {
    /// Puts a certificate and its key together and prepares the key.
    ///
    /// # Errors
    ///
    /// When the key is not that of the certificate.
    pub(super) fn new(
        certificate: Certificate,
        key: PrivateKey,
        randomness: &Randomness,
    ) -> Result<Self, Error> {
        let signer = randomness.signer(&key, Some(certificate.subject_public_key_octets()))?;
        Ok(Self::with_signer(certificate, key, signer))
    }

    /// The same with a signer of this key.
    pub(super) fn with_signer(
        certificate: Certificate,
        key: PrivateKey,
        signer: SharedSigner,
    ) -> Self {
        Self {
            certificate,
            key,
            signer,
        }
    }

    /// The key, ready to sign.
    pub(super) fn signer(&self) -> &(dyn Signer + Send + Sync) {
        &*self.signer
    }

    pub(super) fn issuer(&self) -> Result<Issuer<'static, IssuerKey>, Error> {
        let key = IssuerKey::new(self.signer.clone())?;
        let certificate = self.certificate.as_der().into();
        Ok(Issuer::from_ca_cert_der(&certificate, key)?)
    }
}
