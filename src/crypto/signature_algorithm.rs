use std::fmt;

use crate::crypto::DigestAlgorithm;
use crate::crypto::Error;
use crate::crypto::Oid;
use crate::crypto::pss_parameters::PssParameters;

/// An AlgorithmIdentifier as it stands in a certificate or message (RFC 5280 §4.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier<'a> {
    /// The algorithm.
    pub oid: Oid,
    /// The parameters with tag and length, `None` when absent.
    pub parameters: Option<&'a [u8]>,
}

impl AlgorithmIdentifier<'_> {
    /// Whether the parameters are exactly NULL.
    pub fn has_null_parameters(&self) -> bool {
        self.parameters == Some(NULL)
    }
}

/// A signature algorithm. The curve of ECDSA is a property of the key (RFC 5758 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// id-dsa-with-sha1 (RFC 3279 §2.2.2): known by name, verified by no provider here.
    DsaSha1,
    /// id-dsa-with-sha256 (RFC 5758 §3.1): known by name, verified by no provider here.
    DsaSha256,
    /// ecdsa-with-SHA1: verified, but obsolete.
    EcdsaSha1,
    /// ecdsa-with-SHA256.
    EcdsaSha256,
    /// ecdsa-with-SHA384.
    EcdsaSha384,
    /// ecdsa-with-SHA512.
    EcdsaSha512,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// sha1WithRSAEncryption: verified, but obsolete.
    RsaPkcs1Sha1,
    /// sha256WithRSAEncryption (RFC 8017 §8.2).
    RsaPkcs1Sha256,
    /// sha384WithRSAEncryption.
    RsaPkcs1Sha384,
    /// sha512WithRSAEncryption.
    RsaPkcs1Sha512,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 octets (RFC 4055 §3.1).
    RsaPssSha256,
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 octets.
    RsaPssSha384,
    /// RSASSA-PSS with SHA-512, MGF1 with SHA-512 and a salt of 64 octets.
    RsaPssSha512,
}

impl SignatureAlgorithm {
    /// The algorithm that an identifier names. RSA PKCS#1 v1.5 takes parameters NULL or absent
    /// (RFC 4055 §5), DSA, ECDSA and Ed25519 none.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedAlgorithm`] for an unknown algorithm, or PSS with other parameters than
    /// those above; [`Error::BadParameters`] for parameters that the standard forbids.
    pub fn from_identifier(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, Error> {
        let algorithm = identifier.oid;
        if algorithm == RSASSA_PSS {
            return identifier
                .parameters
                .and_then(PssParameters::parse)
                .and_then(PssParameters::uniform_digest)
                .and_then(Self::rsa_pss)
                .ok_or(Error::UnsupportedAlgorithm { algorithm });
        }
        let known = PLAIN
            .into_iter()
            .find(|known| known.oid() == algorithm)
            .ok_or(Error::UnsupportedAlgorithm { algorithm })?;
        match identifier.parameters {
            None => Ok(known),
            Some(NULL) if known.is_rsa_pkcs1() => Ok(known),
            Some(_) => Err(Error::BadParameters { algorithm }),
        }
    }

    /// The object identifier.
    pub fn oid(self) -> Oid {
        match self {
            Self::DsaSha1 => const { Oid::new("1.2.840.10040.4.3") },
            Self::DsaSha256 => const { Oid::new("2.16.840.1.101.3.4.3.2") },
            Self::EcdsaSha1 => const { Oid::new("1.2.840.10045.4.1") },
            Self::EcdsaSha256 => const { Oid::new("1.2.840.10045.4.3.2") },
            Self::EcdsaSha384 => const { Oid::new("1.2.840.10045.4.3.3") },
            Self::EcdsaSha512 => const { Oid::new("1.2.840.10045.4.3.4") },
            Self::Ed25519 => const { Oid::new("1.3.101.112") },
            Self::RsaPkcs1Sha1 => const { Oid::new("1.2.840.113549.1.1.5") },
            Self::RsaPkcs1Sha256 => const { Oid::new("1.2.840.113549.1.1.11") },
            Self::RsaPkcs1Sha384 => const { Oid::new("1.2.840.113549.1.1.12") },
            Self::RsaPkcs1Sha512 => const { Oid::new("1.2.840.113549.1.1.13") },
            Self::RsaPssSha256 | Self::RsaPssSha384 | Self::RsaPssSha512 => RSASSA_PSS,
        }
    }

    /// The digest that the algorithm takes of the message, `None` for Ed25519.
    pub fn digest(self) -> Option<DigestAlgorithm> {
        match self {
            Self::DsaSha1 | Self::EcdsaSha1 | Self::RsaPkcs1Sha1 => Some(DigestAlgorithm::Sha1),
            Self::DsaSha256 | Self::EcdsaSha256 | Self::RsaPkcs1Sha256 | Self::RsaPssSha256 => {
                Some(DigestAlgorithm::Sha256)
            }
            Self::EcdsaSha384 | Self::RsaPkcs1Sha384 | Self::RsaPssSha384 => {
                Some(DigestAlgorithm::Sha384)
            }
            Self::EcdsaSha512 | Self::RsaPkcs1Sha512 | Self::RsaPssSha512 => {
                Some(DigestAlgorithm::Sha512)
            }
            Self::Ed25519 => None,
        }
    }

    /// The RSA PKCS#1 v1.5 algorithm with a digest, as rsaEncryption beside a digest algorithm
    /// means it in CMS (RFC 3370 §3.2).
    pub fn rsa_pkcs1(digest: DigestAlgorithm) -> Self {
        match digest {
            DigestAlgorithm::Sha1 => Self::RsaPkcs1Sha1,
            DigestAlgorithm::Sha256 => Self::RsaPkcs1Sha256,
            DigestAlgorithm::Sha384 => Self::RsaPkcs1Sha384,
            DigestAlgorithm::Sha512 => Self::RsaPkcs1Sha512,
        }
    }

    /// Whether forged signatures of the algorithm are within reach: those over SHA-1.
    pub fn is_weak(self) -> bool {
        self.digest() == Some(DigestAlgorithm::Sha1)
    }

    /// Whether this is RSA PKCS#1 v1.5, whose identifier carries NULL parameters.
    pub fn is_rsa_pkcs1(self) -> bool {
        matches!(
            self,
            Self::RsaPkcs1Sha1 | Self::RsaPkcs1Sha256 | Self::RsaPkcs1Sha384 | Self::RsaPkcs1Sha512
        )
    }

    /// RSASSA-PSS with this digest for message and mask, and a salt as long as the digest.
    fn rsa_pss(digest: DigestAlgorithm) -> Option<Self> {
        PSS.into_iter().find(|pss| pss.digest() == Some(digest))
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DsaSha1 => "DSA with SHA-1",
            Self::DsaSha256 => "DSA with SHA-256",
            Self::EcdsaSha1 => "ECDSA with SHA-1",
            Self::EcdsaSha256 => "ECDSA with SHA-256",
            Self::EcdsaSha384 => "ECDSA with SHA-384",
            Self::EcdsaSha512 => "ECDSA with SHA-512",
            Self::Ed25519 => "Ed25519",
            Self::RsaPkcs1Sha1 => "RSA PKCS#1 v1.5 with SHA-1",
            Self::RsaPkcs1Sha256 => "RSA PKCS#1 v1.5 with SHA-256",
            Self::RsaPkcs1Sha384 => "RSA PKCS#1 v1.5 with SHA-384",
            Self::RsaPkcs1Sha512 => "RSA PKCS#1 v1.5 with SHA-512",
            Self::RsaPssSha256 => "RSASSA-PSS with SHA-256",
            Self::RsaPssSha384 => "RSASSA-PSS with SHA-384",
            Self::RsaPssSha512 => "RSASSA-PSS with SHA-512",
        })
    }
}

const PLAIN: [SignatureAlgorithm; 11] = [
    SignatureAlgorithm::EcdsaSha256,
    SignatureAlgorithm::RsaPkcs1Sha256,
    SignatureAlgorithm::EcdsaSha384,
    SignatureAlgorithm::EcdsaSha512,
    SignatureAlgorithm::RsaPkcs1Sha384,
    SignatureAlgorithm::RsaPkcs1Sha512,
    SignatureAlgorithm::Ed25519,
    SignatureAlgorithm::RsaPkcs1Sha1,
    SignatureAlgorithm::EcdsaSha1,
    SignatureAlgorithm::DsaSha1,
    SignatureAlgorithm::DsaSha256,
];
const PSS: [SignatureAlgorithm; 3] = [
    SignatureAlgorithm::RsaPssSha256,
    SignatureAlgorithm::RsaPssSha384,
    SignatureAlgorithm::RsaPssSha512,
];
const RSASSA_PSS: Oid = Oid::new("1.2.840.113549.1.1.10");
const NULL: &[u8] = &[5, 0];

#[cfg(test)]
mod tests {
    use super::AlgorithmIdentifier;
    use super::NULL;
    use super::PLAIN;
    use super::PSS;
    use super::SignatureAlgorithm;
    use crate::crypto::DigestAlgorithm;
    use crate::crypto::Error;
    use crate::crypto::Oid;

    #[test]
    fn parameters_are_null_or_absent_for_rsa_and_absent_for_the_others() {
        for algorithm in PLAIN {
            let oid = algorithm.oid();
            let resolve = |parameters| {
                SignatureAlgorithm::from_identifier(&AlgorithmIdentifier { oid, parameters })
            };
            assert_eq!(resolve(None), Ok(algorithm));
            let bad = Err(Error::BadParameters { algorithm: oid });
            let null = if algorithm.is_rsa_pkcs1() {
                Ok(algorithm)
            } else {
                bad
            };
            assert_eq!(resolve(Some(NULL)), null);
            assert_eq!(resolve(Some(&[4, 0])), bad);
        }
    }

    #[test]
    fn pss_is_recognised_with_salt_as_long_as_the_digest() {
        for algorithm in PSS {
            let parameters = pss(
                algorithm.digest().unwrap(),
                algorithm.digest().unwrap().output_length() as u8,
            );
            let identifier = AlgorithmIdentifier {
                oid: algorithm.oid(),
                parameters: Some(&parameters),
            };
            assert_eq!(
                SignatureAlgorithm::from_identifier(&identifier),
                Ok(algorithm)
            );
        }
    }

    #[test]
    fn pss_with_another_salt_or_without_parameters_is_unsupported() {
        let oid = super::RSASSA_PSS;
        let other_salt = pss(DigestAlgorithm::Sha256, 20);
        for parameters in [None, Some(&other_salt[..]), Some(&[0x30, 0])] {
            assert_eq!(
                SignatureAlgorithm::from_identifier(&AlgorithmIdentifier { oid, parameters }),
                Err(Error::UnsupportedAlgorithm { algorithm: oid })
            );
        }
    }

    #[test]
    fn an_unknown_algorithm_is_named() {
        let oid = Oid::new("1.2.398.3.10.1.1.2.3.2");
        let identifier = AlgorithmIdentifier {
            oid,
            parameters: Some(NULL),
        };
        assert_eq!(
            SignatureAlgorithm::from_identifier(&identifier),
            Err(Error::UnsupportedAlgorithm { algorithm: oid })
        );
    }

    fn pss(digest: DigestAlgorithm, salt: u8) -> Vec<u8> {
        let mgf1 = Oid::new("1.2.840.113549.1.1.8");
        let mask = [short(6, mgf1.octets()), digest_identifier(digest)].concat();
        let content = [
            short(0xa0, &digest_identifier(digest)),
            short(0xa1, &short(0x30, &mask)),
            short(0xa2, &[2, 1, salt]),
        ];
        short(0x30, &content.concat())
    }

    fn digest_identifier(digest: DigestAlgorithm) -> Vec<u8> {
        let mut content = short(6, digest.oid().octets());
        content.extend_from_slice(NULL);
        short(0x30, &content)
    }

    /// An element whose content is shorter than 128 octets.
    fn short(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, content.len() as u8], content].concat()
    }
}
