use std::fmt;

use p256::ecdsa::Signature;
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use rsa::Pkcs1v15Sign;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;

use crate::crypto::DigestAlgorithm;
use crate::crypto::Error;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::Signer;
use crate::crypto::private_key_info::PrivateKeyInfo;
use crate::crypto::tlv;

/// Signs with what no longer protects, and ring therefore does not: RSA keys of 1024 bits, and
/// SHA-1. Nothing about it is hidden from who measures its time; it is for TEST certificates that
/// must be refused.
pub(crate) struct WeakSigner {
    key: Key,
    digest: DigestAlgorithm,
    algorithm: SignatureAlgorithm,
    subject_public_key: Vec<u8>,
}

enum Key {
    P256(Box<SigningKey>),
    Rsa(Box<rsa::PrivateKey>),
}

impl WeakSigner {
    /// Reads a private key in PKCS#8: RSA of any size, or P-256.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedAlgorithm`] for another kind of key or digest,
    /// [`Error::MalformedPrivateKey`].
    pub(crate) fn from_pkcs8(pkcs8: &[u8], digest: DigestAlgorithm) -> Result<Self, Error> {
        let parts = PrivateKeyInfo::parse(pkcs8).ok_or(Error::MalformedPrivateKey)?;
        let kind = parts.algorithm()?;
        let algorithm = match (kind, digest) {
            (PublicKeyAlgorithm::P256, DigestAlgorithm::Sha1) => SignatureAlgorithm::EcdsaSha1,
            (PublicKeyAlgorithm::P256, DigestAlgorithm::Sha256) => SignatureAlgorithm::EcdsaSha256,
            (PublicKeyAlgorithm::Rsa, DigestAlgorithm::Sha1) => SignatureAlgorithm::RsaPkcs1Sha1,
            (PublicKeyAlgorithm::Rsa, DigestAlgorithm::Sha256) => {
                SignatureAlgorithm::RsaPkcs1Sha256
            }
            _ => {
                let algorithm = kind.oid();
                return Err(Error::UnsupportedAlgorithm { algorithm });
            }
        };
        let (key, subject_public_key) = match kind {
            PublicKeyAlgorithm::Rsa => rsa_key(pkcs8)?,
            _ => p256_key(&parts)?,
        };
        Ok(Self {
            key,
            digest,
            algorithm,
            subject_public_key,
        })
    }

    /// DigestInfo up to the digest itself (RFC 8017 §9.2).
    fn digest_info(&self) -> Vec<u8> {
        let oid = self.digest.oid();
        let identifier = [
            &tlv::short(tlv::OBJECT_IDENTIFIER, oid.octets()),
            &[5, 0][..],
        ]
        .concat();
        let identifier = tlv::short(tlv::SEQUENCE, &identifier);
        let length = self.digest.output_length() as u8;
        let inner = [&identifier, &[tlv::OCTET_STRING, length][..]].concat();
        [&[tlv::SEQUENCE, inner.len() as u8 + length], &*inner].concat()
    }
}

impl Signer for WeakSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn subject_public_key(&self) -> &[u8] {
        &self.subject_public_key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let digest = self.digest.digest(message);
        match &self.key {
            Key::P256(key) => {
                let signature: Signature =
                    key.sign_prehash(&digest).map_err(|_| Error::Randomness)?;
                let (r, s) = signature.split_bytes();
                let content = [tlv::unsigned(&r), tlv::unsigned(&s)].concat();
                Ok(tlv::short(tlv::SEQUENCE, &content))
            }
            Key::Rsa(key) => {
                let scheme = Pkcs1v15Sign {
                    hash_len: Some(digest.len()),
                    prefix: self.digest_info().into(),
                };
                key.sign(scheme, &digest)
                    .map_err(|_| Error::MalformedPrivateKey)
            }
        }
    }
}

impl fmt::Debug for WeakSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakSigner")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

fn rsa_key(pkcs8: &[u8]) -> Result<(Key, Vec<u8>), Error> {
    let key = rsa::PrivateKey::from_pkcs8_der(pkcs8).map_err(|_| Error::MalformedPrivateKey)?;
    let public_key = key
        .to_public_key()
        .to_pkcs1_der()
        .map_err(|_| Error::MalformedPrivateKey)?;
    Ok((Key::Rsa(Box::new(key)), public_key.as_bytes().to_vec()))
}

fn p256_key(parts: &PrivateKeyInfo<'_>) -> Result<(Key, Vec<u8>), Error> {
    let scalar = parts.ec_scalar().ok_or(Error::MalformedPrivateKey)?;
    let key = SigningKey::from_slice(scalar).map_err(|_| Error::MalformedPrivateKey)?;
    let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
    Ok((Key::P256(Box::new(key)), point))
}

#[cfg(test)]
#[allow(
    clippy::disallowed_methods,
    reason = "tests may take the system's random source"
)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;
    use crate::crypto::Provider;
    use crate::crypto::SignatureVerifier;
    use crate::crypto::SubjectPublicKey;
    use crate::crypto::generate_p256;
    use crate::crypto::generate_rsa;

    const DIGESTS: [DigestAlgorithm; 2] = [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256];

    fn verify(signer: &WeakSigner, algorithm: PublicKeyAlgorithm) -> Result<(), Error> {
        let key = SubjectPublicKey {
            algorithm,
            parameters: None,
            octets: signer.subject_public_key(),
        };
        let signature = signer.sign(b"message").unwrap();
        assert_eq!(signer.sign(b"message").unwrap(), signature);
        Provider.verify(signer.algorithm(), &key, b"message", &signature)
    }

    #[test]
    fn signatures_verify_where_the_size_of_the_key_lets_them() {
        let random = SystemRandom::new();
        let p256 = generate_p256(&random).unwrap();
        let rsa = generate_rsa(2048, &random).unwrap();
        let short = generate_rsa(1024, &random).unwrap();
        for digest in DIGESTS {
            let signer = |pkcs8| WeakSigner::from_pkcs8(pkcs8, digest).unwrap();
            assert_eq!(verify(&signer(&p256), PublicKeyAlgorithm::P256), Ok(()));
            assert_eq!(verify(&signer(&rsa), PublicKeyAlgorithm::Rsa), Ok(()));
            let refused = verify(&signer(&short), PublicKeyAlgorithm::Rsa);
            let algorithm = PublicKeyAlgorithm::Rsa.oid();
            let bits = 1024;
            assert_eq!(refused, Err(Error::UnsupportedKey { algorithm, bits }));
        }
    }

    #[test]
    fn what_is_no_key_or_has_no_algorithm_is_refused() {
        let refused = WeakSigner::from_pkcs8(b"no key", DigestAlgorithm::Sha1);
        assert_eq!(refused.err(), Some(Error::MalformedPrivateKey));
        let p256 = generate_p256(&SystemRandom::new()).unwrap();
        let refused = WeakSigner::from_pkcs8(&p256, DigestAlgorithm::Sha512);
        assert!(matches!(refused, Err(Error::UnsupportedAlgorithm { .. })));
    }
}
