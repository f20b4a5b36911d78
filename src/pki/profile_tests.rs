use super::is_network;
use crate::pki::Error;
use crate::pki::PathPolicy;
use crate::pki::ProfileViolation;
use crate::pki::TrustStore;
use crate::pki::build_path;
use crate::pki::check_profile;
use crate::x509::Certificate;
use crate::x509::GeneralName;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::oids;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::extension;

#[test]
fn a_certificate_that_keeps_every_rule_conforms() {
    for parts in [Parts::leaf(), Parts::ca()] {
        assert_eq!(parts.judge(), Ok(()));
    }
    let root = TestAuthority::root("Root");
    assert_eq!(check_profile(&root.certificate, None), Ok(()));
}

#[test]
fn strict_paths_ask_for_the_profile_and_others_do_not() {
    let root = TestAuthority::root("Root");
    let certificate = root.leaf_with("Leaf", |leaf| {
        leaf.use_authority_key_identifier_extension = false;
    });
    let store = TrustStore::new([root.certificate], &crate::crypto::Provider);
    let build = |policy| {
        let verifier = &crate::crypto::Provider;
        build_path(&certificate, &store, &[], NOW, &policy, verifier).err()
    };
    let expected = Error::ProfileViolated {
        depth: 0,
        violation: ProfileViolation::MissingAuthorityKeyIdentifier,
        certificate: certificate.clone(),
    };
    assert_eq!(build(PathPolicy::strict()), Some(expected));
    assert_eq!(build(PathPolicy::rfc5280()), None);
}

#[test]
fn serial_numbers_are_positive_and_have_twenty_octets_at_most() {
    let judge = |content: &[u8]| {
        let mut parts = Parts::leaf();
        parts.serial = der::tlv(der::Tag::INTEGER, content);
        parts.judge()
    };
    for content in [&[0][..], &[0xff], &[0x80, 0]] {
        assert_eq!(judge(content), Err(ProfileViolation::SerialNotPositive));
    }
    let longest = [&[0, 0xff][..], &[1; 19]].concat();
    assert_eq!(judge(&longest), Ok(()));
    assert_eq!(judge(&[0x7f; 20]), Ok(()));
    let violation = ProfileViolation::SerialTooLong { octets: 21 };
    assert_eq!(judge(&[1; 21]), Err(violation));
}

#[test]
fn who_has_no_name_has_a_critical_alternative_one() {
    let empty = der::sequence::<&[u8]>(&[]);
    let mut parts = Parts::leaf();
    parts.issuer.clone_from(&empty);
    assert_eq!(parts.judge(), Err(ProfileViolation::EmptyIssuer));
    let mut parts = Parts::ca();
    parts.subject.clone_from(&empty);
    assert_eq!(parts.judge(), Err(ProfileViolation::EmptyCaSubject));
    let mut parts = Parts::leaf();
    parts.subject = empty;
    assert_eq!(parts.judge(), Err(ProfileViolation::EmptySubject));
    let names = der::sequence(&[der::context_primitive(2, b"b.kz")]);
    let with = |critical| parts.clone().with(oids::SUBJECT_ALT_NAME, critical, &names);
    assert_eq!(with(false).judge(), Err(ProfileViolation::EmptySubject));
    assert_eq!(with(true).judge(), Ok(()));
}

#[test]
fn alternative_names_keep_their_form() {
    let none = Parts::leaf().with(oids::SUBJECT_ALT_NAME, true, &[0x30, 0]);
    assert_eq!(none.judge(), Err(ProfileViolation::EmptyAltNames));
    for (tag, content, sound) in [
        (2, &b"b.kz"[..], true),
        (2, b"*.b.kz", true),
        (2, b"a_b.kz", false),
        (2, b"192.0.2.1", false),
        (2, b"*.*.b.kz", false),
        (1, b"a@b.kz", true),
        (1, b"a@b@b.kz", false),
        (6, b"http://b.kz/a", true),
        (6, b"/a", false),
        (7, &[192, 0, 2, 1], true),
        (7, &[192, 0, 2, 0, 255, 255, 255, 0], false),
        (8, &[0x2a], true),
    ] {
        let names = der::sequence(&[der::context_primitive(tag, content)]);
        let parts = Parts::leaf().with(oids::SUBJECT_ALT_NAME, false, &names);
        let name = parts.certificate().subject_alt_names().unwrap()[0].clone();
        let expected = Err(ProfileViolation::AltNameForm { name });
        assert_eq!(parts.judge(), if sound { Ok(()) } else { expected });
    }
}

#[test]
fn extensions_are_critical_where_they_must_be_and_nowhere_else() {
    let place = der::context_primitive(6, b"http://b.kz");
    let access = der::sequence(&[der::oid(&Oid::new("1.3.6.1.5.5.7.48.1")), place.clone()]);
    let point = der::sequence(&[der::context(0, &der::context(0, &place))]);
    let tree = der::sequence(&[der::context_primitive(2, b"b.kz")]);
    let count = der::context_primitive(0, &[0]);
    let key = der::octet_string(&[1]);
    let authority = der::sequence(&[der::context_primitive(0, &[1])]);
    for (oid, value, critical) in [
        (oids::AUTHORITY_INFO_ACCESS, der::sequence(&[access]), false),
        (oids::AUTHORITY_KEY_IDENTIFIER, authority, false),
        (oids::BASIC_CONSTRAINTS, CA.to_vec(), true),
        (oids::FRESHEST_CRL, der::sequence(&[point]), false),
        (oids::INHIBIT_ANY_POLICY, der::unsigned(0), true),
        (
            oids::NAME_CONSTRAINTS,
            der::sequence(&[der::context(0, &tree)]),
            true,
        ),
        (oids::POLICY_CONSTRAINTS, der::sequence(&[count]), true),
        (oids::SUBJECT_KEY_IDENTIFIER, key, false),
    ] {
        let with = |critical| Parts::ca().with(oid, critical, &value).judge();
        assert_eq!(with(critical), Ok(()), "{oid}");
        let expected = if critical {
            ProfileViolation::MustBeCritical { oid }
        } else {
            ProfileViolation::MustNotBeCritical { oid }
        };
        assert_ne!(expected.clause(), "4.2");
        assert_eq!(with(!critical), Err(expected));
    }
    let not_ca = Parts::leaf().with(oids::BASIC_CONSTRAINTS, false, &[0x30, 0]);
    assert_eq!(not_ca.judge(), Ok(()));
}

#[test]
fn keys_are_identified() {
    let without = Parts::leaf().without(oids::AUTHORITY_KEY_IDENTIFIER);
    let missing = Err(ProfileViolation::MissingAuthorityKeyIdentifier);
    assert_eq!(without.judge(), missing);
    let empty = Parts::leaf().with(oids::AUTHORITY_KEY_IDENTIFIER, false, &[0x30, 0]);
    assert_eq!(empty.judge(), missing);
    let half = der::sequence(&[
        der::context_primitive(0, &[1]),
        der::context_primitive(2, &[1]),
    ]);
    let half = Parts::leaf().with(oids::AUTHORITY_KEY_IDENTIFIER, false, &half);
    assert_eq!(half.judge(), Err(ProfileViolation::AuthorityCertInHalves));
    let without = Parts::ca().without(oids::SUBJECT_KEY_IDENTIFIER);
    let missing = Err(ProfileViolation::MissingSubjectKeyIdentifier);
    assert_eq!(without.judge(), missing);
    assert_eq!(
        Parts::leaf().without(oids::SUBJECT_KEY_IDENTIFIER).judge(),
        Ok(())
    );
}

#[test]
fn only_a_self_signed_certificate_need_not_name_the_key_of_its_issuer() {
    let root = TestAuthority::root_with("Root", |root| {
        root.use_authority_key_identifier_extension = false;
    });
    let certificate = &root.certificate;
    assert_eq!(check_profile(certificate, None), Ok(()));
    assert_eq!(check_profile(certificate, Some(certificate)), Ok(()));
    let other = TestAuthority::root("Root").certificate;
    let missing = Err(ProfileViolation::MissingAuthorityKeyIdentifier);
    assert_eq!(check_profile(certificate, Some(&other)), missing);
    let cross = TestAuthority::root("Other").certify(&root, |cross| {
        cross.use_authority_key_identifier_extension = false;
    });
    assert_eq!(check_profile(&cross, None), missing);
}

#[test]
fn only_a_ca_signs_certificates_and_constrains_others() {
    const SIGNS_ONLY: [u8; 4] = [3, 2, 7, 0x80];
    const WITH_PATH_LEN: [u8; 8] = [0x30, 6, 1, 1, 0xff, 2, 1, 0];
    let usage = |parts: Parts, usage: &[u8]| parts.with(oids::KEY_USAGE, true, usage);
    let constraints = |parts: Parts, value: &[u8]| parts.with(oids::BASIC_CONSTRAINTS, true, value);
    let tree = der::sequence(&[der::context_primitive(2, b"b.kz")]);
    let names = der::sequence(&[der::context(0, &tree)]);
    for (parts, violation) in [
        (
            usage(Parts::leaf(), &CERT_SIGN),
            ProfileViolation::KeyCertSignWithoutCa,
        ),
        (
            usage(Parts::leaf(), &[3, 1, 0]),
            ProfileViolation::EmptyKeyUsage,
        ),
        (
            constraints(Parts::leaf(), &[0x30, 3, 2, 1, 0]),
            ProfileViolation::PathLenWithoutCa,
        ),
        (
            usage(constraints(Parts::ca(), &WITH_PATH_LEN), &SIGNS_ONLY),
            ProfileViolation::PathLenWithoutCa,
        ),
        (
            Parts::leaf().with(oids::NAME_CONSTRAINTS, true, &names),
            ProfileViolation::NameConstraintsWithoutCa,
        ),
    ] {
        assert_eq!(parts.judge(), Err(violation));
    }
    let bounded = constraints(Parts::ca(), &WITH_PATH_LEN);
    assert_eq!(bounded.judge(), Ok(()));
    assert_eq!(bounded.without(oids::KEY_USAGE).judge(), Ok(()));
}

#[test]
fn subtrees_of_name_constraints_keep_their_form() {
    for (tag, content, sound) in [
        (der::Tag::context_primitive(2), &b"b.kz"[..], true),
        (der::Tag::context_primitive(2), b"", true),
        (der::Tag::context_primitive(2), b".b.kz", false),
        (der::Tag::context_primitive(2), b"*.b.kz", false),
        (der::Tag::context_primitive(1), b"b.kz", true),
        (der::Tag::context_primitive(1), b".b.kz", true),
        (der::Tag::context_primitive(1), b"*@b.kz", true),
        (der::Tag::context_primitive(1), b"a@a@b.kz", false),
        (der::Tag::context_primitive(6), b".b.kz", true),
        (der::Tag::context_primitive(6), b"http://b.kz", false),
        (
            der::Tag::context_primitive(7),
            &[10, 0, 0, 0, 255, 0, 0, 0],
            true,
        ),
        (
            der::Tag::context_primitive(7),
            &[10, 0, 0, 0, 255, 0, 255, 0],
            false,
        ),
        (der::Tag::context_primitive(8), &[0x2a], false),
        (der::Tag::context(4), &[0x30, 0], true),
        (der::Tag::context(5), &[0x81, 0], false),
    ] {
        let tree = der::sequence(&[der::tlv(tag, content)]);
        let names = der::sequence(&[der::context(1, &tree)]);
        let parts = Parts::ca().with(oids::NAME_CONSTRAINTS, true, &names);
        let base = parts.certificate().name_constraints().unwrap().excluded[0].clone();
        let expected = Err(ProfileViolation::NameConstraintForm { base });
        assert_eq!(parts.judge(), if sound { Ok(()) } else { expected });
    }
}

#[test]
fn a_mask_has_ones_first_and_zeros_behind() {
    for (mask, sound) in [
        ([0, 0, 0, 0], true),
        ([255, 255, 255, 255], true),
        ([255, 254, 0, 0], true),
        ([128, 0, 0, 0], true),
        ([255, 253, 0, 0], false),
        ([1, 0, 0, 0], false),
        ([255, 0, 0, 1], false),
        ([0, 255, 0, 0], false),
    ] {
        assert_eq!(
            is_network(&[[10, 0, 0, 0], mask].concat()),
            sound,
            "{mask:?}"
        );
    }
    assert!(is_network(&[[0; 16], [255; 16]].concat()));
    assert!(!is_network(&[10, 0, 0, 0]));
}

#[test]
fn a_distribution_point_has_a_place_or_an_issuer() {
    let reasons_only = der::sequence(&[der::sequence(&[der::context_primitive(1, &[5, 0x60])])]);
    let parts = Parts::leaf().with(oids::CRL_DISTRIBUTION_POINTS, false, &reasons_only);
    let violation = ProfileViolation::PlacelessDistributionPoint;
    assert_eq!(parts.judge(), Err(violation));
}

#[test]
fn a_violation_names_its_clause() {
    let base = GeneralName::DnsName(".b.kz".into());
    for (violation, text) in [
        (
            ProfileViolation::NameConstraintForm { base },
            "malformed name constraint DnsName(\".b.kz\") (RFC 5280 §4.2.1.10)",
        ),
        (
            ProfileViolation::MustNotBeCritical {
                oid: oids::FRESHEST_CRL,
            },
            "extension 2.5.29.46 must not be critical (RFC 5280 §4.2.1.15)",
        ),
    ] {
        assert_eq!(violation.to_string(), text);
    }
}

/// What a certificate of the authority `Root` consists of.
#[derive(Clone)]
struct Parts {
    serial: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    extensions: Vec<(Oid, bool, Vec<u8>)>,
}

impl Parts {
    fn leaf() -> Self {
        let name = |text: &str| {
            let pair = der::sequence(&[der::oid(&oids::COMMON_NAME), der::utf8_string(text)]);
            der::sequence(&[der::set_of(&[pair])])
        };
        let authority = der::sequence(&[der::context_primitive(0, &[1, 2])]);
        Self {
            serial: der::unsigned(1),
            issuer: name("Root"),
            subject: name("Subject"),
            extensions: vec![
                (oids::AUTHORITY_KEY_IDENTIFIER, false, authority),
                (oids::SUBJECT_KEY_IDENTIFIER, false, der::octet_string(&[3])),
            ],
        }
    }

    fn ca() -> Self {
        Self::leaf().with(oids::BASIC_CONSTRAINTS, true, &CA).with(
            oids::KEY_USAGE,
            true,
            &CERT_SIGN,
        )
    }

    fn with(self, oid: Oid, critical: bool, value: &[u8]) -> Self {
        let mut other = self.without(oid);
        other.extensions.push((oid, critical, value.to_vec()));
        other
    }

    fn without(mut self, oid: Oid) -> Self {
        self.extensions.retain(|(other, ..)| *other != oid);
        self
    }

    fn certificate(&self) -> Certificate {
        let root = TestAuthority::root("Root");
        let mut raw = root.raw_certificate(&root.certificate, 3);
        raw.before_algorithm = [der::context(0, &der::unsigned(2)), self.serial.clone()].concat();
        raw.after_algorithm[0].clone_from(&self.issuer);
        raw.after_algorithm[2].clone_from(&self.subject);
        let extensions: Vec<Vec<u8>> = self
            .extensions
            .iter()
            .map(|(oid, critical, value)| extension(*oid, *critical, value))
            .collect();
        raw.after_algorithm
            .push(der::context(3, &der::sequence(&extensions)));
        Certificate::from_der(&root.sign_raw(&raw)).unwrap()
    }

    fn judge(&self) -> Result<(), ProfileViolation> {
        let issuer = TestAuthority::root("Root").certificate;
        check_profile(&self.certificate(), Some(&issuer))
    }
}

const CA: [u8; 5] = [0x30, 3, 1, 1, 0xff];
const CERT_SIGN: [u8; 4] = [3, 2, 2, 4];
