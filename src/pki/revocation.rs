use thiserror::Error;
use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::SignatureVerifier;
use crate::pki::ValidatedPath;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::DistributionPoint;
use crate::x509::GeneralName;
use crate::x509::RevokedCertificate;
use crate::x509::Unusable;

/// Proof that no certificate of a path but its anchor stands on a list that was current at a time.
///
/// It comes only from [`check_revocation`]:
///
/// ```compile_fail
/// let proof = ruqsat::pki::NotRevoked {
///     lists: Vec::new(),
///     time: time::OffsetDateTime::UNIX_EPOCH,
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRevoked {
    lists: Vec<CertificateList>,
    time: OffsetDateTime,
}

impl NotRevoked {
    /// The newest list asked for each certificate, the end entity's first.
    pub fn lists(&self) -> &[CertificateList] {
        &self.lists
    }

    /// The time at which the lists were current.
    pub fn time(&self) -> OffsetDateTime {
        self.time
    }

    /// When the first of the lists is replaced, `None` when none was needed.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.lists
            .iter()
            .filter_map(CertificateList::next_update)
            .min()
    }
}

/// Why it is not proven that no certificate of a path was revoked.
///
/// `depth` counts from the end entity, which is 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RevocationError {
    /// More lists than can be checked.
    #[error("the limit of {limit} revocation lists was reached")]
    BudgetExceeded {
        /// How many are checked.
        limit: usize,
    },
    /// A certificate is revoked or on hold.
    #[error("the certificate at depth {depth} was revoked at {date}")]
    Revoked {
        /// Which certificate.
        depth: usize,
        /// revocationDate.
        date: OffsetDateTime,
        /// reasonCode, `None` when the list gives none.
        reason: Option<CrlReason>,
        /// invalidityDate.
        invalidity_date: Option<OffsetDateTime>,
    },
    /// The only sound lists were not current at the time.
    #[error("the revocation list for depth {depth} is of {this_update}")]
    Stale {
        /// For which certificate.
        depth: usize,
        /// When the newest of them was issued.
        this_update: OffsetDateTime,
        /// When the next one was due.
        next_update: Option<OffsetDateTime>,
    },
    /// No list of the issuer is at hand.
    #[error("no revocation list for depth {depth}")]
    Unavailable {
        /// For which certificate.
        depth: usize,
    },
    /// The issuer's key did not sign the list, may not sign lists, or cannot be used.
    #[error("the revocation list for depth {depth} cannot be trusted")]
    Untrusted {
        /// For which certificate.
        depth: usize,
        /// What is wrong with the signature, `None` when the key may not sign lists (cRLSign).
        source: Option<crypto::Error>,
    },
    /// The list cannot say that this certificate is not revoked.
    #[error("the revocation list for depth {depth} is not usable")]
    Unusable {
        /// For which certificate.
        depth: usize,
        /// Why.
        source: Unusable,
    },
}

/// Asks the lists about every certificate of a path but its anchor (RFC 5280 §6.3, complete lists
/// signed by the issuer's own key).
///
/// Any sound list that names a certificate revokes it, be it stale or newer than `time`: a stale
/// list cannot say that a certificate is good, but what it says against one is not undone by age,
/// and answering "out of date" would hide it. Only a hold is lifted, by the newest list that no
/// longer has it. Lists of other issuers are left out of account.
///
/// # Errors
///
/// [`RevocationError::Revoked`] before every other, the end entity's first; else the failure of the
/// certificate nearest to the end entity.
pub fn check_revocation(
    path: &ValidatedPath,
    lists: &[CertificateList],
    time: OffsetDateTime,
    verifier: &dyn SignatureVerifier,
) -> Result<NotRevoked, RevocationError> {
    let mut check = Check {
        lists,
        time,
        verifier,
        signatures: 0,
    };
    let mut current = Vec::new();
    let mut failure = None;
    for (depth, pair) in path.certificates().windows(2).enumerate() {
        let [certificate, issuer] = pair else {
            break;
        };
        match check.certificate(certificate, issuer, depth) {
            Ok(list) => current.push(list.clone()),
            Err(error @ RevocationError::Revoked { .. }) => return Err(error),
            Err(error) => {
                failure.get_or_insert(error);
            }
        }
    }
    match failure {
        Some(error) => Err(error),
        None => Ok(NotRevoked {
            lists: current,
            time,
        }),
    }
}

/// Asks the lists about one certificate, issued by `issuer`, as [`check_revocation`] does for each of
/// a path. It is no proof: nothing is said about the issuer.
///
/// # Errors
///
/// As [`check_revocation`], with depth 0.
pub fn check_revocation_of(
    certificate: &Certificate,
    issuer: &Certificate,
    lists: &[CertificateList],
    time: OffsetDateTime,
    verifier: &dyn SignatureVerifier,
) -> Result<(), RevocationError> {
    let mut check = Check {
        lists,
        time,
        verifier,
        signatures: 0,
    };
    check.certificate(certificate, issuer, 0).map(|_| ())
}

struct Check<'a> {
    lists: &'a [CertificateList],
    time: OffsetDateTime,
    verifier: &'a dyn SignatureVerifier,
    signatures: usize,
}

impl<'a> Check<'a> {
    /// The newest current list that shows the certificate not revoked.
    fn certificate(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        depth: usize,
    ) -> Result<&'a CertificateList, RevocationError> {
        let mut sound = Vec::new();
        let mut partial = Vec::new();
        let mut failure = RevocationError::Unavailable { depth };
        for list in self.lists {
            if list.issuer() != certificate.issuer() {
                continue;
            }
            match self.sound(list, certificate, issuer, depth) {
                Ok(()) => sound.push(list),
                Err(error @ RevocationError::BudgetExceeded { .. }) => return Err(error),
                Err(error) => {
                    // No proof of anything good, yet what it says against a certificate is heard.
                    if let RevocationError::Unusable {
                        source: Unusable::DeltaCrl | Unusable::OnlySomeReasons,
                        ..
                    } = error
                    {
                        partial.push(list);
                    }
                    // That a list cannot be trusted says more than that one is of no use.
                    let untrusted = matches!(error, RevocationError::Untrusted { .. });
                    if untrusted || matches!(failure, RevocationError::Unavailable { .. }) {
                        failure = error;
                    }
                }
            }
        }
        sound.sort_by_key(|list| std::cmp::Reverse(list.this_update()));
        let current = sound.iter().copied().find(|list| self.is_current(list));
        if let Some(entry) = revoking(&sound, &partial, current, certificate) {
            return Err(RevocationError::Revoked {
                depth,
                date: entry.revocation_date,
                reason: entry.reason,
                invalidity_date: entry.invalidity_date,
            });
        }
        current.ok_or_else(|| match sound.first() {
            Some(list) => RevocationError::Stale {
                depth,
                this_update: list.this_update(),
                next_update: list.next_update(),
            },
            None => failure,
        })
    }

    /// Whether a list of the right name can be believed and covers the certificate.
    fn sound(
        &mut self,
        list: &CertificateList,
        certificate: &Certificate,
        issuer: &Certificate,
        depth: usize,
    ) -> Result<(), RevocationError> {
        if issuer.key_usage().is_some_and(|usage| !usage.crl_sign()) {
            return Err(RevocationError::Untrusted {
                depth,
                source: None,
            });
        }
        self.signatures += 1;
        if self.signatures > MAX_LISTS {
            return Err(RevocationError::BudgetExceeded { limit: MAX_LISTS });
        }
        issuer
            .subject_public_key()
            .and_then(|key| list.verify_signature(&key, self.verifier))
            .map_err(|error| RevocationError::Untrusted {
                depth,
                source: Some(error),
            })?;
        covers(list, certificate).map_err(|source| RevocationError::Unusable { depth, source })
    }

    fn is_current(&self, list: &CertificateList) -> bool {
        list.this_update() <= self.time && list.next_update().is_some_and(|next| self.time < next)
    }
}

/// The entry that counts against the certificate. A hold counts in the complete list that is current
/// at the time and in any list as new as the newest complete one; in others it has been lifted since.
fn revoking(
    newest_first: &[&CertificateList],
    partial: &[&CertificateList],
    current: Option<&CertificateList>,
    certificate: &Certificate,
) -> Option<RevokedCertificate> {
    let newest = newest_first.first().map(|list| list.this_update());
    let lists = newest_first.iter().chain(partial);
    lists.copied().find_map(|list| {
        let entry = list.find(certificate.serial())?;
        let lifted =
            current != Some(list) && newest.is_some_and(|newest| list.this_update() < newest);
        match entry.reason {
            Some(CrlReason::RemoveFromCrl) => None,
            Some(CrlReason::CertificateHold) if lifted => None,
            _ => Some(entry),
        }
    })
}

/// Whether the list speaks about the certificate, for all reasons (RFC 5280 §6.3.3 b).
fn covers(list: &CertificateList, certificate: &Certificate) -> Result<(), Unusable> {
    if let Some(fact) = list.unusable() {
        return Err(fact);
    }
    let Some(scope) = list.scope() else {
        return Ok(());
    };
    let is_ca = certificate
        .basic_constraints()
        .is_some_and(|constraints| constraints.ca);
    let of_other_kind = if is_ca {
        scope.only_contains_user_certs
    } else {
        scope.only_contains_ca_certs
    };
    if of_other_kind || !is_served(&scope.names, certificate) {
        return Err(Unusable::OutOfScope);
    }
    Ok(())
}

/// Whether a list for the point with these names serves the certificate.
fn is_served(names: &[GeneralName], certificate: &Certificate) -> bool {
    let issuer = GeneralName::DirectoryName(certificate.issuer().clone());
    let serves = |point: &DistributionPoint| {
        let by_issuer = point
            .crl_issuer
            .as_ref()
            .is_none_or(|names| names.contains(&issuer));
        by_issuer && !point.only_some_reasons && point.names.iter().any(|name| names.contains(name))
    };
    let points = certificate.crl_distribution_points();
    names.is_empty()
        || points.iter().any(serves)
        // A certificate that names no point is served by the one named for its issuer.
        || (points.is_empty() && names.contains(&issuer))
}

/// Each costs a signature; a folder of an authority's lists for a year holds fewer.
const MAX_LISTS: usize = 64;
