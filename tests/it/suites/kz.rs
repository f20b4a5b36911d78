//! TEST material of the national authority: all of it is read, what is RSA verifies, and what is
//! GOST is neither valid nor forged.

use std::fs;
use std::path::Path;

use ruqsat::cms;
use ruqsat::cms::TimeStampResp;
use ruqsat::cms::TimeStampToken;
use ruqsat::crypto;
use ruqsat::crypto::DigestAlgorithm;
use ruqsat::crypto::Oid;
use ruqsat::crypto::Provider;
use ruqsat::pki;
use ruqsat::pki::Budget;
use ruqsat::pki::Evidence;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::TrustStore;
use ruqsat::pki::ValidatedPath;
use ruqsat::pki::build_path;
use ruqsat::pki::check_revocation;
use ruqsat::pki::ocsp;
use ruqsat::pki::ocsp::CertStatus;
use ruqsat::pki::ocsp::CurrentResponse;
use ruqsat::pki::ocsp::OcspResponse;
use ruqsat::pki::ocsp::Question;
use ruqsat::pki::ocsp::Responder;
use ruqsat::pki::ocsp::Status;
use ruqsat::pki::ocsp::check_response;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::CrlReason;
use time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::corpora::all_files;
use crate::corpora::folder;

/// When the responder answered about the certificate for signing; the list of that year is current.
const ANSWERED: OffsetDateTime = datetime!(2022-09-02 16:53:59 UTC);

#[test]
fn all_national_test_material_is_read() {
    let Some(root) = folder("kz") else { return };
    let mut count = [0; 4];
    for path in all_files(&root) {
        let bytes = fs::read(&path).unwrap();
        let kind = path.parent().and_then(Path::file_name);
        let extension = path.extension().unwrap_or_default().to_str().unwrap();
        let (kind, read) = match (extension, kind.unwrap().to_str().unwrap()) {
            ("cer" | "crt", _) => (0, Certificate::all_from_bytes(&bytes).is_ok()),
            ("crl", _) => (1, CertificateList::all_from_bytes(&bytes).is_ok()),
            ("bin", "ocsp") => (2, OcspResponse::from_der(&bytes).is_ok()),
            ("bin", "tsp") if path.ends_with("tsp_token.bin") => {
                (3, TimeStampToken::from_der(&bytes).is_ok())
            }
            ("bin", "tsp") => (3, read_response(&bytes)),
            _ => continue,
        };
        assert!(read, "{}", path.display());
        count[kind] += 1;
    }
    let total: usize = count.iter().sum();
    println!("national TEST material: {total}/{total}");
    assert_eq!(count, [8, 4, 4, 2], "certificates, lists, answers, stamps");
}

fn read_response(bytes: &[u8]) -> bool {
    TimeStampResp::from_der(bytes).is_ok_and(|response| response.token().is_ok())
}

#[test]
fn what_is_rsa_verifies_under_its_authority() {
    let Some(root) = folder("kz") else { return };
    let anchor = certificate(&root, "ca/nca_rsa_test.crt");
    let signing = certificate(&root, "certs/individual_valid_sign_2004_rsa.cer");
    let answer = response(&root, "ocsp/ocsp_response_individual_sign_2004.bin");
    let embedded = answer.basic().unwrap().certificates().next().unwrap();
    let certificates = [
        certificate(&root, "certs/individual_valid_sign_2004_rsa_auth.cer"),
        Certificate::from_der(embedded).unwrap(),
        signing,
    ];
    for certificate in &certificates {
        let path = path(certificate, &anchor).unwrap();
        assert_eq!(path.anchor(), &anchor);
    }

    let list = fs::read(root.join("crl/nca_rsa_test.crl")).unwrap();
    let list = CertificateList::from_der(&list).unwrap();
    let store = TrustStore::from_anchors([anchor.clone()], []);
    let lists = [list];
    let evidence = Evidence {
        lists: &lists,
        ..Evidence::default()
    };
    let policy = PathPolicy::strict();
    let signer = path(&certificates[2], &anchor).unwrap();
    let proof = check_revocation(&signer, &store, &evidence, ANSWERED, &policy, &Provider).unwrap();
    assert_eq!(proof.lists(), lists);

    // The certificate that it is about is not here, but its number is.
    let single = &answer.basic().unwrap().responses()[0];
    let question = Question::about_number(single.cert_id().serial(), &anchor);
    let answered = check(&question, &answer).unwrap();
    assert_eq!(answered.status(), Status::Good);
    let responder = answered.response().responder();
    assert!(matches!(responder, Responder::Delegate(delegate) if delegate == &certificates[1]));
    assert_eq!(responder.unchecked(), None, "it has ocsp-nocheck");
}

#[test]
fn what_is_gost_is_unsupported_and_neither_valid_nor_forged() {
    let Some(root) = folder("kz") else { return };
    let anchor = certificate(&root, "ca/nca_gost_test.crt");
    let leaf = certificate(&root, "certs/ceo_valid_sign_2004_gost.cer");
    let algorithm = GOST_34_310;
    let unsupported = crypto::Error::UnsupportedAlgorithm { algorithm };
    match path(&leaf, &anchor).unwrap_err() {
        pki::Error::UnsupportedAlgorithm { source, .. } => assert_eq!(source, unsupported),
        other => panic!("{other:?}"),
    }
    let answer = response(&root, "ocsp/ocsp_response_ceo_sign_2004_revoked.bin");
    let single = &answer.basic().unwrap().responses()[0];
    let question = Question::about_number(single.cert_id().serial(), &anchor);
    let refused = check(&question, &answer).unwrap_err();
    assert_eq!(refused, ocsp::Error::Unjudged(unsupported));

    let bytes = fs::read(root.join("tsp/tsp_token.bin")).unwrap();
    let token = TimeStampToken::from_der(&bytes).unwrap();
    let signer_info = token.signed_data().only_signer_info().unwrap();
    let algorithm = GOST_34_311;
    assert_eq!(
        signer_info.digest_algorithm(),
        Err(cms::Error::UnsupportedDigest { algorithm })
    );
}

#[test]
fn what_the_national_responder_says_is_read_as_it_means_it() {
    let Some(root) = folder("kz") else { return };
    let status = |name: &str| {
        let answer = response(&root, name);
        let basic = answer.basic().unwrap().clone();
        assert_eq!(basic.nonce().unwrap().as_bytes().len(), 8);
        assert!(basic.has_extended_revoke());
        assert_eq!(basic.responses()[0].next_update(), None);
        basic.responses()[0].status()
    };
    let suspended = CertStatus::Revoked {
        time: datetime!(2022-07-27 10:25:30 UTC),
        reason: Some(CrlReason::CertificateHold),
    };
    assert_eq!(status("ocsp/ocsp_response_ceo_2015_revoked.bin"), suspended);
    let never_issued = CertStatus::Revoked {
        time: OffsetDateTime::UNIX_EPOCH,
        reason: Some(CrlReason::CertificateHold),
    };
    assert_eq!(
        status("ocsp/ocsp_response_individual_2015.bin"),
        never_issued
    );
}

#[test]
fn the_national_time_stamp_says_when_and_over_what() {
    let Some(root) = folder("kz") else { return };
    let bytes = fs::read(root.join("tsp/tsp_response.bin")).unwrap();
    let response = TimeStampResp::from_der(&bytes).unwrap();
    let token = response.token().unwrap();
    let info = token.tst_info();
    assert_eq!(info.gen_time(), datetime!(2022-09-18 13:20:14 UTC));
    assert_eq!(info.policy(), Oid::new("1.2.398.3.3.2.6.1"));
    let imprint = info.message_imprint();
    assert_eq!(imprint.hash_algorithm(), Ok(DigestAlgorithm::Sha1));
    assert_eq!((info.accuracy(), info.tsa()), (None, None));
    // The client sent milliseconds since 1970, by its own clock.
    let nonce = info
        .nonce()
        .unwrap()
        .iter()
        .fold(0, |sum, octet| sum << 8 | i64::from(*octet));
    let sent = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(nonce);
    assert!(
        (sent - info.gen_time()).abs() < Duration::MINUTE * 5,
        "{sent}"
    );
}

fn check(question: &Question<'_>, response: &OcspResponse) -> Result<CurrentResponse, ocsp::Error> {
    let policy = PathPolicy::strict();
    let mut budget = Budget::new(&policy.limits);
    let time = response.basic().unwrap().produced_at();
    check_response(
        question,
        response,
        &[],
        time,
        &policy,
        &mut budget,
        &Provider,
    )
}

fn path(leaf: &Certificate, anchor: &Certificate) -> Result<ValidatedPath, pki::Error> {
    let store = TrustStore::from_anchors([anchor.clone()], []);
    build_path(
        leaf,
        &store,
        &[],
        ANSWERED,
        &PathPolicy::strict(),
        &Provider,
    )
}

fn certificate(root: &Path, name: &str) -> Certificate {
    let bytes = fs::read(root.join(name)).unwrap();
    Certificate::all_from_bytes(&bytes).unwrap().remove(0)
}

fn response(root: &Path, name: &str) -> OcspResponse {
    OcspResponse::from_der(&fs::read(root.join(name)).unwrap()).unwrap()
}

const GOST_34_310: Oid = Oid::new("1.2.398.3.10.1.1.1.2");
const GOST_34_311: Oid = Oid::new("1.2.398.3.10.1.3.1");
