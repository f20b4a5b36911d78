//! What is valid, and what is said about it.

use ruqsat::crypto::Oid;
use ruqsat::crypto::PublicKeyAlgorithm;
use ruqsat::eds::Role;
use ruqsat::eds::Warning;
use ruqsat::verify::CheckOutcome;
use ruqsat::verify::Checks;
use ruqsat::verify::CoverageFacts;
use ruqsat::verify::Evidence;
use ruqsat::verify::Format;
use ruqsat::verify::Status;
use ruqsat::x509::der;
use time::macros::date;
use time::macros::datetime;

use crate::files::append;
use crate::files::catalog_with;
use crate::files::with_attachments;
use crate::forge::Forge;
use crate::forge::attribute;
use crate::forge::replace;
use crate::forge::signing_time;
use crate::other_authority::OtherAuthority;
use crate::support::SAMPLE;
use crate::support::SIGNING;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::check_at;
use crate::support::notes;
use crate::support::trust;
use crate::support::unsigned;

/// Every check that there is.
pub(super) const PASSED: Checks = Checks {
    unaltered: CheckOutcome::Pass,
    certificate: CheckOutcome::Pass,
    trust: CheckOutcome::Pass,
    authority: CheckOutcome::Pass,
    time: CheckOutcome::Pass,
};

#[test]
fn root_and_lists_are_enough_and_the_report_tells_what_was_found() {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    assert_eq!(report.checks(), PASSED);
    assert_eq!(
        notes(&report),
        [
            "TEST_AUTHORITY",
            "TIME_CLAIMED_ONLY",
            "POSITION_FROM_TEXT",
            "PERMIT_TERM_OVER",
            "PERMIT_STATUS_NOT_CHECKED",
        ]
    );

    let permit = report.document.permit.as_ref().unwrap();
    assert_eq!(permit.number.as_deref(), Some("А-W № 00017"));
    assert_eq!(permit.date, Some(date!(2013 - 12 - 04)));
    assert_eq!(permit.last_day, Some(date!(2018 - 12 - 31)));
    let [signature] = report.signatures.as_slice() else {
        panic!("one signature");
    };
    assert_eq!(signature.format, Format::PadesBB);
    assert_eq!(signature.coverage, CoverageFacts::WholeDocument);
    assert_eq!(signature.claimed_time, Some(SIGNING));
    let signer = signature.signer.as_ref().unwrap();
    assert_eq!(signer.name, "Жанұзақов Қайрат Серікұлы");
    assert_eq!(signer.iin.as_deref(), Some("691007390018"));
    assert_eq!(signer.bin.as_deref(), Some("101140900013"));
    assert_eq!(report.anchors.len(), 1);
}

#[test]
fn issuing_authority_may_come_from_the_trust_store_alone() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    forge.certificates = vec![forge.leaf.clone()];
    let file = forge.sign(&unsigned());
    let root = world.authority.root().clone();
    let issuing = world.authority.issuing().clone();
    let evidence = Evidence {
        trust: trust([root, issuing]),
        lists: world.lists(),
    };
    assert_verdict(&check(&file, &evidence), Status::Valid, &[]);
}

#[test]
fn rsa_signature_is_as_good() {
    let mut world = World::new();
    let signer = world.rsa_signer(&world.request());
    let file = world.sign(&unsigned(), &signer).unwrap();
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    assert_eq!(report.signatures[0].format, Format::PadesBB);

    // OpenSSL writes rsaEncryption beside the digest (RFC 3370 §3.2).
    let mut forge = Forge::new(&signer);
    forge.signature_identifier =
        der::algorithm_identifier(&PublicKeyAlgorithm::Rsa.oid(), Some(&der::null()));
    let file = forge.sign(&unsigned());
    assert_verdict(&check(&file, &world.evidence()), Status::Valid, &[]);
}

#[test]
fn signing_time_and_unknown_attributes_are_not_held_against_a_signature() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    forge.attributes.push(signing_time(SIGNING));
    let report = check(&forge.sign(&unsigned()), &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    assert_eq!(report.signatures[0].format, Format::Pades);

    let mut forge = Forge::new(&world.head());
    let unknown = Oid::new("2.999.370.7");
    forge.attributes.push(attribute(&unknown, &der::null()));
    let report = check(&forge.sign(&unsigned()), &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    assert_eq!(report.signatures[0].format, Format::PadesBB);
}

#[test]
fn older_sub_filter_is_read_as_cms() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    forge.edit = |file| replace(file, b"ETSI.CAdES.detached", b"adbe.pkcs7.detached");
    let report = check(&forge.sign(&unsigned()), &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    assert_eq!(report.signatures[0].format, Format::Cms);
}

#[test]
fn real_authority_has_no_remark_about_tests() {
    let root = OtherAuthority::root("Негізгі орталық");
    let issuing = root.issuing("Ұлттық орталық");
    let file = Forge::new(&issuing.signer()).sign(&unsigned());
    let evidence = Evidence {
        trust: trust([root.certificate.clone()]),
        lists: vec![root.list(), issuing.list()],
    };
    let report = check(&file, &evidence);
    assert_verdict(&report, Status::Valid, &[]);
    assert!(!notes(&report).contains(&"TEST_AUTHORITY"));
}

#[test]
fn file_without_data_is_valid_with_the_remark_that_nobody_asked_who_may_sign() {
    let mut world = World::new();
    let mut request = world.request();
    request.role = Role::Individual;
    request.organisation = None;
    let anybody = world.signer(&request);
    let file = world.sign(&with_attachments(&[]), &anybody).unwrap();
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    assert_eq!(
        report.checks(),
        Checks {
            authority: CheckOutcome::NotMade,
            ..PASSED
        }
    );
    assert_eq!(
        notes(&report),
        [
            "TEST_AUTHORITY",
            "AUTHORITY_NOT_CHECKED",
            "TIME_CLAIMED_ONLY"
        ]
    );
    assert!(report.document.permit.is_none());
}

/// The national authority's own test certificates have such numbers.
#[test]
fn number_with_a_wrong_control_digit_in_a_certificate_is_a_warning() {
    let root = OtherAuthority::root("Негізгі орталық");
    let issuing = root.issuing("Ұлттық орталық");
    let signer = issuing.signer_with(|params| {
        let serial_number = rcgen::DnType::from_oid(&[2, 5, 4, 5]);
        params
            .distinguished_name
            .push(serial_number, "IIN123456789011");
    });
    let file = Forge::new(&signer).sign(&with_attachments(&[]));
    let evidence = Evidence {
        trust: trust([root.certificate.clone()]),
        lists: vec![root.list(), issuing.list()],
    };
    let report = check(&file, &evidence);
    assert_verdict(&report, Status::Valid, &[]);
    let signer = report.signatures[0].signer.as_ref().unwrap();
    assert_eq!(signer.iin.as_deref(), Some("123456789011"));
    assert!(matches!(signer.warnings[..], [Warning::Iin(_)]));
}

#[test]
fn edition_that_is_not_known_is_signed_by_whom_another_lets_sign_and_by_nobody_else() {
    let mut world = World::new();
    let data = String::from_utf8_lossy(SAMPLE).replace("atyrau-2013", "atyrau-1913");
    let pdf = with_attachments(&[("permit.json", data.as_bytes())]);
    let head = world.head();
    let report = check(&world.sign(&pdf, &head).unwrap(), &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    assert_eq!(report.checks().authority, CheckOutcome::NotMade);
    assert!(notes(&report).contains(&"TEXT_NOT_COMPARED"));
    assert!(!notes(&report).contains(&"AUTHORITY_NOT_CHECKED"));

    let mut request = world.request();
    request.iin = "850214300129".parse().unwrap();
    let other = Forge::new(&world.signer(&request)).sign(&pdf);
    let report = check(&other, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["IIN_MISMATCH"]);

    // An employee who writes the name of no edition into a permit may sign it no more than before.
    let mut request = world.request();
    request.role = Role::Employee;
    let employee = Forge::new(&world.signer(&request)).sign(&pdf);
    let report = check(&employee, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["SIGNER_NO_AUTHORITY"]);
}

/// The days are those of Kazakhstan, whatever offset the time of checking is written in.
#[test]
fn term_is_over_when_its_last_day_has_passed_in_kazakhstan() {
    let mut world = World::new();
    let data = String::from_utf8_lossy(SAMPLE).replace(
        "\"from_year\": 2014,\n  \"to_year\": 2018",
        "\"from\": \"2014-01-01\",\n  \"to\": \"2026-11-24\"",
    );
    let pdf = with_attachments(&[("permit.json", data.as_bytes())]);
    let head = world.head();
    let file = world.sign(&pdf, &head).unwrap();
    let evidence = world.evidence();
    for (at, over) in [
        (datetime!(2026-11-24 23:59:59 +5), false),
        (datetime!(2026-11-24 18:59:59 UTC), false),
        (datetime!(2026-11-24 19:00 UTC), true),
        (datetime!(2026-11-25 00:00 +5), true),
    ] {
        let report = check_at(&file, &evidence, at);
        assert_verdict(&report, Status::Valid, &[]);
        assert_eq!(notes(&report).contains(&"PERMIT_TERM_OVER"), over, "{at}");
    }
}

#[test]
fn evidence_may_be_appended_to_a_certified_document() {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let nothing = vec![catalog_with(&file, "")];
    let store = (9000, "<< /Type /DSS /Certs [] /CRLs [] >>".to_owned());
    let evidence = vec![catalog_with(&file, "/DSS 9000 0 R"), store];
    for objects in [nothing, evidence] {
        let report = check(&append(&file, &objects), &world.evidence());
        assert_verdict(&report, Status::Valid, &[]);
        assert_eq!(report.checks(), PASSED);
        let coverage = report.signatures[0].coverage;
        assert_eq!(coverage, CoverageFacts::EarlierRevision);
    }
}

#[test]
fn two_may_sign_where_nobody_forbids_it() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    forge.doc_mdp = None;
    let once = forge.sign(&unsigned());
    let twice = Forge {
        doc_mdp: None,
        ..Forge::new(&world.head())
    }
    .sign(&once);
    let report = check(&twice, &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    let coverage: Vec<_> = report
        .signatures
        .iter()
        .map(|signature| signature.coverage)
        .collect();
    assert_eq!(
        coverage,
        [CoverageFacts::EarlierRevision, CoverageFacts::WholeDocument]
    );
    assert_eq!(report.anchors.len(), 1);
}
