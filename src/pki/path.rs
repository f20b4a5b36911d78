use time::OffsetDateTime;

use crate::crypto::SignatureVerifier;
use crate::pki::Error;
use crate::pki::PathPolicy;
use crate::pki::TrustStore;
use crate::pki::search::Search;
use crate::x509::Certificate;

/// Proof that a path from an end entity to a trust anchor was valid at a time (RFC 5280 §6.1).
///
/// It comes only from [`build_path`]:
///
/// ```compile_fail
/// let path = ruqsat::pki::ValidatedPath {
///     leaf: todo!(),
///     anchor: todo!(),
///     certificates: Vec::new(),
///     time: time::OffsetDateTime::UNIX_EPOCH,
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatedPath {
    leaf: Certificate,
    anchor: Certificate,
    certificates: Vec<Certificate>,
    time: OffsetDateTime,
}

impl ValidatedPath {
    /// The certificates: the end entity first, the trust anchor last.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The end entity.
    pub fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// The trust anchor.
    pub fn anchor(&self) -> &Certificate {
        &self.anchor
    }

    /// The time for which the path is valid.
    pub fn time(&self) -> OffsetDateTime {
        self.time
    }
}

/// Finds a valid path from `leaf` to an anchor of `store` at `time`.
///
/// `extra` are certificates from an untrusted source, such as the signed message. All paths that
/// names and signatures allow are tried within the limits of the policy; the first that keeps every
/// rule is returned. A leaf that is itself an anchor is a path of one certificate.
///
/// # Errors
///
/// The failure that tells most, when no path is valid.
pub fn build_path(
    leaf: &Certificate,
    store: &TrustStore,
    extra: &[Certificate],
    time: OffsetDateTime,
    policy: &PathPolicy,
    verifier: &dyn SignatureVerifier,
) -> Result<ValidatedPath, Error> {
    let certificates = Search::new(store, extra, time, policy, verifier).run(leaf)?;
    Ok(ValidatedPath {
        leaf: leaf.clone(),
        anchor: certificates.last().unwrap_or(leaf).clone(),
        certificates,
        time,
    })
}
