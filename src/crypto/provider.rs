use ring::signature;

use crate::crypto::Error;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::crypto::ecdsa;

/// The everyday verifier. RSA of 2048 to 8192 bits: PKCS#1 v1.5 with SHA-1, -256, -384 and -512,
/// and PSS with the last three. ECDSA on P-256, P-384 and P-521 with the same four. Ed25519.
///
/// It says whether a signature holds, not what it is worth: SHA-1 has long been obsolete.
#[derive(Clone, Copy, Debug, Default)]
pub struct Provider;

impl SignatureVerifier for Provider {
    fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &SubjectPublicKey<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        let implementation = implementation(algorithm, key.algorithm)?;
        if !key.allows(algorithm) {
            return Err(mismatch(algorithm, key.algorithm));
        }
        if !key.is_usable() {
            return Err(key.unsupported());
        }
        match implementation {
            Implementation::Ring(ring) => {
                let verified =
                    signature::UnparsedPublicKey::new(ring, key.octets).verify(message, signature);
                verified.map_err(|_| match ecdsa::is_on_curve(key) {
                    Some(false) => key.unsupported(),
                    Some(true) | None => Error::BadSignature,
                })
            }
            Implementation::RustCrypto => {
                let digest = algorithm.digest().ok_or_else(|| unsupported(algorithm))?;
                ecdsa::verify(key, &digest.digest(message), signature)
            }
        }
    }
}

/// Who verifies signatures of an algorithm with keys of a kind.
enum Implementation {
    Ring(&'static dyn signature::VerificationAlgorithm),
    RustCrypto,
}

fn implementation(
    algorithm: SignatureAlgorithm,
    key: PublicKeyAlgorithm,
) -> Result<Implementation, Error> {
    use PublicKeyAlgorithm as Key;
    use SignatureAlgorithm as Alg;

    let ring: &'static dyn signature::VerificationAlgorithm = match (algorithm, key) {
        (Alg::EcdsaSha256, Key::P256) => &signature::ECDSA_P256_SHA256_ASN1,
        (Alg::EcdsaSha384, Key::P256) => &signature::ECDSA_P256_SHA384_ASN1,
        (Alg::EcdsaSha256, Key::P384) => &signature::ECDSA_P384_SHA256_ASN1,
        (Alg::EcdsaSha384, Key::P384) => &signature::ECDSA_P384_SHA384_ASN1,
        (Alg::Ed25519, Key::Ed25519) => &signature::ED25519,
        (Alg::RsaPkcs1Sha1, Key::Rsa) => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (Alg::RsaPkcs1Sha256, Key::Rsa) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (Alg::RsaPkcs1Sha384, Key::Rsa) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (Alg::RsaPkcs1Sha512, Key::Rsa) => &signature::RSA_PKCS1_2048_8192_SHA512,
        (Alg::RsaPssSha256, Key::Rsa | Key::RsaPss) => &signature::RSA_PSS_2048_8192_SHA256,
        (Alg::RsaPssSha384, Key::Rsa | Key::RsaPss) => &signature::RSA_PSS_2048_8192_SHA384,
        (Alg::RsaPssSha512, Key::Rsa | Key::RsaPss) => &signature::RSA_PSS_2048_8192_SHA512,
        (Alg::EcdsaSha1 | Alg::EcdsaSha512, Key::P256 | Key::P384)
        | (Alg::EcdsaSha1 | Alg::EcdsaSha256 | Alg::EcdsaSha384 | Alg::EcdsaSha512, Key::P521) => {
            return Ok(Implementation::RustCrypto);
        }
        (Alg::DsaSha1 | Alg::DsaSha256, Key::Dsa) => return Err(unsupported(algorithm)),
        _ => return Err(mismatch(algorithm, key)),
    };
    Ok(Implementation::Ring(ring))
}

fn mismatch(algorithm: SignatureAlgorithm, key: PublicKeyAlgorithm) -> Error {
    Error::KeyAlgorithmMismatch {
        algorithm: algorithm.oid(),
        key: key.oid(),
    }
}

fn unsupported(algorithm: SignatureAlgorithm) -> Error {
    Error::UnsupportedAlgorithm {
        algorithm: algorithm.oid(),
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::hazmat::PrehashSigner;
    use ring::rand::SystemRandom;
    use rsa::pkcs8::DecodePrivateKey;

    use super::Provider;
    use crate::crypto::DigestAlgorithm;
    use crate::crypto::Error;
    use crate::crypto::PublicKeyAlgorithm;
    use crate::crypto::SignatureAlgorithm;
    use crate::crypto::SignatureVerifier;
    use crate::crypto::SubjectPublicKey;
    use crate::crypto::generate_rsa;

    const ECDSA: [SignatureAlgorithm; 4] = [
        SignatureAlgorithm::EcdsaSha1,
        SignatureAlgorithm::EcdsaSha256,
        SignatureAlgorithm::EcdsaSha384,
        SignatureAlgorithm::EcdsaSha512,
    ];

    fn key(algorithm: PublicKeyAlgorithm, octets: &[u8]) -> SubjectPublicKey<'_> {
        SubjectPublicKey {
            algorithm,
            parameters: None,
            octets,
        }
    }

    fn digest(algorithm: SignatureAlgorithm) -> Vec<u8> {
        algorithm.digest().unwrap().digest(b"message")
    }

    fn assert_verifies(
        algorithm: SignatureAlgorithm,
        key: &SubjectPublicKey<'_>,
        signature: &[u8],
    ) {
        let verify =
            |message: &[u8], signature: &[u8]| Provider.verify(algorithm, key, message, signature);
        assert_eq!(verify(b"message", signature), Ok(()), "{algorithm} {key:?}");
        let bad = Err(Error::BadSignature);
        assert_eq!(verify(b"massage", signature), bad, "{algorithm}");
        for at in [signature.len() / 3, signature.len() - 1] {
            let mut flipped = signature.to_vec();
            flipped[at] ^= 1;
            assert_eq!(verify(b"message", &flipped), bad, "{algorithm} {at}");
        }
        assert_eq!(verify(b"message", &[signature, &[0]].concat()), bad);
        assert_eq!(verify(b"message", b""), bad);
    }

    #[test]
    fn ecdsa_verifies_on_each_curve_with_each_digest() {
        for algorithm in ECDSA {
            let signer = p256::ecdsa::SigningKey::from_slice(&[1; 32]).unwrap();
            let signature: p256::ecdsa::DerSignature =
                signer.sign_prehash(&digest(algorithm)).unwrap();
            let point = signer.verifying_key().to_sec1_point(false);
            let key256 = key(PublicKeyAlgorithm::P256, point.as_bytes());
            assert_verifies(algorithm, &key256, signature.as_bytes());

            let signer = p384::ecdsa::SigningKey::from_slice(&[1; 48]).unwrap();
            let signature: p384::ecdsa::DerSignature =
                signer.sign_prehash(&digest(algorithm)).unwrap();
            let point = signer.verifying_key().to_sec1_point(false);
            let key384 = key(PublicKeyAlgorithm::P384, point.as_bytes());
            assert_verifies(algorithm, &key384, signature.as_bytes());

            let signer = p521::ecdsa::SigningKey::from_slice(&[1; 66]).unwrap();
            let signature: p521::ecdsa::DerSignature =
                signer.sign_prehash(&digest(algorithm)).unwrap();
            let point = signer.verifying_key().to_sec1_point(false);
            let key521 = key(PublicKeyAlgorithm::P521, point.as_bytes());
            assert_verifies(algorithm, &key521, signature.as_bytes());
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test is outside")]
    fn rsa_with_sha_1_verifies() {
        let pkcs8 = generate_rsa(2048, &SystemRandom::new()).unwrap();
        let signer = rsa::PrivateKey::from_pkcs8_der(&pkcs8).unwrap();
        let public = rsa::pkcs1::EncodeRsaPublicKey::to_pkcs1_der(&signer.to_public_key()).unwrap();
        let algorithm = SignatureAlgorithm::RsaPkcs1Sha1;
        // DigestInfo of SHA-1 (RFC 8017 §9.2) before the digest itself.
        let prefix = Box::new([
            0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14,
        ]);
        let scheme = rsa::Pkcs1v15Sign {
            hash_len: Some(20),
            prefix,
        };
        let signature = signer.sign(scheme, &digest(algorithm)).unwrap();
        assert_verifies(
            algorithm,
            &key(PublicKeyAlgorithm::Rsa, public.as_bytes()),
            &signature,
        );
    }

    #[test]
    fn a_point_that_is_not_on_its_curve_is_an_unsupported_key_and_not_a_bad_signature() {
        for (algorithm, length, bits) in [
            (PublicKeyAlgorithm::P256, 65, 256),
            (PublicKeyAlgorithm::P384, 97, 384),
            (PublicKeyAlgorithm::P521, 133, 521),
        ] {
            let mut point = vec![1; length];
            point[0] = 4;
            for signature_algorithm in ECDSA {
                assert_eq!(
                    Provider.verify(signature_algorithm, &key(algorithm, &point), b"", b""),
                    Err(Error::UnsupportedKey {
                        algorithm: algorithm.oid(),
                        bits,
                    })
                );
            }
        }
    }

    #[test]
    fn an_rsa_key_that_is_not_encoded_strictly_is_unsupported() {
        let modulus = |first: &[u8], last| {
            let content = [first, &[0xff; 255], &[last]].concat();
            let header = [2, 0x82, (content.len() >> 8) as u8, content.len() as u8];
            [&header[..], &content].concat()
        };
        let exponent: &[u8] = &[2, 3, 1, 0, 1];
        let whole = |modulus: &[u8], exponent: &[u8], rest: &[u8]| {
            let content = [modulus, exponent].concat();
            let header = [0x30, 0x82, (content.len() >> 8) as u8, content.len() as u8];
            [&header[..], &content, rest].concat()
        };
        let verify = |octets: &[u8]| {
            let key = key(PublicKeyAlgorithm::Rsa, octets);
            let algorithm = SignatureAlgorithm::RsaPkcs1Sha256;
            Provider.verify(algorithm, &key, b"", &[1; 256])
        };
        let sound = modulus(&[0], 0xff);
        assert_eq!(
            verify(&whole(&sound, exponent, &[])),
            Err(Error::BadSignature)
        );
        for (octets, bits) in [
            (whole(&modulus(&[0], 0xfe), exponent, &[]), 2048),
            (whole(&modulus(&[0, 0], 0xff), exponent, &[]), 0),
            (whole(&modulus(&[], 0xff), exponent, &[]), 0),
            (whole(&sound, &[2, 4, 0, 1, 0, 1], &[]), 0),
            (whole(&sound, &[2, 3, 1, 0, 0], &[]), 2048),
            (whole(&sound, &[2, 1, 1], &[]), 2048),
            (whole(&sound, &[2, 5, 2, 0, 0, 0, 1], &[]), 2048),
            (whole(&sound, exponent, &[0]), 0),
        ] {
            let algorithm = PublicKeyAlgorithm::Rsa.oid();
            assert_eq!(
                verify(&octets),
                Err(Error::UnsupportedKey { algorithm, bits })
            );
        }
    }

    #[test]
    fn a_key_of_another_kind_is_told_apart_from_an_algorithm_without_provider() {
        let dsa = key(PublicKeyAlgorithm::Dsa, b"");
        let verify = |algorithm, key| Provider.verify(algorithm, key, b"", b"");
        let algorithm = SignatureAlgorithm::DsaSha256;
        assert_eq!(
            verify(algorithm, &dsa),
            Err(Error::UnsupportedAlgorithm {
                algorithm: algorithm.oid()
            })
        );
        let algorithm = SignatureAlgorithm::EcdsaSha512;
        assert_eq!(
            verify(algorithm, &dsa),
            Err(Error::KeyAlgorithmMismatch {
                algorithm: algorithm.oid(),
                key: PublicKeyAlgorithm::Dsa.oid()
            })
        );
    }

    #[test]
    fn a_pss_key_is_used_within_its_restrictions_only() {
        let restrictions = |digest: DigestAlgorithm, salt: u8| {
            let hash = [&[6, 9], digest.oid().octets()].concat();
            let hash = [&[0x30, 11][..], &hash].concat();
            let mgf1 = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];
            let content = [
                &[0xa0, 13][..],
                &hash,
                &[0xa1, 26, 0x30, 24],
                &mgf1,
                &hash,
                &[0xa2, 3, 2, 1, salt],
            ];
            let content = content.concat();
            [&[0x30, content.len() as u8][..], &content].concat()
        };
        let sha_256 = restrictions(DigestAlgorithm::Sha256, 32);
        let longer_salt = restrictions(DigestAlgorithm::Sha256, 33);
        let sha_384 = restrictions(DigestAlgorithm::Sha384, 48);
        let verify = |parameters| {
            let key = SubjectPublicKey {
                algorithm: PublicKeyAlgorithm::RsaPss,
                parameters,
                octets: b"",
            };
            Provider.verify(SignatureAlgorithm::RsaPssSha256, &key, b"", b"")
        };
        let algorithm = PublicKeyAlgorithm::RsaPss.oid();
        let key_is_next = Err(Error::UnsupportedKey { algorithm, bits: 0 });
        assert_eq!(verify(None), key_is_next);
        assert_eq!(verify(Some(&sha_256)), key_is_next);
        let refused = Err(Error::KeyAlgorithmMismatch {
            algorithm,
            key: algorithm,
        });
        for restrictions in [&longer_salt[..], &sha_384, &[0x30, 0], &[5, 0]] {
            assert_eq!(verify(Some(restrictions)), refused);
        }
    }
}
