use rcgen::CrlDistributionPoint;
use rcgen::CrlScope;
use rcgen::KeyUsagePurpose;
use rcgen::RevocationReason;
use time::Duration;

use crate::crypto;
use crate::crypto::Provider;
use crate::pki::BudgetExceeded;
use crate::pki::Evidence;
use crate::pki::Limits;
use crate::pki::ListDistrust;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::pki::Unit;
use crate::pki::Unusable;
use crate::pki::VerifiedCertificateList;
use crate::pki::test_revocation::Pki;
use crate::pki::test_revocation::base_number;
use crate::pki::test_revocation::check;
use crate::pki::test_revocation::check_with;
use crate::pki::test_revocation::for_point;
use crate::pki::test_revocation::list_of;
use crate::pki::test_revocation::list_with;
use crate::pki::test_revocation::number;
use crate::pki::test_revocation::path;
use crate::pki::test_revocation::was_revoked;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::oids;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;
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
    let proof = check(&path, &[]).unwrap();
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
            source: ListDistrust::Signature(crypto::Error::BadSignature),
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
    let list = list_with(&ca, &[], &[number(7)]);
    let path = path(&leaf, &[&root, &ca]);
    assert_eq!(
        check(&path, &[list, root.list(&[])]),
        Err(RevocationError::Untrusted {
            depth: 0,
            source: ListDistrust::NoCrlSign,
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
    let entry = raw_entry(&other, &[extension(unknown, true, &der::null())]);
    let none: &[Vec<u8>] = &[];
    for (entries, extensions, source) in [
        (
            none,
            vec![number(8), base_number(7)],
            Unusable::DeltaWithoutBase,
        ),
        (
            none,
            vec![number(8), scope(2, &[0xff])],
            Unusable::OnlyCaCerts,
        ),
        (
            none,
            vec![number(8), scope(5, &[0xff])],
            Unusable::OnlyAttributeCerts,
        ),
        (
            none,
            vec![number(8), scope(3, &[0])],
            Unusable::OtherReasons,
        ),
        (
            none,
            vec![number(8), extension(unknown, true, &der::null())],
            Unusable::UnknownCriticalExtension { oid: unknown },
        ),
        (
            &[entry],
            vec![number(8)],
            Unusable::UnknownCriticalExtension { oid: unknown },
        ),
        (none, vec![], Unusable::NoCrlNumber),
        (
            none,
            vec![extension(oids::CRL_NUMBER, true, &der::unsigned(8))],
            Unusable::CriticalCrlNumber,
        ),
    ] {
        let list = list_with(&pki.ca, entries, &extensions);
        assert_eq!(
            pki.check(&[list, pki.root.list(&[])]),
            Err(RevocationError::Unusable { depth: 0, source })
        );
    }
}

#[test]
fn rfc_5280_asks_no_number_of_a_list() {
    let pki = Pki::new();
    let lists = [list_with(&pki.ca, &[], &[]), pki.root.list(&[])];
    let path = path(&pki.leaf, &[&pki.root, &pki.ca]);
    let evidence = Evidence {
        lists: &lists,
        ..Evidence::default()
    };
    let check = |policy| check_with(&path, &evidence, &policy);
    assert!(check(PathPolicy::rfc5280()).is_ok());
    assert!(check(PathPolicy::strict()).is_err());
}

#[test]
fn a_list_without_next_update_is_of_no_use() {
    let pki = Pki::new();
    let mut raw = pki.ca.raw_list(&[], &[number(8)]);
    raw.after_algorithm.remove(2);
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
            source: Unusable::OnlyUserCerts,
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
                source: Unusable::OtherDistributionPoint,
            }),
        ),
    ] {
        let list = for_point(&root, uri, None);
        let checked = check(&path, &[list]);
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
fn a_hold_is_lifted_by_no_list_that_comes_after_the_time_in_question() {
    let pki = Pki::new();
    let hold = [revoked(&pki.leaf, Some(RevocationReason::CertificateHold))];
    let [long_ago, then, yesterday] = [3, 2, 1].map(|days| NOW - Duration::days(days));
    let before = list_of(&pki.ca, long_ago, NOW + Duration::WEEK, &[]);
    let holding = list_of(&pki.ca, then, yesterday, &hold);
    let after = list_of(&pki.ca, NOW + Duration::DAY, NOW + Duration::WEEK, &[]);
    let root = pki.root.list(&[]);
    let on_hold = was_revoked(0, Some(CrlReason::CertificateHold));
    assert_eq!(pki.check(&[before, holding, after, root]), on_hold);
}

#[test]
fn a_delta_list_that_names_the_certificate_revokes_it() {
    let pki = Pki::new();
    let delta = |reason| {
        let entry = raw_entry(&pki.leaf, &[reason_code(reason)]);
        list_with(&pki.ca, &[entry], &[number(8), base_number(7)])
    };
    let complete = [pki.ca.list(&[]), pki.root.list(&[])];
    let with = |reason| pki.check(&[&complete[..], &[delta(reason)]].concat());
    assert_eq!(with(1), was_revoked(0, Some(CrlReason::KeyCompromise)));
    assert_eq!(with(6), was_revoked(0, Some(CrlReason::CertificateHold)));
    assert!(with(8).is_ok(), "removeFromCRL revokes nothing");
}

#[test]
fn more_signatures_than_the_limit_are_not_verified() {
    let pki = Pki::new();
    let list = |number: i64| {
        let then = NOW - Duration::seconds(number);
        list_of(&pki.ca, then, NOW + Duration::DAY, &[])
    };
    let lists: Vec<_> = (0..4).map(list).collect();
    let mut policy = PathPolicy::strict();
    policy.limits = Limits {
        signatures: 3,
        ..policy.limits
    };
    let path = path(&pki.leaf, &[&pki.root, &pki.ca]);
    let evidence = Evidence {
        lists: &lists,
        ..Evidence::default()
    };
    let exceeded = BudgetExceeded {
        unit: Unit::Signatures,
        limit: 3,
    };
    assert_eq!(
        check_with(&path, &evidence, &policy),
        Err(RevocationError::BudgetExceeded(exceeded))
    );
}

#[test]
fn a_list_verified_before_costs_no_signature_again() {
    let pki = Pki::new();
    let path = path(&pki.leaf, &[&pki.root, &pki.ca]);
    let lists = [pki.ca.list(&[]), pki.root.list(&[])];
    let first = check(&path, &lists).unwrap();
    let mut policy = PathPolicy::strict();
    policy.limits.signatures = 0;
    let evidence = Evidence {
        verified_lists: first.verified_lists(),
        ..Evidence::default()
    };
    let second = check_with(&path, &evidence, &policy).unwrap();
    assert_eq!(second.lists(), lists);
    assert_eq!(second.verified_lists(), first.verified_lists());
}

#[test]
fn a_list_verified_with_another_key_proves_nothing() {
    let pki = Pki::new();
    let stranger = TestAuthority::root("CA");
    let list = stranger.list(&[]);
    let key = stranger.certificate.subject_public_key().unwrap();
    let proof = VerifiedCertificateList::verify(&list, &key, &Provider).unwrap();
    let path = path(&pki.leaf, &[&pki.root, &pki.ca]);
    let evidence = Evidence {
        lists: &[pki.root.list(&[])],
        verified_lists: &[proof],
        ..Evidence::default()
    };
    assert_eq!(
        check_with(&path, &evidence, &PathPolicy::strict()),
        Err(RevocationError::Untrusted {
            depth: 0,
            source: ListDistrust::Signature(crypto::Error::BadSignature),
        })
    );
}
