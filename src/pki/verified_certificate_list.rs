use crate::crypto;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::x509::CertificateList;

/// Proof that a key signed a list. Whose key that is, and what the list is worth at which time, is
/// asked anew for every certificate.
///
/// It comes only from [`VerifiedCertificateList::verify`]:
///
/// ```compile_fail,E0451
/// # use ruqsat::{crypto::PublicKeyAlgorithm, pki::VerifiedCertificateList, x509::CertificateList};
/// fn forged(list: CertificateList) -> VerifiedCertificateList {
///     let algorithm = PublicKeyAlgorithm::P256;
///     VerifiedCertificateList { list, algorithm, parameters: None, octets: Box::default() }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCertificateList {
    list: CertificateList,
    algorithm: PublicKeyAlgorithm,
    parameters: Option<Box<[u8]>>,
    octets: Box<[u8]>,
}

impl VerifiedCertificateList {
    /// Verifies the signature of a list with a key.
    ///
    /// # Errors
    ///
    /// As [`SignatureVerifier::verify`].
    pub fn verify(
        list: &CertificateList,
        key: &SubjectPublicKey<'_>,
        verifier: &dyn SignatureVerifier,
    ) -> Result<Self, crypto::Error> {
        list.verify_signature(key, verifier)?;
        Ok(Self {
            list: list.clone(),
            algorithm: key.algorithm,
            parameters: key.parameters.map(Into::into),
            octets: key.octets.into(),
        })
    }

    /// The list.
    pub fn list(&self) -> &CertificateList {
        &self.list
    }

    /// The key that signed it.
    pub fn key(&self) -> SubjectPublicKey<'_> {
        SubjectPublicKey {
            algorithm: self.algorithm,
            parameters: self.parameters.as_deref(),
            octets: &self.octets,
        }
    }
}
