use crate::crypto::Error;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SubjectPublicKey;

/// Verifies signatures: message in, so that the provider takes the digest itself.
pub trait SignatureVerifier {
    /// Verifies a signature over a message.
    ///
    /// # Errors
    ///
    /// [`Error::BadSignature`] when the signature is wrong; any other case when it could not be
    /// judged, above all [`Error::UnsupportedAlgorithm`] and [`Error::UnsupportedKey`].
    fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &SubjectPublicKey<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error>;
}
