//! Digests, and the traits `Signer` and `SignatureVerifier`, with ring behind them; RustCrypto
//! verifies what ring does not.
//!
//! An algorithm that is not supported is always told apart from a signature that does not verify.

mod algorithm_policy;
mod digest;
mod ecdsa;
mod error;
mod key_generation;
mod oid;
mod private_key_info;
mod provider;
mod pss_parameters;
mod random_source;
mod signature_algorithm;
mod signer;
mod subject_public_key;
pub(crate) mod test_keys;
mod tlv;
mod verifier;

pub use algorithm_policy::AlgorithmPolicy;
pub use algorithm_policy::Obsolete;
pub use algorithm_policy::ObsoleteDigest;
pub use digest::DigestAlgorithm;
pub use error::Error;
pub use key_generation::generate_p256;
pub use key_generation::generate_rsa;
pub use oid::Oid;
pub use provider::Provider;
pub use random_source::RandomSource;
pub use signature_algorithm::AlgorithmIdentifier;
pub use signature_algorithm::SignatureAlgorithm;
pub use signer::RingSigner;
pub use signer::Signer;
pub use subject_public_key::PublicKeyAlgorithm;
pub use subject_public_key::SubjectPublicKey;
pub use verifier::SignatureVerifier;
