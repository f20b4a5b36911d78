use time::macros::datetime;

use super::*;
use crate::ca::test_request::individual;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Provider;
use crate::pki::Budget;
use crate::pki::PathPolicy;
use crate::pki::ocsp;
use crate::pki::ocsp::CurrentResponse;
use crate::pki::ocsp::OcspResponse;
use crate::pki::ocsp::Question;
use crate::pki::ocsp::Responder;
use crate::pki::ocsp::Status;
use crate::pki::ocsp::check_response;
use crate::x509::Oid;
use crate::x509::der;

const NOW: OffsetDateTime = datetime!(2026-11-24 09:00 UTC);

struct World {
    authority: Authority,
    leaf: Certificate,
}

impl World {
    fn new() -> Self {
        let mut authority = Authority::in_memory(1, NOW).unwrap();
        let identity = authority.issue(&individual(NOW)).unwrap();
        let leaf = identity.leaf().clone();
        Self { authority, leaf }
    }

    fn answer(&self, request: &OcspRequest, conduct: &OcspConduct) -> OcspResponse {
        let answer = self
            .authority
            .answer_ocsp(&request.to_der(), NOW, conduct)
            .unwrap();
        OcspResponse::from_der(&answer).unwrap()
    }

    /// What comes of asking about a certificate with a nonce.
    fn ask(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        conduct: &OcspConduct,
    ) -> Result<CurrentResponse, ocsp::Error> {
        let id = CertId::new(certificate, issuer, DigestAlgorithm::Sha256);
        let request = OcspRequest::new([id], Some(nonce()));
        let nonce = nonce();
        let question = Question::about(certificate, issuer).with_nonce(&nonce);
        check(&question, &self.answer(&request, conduct))
    }

    fn ask_about_leaf(&self, conduct: &OcspConduct) -> Result<CurrentResponse, ocsp::Error> {
        self.ask(&self.leaf, self.authority.issuing(), conduct)
    }

    fn status(&self, certificate: &Certificate, issuer: &Certificate) -> Status {
        let answer = self.ask(certificate, issuer, &OcspConduct::default());
        answer.unwrap().status()
    }

    /// The status that an answer without content has.
    fn refusal(&self, request: &[u8]) -> ResponseStatus {
        let conduct = OcspConduct::default();
        let answer = self.authority.answer_ocsp(request, NOW, &conduct).unwrap();
        OcspResponse::from_der(&answer).unwrap().status()
    }
}

fn check(question: &Question<'_>, response: &OcspResponse) -> Result<CurrentResponse, ocsp::Error> {
    let policy = PathPolicy::strict();
    let mut budget = Budget::new(&policy.limits);
    check_response(
        question,
        response,
        &[],
        NOW,
        &policy,
        &mut budget,
        &Provider,
    )
}

fn nonce() -> Nonce {
    Nonce::new([7; 32]).unwrap()
}

fn with_fault(fault: OcspFault) -> OcspConduct {
    OcspConduct {
        fault: Some(fault),
        ..OcspConduct::default()
    }
}

#[test]
fn valid_certificate_is_good_with_the_nonce_and_the_delegate_as_responder() {
    let world = World::new();
    let answer = world.ask_about_leaf(&OcspConduct::default()).unwrap();
    assert_eq!(answer.status(), Status::Good);
    let response = answer.response();
    assert_eq!((response.this_update(), response.produced_at()), (NOW, NOW));
    assert_eq!(response.next_update(), None);
    let delegate = world.authority.responder().clone();
    assert_eq!(response.responder(), &Responder::Delegate(delegate));
    assert_eq!(response.responder().unchecked(), None);
}

#[test]
fn authority_itself_may_answer() {
    let world = World::new();
    let conduct = OcspConduct {
        signed_by: OcspSigner::Authority,
        validity: Some(Duration::HOUR),
        ..OcspConduct::default()
    };
    let answer = world.ask_about_leaf(&conduct).unwrap();
    assert_eq!(answer.status(), Status::Good);
    assert_eq!(answer.response().responder(), &Responder::Issuer);
    assert_eq!(answer.response().next_update(), Some(NOW + Duration::HOUR));
}

#[test]
fn revoked_held_and_released_certificates_are_told_as_such() {
    let mut world = World::new();
    let leaf = world.leaf.clone();
    let issuing = world.authority.issuing().clone();
    let serial = leaf.serial();
    let hold = CrlReason::CertificateHold;
    world.authority.revoke(serial, hold, NOW).unwrap();
    let held = Status::Revoked {
        time: NOW,
        reason: Some(hold),
    };
    assert_eq!(world.status(&leaf, &issuing), held);
    world.authority.release(serial, NOW).unwrap();
    assert_eq!(world.status(&leaf, &issuing), Status::Good);
    let reason = CrlReason::KeyCompromise;
    world.authority.revoke(serial, reason, NOW).unwrap();
    let revoked = Status::Revoked {
        time: NOW,
        reason: Some(reason),
    };
    assert_eq!(world.status(&leaf, &issuing), revoked);
}

#[test]
fn unspecified_reason_is_left_out() {
    let mut world = World::new();
    let reason = CrlReason::Unspecified;
    let serial = world.leaf.serial();
    world.authority.revoke(serial, reason, NOW).unwrap();
    let revoked = Status::Revoked {
        time: NOW,
        reason: None,
    };
    assert_eq!(
        world.status(&world.leaf, world.authority.issuing()),
        revoked
    );
}

#[test]
fn revocation_to_come_is_not_told_yet() {
    let mut world = World::new();
    let later = NOW + Duration::SECOND;
    let serial = world.leaf.serial();
    let reason = CrlReason::Superseded;
    world.authority.revoke(serial, reason, later).unwrap();
    let issuing = world.authority.issuing();
    assert_eq!(world.status(&world.leaf, issuing), Status::Good);
}

#[test]
fn number_never_given_is_on_hold_since_1970_beside_extended_revoke() {
    let world = World::new();
    let issuing = world.authority.issuing();
    let serial: SerialNumber = "1234".parse().unwrap();
    let question = Question::about_number(&serial, issuing);
    let id = other_id(issuing, &serial);
    let response = world.answer(&OcspRequest::new([id], None), &OcspConduct::default());
    let single = &response.basic().unwrap().responses()[0];
    let expected = CertStatus::Revoked {
        time: datetime!(1970-01-01 0:00 UTC),
        reason: Some(CrlReason::CertificateHold),
    };
    assert_eq!(single.status(), expected);
    assert!(response.basic().unwrap().has_extended_revoke());
    let answer = check(&question, &response).unwrap();
    assert_eq!(answer.status(), Status::NeverIssued);
}

/// The identifier of a number of an issuer, by SHA-1.
fn other_id(issuer: &Certificate, serial: &SerialNumber) -> CertId {
    let hash = DigestAlgorithm::Sha1;
    let der = der::sequence(&[
        der::algorithm_identifier(&hash.oid(), Some(&der::null())),
        der::octet_string(&hash.digest(issuer.subject().as_der())),
        der::octet_string(&hash.digest(issuer.subject_public_key_octets())),
        der::tlv(der::Tag::INTEGER, serial.as_bytes()),
    ]);
    let request = der::sequence(&[der::sequence(&[der::sequence(&[der::sequence(&[der])])])]);
    OcspRequest::from_der(&request).unwrap().cert_ids()[0].clone()
}

#[test]
fn root_answers_for_the_issuing_authority_and_for_itself() {
    let mut world = World::new();
    let issuing = world.authority.issuing().clone();
    let root = world.authority.root().clone();
    let answer = world.ask(&issuing, &root, &OcspConduct::default()).unwrap();
    assert_eq!(answer.status(), Status::Good);
    assert_eq!(answer.response().responder(), &Responder::Issuer);
    assert_eq!(world.status(&root, &root), Status::Good);
    let reason = CrlReason::CaCompromise;
    let serial = issuing.serial();
    world.authority.revoke(serial, reason, NOW).unwrap();
    let revoked = Status::Revoked {
        time: NOW,
        reason: Some(reason),
    };
    assert_eq!(world.status(&issuing, &root), revoked);
}

#[test]
fn numbers_of_one_issuer_are_none_of_the_other() {
    let world = World::new();
    let (root, issuing) = (world.authority.root(), world.authority.issuing());
    for (serial, issuer) in [(world.leaf.serial(), root), (issuing.serial(), issuing)] {
        let id = other_id(issuer, serial);
        let response = world.answer(&OcspRequest::new([id], None), &OcspConduct::default());
        let question = Question::about_number(serial, issuer);
        let answer = check(&question, &response).unwrap();
        assert_eq!(answer.status(), Status::NeverIssued);
    }
}

#[test]
fn responder_and_time_stamping_authority_are_known() {
    let world = World::new();
    let issuing = world.authority.issuing();
    for unit in [world.authority.responder(), world.authority.time_stamping()] {
        assert_eq!(world.status(unit, issuing), Status::Good);
    }
}

#[test]
fn one_answer_speaks_for_one_issuer_and_knows_no_certificate_of_another() {
    let world = World::new();
    let foreign = Authority::in_memory(2, NOW).unwrap();
    let (root, issuing) = (world.authority.root(), world.authority.issuing());
    let ids = [
        CertId::new(foreign.issuing(), foreign.root(), DigestAlgorithm::Sha256),
        CertId::new(&world.leaf, issuing, DigestAlgorithm::Sha1),
        CertId::new(&world.leaf, issuing, DigestAlgorithm::Sha256),
        CertId::new(issuing, root, DigestAlgorithm::Sha256),
    ];
    let request = OcspRequest::new(ids.clone(), None);
    let response = world.answer(&request, &OcspConduct::default());
    let singles = response.basic().unwrap().responses();
    let statuses: Vec<_> = singles.iter().map(SingleResponse::status).collect();
    use CertStatus::Good;
    use CertStatus::Unknown;
    assert_eq!(statuses, [Unknown, Good, Good, Unknown]);
    let answered: Vec<_> = singles.iter().map(|one| one.cert_id().clone()).collect();
    assert_eq!(answered, ids);
}

#[test]
fn foreign_issuer_is_unknown() {
    let world = World::new();
    let foreign = Authority::in_memory(2, NOW).unwrap();
    let id = CertId::new(foreign.issuing(), foreign.root(), DigestAlgorithm::Sha1);
    let response = world.answer(&OcspRequest::new([id], None), &OcspConduct::default());
    let basic = response.basic().unwrap();
    assert_eq!(basic.responses()[0].status(), CertStatus::Unknown);
    assert!(basic.responder_id().names(world.authority.responder()));
}

#[test]
fn nonce_comes_back_as_long_as_it_was_sent_and_only_if_it_was() {
    let world = World::new();
    let id = || {
        CertId::new(
            &world.leaf,
            world.authority.issuing(),
            DigestAlgorithm::Sha1,
        )
    };
    for length in [1, 8, 16, 32, 128] {
        let sent = Nonce::new(vec![0xa5; length]).unwrap();
        let request = OcspRequest::new([id()], Some(sent.clone()));
        let response = world.answer(&request, &OcspConduct::default());
        assert_eq!(response.basic().unwrap().nonce(), Some(&sent));
    }
    let response = world.answer(&OcspRequest::new([id()], None), &OcspConduct::default());
    assert_eq!(response.basic().unwrap().nonce(), None);
}

#[test]
fn what_is_no_request_is_malformed() {
    let world = World::new();
    let id = CertId::new(
        &world.leaf,
        world.authority.issuing(),
        DigestAlgorithm::Sha1,
    );
    let with_extension = |oid, critical: bool, value: &[u8]| {
        let extension = der::sequence(&[
            der::oid(&Oid::new(oid)),
            match critical {
                true => der::boolean(true),
                false => Vec::new(),
            },
            der::octet_string(value),
        ]);
        let list = der::sequence(&[der::sequence(&[id.to_der()])]);
        let tbs = [list, der::context(2, &der::sequence(&[extension]))];
        der::sequence(&[der::sequence(&tbs)])
    };
    let nonce = |length| der::octet_string(&vec![1; length]);
    const NONCE: &str = "1.3.6.1.5.5.7.48.1.2";
    for request in [
        Vec::new(),
        b"garbage".to_vec(),
        OcspRequest::new([], None).to_der(),
        with_extension(NONCE, false, &nonce(0)),
        with_extension(NONCE, false, &nonce(129)),
        with_extension(NONCE, false, b"raw"),
        with_extension("2.999.1", true, &der::null()),
    ] {
        let refused = world.refusal(&request);
        assert_eq!(refused, ResponseStatus::MalformedRequest, "{request:x?}");
    }
    for request in [
        with_extension(NONCE, true, &nonce(128)),
        with_extension("2.999.1", false, &der::null()),
    ] {
        assert_eq!(world.refusal(&request), ResponseStatus::Successful);
    }
}

#[test]
fn time_that_no_answer_can_hold_is_an_error() {
    let world = World::new();
    let request = OcspRequest::new(
        [CertId::new(
            &world.leaf,
            world.authority.issuing(),
            DigestAlgorithm::Sha1,
        )],
        None,
    );
    let then = datetime!(0000-01-01 0:00 UTC);
    let refused = world
        .authority
        .answer_ocsp(&request.to_der(), then, &OcspConduct::default());
    assert!(matches!(refused, Err(Error::DateOutOfRange(_))));
}

#[test]
fn each_fault_is_noticed_for_what_it_is() {
    let world = World::new();
    let refused = |fault| world.ask_about_leaf(&with_fault(fault)).err();
    for (fault, status) in [
        (OcspFault::TryLater, ResponseStatus::TryLater),
        (OcspFault::Unauthorized, ResponseStatus::Unauthorized),
    ] {
        assert_eq!(refused(fault), Some(ocsp::Error::Unsuccessful { status }));
    }
    let mismatch = Some(ocsp::Error::NonceMismatch);
    assert_eq!(refused(OcspFault::WrongNonce), mismatch);
    let stale = ocsp::Error::Stale {
        this_update: NOW - Duration::days(2),
        next_update: Some(NOW - Duration::days(1)),
        time: NOW,
    };
    assert_eq!(refused(OcspFault::Stale), Some(stale));
    let bad = Some(ocsp::Error::BadSignature);
    assert_eq!(refused(OcspFault::BadSignature), bad);
    let unknown = world.ask_about_leaf(&with_fault(OcspFault::Unknown));
    assert_eq!(unknown.unwrap().status(), Status::Unknown);
    // The delay is the server's.
    let slow = world.ask_about_leaf(&with_fault(OcspFault::Slow));
    assert_eq!(slow.unwrap().status(), Status::Good);
}

#[test]
fn answer_that_breaks_off_is_no_answer() {
    let world = World::new();
    let issuing = world.authority.issuing();
    let id = CertId::new(&world.leaf, issuing, DigestAlgorithm::Sha1);
    let request = OcspRequest::new([id], None).to_der();
    let conduct = with_fault(OcspFault::Malformed);
    let answer = world.authority.answer_ocsp(&request, NOW, &conduct);
    assert!(OcspResponse::from_der(&answer.unwrap()).is_err());
}
