use rcgen::CrlDistributionPoint;
use rcgen::RevocationReason;
use time::Duration;
use time::OffsetDateTime;

use crate::crypto::Provider;
use crate::pki::Evidence;
use crate::pki::NotRevoked;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::pki::TrustStore;
use crate::pki::build_path;
use crate::pki::check_revocation;
use crate::pki::ocsp;
use crate::pki::ocsp::OcspResponse;
use crate::pki::ocsp::test_responder::Forge;
use crate::pki::ocsp::test_responder::delegate;
use crate::pki::ocsp::test_responder::extended_revoke;
use crate::pki::ocsp::test_responder::no_check;
use crate::pki::ocsp::test_responder::revoked;
use crate::pki::ocsp::test_responder::unknown;
use crate::pki::test_revocation::for_point;
use crate::pki::test_revocation::list_of;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::test_authority;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;

#[test]
fn a_good_answer_or_a_good_list_suffices() {
    let world = World::new();
    let good = world.build(&world.good());
    let list = world.root.list(&[]);
    let by_answer = world.check(&[], &[good]).unwrap();
    assert_eq!(
        (by_answer.lists(), by_answer.responses().len()),
        (&[][..], 1)
    );
    assert_eq!(by_answer.next_update(), Some(NOW + Duration::HOUR));
    let by_list = world.check(std::slice::from_ref(&list), &[]).unwrap();
    assert_eq!(
        (by_list.lists(), by_list.responses().len()),
        (&[list][..], 0)
    );
}

#[test]
fn what_says_revoked_goes_before_what_says_good() {
    let world = World::new();
    let date = NOW - Duration::HOUR;
    let bad = world.build(&world.says(revoked(date, Some(1))));
    let compromised = Err(RevocationError::Revoked {
        depth: 0,
        date,
        reason: Some(CrlReason::KeyCompromise),
        invalidity_date: None,
    });
    let good = world.build(&world.good());
    let good_list = [world.root.list(&[])];
    assert_eq!(
        world.check(&good_list, std::slice::from_ref(&bad)),
        compromised
    );
    assert_eq!(world.check(&[], &[good.clone(), bad]), compromised);
    let entry = test_authority::revoked(&world.leaf, Some(RevocationReason::KeyCompromise));
    let bad_list = [world.root.list(&[entry])];
    assert_eq!(world.check(&bad_list, &[good]), compromised);
}

#[test]
fn a_stale_answer_that_says_revoked_revokes() {
    let world = World::new();
    let mut forge = world.says(revoked(NOW - Duration::WEEK, None));
    age(&mut forge, Duration::DAY);
    let stale = world.build(&forge);
    assert_eq!(
        world.check(&[world.root.list(&[])], &[stale]),
        Err(RevocationError::Revoked {
            depth: 0,
            date: NOW - Duration::WEEK,
            reason: None,
            invalidity_date: None,
        })
    );
}

#[test]
fn a_hold_counts_until_a_newer_answer_lifts_it() {
    let world = World::new();
    let mut on_hold = world.says(revoked(NOW - Duration::DAY, Some(6)));
    let held = world.build(&on_hold);
    let expected = Err(RevocationError::Revoked {
        depth: 0,
        date: NOW - Duration::DAY,
        reason: Some(CrlReason::CertificateHold),
        invalidity_date: None,
    });
    let mut earlier = world.good();
    age(&mut earlier, Duration::HOUR);
    let earlier = world.build(&earlier);
    assert_eq!(world.check(&[], &[held, earlier]), expected);
    age(&mut on_hold, Duration::HOUR);
    let older = world.build(&on_hold);
    let newer = world.build(&world.good());
    assert!(world.check(&[], &[older, newer]).is_ok());
}

#[test]
fn a_hold_is_lifted_by_no_answer_that_comes_after_the_time_in_question() {
    let world = World::new();
    let mut before = world.good();
    age(&mut before, Duration::days(3));
    before.singles[0].next_update = Some(NOW + Duration::WEEK);
    let mut on_hold = world.says(revoked(NOW - Duration::days(2), Some(6)));
    age(&mut on_hold, Duration::days(2));
    on_hold.singles[0].next_update = None;
    let mut after = world.good();
    age(&mut after, -Duration::DAY);
    let responses = [before, on_hold, after].map(|forge| world.build(&forge));
    assert_eq!(
        world.check(&[], &responses),
        Err(RevocationError::Revoked {
            depth: 0,
            date: NOW - Duration::days(2),
            reason: Some(CrlReason::CertificateHold),
            invalidity_date: None,
        })
    );
}

#[test]
fn a_certificate_that_the_authority_does_not_know_is_told_as_such() {
    let world = World::new();
    let answer = world.build(&world.says(unknown()));
    let expected = Err(RevocationError::Unknown { depth: 0 });
    assert_eq!(world.check(&[], std::slice::from_ref(&answer)), expected);
    assert!(world.check(&[world.root.list(&[])], &[answer]).is_ok());
    let mut never = world.says(revoked(OffsetDateTime::UNIX_EPOCH, Some(6)));
    never.extensions.push(extended_revoke());
    let never = world.build(&never);
    let expected = Err(RevocationError::NeverIssued { depth: 0 });
    assert_eq!(world.check(&[world.root.list(&[])], &[never]), expected);
}

#[test]
fn an_answer_about_another_certificate_is_none() {
    let world = World::new();
    let other = world.root.leaf("Other");
    let root = &world.root.certificate;
    let forge = Forge::good(&other, root, &world.responder.certificate);
    let expected = Err(RevocationError::Unavailable { depth: 0 });
    assert_eq!(world.check(&[], &[world.build(&forge)]), expected);
}

#[test]
fn an_answer_that_proves_nothing_is_told_with_its_defect() {
    let world = World::new();
    let mut forge = world.good();
    forge.spoilt_signature = true;
    assert_eq!(
        world.check(&[], &[world.build(&forge)]),
        Err(RevocationError::Response {
            depth: 0,
            source: Box::new(ocsp::Error::BadSignature),
        })
    );
    let mut forge = world.good();
    age(&mut forge, Duration::DAY);
    let single = &forge.singles[0];
    assert_eq!(
        world.check(&[], &[world.build(&forge)]),
        Err(RevocationError::Response {
            depth: 0,
            source: Box::new(ocsp::Error::Stale {
                this_update: single.this_update,
                next_update: single.next_update,
                time: NOW,
            }),
        })
    );
}

#[test]
fn a_delegate_without_exemption_is_asked_about_itself() {
    let uri = "http://responder.example/crl";
    let world = World::with(|responder| {
        responder.crl_distribution_points = vec![CrlDistributionPoint {
            uris: vec![uri.into()],
        }];
    });
    let good = [world.build(&world.good())];
    let unproven = |source| {
        Err(RevocationError::ResponderRevocation {
            depth: 0,
            source: Box::new(source),
        })
    };
    let unavailable = RevocationError::Unavailable { depth: 0 };
    assert_eq!(world.check(&[], &good), unproven(unavailable));
    // It says nothing about the leaf.
    let list = for_point(&world.root, uri, None);
    let proof = world.check(&[list], &good).unwrap();
    assert_eq!((proof.lists(), proof.responses().len()), (&[][..], 1));
}

#[test]
fn a_revoked_delegate_is_not_believed() {
    // Not even one that is exempt.
    for world in [World::with(|_| {}), World::new()] {
        let good = [world.build(&world.good())];
        let entry = test_authority::revoked(&world.responder.certificate, None);
        let (then, next) = (NOW - Duration::WEEK, NOW - Duration::DAY);
        let stale = list_of(&world.root, then, next, &[entry]);
        assert_eq!(
            world.check(&[stale], &good),
            Err(RevocationError::Stale {
                depth: 0,
                this_update: then,
                next_update: Some(next),
            })
        );
    }
}

#[test]
fn a_delegate_cannot_vouch_for_itself() {
    let world = World::with(|_| {});
    let root = &world.root.certificate;
    let responder = &world.responder.certificate;
    let about_itself = Forge::good(responder, root, responder);
    let responses = [world.build(&world.good()), world.build(&about_itself)];
    let refused = world.check(&[], &responses);
    assert!(matches!(
        refused,
        Err(RevocationError::ResponderRevocation { depth: 0, .. })
    ));
}

#[test]
fn more_responses_than_the_limit_are_not_verified() {
    let world = World::new();
    let mut forge = world.good();
    forge.spoilt_signature = true;
    let responses: Vec<_> = (0..300).map(|_| world.build(&forge)).collect();
    assert!(matches!(
        world.check(&[], &responses),
        Err(RevocationError::BudgetExceeded(_))
    ));
}

/// An authority, a certificate of it, and its delegate.
struct World {
    root: TestAuthority,
    responder: TestAuthority,
    leaf: Certificate,
}

impl World {
    /// With a delegate that need not be asked about.
    fn new() -> Self {
        Self::with(no_check)
    }

    fn with(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Self {
        let root = TestAuthority::root("Root");
        Self {
            responder: delegate(&root, change),
            leaf: root.leaf("Leaf"),
            root,
        }
    }

    fn good(&self) -> Forge {
        let (root, responder) = (&self.root.certificate, &self.responder.certificate);
        Forge::good(&self.leaf, root, responder)
    }

    fn says(&self, status: Vec<u8>) -> Forge {
        let mut forge = self.good();
        forge.singles[0].status = status;
        forge
    }

    fn build(&self, forge: &Forge) -> OcspResponse {
        OcspResponse::from_der(&forge.build(&self.responder)).unwrap()
    }

    fn check(
        &self,
        lists: &[CertificateList],
        responses: &[OcspResponse],
    ) -> Result<NotRevoked, RevocationError> {
        let store = TrustStore::new([self.root.certificate.clone()], &Provider);
        let policy = PathPolicy::strict();
        let path = build_path(&self.leaf, &store, &[], NOW, &policy, &Provider).unwrap();
        let evidence = Evidence {
            lists,
            responses,
            ..Evidence::default()
        };
        check_revocation(&path, &store, &evidence, NOW, &policy, &Provider)
    }
}

/// Makes a response older.
fn age(forge: &mut Forge, by: Duration) {
    forge.produced_at -= by;
    let single = &mut forge.singles[0];
    single.this_update -= by;
    single.next_update = single.next_update.map(|next| next - by);
}
