//! Keys from passwords as PKCS#12 derives them (RFC 7292 appendix B).

use ring::hmac;
use zeroize::Zeroizing;

use crate::crypto::DigestAlgorithm;

/// What derived octets serve for; the diversifier of appendix B.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    EncryptionKey = 1,
    InitialVector = 2,
    MacKey = 3,
}

/// How a password is turned into octets.
pub(super) struct Derivation<'a> {
    pub(super) digest: DigestAlgorithm,
    pub(super) password: &'a str,
    pub(super) salt: &'a [u8],
    pub(super) iterations: u64,
}

impl Derivation<'_> {
    /// The first `length` octets for a purpose (appendix B.2).
    pub(super) fn derive(&self, purpose: Purpose, length: usize) -> Zeroizing<Vec<u8>> {
        let block = block_length(self.digest);
        let password = bmp_string(self.password);
        let mut input = Zeroizing::new(Vec::new());
        for part in [self.salt, &password] {
            let length = part.len().next_multiple_of(block);
            input.extend(part.iter().cycle().take(length));
        }
        let mut derived = Zeroizing::new(Vec::new());
        while derived.len() < length {
            let diversifier = vec![purpose as u8; block];
            let mut round = Zeroizing::new(self.digest.digest_parts(&[&diversifier, &input]));
            for _ in 1..self.iterations {
                *round = self.digest.digest(&round);
            }
            for part in input.chunks_exact_mut(block) {
                add_and_increment(part, &round);
            }
            derived.extend_from_slice(&round);
        }
        derived.truncate(length);
        derived
    }

    /// The key of the MAC: as long as the digest.
    pub(super) fn mac_key(&self) -> hmac::Key {
        let algorithm = match self.digest {
            DigestAlgorithm::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            DigestAlgorithm::Sha256 => hmac::HMAC_SHA256,
            DigestAlgorithm::Sha384 => hmac::HMAC_SHA384,
            DigestAlgorithm::Sha512 => hmac::HMAC_SHA512,
        };
        let key = self.derive(Purpose::MacKey, self.digest.output_length());
        hmac::Key::new(algorithm, &key)
    }
}

/// A BMPString with its end (appendix B.1).
fn bmp_string(password: &str) -> Zeroizing<Vec<u8>> {
    let units = password.encode_utf16().chain([0]);
    Zeroizing::new(units.flat_map(u16::to_be_bytes).collect())
}

/// `block + addend + 1` modulo its size, the addend repeated to its length (step 6).
fn add_and_increment(block: &mut [u8], addend: &[u8]) {
    let addend: Vec<u8> = addend.iter().copied().cycle().take(block.len()).collect();
    let mut carry = 1;
    for (octet, added) in block.iter_mut().zip(addend).rev() {
        let sum = u16::from(*octet) + u16::from(added) + carry;
        *octet = sum as u8;
        carry = sum >> 8;
    }
}

/// The block length of the digest in octets (FIPS 180-4 §1).
fn block_length(digest: DigestAlgorithm) -> usize {
    match digest {
        DigestAlgorithm::Sha1 | DigestAlgorithm::Sha256 => 64,
        DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512 => 128,
    }
}
