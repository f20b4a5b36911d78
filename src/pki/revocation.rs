use time::OffsetDateTime;

use crate::crypto::SignatureVerifier;
use crate::pki::Evidence;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::pki::TrustStore;
use crate::pki::ValidatedPath;
use crate::pki::VerifiedCertificateList;
use crate::pki::crl_signer::Asked;
use crate::pki::ocsp::CurrentResponse;
use crate::pki::revocation_check::Check;
use crate::x509::Certificate;
use crate::x509::CertificateList;

/// Proof that no certificate of a path but its anchor was revoked at a time.
///
/// It comes only from [`check_revocation`]:
///
/// ```compile_fail,E0451
/// let proof = ruqsat::pki::NotRevoked {
///     lists: Box::default(),
///     responses: Box::default(),
///     verified: Box::default(),
///     next_update: None,
///     time: time::OffsetDateTime::UNIX_EPOCH,
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRevoked {
    lists: Box<[CertificateList]>,
    responses: Box<[CurrentResponse]>,
    verified: Box<[VerifiedCertificateList]>,
    next_update: Option<OffsetDateTime>,
    time: OffsetDateTime,
}

impl NotRevoked {
    /// The lists that show it, those for the end entity first.
    pub fn lists(&self) -> &[CertificateList] {
        &self.lists
    }

    /// The OCSP responses that show it where no list does, that for the end entity first.
    pub fn responses(&self) -> &[CurrentResponse] {
        &self.responses
    }

    /// All lists whose signatures were verified on the way. Handed on in
    /// [`Evidence::verified_lists`] they spare the next check these signatures.
    pub fn verified_lists(&self) -> &[VerifiedCertificateList] {
        &self.verified
    }

    /// The time at which nothing was revoked.
    pub fn time(&self) -> OffsetDateTime {
        self.time
    }

    /// When the first of the lists and responses is replaced, `None` when none was needed, or there
    /// may be news at any time.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.next_update
    }
}

/// Asks whether any certificate of a path but its anchor was revoked (RFC 5280 §6.3).
///
/// Lists may be complete or delta, for all or some reasons, certificates and distribution points,
/// by the issuer or by who is named in the certificate, signed with the key of the issuer or a
/// separate one; a separate signer's own certificate is asked about in the same way.
///
/// OCSP responses come from the issuer itself or its delegate (RFC 6960), whose certificate is asked
/// about too; one that is exempt need only not be shown revoked. What a list or a response says in
/// favour of a certificate suffices.
///
/// Any sound list or response that names a certificate as revoked revokes it, be it stale or newer
/// than `time`: a stale list cannot say that a certificate is good, but what it says against one is
/// not undone by age, and answering "out of date" would hide it. Only a hold is lifted: by the newest
/// list or response that no longer has it, each of its own kind, or by a delta list. Lists and
/// responses that have nothing to do with the path are left out of account.
///
/// # Errors
///
/// [`RevocationError::Revoked`] before every other, the end entity's first; else the failure of the
/// certificate nearest to the end entity. [`RevocationError::BudgetExceeded`] at once.
pub fn check_revocation(
    path: &ValidatedPath,
    store: &TrustStore,
    evidence: &Evidence<'_>,
    time: OffsetDateTime,
    policy: &PathPolicy,
    verifier: &dyn SignatureVerifier,
) -> Result<NotRevoked, RevocationError> {
    let mut check = Check::new(evidence, store, time, policy, verifier);
    let shown = check.path(path.certificates())?;
    let mut verified = check.verified;
    verified.extend(evidence.verified_lists.iter().cloned());
    Ok(NotRevoked {
        lists: shown.lists.into(),
        responses: shown.responses.into(),
        verified: verified.into(),
        next_update: shown.next_update,
        time,
    })
}

/// Asks about one certificate, issued by `issuer`, as [`check_revocation`] does for each of a path.
/// It is no proof: nothing is said about the issuer.
///
/// # Errors
///
/// As [`check_revocation`], with depth 0.
pub fn check_revocation_of(
    certificate: &Certificate,
    issuer: &Certificate,
    evidence: &Evidence<'_>,
    time: OffsetDateTime,
    policy: &PathPolicy,
    verifier: &dyn SignatureVerifier,
) -> Result<(), RevocationError> {
    let store = TrustStore::default();
    let above = std::slice::from_ref(issuer);
    Check::new(evidence, &store, time, policy, verifier)
        .certificate(Asked { certificate, above }, 0)
        .map(|_| ())
}

#[cfg(test)]
#[path = "revocation_tests.rs"]
mod tests;
