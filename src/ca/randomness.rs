//! Where an authority's keys and serial numbers come from.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use ring::hmac;
use ring::rand::SystemRandom;

use crate::ca::Error;
use crate::crypto;
use crate::crypto::RandomSource;
use crate::crypto::RingSigner;
use crate::crypto::Signer;
use crate::crypto::test_keys::ReproducibleSigner;
use crate::keys::PrivateKey;

/// The source of an authority's keys, serial numbers and signatures.
#[derive(Debug)]
pub enum Randomness {
    /// The system's source: nobody can make the same keys again.
    System(SystemRandom),
    /// A seed: the same seed makes the same keys and signatures again. Whoever knows the seed has
    /// every key, so it is for fixtures and tests.
    Seeded(Seed),
}

/// A seed, and how much was drawn from it.
pub struct Seed {
    seed: u64,
    key: hmac::Key,
    draws: AtomicU64,
}

/// A signer that may be used from several threads.
pub(super) type SharedSigner = Arc<dyn Signer + Send + Sync>;

impl Randomness {
    /// The source of a seed, from its beginning.
    pub fn seeded(seed: u64) -> Self {
        Self::continued(seed, 0)
    }

    /// A source that is drawn from this one once, and then no more: for what is made outside of the
    /// authority, such as the salts of a container.
    ///
    /// # Errors
    ///
    /// When this source fails.
    pub fn fork(&self) -> Result<Self, Error> {
        let mut seed = [0; 8];
        match self {
            Self::System(source) => Ok(Self::System(source.clone())),
            Self::Seeded(_) => {
                self.fill(&mut seed)?;
                Ok(Self::seeded(u64::from_be_bytes(seed)))
            }
        }
    }

    /// The source of a seed from which so much was drawn already.
    pub(super) fn continued(seed: u64, draws: u64) -> Self {
        let secret = [b"RUQSAT TEST authority ", &seed.to_be_bytes()[..]].concat();
        Self::Seeded(Seed {
            seed,
            key: hmac::Key::new(hmac::HMAC_SHA256, &secret),
            draws: AtomicU64::new(draws),
        })
    }

    /// The key, ready to sign; its public half is `public_key`, if that is known already.
    pub(super) fn signer(
        &self,
        key: &PrivateKey,
        public_key: Option<&[u8]>,
    ) -> Result<SharedSigner, Error> {
        match self {
            Self::System(source) => Ok(Arc::new(RingSigner::from_pkcs8(
                key.as_pkcs8(),
                public_key,
                source.clone(),
            )?)),
            Self::Seeded(_) => {
                let signer = ReproducibleSigner::from_pkcs8(key.as_pkcs8())?;
                if public_key.is_some_and(|public| public != signer.subject_public_key()) {
                    return Err(crypto::Error::KeyMismatch.into());
                }
                Ok(Arc::new(signer))
            }
        }
    }
}

impl RandomSource for Randomness {
    fn fill(&self, octets: &mut [u8]) -> Result<(), crypto::Error> {
        match self {
            Self::System(source) => source.fill(octets),
            Self::Seeded(seed) => {
                seed.fill(octets);
                Ok(())
            }
        }
    }
}

impl Seed {
    /// The number itself.
    pub fn number(&self) -> u64 {
        self.seed
    }

    /// How often something was drawn.
    pub fn draws(&self) -> u64 {
        self.draws.load(Ordering::Relaxed)
    }

    /// HMAC-SHA-256 over the number of the draw and of the block.
    fn fill(&self, octets: &mut [u8]) {
        let draw = self.draws.fetch_add(1, Ordering::Relaxed);
        for (block, part) in octets.chunks_mut(BLOCK).enumerate() {
            let message = [draw.to_be_bytes(), (block as u64).to_be_bytes()].concat();
            let tag = hmac::sign(&self.key, &message);
            part.copy_from_slice(&tag.as_ref()[..part.len()]);
        }
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed")
            .field("draws", &self.draws())
            .finish_non_exhaustive()
    }
}

/// Octets of a SHA-256.
const BLOCK: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_draws_the_same_again_and_another_does_not() {
        let draw = |randomness: &Randomness| {
            let mut octets = [0; 70];
            randomness.fill(&mut octets).unwrap();
            octets
        };
        let (one, same) = (Randomness::seeded(1), Randomness::seeded(1));
        let first = draw(&one);
        assert_eq!(first, draw(&same));
        let second = draw(&one);
        assert_ne!(first, second);
        assert_eq!(second, draw(&Randomness::continued(1, 1)));
        assert_ne!(first, draw(&Randomness::seeded(2)));
        assert_ne!(first[..32], first[32..64]);
    }
}
