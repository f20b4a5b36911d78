use crate::crypto::AlgorithmIdentifier;
use crate::crypto::Error;
use crate::crypto::Oid;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::pss_parameters::PssParameters;
use crate::crypto::tlv;

/// What kind of key a SubjectPublicKeyInfo holds (RFC 3279 §2.3, RFC 5480, RFC 8410).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PublicKeyAlgorithm {
    /// DSA (RFC 3279 §2.3.2): known by name, used by no provider here.
    Dsa,
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
    /// RSA for PSS only (id-RSASSA-PSS, RFC 4055 §1.2), restricted by parameters or not.
    RsaPss,
}

impl PublicKeyAlgorithm {
    /// The algorithm that an identifier names.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedAlgorithm`] for an unknown algorithm or curve, or a PSS key restricted to
    /// what no signature here has; [`Error::BadParameters`] when the parameters are not those of
    /// the standard (NULL for RSA, a named curve for EC, absent for Ed25519, for DSA its domain or
    /// absent when the issuer's is meant).
    pub fn from_identifier(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, Error> {
        let algorithm = identifier.oid;
        match (algorithm, identifier.parameters) {
            (RSA_ENCRYPTION, Some(NULL)) => Ok(Self::Rsa),
            (RSASSA_PSS, None) => Ok(Self::RsaPss),
            (RSASSA_PSS, Some(restrictions)) => PssParameters::parse(restrictions)
                .filter(|restrictions| restrictions.allow(restrictions.hash))
                .map(|_| Self::RsaPss)
                .ok_or(Error::UnsupportedAlgorithm { algorithm }),
            (EC_PUBLIC_KEY, Some(parameters @ [tlv::OBJECT_IDENTIFIER, ..])) => {
                let Some((curve, [])) = tlv::take(parameters, tlv::OBJECT_IDENTIFIER) else {
                    return Err(Error::BadParameters { algorithm });
                };
                match Oid::from_octets(curve)? {
                    SECP256R1 => Ok(Self::P256),
                    SECP384R1 => Ok(Self::P384),
                    SECP521R1 => Ok(Self::P521),
                    curve => Err(Error::UnsupportedAlgorithm { algorithm: curve }),
                }
            }
            (DSA, None | Some([tlv::SEQUENCE, ..])) => Ok(Self::Dsa),
            (ED25519, None) => Ok(Self::Ed25519),
            (RSA_ENCRYPTION | EC_PUBLIC_KEY | ED25519 | DSA, _) => {
                Err(Error::BadParameters { algorithm })
            }
            _ => Err(Error::UnsupportedAlgorithm { algorithm }),
        }
    }

    /// The object identifier of the algorithm; for elliptic curves that of the curve.
    pub fn oid(self) -> Oid {
        match self {
            Self::Dsa => DSA,
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
    /// The parameters of its algorithm with tag and length, `None` when absent: the domain of a DSA
    /// key, which may be inherited from the issuer's (RFC 5280 §6.1.4 d–f), or the restrictions of a
    /// PSS key. Those of the other kinds say nothing beyond `algorithm`.
    pub parameters: Option<&'a [u8]>,
    /// The content of the BIT STRING subjectPublicKey: an RSAPublicKey, or a point.
    pub octets: &'a [u8],
}

impl SubjectPublicKey<'_> {
    /// The size of the key in bits: of the modulus for RSA, of the prime p for DSA, of the curve's
    /// field for the others. 0 when the encoding cannot be read.
    pub fn bits(&self) -> usize {
        match self.algorithm {
            PublicKeyAlgorithm::Dsa => self.parameters.and_then(dsa_prime).map_or(0, bits),
            PublicKeyAlgorithm::Ed25519 | PublicKeyAlgorithm::P256 => 256,
            PublicKeyAlgorithm::P384 => 384,
            PublicKeyAlgorithm::P521 => 521,
            PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss => {
                rsa_numbers(self.octets).map_or(0, |(modulus, _)| bits(modulus))
            }
        }
    }

    /// Whether the providers read keys of this size and encoding, so that their refusal of a
    /// signature speaks about the signature. Only the point of an elliptic curve remains to be
    /// held against its curve.
    pub(super) fn is_usable(&self) -> bool {
        let is_point =
            |length| self.octets.len() == length && self.octets.first() == Some(&UNCOMPRESSED);
        match self.algorithm {
            PublicKeyAlgorithm::Dsa => false,
            PublicKeyAlgorithm::Ed25519 => self.octets.len() == 32,
            PublicKeyAlgorithm::P256 => is_point(65),
            PublicKeyAlgorithm::P384 => is_point(97),
            PublicKeyAlgorithm::P521 => is_point(133),
            PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss => rsa_numbers(self.octets)
                .is_some_and(|(modulus, exponent)| {
                    (2048..=8192).contains(&bits(modulus))
                        && (2..=33).contains(&bits(exponent))
                        && is_odd(modulus)
                        && is_odd(exponent)
                }),
        }
    }

    /// Whether the restrictions of a PSS key, if it has any, allow signatures with an algorithm.
    pub(super) fn allows(&self, algorithm: SignatureAlgorithm) -> bool {
        let restrictions = match self.algorithm {
            PublicKeyAlgorithm::RsaPss => self.parameters,
            _ => None,
        };
        restrictions.is_none_or(|restrictions| {
            let restrictions = PssParameters::parse(restrictions);
            let digest = algorithm.digest();
            restrictions
                .zip(digest)
                .is_some_and(|(it, digest)| it.allow(digest))
        })
    }

    /// The error that says that the key, not the signature, is the obstacle.
    pub(super) fn unsupported(&self) -> Error {
        Error::UnsupportedKey {
            algorithm: self.algorithm.oid(),
            bits: self.bits(),
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
    Some((tlv::positive(modulus)?, tlv::positive(exponent)?))
}

/// The prime p of Dss-Parms (RFC 3279 §2.3.2).
fn dsa_prime(parameters: &[u8]) -> Option<&[u8]> {
    let (sequence, _) = tlv::take(parameters, tlv::SEQUENCE)?;
    let (prime, _) = tlv::take(sequence, tlv::INTEGER)?;
    tlv::positive(prime)
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last & 1 == 1)
}

fn bits(number: &[u8]) -> usize {
    let leading = number.first().map_or(0, |first| first.leading_zeros());
    number.len() * 8 - leading as usize
}

const DSA: Oid = Oid::new("1.2.840.10040.4.1");
const RSA_ENCRYPTION: Oid = Oid::new("1.2.840.113549.1.1.1");
const RSASSA_PSS: Oid = Oid::new("1.2.840.113549.1.1.10");
const EC_PUBLIC_KEY: Oid = Oid::new("1.2.840.10045.2.1");
const SECP256R1: Oid = Oid::new("1.2.840.10045.3.1.7");
const SECP384R1: Oid = Oid::new("1.3.132.0.34");
const SECP521R1: Oid = Oid::new("1.3.132.0.35");
const ED25519: Oid = Oid::new("1.3.101.112");
const NULL: &[u8] = &[5, 0];
const UNCOMPRESSED: u8 = 4;
