use ring::rand::SecureRandom;
use ring::rand::SystemRandom;

use crate::crypto::Error;

/// Where random octets come from: the system, or for TEST fixtures a sequence that a seed determines.
///
/// ring's own trait for this is sealed, so that nothing else could stand behind it.
pub trait RandomSource: Sync {
    /// Overwrites all of `octets`.
    ///
    /// # Errors
    ///
    /// [`Error::Randomness`] when the source has none to give; `octets` is then of no use.
    fn fill(&self, octets: &mut [u8]) -> Result<(), Error>;
}

impl RandomSource for SystemRandom {
    fn fill(&self, octets: &mut [u8]) -> Result<(), Error> {
        SecureRandom::fill(self, octets).map_err(|_| Error::Randomness)
    }
}
