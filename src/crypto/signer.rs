use std::fmt;

use ring::rand::SystemRandom;
use ring::signature;
use ring::signature::EcdsaKeyPair;
use ring::signature::KeyPair;
use ring::signature::RsaKeyPair;

use crate::crypto::Error;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::private_key_info::PrivateKeyInfo;

/// Signs messages: a key in memory here, or in a token, a browser or another machine.
pub trait Signer {
    /// The algorithm of the signatures.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// The content of the BIT STRING subjectPublicKey that a certificate of this key holds.
    fn subject_public_key(&self) -> &[u8];

    /// The signature over a message; DER for ECDSA.
    ///
    /// # Errors
    ///
    /// When the key or its random source refuses.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error>;
}

/// A private key in memory, used by ring: RSA of 2048 to 4096 bits or ECDSA on P-256, both with
/// SHA-256.
pub struct RingSigner {
    key: PrivateKey,
    random: SystemRandom,
}

impl RingSigner {
    /// Reads a private key in PKCS#8 (RFC 5958).
    ///
    /// `public_key` is the content of the certificate's BIT STRING subjectPublicKey. An elliptic
    /// curve key whose PKCS#8 omits its public half, as some issuers write it, can be used only
    /// with it. `random` serves the signatures: the nonce of ECDSA, the blinding of RSA.
    ///
    /// # Errors
    ///
    /// [`Error::KeyMismatch`] when the key does not belong to `public_key`;
    /// [`Error::UnsupportedAlgorithm`] or [`Error::UnsupportedKey`] for another kind or size of
    /// key; [`Error::MalformedPrivateKey`] when it cannot be read.
    pub fn from_pkcs8(
        pkcs8: &[u8],
        public_key: Option<&[u8]>,
        random: SystemRandom,
    ) -> Result<Self, Error> {
        let parts = PrivateKeyInfo::parse(pkcs8).ok_or(Error::MalformedPrivateKey)?;
        let key = match parts.algorithm()? {
            PublicKeyAlgorithm::Rsa => PrivateKey::Rsa(Box::new(rsa(pkcs8, &parts)?)),
            PublicKeyAlgorithm::P256 => {
                PrivateKey::P256(Box::new(p256(pkcs8, &parts, public_key, &random)?))
            }
            other => {
                return Err(Error::UnsupportedAlgorithm {
                    algorithm: other.oid(),
                });
            }
        };
        let signer = Self { key, random };
        if public_key.is_some_and(|public| public != signer.subject_public_key()) {
            return Err(Error::KeyMismatch);
        }
        Ok(signer)
    }
}

impl Signer for RingSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        match self.key {
            PrivateKey::P256(_) => SignatureAlgorithm::EcdsaSha256,
            PrivateKey::Rsa(_) => SignatureAlgorithm::RsaPkcs1Sha256,
        }
    }

    fn subject_public_key(&self) -> &[u8] {
        match &self.key {
            PrivateKey::P256(key) => key.public_key().as_ref(),
            PrivateKey::Rsa(key) => key.public_key().as_ref(),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.key {
            PrivateKey::P256(key) => key
                .sign(&self.random, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| Error::Randomness),
            PrivateKey::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(
                    &signature::RSA_PKCS1_SHA256,
                    &self.random,
                    message,
                    &mut signature,
                )
                .map_err(|_| Error::Randomness)?;
                Ok(signature)
            }
        }
    }
}

impl fmt::Debug for RingSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RingSigner")
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

enum PrivateKey {
    P256(Box<EcdsaKeyPair>),
    Rsa(Box<RsaKeyPair>),
}

fn rsa(pkcs8: &[u8], parts: &PrivateKeyInfo<'_>) -> Result<RsaKeyPair, Error> {
    RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| match parts.rsa_bits() {
        Some(bits) if !(2048..=4096).contains(&bits) => Error::UnsupportedKey {
            algorithm: PublicKeyAlgorithm::Rsa.oid(),
            bits,
        },
        _ => Error::MalformedPrivateKey,
    })
}

fn p256(
    pkcs8: &[u8],
    parts: &PrivateKeyInfo<'_>,
    public_key: Option<&[u8]>,
    random: &SystemRandom,
) -> Result<EcdsaKeyPair, Error> {
    let algorithm = &signature::ECDSA_P256_SHA256_ASN1_SIGNING;
    if let Ok(key) = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8, random) {
        return Ok(key);
    }
    // ring refuses a PKCS#8 without the public half, and one with attributes behind the key.
    let scalar = parts.ec_scalar().ok_or(Error::MalformedPrivateKey)?;
    let point = public_key.ok_or(Error::MalformedPrivateKey)?;
    EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, point, random)
        .map_err(|_| Error::KeyMismatch)
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::RingSigner;
    use super::Signer;
    use crate::crypto::Error;
    use crate::crypto::Provider;
    use crate::crypto::PublicKeyAlgorithm;
    use crate::crypto::SignatureAlgorithm;
    use crate::crypto::SignatureVerifier;
    use crate::crypto::SubjectPublicKey;
    use crate::crypto::generate_p256;
    use crate::crypto::generate_rsa;

    #[test]
    fn a_p256_signature_verifies_and_a_changed_message_does_not() {
        let pkcs8 = generate_p256(&random()).unwrap();
        let signer = RingSigner::from_pkcs8(&pkcs8, None, random()).unwrap();
        assert_round_trip(&signer, PublicKeyAlgorithm::P256);
    }

    #[test]
    fn an_rsa_signature_verifies_and_a_changed_message_does_not() {
        let signer = RingSigner::from_pkcs8(&rsa(2048), None, random()).unwrap();
        assert_eq!(signer.algorithm(), SignatureAlgorithm::RsaPkcs1Sha256);
        assert_round_trip(&signer, PublicKeyAlgorithm::Rsa);
    }

    #[test]
    fn an_elliptic_curve_key_without_public_half_needs_the_certificates_point() {
        let pkcs8 = generate_p256(&random()).unwrap();
        let whole = RingSigner::from_pkcs8(&pkcs8, None, random()).unwrap();
        let bare = without_public_half(&pkcs8);
        let signer =
            RingSigner::from_pkcs8(&bare, Some(whole.subject_public_key()), random()).unwrap();
        assert_round_trip(&signer, PublicKeyAlgorithm::P256);
        assert_eq!(
            RingSigner::from_pkcs8(&bare, None, random()).err(),
            Some(Error::MalformedPrivateKey)
        );
    }

    #[test]
    fn a_private_key_of_another_certificate_is_a_mismatch() {
        let pkcs8 = generate_p256(&random()).unwrap();
        let other = generate_p256(&random()).unwrap();
        let other = RingSigner::from_pkcs8(&other, None, random()).unwrap();
        for key in [pkcs8.clone(), without_public_half(&pkcs8)] {
            let mismatch = RingSigner::from_pkcs8(&key, Some(other.subject_public_key()), random());
            assert_eq!(mismatch.err(), Some(Error::KeyMismatch));
        }
    }

    #[test]
    fn an_rsa_key_of_1024_bits_is_unsupported_for_signing_and_for_verifying() {
        let algorithm = PublicKeyAlgorithm::Rsa.oid();
        let unsupported = Error::UnsupportedKey {
            algorithm,
            bits: 1024,
        };
        let pkcs8 = rsa(1024);
        let signer = RingSigner::from_pkcs8(&pkcs8, None, random());
        assert_eq!(signer.err(), Some(unsupported));

        let modulus = [
            &[0x30, 0x81, 0x89, 2, 0x81, 0x81, 0, 0xff][..],
            &[1; 127],
            &[2, 3, 1, 0, 1],
        ];
        let octets = modulus.concat();
        let key = SubjectPublicKey {
            algorithm: PublicKeyAlgorithm::Rsa,
            parameters: None,
            octets: &octets,
        };
        let verified = Provider.verify(SignatureAlgorithm::RsaPkcs1Sha256, &key, b"", &[0; 128]);
        assert_eq!(verified, Err(unsupported));
    }

    #[test]
    fn garbage_is_a_malformed_private_key() {
        for bytes in [&[][..], b"not a key", &[0x30, 0x80, 0, 0]] {
            let signer = RingSigner::from_pkcs8(bytes, None, random());
            assert_eq!(signer.err(), Some(Error::MalformedPrivateKey));
        }
    }

    #[test]
    fn a_compressed_point_is_an_unsupported_key_and_not_a_bad_signature() {
        let key = SubjectPublicKey {
            algorithm: PublicKeyAlgorithm::P256,
            parameters: None,
            octets: &[2; 33],
        };
        assert_eq!(
            Provider.verify(SignatureAlgorithm::EcdsaSha256, &key, b"", b""),
            Err(Error::UnsupportedKey {
                algorithm: PublicKeyAlgorithm::P256.oid(),
                bits: 256
            })
        );
    }

    fn assert_round_trip(signer: &RingSigner, algorithm: PublicKeyAlgorithm) {
        let signature = signer.sign(b"message").unwrap();
        let key = SubjectPublicKey {
            algorithm,
            parameters: None,
            octets: signer.subject_public_key(),
        };
        let verify = |message| Provider.verify(signer.algorithm(), &key, message, &signature);
        assert_eq!(verify(b"message"), Ok(()));
        assert_eq!(verify(b"massage"), Err(Error::BadSignature));
    }

    /// Leaves out `[1] publicKey` of the ECPrivateKey and mends the three lengths around it.
    fn without_public_half(pkcs8: &[u8]) -> Vec<u8> {
        const PUBLIC_HALF: usize = 70;
        let mut bare = pkcs8[..pkcs8.len() - PUBLIC_HALF].to_vec();
        assert_eq!(bare[..2], [0x30, 0x81]);
        bare[2] -= PUBLIC_HALF as u8;
        bare.remove(1);
        let octets = bare.len() - 41;
        assert_eq!(bare[octets], 4);
        bare[octets + 1] -= PUBLIC_HALF as u8;
        bare[octets + 3] -= PUBLIC_HALF as u8;
        bare
    }

    fn rsa(bits: usize) -> Vec<u8> {
        generate_rsa(bits, &random()).unwrap()
    }

    #[allow(clippy::disallowed_methods, reason = "a test is outside")]
    fn random() -> SystemRandom {
        SystemRandom::new()
    }
}
