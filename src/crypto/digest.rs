use std::fmt;

use ring::digest;

use crate::crypto::Oid;

/// A digest algorithm (FIPS 180-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SHA-1: for identifiers that a standard defines by it, never for what must not be forged.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// The algorithm of an object identifier, `None` when it is not known here.
    pub fn from_oid(oid: Oid) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512]
            .into_iter()
            .find(|algorithm| algorithm.oid() == oid)
    }

    /// The object identifier (RFC 5754 §2).
    pub fn oid(self) -> Oid {
        match self {
            Self::Sha1 => const { Oid::new("1.3.14.3.2.26") },
            Self::Sha256 => const { Oid::new("2.16.840.1.101.3.4.2.1") },
            Self::Sha384 => const { Oid::new("2.16.840.1.101.3.4.2.2") },
            Self::Sha512 => const { Oid::new("2.16.840.1.101.3.4.2.3") },
        }
    }

    /// The length of a digest in octets.
    pub fn output_length(self) -> usize {
        self.ring().output_len()
    }

    /// The digest of a message.
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        self.digest_parts(&[message])
    }

    /// The digest of a message that lies in several pieces, such as the two halves of a ByteRange.
    pub fn digest_parts(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = digest::Context::new(self.ring());
        for part in parts {
            context.update(part);
        }
        context.finish().as_ref().to_vec()
    }

    fn ring(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::DigestAlgorithm;

    #[test]
    fn a_message_in_parts_has_the_digest_of_the_whole() {
        for algorithm in [
            DigestAlgorithm::Sha1,
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512,
        ] {
            let whole = algorithm.digest(b"abc");
            assert_eq!(whole.len(), algorithm.output_length());
            assert_eq!(algorithm.digest_parts(&[b"a", b"", b"bc"]), whole);
            assert_eq!(DigestAlgorithm::from_oid(algorithm.oid()), Some(algorithm));
        }
    }

    #[test]
    fn sha_256_of_abc_is_that_of_fips_180() {
        let digest = DigestAlgorithm::Sha256.digest(b"abc");
        assert_eq!(digest[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
