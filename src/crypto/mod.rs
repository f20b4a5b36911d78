//! Digests, and the traits `Signer` and `SignatureVerifier`, with ring behind them; RustCrypto
//! verifies what ring does not.
//!
//! An algorithm that is not supported is always told apart from a signature that does not verify.

mod algorithm_policy;
mod digest;
mod ecdsa;
mod error;
mod oid;
mod private_key_info;
mod provider;
mod pss_parameters;
mod signature_algorithm;
mod signer;
mod subject_public_key;
mod tlv;
mod verifier;

pub use algorithm_policy::AlgorithmPolicy;
pub use algorithm_policy::Obsolete;
pub use algorithm_policy::ObsoleteDigest;
pub use digest::DigestAlgorithm;
pub use error::Error;
pub use oid::Oid;
pub use provider::Provider;
pub use signature_algorithm::AlgorithmIdentifier;
pub use signature_algorithm::SignatureAlgorithm;
pub use signer::RingSigner;
pub use signer::Signer;
pub use signer::generate_p256;
pub use subject_public_key::PublicKeyAlgorithm;
pub use subject_public_key::SubjectPublicKey;
pub use verifier::SignatureVerifier;
