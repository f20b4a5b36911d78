//! Keys and signatures that come out the same every time: for the TEST authority and the test
//! vectors, never for anybody's real documents.
//!
//! ring draws its own random numbers for ECDSA and lets nobody choose them, so that a signature
//! which is to be reproduced byte for byte comes from RustCrypto by RFC 6979. Neither its
//! arithmetic nor this module is hardened against somebody who measures the time it takes.

mod reproducible_signer;
mod weak_signer;

pub(crate) use reproducible_signer::ReproducibleSigner;
pub(crate) use weak_signer::WeakSigner;
