use ring::signature;

use crate::crypto::Error;
use crate::crypto::PublicKeyAlgorithm;
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

/// The algorithms of ring: RSA PKCS#1 v1.5 and PSS of 2048 to 8192 bits with SHA-256, -384 and
/// -512, ECDSA on P-256 and P-384 with SHA-256 and -384, and Ed25519.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ring;

impl SignatureVerifier for Ring {
    fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &SubjectPublicKey<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        let ring = ring_algorithm(algorithm, key.algorithm)?;
        if !key.is_usable() {
            return Err(Error::UnsupportedKey {
                algorithm: key.algorithm.oid(),
                bits: key.bits(),
            });
        }
        signature::UnparsedPublicKey::new(ring, key.octets)
            .verify(message, signature)
            .map_err(|_| Error::BadSignature)
    }
}

fn ring_algorithm(
    algorithm: SignatureAlgorithm,
    key: PublicKeyAlgorithm,
) -> Result<&'static dyn signature::VerificationAlgorithm, Error> {
    use PublicKeyAlgorithm as Key;
    use SignatureAlgorithm as Alg;

    Ok(match (algorithm, key) {
        (Alg::EcdsaSha256, Key::P256) => &signature::ECDSA_P256_SHA256_ASN1,
        (Alg::EcdsaSha384, Key::P256) => &signature::ECDSA_P256_SHA384_ASN1,
        (Alg::EcdsaSha256, Key::P384) => &signature::ECDSA_P384_SHA256_ASN1,
        (Alg::EcdsaSha384, Key::P384) => &signature::ECDSA_P384_SHA384_ASN1,
        (Alg::Ed25519, Key::Ed25519) => &signature::ED25519,
        (Alg::RsaPkcs1Sha256, Key::Rsa) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (Alg::RsaPkcs1Sha384, Key::Rsa) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (Alg::RsaPkcs1Sha512, Key::Rsa) => &signature::RSA_PKCS1_2048_8192_SHA512,
        (Alg::RsaPssSha256, Key::Rsa | Key::RsaPss) => &signature::RSA_PSS_2048_8192_SHA256,
        (Alg::RsaPssSha384, Key::Rsa | Key::RsaPss) => &signature::RSA_PSS_2048_8192_SHA384,
        (Alg::RsaPssSha512, Key::Rsa | Key::RsaPss) => &signature::RSA_PSS_2048_8192_SHA512,
        (Alg::EcdsaSha1 | Alg::EcdsaSha512 | Alg::RsaPkcs1Sha1, _)
        | (Alg::EcdsaSha256 | Alg::EcdsaSha384, Key::P521) => {
            return Err(Error::UnsupportedAlgorithm {
                algorithm: algorithm.oid(),
            });
        }
        _ => {
            return Err(Error::KeyAlgorithmMismatch {
                algorithm: algorithm.oid(),
                key: key.oid(),
            });
        }
    })
}
