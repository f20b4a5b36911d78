//! Is the file what was signed?

use ruqsat::ca::Request;
use ruqsat::model::Document;
use ruqsat::model::FormName;
use ruqsat::verify::CheckOutcome;
use ruqsat::verify::Checks;
use ruqsat::verify::CoverageFacts;
use ruqsat::verify::Param;
use ruqsat::verify::Status;

use crate::files::append;
use crate::files::other_page_content;
use crate::files::with_attachments;
use crate::forge::Forge;
use crate::forge::shorten_byte_range;
use crate::support::SAMPLE;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::position;
use crate::support::unsigned;
use crate::verdicts::valid::PASSED;

/// What a broken file leaves: the certificate is as good as before.
const ALTERED: Checks = Checks {
    unaltered: CheckOutcome::Fail,
    ..PASSED
};

#[test]
fn changed_byte_is_an_altered_document() {
    let mut world = World::new();
    let head = world.head();
    let mut file = world.sign(&unsigned(), &head).unwrap();
    let page = position(&file, b"stream\n", 0).unwrap() + 20;
    file[page] ^= 1;
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["DOC_ALTERED"]);
    assert_eq!(report.checks(), ALTERED);
    assert_eq!(
        report.signatures[0].coverage,
        CoverageFacts::WholeDocument,
        "every byte is accounted for, one is another"
    );
}

#[test]
fn signature_by_another_key_is_broken() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    forge.signer = Forge::new(&world.head()).signer;
    let report = check(&forge.sign(&unsigned()), &world.evidence());
    assert_verdict(&report, Status::Invalid, &["SIGNATURE_BROKEN"]);
    assert_eq!(report.checks(), ALTERED);
}

#[test]
fn byte_range_that_ends_early_covers_a_part() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    forge.edit = |file| shorten_byte_range(file, 20);
    let report = check(&forge.sign(&unsigned()), &world.evidence());
    assert_verdict(&report, Status::Invalid, &["PARTIAL_COVERAGE"]);
    assert_eq!(report.checks(), ALTERED);
    assert_eq!(report.signatures[0].coverage, CoverageFacts::Partial);
}

#[test]
fn bytes_behind_the_end_are_unsigned_changes() {
    let mut world = World::new();
    let head = world.head();
    let mut file = world.sign(&unsigned(), &head).unwrap();
    file.extend_from_slice(b"%\n");
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["UNSIGNED_CHANGES"]);
}

#[test]
fn revision_with_another_page_is_an_unsigned_change() {
    let mut world = World::new();
    for doc_mdp in [Some(1), Some(2), Some(3), None] {
        let mut forge = Forge::new(&world.head());
        forge.doc_mdp = doc_mdp;
        let file = forge.sign(&unsigned());
        let changed = append(&file, &[other_page_content(&file)]);
        let report = check(&changed, &world.evidence());
        assert_verdict(&report, Status::Invalid, &["UNSIGNED_CHANGES"]);
        assert_eq!(report.checks(), ALTERED, "{doc_mdp:?}");
        // The data is that of the signed revision, so who may sign is still answered.
        assert!(report.document.permit.is_some());
    }
}

#[test]
fn second_signature_after_a_certification_without_changes_is_an_unsigned_change() {
    let mut world = World::new();
    let head = world.head();
    let mut certified = Forge::new(&head).sign(&unsigned());
    // prepare_signature refuses to sign a certified file, so the certification is hidden from it.
    let locked = b"/P 1 /V /1.2";
    let at = position(&certified, locked, 0).unwrap();
    certified[at + 3] = b'2';
    let mut forge = Forge::new(&head);
    forge.doc_mdp = None;
    let mut twice = forge.sign(&certified);
    twice[at + 3] = b'1';
    let report = check(&twice, &world.evidence());
    let first = &report.signatures[0].verdict;
    assert_eq!(first.status(), Status::Invalid);
    assert_eq!(first.reasons()[0].code.as_str(), "UNSIGNED_CHANGES");
}

#[test]
fn one_bad_signature_of_two_is_told_with_its_number() {
    let mut world = World::new();
    let good = Forge {
        doc_mdp: None,
        ..Forge::new(&world.head())
    };
    let bad = Forge {
        doc_mdp: None,
        signer: Forge::new(&world.head()).signer,
        ..Forge::new(&world.head())
    };
    let report = check(&bad.sign(&good.sign(&unsigned())), &world.evidence());
    assert_verdict(
        &report,
        Status::Invalid,
        &["SIGNATURE_BROKEN", "ONE_OF_SEVERAL_INVALID"],
    );
    let of_whole = &report.reasons[0];
    assert_eq!(of_whole.params["n"], Param::Count(2));
    assert_eq!(of_whole.params["k"], Param::Count(1));
    assert_eq!(report.signatures[0].verdict.status(), Status::Valid);
    assert_eq!(report.signatures[1].verdict.status(), Status::Invalid);
}

#[test]
fn data_that_says_two_things_or_nothing_is_a_mismatch() {
    let mut world = World::new();
    let other = String::from_utf8_lossy(SAMPLE).replace("00017", "00018");
    for attachments in [
        [("permit.json", SAMPLE), ("permit.json", other.as_bytes())].as_slice(),
        &[("permit.json", SAMPLE), ("permit.json", SAMPLE)],
        &[("permit.json", b"{}")],
        &[("permit.json", b"not JSON")],
        &[("permit.json", SAMPLE), ("render.json", b"[]")],
        &[("permit.json", SAMPLE), ("document.json", REFUSAL)],
        &[("permit.json", SAMPLE), ("render.json", OF_REFUSAL)],
        &[("document.json", REFUSAL)],
        &[("document.json", SAMPLE), ("render.json", OF_REFUSAL)],
        &[("document.json", SAMPLE), ("render.json", OF_PERMIT)],
    ] {
        let file = Forge::new(&world.head()).sign(&with_attachments(attachments));
        let report = check(&file, &world.evidence());
        assert_verdict(&report, Status::Invalid, &["DATA_MISMATCH"]);
        let reason = &report.signatures[0].verdict.reasons()[0];
        let field = match attachments {
            [("document.json", _), ..] => "document.json",
            _ => "permit.json",
        };
        assert_eq!(reason.params["field"], Param::Text(field.to_owned()));
        assert_eq!(
            report.checks(),
            Checks {
                authority: CheckOutcome::Fail,
                ..PASSED
            }
        );
        assert!(report.document.permit.is_none());
    }
}

#[test]
fn another_form_is_read_by_its_name_and_asks_for_its_own_signer() {
    let mut world = World::new();
    let refusal = Document::from_json(FormName::Refusal, REFUSAL).unwrap();
    let attachments = [("document.json", REFUSAL), ("render.json", OF_REFUSAL)];
    let file = Forge::new(&world.head()).sign(&with_attachments(&attachments));
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Valid, &[]);
    let facts = report.document.permit.as_ref().unwrap();
    assert_eq!(facts.kind, "refusal");
    assert_eq!(facts.number, refusal.number());
    assert_eq!(facts.date, refusal.issue_date());
    assert_eq!(facts.position.as_ref().unwrap().ru, "Руководитель");
    let stranger = Request {
        iin: "920401490411".parse().unwrap(),
        ..world.request()
    };
    let stranger = world.signer(&stranger);
    let file = Forge::new(&stranger).sign(&with_attachments(&attachments));
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["IIN_MISMATCH"]);
}

#[test]
fn options_of_another_edition_than_the_data_are_a_mismatch() {
    let mut world = World::new();
    let options = String::from_utf8_lossy(OF_REFUSAL).replace("atyrau-2013", "zhambyl-2014");
    let attachments = [
        ("document.json", REFUSAL),
        ("render.json", options.as_bytes()),
    ];
    let file = Forge::new(&world.head()).sign(&with_attachments(&attachments));
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["DATA_MISMATCH"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    assert_eq!(
        reason.params["field"],
        Param::Text("render.json".to_owned())
    );
}

/// What `sign` refuses is not valid because another program signed it.
#[test]
fn a_signed_draft_and_a_signed_sheet_of_paper_say_two_things() {
    let mut world = World::new();
    // A medium that is not known here may be another word for one that nobody signs so.
    for medium in ["draft", "paper", "Draft", ""] {
        let options = String::from_utf8_lossy(OF_REFUSAL).replace("electronic", medium);
        let attachments = [
            ("document.json", REFUSAL),
            ("render.json", options.as_bytes()),
        ];
        let file = Forge::new(&world.head()).sign(&with_attachments(&attachments));
        let report = check(&file, &world.evidence());
        assert_verdict(&report, Status::Invalid, &["DATA_MISMATCH"]);
        let reason = &report.signatures[0].verdict.reasons()[0];
        assert_eq!(
            reason.params["field"],
            Param::Text("render.json".to_owned())
        );
        let is_known = ["draft", "paper"].contains(&medium);
        assert_eq!(report.document.permit.is_some(), is_known);
    }
}

#[test]
fn a_form_that_nobody_signs_is_not_valid_in_any_edition() {
    let mut world = World::new();
    for edition in ["atyrau-2013", "nowhere-1913"] {
        let of = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("atyrau-2013", edition);
        let data = of(QUESTIONNAIRE);
        let options = of(OF_REFUSAL).replace("refusal", "questionnaire");
        let attachments = [
            ("document.json", data.as_bytes()),
            ("render.json", options.as_bytes()),
        ];
        let file = Forge::new(&world.head()).sign(&with_attachments(&attachments));
        let report = check(&file, &world.evidence());
        assert_verdict(&report, Status::Invalid, &["SIGNER_NO_AUTHORITY"]);
    }
}

#[test]
fn a_form_that_its_edition_does_not_have_is_nobodys_to_sign() {
    let mut world = World::new();
    let of = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("zhambyl-2014", "atyrau-2013");
    let data = of(REISSUE);
    let options = of(OF_REFUSAL).replace("refusal", "reissue");
    let attachments = [
        ("document.json", data.as_bytes()),
        ("render.json", options.as_bytes()),
    ];
    let reissue = Document::from_json(FormName::Reissue, data.as_bytes()).unwrap();
    let asked = reissue.required_signer().unwrap();
    let mut request = world.request();
    request.iin = asked.iin.unwrap().clone();
    request.organisation.as_mut().unwrap().bin = asked.bin.unwrap().clone();
    let signer = world.signer(&request);
    let file = Forge::new(&signer).sign(&with_attachments(&attachments));
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["SIGNER_NO_AUTHORITY"]);
}

const QUESTIONNAIRE: &[u8] = include_bytes!("../../../fixtures/questionnaires/atyrau-2013.json");
const REISSUE: &[u8] = include_bytes!("../../../fixtures/reissues/zhambyl-2014.json");
const REFUSAL: &[u8] = include_bytes!("../../../fixtures/refusals/atyrau-2013.json");
const OF_REFUSAL: &[u8] = br#"{"form":"refusal","edition":"atyrau-2013","language":"kk-ru",
    "medium":"electronic","time":"2013-12-04T03:00:00Z"}"#;
const OF_PERMIT: &[u8] = br#"{"form":"permit","edition":"atyrau-2013","language":"kk-ru",
    "medium":"electronic","time":"2013-12-04T03:00:00Z"}"#;
