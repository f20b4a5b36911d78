use time::Duration;
use time::OffsetDateTime;

use crate::pki::NotRevoked;
use crate::pki::RevocationError;
use crate::pki::Unusable;
use crate::pki::test_revocation::Pki;
use crate::pki::test_revocation::base_number;
use crate::pki::test_revocation::flag;
use crate::pki::test_revocation::list_with;
use crate::pki::test_revocation::number;
use crate::pki::test_revocation::only_reasons;
use crate::pki::test_revocation::scope;
use crate::pki::test_revocation::was_revoked;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::der;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::raw_entry;
use crate::x509::test_authority::reason_code;

#[test]
fn lists_for_some_reasons_show_it_together() {
    let pki = Pki::new();
    // keyCompromise to certificateHold; privilegeWithdrawn and aACompromise.
    let [one, other] = [&[1, 0x7e][..], &[7, 0x01, 0x80]].map(|bits| {
        list_with(
            &pki.ca,
            &[],
            &[number(8), scope(&[], &[only_reasons(bits)])],
        )
    });
    let root = pki.root.list(&[]);
    let both = [one.clone(), other, root.clone()];
    assert_eq!(pki.check(&both).unwrap().lists(), both);
    let alone = pki.check(&[one.clone(), one, root]);
    let Err(RevocationError::ReasonsOpen { depth: 0, covered }) = alone else {
        panic!("{alone:?}");
    };
    assert!(covered.contains(CrlReason::Superseded));
    assert!(!covered.contains(CrlReason::AaCompromise));
    assert!(!covered.contains(CrlReason::Unspecified));
}

#[test]
fn a_list_for_some_reasons_revokes_for_any() {
    let pki = Pki::new();
    let entry = raw_entry(&pki.leaf, &[reason_code(4)]);
    let only_hold = scope(&[], &[only_reasons(&[1, 0x02])]);
    let partial = list_with(&pki.ca, &[entry], &[number(8), only_hold]);
    let lists = [pki.ca.list(&[]), partial, pki.root.list(&[])];
    assert_eq!(
        pki.check(&lists),
        was_revoked(0, Some(CrlReason::Superseded))
    );
}

#[test]
fn a_list_outside_its_scope_revokes_but_one_for_attribute_certificates_does_not() {
    let pki = Pki::new();
    let with = |kind| {
        let entry = raw_entry(&pki.leaf, &[]);
        let out_of_scope = scope(&[], &[flag(kind)]);
        let list = list_with(&pki.ca, &[entry], &[number(8), out_of_scope]);
        pki.check(&[pki.ca.list(&[]), list, pki.root.list(&[])])
    };
    assert_eq!(with(2), was_revoked(0, None));
    assert!(with(5).is_ok(), "another certificate with the same number");
}

#[test]
fn a_delta_list_makes_its_old_base_current() {
    let pki = Pki::new();
    let world = Deltas(&pki);
    let base = world.list(LAST_WEEK, &[], &[number(7)]);
    let delta = world.list(NEWS, &[], &[number(9), base_number(6)]);
    let proof = world.check(&[base.clone(), delta.clone()]).unwrap();
    assert_eq!(proof.lists()[..2], [base.clone(), delta]);
    assert_eq!(proof.next_update(), Some(NEWS.1));
    assert_eq!(
        world.check(&[base]),
        Err(RevocationError::Stale {
            depth: 0,
            this_update: LAST_WEEK.0,
            next_update: Some(LAST_WEEK.1),
        })
    );
}

#[test]
fn a_delta_list_belongs_to_a_base_by_number_scope_and_age() {
    let pki = Pki::new();
    let world = Deltas(&pki);
    let base = world.list(LAST_WEEK, &[], &[number(7)]);
    let stale = Err(RevocationError::Stale {
        depth: 0,
        this_update: LAST_WEEK.0,
        next_update: Some(LAST_WEEK.1),
    });
    for (times, extensions) in [
        // Changes since a later list,
        (NEWS, vec![number(9), base_number(8)]),
        // before this one,
        (NEWS, vec![number(6), base_number(5)]),
        // without a number,
        (NEWS, vec![base_number(6)]),
        // of another scope,
        (
            NEWS,
            vec![number(9), base_number(6), scope(&[], &[flag(1)])],
        ),
        // and out of date itself.
        (LAST_WEEK, vec![number(9), base_number(6)]),
    ] {
        let delta = world.list(times, &[], &extensions);
        assert_eq!(world.check(&[base.clone(), delta]).map(|_| ()), stale);
    }
}

#[test]
fn numbers_of_lists_are_compared_as_numbers() {
    let pki = Pki::new();
    let world = Deltas(&pki);
    let base = world.list(LAST_WEEK, &[], &[number(256)]);
    let delta = world.list(NEWS, &[], &[number(0x1_0000), base_number(255)]);
    assert!(world.check(&[base, delta]).is_ok());
}

#[test]
fn a_delta_list_alone_shows_nothing() {
    let pki = Pki::new();
    let world = Deltas(&pki);
    let delta = world.list(NEWS, &[], &[number(9), base_number(6)]);
    assert_eq!(
        world.check(&[delta]).map(|_| ()),
        Err(RevocationError::Unusable {
            depth: 0,
            source: Unusable::DeltaWithoutBase,
        })
    );
}

#[test]
fn a_delta_list_takes_back_a_hold_of_its_base_and_nothing_else() {
    let pki = Pki::new();
    let world = Deltas(&pki);
    let entry = |code| raw_entry(&pki.leaf, &[reason_code(code)]);
    let back = |times, base| world.list(times, &[entry(8)], &[number(9), base_number(base)]);
    let held = world.list(TODAY, &[entry(6)], &[number(7)]);
    let on_hold = was_revoked(0, Some(CrlReason::CertificateHold));
    assert!(world.check(&[held.clone(), back(NEWS, 7)]).is_ok());
    // Of a later base, and older than the hold.
    assert_eq!(world.check(&[held.clone(), back(NEWS, 8)]), on_hold);
    assert_eq!(world.check(&[held, back(LAST_WEEK, 7)]), on_hold);
    let compromised = world.list(TODAY, &[entry(1)], &[number(7)]);
    assert_eq!(
        world.check(&[compromised, back(NEWS, 7)]),
        was_revoked(0, Some(CrlReason::KeyCompromise))
    );
}

#[test]
fn of_a_hold_and_a_revocation_the_revocation_is_told() {
    let pki = Pki::new();
    let world = Deltas(&pki);
    let entry = |code| raw_entry(&pki.leaf, &[reason_code(code)]);
    let held = world.list(TODAY, &[entry(6)], &[number(7)]);
    let delta = world.list(NEWS, &[entry(1)], &[number(9), base_number(7)]);
    assert_eq!(
        world.check(&[held, delta]),
        was_revoked(0, Some(CrlReason::KeyCompromise))
    );
}

#[test]
fn a_base_that_is_newer_than_the_time_shows_nothing() {
    let pki = Pki::new();
    let world = Deltas(&pki);
    let (then, next) = (NOW + Duration::MINUTE, NOW + Duration::DAY);
    let future = world.list((then, next), &[], &[number(7)]);
    let delta = world.list(NEWS, &[], &[number(9), base_number(6)]);
    assert!(matches!(
        world.check(&[future, delta]),
        Err(RevocationError::Stale { depth: 0, .. })
    ));
}

/// Lists of the authority at different times.
struct Deltas<'a>(&'a Pki);

impl Deltas<'_> {
    fn list(
        &self,
        (this_update, next_update): (OffsetDateTime, OffsetDateTime),
        entries: &[Vec<u8>],
        extensions: &[Vec<u8>],
    ) -> CertificateList {
        let mut raw = self.0.ca.raw_list(entries, extensions);
        raw.after_algorithm[1] = der::time(this_update);
        raw.after_algorithm[2] = der::time(next_update);
        CertificateList::from_der(&self.0.ca.sign_raw(&raw)).unwrap()
    }

    fn check(&self, lists: &[CertificateList]) -> Result<NotRevoked, RevocationError> {
        self.0.check(&[lists, &[self.0.root.list(&[])]].concat())
    }
}

type Times = (OffsetDateTime, OffsetDateTime);

const LAST_WEEK: Times = (
    NOW.saturating_sub(Duration::WEEK),
    NOW.saturating_sub(Duration::DAY),
);
const TODAY: Times = (
    NOW.saturating_sub(Duration::hours(2)),
    NOW.saturating_add(Duration::DAY),
);
const NEWS: Times = (
    NOW.saturating_sub(Duration::HOUR),
    NOW.saturating_add(Duration::HOUR),
);
