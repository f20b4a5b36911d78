use time::macros::datetime;

use super::*;
use crate::ca::CertificateKind;
use crate::ca::Holder;
use crate::ca::NameDefect;
use crate::ca::Organisation;
use crate::ca::Request;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Provider;
use crate::crypto::Signer;
use crate::eds;
use crate::eds::CertificateUse;
use crate::eds::Role;
use crate::eds::Subject;
use crate::x509::CertificateList;
use crate::x509::DistributionPoint;
use crate::x509::GeneralName;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::oids;
use crate::x509::test_authority;

const NOW: OffsetDateTime = datetime!(2026-11-24 09:00:00.7 UTC);

fn request(role: Role) -> Request {
    let organisation = role.is_of_organisation().then(|| Organisation {
        name: "ГУ «Управление природных ресурсов»".to_owned(),
        bin: "120440001234".parse().unwrap(),
    });
    Request {
        role,
        name: "Сәрсенбаев Ерлан Қанатұлы".parse().unwrap(),
        iin: "850214300129".parse().unwrap(),
        organisation,
        usage: CertificateUse::Signing,
        not_before: NOW,
        not_after: None,
    }
}

fn application(role: Role, kind: CertificateKind) -> Application {
    Application {
        kind,
        ..Application::from(&request(role))
    }
}

fn system() -> Application {
    Application {
        holder: Holder::System {
            name: "ИС \"Тест\"".to_owned(),
        },
        ..application(Role::System, CertificateKind::Single)
    }
}

/// Attribute type, tag and text of each part of a subject, in order.
fn parts(certificate: &Certificate) -> Vec<(String, u8, String)> {
    let name = certificate.subject();
    let mut sets = der::Reader::der(name.as_der()).sequence().unwrap();
    let mut parts = Vec::new();
    while sets.peek().is_some() {
        let mut pair = sets.set().unwrap().sequence().unwrap();
        let oid = pair.oid().unwrap();
        let value = pair.any().unwrap();
        let text = String::from_utf8(value.content.to_vec()).unwrap();
        parts.push((oid.to_string(), value.tag.0, text));
    }
    parts
}

fn authority() -> Authority {
    Authority::in_memory(1, NOW).unwrap()
}

#[test]
fn both_authorities_are_marked_as_tests_and_chain_to_the_root() {
    let authority = authority();
    let (root, issuing) = (authority.root(), authority.issuing());
    assert_eq!(
        root.subject().to_string(),
        "CN=RUQSAT TEST ROOT – NOT FOR REAL DOCUMENTS"
    );
    for certificate in [root, issuing] {
        assert!(eds::is_test_authority(certificate));
        let key = root.subject_public_key().unwrap();
        assert_eq!(certificate.verify_signature(&key, &Provider), Ok(()));
        assert!(certificate.basic_constraints().unwrap().ca);
        let usage = certificate.key_usage().unwrap();
        assert!(usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
    }
    assert_eq!(
        issuing
            .authority_key_identifier()
            .unwrap()
            .key_identifier
            .as_deref(),
        root.subject_key_identifier()
    );
}

#[test]
fn head_has_the_subject_of_the_national_profile() {
    let mut authority = authority();
    let identity = authority.issue(&request(Role::Head)).unwrap();
    let attributes: Vec<_> = identity.leaf().subject().attributes().collect();
    let order: Vec<_> = attributes.iter().map(|one| one.oid().to_string()).collect();
    let expected = [
        "2.5.4.3", "2.5.4.4", "2.5.4.5", "2.5.4.6", "2.5.4.10", "2.5.4.11", "2.5.4.42",
    ];
    assert_eq!(order, expected);
    let subject = Subject::of(identity.leaf());
    assert_eq!(subject.name, "Сәрсенбаев Ерлан Қанатұлы");
    assert_eq!(subject.iin.unwrap().as_str(), "850214300129");
    assert_eq!(subject.bin.unwrap().as_str(), "120440001234");
    assert_eq!(subject.role, Some(Role::Head));
    assert_eq!(subject.usage, CertificateUse::Signing);
    assert_eq!(subject.warnings, []);
}

#[test]
fn certificates_say_where_to_ask_about_them_below_the_base_address() {
    let founding = Founding {
        base_url: "https://ca.test/practice".parse().unwrap(),
        ..Founding::at(NOW)
    };
    let mut authority = Authority::create(&founding, Randomness::seeded(1)).unwrap();
    let leaf = authority
        .issue(&request(Role::Head))
        .unwrap()
        .leaf()
        .clone();
    let below = |path: &str| format!("https://ca.test/practice/{path}");
    for certificate in [&leaf, authority.time_stamping()] {
        let expected = vec![below("ocsp"), below("ca/ca.cer")];
        assert_eq!(information(certificate), expected);
        let points = certificate.crl_distribution_points();
        assert_eq!(addresses(points), [below("crl/ca.crl")]);
        let points = certificate.freshest_crl();
        assert_eq!(addresses(points), [below("crl/ca-delta.crl")]);
    }
    let (root, issuing) = (authority.root(), authority.issuing());
    assert_eq!(information(issuing), [below("ca/root.cer")]);
    assert_eq!(information(authority.responder()), [below("ca/ca.cer")]);
    for (certificate, list) in [
        (root, "crl/root.crl"),
        (issuing, "crl/root.crl"),
        (authority.responder(), "crl/ca.crl"),
    ] {
        let points = certificate.crl_distribution_points();
        assert_eq!(addresses(points), [below(list)]);
    }
}

fn information(certificate: &Certificate) -> Vec<String> {
    let descriptions = certificate.authority_info_access().iter();
    descriptions.map(|one| uri(&one.location)).collect()
}

fn addresses(points: &[DistributionPoint]) -> Vec<String> {
    points.iter().flat_map(|one| &one.names).map(uri).collect()
}

fn uri(name: &GeneralName) -> String {
    match name {
        GeneralName::Uri(address) => address.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_role_of_a_person_is_read_back() {
    let mut authority = authority();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
        for kind in KINDS {
            let application = application(role, kind);
            let identity = authority.issue(application).unwrap();
            let subject = Subject::of(identity.leaf());
            assert_eq!(subject.role, Some(role));
            assert_eq!(subject.warnings, []);
        }
    }
}

#[test]
fn signer_is_valid_a_year_and_numbered_like_its_key() {
    let mut authority = authority();
    let leaf = authority
        .issue(&request(Role::Head))
        .unwrap()
        .leaf()
        .clone();
    assert_eq!(leaf.not_before(), datetime!(2026-11-24 09:00 UTC));
    assert_eq!(leaf.not_after(), datetime!(2027-11-24 09:00 UTC));
    let mut serial = DigestAlgorithm::Sha1.digest(leaf.subject_public_key_octets());
    assert_eq!(leaf.subject_key_identifier(), Some(serial.as_slice()));
    serial[0] &= 0x7f;
    assert_eq!(leaf.serial(), &SerialNumber::from_magnitude(&serial));
}

#[test]
fn second_certificate_for_a_key_has_another_serial_number() {
    let mut authority = authority();
    let key = PrivateKey::generate_p256(&authority.randomness).unwrap();
    let first = authority
        .issue_for(key.clone(), &request(Role::Head))
        .unwrap();
    let second = authority.issue_for(key, &request(Role::Head)).unwrap();
    assert_ne!(first.leaf().serial(), second.leaf().serial());
}

#[test]
fn system_is_named_without_a_person_and_valid_three_years() {
    let mut authority = authority();
    let identity = authority.issue(system()).unwrap();
    let expected = [
        ("0.9.2342.19200300.100.1.1", UTF8, "1.2.398.6.10.1.1"),
        ("2.5.4.3", UTF8, "ИС \"Тест\""),
        ("2.5.4.6", PRINTABLE, "KZ"),
        ("2.5.4.10", UTF8, "ГУ «Управление природных ресурсов»"),
        ("2.5.4.11", UTF8, "BIN120440001234"),
    ];
    assert_eq!(parts(identity.leaf()), expected.map(owned));
    let usages = ["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.6"];
    assert_eq!(purposes(identity.leaf()), usages);
    assert_eq!(identity.leaf().not_after(), datetime!(2029-11-24 09:00 UTC));
}

#[test]
fn client_of_the_treasury_has_its_own_attributes_around_those_of_an_employee() {
    let mut authority = authority();
    let identity = authority.issue(&request(Role::Treasury)).unwrap();
    let expected = [
        ("0.9.2342.19200300.100.1.25", IA5, "ROLE02"),
        ("2.5.4.3", UTF8, "Сәрсенбаев Ерлан"),
        ("2.5.4.4", UTF8, "Сәрсенбаев"),
        ("2.5.4.5", PRINTABLE, "IIN850214300129"),
        ("2.5.4.6", PRINTABLE, "KZ"),
        ("2.5.4.10", UTF8, "ГУ «Управление природных ресурсов»"),
        ("2.5.4.11", UTF8, "BIN120440001234"),
        ("2.5.4.15", UTF8, "KS1234"),
        ("2.5.4.42", UTF8, "Қанатұлы"),
    ];
    assert_eq!(parts(identity.leaf()), expected.map(owned));
    let usages = [
        "1.3.6.1.5.5.7.3.4",
        "1.2.398.3.3.4.1.2",
        "1.2.398.5.19.1.2.2.1",
    ];
    assert_eq!(purposes(identity.leaf()), usages);
}

#[test]
fn legacy_certificate_has_a_random_number_its_policy_and_no_key_storage() {
    let mut authority = authority();
    for (kind, role, policy, usage) in [
        (
            CertificateKind::LegacySigning,
            Role::Head,
            "1.2.398.3.3.2.1",
            0xc0,
        ),
        (
            CertificateKind::LegacyAuthentication,
            Role::Head,
            "1.2.398.3.3.2.2",
            0xa0,
        ),
        (
            CertificateKind::LegacySigning,
            Role::Individual,
            "1.2.398.3.3.2.3",
            0xc0,
        ),
        (
            CertificateKind::LegacyAuthentication,
            Role::Individual,
            "1.2.398.3.3.2.4",
            0xa0,
        ),
        (CertificateKind::Single, Role::Head, "1.2.398.3.3.2", 0xc8),
    ] {
        let application = application(role, kind);
        let leaf = authority.issue(application).unwrap().leaf().clone();
        assert_eq!(
            leaf.certificate_policies(),
            Some(&[policy.parse().unwrap()][..])
        );
        let notice = leaf.extension(oids::CERTIFICATE_POLICIES).unwrap();
        assert!(notice.value.ends_with("NOT FOR REAL DOCUMENTS".as_bytes()));
        let bits = leaf.extension(oids::KEY_USAGE).unwrap();
        assert!(bits.critical);
        assert_eq!(bits.value.last(), Some(&usage), "{policy}");
        let storage = leaf.extension(Oid::new("1.2.398.3.3.5"));
        assert_eq!(storage.is_none(), kind.is_legacy());

        let key = if kind.is_legacy() {
            leaf.spki()
        } else {
            leaf.subject_public_key_octets()
        };
        let identifier = DigestAlgorithm::Sha1.digest(key);
        assert_eq!(leaf.subject_key_identifier(), Some(&identifier[..]));
        let tail = leaf.serial().as_bytes().iter().rev().take(8);
        let is_of_key = tail.eq(identifier.iter().rev().take(8));
        assert_eq!(is_of_key, !kind.is_legacy(), "{policy}");
    }
}

#[test]
fn person_and_system_are_not_taken_for_each_other() {
    let mut authority = authority();
    let refused = authority.issue(&request(Role::System));
    assert!(matches!(
        refused,
        Err(Error::PersonNotAllowed(Role::System))
    ));
    let application = Application {
        role: Role::Employee,
        ..system()
    };
    let refused = authority.issue(application);
    assert!(matches!(refused, Err(Error::NoPerson(Role::Employee))));
    for (name, expected) in [
        (" ", NameDefect::Empty),
        ("a\n", NameDefect::ControlCharacter),
    ] {
        let holder = Holder::System {
            name: name.to_owned(),
        };
        let application = Application { holder, ..system() };
        let refused = authority.issue(application);
        assert!(matches!(refused, Err(Error::Name { defect, .. }) if defect == expected));
    }
}

#[test]
fn authentication_certificate_is_not_for_signing() {
    let mut authority = authority();
    let request = Request {
        usage: CertificateUse::Authentication,
        ..request(Role::Head)
    };
    let identity = authority.issue(&request).unwrap();
    assert_eq!(
        CertificateUse::of(identity.leaf()),
        CertificateUse::Authentication
    );
}

#[test]
fn anniversary_of_29_february_is_the_day_before() {
    let mut authority = authority();
    let not_before = datetime!(2028-02-29 12:00 UTC);
    let request = Request {
        not_before,
        ..request(Role::Head)
    };
    let identity = authority.issue(&request).unwrap();
    assert_eq!(identity.leaf().not_after(), datetime!(2029-02-28 12:00 UTC));
}

#[test]
fn head_without_organisation_is_refused() {
    let mut authority = authority();
    let request = Request {
        organisation: None,
        ..request(Role::Head)
    };
    let refused = authority.issue(&request);
    assert!(matches!(refused, Err(Error::NoOrganisation(Role::Head))));
}

#[test]
fn individual_with_organisation_is_refused() {
    let mut authority = authority();
    let request = Request {
        role: Role::Individual,
        ..request(Role::Head)
    };
    let refused = authority.issue(&request);
    assert!(matches!(
        refused,
        Err(Error::OrganisationNotAllowed(Role::Individual))
    ));
}

#[test]
fn validity_that_ends_before_it_begins_is_refused() {
    let mut authority = authority();
    let request = Request {
        not_after: Some(NOW),
        ..request(Role::Head)
    };
    let refused = authority.issue(&request);
    assert!(matches!(refused, Err(Error::EmptyValidity { .. })));
}

#[test]
fn list_names_the_revoked_signer_with_time_and_reason() {
    let mut authority = authority();
    let leaf = authority
        .issue(&request(Role::Head))
        .unwrap()
        .leaf()
        .clone();
    let empty = authority.revocation_lists(NOW).unwrap();
    let at = datetime!(2026-11-24 10:00:00.5 UTC);
    authority
        .revoke(leaf.serial(), CrlReason::KeyCompromise, at)
        .unwrap();
    let lists = authority.revocation_lists(at).unwrap();

    assert_eq!(
        CertificateList::from_der(&empty.issuing)
            .unwrap()
            .find(leaf.serial()),
        None
    );
    let list = CertificateList::from_der(&lists.issuing).unwrap();
    let entry = list.find(leaf.serial()).unwrap();
    assert_eq!(entry.reason, Some(CrlReason::KeyCompromise));
    assert_eq!(entry.revocation_date, datetime!(2026-11-24 10:00 UTC));
    assert_eq!(list.crl_number(), Some(&[2][..]));
    assert_eq!(list.next_update(), Some(datetime!(2027-11-24 10:00 UTC)));
    let key = authority.issuing().subject_public_key().unwrap();
    assert_eq!(list.verify_signature(&key, &Provider), Ok(()));
    let root_list = CertificateList::from_der(&lists.root).unwrap();
    assert_eq!(root_list.find(leaf.serial()), None);
}

#[test]
fn revoked_issuing_authority_stands_in_the_list_of_the_root() {
    let mut authority = authority();
    let serial = authority.issuing().serial().clone();
    authority
        .revoke(&serial, CrlReason::CaCompromise, NOW)
        .unwrap();
    let lists = authority.revocation_lists(NOW).unwrap();
    let list = CertificateList::from_der(&lists.root).unwrap();
    assert_eq!(
        list.find(&serial).unwrap().reason,
        Some(CrlReason::CaCompromise)
    );
}

#[test]
fn revoking_twice_or_a_foreign_certificate_is_refused() {
    let mut authority = authority();
    let leaf = authority
        .issue(&request(Role::Head))
        .unwrap()
        .leaf()
        .clone();
    authority
        .revoke(leaf.serial(), CrlReason::Superseded, NOW)
        .unwrap();
    let again = authority.revoke(leaf.serial(), CrlReason::KeyCompromise, NOW);
    assert!(matches!(again, Err(Error::AlreadyRevoked { .. })));
    let foreign = SerialNumber::from_magnitude(&[1]);
    let unknown = authority.revoke(&foreign, CrlReason::KeyCompromise, NOW);
    assert!(matches!(unknown, Err(Error::UnknownSerial(serial)) if serial == foreign));
}

#[test]
fn issued_key_signs() {
    let mut authority = authority();
    let identity = authority.issue(&request(Role::Head)).unwrap();
    let signature = identity
        .signer(&test_authority::random())
        .unwrap()
        .sign(b"message")
        .unwrap();
    assert!(!signature.is_empty());
}

fn owned((oid, tag, text): (&str, u8, &str)) -> (String, u8, String) {
    (oid.to_owned(), tag, text.to_owned())
}

fn purposes(certificate: &Certificate) -> Vec<String> {
    let purposes = certificate.extended_key_usage().unwrap();
    purposes.iter().map(Oid::to_string).collect()
}

const KINDS: [CertificateKind; 3] = [
    CertificateKind::Single,
    CertificateKind::LegacySigning,
    CertificateKind::LegacyAuthentication,
];
const IA5: u8 = 0x16;
const PRINTABLE: u8 = 0x13;
const UTF8: u8 = 0x0c;
