use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::pki::Budget;
use crate::pki::Error;
use crate::pki::PathPolicy;
use crate::pki::TrustStore;
use crate::pki::search::Search;
use crate::pki::signatures::WorkingKey;
use crate::x509::Certificate;
use crate::x509::Oid;

/// Proof that a path from an end entity to a trust anchor was valid at a time (RFC 5280 §6.1).
///
/// It comes only from [`build_path`]:
///
/// ```compile_fail,E0451
/// # use ruqsat::{pki::ValidatedPath, x509::Certificate};
/// fn forged(leaf: Certificate, anchor: Certificate) -> ValidatedPath {
///     let time = time::OffsetDateTime::UNIX_EPOCH;
///     let valid_policies = Vec::new();
///     ValidatedPath { leaf, anchor, certificates: Vec::new(), time, valid_policies }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatedPath {
    leaf: Certificate,
    anchor: Certificate,
    certificates: Vec<Certificate>,
    time: OffsetDateTime,
    valid_policies: Vec<Oid>,
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

    /// The policies that were wanted and for which the path is valid, those of the anchor's domain
    /// (user-constrained-policy-set of RFC 9618); anyPolicy when it is valid for all. May be empty
    /// where no policy was demanded.
    pub fn valid_policies(&self) -> &[Oid] {
        &self.valid_policies
    }

    /// The public key of the certificate at a depth, with the parameters that a DSA key inherits
    /// (RFC 5280 §6.1.4 d–f).
    ///
    /// # Errors
    ///
    /// As [`Certificate::subject_public_key`].
    pub fn public_key(&self, depth: usize) -> Result<SubjectPublicKey<'_>, crypto::Error> {
        let mut key = WorkingKey::of(&self.anchor);
        let below = self.certificates.len().saturating_sub(1);
        for certificate in self.certificates[..below].iter().skip(depth).rev() {
            key = key.next(certificate);
        }
        key.key()
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
    let mut budget = Budget::new(&policy.limits);
    build_path_within(leaf, store, extra, time, policy, verifier, &mut budget)
}

/// As [`build_path`], at the expense of a budget that other work shares.
pub(super) fn build_path_within(
    leaf: &Certificate,
    store: &TrustStore,
    extra: &[Certificate],
    time: OffsetDateTime,
    policy: &PathPolicy,
    verifier: &dyn SignatureVerifier,
    budget: &mut Budget,
) -> Result<ValidatedPath, Error> {
    let found = Search::new(store, extra, time, policy, verifier, budget).run(leaf)?;
    Ok(ValidatedPath {
        leaf: leaf.clone(),
        anchor: found.certificates.last().unwrap_or(leaf).clone(),
        certificates: found.certificates,
        time,
        valid_policies: found.policies,
    })
}

#[cfg(test)]
mod tests {
    use rcgen::BasicConstraints;
    use rcgen::IsCa;
    use rcgen::KeyUsagePurpose;
    use time::Duration;
    use time::macros::datetime;

    use super::ValidatedPath;
    use super::build_path;
    use crate::crypto;
    use crate::crypto::Provider;
    use crate::crypto::SignatureAlgorithm;
    use crate::pki::BudgetExceeded;
    use crate::pki::Error;
    use crate::pki::Limits;
    use crate::pki::PathPolicy;
    use crate::pki::TrustStore;
    use crate::pki::Unit;
    use crate::x509::Certificate;
    use crate::x509::Oid;
    use crate::x509::der;
    use crate::x509::test_authority::NOW;
    use crate::x509::test_authority::TestAuthority;
    use crate::x509::test_authority::custom_extension;
    use crate::x509::test_authority::with_broken_signature;

    #[test]
    fn a_path_leads_from_the_end_entity_to_the_anchor() {
        let (root, ca, leaf) = three();
        let path = build(&leaf, &[&root.certificate, &ca.certificate], &[]).unwrap();
        assert_eq!(
            path.certificates(),
            [leaf.clone(), ca.certificate, root.certificate.clone()]
        );
        assert_eq!((path.leaf(), path.anchor()), (&leaf, &root.certificate));
        assert_eq!(path.time(), NOW);
    }

    #[test]
    fn certificates_of_the_message_help_to_find_a_path() {
        let (root, ca, leaf) = three();
        let extra = [leaf.clone(), root.certificate.clone(), ca.certificate];
        let path = build(&leaf, &[&root.certificate], &extra).unwrap();
        assert_eq!(path.certificates().len(), 3);
    }

    #[test]
    fn an_end_entity_that_is_an_anchor_is_a_path_of_one() {
        let (root, ..) = three();
        let path = build(&root.certificate, &[&root.certificate], &[]).unwrap();
        assert_eq!(path.certificates(), [root.certificate]);
    }

    #[test]
    fn an_expired_certificate_is_named_with_its_depth() {
        for expired in 0..3 {
            let not_after = NOW - Duration::SECOND;
            let at = |depth| {
                move |params: &mut rcgen::CertificateParams| {
                    if depth == expired {
                        params.not_after = not_after;
                    }
                }
            };
            let root = TestAuthority::root_with("Root", at(2));
            let ca = root.ca_with("CA", at(1));
            let leaf = ca.leaf_with("Leaf", at(0));
            let all = [&leaf, &ca.certificate, &root.certificate];
            assert_eq!(
                build(&leaf, &all[1..], &[]),
                Err(Error::CertExpired {
                    depth: expired,
                    time: NOW,
                    not_after,
                    certificate: all[expired].clone(),
                })
            );
        }
    }

    #[test]
    fn rfc_5280_leaves_the_validity_of_an_anchor_out_of_account() {
        let root = TestAuthority::root_with("Root", |root| root.not_after = NOW - Duration::DAY);
        let leaf = root.leaf("Leaf");
        let store = TrustStore::new([root.certificate], &Provider);
        let policy = PathPolicy::rfc5280();
        assert!(build_path(&leaf, &store, &[], NOW, &policy, &Provider).is_ok());
    }

    #[test]
    fn a_certificate_of_the_future_is_not_yet_valid() {
        let root = TestAuthority::root("Root");
        let not_before = NOW + Duration::SECOND;
        let leaf = root.leaf_with("Leaf", |leaf| leaf.not_before = not_before);
        assert_eq!(
            build(&leaf, &[&root.certificate], &[]),
            Err(Error::CertNotYetValid {
                depth: 0,
                time: NOW,
                not_before,
                certificate: leaf,
            })
        );
    }

    #[test]
    fn the_first_and_the_last_second_of_validity_are_inside() {
        let root = TestAuthority::root("Root");
        let store = TrustStore::new([root.certificate.clone()], &Provider);
        let leaf = root.leaf("Leaf");
        for (time, valid) in [
            (datetime!(2025-12-31 23:59:59.9 UTC), false),
            (datetime!(2026-01-01 0:00 UTC), true),
            (datetime!(2026-12-31 23:59:59.9 UTC), true),
            (datetime!(2027-01-01 0:00 UTC), false),
        ] {
            let path = build_path(&leaf, &store, &[], time, &PathPolicy::strict(), &Provider);
            assert_eq!(path.is_ok(), valid, "{time}");
        }
    }

    #[test]
    fn a_certificate_whose_issuer_nobody_knows_has_no_issuer() {
        let (root, _, leaf) = three();
        assert_eq!(
            build(&leaf, &[&root.certificate], &[]),
            Err(Error::NoIssuer {
                depth: 0,
                certificate: leaf,
            })
        );
    }

    #[test]
    fn a_path_to_a_root_outside_the_store_is_untrusted() {
        let (root, ca, leaf) = three();
        let other = TestAuthority::root("Other root");
        let extra = [root.certificate.clone(), ca.certificate];
        assert_eq!(
            build(&leaf, &[&other.certificate], &extra),
            Err(Error::UntrustedRoot {
                depth: 2,
                root: root.certificate,
            })
        );
    }

    #[test]
    fn a_self_signed_end_entity_outside_the_store_is_an_untrusted_root() {
        let (root, ..) = three();
        let own = TestAuthority::root_with("Leaf", |leaf| leaf.is_ca = IsCa::NoCa).certificate;
        assert_eq!(
            build(&own, &[&root.certificate], std::slice::from_ref(&own)),
            Err(Error::UntrustedRoot {
                depth: 0,
                root: own,
            })
        );
    }

    #[test]
    fn an_embedded_root_with_the_name_of_an_anchor_and_another_key_is_an_impostor() {
        let (root, ..) = three();
        let (false_root, ca, leaf) = three();
        let extra = [false_root.certificate.clone(), ca.certificate];
        assert_eq!(
            build(&leaf, &[&root.certificate], &extra),
            Err(Error::Impostor {
                depth: 2,
                certificate: false_root.certificate,
            })
        );
    }

    #[test]
    fn a_certificate_issued_under_the_name_of_an_anchor_by_another_key_shows_an_impostor() {
        let (root, ..) = three();
        let (_, ca, leaf) = three();
        assert_eq!(
            build(
                &leaf,
                &[&root.certificate],
                std::slice::from_ref(&ca.certificate)
            ),
            Err(Error::Impostor {
                depth: 1,
                certificate: ca.certificate,
            })
        );
    }

    #[test]
    fn a_certificate_from_another_key_of_a_known_intermediate_has_no_issuer() {
        let (root, ca, _) = three();
        let leaf = root.ca("CA").leaf("Leaf");
        assert_eq!(
            build(&leaf, &[&root.certificate, &ca.certificate], &[]),
            Err(Error::NoIssuer {
                depth: 0,
                certificate: leaf,
            })
        );
    }

    #[test]
    fn a_changed_signature_is_bad_at_its_depth() {
        let (root, ca, leaf) = three();
        let broken = Certificate::from_der(&with_broken_signature(leaf.as_der())).unwrap();
        assert_eq!(
            build(&broken, &[&root.certificate, &ca.certificate], &[]),
            Err(Error::BadSignature {
                depth: 0,
                certificate: broken,
            })
        );
        let broken = with_broken_signature(ca.certificate.as_der());
        let broken = Certificate::from_der(&broken).unwrap();
        assert_eq!(
            build(&leaf, &[&root.certificate], std::slice::from_ref(&broken)),
            Err(Error::BadSignature {
                depth: 1,
                certificate: broken,
            })
        );
    }

    #[test]
    fn an_end_entity_that_issues_certificates_is_no_ca() {
        for is_ca in [IsCa::NoCa, IsCa::ExplicitNoCa] {
            let root = TestAuthority::root("Root");
            let ca = root.ca_with("CA", |ca| ca.is_ca = is_ca);
            let leaf = ca.leaf("Leaf");
            assert_eq!(
                build(&leaf, &[&root.certificate, &ca.certificate], &[]),
                Err(Error::NotCa {
                    depth: 1,
                    certificate: ca.certificate,
                })
            );
        }
    }

    #[test]
    fn a_ca_whose_key_may_not_sign_certificates_is_refused() {
        let root = TestAuthority::root("Root");
        let ca = root.ca_with("CA", |ca| ca.key_usages = vec![KeyUsagePurpose::CrlSign]);
        let leaf = ca.leaf("Leaf");
        assert_eq!(
            build(&leaf, &[&root.certificate, &ca.certificate], &[]),
            Err(Error::MissingKeyCertSign {
                depth: 1,
                certificate: ca.certificate,
            })
        );
    }

    #[test]
    fn a_ca_certificate_of_version_1_is_refused() {
        let (root, ca, leaf) = three();
        let v1 = root.sign_raw(&root.raw_certificate(&ca.certificate, 1));
        let v1 = Certificate::from_der(&v1).unwrap();
        assert_eq!(
            build(&leaf, &[&root.certificate], std::slice::from_ref(&v1)),
            Err(Error::CaVersion {
                depth: 1,
                version: 1,
                certificate: v1,
            })
        );
    }

    #[test]
    fn a_path_longer_than_its_constraint_is_refused() {
        let root = TestAuthority::root_with("Root", |root| {
            root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        });
        let ca = root.ca("CA");
        let leaf = ca.leaf("Leaf");
        assert!(build(&root.leaf("Leaf"), &[&root.certificate], &[]).is_ok());
        assert_eq!(
            build(&leaf, &[&root.certificate, &ca.certificate], &[]),
            Err(Error::PathLenExceeded {
                depth: 2,
                allowed: 0,
                found: 1,
                certificate: root.certificate,
            })
        );
    }

    #[test]
    fn self_issued_certificates_do_not_count_for_the_length_of_a_path() {
        let root = TestAuthority::root("Root");
        let ca = root.ca_with("CA", |ca| {
            ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        });
        let new_key = ca.ca("CA");
        let leaf = new_key.leaf("Leaf");
        let path = build(
            &leaf,
            &[&root.certificate, &ca.certificate, &new_key.certificate],
            &[],
        );
        assert_eq!(path.map(|path| path.certificates().len()), Ok(4));
    }

    #[test]
    fn an_unknown_critical_extension_is_refused_anywhere() {
        let oid = Oid::new("2.999.1");
        for marked in 0..3 {
            let at = |depth| {
                move |params: &mut rcgen::CertificateParams| {
                    let extension = custom_extension(oid, depth == marked, &der::null());
                    params.custom_extensions.push(extension);
                }
            };
            let root = TestAuthority::root_with("Root", at(2));
            let ca = root.ca_with("CA", at(1));
            let leaf = ca.leaf_with("Leaf", at(0));
            let all = [&leaf, &ca.certificate, &root.certificate];
            assert_eq!(
                build(&leaf, &all[1..], &[]),
                Err(Error::UnknownCriticalExtension {
                    depth: marked,
                    oid,
                    certificate: all[marked].clone(),
                })
            );
        }
    }

    #[test]
    fn a_signature_over_sha_1_is_weak_and_of_unknown_kind_unsupported() {
        let root = TestAuthority::root("Root");
        let leaf = root.leaf("Leaf");
        let signed_with = |algorithm| {
            let mut raw = root.raw_certificate(&leaf, 3);
            raw.algorithm = algorithm;
            Certificate::from_der(&root.sign_raw(&raw)).unwrap()
        };
        let weak = signed_with(SignatureAlgorithm::EcdsaSha1.oid());
        assert_eq!(
            build(&weak, &[&root.certificate], &[]),
            Err(Error::WeakAlgorithm {
                depth: 0,
                algorithm: SignatureAlgorithm::EcdsaSha1,
                bits: None,
                since: SHA1_ENDED,
                certificate: weak,
            })
        );
        let algorithm = Oid::new("1.2.398.3.10.1.1.2.3.2");
        let gost = signed_with(algorithm);
        assert_eq!(
            build(&gost, &[&root.certificate], &[]),
            Err(Error::UnsupportedAlgorithm {
                depth: 0,
                source: crypto::Error::UnsupportedAlgorithm { algorithm },
                certificate: gost,
            })
        );
    }

    #[test]
    fn a_wrong_certificate_of_the_issuer_does_not_hide_the_right_one() {
        let (root, ca, leaf) = three();
        let expired = root.certify(&ca, |ca| ca.not_after = NOW - Duration::DAY);
        let broken = with_broken_signature(ca.certificate.as_der());
        let extra = [
            root.ca("CA").certificate,
            expired,
            Certificate::from_der(&broken).unwrap(),
            ca.certificate.clone(),
        ];
        let path = build(&leaf, &[&root.certificate], &extra).unwrap();
        assert_eq!(path.certificates()[1], ca.certificate);
    }

    #[test]
    fn authorities_that_certify_each_other_end_the_search() {
        let (root, ca, leaf) = three();
        let other = ca.ca("Other CA");
        let back = other.certify(&ca, |_| {});
        let unrelated = TestAuthority::root("Unrelated root");
        assert_eq!(
            build(
                &leaf,
                &[&unrelated.certificate],
                &[
                    back,
                    other.certificate,
                    ca.certificate,
                    root.certificate.clone()
                ]
            ),
            Err(Error::UntrustedRoot {
                depth: 2,
                root: root.certificate,
            })
        );
    }

    #[test]
    fn a_search_beyond_a_limit_is_ended() {
        let (root, _, leaf) = three();
        let crowd: Vec<Certificate> = (0..5).map(|_| root.ca("CA").certificate).collect();
        let store = TrustStore::new([root.certificate], &Provider);
        let limited = |policy| build_path(&leaf, &store, &crowd, NOW, &policy, &Provider).err();
        let exceeded = |unit, limit| Some(BudgetExceeded { unit, limit }.into());
        let strict = Limits::strict();
        let cases = [
            (
                Limits {
                    signatures: 4,
                    ..strict
                },
                exceeded(Unit::Signatures, 4),
            ),
            (Limits { steps: 5, ..strict }, exceeded(Unit::Steps, 5)),
            (Limits { bytes: 9, ..strict }, exceeded(Unit::Bytes, 9)),
            (
                Limits {
                    path_certificates: 1,
                    ..strict
                },
                Some(Error::PathTooLong { limit: 1 }),
            ),
        ];
        for (limits, expected) in cases {
            let policy = PathPolicy {
                limits,
                ..PathPolicy::strict()
            };
            assert_eq!(limited(policy), expected);
        }
    }

    const SHA1_ENDED: time::OffsetDateTime = datetime!(2012-08-01 0:00 UTC);

    fn three() -> (TestAuthority, TestAuthority, Certificate) {
        let root = TestAuthority::root("Root");
        let ca = root.ca("CA");
        let leaf = ca.leaf("Leaf");
        (root, ca, leaf)
    }

    fn build(
        leaf: &Certificate,
        trusted: &[&Certificate],
        extra: &[Certificate],
    ) -> Result<ValidatedPath, Error> {
        let store = TrustStore::new(trusted.iter().copied().cloned(), &Provider);
        build_path(leaf, &store, extra, NOW, &PathPolicy::strict(), &Provider)
    }
}
