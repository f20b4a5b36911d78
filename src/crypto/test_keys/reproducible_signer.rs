use std::fmt;

use p256::ecdsa::Signature;
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;
use ring::rand::SystemRandom;

use crate::crypto::Error;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::RingSigner;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::Signer;
use crate::crypto::private_key_info::PrivateKeyInfo;
use crate::crypto::tlv;

/// Signs the same message in the same way every time: ECDSA on P-256 by RFC 6979, and RSA with
/// PKCS#1 v1.5, which draws nothing.
pub(crate) enum ReproducibleSigner {
    P256 {
        key: Box<SigningKey>,
        point: Vec<u8>,
    },
    Rsa(Box<RingSigner>),
}

impl ReproducibleSigner {
    /// Reads a private key in PKCS#8, its public half included or not.
    ///
    /// # Errors
    ///
    /// As [`RingSigner::from_pkcs8`].
    #[allow(
        clippy::disallowed_methods,
        reason = "ring asks for a source, and PKCS#1 v1.5 takes nothing from it"
    )]
    pub(crate) fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, Error> {
        let parts = PrivateKeyInfo::parse(pkcs8).ok_or(Error::MalformedPrivateKey)?;
        if parts.algorithm()? != PublicKeyAlgorithm::P256 {
            let signer = RingSigner::from_pkcs8(pkcs8, None, SystemRandom::new())?;
            return Ok(Self::Rsa(Box::new(signer)));
        }
        let scalar = parts.ec_scalar().ok_or(Error::MalformedPrivateKey)?;
        let key = SigningKey::from_slice(scalar).map_err(|_| Error::MalformedPrivateKey)?;
        let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        Ok(Self::P256 {
            key: Box::new(key),
            point,
        })
    }
}

impl Signer for ReproducibleSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::P256 { .. } => SignatureAlgorithm::EcdsaSha256,
            Self::Rsa(signer) => signer.algorithm(),
        }
    }

    fn subject_public_key(&self) -> &[u8] {
        match self {
            Self::P256 { point, .. } => point,
            Self::Rsa(signer) => signer.subject_public_key(),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            Self::P256 { key, .. } => {
                let signature: Signature = key.try_sign(message).map_err(|_| Error::Randomness)?;
                let (r, s) = signature.split_bytes();
                let content = [tlv::unsigned(&r), tlv::unsigned(&s)].concat();
                Ok(tlv::short(tlv::SEQUENCE, &content))
            }
            Self::Rsa(signer) => signer.sign(message),
        }
    }
}

impl fmt::Debug for ReproducibleSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReproducibleSigner")
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Provider;
    use crate::crypto::RandomSource;
    use crate::crypto::SignatureVerifier;
    use crate::crypto::SubjectPublicKey;
    use crate::crypto::generate_p256;

    /// RFC 6979 §A.2.5: P-256 with SHA-256.
    #[test]
    fn signatures_are_those_of_rfc_6979() {
        let scalar = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
        let signer = signer(octets(scalar).try_into().unwrap());
        for (message, r, s) in [
            (
                "sample",
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            ),
            (
                "test",
                "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
                "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
            ),
        ] {
            let signature = signer.sign(message.as_bytes()).unwrap();
            let number = |text: &str| match octets(text) {
                number if number[0] >= 0x80 => [&[2, 33, 0], &number[..]].concat(),
                number => [&[2, 32], &number[..]].concat(),
            };
            let numbers = [number(r), number(s)].concat();
            let expected = [&[0x30, numbers.len() as u8], &numbers[..]].concat();
            assert_eq!(signature, expected, "{message}");
        }
    }

    #[test]
    fn signatures_are_the_same_every_time_and_verify() {
        let signer = signer([3; 32]);
        let key = SubjectPublicKey {
            algorithm: PublicKeyAlgorithm::P256,
            parameters: None,
            octets: signer.subject_public_key(),
        };
        for length in 0..40 {
            let message = vec![1; length];
            let signature = signer.sign(&message).unwrap();
            assert_eq!(signer.sign(&message).unwrap(), signature);
            let verified = Provider.verify(signer.algorithm(), &key, &message, &signature);
            assert_eq!(verified, Ok(()));
        }
    }

    fn signer(scalar: [u8; 32]) -> ReproducibleSigner {
        let pkcs8 = generate_p256(&Given(scalar)).unwrap();
        ReproducibleSigner::from_pkcs8(&pkcs8).unwrap()
    }

    /// The octets of a key.
    struct Given([u8; 32]);

    impl RandomSource for Given {
        fn fill(&self, octets: &mut [u8]) -> Result<(), Error> {
            octets.copy_from_slice(&self.0);
            Ok(())
        }
    }

    fn octets(hex: &str) -> Vec<u8> {
        let digits: Vec<_> = hex.chars().map(|one| one.to_digit(16).unwrap()).collect();
        let pairs = digits.chunks(2);
        pairs.map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
    }
}
