use rsa::pkcs8::DecodePrivateKey;
use time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

use super::Stamped;
use super::TimeStamped;
use super::check_time_stamp;
use crate::cms;
use crate::cms::MessageImprint;
use crate::cms::TimeStampReq;
use crate::cms::TimeStampToken;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Obsolete;
use crate::crypto::Provider;
use crate::crypto::RingSigner;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::Signer;
use crate::crypto::generate_rsa;
use crate::pki;
use crate::pki::Evidence;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::pki::TimeStampError;
use crate::pki::TrustStore;
use crate::pki::time_stamp::test_stamp::Forge;
use crate::pki::time_stamp::test_stamp::POLICY;
use crate::pki::time_stamp::test_stamp::STAMPED;
use crate::pki::time_stamp::test_stamp::TIME_STAMPING;
use crate::pki::time_stamp::test_stamp::authority;
use crate::pki::time_stamp::test_stamp::purpose;
use crate::pki::time_stamp::test_stamp::rsa_certificate;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::GeneralName;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::oids;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::custom_extension;
use crate::x509::test_authority::extension;
use crate::x509::test_authority::random;
use crate::x509::test_authority::revoked;

/// A trusted authority, one for time-stamps below it, and the list of the first.
struct World {
    root: TestAuthority,
    tsa: TestAuthority,
    lists: Vec<CertificateList>,
    certificates: Vec<Certificate>,
}

impl World {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Self {
        let root = TestAuthority::root("Root");
        Self {
            tsa: authority(&root, change),
            lists: vec![root.list(&[])],
            certificates: Vec::new(),
            root,
        }
    }

    fn stamp(&self) -> Forge {
        Forge::new(&self.tsa.certificate, NOW)
    }

    fn check(&self, forge: &Forge) -> Result<TimeStamped, TimeStampError> {
        self.check_of(forge, &Stamped::new(STAMPED, NOW))
    }

    fn check_of(
        &self,
        forge: &Forge,
        stamped: &Stamped<'_>,
    ) -> Result<TimeStamped, TimeStampError> {
        self.check_token(&forge.build(&self.tsa), stamped)
    }

    fn check_token(
        &self,
        token: &[u8],
        stamped: &Stamped<'_>,
    ) -> Result<TimeStamped, TimeStampError> {
        let token = TimeStampToken::from_der(token)?;
        let store = TrustStore::new([self.root.certificate.clone()], &Provider);
        let evidence = Evidence {
            lists: &self.lists,
            certificates: &self.certificates,
            ..Evidence::default()
        };
        let policy = PathPolicy::strict();
        check_time_stamp(&token, stamped, &store, &evidence, &policy, &Provider)
    }

    /// The error of a stamp with one defect.
    fn refusal(&self, spoil: impl FnOnce(&mut Forge)) -> TimeStampError {
        let mut forge = self.stamp();
        spoil(&mut forge);
        self.check(&forge).unwrap_err()
    }
}

#[test]
fn a_stamp_of_a_trusted_authority_proves_when_something_existed() {
    let world = World::new();
    let stamped = world.check(&world.stamp()).unwrap();
    assert_eq!(stamped.time(), NOW);
    assert_eq!(stamped.path().leaf(), &world.tsa.certificate);
    assert_eq!(stamped.path().time(), NOW);
    assert_eq!(stamped.not_revoked().time(), NOW);
    assert_eq!(stamped.tst_info().policy(), POLICY);
}

#[test]
fn a_stamp_of_other_data_proves_nothing() {
    let world = World::new();
    let other = Stamped::new(b"other signature value", NOW);
    let refused = world.check_of(&world.stamp(), &other).unwrap_err();
    assert_eq!(refused, TimeStampError::ImprintMismatch);
}

#[test]
fn an_imprint_that_can_be_forged_proves_nothing() {
    let world = World::new();
    let refused = world.refusal(|forge| {
        forge.imprint = MessageImprint::of(STAMPED, DigestAlgorithm::Sha1);
    });
    let TimeStampError::ObsoleteImprint(obsolete) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(obsolete.digest, DigestAlgorithm::Sha1.oid());
    assert_eq!(obsolete.since, datetime!(2012-08-01 0:00 UTC));
}

#[test]
fn a_changed_signature_is_bad() {
    let world = World::new();
    let refused = world.refusal(|forge| forge.spoilt_signature = true);
    assert_eq!(refused, TimeStampError::Signature(cms::Error::BadSignature));
}

#[test]
fn there_is_exactly_one_signer() {
    let world = World::new();
    let count = 2;
    let refused = world.refusal(|forge| forge.signer_count = count);
    let expected = cms::Error::SignerCount { count };
    assert_eq!(refused, TimeStampError::Signature(expected));
}

#[test]
fn the_signature_names_the_certificate_of_the_authority() {
    let world = World::new();
    let refused = world.refusal(|forge| forge.named.clear());
    let expected = cms::Error::NoSigningCertificate;
    assert_eq!(refused, TimeStampError::Signature(expected));
    let other = authority(&world.root, |_| {}).certificate;
    let refused = world.refusal(|forge| forge.named = vec![other]);
    let expected = cms::Error::SigningCertificateMismatch;
    assert_eq!(refused, TimeStampError::Signature(expected));
}

#[test]
fn the_certificate_of_the_authority_may_come_from_elsewhere() {
    let mut world = World::new();
    let mut forge = world.stamp();
    forge.certificates.clear();
    let refused = world.check(&forge).unwrap_err();
    let expected = cms::Error::SignerCertificateMissing;
    assert_eq!(refused, TimeStampError::Signature(expected));
    world.certificates = vec![world.tsa.certificate.clone()];
    assert!(world.check(&forge).is_ok());
}

/// RSA with 2048 bits protects until 2029.
#[test]
fn a_signature_that_can_be_forged_by_now_proves_nothing_of_earlier_times() {
    let mut world = World::new();
    let pkcs8 = generate_rsa(2048, &random()).unwrap();
    let key = rsa::PrivateKey::from_pkcs8_der(&pkcs8).unwrap();
    world.tsa.certificate = rsa_certificate(&world.root, &key.to_public_key());
    let algorithm = SignatureAlgorithm::RsaPkcs1Sha256;
    let identifier = der::algorithm_identifier(&algorithm.oid(), Some(&der::null()));
    let signer = RingSigner::from_pkcs8(&pkcs8, None, random()).unwrap();
    assert_eq!(signer.algorithm(), algorithm);
    let sign = |message: &[u8]| signer.sign(message).unwrap();
    let token = world.stamp().build_by(&identifier, sign);
    let check = |existed| world.check_token(&token, &Stamped::new(STAMPED, existed));
    assert!(check(datetime!(2028-12-31 23:59:59 UTC)).is_ok());
    let since = datetime!(2029-01-01 0:00 UTC);
    let obsolete = Obsolete {
        algorithm,
        bits: Some(2048),
        since,
    };
    let refused = check(since).unwrap_err();
    assert_eq!(refused, TimeStampError::Obsolete(obsolete));
}

#[test]
fn the_certificate_is_for_time_stamping_alone_and_says_so_critically() {
    let email = Oid::new("1.3.6.1.5.5.7.3.4");
    for (extension, expected) in [
        (None, TimeStampError::NotForTimeStamping),
        (
            Some(purpose(true, &[email])),
            TimeStampError::NotForTimeStamping,
        ),
        (
            Some(purpose(true, &[TIME_STAMPING, email])),
            TimeStampError::OtherPurpose { purpose: email },
        ),
        (
            Some(purpose(false, &[TIME_STAMPING])),
            TimeStampError::PurposeNotCritical,
        ),
    ] {
        let world = World::with(|params| {
            params.custom_extensions = extension.into_iter().collect();
        });
        assert_eq!(world.refusal(|_| {}), expected);
    }
}

#[test]
fn the_key_of_the_authority_must_be_allowed_to_sign() {
    let world = World::with(|params| {
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyEncipherment];
    });
    assert_eq!(world.refusal(|_| {}), TimeStampError::KeyUsage);
}

#[test]
fn the_authority_is_valid_at_the_time_of_the_stamp_and_need_not_be_now() {
    let world = World::with(|params| params.not_after = NOW + Duration::SECOND);
    let later = Stamped::new(STAMPED, NOW + Duration::DAY * 30);
    assert!(world.check_of(&world.stamp(), &later).is_ok());
    let time = NOW + Duration::SECOND * 2;
    let refused = world.refusal(|forge| forge.gen_time = time);
    let TimeStampError::Path(error) = refused else {
        panic!("{refused:?}");
    };
    assert!(matches!(*error, pki::Error::CertExpired { depth: 0, .. }));
}

#[test]
fn an_authority_under_another_root_is_not_trusted() {
    let mut world = World::new();
    world.tsa = authority(&TestAuthority::root("Other"), |_| {});
    let TimeStampError::Path(error) = world.refusal(|_| {}) else {
        panic!("a path to no anchor");
    };
    assert!(matches!(*error, pki::Error::NoIssuer { depth: 0, .. }));
}

#[test]
fn an_authority_that_names_other_certificates_allows_no_other_path() {
    let root = TestAuthority::root("Root");
    let ca = root.ca("CA");
    let other = root.ca("Other").certificate;
    let world = World {
        tsa: authority(&ca, |_| {}),
        lists: vec![root.list(&[]), ca.list(&[])],
        certificates: Vec::new(),
        root,
    };
    let mut forge = world.stamp();
    forge.certificates.push(ca.certificate.clone());
    assert!(world.check(&forge).is_ok());
    forge.named.push(ca.certificate);
    assert!(world.check(&forge).is_ok());
    forge.named[1] = other;
    let refused = world.check(&forge).unwrap_err();
    assert_eq!(refused, TimeStampError::PathNotNamed);
}

#[test]
fn a_revoked_authority_is_told_with_date_and_reason() {
    let mut world = World::new();
    let reason = rcgen::RevocationReason::KeyCompromise;
    world.lists = vec![
        world
            .root
            .list(&[revoked(&world.tsa.certificate, Some(reason))]),
    ];
    let expected = RevocationError::Revoked {
        depth: 0,
        date: NOW - Duration::HOUR,
        reason: Some(CrlReason::KeyCompromise),
        invalidity_date: None,
    };
    assert_eq!(world.refusal(|_| {}), TimeStampError::Revocation(expected));
    world.lists.clear();
    let expected = RevocationError::Unavailable { depth: 0 };
    assert_eq!(world.refusal(|_| {}), TimeStampError::Revocation(expected));
}

#[test]
fn the_name_in_the_stamp_is_one_of_the_authority() {
    let uri = "http://tsp.example.kz";
    let name = der::context_primitive(6, uri.as_bytes());
    let world = World::with(|params| {
        let names = custom_extension(oids::SUBJECT_ALT_NAME, false, &der::sequence(&[&name]));
        params.custom_extensions.push(names);
    });
    let subject = der::context(4, world.tsa.certificate.subject().as_der());
    for right in [&name, &subject] {
        let mut forge = world.stamp();
        forge.rest = vec![der::context(0, right)];
        assert!(world.check(&forge).is_ok());
    }
    let other = der::context(4, world.root.certificate.subject().as_der());
    let refused = world.refusal(|forge| forge.rest = vec![der::context(0, &other)]);
    let tsa = GeneralName::DirectoryName(world.root.certificate.subject().clone());
    assert_eq!(refused, TimeStampError::NameMismatch { tsa });
}

#[test]
fn the_answer_to_a_request_has_its_nonce_and_policy() {
    let world = World::new();
    let imprint = || MessageImprint::of(STAMPED, DigestAlgorithm::Sha256);
    let request = TimeStampReq::new(imprint(), Some(POLICY), Some(&[0x80, 1]));
    let asked = Stamped::new(STAMPED, NOW).asked_by(&request);
    let check = |rest| {
        let mut forge = world.stamp();
        forge.rest = rest;
        world.check_of(&forge, &asked).map(|_| ())
    };
    assert_eq!(check(vec![der::unsigned(0x8001)]), Ok(()));
    assert_eq!(check(vec![]), Err(TimeStampError::NonceMissing));
    let other = check(vec![der::unsigned(0x8002)]);
    assert_eq!(other, Err(TimeStampError::NonceMismatch));

    let wanted = Oid::new("1.2.398.3.3.2.6.2");
    let request = TimeStampReq::new(imprint(), Some(wanted), None);
    let asked = Stamped::new(STAMPED, NOW).asked_by(&request);
    let refused = world.check_of(&world.stamp(), &asked).unwrap_err();
    let found = POLICY;
    assert_eq!(refused, TimeStampError::PolicyMismatch { wanted, found });
}

#[test]
fn a_critical_extension_of_the_stamp_is_not_ignored() {
    let world = World::new();
    let oid = Oid::new("2.999.1");
    let with = |critical| vec![der::context(1, &extension(oid, critical, &der::null()))];
    let refused = world.refusal(|forge| forge.rest = with(true));
    assert_eq!(refused, TimeStampError::UnknownCriticalExtension { oid });
    let mut forge = world.stamp();
    forge.rest = with(false);
    assert!(world.check(&forge).is_ok());
}

#[test]
fn cut_or_changed_tokens_are_never_believed_for_another_time_and_never_a_panic() {
    let world = World::new();
    let whole = world.stamp().build(&world.tsa);
    let time = |bytes: &[u8]| -> Option<OffsetDateTime> {
        let stamped = world.check_token(bytes, &Stamped::new(STAMPED, NOW));
        stamped.ok().map(|stamped| stamped.time())
    };
    assert_eq!(time(&whole), Some(NOW));
    for end in 0..whole.len() {
        assert_eq!(time(&whole[..end]), None, "{end}");
    }
    let mut changed = whole.clone();
    for at in 0..whole.len() {
        changed[at] ^= 1;
        assert!(time(&changed).is_none_or(|time| time == NOW), "byte {at}");
        changed[at] ^= 1;
    }
}
