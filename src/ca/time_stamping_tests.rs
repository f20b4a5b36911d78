use std::collections::BTreeSet;

use time::macros::datetime;

use super::*;
use crate::crypto::Provider;
use crate::pki::Evidence;
use crate::pki::PathPolicy;
use crate::pki::Stamped;
use crate::pki::TimeStampError;
use crate::pki::TimeStamped;
use crate::pki::TrustStore;
use crate::pki::check_time_stamp;
use crate::x509::CertificateList;
use crate::x509::der;

const NOW: OffsetDateTime = datetime!(2026-11-25 09:00:00.9 UTC);
const STAMPED: &[u8] = b"signature value";

fn authority() -> Authority {
    // A stamp of the day before has a valid certificate, too.
    Authority::in_memory(1, datetime!(2026-11-24 06:00 UTC)).unwrap()
}

fn request(digest: DigestAlgorithm) -> TimeStampReq {
    let imprint = MessageImprint::of(STAMPED, digest);
    TimeStampReq::new(imprint, None, Some(&[0x80, 7]))
}

/// What comes of asking, by the authority's own lists.
fn ask(
    authority: &mut Authority,
    request: &TimeStampReq,
    fault: Option<TimeStampFault>,
) -> Result<TimeStamped, TimeStampError> {
    let answer = authority.answer_time_stamp(&request.to_der(), NOW, fault);
    let answer = answer.unwrap();
    let token = TimeStampResp::from_der(&answer)?.token()?;
    let lists = [NOW, NOW - Duration::DAY].map(|time| {
        let lists = authority.revocation_lists(time).unwrap();
        [lists.root, lists.issuing].map(|list| CertificateList::from_der(&list).unwrap())
    });
    let store = TrustStore::new([authority.root().clone()], &Provider);
    let intermediate = [authority.issuing().clone()];
    let evidence = Evidence {
        lists: &lists.concat(),
        certificates: &intermediate,
        ..Evidence::default()
    };
    let stamped = Stamped::new(STAMPED, NOW).asked_by(request);
    let policy = PathPolicy::strict();
    check_time_stamp(&token, &stamped, &store, &evidence, &policy, &Provider)
}

/// The failure that an answer without token names.
fn failure(request: &[u8]) -> Option<usize> {
    let answer = authority().answer_time_stamp(request, NOW, None).unwrap();
    match TimeStampResp::from_der(&answer) {
        Err(cms::Error::TimeStampRefused {
            status: 2, failure, ..
        }) => failure,
        other => panic!("{other:?}"),
    }
}

/// The fields of a request behind its version.
fn raw(imprint: &[u8], rest: &[Vec<u8>]) -> Vec<u8> {
    der::sequence(&[&der::unsigned(1), imprint, &rest.concat()])
}

#[test]
fn stamp_says_when_by_which_policy_and_with_the_nonce() {
    let mut authority = authority();
    for digest in DIGESTS {
        let stamped = ask(&mut authority, &request(digest), None).unwrap();
        assert_eq!(stamped.time(), datetime!(2026-11-25 09:00 UTC));
        let info = stamped.tst_info();
        assert_eq!(info.policy(), Oid::new("1.2.398.3.3.2.6.2"));
        assert_eq!(info.accuracy(), Some(Duration::SECOND));
        assert!(!info.ordering());
    }
}

#[test]
fn policy_of_the_key_may_be_asked_for_and_no_other() {
    let imprint = MessageImprint::of(STAMPED, DigestAlgorithm::Sha256);
    let by = |policy| TimeStampReq::new(imprint.clone(), Some(Oid::new(policy)), None);
    let granted = ask(&mut authority(), &by("1.2.398.3.3.2.6.2"), None);
    assert!(granted.is_ok());
    for policy in [
        "1.2.398.3.3.2.6.1",
        "1.2.398.3.3.2.6.3",
        "1.2.398.3.3.2.6.4",
        "1.2.398.3.3.2",
        "2.999.1",
    ] {
        let unaccepted = Some(PkiFailureInfo::UnacceptedPolicy as usize);
        assert_eq!(failure(&by(policy).to_der()), unaccepted, "{policy}");
    }
}

#[test]
fn certificates_are_there_when_they_are_wanted() {
    let authority = authority();
    let imprint = MessageImprint::of(STAMPED, DigestAlgorithm::Sha256).to_der();
    for (wanted, expected) in [(vec![der::boolean(true)], 2), (Vec::new(), 0)] {
        let request = raw(&imprint, &wanted);
        let answer = authority.answer_time_stamp(&request, NOW, None).unwrap();
        let token = TimeStampResp::from_der(&answer).unwrap().token().unwrap();
        assert_eq!(token.signed_data().certificates().len(), expected);
        assert_eq!(token.tst_info().nonce(), None);
    }
}

#[test]
fn numbers_of_stamps_do_not_repeat_even_when_the_seed_begins_anew() {
    let mut serials = BTreeSet::new();
    let again = datetime!(2026-11-26 09:00 UTC);
    for time in [NOW, again] {
        let authority = authority();
        for _ in 0..20 {
            let request = request(DigestAlgorithm::Sha256).to_der();
            let answer = authority.answer_time_stamp(&request, time, None).unwrap();
            let token = TimeStampResp::from_der(&answer).unwrap().token().unwrap();
            serials.insert(token.tst_info().serial().clone());
        }
    }
    assert_eq!(serials.len(), 40);
}

#[test]
fn digest_that_is_weak_or_not_known_is_a_bad_algorithm() {
    let sha1 = request(DigestAlgorithm::Sha1).to_der();
    assert_eq!(failure(&sha1), Some(PkiFailureInfo::BadAlg as usize));
    let digest = der::octet_string(&[0; 32]);
    let unknown = der::algorithm_identifier(&Oid::new("2.999.1"), None);
    let parameters = der::algorithm_identifier(
        &DigestAlgorithm::Sha256.oid(),
        Some(&der::octet_string(&[])),
    );
    for algorithm in [unknown, parameters] {
        let request = raw(&der::sequence(&[&algorithm, &digest]), &[]);
        assert_eq!(failure(&request), Some(PkiFailureInfo::BadAlg as usize));
    }
}

#[test]
fn digest_of_another_length_and_garbage_are_bad_data() {
    let algorithm = der::algorithm_identifier(&DigestAlgorithm::Sha256.oid(), None);
    let short = der::sequence(&[algorithm, der::octet_string(&[0; 31])]);
    for request in [raw(&short, &[]), Vec::new(), b"garbage".to_vec()] {
        let bad = Some(PkiFailureInfo::BadDataFormat as usize);
        assert_eq!(failure(&request), bad, "{request:x?}");
    }
}

#[test]
fn another_version_is_a_bad_request() {
    let imprint = MessageImprint::of(STAMPED, DigestAlgorithm::Sha256).to_der();
    let request = der::sequence(&[der::unsigned(2), imprint]);
    assert_eq!(failure(&request), Some(PkiFailureInfo::BadRequest as usize));
}

#[test]
fn every_extension_is_unaccepted() {
    let imprint = MessageImprint::of(STAMPED, DigestAlgorithm::Sha256).to_der();
    for critical in [der::boolean(true), Vec::new()] {
        let extension = der::sequence(&[
            der::oid(&Oid::new("2.999.1")),
            critical,
            der::octet_string(&der::null()),
        ]);
        let request = raw(&imprint, &[der::context(0, &extension)]);
        let unaccepted = Some(PkiFailureInfo::UnacceptedExtension as usize);
        assert_eq!(failure(&request), unaccepted);
    }
}

#[test]
fn each_fault_is_noticed_for_what_it_is() {
    let mut authority = authority();
    let imprint = MessageImprint::of(STAMPED, DigestAlgorithm::Sha256);
    let request = TimeStampReq::new(imprint, Some(POLICY), Some(&[7; 8]));
    let mut refused = |fault| ask(&mut authority, &request, Some(fault)).unwrap_err();
    assert_eq!(
        refused(TimeStampFault::Rejection),
        TimeStampError::Signature(cms::Error::TimeStampRefused {
            status: 2,
            failure: Some(PkiFailureInfo::SystemFailure as usize),
            text: "this TEST authority was told to refuse".to_owned(),
        })
    );
    let nonce = refused(TimeStampFault::WrongNonce);
    assert_eq!(nonce, TimeStampError::NonceMismatch);
    let imprint = refused(TimeStampFault::WrongImprint);
    assert_eq!(imprint, TimeStampError::ImprintMismatch);
    let signature = refused(TimeStampFault::BadSignature);
    let bad = TimeStampError::Signature(cms::Error::BadSignature);
    assert_eq!(signature, bad);
    let policy = TimeStampError::PolicyMismatch {
        wanted: POLICY,
        found: Oid::new("1.2.398.3.3.2.6.1"),
    };
    assert_eq!(refused(TimeStampFault::BadPolicy), policy);
    let malformed = refused(TimeStampFault::Malformed);
    let is_malformed = matches!(malformed, TimeStampError::Signature(cms::Error::Der(_)));
    assert!(is_malformed, "{malformed:?}");
    let mut granted = |fault| ask(&mut authority, &request, Some(fault)).unwrap().time();
    let day_before = datetime!(2026-11-24 09:00 UTC);
    assert_eq!(granted(TimeStampFault::Stale), day_before);
    // The delay is the server's.
    let now = datetime!(2026-11-25 09:00 UTC);
    assert_eq!(granted(TimeStampFault::Slow), now);
}
