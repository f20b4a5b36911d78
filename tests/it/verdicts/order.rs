//! Several reasons at once, and that no reason is forgotten here.

use std::fs;

use ruqsat::verify::Evidence;
use ruqsat::verify::NoteCode;
use ruqsat::verify::ReasonCode;
use ruqsat::verify::Status;
use time::Duration;

use crate::forge::Forge;
use crate::support::CHECKING;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::position;
use crate::support::trust;
use crate::support::unsigned;

#[test]
fn all_that_speaks_against_a_signature_is_told_gravest_first_and_nothing_uncertain_beside_it() {
    let mut world = World::new();
    let mut request = world.request();
    let organisation = request.organisation.as_mut().unwrap();
    organisation.bin = "120440001234".parse().unwrap();
    let mut file = Forge::new(&world.signer(&request)).sign(&unsigned());
    let page = position(&file, b"stream\n", 0).unwrap() + 20;
    file[page] ^= 1;
    let without_lists = Evidence {
        trust: trust([world.authority.root().clone()]),
        lists: Vec::new(),
    };
    let report = check(&file, &without_lists);
    assert_verdict(&report, Status::Invalid, &["DOC_ALTERED", "BIN_MISMATCH"]);
}

#[test]
fn all_that_could_not_be_found_out_is_told() {
    let mut world = World::new();
    let head = world.head();
    let ahead = CHECKING + Duration::hours(1);
    let file = world.sign_at(&unsigned(), &head, ahead, None).unwrap();
    let without_lists = Evidence {
        trust: trust([world.authority.root().clone()]),
        lists: Vec::new(),
    };
    let report = check(&file, &without_lists);
    let both = ["REVOCATION_UNAVAILABLE", "PROOF_OF_TIME_MISSING"];
    assert_verdict(&report, Status::Indeterminate, &both);
}

#[test]
fn every_code_of_the_catalogue_is_expected_by_a_test() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/verdicts");
    let tests: String = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let reasons = ReasonCode::all().map(ReasonCode::as_str);
    let notes = NoteCode::ALL.iter().map(|code| code.as_str());
    for code in reasons.chain(notes) {
        assert!(tests.contains(&format!("\"{code}\"")), "{code}");
    }
}
