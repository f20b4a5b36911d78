use time::macros::datetime;

use super::*;
use crate::ca::Application;
use crate::ca::Authority;
use crate::ca::BaseUrl;
use crate::ca::CertificateKind;
use crate::ca::Holder;
use crate::ca::Organisation;
use crate::ca::profile;
use crate::ca::test_request::individual;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SubjectPublicKey;
use crate::eds::Role;
use crate::x509::der;

const NOW: OffsetDateTime = datetime!(2026-11-24 09:00 UTC);

/// Every kind of certificate for a key.
fn leaves(key: PublicKey<'_>) -> Vec<Specification<'_>> {
    let mut leaves = Vec::new();
    for role in Role::ALL {
        for kind in [
            CertificateKind::Single,
            CertificateKind::LegacySigning,
            CertificateKind::LegacyAuthentication,
        ] {
            for not_after in [None, Some(datetime!(2050-01-01 00:00 UTC))] {
                let application = application(role, kind, not_after);
                leaves.push(profile::leaf(&application, key, &BaseUrl::default()).unwrap());
            }
        }
    }
    leaves.push(profile::responder(key, NOW, &BaseUrl::default()).unwrap());
    leaves.push(profile::time_stamping(key, NOW, &BaseUrl::default()).unwrap());
    leaves
}

fn application(
    role: Role,
    kind: CertificateKind,
    not_after: Option<OffsetDateTime>,
) -> Application {
    let mut application = Application::from(&individual(NOW));
    if role == Role::System {
        let name = "ИС \"Тест\"".to_owned();
        application.holder = Holder::System { name };
    }
    application.organisation = role.is_of_organisation().then(|| Organisation {
        name: "Ә".repeat(200),
        bin: "120440001234".parse().unwrap(),
    });
    Application {
        role,
        kind,
        not_after,
        ..application
    }
}

/// A key of each kind that a certificate may hold.
fn keys() -> [(PublicKeyAlgorithm, Vec<u8>); 4] {
    let numbers = [der::integer(&[0xc5; 256]), der::integer(&[1, 0, 1])];
    [
        (PublicKeyAlgorithm::P256, vec![4; 65]),
        (PublicKeyAlgorithm::P384, vec![4; 97]),
        (PublicKeyAlgorithm::Ed25519, vec![7; 32]),
        (PublicKeyAlgorithm::Rsa, der::sequence(&numbers)),
    ]
}

#[test]
fn rcgen_and_the_assembler_write_the_same_certificate_wherever_both_can() {
    let authority = Authority::in_memory(1, NOW).unwrap();
    let unit = &authority.units().issuing;
    let mut compared = 0;
    for (algorithm, octets) in keys() {
        let key = SubjectPublicKey {
            algorithm,
            parameters: None,
            octets: &octets,
        };
        let all = leaves(PublicKey::new(&key).unwrap());
        for leaf in all.iter().filter(|leaf| leaf.is_for_rcgen()) {
            let by_rcgen = Certificate::from_der(&leaf.written_by_rcgen(unit).unwrap()).unwrap();
            let assembled = leaf.assembled_for(&unit.certificate).unwrap();
            assert_eq!(
                TbsCertificate::of(&by_rcgen).extensions,
                assembled.extensions
            );
            let AlgorithmIdentifier { oid, parameters } = by_rcgen.signature_algorithm_identifier();
            let algorithm = der::algorithm_identifier(&oid, parameters);
            assert_eq!(assembled.to_der(&algorithm), by_rcgen.tbs());
            compared += 1;
        }
    }
    // Eight roles of three kinds twice but for two of the right to sign, and the OCSP responder.
    assert_eq!(compared, 4 * (8 * 3 * 2 - 2 + 1));
}

#[test]
fn right_to_sign_and_time_stamping_have_critical_purposes() {
    let mut authority = Authority::in_memory(1, NOW).unwrap();
    let application = application(Role::CanSign, CertificateKind::Single, None);
    let leaf = authority.issue(application).unwrap().leaf().clone();
    let is_critical = |certificate: &Certificate, oid| {
        let extension = certificate.extension(oid);
        extension.map(|extension| extension.critical)
    };
    for (certificate, usage) in [(&leaf, false), (authority.time_stamping(), true)] {
        assert_eq!(is_critical(certificate, oids::EXT_KEY_USAGE), Some(true));
        assert_eq!(is_critical(certificate, oids::KEY_USAGE), Some(usage));
    }
}

#[test]
fn authorities_name_the_certificate_of_their_issuer_by_issuer_and_number() {
    let authority = Authority::in_memory(1, NOW).unwrap();
    let root = authority.root();
    let expected = extensions::authority_key_identifier(
        root.subject_key_identifier().unwrap(),
        Some((root.subject(), root.serial())),
    );
    for certificate in [root, authority.issuing()] {
        let found = certificate.extension(oids::AUTHORITY_KEY_IDENTIFIER);
        assert_eq!(found.unwrap().value, expected);
    }
}
