use proptest::prelude::any;
use proptest::test_runner::TestRunner;
use time::Duration;
use time::OffsetDateTime;

use super::CurrentResponse;
use super::Status;
use super::VerifiedResponse;
use super::check_response;
use super::verify_response;
use crate::crypto;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Provider;
use crate::pki::Budget;
use crate::pki::BudgetExceeded;
use crate::pki::PathPolicy;
use crate::pki::Unit;
use crate::pki::ocsp::CertId;
use crate::pki::ocsp::Distrust;
use crate::pki::ocsp::Error;
use crate::pki::ocsp::Nonce;
use crate::pki::ocsp::OcspRequest;
use crate::pki::ocsp::OcspResponse;
use crate::pki::ocsp::Question;
use crate::pki::ocsp::Responder;
use crate::pki::ocsp::ResponderId;
use crate::pki::ocsp::ResponseStatus;
use crate::pki::ocsp::oids;
use crate::pki::ocsp::test_responder::Forge;
use crate::pki::ocsp::test_responder::by_key;
use crate::pki::ocsp::test_responder::by_name;
use crate::pki::ocsp::test_responder::delegate;
use crate::pki::ocsp::test_responder::extended_revoke;
use crate::pki::ocsp::test_responder::no_check;
use crate::pki::ocsp::test_responder::nonce;
use crate::pki::ocsp::test_responder::revoked;
use crate::pki::ocsp::test_responder::unknown;
use crate::x509::Certificate;
use crate::x509::CrlReason;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::extension;
use crate::x509::test_authority::with_broken_signature;

/// An authority, a certificate of it, and who answers for it.
struct World {
    authority: TestAuthority,
    responder: TestAuthority,
    leaf: Certificate,
}

impl World {
    fn with_delegate(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Self {
        let authority = TestAuthority::root("CA");
        Self {
            responder: delegate(&authority, change),
            leaf: authority.leaf("Leaf"),
            authority,
        }
    }

    fn new() -> Self {
        Self::with_delegate(|_| {})
    }

    fn good(&self) -> Forge {
        let responder = &self.responder.certificate;
        Forge::good(&self.leaf, &self.authority.certificate, responder)
    }

    fn check(&self, forge: &Forge) -> Result<CurrentResponse, Error> {
        let response = OcspResponse::from_der(&forge.build(&self.responder))?;
        self.check_at(&response, NOW)
    }

    fn check_at(
        &self,
        response: &OcspResponse,
        time: OffsetDateTime,
    ) -> Result<CurrentResponse, Error> {
        self.check_by(response, time, &PathPolicy::strict())
    }

    fn check_by(
        &self,
        response: &OcspResponse,
        time: OffsetDateTime,
        policy: &PathPolicy,
    ) -> Result<CurrentResponse, Error> {
        let mut budget = Budget::new(&policy.limits);
        let question = self.question();
        check_response(
            &question,
            response,
            &[],
            time,
            policy,
            &mut budget,
            &Provider,
        )
    }

    fn question(&self) -> Question<'_> {
        Question::about(&self.leaf, &self.authority.certificate)
    }

    fn verify(&self, question: &Question<'_>, forge: &Forge) -> Result<VerifiedResponse, Error> {
        let response = OcspResponse::from_der(&forge.build(&self.responder))?;
        verify(question, &response, &[])
    }

    /// The error of a response with one defect.
    fn refusal(&self, spoil: impl FnOnce(&mut Forge)) -> Error {
        let mut forge = self.good();
        spoil(&mut forge);
        self.check(&forge).unwrap_err()
    }

    fn untrusted(&self, distrust: Distrust) -> Error {
        Error::ResponderUntrusted {
            certificate: self.responder.certificate.clone(),
            distrust,
        }
    }
}

fn verify(
    question: &Question<'_>,
    response: &OcspResponse,
    others: &[Certificate],
) -> Result<VerifiedResponse, Error> {
    let mut budget = Budget::new(&PathPolicy::strict().limits);
    verify_response(question, response, others, &mut budget, &Provider)
}

#[test]
fn of_two_statements_alike_the_newer_counts() {
    let world = World::new();
    let mut forge = world.good();
    let mut stale = forge.singles[0].clone();
    stale.this_update -= Duration::DAY;
    stale.next_update = Some(NOW - Duration::HOUR);
    forge.singles.insert(0, stale);
    let found = world.check(&forge).unwrap();
    assert_eq!(found.status(), Status::Good);
    assert_eq!(found.response().this_update(), NOW - Duration::HOUR);
}

#[test]
fn a_delegate_answers_for_its_authority_and_remains_to_be_asked_about() {
    let world = World::new();
    let answer = world.check(&world.good()).unwrap();
    assert_eq!((answer.status(), answer.time()), (Status::Good, NOW));
    let responder = answer.response().responder();
    let certificate = &world.responder.certificate;
    assert_eq!(responder, &Responder::Delegate(certificate.clone()));
    assert_eq!(responder.unchecked(), Some(certificate));
}

#[test]
fn a_delegate_with_ocsp_nocheck_need_not_be_asked_about() {
    let world = World::with_delegate(no_check);
    let answer = world.check(&world.good()).unwrap();
    assert_eq!(answer.response().responder().unchecked(), None);
}

#[test]
fn an_authority_answers_for_itself_by_name_and_by_key() {
    let world = World::new();
    let ca = &world.authority.certificate;
    for responder_id in [by_key(ca), by_name(ca)] {
        let mut forge = world.good();
        forge.responder_id = responder_id;
        forge.certificates.clear();
        let response = OcspResponse::from_der(&forge.build(&world.authority)).unwrap();
        let answer = world.check_at(&response, NOW).unwrap();
        assert_eq!(answer.response().responder(), &Responder::Issuer);
        assert_eq!(answer.response().responder().unchecked(), None);
    }
}

#[test]
fn the_certificate_of_the_responder_may_come_from_elsewhere() {
    let world = World::new();
    let mut forge = world.good();
    forge.certificates.clear();
    let response = OcspResponse::from_der(&forge.build(&world.responder)).unwrap();
    let others = [world.responder.certificate.clone()];
    let question = world.question();
    assert!(verify(&question, &response, &others).is_ok());
    let responder = response.basic().unwrap().responder_id().clone();
    assert_eq!(
        verify(&question, &response, &[]),
        Err(Error::ResponderUnknown { responder })
    );
}

#[test]
fn what_is_said_is_told_with_time_and_reason() {
    let world = World::new();
    let time = NOW - Duration::DAY;
    let reason = Some(CrlReason::KeyCompromise);
    for (written, status) in [
        (unknown(), Status::Unknown),
        (revoked(time, Some(1)), Status::Revoked { time, reason }),
        (revoked(time, None), Status::Revoked { time, reason: None }),
    ] {
        let mut forge = world.good();
        forge.singles[0].status = written;
        assert_eq!(world.check(&forge).unwrap().status(), status);
    }
}

#[test]
fn a_certificate_that_is_not_at_hand_is_asked_about_by_its_number() {
    let world = World::new();
    let question = Question::about_number(world.leaf.serial(), &world.authority.certificate);
    let answer = world.verify(&question, &world.good()).unwrap();
    assert_eq!(answer.status(), Status::Good);
}

#[test]
fn a_crowd_of_responders_ends_at_the_limit() {
    let world = World::new();
    let mut forge = world.good();
    let wrong = delegate(&world.authority, |_| {}).certificate;
    forge.responder_id = by_name(&wrong);
    forge.certificates = vec![wrong.as_der().to_vec(); 16];
    let response = OcspResponse::from_der(&forge.build(&world.responder)).unwrap();
    let mut policy = PathPolicy::strict();
    assert_eq!(
        world.check_by(&response, NOW, &policy),
        Err(Error::BadSignature)
    );
    policy.limits.signatures = 15;
    let (unit, limit) = (Unit::Signatures, 15);
    let exceeded = Error::BudgetExceeded(BudgetExceeded { unit, limit });
    assert_eq!(world.check_by(&response, NOW, &policy), Err(exceeded));
}

#[test]
fn a_number_that_was_never_issued_is_not_called_suspended() {
    let world = World::new();
    let mut forge = world.good();
    forge.singles[0].status = revoked(OffsetDateTime::UNIX_EPOCH, Some(6));
    let hold = Status::Revoked {
        time: OffsetDateTime::UNIX_EPOCH,
        reason: Some(CrlReason::CertificateHold),
    };
    assert_eq!(world.check(&forge).unwrap().status(), hold);
    forge.extensions.push(extended_revoke());
    assert_eq!(world.check(&forge).unwrap().status(), Status::NeverIssued);
    forge.singles[0].status = revoked(NOW - Duration::DAY, Some(6));
    let status = world.check(&forge).unwrap().status();
    assert!(matches!(status, Status::Revoked { .. }));
}

#[test]
fn of_two_answers_about_a_certificate_the_worse_counts() {
    let world = World::new();
    for turn in 0..2 {
        let mut forge = world.good();
        let mut worse = forge.singles[0].clone();
        worse.status = revoked(NOW - Duration::DAY, None);
        forge.singles.insert(turn, worse);
        let status = world.check(&forge).unwrap().status();
        assert!(matches!(status, Status::Revoked { .. }));
    }
}

#[test]
fn a_refusal_of_the_responder_is_told() {
    let world = World::new();
    let refusal = der::sequence(&[der::enumerated(6)]);
    let response = OcspResponse::from_der(&refusal).unwrap();
    let status = ResponseStatus::Unauthorized;
    let expected = Err(Error::Unsuccessful { status });
    assert_eq!(world.check_at(&response, NOW), expected);
}

#[test]
fn an_answer_about_another_certificate_is_none() {
    let world = World::new();
    let ca = &world.authority.certificate;
    let sha256 = DigestAlgorithm::Sha256;
    let other = world.authority.leaf("Leaf");
    let refused = world.refusal(|forge| {
        forge.singles[0].cert_id = CertId::new(&other, ca, sha256).to_der();
    });
    let serial = world.leaf.serial().clone();
    assert_eq!(refused, Error::NoAnswer { serial });

    // The same number, from an authority of the same name or with the same key.
    let namesake = TestAuthority::root("CA").certificate;
    let refused = world.refusal(|forge| {
        forge.singles[0].cert_id = CertId::new(&world.leaf, &namesake, sha256).to_der();
    });
    assert_eq!(refused, Error::IssuerKeyHashMismatch);
    let mut name_hash = CertId::new(&world.leaf, ca, sha256).to_der();
    let hash = sha256.digest(world.leaf.issuer().as_der());
    let at = name_hash.windows(32).position(|part| part == hash).unwrap();
    name_hash[at] ^= 1;
    let refused = world.refusal(|forge| forge.singles[0].cert_id = name_hash);
    assert_eq!(refused, Error::IssuerNameHashMismatch);
}

#[test]
fn the_digest_that_names_the_certificate_may_be_sha_1_and_must_be_known() {
    let world = World::new();
    let ca = &world.authority.certificate;
    let mut forge = world.good();
    forge.singles[0].cert_id = CertId::new(&world.leaf, ca, DigestAlgorithm::Sha1).to_der();
    assert!(world.check(&forge).is_ok());
    let algorithm = Oid::new("1.2.398.3.10.1.3.1");
    let refused = world.refusal(|forge| {
        forge.singles[0].cert_id = der::sequence(&[
            der::algorithm_identifier(&algorithm, None),
            der::octet_string(&[1]),
            der::octet_string(&[2]),
            der::integer(world.leaf.serial().as_bytes()),
        ]);
    });
    assert_eq!(refused, Error::UnsupportedHash { algorithm });
}

#[test]
fn a_changed_signature_is_bad_and_of_unknown_kind_unjudged() {
    let world = World::new();
    let refused = world.refusal(|forge| forge.spoilt_signature = true);
    assert_eq!(refused, Error::BadSignature);
    let algorithm = Oid::new("1.2.398.3.10.1.1.2.3.2");
    let refused = world.refusal(|forge| forge.signature_algorithm = algorithm);
    let source = crypto::Error::UnsupportedAlgorithm { algorithm };
    assert_eq!(refused, Error::Unjudged(source));
}

#[test]
fn a_responder_that_is_named_differently_is_unknown() {
    let world = World::new();
    let other = TestAuthority::root("Other").certificate;
    for responder_id in [by_key(&other), by_name(&other)] {
        let refused = world.refusal(|forge| forge.responder_id = responder_id);
        assert!(matches!(refused, Error::ResponderUnknown { .. }));
    }
    let by_name = ResponderId::ByName(other.subject().clone());
    assert_eq!(by_name.to_string(), "CN=Other");
}

#[test]
fn a_delegate_of_another_authority_is_not_trusted() {
    let mut world = World::new();
    let other = TestAuthority::root("Other");
    world.responder = delegate(&other, |_| {});
    let expected = world.untrusted(Distrust::OtherIssuer);
    assert_eq!(world.refusal(|_| {}), expected);
    // One of the same name with another key.
    world.responder = delegate(&TestAuthority::root("CA"), |_| {});
    let expected = world.untrusted(Distrust::BadSignature);
    assert_eq!(world.refusal(|_| {}), expected);
}

#[test]
fn a_delegate_whose_certificate_was_changed_is_not_trusted() {
    let mut world = World::new();
    let broken = with_broken_signature(world.responder.certificate.as_der());
    world.responder.certificate = Certificate::from_der(&broken).unwrap();
    let expected = world.untrusted(Distrust::BadSignature);
    assert_eq!(world.refusal(|_| {}), expected);
}

#[test]
fn any_other_holder_of_a_certificate_is_no_delegate() {
    let purposes = [
        vec![],
        vec![rcgen::ExtendedKeyUsagePurpose::EmailProtection],
        vec![rcgen::ExtendedKeyUsagePurpose::Any],
    ];
    for purposes in purposes {
        let world = World::with_delegate(|params| params.extended_key_usages = purposes);
        let expected = world.untrusted(Distrust::NoOcspSigning);
        assert_eq!(world.refusal(|_| {}), expected);
    }
}

#[test]
fn a_delegate_whose_key_may_not_sign_is_not_trusted() {
    let world = World::with_delegate(|params| {
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyEncipherment];
    });
    let expected = world.untrusted(Distrust::KeyUsage);
    assert_eq!(world.refusal(|_| {}), expected);
}

#[test]
fn a_delegate_with_an_unknown_critical_extension_is_not_trusted() {
    let oid = Oid::new("2.999.1");
    let world = World::with_delegate(|params| {
        let custom = crate::x509::test_authority::custom_extension(oid, true, &der::null());
        params.custom_extensions.push(custom);
    });
    let expected = world.untrusted(Distrust::UnknownCriticalExtension { oid });
    assert_eq!(world.refusal(|_| {}), expected);
}

#[test]
fn a_delegate_must_be_valid_when_it_answers_and_when_it_is_asked() {
    let produced = NOW - Duration::MINUTE;
    let world = World::with_delegate(|params| params.not_after = produced - Duration::SECOND);
    let expected = world.untrusted(Distrust::Expired {
        not_after: produced - Duration::SECOND,
        time: produced,
    });
    assert_eq!(world.refusal(|_| {}), expected);

    let world = World::with_delegate(|params| params.not_after = NOW - Duration::SECOND);
    let expected = world.untrusted(Distrust::Expired {
        not_after: NOW - Duration::SECOND,
        time: NOW,
    });
    assert_eq!(world.refusal(|_| {}), expected);

    let world = World::with_delegate(|params| params.not_before = NOW);
    let expected = world.untrusted(Distrust::NotYetValid {
        not_before: NOW,
        time: produced,
    });
    assert_eq!(world.refusal(|_| {}), expected);
}

#[test]
fn a_response_is_current_from_this_update_to_next_update() {
    let world = World::new();
    let mut forge = world.good();
    let (this_update, next_update) = (NOW - Duration::HOUR, NOW + Duration::HOUR);
    forge.produced_at = this_update;
    let response = OcspResponse::from_der(&forge.build(&world.responder)).unwrap();
    for time in [
        this_update,
        next_update,
        next_update + Duration::MILLISECOND,
    ] {
        assert!(world.check_at(&response, time).is_ok(), "{time}");
    }
    let time = next_update + Duration::SECOND;
    let stale = Error::Stale {
        this_update,
        next_update: Some(next_update),
        time,
    };
    assert_eq!(world.check_at(&response, time), Err(stale));
    let time = this_update - Duration::MILLISECOND;
    let early = Error::NotYetCurrent { this_update, time };
    assert_eq!(world.check_at(&response, time), Err(early));
}

#[test]
fn a_tolerance_widens_both_ends() {
    let world = World::new();
    let mut forge = world.good();
    forge.produced_at = NOW - Duration::HOUR;
    let response = OcspResponse::from_der(&forge.build(&world.responder)).unwrap();
    let mut policy = PathPolicy::strict();
    policy.ocsp.tolerance = Duration::MINUTE;
    let check = |time| world.check_by(&response, time, &policy).is_ok();
    let (start, end) = (NOW - Duration::HOUR, NOW + Duration::HOUR);
    assert!(check(start - Duration::MINUTE) && check(end + Duration::MINUTE));
    assert!(!check(start - Duration::MINUTE * 2) && !check(end + Duration::MINUTE * 2));
}

#[test]
fn a_response_without_next_update_ages_by_the_policy() {
    let world = World::new();
    let mut forge = world.good();
    forge.singles[0].next_update = None;
    let response = OcspResponse::from_der(&forge.build(&world.responder)).unwrap();
    let this_update = NOW - Duration::HOUR;
    assert!(
        world
            .check_at(&response, this_update + Duration::DAY)
            .is_ok()
    );
    let time = this_update + Duration::DAY + Duration::SECOND;
    let stale = Error::Stale {
        this_update,
        next_update: None,
        time,
    };
    assert_eq!(world.check_at(&response, time), Err(stale));
}

#[test]
fn a_response_of_the_future_or_older_than_its_news_is_refused() {
    let world = World::new();
    let produced_at = NOW + Duration::SECOND;
    let refused = world.refusal(|forge| forge.produced_at = produced_at);
    let time = NOW;
    assert_eq!(refused, Error::NotYetProduced { produced_at, time });
    let this_update = NOW - Duration::HOUR;
    let produced_at = this_update - Duration::SECOND;
    let refused = world.refusal(|forge| forge.produced_at = produced_at);
    let expected = Error::ProducedBeforeUpdate {
        produced_at,
        this_update,
    };
    assert_eq!(refused, expected);
}

#[test]
fn a_nonce_that_was_sent_must_come_back() {
    let world = World::new();
    let sent = Nonce::new([7; 8]).unwrap();
    let check = |extensions| {
        let mut forge = world.good();
        forge.extensions = extensions;
        let question = world.question().with_nonce(&sent);
        world.verify(&question, &forge).map(|_| ())
    };
    assert_eq!(check(vec![nonce(&[7; 8])]), Ok(()));
    assert_eq!(check(vec![nonce(&[8; 8])]), Err(Error::NonceMismatch));
    assert_eq!(check(vec![]), Err(Error::NonceMissing));
    // Nobody asked for one.
    let mut forge = world.good();
    forge.extensions = vec![nonce(&[9; 8])];
    assert!(world.check(&forge).is_ok());
}

#[test]
fn an_unknown_critical_extension_is_refused_and_another_ignored() {
    let world = World::new();
    let oid = Oid::new("2.999.1");
    let expected = Error::UnknownCriticalExtension { oid };
    let critical = extension(oid, true, &der::null());
    let refused = world.refusal(|forge| forge.extensions.push(critical.clone()));
    assert_eq!(refused, expected);
    let refused = world.refusal(|forge| forge.singles[0].extensions.push(critical));
    assert_eq!(refused, expected);
    let mut forge = world.good();
    forge.extensions.push(extension(oid, false, &der::null()));
    assert!(world.check(&forge).is_ok());
}

#[test]
fn the_archive_cutoff_is_read() {
    let world = World::new();
    let cutoff = NOW - Duration::DAY * 365;
    let value = der::generalized_time(cutoff);
    let mut forge = world.good();
    forge.singles[0].extensions = vec![extension(oids::ARCHIVE_CUTOFF, false, &value)];
    let answer = world.check(&forge).unwrap();
    assert_eq!(answer.response().single().archive_cutoff(), Some(cutoff));
}

#[test]
fn malformed_responses_are_refused_with_their_defect() {
    let world = World::new();
    let version = der::context(0, &der::unsigned(1));
    let refused = world.refusal(|forge| forge.version = version);
    assert_eq!(refused, Error::Version { version: 2 });
    let refused = world.refusal(|forge| forge.status = 4);
    assert_eq!(refused, Error::UnknownStatus { code: 4 });
    let refused = world.refusal(|forge| forge.status = 3);
    let status = ResponseStatus::TryLater;
    assert_eq!(refused, Error::UnexpectedResponseBytes { status });
    let oid = Oid::new("2.999.1");
    let refused = world.refusal(|forge| forge.response_type = oid);
    assert_eq!(refused, Error::UnknownResponseType { oid });
    let oid = oids::NONCE;
    let refused = world.refusal(|forge| forge.extensions = vec![nonce(&[1]), nonce(&[1])]);
    assert_eq!(refused, Error::DuplicateExtension { oid });
    let refused = world.refusal(|forge| forge.extensions = vec![extension(oid, false, &[1, 2])]);
    assert_eq!(refused, Error::MalformedExtension { oid });
    let refused = world.refusal(|forge| forge.extensions = vec![nonce(&[0; 129])]);
    assert_eq!(refused, Error::NonceLength { length: 129 });
    let empty = der::sequence(&[der::enumerated(0)]);
    assert_eq!(OcspResponse::from_der(&empty), Err(Error::NoResponseBytes));
}

#[test]
fn a_request_is_read_as_it_was_built() {
    let world = World::new();
    let id = |hash| CertId::new(&world.leaf, &world.authority.certificate, hash);
    let ids = [id(DigestAlgorithm::Sha1), id(DigestAlgorithm::Sha256)];
    let sent = Nonce::new([7; 32]).unwrap();
    for nonce in [None, Some(sent)] {
        let request = OcspRequest::new(ids.clone(), nonce);
        assert_eq!(OcspRequest::from_der(&request.to_der()), Ok(request));
    }
}

#[test]
fn a_critical_extension_of_a_request_is_told_unless_it_is_the_nonce() {
    let world = World::new();
    let authority = &world.authority.certificate;
    let id = CertId::new(&world.leaf, authority, DigestAlgorithm::Sha1);
    let unknown = Oid::new("2.999.1");
    let read = |of_one: &[Vec<u8>], of_all: &[Vec<u8>]| {
        let mut one = id.to_der();
        if !of_one.is_empty() {
            one.extend(der::context(0, &der::sequence(of_one)));
        }
        let mut tbs = der::sequence(&[der::tlv(der::Tag::SEQUENCE, &one)]);
        tbs.extend(der::context(2, &der::sequence(of_all)));
        let tbs = der::tlv(der::Tag::SEQUENCE, &tbs);
        let request = OcspRequest::from_der(&der::sequence(&[tbs])).unwrap();
        request.unknown_critical_extension()
    };
    let nonce = extension(oids::NONCE, true, &der::octet_string(&[7; 32]));
    let critical = extension(unknown, true, &der::null());
    let lenient = extension(unknown, false, &der::null());
    assert_eq!(read(&[], &[nonce.clone(), lenient.clone()]), None);
    assert_eq!(read(&[lenient], std::slice::from_ref(&nonce)), None);
    assert_eq!(read(&[], std::slice::from_ref(&critical)), Some(unknown));
    assert_eq!(read(&[critical], &[nonce]), Some(unknown));
}

#[test]
fn cut_or_changed_bytes_of_a_response_are_never_believed_and_never_a_panic() {
    let world = World::new();
    let mut forge = world.good();
    forge.extensions = vec![nonce(&[7; 8]), extended_revoke()];
    let whole = forge.build(&world.responder);
    let (basic, tbs) = {
        let response = OcspResponse::from_der(&whole).unwrap();
        let tbs = response.basic().unwrap().tbs().to_vec();
        (response, tbs)
    };
    assert!(world.check_at(&basic, NOW).is_ok());
    for end in 0..whole.len() {
        assert!(OcspResponse::from_der(&whole[..end]).is_err(), "{end}");
    }
    let start = whole
        .windows(tbs.len())
        .position(|part| part == tbs)
        .unwrap();
    let mut changed = whole.clone();
    for at in 0..whole.len() {
        changed[at] ^= 0x04;
        let answer =
            OcspResponse::from_der(&changed).and_then(|response| world.check_at(&response, NOW));
        let signed = (start..start + tbs.len()).contains(&at);
        assert!(!(signed && answer.is_ok()), "byte {at}");
        changed[at] ^= 0x04;
    }
}

#[test]
fn cut_requests_are_refused_without_a_panic() {
    let world = World::new();
    let id = CertId::new(
        &world.leaf,
        &world.authority.certificate,
        DigestAlgorithm::Sha1,
    );
    let whole = OcspRequest::new([id], Some(Nonce::new([7; 32]).unwrap())).to_der();
    for end in 0..whole.len() {
        assert!(OcspRequest::from_der(&whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn garbage_is_refused_without_a_panic() {
    let strategy = proptest::collection::vec(any::<u8>(), 0..200);
    TestRunner::default()
        .run(&strategy, |bytes| {
            proptest::prop_assert!(OcspResponse::from_der(&bytes).is_err());
            proptest::prop_assert!(OcspRequest::from_der(&bytes).is_err());
            Ok(())
        })
        .unwrap();
}
