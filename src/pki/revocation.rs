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
use crate::x509::Oid;
use crate::x509::RevokedCertificate;

/// Proof that no certificate of a path but its anchor stands on a list that was current at a time.
///
/// It comes only from [`check_revocation`]:
///
/// ```compile_fail,E0451
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

/// Why a list, sound in itself, cannot say that a certificate is not revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unusable {
    /// It holds only changes since another list.
    #[error("the list is a delta list")]
    DeltaCrl,
    /// It holds entries of other issuers.
    #[error("the list is indirect")]
    IndirectCrl,
    /// It does not say when the next one is due.
    #[error("the list has no nextUpdate")]
    NoNextUpdate,
    /// It covers attribute certificates only.
    #[error("the list covers attribute certificates only")]
    OnlyAttributeCerts,
    /// It covers only some reasons.
    #[error("the list covers only some reasons for revocation")]
    OnlySomeReasons,
    /// It does not cover the kind of certificate, or the certificate names another point.
    #[error("the certificate is outside the scope of the list")]
    OutOfScope,
    /// A critical extension is not understood.
    #[error("the list has the unknown critical extension {oid}")]
    UnknownCriticalExtension {
        /// The extension, of the list or of an entry.
        oid: Oid,
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
        not_weak(list)
            .and_then(|()| issuer.subject_public_key())
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

/// A list whose signature could be forged proves nothing, though it can be verified.
fn not_weak(list: &CertificateList) -> Result<(), crypto::Error> {
    let algorithm = list.signature_algorithm()?;
    if algorithm.is_weak() {
        let algorithm = algorithm.oid();
        return Err(crypto::Error::UnsupportedAlgorithm { algorithm });
    }
    Ok(())
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
    if let Some(&oid) = list.unknown_critical_extensions().first() {
        return Err(Unusable::UnknownCriticalExtension { oid });
    }
    let indirect = list.scope().is_some_and(|scope| scope.indirect_crl);
    if indirect {
        return Err(Unusable::IndirectCrl);
    }
    if list.base_crl_number().is_some() {
        return Err(Unusable::DeltaCrl);
    }
    if list.next_update().is_none() {
        return Err(Unusable::NoNextUpdate);
    }
    let Some(scope) = list.scope() else {
        return Ok(());
    };
    if scope.only_some_reasons.is_some() {
        return Err(Unusable::OnlySomeReasons);
    }
    if scope.only_contains_attribute_certs {
        return Err(Unusable::OnlyAttributeCerts);
    }
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
        by_issuer && point.reasons.is_none() && point.names.iter().any(|name| names.contains(name))
    };
    let points = certificate.crl_distribution_points();
    names.is_empty()
        || points.iter().any(serves)
        // A certificate that names no point is served by the one named for its issuer.
        || (points.is_empty() && names.contains(&issuer))
}

/// Each costs a signature; a folder of an authority's lists for a year holds fewer.
const MAX_LISTS: usize = 64;

#[cfg(test)]
mod tests {
    use rcgen::CrlDistributionPoint;
    use rcgen::CrlIssuingDistributionPoint;
    use rcgen::CrlScope;
    use rcgen::KeyUsagePurpose;
    use rcgen::RevocationReason;
    use time::Duration;
    use time::OffsetDateTime;

    use super::MAX_LISTS;
    use super::NotRevoked;
    use super::RevocationError;
    use super::Unusable;
    use super::check_revocation;
    use crate::crypto;
    use crate::crypto::Provider;
    use crate::pki::PathPolicy;
    use crate::pki::TrustStore;
    use crate::pki::ValidatedPath;
    use crate::pki::build_path;
    use crate::x509::Certificate;
    use crate::x509::CertificateList;
    use crate::x509::CrlReason;
    use crate::x509::Oid;
    use crate::x509::der;
    use crate::x509::oids;
    use crate::x509::test_authority::NOW;
    use crate::x509::test_authority::TestAuthority;
    use crate::x509::test_authority::copy;
    use crate::x509::test_authority::extension;
    use crate::x509::test_authority::raw_entry;
    use crate::x509::test_authority::reason_code;
    use crate::x509::test_authority::revoked;
    use crate::x509::test_authority::with_broken_signature;

    #[test]
    fn every_certificate_but_the_anchor_is_asked_of_its_issuers_list() {
        let pki = Pki::new();
        let lists = [pki.ca.list(&[]), pki.root.list(&[])];
        let proof = pki.check(&lists).unwrap();
        assert_eq!(proof.lists(), lists);
        assert_eq!(proof.next_update(), Some(NOW + Duration::DAY));
    }

    #[test]
    fn an_anchor_needs_no_list() {
        let root = TestAuthority::root("Root");
        let path = path(&root.certificate, &[&root]);
        let proof = check_revocation(&path, &[], NOW, &Provider).unwrap();
        assert_eq!((proof.lists(), proof.next_update()), (&[][..], None));
    }

    #[test]
    fn a_listed_end_entity_is_revoked_with_date_and_reason() {
        let pki = Pki::new();
        let mut entry = revoked(&pki.leaf, Some(RevocationReason::KeyCompromise));
        entry.invalidity_date = Some(NOW - Duration::DAY);
        assert_eq!(
            pki.check(&[pki.ca.list(&[entry]), pki.root.list(&[])]),
            Err(RevocationError::Revoked {
                depth: 0,
                date: NOW - Duration::HOUR,
                reason: Some(CrlReason::KeyCompromise),
                invalidity_date: Some(NOW - Duration::DAY),
            })
        );
    }

    #[test]
    fn a_revoked_ca_is_told_apart_by_its_depth() {
        let pki = Pki::new();
        let lists = [
            pki.ca.list(&[]),
            pki.root.list(&[revoked(&pki.ca.certificate, None)]),
        ];
        assert_eq!(pki.check(&lists), was_revoked(1, None));
        // Also when nothing is known about the end entity.
        assert_eq!(pki.check(&lists[1..]), was_revoked(1, None));
    }

    #[test]
    fn a_revoked_end_entity_tells_more_than_a_missing_list_of_its_ca() {
        let pki = Pki::new();
        let list = pki.ca.list(&[revoked(&pki.leaf, None)]);
        assert_eq!(pki.check(&[list]), was_revoked(0, None));
    }

    #[test]
    fn without_a_list_of_the_issuer_nothing_is_known() {
        let pki = Pki::new();
        let other = TestAuthority::root("Other").list(&[]);
        for (lists, depth) in [
            (vec![], 0),
            (vec![pki.root.list(&[]), other], 0),
            (vec![pki.ca.list(&[])], 1),
        ] {
            let expected = Err(RevocationError::Unavailable { depth });
            assert_eq!(pki.check(&lists), expected);
        }
    }

    #[test]
    fn a_list_is_current_from_this_update_until_before_next_update() {
        let pki = Pki::new();
        for (this_update, next_update, current) in [
            (NOW - Duration::HOUR, NOW, false),
            (NOW - Duration::HOUR, NOW + Duration::SECOND, true),
            (NOW, NOW + Duration::DAY, true),
            (NOW + Duration::SECOND, NOW + Duration::DAY, false),
        ] {
            let stale = Err(RevocationError::Stale {
                depth: 0,
                this_update,
                next_update: Some(next_update),
            });
            let list = list_of(&pki.ca, this_update, next_update, &[]);
            let checked = pki.check(&[list, pki.root.list(&[])]);
            assert_eq!(checked.map(|_| ()), if current { Ok(()) } else { stale });
        }
    }

    #[test]
    fn a_stale_list_that_names_the_certificate_revokes_it() {
        let pki = Pki::new();
        let entry = revoked(&pki.leaf, None);
        let (then, next) = (NOW - Duration::WEEK, NOW - Duration::DAY);
        let stale = list_of(&pki.ca, then, next, &[entry]);
        let root = pki.root.list(&[]);
        let alone = [stale.clone(), root.clone()];
        assert_eq!(pki.check(&alone), was_revoked(0, None));
        let beside_a_current_one = [pki.ca.list(&[]), stale, root];
        assert_eq!(pki.check(&beside_a_current_one), was_revoked(0, None));
    }

    #[test]
    fn a_list_with_a_broken_signature_is_untrusted_unless_a_good_one_is_there() {
        let pki = Pki::new();
        let broken = pki.ca.list(&[revoked(&pki.leaf, None)]);
        let broken = with_broken_signature(broken.as_der());
        let broken = CertificateList::from_der(&broken).unwrap();
        let root = pki.root.list(&[]);
        assert_eq!(
            pki.check(&[broken.clone(), root.clone()]),
            Err(RevocationError::Untrusted {
                depth: 0,
                source: Some(crypto::Error::BadSignature),
            })
        );
        assert!(pki.check(&[broken, pki.ca.list(&[]), root]).is_ok());
    }

    #[test]
    fn a_list_by_a_key_that_may_not_sign_lists_is_untrusted() {
        let root = TestAuthority::root("Root");
        let ca = root.ca_with("CA", |ca| {
            ca.key_usages = vec![KeyUsagePurpose::KeyCertSign]
        });
        let leaf = ca.leaf("Leaf");
        // rcgen refuses to sign such a list itself.
        let list = CertificateList::from_der(&ca.sign_raw(&ca.raw_list(&[], &[]))).unwrap();
        let path = path(&leaf, &[&root, &ca]);
        assert_eq!(
            check_revocation(&path, &[list, root.list(&[])], NOW, &Provider),
            Err(RevocationError::Untrusted {
                depth: 0,
                source: None,
            })
        );
    }

    #[test]
    fn a_list_that_does_not_tell_all_is_of_no_use() {
        let pki = Pki::new();
        let unknown = Oid::new("2.999.1");
        let scope = |number, value: &[u8]| {
            let flag = der::context_primitive(number, value);
            extension(
                oids::ISSUING_DISTRIBUTION_POINT,
                true,
                &der::sequence(&[flag]),
            )
        };
        let other = pki.ca.leaf("Somebody else");
        for (entries, extensions, source) in [
            (
                vec![],
                vec![extension(
                    oids::DELTA_CRL_INDICATOR,
                    true,
                    &der::unsigned(1),
                )],
                Unusable::DeltaCrl,
            ),
            (
                vec![],
                vec![scope(3, &[7, 0x80])],
                Unusable::OnlySomeReasons,
            ),
            (vec![], vec![scope(4, &[0xff])], Unusable::IndirectCrl),
            (
                vec![],
                vec![scope(5, &[0xff])],
                Unusable::OnlyAttributeCerts,
            ),
            (vec![], vec![scope(2, &[0xff])], Unusable::OutOfScope),
            (
                vec![],
                vec![extension(unknown, true, &der::null())],
                Unusable::UnknownCriticalExtension { oid: unknown },
            ),
            (
                vec![raw_entry(&other, &[extension(unknown, true, &der::null())])],
                vec![],
                Unusable::UnknownCriticalExtension { oid: unknown },
            ),
        ] {
            let list = pki.ca.sign_raw(&pki.ca.raw_list(&entries, &extensions));
            let list = CertificateList::from_der(&list).unwrap();
            assert_eq!(
                pki.check(&[list, pki.root.list(&[])]),
                Err(RevocationError::Unusable { depth: 0, source })
            );
        }
    }

    #[test]
    fn a_list_without_next_update_is_of_no_use() {
        let pki = Pki::new();
        let mut raw = pki.ca.raw_list(&[], &[]);
        raw.after_algorithm.truncate(2);
        let list = CertificateList::from_der(&pki.ca.sign_raw(&raw)).unwrap();
        assert_eq!(
            pki.check(&[list, pki.root.list(&[])]),
            Err(RevocationError::Unusable {
                depth: 0,
                source: Unusable::NoNextUpdate,
            })
        );
    }

    #[test]
    fn a_list_for_user_certificates_says_nothing_about_a_ca() {
        let pki = Pki::new();
        let list = for_point(
            &pki.root,
            "http://a.example/crl",
            Some(CrlScope::UserCertsOnly),
        );
        assert_eq!(
            pki.check(&[pki.ca.list(&[]), list]),
            Err(RevocationError::Unusable {
                depth: 1,
                source: Unusable::OutOfScope,
            })
        );
    }

    #[test]
    fn a_list_for_one_distribution_point_serves_the_certificates_that_name_it() {
        let root = TestAuthority::root("Root");
        let leaf = root.leaf_with("Leaf", |leaf| {
            leaf.crl_distribution_points = vec![CrlDistributionPoint {
                uris: vec!["http://a.example/crl".into()],
            }];
        });
        let path = path(&leaf, &[&root]);
        for (uri, expected) in [
            ("http://a.example/crl", Ok(())),
            (
                "http://b.example/crl",
                Err(RevocationError::Unusable {
                    depth: 0,
                    source: Unusable::OutOfScope,
                }),
            ),
        ] {
            let list = for_point(&root, uri, None);
            let checked = check_revocation(&path, &[list], NOW, &Provider);
            assert_eq!(checked.map(|_| ()), expected, "{uri}");
        }
    }

    #[test]
    fn a_hold_counts_until_a_newer_list_lifts_it() {
        let pki = Pki::new();
        let hold = || [revoked(&pki.leaf, Some(RevocationReason::CertificateHold))];
        let tomorrow = NOW + Duration::DAY;
        let older = list_of(&pki.ca, NOW - Duration::hours(9), tomorrow, &hold());
        let newer = list_of(&pki.ca, NOW - Duration::HOUR, tomorrow, &[]);
        let later = list_of(&pki.ca, NOW + Duration::HOUR, tomorrow, &[]);
        let root = pki.root.list(&[]);
        let on_hold = was_revoked(0, Some(CrlReason::CertificateHold));
        assert_eq!(pki.check(&[older.clone(), root.clone()]), on_hold);
        assert!(pki.check(&[older.clone(), newer, root.clone()]).is_ok());
        // At this time the certificate was on hold still.
        assert_eq!(pki.check(&[later, older, root]), on_hold);
    }

    #[test]
    fn a_delta_list_that_names_the_certificate_revokes_it() {
        let pki = Pki::new();
        let indicator = extension(oids::DELTA_CRL_INDICATOR, true, &der::unsigned(1));
        let delta = |reason| {
            let entry = raw_entry(&pki.leaf, &[reason_code(reason)]);
            let raw = pki.ca.raw_list(&[entry], std::slice::from_ref(&indicator));
            CertificateList::from_der(&pki.ca.sign_raw(&raw)).unwrap()
        };
        let complete = [pki.ca.list(&[]), pki.root.list(&[])];
        let with = |reason| pki.check(&[&complete[..], &[delta(reason)]].concat());
        assert_eq!(with(1), was_revoked(0, Some(CrlReason::KeyCompromise)));
        assert_eq!(with(6), was_revoked(0, Some(CrlReason::CertificateHold)));
        assert!(with(8).is_ok(), "removeFromCRL revokes nothing");
    }

    #[test]
    fn more_lists_than_the_limit_are_not_checked() {
        let pki = Pki::new();
        let lists = vec![pki.ca.list(&[]); MAX_LISTS + 1];
        let expected = Err(RevocationError::BudgetExceeded { limit: MAX_LISTS });
        assert_eq!(pki.check(&lists), expected);
    }

    struct Pki {
        root: TestAuthority,
        ca: TestAuthority,
        leaf: Certificate,
    }

    impl Pki {
        fn new() -> Self {
            let root = TestAuthority::root("Root");
            let ca = root.ca("CA");
            let leaf = ca.leaf("Leaf");
            Self { root, ca, leaf }
        }

        fn check(&self, lists: &[CertificateList]) -> Result<NotRevoked, RevocationError> {
            let path = path(&self.leaf, &[&self.root, &self.ca]);
            check_revocation(&path, lists, NOW, &Provider)
        }
    }

    fn path(leaf: &Certificate, authorities: &[&TestAuthority]) -> ValidatedPath {
        let trusted = authorities
            .iter()
            .map(|authority| authority.certificate.clone());
        let store = TrustStore::new(trusted, &Provider);
        build_path(leaf, &store, &[], NOW, &PathPolicy::strict(), &Provider).unwrap()
    }

    fn was_revoked(depth: usize, reason: Option<CrlReason>) -> Result<NotRevoked, RevocationError> {
        Err(RevocationError::Revoked {
            depth,
            date: NOW - Duration::HOUR,
            reason,
            invalidity_date: None,
        })
    }

    fn list_of(
        authority: &TestAuthority,
        this_update: OffsetDateTime,
        next_update: OffsetDateTime,
        entries: &[rcgen::RevokedCertParams],
    ) -> CertificateList {
        authority.list_with(|list| {
            list.this_update = this_update;
            list.next_update = next_update;
            list.revoked_certs = entries.iter().map(copy).collect();
        })
    }

    fn for_point(authority: &TestAuthority, uri: &str, scope: Option<CrlScope>) -> CertificateList {
        authority.list_with(|list| {
            list.issuing_distribution_point = Some(CrlIssuingDistributionPoint {
                distribution_point: CrlDistributionPoint {
                    uris: vec![uri.into()],
                },
                scope,
            });
        })
    }
}
