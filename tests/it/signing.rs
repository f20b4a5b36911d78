//! What `sign` refuses, and what it makes.

use ring::rand::SystemRandom;
use ruqsat::ca::Request;
use ruqsat::crypto;
use ruqsat::crypto::Provider;
use ruqsat::crypto::Signer as _;
use ruqsat::eds::CertificateUse;
use ruqsat::eds::Role;
use ruqsat::form::Medium;
use ruqsat::keys;
use ruqsat::keys::Identity;
use ruqsat::pdf;
use ruqsat::pdf::SignatureDictionary;
use ruqsat::pdf::prepare_signature;
use ruqsat::sign::Chain;
use ruqsat::sign::Error;
use ruqsat::sign::ListDefect;
use ruqsat::sign::Refusal;
use ruqsat::verify::Status;
use ruqsat::x509::CertificateList;
use ruqsat::x509::CrlReason;
use time::Duration;
use time::OffsetDateTime;

use crate::files::append;
use crate::files::with_attachments;
use crate::other_authority::OtherAuthority;
use crate::support::CHECKING;
use crate::support::FOUNDING;
use crate::support::SAMPLE;
use crate::support::SIGNING;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::position;
use crate::support::prepare;
use crate::support::render;
use crate::support::unsigned;

/// Why a holder who differs from the head in something may not sign the sample.
fn refusal(change: impl FnOnce(&mut Request)) -> Refusal {
    let mut world = World::new();
    let mut request = world.request();
    change(&mut request);
    let signer = world.signer(&request);
    refused(world.sign(&unsigned(), &signer))
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[track_caller]
fn unreadable<T: std::fmt::Debug>(outcome: Result<T, Error>) -> pdf::Error {
    match outcome {
        Err(Error::Pdf(error)) => error,
        other => panic!("read: {other:?}"),
    }
}

#[test]
fn draft_is_not_signed() {
    let mut world = World::new();
    let head = world.head();
    let refusal = refused(world.sign(&render(Medium::Draft), &head));
    assert_eq!((&refusal, refusal.code()), (&Refusal::Draft, "DRAFT"));
}

#[test]
fn signed_document_is_not_signed_again() {
    let mut world = World::new();
    let head = world.head();
    let signed = world.sign(&unsigned(), &head).unwrap();
    let refusal = refused(world.sign(&signed, &head));
    assert_eq!(refusal, Refusal::AlreadySigned);
    assert_eq!(refusal.code(), "ALREADY_SIGNED");

    // An approval without a certification is a signature as well.
    let dictionary = SignatureDictionary {
        signing_time: SIGNING,
        reason: None,
        name: None,
        doc_mdp: None,
        capacity: 16,
    };
    let prepared = prepare_signature(&unsigned(), &dictionary).unwrap();
    let signed = prepared.embed(&[]).unwrap();
    assert_eq!(refused(world.sign(&signed, &head)), Refusal::AlreadySigned);
}

#[test]
fn document_whose_data_says_two_things_is_not_signed() {
    let mut world = World::new();
    let head = world.head();
    let twice = with_attachments(&[("permit.json", SAMPLE), ("permit.json", SAMPLE)]);
    let refusal = refused(world.sign(&twice, &head));
    assert_eq!(refusal, Refusal::DataMismatch);
    assert_eq!(refusal.code(), "DATA_MISMATCH");
}

/// Paper is signed by hand.
#[test]
fn sheet_of_paper_is_not_signed() {
    let mut world = World::new();
    let head = world.head();
    let refusal = refused(world.sign(&render(Medium::Paper), &head));
    assert_eq!(refusal, Refusal::FinishedUnsigned);
    assert_eq!(refusal.code(), "FINISHED_UNSIGNED");
}

#[test]
fn certificate_for_log_in_signs_nothing() {
    let refusal = refusal(|request| request.usage = CertificateUse::Authentication);
    assert_eq!(refusal, Refusal::WrongKeyUsage);
    assert_eq!(refusal.code(), "WRONG_KEY_USAGE");
}

#[test]
fn certificate_signs_from_its_first_to_its_last_second() {
    let not_after = SIGNING - Duration::seconds(1);
    let expired = refusal(|request| request.not_after = Some(not_after));
    assert_eq!(expired, Refusal::CertExpiredAtSigning { not_after });
    assert_eq!(expired.code(), "CERT_EXPIRED_AT_SIGNING");

    let not_before = SIGNING + Duration::seconds(1);
    let early = refusal(|request| request.not_before = not_before);
    assert_eq!(early, Refusal::CertNotYetValid { not_before });
    assert_eq!(early.code(), "CERT_NOT_YET_VALID");

    let mut world = World::new();
    let mut request = world.request();
    request.not_before = SIGNING - Duration::seconds(1);
    request.not_after = Some(SIGNING);
    let signer = world.signer(&request);
    assert!(world.sign(&unsigned(), &signer).is_ok());
}

#[test]
fn role_without_the_right_does_not_sign() {
    for role in [Role::Employee, Role::Financial, Role::Hr] {
        let refusal = refusal(|request| request.role = role);
        let certificate = Some(role);
        assert_eq!(refusal, Refusal::SignerNoAuthority { certificate });
        assert_eq!(refusal.code(), "SIGNER_NO_AUTHORITY");
    }
}

#[test]
fn head_of_another_organisation_does_not_sign() {
    let refusal = refusal(|request| {
        let organisation = request.organisation.as_mut().unwrap();
        organisation.bin = "120440001234".parse().unwrap();
    });
    let expected = Refusal::BinMismatch {
        certificate: Some("120440001234".to_owned()),
        document: "101140900013".parse().unwrap(),
    };
    assert_eq!((&refusal, refusal.code()), (&expected, "BIN_MISMATCH"));
}

#[test]
fn another_person_does_not_sign() {
    let refusal = refusal(|request| request.iin = "850214300129".parse().unwrap());
    let document = "691007390018".parse().unwrap();
    assert_eq!(refusal, Refusal::IinMismatch { document });
    assert_eq!(refusal.code(), "IIN_MISMATCH");
}

#[test]
fn chain_must_be_complete_up_to_the_root() {
    let mut world = World::new();
    let leaf = world.head().leaf().clone();
    let root = world.authority.root().clone();
    let issuing = world.authority.issuing().clone();
    for at_hand in [vec![], vec![root.clone()], vec![leaf.clone()]] {
        let refusal = Chain::complete(leaf.clone(), &at_hand, &Provider).unwrap_err();
        let issuer = issuing.subject().to_string();
        assert_eq!(refusal, Refusal::ChainIncomplete { issuer });
        assert_eq!(refusal.code(), "CHAIN_INCOMPLETE");
    }
    for at_hand in [vec![issuing.clone()], vec![root, issuing.clone()]] {
        let chain = Chain::complete(leaf.clone(), &at_hand, &Provider).unwrap();
        assert_eq!(chain.issuers().len(), 1, "without the root");
        assert_eq!(chain.issuers()[0], issuing);
    }
    // The name alone makes no issuer.
    let namesake = World::new().authority.issuing().clone();
    assert!(Chain::complete(leaf, &[namesake], &Provider).is_err());
}

#[test]
fn issuer_must_be_an_authority_in_force() {
    let root = OtherAuthority::root("Негізгі орталық");
    let issuing = root.issuing_with("Ұлттық орталық", |params| {
        params.not_after = SIGNING - Duration::seconds(1);
    });
    let refusal = refused(prepare(&unsigned(), &issuing.signer(), SIGNING, None));
    let issuer = issuing.certificate.subject().to_string();
    assert_eq!(refusal, Refusal::CaCertExpired { issuer });
    assert_eq!(refusal.code(), "CA_CERT_EXPIRED");

    let person = root.signer_that_issues();
    let refusal = refused(prepare(&unsigned(), &person.signer(), SIGNING, None));
    let issuer = person.certificate.subject().to_string();
    assert_eq!(refusal, Refusal::ChainInvalid { issuer });
    assert_eq!(refusal.code(), "CHAIN_INVALID");
}

/// Why the head, revoked for a reason at a time, may not sign when the list is asked.
fn refusal_of_revoked(reason: CrlReason, at: OffsetDateTime) -> Refusal {
    let mut world = World::new();
    let head = world.head();
    world.revoke(head.leaf(), reason, at);
    let lists = world.lists_of(FOUNDING);
    refused(world.sign_at(&unsigned(), &head, SIGNING, Some(&lists)))
}

#[test]
fn revoked_signer_does_not_sign() {
    let at = SIGNING - Duration::minutes(1);
    for (reason, expected) in [
        (
            CrlReason::Unspecified,
            Refusal::CertRevokedBeforeSigning { at },
        ),
        (
            CrlReason::KeyCompromise,
            Refusal::CertRevokedCompromise { at },
        ),
        (
            CrlReason::CaCompromise,
            Refusal::CertRevokedCompromise { at },
        ),
        (
            CrlReason::AffiliationChanged,
            Refusal::CertRevokedBeforeSigning { at },
        ),
        (
            CrlReason::Superseded,
            Refusal::CertRevokedBeforeSigning { at },
        ),
        (
            CrlReason::CessationOfOperation,
            Refusal::CertRevokedBeforeSigning { at },
        ),
        (CrlReason::CertificateHold, Refusal::CertOnHold { at }),
        (
            CrlReason::PrivilegeWithdrawn,
            Refusal::CertRevokedBeforeSigning { at },
        ),
        (
            CrlReason::AaCompromise,
            Refusal::CertRevokedCompromise { at },
        ),
    ] {
        assert_eq!(refusal_of_revoked(reason, at), expected, "{reason}");
    }
}

#[test]
fn revocation_counts_from_its_second_on_and_one_to_come_counts_too() {
    let at = SIGNING;
    let refusal = refusal_of_revoked(CrlReason::Superseded, at);
    assert_eq!(refusal, Refusal::CertRevokedBeforeSigning { at });
    assert_eq!(refusal.code(), "CERT_REVOKED_BEFORE_SIGNING");
    let at = SIGNING + Duration::seconds(1);
    let refusal = refusal_of_revoked(CrlReason::Superseded, at);
    assert_eq!(refusal, Refusal::CertRevokedTimeUnproven { at });
    assert_eq!(refusal.code(), "CERT_REVOKED_TIME_UNPROVEN");
}

#[test]
fn revoked_issuer_is_told_as_such() {
    let mut world = World::new();
    let mut head = world.head();
    head.add_issuers([world.authority.root().clone()]);
    let issuing = world.authority.issuing().clone();
    let at = FOUNDING;
    world.revoke(&issuing, CrlReason::CaCompromise, at);
    let lists = world.lists_of(FOUNDING);
    let refusal = refused(prepare(&unsigned(), &head, SIGNING, Some(&lists)));
    let issuer = issuing.subject().to_string();
    assert_eq!(refusal, Refusal::CaCertRevoked { issuer, at });
    assert_eq!(refusal.code(), "CA_CERT_REVOKED");
}

#[test]
fn list_that_does_not_answer_is_no_list() {
    let mut world = World::new();
    let head = world.head();
    let lists = world.lists_of(FOUNDING);
    let good = prepare(&unsigned(), &head, SIGNING, Some(&lists)).unwrap();
    assert!(good.preflight().revocation_checked);
    let unasked = prepare(&unsigned(), &head, SIGNING, None).unwrap();
    assert!(!unasked.preflight().revocation_checked);

    let mut broken = lists[1].as_der().to_vec();
    *broken.last_mut().unwrap() ^= 1;
    let broken = CertificateList::from_vec(broken).unwrap();
    let other = OtherAuthority::root("Басқа орталық").list();
    let old = world.lists_of(SIGNING - Duration::days(365)).remove(1);
    let early = world.lists_of(SIGNING + Duration::seconds(1)).remove(1);
    for (lists, expected) in [
        (vec![], ListDefect::Unavailable),
        (vec![lists[0].clone()], ListDefect::Unavailable),
        (vec![other], ListDefect::Unavailable),
        (vec![broken], ListDefect::Untrusted),
        (vec![old], ListDefect::Stale),
        (vec![early], ListDefect::Stale),
    ] {
        match prepare(&unsigned(), &head, SIGNING, Some(&lists)) {
            Err(Error::RevocationList(defect)) => assert_eq!(defect, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
}

#[test]
fn key_of_another_certificate_does_not_sign() {
    let mut world = World::new();
    let (head, other) = (world.head(), world.head());
    let random = SystemRandom::new();
    let ready = prepare(&unsigned(), &head, SIGNING, None).unwrap();
    let refused = ready.sign(&other.signer(&random).unwrap());
    assert!(matches!(
        refused,
        Err(Error::Crypto(crypto::Error::KeyMismatch))
    ));
    let refused = Identity::new(other.key().clone(), head.leaf().clone(), vec![], &random);
    assert!(matches!(refused, Err(keys::Error::KeyMismatch)));
}

#[test]
fn what_is_no_whole_pdf_is_not_signed() {
    let mut world = World::new();
    let head = world.head();
    assert_eq!(unreadable(world.sign(b"", &head)), pdf::Error::Empty);
    for file in [b"\n".as_slice(), SAMPLE] {
        assert_eq!(unreadable(world.sign(file, &head)), pdf::Error::NotAPdf);
    }
    let mut encrypted = append(&unsigned(), &[(9000, "<< /Filter /Standard >>".to_owned())]);
    let trailer = position(&encrypted, b"/Prev", 0).unwrap();
    encrypted.splice(trailer..trailer, *b"/Encrypt 9000 0 R ");
    assert_eq!(
        unreadable(world.sign(&encrypted, &head)),
        pdf::Error::Encrypted
    );
    let whole = unsigned();
    for length in [whole.len() - 8, whole.len() / 2, 9] {
        let damaged = unreadable(world.sign(&whole[..length], &head));
        assert!(matches!(damaged, pdf::Error::Damaged { .. }), "{damaged:?}");
    }
}

#[test]
fn signed_file_begins_with_the_unsigned_one_and_is_valid() {
    let mut world = World::new();
    let signers = [world.head(), world.rsa_signer(&world.request())];
    for signer in signers {
        let signed = world.sign(&unsigned(), &signer).unwrap();
        assert!(signed.starts_with(&unsigned()));
        assert_verdict(&check(&signed, &world.evidence()), Status::Valid, &[]);
    }
}

/// The key may be in a token, a browser, another machine, minutes away.
#[test]
fn signature_made_elsewhere_is_as_good() {
    let mut world = World::new();
    let head = world.head();
    let ready = prepare(&unsigned(), &head, SIGNING, None).unwrap();
    let elsewhere = head.signer(&SystemRandom::new()).unwrap();
    let attributes = ready.to_be_signed(elsewhere.algorithm()).unwrap();
    let signature = elsewhere.sign(attributes.as_bytes()).unwrap();
    let message = attributes.assemble(&signature, head.issuers());
    let signed = ready.embed(&message).unwrap();
    assert_verdict(&check(&signed, &world.evidence()), Status::Valid, &[]);
}

#[test]
fn preflight_tells_what_was_and_what_was_not_checked() {
    let mut world = World::new();
    let head = world.head();
    let ready = prepare(&unsigned(), &head, SIGNING, None).unwrap();
    let preflight = ready.preflight();
    assert_eq!(preflight.signer, "Жанұзақов Қайрат Серікұлы");
    assert_eq!(preflight.provable_until, head.leaf().not_after());
    assert!(preflight.authority_checked && !preflight.revocation_checked);
    let ready = prepare(&with_attachments(&[]), &head, SIGNING, None).unwrap();
    assert!(!ready.preflight().authority_checked);
}

#[test]
fn message_that_does_not_fit_its_place_is_refused() {
    let mut world = World::new();
    let ready = prepare(&unsigned(), &world.head(), SIGNING, None).unwrap();
    let error = unreadable(ready.embed(&vec![0; 100_000]));
    assert!(matches!(
        error,
        pdf::Error::ContentsTooSmall { need: 100_000, .. }
    ));
}

/// What would not verify is not signed: the two sisters ask the same of time.
#[test]
fn time_of_signing_is_what_the_signature_says() {
    let mut world = World::new();
    let head = world.head();
    let at = CHECKING - Duration::seconds(1);
    let signed = world.sign_at(&unsigned(), &head, at, None).unwrap();
    let report = check(&signed, &world.evidence());
    assert_eq!(report.signatures[0].claimed_time, Some(at));
}
