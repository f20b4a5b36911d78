use std::fmt;
use std::str::FromStr;

use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SubjectPublicKey;

/// What kind of private key to make.
///
/// ```
/// use ruqsat::keys::KeyAlgorithm;
///
/// assert_eq!("rsa-2048".parse(), Ok(KeyAlgorithm::Rsa2048));
/// assert_eq!(KeyAlgorithm::P256.to_string(), "p256");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// ECDSA on P-256 (secp256r1): `p256`.
    #[default]
    P256,
    /// RSA with a modulus of 2048 bits: `rsa-2048`.
    Rsa2048,
    /// RSA with a modulus of 4096 bits: `rsa-4096`.
    Rsa4096,
}

impl KeyAlgorithm {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::P256, Self::Rsa2048, Self::Rsa4096];

    /// The kind of a public key, `None` when none such is made here.
    pub fn of(key: &SubjectPublicKey<'_>) -> Option<Self> {
        match (key.algorithm, key.bits()) {
            (PublicKeyAlgorithm::P256, _) => Some(Self::P256),
            (PublicKeyAlgorithm::Rsa, 2048) => Some(Self::Rsa2048),
            (PublicKeyAlgorithm::Rsa, 4096) => Some(Self::Rsa4096),
            _ => None,
        }
    }

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::Rsa2048 => "rsa-2048",
            Self::Rsa4096 => "rsa-4096",
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyAlgorithm {
    type Err = UnknownKeyAlgorithm;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|algorithm| algorithm.as_str() == name)
            .ok_or_else(|| UnknownKeyAlgorithm(name.to_owned()))
    }
}

/// No kind of key has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is none of the kinds of keys p256, rsa-2048, rsa-4096")]
pub struct UnknownKeyAlgorithm(String);

#[cfg(test)]
mod tests {
    use super::KeyAlgorithm;

    #[test]
    fn every_kind_is_read_by_its_name_and_by_no_other() {
        for algorithm in KeyAlgorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
        for other in ["", "P256", "rsa-1024", "rsa"] {
            assert!(other.parse::<KeyAlgorithm>().is_err(), "{other}");
        }
    }
}
