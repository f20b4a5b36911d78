use crate::crypto::AlgorithmIdentifier;
use crate::crypto::Error;
use crate::crypto::Oid;
use crate::crypto::tlv;

/// What kind of key a SubjectPublicKeyInfo holds (RFC 3279 §2.3, RFC 5480, RFC 8410).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PublicKeyAlgorithm {
    /// Ed25519.
    Ed25519,
    /// An elliptic curve key on NIST P-256 (secp256r1).
    P256,
    /// An elliptic curve key on NIST P-384 (secp384r1).
    P384,
    /// An elliptic curve key on NIST P-521 (secp521r1).
    P521,
    /// RSA for any scheme (rsaEncryption).
    Rsa,
    /// RSA for PSS only (id-RSASSA-PSS without parameters).
    RsaPss,
}

impl PublicKeyAlgorithm {
    /// The algorithm that an identifier names.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedAlgorithm`] for an unknown algorithm or curve, [`Error::BadParameters`]
    /// when the parameters are not those of the standard (NULL for RSA, a named curve for EC,
    /// absent for Ed25519).
    pub fn from_identifier(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, Error> {
        let algorithm = identifier.oid;
        match (algorithm, identifier.parameters) {
            (RSA_ENCRYPTION, Some(NULL)) => Ok(Self::Rsa),
            (RSASSA_PSS, None) => Ok(Self::RsaPss),
            // Restrictions of such a key are not read, so the key is not used.
            (RSASSA_PSS, Some(_)) => Err(Error::UnsupportedAlgorithm { algorithm }),
            (EC_PUBLIC_KEY, Some([0x06, _, curve @ ..])) => match Oid::from_octets(curve)? {
                SECP256R1 => Ok(Self::P256),
                SECP384R1 => Ok(Self::P384),
                SECP521R1 => Ok(Self::P521),
                curve => Err(Error::UnsupportedAlgorithm { algorithm: curve }),
            },
            (ED25519, None) => Ok(Self::Ed25519),
            (RSA_ENCRYPTION | EC_PUBLIC_KEY | ED25519, _) => {
                Err(Error::BadParameters { algorithm })
            }
            _ => Err(Error::UnsupportedAlgorithm { algorithm }),
        }
    }

    /// The object identifier of the algorithm; for elliptic curves that of the curve.
    pub fn oid(self) -> Oid {
        match self {
            Self::Ed25519 => ED25519,
            Self::P256 => SECP256R1,
            Self::P384 => SECP384R1,
            Self::P521 => SECP521R1,
            Self::Rsa => RSA_ENCRYPTION,
            Self::RsaPss => RSASSA_PSS,
        }
    }
}

/// A public key as a SubjectPublicKeyInfo holds it (RFC 5280 §4.1.2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectPublicKey<'a> {
    /// The kind of key.
    pub algorithm: PublicKeyAlgorithm,
    /// The content of the BIT STRING subjectPublicKey: an RSAPublicKey, or a point.
    pub octets: &'a [u8],
}

impl SubjectPublicKey<'_> {
    /// The size of the key in bits: of the modulus for RSA, of the curve's field for the others.
    /// 0 when the encoding cannot be read.
    pub fn bits(&self) -> usize {
        match self.algorithm {
            PublicKeyAlgorithm::Ed25519 | PublicKeyAlgorithm::P256 => 256,
            PublicKeyAlgorithm::P384 => 384,
            PublicKeyAlgorithm::P521 => 521,
            PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss => {
                rsa_numbers(self.octets).map_or(0, |(modulus, _)| bits(modulus))
            }
        }
    }

    /// Whether ring reads keys of this size and encoding, so that its refusal of a signature
    /// speaks about the signature.
    pub(super) fn is_usable(&self) -> bool {
        match self.algorithm {
            PublicKeyAlgorithm::Ed25519 => self.octets.len() == 32,
            PublicKeyAlgorithm::P256 => self.octets.len() == 65 && self.octets[0] == UNCOMPRESSED,
            PublicKeyAlgorithm::P384 => self.octets.len() == 97 && self.octets[0] == UNCOMPRESSED,
            PublicKeyAlgorithm::P521 => false,
            PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss => rsa_numbers(self.octets)
                .is_some_and(|(modulus, exponent)| {
                    (2048..=8192).contains(&bits(modulus))
                        && (2..=33).contains(&bits(exponent))
                        && exponent.last().is_some_and(|last| last & 1 == 1)
                }),
        }
    }
}

/// Modulus and public exponent of an RSAPublicKey (RFC 8017 §A.1.1), without a leading zero octet.
fn rsa_numbers(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, []) = tlv::take(key, tlv::SEQUENCE)? else {
        return None;
    };
    let (modulus, rest) = tlv::take(sequence, tlv::INTEGER)?;
    let (exponent, []) = tlv::take(rest, tlv::INTEGER)? else {
        return None;
    };
    Some((positive(modulus)?, positive(exponent)?))
}

fn positive(integer: &[u8]) -> Option<&[u8]> {
    match integer {
        [0, 0x80..=0xff, ..] => Some(&integer[1..]),
        [1..=0x7f, ..] => Some(integer),
        _ => None,
    }
}

fn bits(number: &[u8]) -> usize {
    let leading = number.first().map_or(0, |first| first.leading_zeros());
    number.len() * 8 - leading as usize
}

const RSA_ENCRYPTION: Oid = Oid::new("1.2.840.113549.1.1.1");
const RSASSA_PSS: Oid = Oid::new("1.2.840.113549.1.1.10");
const EC_PUBLIC_KEY: Oid = Oid::new("1.2.840.10045.2.1");
const SECP256R1: Oid = Oid::new("1.2.840.10045.3.1.7");
const SECP384R1: Oid = Oid::new("1.3.132.0.34");
const SECP521R1: Oid = Oid::new("1.3.132.0.35");
const ED25519: Oid = Oid::new("1.3.101.112");
const NULL: &[u8] = &[5, 0];
const UNCOMPRESSED: u8 = 4;
