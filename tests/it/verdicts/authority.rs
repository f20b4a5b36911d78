//! May the holder of the certificate sign this document?

use ruqsat::ca::Request;
use ruqsat::eds::CertificateUse;
use ruqsat::eds::Role;
use ruqsat::verify::CheckOutcome;
use ruqsat::verify::Checks;
use ruqsat::verify::Param;
use ruqsat::verify::Report;
use ruqsat::verify::Status;

use crate::forge::Forge;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::unsigned;
use crate::verdicts::valid::PASSED;

/// The report on the sample, signed by a holder who differs from the head in something.
fn signed_by(change: impl FnOnce(&mut Request)) -> Report {
    let mut world = World::new();
    let mut request = world.request();
    change(&mut request);
    let file = Forge::new(&world.signer(&request)).sign(&unsigned());
    check(&file, &world.evidence())
}

#[track_caller]
fn assert_refused(report: &Report, reasons: &[&str]) {
    assert_verdict(report, Status::Invalid, reasons);
    let refused = Checks {
        authority: CheckOutcome::Fail,
        ..PASSED
    };
    assert_eq!(report.checks(), refused);
}

#[test]
fn certificate_for_log_in_signs_nothing() {
    let report = signed_by(|request| request.usage = CertificateUse::Authentication);
    assert_refused(&report, &["WRONG_KEY_USAGE"]);
}

#[test]
fn head_and_employees_with_the_right_may_sign_and_others_not() {
    let report = signed_by(|request| request.role = Role::CanSign);
    assert_verdict(&report, Status::Valid, &[]);
    for role in [Role::Financial, Role::Hr, Role::Employee] {
        let report = signed_by(|request| request.role = role);
        assert_refused(&report, &["SIGNER_NO_AUTHORITY"]);
    }
}

#[test]
fn private_person_signs_for_no_organisation() {
    let report = signed_by(|request| {
        request.role = Role::Individual;
        request.organisation = None;
    });
    assert_refused(&report, &["SIGNER_NO_AUTHORITY", "BIN_MISMATCH"]);
    let reason = &report.signatures[0].verdict.reasons()[1];
    assert_eq!(reason.params["bin_cert"], Param::Text("—".to_owned()));
}

#[test]
fn another_organisation_is_told_with_both_numbers() {
    let report = signed_by(|request| {
        let organisation = request.organisation.as_mut().unwrap();
        organisation.bin = "120440001234".parse().unwrap();
    });
    assert_refused(&report, &["BIN_MISMATCH"]);
    let params = &report.signatures[0].verdict.reasons()[0].params;
    assert_eq!(params["bin_cert"], Param::Text("120440001234".to_owned()));
    assert_eq!(params["bin_doc"], Param::Text("101140900013".to_owned()));
}

#[test]
fn another_person_is_told_without_the_number() {
    let report = signed_by(|request| request.iin = "850214300129".parse().unwrap());
    assert_refused(&report, &["IIN_MISMATCH"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    assert!(reason.params.is_empty());
}
