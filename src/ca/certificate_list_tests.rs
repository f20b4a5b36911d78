use time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

use super::*;
use crate::ca::Authority;
use crate::ca::RevocationLists;
use crate::ca::lists::Term;
use crate::ca::test_request::individual;
use crate::crypto::Provider;
use crate::pki::Evidence;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::pki::TrustStore;
use crate::pki::build_path;
use crate::pki::check_revocation;
use crate::x509::CertificateList;
use crate::x509::GeneralName;

const NOW: OffsetDateTime = datetime!(2026-11-24 09:00 UTC);

/// An authority with one signer, and the lists that it made, oldest first.
struct World {
    authority: Authority,
    leaf: Certificate,
}

impl World {
    fn new() -> Self {
        let mut authority = Authority::in_memory(1, NOW).unwrap();
        let request = individual(NOW);
        let leaf = authority.issue(&request).unwrap().leaf().clone();
        Self { authority, leaf }
    }

    fn complete(&mut self, hour: i64) -> [CertificateList; 2] {
        let lists = self.authority.revocation_lists(hours(hour));
        read(&lists.unwrap())
    }

    fn complete_and_delta(&mut self, hour: i64) -> ([CertificateList; 2], [CertificateList; 2]) {
        let term = Term::of(hours(hour), None).unwrap();
        let lists = self.authority.complete_and_delta_lists(term).unwrap();
        (read(&lists.0), read(&lists.1))
    }

    fn delta(&mut self, hour: i64) -> [CertificateList; 2] {
        let lists = self.authority.delta_lists(hours(hour));
        read(&lists.unwrap())
    }

    fn revoke(&mut self, reason: CrlReason, hour: i64) {
        let serial = self.leaf.serial();
        self.authority.revoke(serial, reason, hours(hour)).unwrap();
    }

    fn release(&mut self, hour: i64) {
        let serial = self.leaf.serial();
        self.authority.release(serial, hours(hour)).unwrap();
    }

    /// Why the signer is refused with these lists at an hour, `None` when it is not revoked.
    fn refusal(&self, lists: &[&[CertificateList; 2]], hour: i64) -> Option<RevocationError> {
        let lists: Vec<_> = lists.iter().flat_map(|pair| pair.iter().cloned()).collect();
        let (root, issuing) = (self.authority.root(), self.authority.issuing());
        let store = TrustStore::new([root.clone()], &Provider);
        let (time, policy) = (hours(hour), PathPolicy::strict());
        let extra = [issuing.clone()];
        let path = build_path(&self.leaf, &store, &extra, time, &policy, &Provider).unwrap();
        let evidence = Evidence {
            lists: &lists,
            ..Evidence::default()
        };
        check_revocation(&path, &store, &evidence, time, &policy, &Provider).err()
    }

    fn revoked(&self, reason: CrlReason, hour: i64) -> Option<RevocationError> {
        Some(RevocationError::Revoked {
            depth: 0,
            date: hours(hour),
            reason: Some(reason),
            invalidity_date: None,
        })
    }
}

#[test]
fn complete_list_is_signed_numbered_and_says_whose_key_signed_it() {
    let mut world = World::new();
    let [root, issuing] = world.complete(0);
    for (list, unit) in [
        (root, world.authority.root()),
        (issuing, world.authority.issuing()),
    ] {
        let key = unit.subject_public_key().unwrap();
        assert_eq!(list.verify_signature(&key, &Provider), Ok(()));
        assert_eq!((list.version(), list.crl_number()), (2, Some(&[1][..])));
        assert_eq!(list.base_crl_number(), None);
        assert_eq!(list.next_update(), Some(datetime!(2027-11-24 09:00 UTC)));
        let authority_key = list.authority_key_identifier().unwrap();
        assert_eq!(
            authority_key.key_identifier.as_deref(),
            unit.subject_key_identifier()
        );
    }
}

#[test]
fn delta_list_names_its_complete_list_critically_and_only_what_has_changed() {
    let mut world = World::new();
    world.revoke(CrlReason::CertificateHold, 0);
    world.complete(0);
    let serial = world.leaf.serial().clone();
    let [_, empty] = world.delta(1);
    assert_eq!(empty.find(&serial), None);
    world.revoke(CrlReason::Unspecified, 2);
    let [root, delta] = world.delta(2);
    assert_eq!(root.find(&serial), None);
    assert_eq!(delta.crl_number(), Some(&[3][..]));
    assert_eq!(delta.base_crl_number(), Some(&[1][..]));
    let mut extensions = delta.extensions().iter();
    let indicator = extensions.find(|one| one.oid == oids::DELTA_CRL_INDICATOR);
    assert!(indicator.unwrap().critical);
    // An unspecified reason is left out.
    let entry = delta.find(&serial).unwrap();
    assert_eq!((entry.reason, entry.revocation_date), (None, hours(2)));
}

#[test]
fn every_list_names_the_complete_one_of_its_authority_critically_and_that_one_its_delta_list() {
    let mut world = World::new();
    let (complete, delta) = (world.complete(0), world.delta(1));
    for (list, name) in complete.iter().zip(["root", "ca"]) {
        let [point] = list.freshest_crl() else {
            panic!("one place");
        };
        let address = format!("http://127.0.0.1:8888/crl/{name}-delta.crl");
        assert_eq!(point.names, [GeneralName::Uri(address)]);
    }
    for (lists, name) in complete
        .iter()
        .chain(&delta)
        .zip(["root", "ca", "root", "ca"])
    {
        let point = lists.scope().unwrap();
        let address = format!("http://127.0.0.1:8888/crl/{name}.crl");
        assert_eq!(point.names, [GeneralName::Uri(address)]);
        let mut extensions = lists.extensions().iter();
        let scope = extensions.find(|one| one.oid == oids::ISSUING_DISTRIBUTION_POINT);
        assert!(scope.unwrap().critical);
    }
    assert!(delta.iter().all(|list| list.freshest_crl().is_empty()));
}

/// RFC 5280 §5.2.4: lists issued together have one number and say the same.
#[test]
fn delta_list_beside_a_complete_one_has_its_number_and_no_change_since() {
    let mut world = World::new();
    world.complete_and_delta(0);
    world.revoke(CrlReason::CertificateHold, 1);
    let (_, delta) = (world.delta(1), world.delta(2));
    assert_eq!(delta[1].entries().count(), 1);
    world.revoke(CrlReason::KeyCompromise, 3);
    let (complete, beside) = world.complete_and_delta(3);
    for (complete, beside) in complete.iter().zip(&beside) {
        assert_eq!(complete.crl_number(), Some(&[4][..]));
        assert_eq!(beside.crl_number(), complete.crl_number());
        assert_eq!(beside.base_crl_number(), complete.crl_number());
        assert_eq!(beside.entries().count(), 0);
    }
    let expected = world.revoked(CrlReason::KeyCompromise, 3);
    for lists in [
        &[&complete][..],
        &[&complete, &beside],
        &[&beside, &delta, &complete],
    ] {
        assert_eq!(world.refusal(lists, 4), expected);
    }
}

#[test]
fn second_hold_is_told_from_a_revocation() {
    let mut world = World::new();
    world.revoke(CrlReason::CertificateHold, 1);
    let serial = world.leaf.serial().clone();
    let hold = CrlReason::CertificateHold;
    let refused = world.authority.revoke(&serial, hold, hours(2)).unwrap_err();
    let expected = format!("certificate {serial} is on hold since 2026-11-24T10:00:00Z");
    assert_eq!(refused.to_string(), expected);
}

#[test]
fn next_update_is_the_one_asked_for_and_lies_behind() {
    let mut world = World::new();
    let lists = world
        .authority
        .revocation_lists_until(NOW, hours(27))
        .unwrap();
    assert_eq!(read(&lists)[1].next_update(), Some(hours(27)));
    let refused = world.authority.revocation_lists_until(NOW, NOW);
    assert!(matches!(refused, Err(Error::EmptyValidity { .. })));
}

#[test]
fn delta_list_without_a_complete_one_is_refused() {
    let mut world = World::new();
    let refused = world.authority.delta_lists(NOW);
    assert!(matches!(refused, Err(Error::NoCompleteList)));
}

#[test]
fn list_of_a_year_that_it_cannot_express_is_refused() {
    let mut world = World::new();
    for time in [
        datetime!(1949-12-31 23:59:59 UTC),
        datetime!(9999-06-01 00:00 UTC),
    ] {
        let refused = world.authority.revocation_lists(time);
        assert!(matches!(refused, Err(Error::DateOutOfRange(_))), "{time}");
    }
    let early = datetime!(0001-01-01 0:00 UTC);
    let serial = world.leaf.serial();
    let refused = world.authority.revoke(serial, CrlReason::Superseded, early);
    assert!(matches!(refused, Err(Error::DateOutOfRange(_))));
    assert_eq!(world.authority.revoked().count(), 0);
}

#[test]
fn hold_in_a_delta_list_counts_and_the_next_delta_list_takes_it_back() {
    let mut world = World::new();
    let base = world.complete(0);
    assert_eq!(world.refusal(&[&base], 1), None);
    world.revoke(CrlReason::CertificateHold, 1);
    let held = world.delta(1);
    let expected = world.revoked(CrlReason::CertificateHold, 1);
    assert_eq!(world.refusal(&[&base, &held], 2), expected);
    world.release(3);
    let released = world.delta(3);
    let entry = released[1].find(world.leaf.serial()).unwrap();
    assert_eq!(entry.reason, Some(CrlReason::RemoveFromCrl));
    assert_eq!(world.refusal(&[&base, &released], 4), None);
    assert_eq!(world.refusal(&[&base, &held, &released], 4), None);
}

#[test]
fn hold_in_a_complete_list_is_taken_back_by_a_delta_list_and_gone_from_the_next() {
    let mut world = World::new();
    world.revoke(CrlReason::CertificateHold, 0);
    let base = world.complete(0);
    let expected = world.revoked(CrlReason::CertificateHold, 0);
    assert_eq!(world.refusal(&[&base], 1), expected);
    world.release(2);
    let released = world.delta(2);
    assert_eq!(world.refusal(&[&base, &released], 3), None);
    let next = world.complete(4);
    assert_eq!(next[1].find(world.leaf.serial()), None);
    assert_eq!(world.refusal(&[&next], 5), None);
    let after = world.delta(6);
    assert_eq!(after[1].find(world.leaf.serial()), None);
    assert_eq!(after[1].base_crl_number(), next[1].crl_number());
}

#[test]
fn held_certificate_may_be_revoked_for_good_and_is_never_released_then() {
    let mut world = World::new();
    world.revoke(CrlReason::CertificateHold, 0);
    let base = world.complete(0);
    world.revoke(CrlReason::KeyCompromise, 1);
    let delta = world.delta(1);
    let expected = world.revoked(CrlReason::KeyCompromise, 1);
    assert_eq!(world.refusal(&[&base, &delta], 2), expected);
    let serial = world.leaf.serial().clone();
    let refused = world.authority.release(&serial, hours(2));
    assert!(matches!(refused, Err(Error::NotHeld(_))));
    let hold = world
        .authority
        .revoke(&serial, CrlReason::CertificateHold, hours(2));
    assert!(matches!(hold, Err(Error::AlreadyRevoked { .. })));
    assert_eq!(world.authority.revoked().count(), 1);
}

#[test]
fn certificate_held_again_after_its_release_is_held_in_the_delta_list() {
    let mut world = World::new();
    let base = world.complete(0);
    for hour in [1, 3] {
        world.revoke(CrlReason::CertificateHold, hour);
        world.release(hour + 1);
    }
    world.revoke(CrlReason::CertificateHold, 5);
    let delta = world.delta(5);
    assert_eq!(delta[1].entries().count(), 1);
    let expected = world.revoked(CrlReason::CertificateHold, 5);
    assert_eq!(world.refusal(&[&base, &delta], 6), expected);
}

#[test]
fn suspended_issuing_authority_stands_in_the_delta_list_of_the_root() {
    let mut world = World::new();
    let base = world.complete(0);
    let serial = world.authority.issuing().serial().clone();
    world
        .authority
        .revoke(&serial, CrlReason::CaCompromise, hours(1))
        .unwrap();
    let delta = world.delta(1);
    assert_eq!(delta[1].find(&serial), None);
    let refusal = world.refusal(&[&base, &delta], 2);
    assert!(matches!(
        refusal,
        Some(RevocationError::Revoked { depth: 1, .. })
    ));
}

fn read(lists: &RevocationLists) -> [CertificateList; 2] {
    [&lists.root, &lists.issuing].map(|der| CertificateList::from_der(der).unwrap())
}

fn hours(hour: i64) -> OffsetDateTime {
    NOW + Duration::hours(hour)
}
