//! Is anything on the way revoked, and can that be known?

use ruqsat::verify::CheckOutcome;
use ruqsat::verify::Checks;
use ruqsat::verify::Evidence;
use ruqsat::verify::Param;
use ruqsat::verify::Report;
use ruqsat::verify::Status;
use ruqsat::x509::CertificateList;
use ruqsat::x509::CrlReason;
use time::Duration;
use time::OffsetDateTime;

use crate::other_authority::OtherAuthority;
use crate::support::CHECKING;
use crate::support::FOUNDING;
use crate::support::SIGNING;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::check_at;
use crate::support::trust;
use crate::support::unsigned;
use crate::verdicts::valid::PASSED;

/// The report on the sample, whose signer was revoked for a reason at a time.
fn revoked(reason: CrlReason, at: OffsetDateTime) -> Report {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    world.revoke(head.leaf(), reason, at);
    check(&file, &world.evidence())
}

/// The report on a good file, given some of the two lists or others.
fn with_lists(choose: impl FnOnce(Vec<CertificateList>) -> Vec<CertificateList>) -> Report {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let evidence = Evidence {
        trust: trust([world.authority.root().clone()]),
        lists: choose(world.lists()),
    };
    check(&file, &evidence)
}

#[track_caller]
fn assert_unproven(report: &Report, reasons: &[&str]) {
    assert_verdict(report, Status::Indeterminate, reasons);
    let unproven = Checks {
        certificate: CheckOutcome::Undetermined,
        ..PASSED
    };
    assert_eq!(report.checks(), unproven);
}

#[track_caller]
fn assert_revoked(report: &Report, reasons: &[&str]) {
    assert_verdict(report, Status::Invalid, reasons);
    let revoked = Checks {
        certificate: CheckOutcome::Fail,
        ..PASSED
    };
    assert_eq!(report.checks(), revoked);
}

#[test]
fn signature_after_the_revocation_is_not_valid() {
    let at = SIGNING - Duration::seconds(1);
    let report = revoked(CrlReason::CessationOfOperation, at);
    assert_revoked(&report, &["CERT_REVOKED_BEFORE_SIGNING"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    assert_eq!(reason.params["date"], Param::Time(at));
}

#[test]
fn same_second_counts_as_revoked_before() {
    let report = revoked(CrlReason::Superseded, SIGNING);
    assert_revoked(&report, &["CERT_REVOKED_BEFORE_SIGNING"]);
}

#[test]
fn word_of_the_signer_does_not_prove_a_signature_before_the_revocation() {
    let at = SIGNING + Duration::seconds(1);
    for reason in [
        CrlReason::Unspecified,
        CrlReason::AffiliationChanged,
        CrlReason::Superseded,
        CrlReason::CessationOfOperation,
        CrlReason::PrivilegeWithdrawn,
    ] {
        assert_unproven(&revoked(reason, at), &["CERT_REVOKED_TIME_UNPROVEN"]);
    }
}

#[test]
fn key_in_other_hands_makes_every_signature_invalid_whenever_it_was_made() {
    for at in [
        SIGNING - Duration::minutes(1),
        SIGNING + Duration::minutes(1),
    ] {
        for reason in [
            CrlReason::KeyCompromise,
            CrlReason::CaCompromise,
            CrlReason::AaCompromise,
        ] {
            let report = revoked(reason, at);
            assert_revoked(&report, &["CERT_REVOKED_COMPROMISE"]);
        }
    }
}

#[test]
fn suspended_certificate_is_neither_good_nor_bad() {
    let report = revoked(CrlReason::CertificateHold, SIGNING - Duration::minutes(1));
    assert_unproven(&report, &["CERT_ON_HOLD"]);
}

#[test]
fn without_a_list_revocation_is_not_known() {
    let report = with_lists(|_| Vec::new());
    assert_unproven(&report, &["REVOCATION_UNAVAILABLE"]);
}

#[test]
fn every_authority_of_the_path_needs_its_list() {
    for missing in [0, 1] {
        let report = with_lists(|mut lists| {
            lists.remove(missing);
            lists
        });
        assert_unproven(&report, &["REVOCATION_UNAVAILABLE"]);
    }
}

#[test]
fn list_of_another_authority_says_nothing() {
    let report = with_lists(|mut lists| {
        let other = OtherAuthority::root("Басқа орталық");
        lists[1] = other.list();
        lists
    });
    assert_unproven(&report, &["REVOCATION_UNAVAILABLE"]);
}

#[test]
fn list_with_a_broken_signature_is_not_believed() {
    let report = with_lists(|mut lists| {
        let mut der = lists[1].as_der().to_vec();
        *der.last_mut().unwrap() ^= 1;
        lists[1] = CertificateList::from_vec(der).unwrap();
        lists
    });
    assert_unproven(&report, &["REVOCATION_UNTRUSTED"]);
}

#[test]
fn list_of_an_authority_of_the_same_name_is_not_believed() {
    let report = with_lists(|mut lists| {
        lists[1] = World::new().lists().remove(1);
        lists
    });
    assert_unproven(&report, &["REVOCATION_UNTRUSTED"]);
}

#[test]
fn list_is_out_of_date_from_its_next_update_on() {
    let mut world = World::new();
    let mut request = world.request();
    request.not_after = Some(FOUNDING + Duration::days(3 * 365));
    let signer = world.signer(&request);
    let file = world.sign(&unsigned(), &signer).unwrap();
    let evidence = world.evidence();
    let [_, issuing] = evidence.lists.as_slice() else {
        panic!("two lists");
    };
    let (this, next) = (issuing.this_update(), issuing.next_update().unwrap());
    let report = check_at(&file, &evidence, next - Duration::seconds(1));
    assert_verdict(&report, Status::Valid, &[]);
    let report = check_at(&file, &evidence, next);
    assert_unproven(&report, &["REVOCATION_STALE"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    assert_eq!(reason.params["date"], Param::Time(this));
}

#[test]
fn list_from_after_the_time_of_checking_cannot_say_that_all_is_well() {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let mut evidence = world.evidence();
    evidence.lists = world.lists_of(CHECKING + Duration::seconds(1));
    assert_unproven(&check(&file, &evidence), &["REVOCATION_STALE"]);
}

#[test]
fn revocation_is_heard_from_a_list_that_is_out_of_date() {
    let mut world = World::new();
    let mut request = world.request();
    request.not_after = Some(FOUNDING + Duration::days(3 * 365));
    let signer = world.signer(&request);
    let file = world.sign(&unsigned(), &signer).unwrap();
    world.revoke(signer.leaf(), CrlReason::KeyCompromise, SIGNING);
    let evidence = world.evidence();
    let report = check_at(&file, &evidence, FOUNDING + Duration::days(2 * 365));
    assert_revoked(&report, &["CERT_REVOKED_COMPROMISE"]);
}

#[test]
fn newest_list_counts_among_several() {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let mut evidence = world.evidence();
    world.revoke(
        head.leaf(),
        CrlReason::Superseded,
        SIGNING - Duration::minutes(1),
    );
    evidence.lists.extend(world.lists_of(CHECKING));
    let report = check(&file, &evidence);
    assert_revoked(&report, &["CERT_REVOKED_BEFORE_SIGNING"]);
}

#[test]
fn revoked_authority_leaves_the_signature_undetermined() {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let issuing = world.authority.issuing().clone();
    world.revoke(&issuing, CrlReason::CaCompromise, SIGNING);
    let report = check(&file, &world.evidence());
    assert_unproven(&report, &["CA_CERT_REVOKED"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    let name = issuing.subject().to_string();
    assert_eq!(reason.params["name"], Param::Text(name));
}
