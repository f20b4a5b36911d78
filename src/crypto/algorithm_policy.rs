use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::Deserializer;
use thiserror::Error;
use time::Date;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::crypto::Oid;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SubjectPublicKey;

/// Until when algorithms and keys protect what was signed with them (ETSI EN 319 102-1 §5.2.8).
///
/// It is asked with the time at which a signature is known to have existed. A signature that holds
/// mathematically is worth nothing from the day on which others can make one like it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AlgorithmPolicy(Option<&'static Dates>);

impl AlgorithmPolicy {
    /// The dates that come with this crate; `algorithm_policy.toml` holds them with their sources.
    ///
    /// # Panics
    ///
    /// Never: a test reads the same file.
    pub fn builtin() -> Self {
        static BUILTIN: LazyLock<Dates> = LazyLock::new(|| {
            toml::from_str(include_str!("algorithm_policy.toml"))
                .expect("the policy is part of the program, and a test reads it")
        });
        Self(Some(&BUILTIN))
    }

    /// No algorithm is ever obsolete. For test suites and experiments: with it a signature over
    /// SHA-1 that holds is taken for what it says.
    pub const fn off() -> Self {
        Self(None)
    }

    /// Whether a signature with this algorithm and key protects at this time.
    ///
    /// # Errors
    ///
    /// [`Obsolete`] from the beginning of the day on which the digest, or the scheme with keys of
    /// this size, ended. Where both have, the earlier end is told.
    pub fn check(
        &self,
        algorithm: SignatureAlgorithm,
        key: &SubjectPublicKey<'_>,
        at: OffsetDateTime,
    ) -> Result<(), Obsolete> {
        let Some(dates) = self.0 else {
            return Ok(());
        };
        let bits = key.bits();
        let digest = algorithm.digest().map(|digest| digest.oid());
        let digest = digest.and_then(|digest| dates.end_of_digest(digest));
        let size = dates.signatures.of(algorithm).end(bits);
        let ends = [(digest, None), (size, Some(bits))];
        let ends = ends
            .into_iter()
            .filter_map(|(end, bits)| Some((end?, bits)));
        match ends.min() {
            Some((since, bits)) if at >= since => Err(Obsolete {
                algorithm,
                bits,
                since,
            }),
            _ => Ok(()),
        }
    }

    /// Whether a digest alone, such as that of a reference to a certificate or the imprint of a
    /// time-stamp, protects at this time. Of a digest that is not listed no end is known; whether
    /// anything here can take it is another question.
    ///
    /// # Errors
    ///
    /// [`ObsoleteDigest`] from the beginning of the day on which it ended.
    pub fn check_digest(&self, digest: Oid, at: OffsetDateTime) -> Result<(), ObsoleteDigest> {
        match self.0.and_then(|dates| dates.end_of_digest(digest)) {
            Some(since) if at >= since => Err(ObsoleteDigest { digest, since }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for AlgorithmPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Some(_) => "AlgorithmPolicy::builtin()",
            None => "AlgorithmPolicy::off()",
        })
    }
}

/// A signature whose algorithm or key no longer protected at the time in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{algorithm}{} has not protected since {since}", Bits(*.bits))]
pub struct Obsolete {
    /// The algorithm of the signature.
    pub algorithm: SignatureAlgorithm,
    /// The size of the key in bits where it is the reason, `None` where the digest is.
    pub bits: Option<usize>,
    /// The first moment at which it did not protect.
    pub since: OffsetDateTime,
}

/// A digest that no longer protected at the time in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the digest {digest} has not protected since {since}")]
pub struct ObsoleteDigest {
    /// The digest algorithm.
    pub digest: Oid,
    /// The first moment at which it did not protect.
    pub since: OffsetDateTime,
}

struct Bits(Option<usize>);

impl fmt::Display for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(bits) => write!(f, " and a key of {bits} bits"),
            None => Ok(()),
        }
    }
}

/// The file.
#[derive(PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dates {
    digests: BTreeMap<String, Digest>,
    signatures: Signatures,
}

impl Dates {
    fn end_of_digest(&self, oid: Oid) -> Option<OffsetDateTime> {
        self.digests
            .values()
            .find(|digest| digest.oid == oid)?
            .until
    }
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Digest {
    #[serde(deserialize_with = "oid")]
    oid: Oid,
    #[serde(default, deserialize_with = "beginning_of_day")]
    until: Option<OffsetDateTime>,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Signatures {
    dsa: Sizes,
    ecdsa: Sizes,
    ed25519: Sizes,
    rsa_pkcs1: Sizes,
    rsa_pss: Sizes,
}

impl Signatures {
    fn of(&self, algorithm: SignatureAlgorithm) -> &Sizes {
        use SignatureAlgorithm as Alg;

        match algorithm {
            Alg::DsaSha1 | Alg::DsaSha256 => &self.dsa,
            Alg::EcdsaSha1 | Alg::EcdsaSha256 | Alg::EcdsaSha384 | Alg::EcdsaSha512 => &self.ecdsa,
            Alg::Ed25519 => &self.ed25519,
            Alg::RsaPkcs1Sha1 | Alg::RsaPkcs1Sha256 | Alg::RsaPkcs1Sha384 | Alg::RsaPkcs1Sha512 => {
                &self.rsa_pkcs1
            }
            Alg::RsaPssSha256 | Alg::RsaPssSha384 | Alg::RsaPssSha512 => &self.rsa_pss,
        }
    }
}

/// The ends of keys by size: the shortest, and longer ones in ascending order.
#[derive(PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<Size>")]
struct Sizes {
    shortest: Size,
    longer: Vec<Size>,
}

impl Sizes {
    fn end(&self, bits: usize) -> Option<OffsetDateTime> {
        let reached = self.longer.iter().rfind(|size| size.bits <= bits);
        reached.unwrap_or(&self.shortest).until
    }
}

impl TryFrom<Vec<Size>> for Sizes {
    type Error = &'static str;

    fn try_from(sizes: Vec<Size>) -> Result<Self, Self::Error> {
        let ascending = |pair: &[Size]| {
            let later = match (pair[0].until, pair[1].until) {
                (Some(shorter), Some(longer)) => shorter <= longer,
                (_, longer) => longer.is_none(),
            };
            pair[0].bits < pair[1].bits && later
        };
        if !sizes.windows(2).all(ascending) {
            return Err("longer keys follow shorter ones and do not end before them");
        }
        let mut sizes = sizes.into_iter();
        Ok(Self {
            shortest: sizes.next().ok_or("there is no size")?,
            longer: sizes.collect(),
        })
    }
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Size {
    bits: usize,
    #[serde(default, deserialize_with = "beginning_of_day")]
    until: Option<OffsetDateTime>,
}

fn oid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Oid, D::Error> {
    let dotted = String::deserialize(deserializer)?;
    dotted.parse().map_err(serde::de::Error::custom)
}

fn beginning_of_day<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<OffsetDateTime>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let day = Date::parse(&text, ISO).map_err(serde::de::Error::custom)?;
    Ok(Some(day.midnight().assume_utc()))
}

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

#[cfg(test)]
#[path = "algorithm_policy_tests.rs"]
mod tests;
