//! Was the certificate in force?

use ruqsat::ca::Request;
use ruqsat::verify::CheckOutcome;
use ruqsat::verify::Param;
use ruqsat::verify::Report;
use ruqsat::verify::Status;
use ruqsat::x509::CrlReason;
use time::Duration;
use time::OffsetDateTime;

use crate::forge::Forge;
use crate::forge::replace;
use crate::forge::signing_time;
use crate::support::CHECKING;
use crate::support::FOUNDING;
use crate::support::SIGNING;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::check_at;
use crate::support::notes;
use crate::support::unsigned;
use crate::verdicts::valid::PASSED;

/// The report at a time on the sample, signed at `SIGNING` under a certificate of another validity.
fn signed_under(change: impl FnOnce(&mut Request), at: OffsetDateTime) -> Report {
    let mut world = World::new();
    let mut request = world.request();
    change(&mut request);
    let file = Forge::new(&world.signer(&request)).sign(&unsigned());
    check_at(&file, &world.evidence(), at)
}

#[test]
fn signature_after_the_end_of_the_certificate_is_not_valid() {
    let end = SIGNING - Duration::seconds(1);
    let report = signed_under(|request| request.not_after = Some(end), CHECKING);
    assert_verdict(&report, Status::Invalid, &["CERT_EXPIRED_AT_SIGNING"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    assert_eq!(reason.params["date"], Param::Time(end));
    let checks = report.checks();
    assert_eq!(checks.certificate, CheckOutcome::Fail);
    assert_eq!(checks.time, CheckOutcome::Fail);
    assert_eq!(checks.unaltered, CheckOutcome::Pass);
}

#[test]
fn signature_before_the_beginning_of_the_certificate_is_not_valid() {
    let start = SIGNING + Duration::seconds(1);
    let report = signed_under(|request| request.not_before = start, CHECKING);
    assert_verdict(&report, Status::Invalid, &["CERT_NOT_YET_VALID"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    assert_eq!(reason.params["date"], Param::Time(start));
}

#[test]
fn first_and_last_second_of_the_certificate_count() {
    for change in [
        |request: &mut Request| request.not_before = SIGNING,
        |request: &mut Request| request.not_after = Some(CHECKING),
    ] {
        assert_verdict(&signed_under(change, CHECKING), Status::Valid, &[]);
    }
    // notAfter counts whole seconds: the last one is valid to its end.
    let late = CHECKING + Duration::milliseconds(999);
    let report = signed_under(|request| request.not_after = Some(CHECKING), late);
    assert_verdict(&report, Status::Valid, &[]);
}

#[test]
fn expired_certificate_leaves_an_unproven_signature_undetermined() {
    let end = CHECKING - Duration::seconds(1);
    let report = signed_under(|request| request.not_after = Some(end), CHECKING);
    assert_verdict(&report, Status::Indeterminate, &["CERT_EXPIRED_NO_PROOF"]);
    let checks = report.checks();
    assert_eq!(checks.certificate, CheckOutcome::Undetermined);
    assert_eq!(checks.unaltered, CheckOutcome::Pass);
    assert_eq!(checks.authority, CheckOutcome::Pass);
    assert!(notes(&report).contains(&"TEST_AUTHORITY"));
}

#[test]
fn time_of_checking_before_the_certificate_is_not_yet() {
    let before = FOUNDING - Duration::seconds(1);
    let report = signed_under(|_| {}, before);
    assert_verdict(&report, Status::Invalid, &["CERT_NOT_YET_VALID"]);
}

#[test]
fn that_a_key_was_in_other_hands_is_not_hidden_by_an_expired_certificate() {
    let mut world = World::new();
    let mut request = world.request();
    request.not_after = Some(CHECKING - Duration::minutes(10));
    let signer = world.signer(&request);
    let file = world.sign(&unsigned(), &signer).unwrap();
    world.revoke(signer.leaf(), CrlReason::KeyCompromise, SIGNING);
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["CERT_REVOKED_COMPROMISE"]);
}

#[test]
fn authority_that_has_expired_leaves_the_signature_undetermined() {
    let mut world = World::new();
    let mut request = world.request();
    request.not_after = Some(FOUNDING + Duration::days(20 * 365));
    let signer = world.signer(&request);
    let file = world.sign(&unsigned(), &signer).unwrap();
    let at = FOUNDING + Duration::days(11 * 365);
    let mut evidence = world.evidence();
    evidence.lists = world.lists_of(at);
    let report = check_at(&file, &evidence, at);
    assert_verdict(&report, Status::Indeterminate, &["CA_CERT_EXPIRED"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    let name = world.authority.issuing().subject().to_string();
    assert_eq!(reason.params["name"], Param::Text(name));
    assert_eq!(report.checks().trust, CheckOutcome::Undetermined);
    assert!(notes(&report).contains(&"TEST_AUTHORITY"));

    world.revoke(signer.leaf(), CrlReason::KeyCompromise, SIGNING);
    evidence.lists = world.lists_of(at);
    let report = check_at(&file, &evidence, at);
    assert_verdict(&report, Status::Invalid, &["CERT_REVOKED_COMPROMISE"]);
}

#[test]
fn signature_from_the_future_has_no_proof_of_time() {
    let mut world = World::new();
    let head = world.head();
    let tolerance = Duration::minutes(5);
    let file = world
        .sign_at(&unsigned(), &head, CHECKING + tolerance, None)
        .unwrap();
    assert_verdict(&check(&file, &world.evidence()), Status::Valid, &[]);
    let ahead = CHECKING + tolerance + Duration::seconds(1);
    let file = world.sign_at(&unsigned(), &head, ahead, None).unwrap();
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Indeterminate, &["PROOF_OF_TIME_MISSING"]);
    assert_eq!(report.checks().time, CheckOutcome::Undetermined);
}

/// A signer may claim the time in either place (EN 319 142-1 allows one of them), or in both.
#[test]
fn signing_time_attribute_counts_against_the_signer_too() {
    let mut world = World::new();
    let mut request = world.request();
    request.not_after = Some(SIGNING);
    let mut forge = Forge::new(&world.signer(&request));
    let late = SIGNING + Duration::seconds(1);
    forge.attributes.push(signing_time(late));
    let report = check(&forge.sign(&unsigned()), &world.evidence());
    assert_verdict(&report, Status::Invalid, &["CERT_EXPIRED_AT_SIGNING"]);
    assert_eq!(report.signatures[0].claimed_time, Some(SIGNING));

    forge.edit = |file| replace(file, b"/M (D:", b"/Z (D:");
    let report = check(&forge.sign(&unsigned()), &world.evidence());
    assert_verdict(&report, Status::Invalid, &["CERT_EXPIRED_AT_SIGNING"]);
    assert_eq!(report.signatures[0].claimed_time, Some(late));
}

/// Without any claim nothing contradicts, and nothing is claimed in the report.
#[test]
fn signature_without_any_time_is_judged_at_the_time_of_checking() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    forge.edit = |file| replace(file, b"/M (D:", b"/Z (D:");
    let report = check(&forge.sign(&unsigned()), &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    assert_eq!(report.checks(), PASSED);
    assert_eq!(report.signatures[0].claimed_time, None);
}
