//! Can the signature be read, does it name its certificate, are its algorithms known and sound?

use ring::rand::SystemRandom;
use rsa::Pkcs1v15Sign;
use rsa::PrivateKey;
use rsa::pkcs1::EncodeRsaPublicKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use ruqsat::crypto;
use ruqsat::crypto::DigestAlgorithm;
use ruqsat::crypto::Oid;
use ruqsat::crypto::PublicKeyAlgorithm;
use ruqsat::crypto::SignatureAlgorithm;
use ruqsat::crypto::Signer;
use ruqsat::crypto::SubjectPublicKey;
use ruqsat::form::Medium;
use ruqsat::verify::CheckOutcome;
use ruqsat::verify::Checks;
use ruqsat::verify::Param;
use ruqsat::verify::Report;
use ruqsat::verify::Status;
use ruqsat::x509::der;

use crate::forge::Forge;
use crate::forge::attribute;
use crate::forge::replace;
use crate::forge::signing_certificate;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::position;
use crate::support::render;
use crate::support::unsigned;
use crate::verdicts::valid::PASSED;

/// The report on a signature by the head with something spoilt.
fn spoilt(spoil: impl FnOnce(&mut Forge)) -> Report {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    spoil(&mut forge);
    check(&forge.sign(&unsigned()), &world.evidence())
}

#[track_caller]
fn assert_unreadable(report: &Report) {
    assert_verdict(report, Status::Invalid, &["SIGNATURE_UNREADABLE"]);
    assert_eq!(report.checks().unaltered, CheckOutcome::Fail);
    assert!(!report.is_unsigned());
}

#[track_caller]
fn assert_unjudged(report: &Report, code: &str, algorithm: &str) {
    assert_verdict(report, Status::Indeterminate, &[code]);
    let unjudged = Checks {
        unaltered: CheckOutcome::Undetermined,
        ..PASSED
    };
    assert_eq!(report.checks(), unjudged);
    match &report.signatures[0].verdict.reasons()[0].params["alg"] {
        Param::Text(text) => assert!(text.contains(algorithm), "{text}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn file_without_a_signature_is_not_signed() {
    let draft = render(Medium::Draft);
    for file in [unsigned(), draft] {
        let report = check(&file, &World::new().evidence());
        assert_verdict(&report, Status::Invalid, &["NO_SIGNATURE"]);
        assert!(report.is_unsigned());
        assert!(report.notes.is_empty());
        assert_eq!(report.checks(), Checks::default());
    }
}

#[test]
fn garbage_in_place_of_the_signature_is_unreadable() {
    let mut world = World::new();
    let mut file = Forge::new(&world.head()).sign(&unsigned());
    let start = position(&file, b"/Contents <", 0).unwrap() + b"/Contents <".len();
    file[start..start + 200].fill(b'7');
    assert_unreadable(&check(&file, &world.evidence()));
}

#[test]
fn empty_place_for_the_signature_is_unreadable() {
    let mut world = World::new();
    let mut file = Forge::new(&world.head()).sign(&unsigned());
    let start = position(&file, b"/Contents <", 0).unwrap() + b"/Contents <".len();
    let end = position(&file, b">", start).unwrap();
    file[start..end].fill(b'0');
    assert_unreadable(&check(&file, &world.evidence()));
}

#[test]
fn padding_that_is_not_zeros_is_unreadable() {
    assert_unreadable(&spoilt(|forge| forge.padding = vec![0, 0, 1]));
    let good = spoilt(|forge| forge.padding = vec![0, 0, 0]);
    assert_verdict(&good, Status::Valid, &[]);
}

#[test]
fn two_signers_or_none_in_one_message_are_unreadable() {
    assert_unreadable(&spoilt(|forge| forge.signer_count = 2));
    assert_unreadable(&spoilt(|forge| forge.signer_count = 0));
}

#[test]
fn sub_filter_of_another_format_is_unreadable() {
    assert_unreadable(&spoilt(|forge| {
        forge.edit = |file| replace(file, b"ETSI.CAdES.detached", b"adbe.pkcs7.sha1    ");
    }));
}

#[test]
fn signature_dictionary_that_is_none_is_unreadable() {
    assert_unreadable(&spoilt(|forge| {
        forge.edit = |file| replace(file, b"/SubFilter /ETSI", b"/SubFilter (ETSI");
    }));
}

#[test]
fn signature_that_does_not_name_its_certificate_is_unidentified() {
    let report = spoilt(|forge| forge.attributes.clear());
    assert_verdict(&report, Status::Invalid, &["SIGNER_CERT_UNIDENTIFIED"]);
    assert_eq!(report.checks().unaltered, CheckOutcome::Fail);
}

#[test]
fn signature_that_names_another_certificate_is_unidentified() {
    let other = World::new().head();
    let report = spoilt(|forge| forge.attributes = vec![signing_certificate(other.leaf())]);
    assert_verdict(&report, Status::Invalid, &["SIGNER_CERT_UNIDENTIFIED"]);
}

#[test]
fn certificate_that_is_not_at_hand_is_unidentified() {
    let report = spoilt(|forge| {
        let leaf = forge.leaf.clone();
        forge.certificates.retain(|one| *one != leaf);
    });
    assert_verdict(&report, Status::Invalid, &["SIGNER_CERT_UNIDENTIFIED"]);
}

/// GOST 34.311-95, the digest of the national keys until 2022.
#[test]
fn unknown_digest_cannot_be_judged() {
    let gost = Oid::new("1.2.398.3.10.1.3.1");
    let report = spoilt(|forge| forge.digest_identifier = der::algorithm_identifier(&gost, None));
    assert_unjudged(&report, "ALGORITHM_UNSUPPORTED", "1.2.398.3.10.1.3.1");
}

/// GOST R 34.10-2012, the signatures of the national keys since 2022.
#[test]
fn unknown_signature_algorithm_cannot_be_judged() {
    let gost = Oid::new("1.2.643.7.1.1.3.3");
    let report = spoilt(|forge| {
        forge.signature_identifier = der::algorithm_identifier(&gost, None);
    });
    assert_unjudged(&report, "ALGORITHM_UNSUPPORTED", "1.2.643.7.1.1.3.3");
}

#[test]
fn changed_document_is_told_as_such_also_where_the_signature_cannot_be_judged() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    let gost = Oid::new("1.2.643.7.1.1.3.3");
    forge.signature_identifier = der::algorithm_identifier(&gost, None);
    let mut file = forge.sign(&unsigned());
    let stream = position(&file, b"stream\n", 0).unwrap() + b"stream\n".len();
    file[stream] ^= 1;
    let report = check(&file, &world.evidence());
    assert_verdict(&report, Status::Invalid, &["DOC_ALTERED"]);
}

#[test]
fn signature_over_sha1_is_weak() {
    let report = signed_with(OldRsa::new(2048, SignatureAlgorithm::RsaPkcs1Sha1));
    let name = SignatureAlgorithm::RsaPkcs1Sha1.to_string();
    assert_unjudged(&report, "WEAK_ALGORITHM", &name);
}

#[test]
fn signature_over_sha1_that_does_not_hold_is_broken_and_not_only_weak() {
    let report = spoilt(|forge| {
        let digest = DigestAlgorithm::Sha1;
        forge.digest = digest;
        forge.digest_identifier = der::algorithm_identifier(&digest.oid(), None);
        let algorithm = SignatureAlgorithm::EcdsaSha1.oid();
        forge.signature_identifier = der::algorithm_identifier(&algorithm, None);
    });
    assert_verdict(&report, Status::Invalid, &["SIGNATURE_BROKEN"]);
}

/// A certificate could be made that has the same digest.
#[test]
fn certificate_named_by_sha1_is_weak() {
    let report = spoilt(|forge| {
        let digest = DigestAlgorithm::Sha1.digest(forge.leaf.as_der());
        let reference = der::sequence(&[der::octet_string(&digest)]);
        let value = der::sequence(&[der::sequence(&[reference])]);
        let version_1 = Oid::new("1.2.840.113549.1.9.16.2.12");
        forge.attributes = vec![attribute(&version_1, &value)];
    });
    assert_unjudged(&report, "WEAK_ALGORITHM", "SHA-1");
}

#[test]
fn short_rsa_key_is_weak() {
    let report = signed_with(OldRsa::new(1024, SignatureAlgorithm::RsaPkcs1Sha256));
    assert_unjudged(&report, "WEAK_ALGORITHM", "RSA-1024");
}

fn signed_with(signer: OldRsa) -> Report {
    let mut world = World::new();
    let request = world.request();
    let key = SubjectPublicKey {
        algorithm: PublicKeyAlgorithm::Rsa,
        parameters: None,
        octets: &signer.public_key,
    };
    let leaf = world.authority.certify(&key, &request).unwrap();
    let certificates = vec![leaf.clone(), world.authority.issuing().clone()];
    let forge = Forge::with_key(Box::new(signer), &leaf, certificates);
    check(&forge.sign(&unsigned()), &world.evidence())
}

/// What ring makes no signatures with: short RSA keys, and SHA-1.
struct OldRsa {
    key: PrivateKey,
    public_key: Vec<u8>,
    algorithm: SignatureAlgorithm,
}

impl OldRsa {
    fn new(bits: usize, algorithm: SignatureAlgorithm) -> Self {
        let pkcs8 = crypto::generate_rsa(bits, &SystemRandom::new()).unwrap();
        let key = PrivateKey::from_pkcs8_der(&pkcs8).unwrap();
        let public_key = key.to_public_key().to_pkcs1_der().unwrap().into_vec();
        Self {
            key,
            public_key,
            algorithm,
        }
    }
}

impl Signer for OldRsa {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn subject_public_key(&self) -> &[u8] {
        &self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, crypto::Error> {
        let digest = self.algorithm.digest().unwrap();
        let identifier = der::algorithm_identifier(&digest.oid(), Some(&der::null()));
        let info = der::sequence(&[identifier, der::octet_string(&digest.digest(message))]);
        Ok(self
            .key
            .sign(Pkcs1v15Sign::new_unprefixed(), &info)
            .unwrap())
    }
}
