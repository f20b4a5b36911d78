//! New private keys, from any random source: ring makes them from the system's alone, and RSA keys
//! not at all.

use p256::SecretKey;
use p256::elliptic_curve::sec1::ToSec1Point;
use rsa::PrivateKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::rand_core::TryCryptoRng;
use rsa::rand_core::TryRng;
use zeroize::Zeroizing;

use crate::crypto::Error;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::RandomSource;

/// A new P-256 private key in PKCS#8 (RFC 5958), its public half included.
///
/// # Errors
///
/// [`Error::Randomness`] when the random source fails.
pub fn generate_p256(random: &dyn RandomSource) -> Result<Vec<u8>, Error> {
    let mut scalar = Zeroizing::new([0; 32]);
    for _ in 0..MOST_DRAWS {
        random.fill(&mut *scalar)?;
        if let Ok(key) = SecretKey::from_slice(&*scalar) {
            let point = key.public_key().to_sec1_point(false);
            return Ok([P256_HEAD, &*scalar, P256_PUBLIC_KEY, point.as_bytes()].concat());
        }
    }
    Err(Error::Randomness)
}

/// A new RSA private key in PKCS#8 (RFC 5958) with the public exponent 65537. `bits` is the size of
/// its modulus, 1024 to 8192; [`RingSigner`] takes 2048 to 4096.
///
/// The crate `rsa` makes the key and ring uses it: what private operations of the former give away
/// about a key by their time (RUSTSEC-2023-0071, which its version 0.10 is said to mend) is of no
/// concern here.
///
/// # Errors
///
/// [`Error::UnsupportedKey`] for another size, [`Error::Randomness`] when the random source fails.
///
/// [`RingSigner`]: crate::crypto::RingSigner
pub fn generate_rsa(bits: usize, random: &dyn RandomSource) -> Result<Vec<u8>, Error> {
    let algorithm = PublicKeyAlgorithm::Rsa.oid();
    if !(1024..=8192).contains(&bits) {
        return Err(Error::UnsupportedKey { algorithm, bits });
    }
    let key = PrivateKey::new(&mut Draws(random), bits).map_err(|_| Error::Randomness)?;
    let pkcs8 = key
        .to_pkcs8_der()
        .map_err(|_| Error::UnsupportedKey { algorithm, bits })?;
    Ok(pkcs8.as_bytes().to_vec())
}

/// A random source as RustCrypto asks one.
struct Draws<'a>(&'a dyn RandomSource);

impl TryRng for Draws<'_> {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        let mut octets = [0; 4];
        self.0.fill(&mut octets)?;
        Ok(u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        let mut octets = [0; 8];
        self.0.fill(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Error> {
        self.0.fill(octets)
    }
}

impl TryCryptoRng for Draws<'_> {}

/// One draw in 2³² is no scalar of the curve; a source that gives no scalar so often is broken.
const MOST_DRAWS: usize = 64;

/// PrivateKeyInfo version 0 for a key on secp256r1, and the ECPrivateKey in it (RFC 5915) up to its
/// 32 octets.
const P256_HEAD: &[u8] = &[
    0x30, 0x81, 0x87, 2, 1, 0, // version
    0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, // id-ecPublicKey
    6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, // secp256r1
    4, 0x6d, 0x30, 0x6b, 2, 1, 1, 4, 0x20,
];
/// `[1] publicKey` of the ECPrivateKey up to the 65 octets of the point.
const P256_PUBLIC_KEY: &[u8] = &[0xa1, 0x44, 3, 0x42, 0];

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU8;
    use std::sync::atomic::Ordering;

    use ring::rand::SystemRandom;

    use super::*;
    use crate::crypto::DigestAlgorithm;
    use crate::crypto::RingSigner;
    use crate::crypto::Signer;

    /// Octets that a counter determines.
    #[derive(Default)]
    struct Counted(AtomicU8);

    impl RandomSource for Counted {
        fn fill(&self, octets: &mut [u8]) -> Result<(), Error> {
            for octets in octets.chunks_mut(32) {
                let count = self.0.fetch_add(1, Ordering::Relaxed);
                let digest = DigestAlgorithm::Sha256.digest(&[count]);
                octets.copy_from_slice(&digest[..octets.len()]);
            }
            Ok(())
        }
    }

    /// The same octet for ever, or none at all.
    struct Stuck(Option<u8>);

    impl RandomSource for Stuck {
        fn fill(&self, octets: &mut [u8]) -> Result<(), Error> {
            octets.fill(self.0.ok_or(Error::Randomness)?);
            Ok(())
        }
    }

    #[allow(clippy::disallowed_methods, reason = "a test is outside")]
    fn random() -> SystemRandom {
        SystemRandom::new()
    }

    #[test]
    fn keys_of_every_kind_sign() {
        for pkcs8 in [
            generate_p256(&random()).unwrap(),
            generate_rsa(2048, &random()).unwrap(),
            generate_rsa(4096, &random()).unwrap(),
        ] {
            let signer = RingSigner::from_pkcs8(&pkcs8, None, random()).unwrap();
            assert!(signer.sign(b"message").is_ok());
        }
    }

    #[test]
    fn the_octets_of_a_source_determine_the_key() {
        let keys = || {
            let source = Counted::default();
            [
                generate_p256(&source).unwrap(),
                generate_p256(&source).unwrap(),
                generate_rsa(1024, &source).unwrap(),
            ]
        };
        let keys_again = keys();
        assert_eq!(keys(), keys_again);
        assert_ne!(keys_again[0], keys_again[1]);
    }

    #[test]
    fn a_broken_source_makes_no_key() {
        for source in [Stuck(None), Stuck(Some(0)), Stuck(Some(0xff))] {
            assert_eq!(generate_p256(&source), Err(Error::Randomness));
        }
        assert_eq!(generate_rsa(2048, &Stuck(None)), Err(Error::Randomness));
    }

    #[test]
    fn sizes_that_no_one_uses_are_refused() {
        for bits in [0, 512, 1023, 8193] {
            let algorithm = PublicKeyAlgorithm::Rsa.oid();
            let refused = Err(Error::UnsupportedKey { algorithm, bits });
            assert_eq!(generate_rsa(bits, &random()), refused);
        }
    }
}
