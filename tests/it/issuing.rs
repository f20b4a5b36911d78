//! Everything that the TEST authority can be asked for comes out, and comes back from every file.

use ring::rand::SystemRandom;
use ruqsat::ca::Application;
use ruqsat::ca::Authority;
use ruqsat::ca::CertificateKind;
use ruqsat::ca::Holder;
use ruqsat::ca::Organisation;
use ruqsat::crypto::Provider;
use ruqsat::crypto::PublicKeyAlgorithm;
use ruqsat::eds::CertificateUse;
use ruqsat::eds::Role;
use ruqsat::eds::Subject;
use ruqsat::keys::Identity;
use ruqsat::keys::KeyAlgorithm;
use ruqsat::keys::Pkcs12Contents;
use ruqsat::keys::PrivateKey;
use ruqsat::keys::write_legacy_pkcs12;
use ruqsat::keys::write_pkcs12;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::TrustStore;
use ruqsat::pki::build_path;
use ruqsat::x509::Certificate;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 UTC);
const KINDS: [CertificateKind; 3] = [
    CertificateKind::Single,
    CertificateKind::LegacySigning,
    CertificateKind::LegacyAuthentication,
];

fn application(role: Role, kind: CertificateKind) -> Application {
    let organisation = Organisation {
        name: "Басқарма".to_owned(),
        bin: "101140900013".parse().unwrap(),
    };
    let holder = match role {
        Role::System => Holder::System {
            name: "ИС «Рұқсат»".to_owned(),
        },
        _ => Holder::Person {
            name: "Жанұзақов Қайрат Ерланұлы".parse().unwrap(),
            iin: "691007390018".parse().unwrap(),
        },
    };
    Application {
        role,
        holder,
        organisation: role.is_of_organisation().then_some(organisation),
        kind,
        not_before: NOW,
        not_after: None,
    }
}

#[test]
fn every_role_of_every_generation_use_and_kind_of_key_is_issued_and_read_back() {
    let mut authority = Authority::in_memory(5, NOW).unwrap();
    let random = SystemRandom::new();
    let mut issued = 0;
    for algorithm in KeyAlgorithm::ALL {
        // One key for all: those of RSA take time.
        let key = PrivateKey::generate(algorithm, &random).unwrap();
        for role in Role::ALL {
            for kind in KINDS {
                let application = application(role, kind);
                let identity = authority.issue_for(key.clone(), application).unwrap();
                assert_issued(&authority, identity.leaf(), role, kind, algorithm);
                assert_comes_back(&identity, kind);
                issued += 1;
            }
        }
    }
    assert_eq!(issued, 72);
}

fn assert_issued(
    authority: &Authority,
    leaf: &Certificate,
    role: Role,
    kind: CertificateKind,
    algorithm: KeyAlgorithm,
) {
    let what = format!("{role} {kind:?} {algorithm}");
    let read = Certificate::from_pem(leaf.to_pem().as_bytes()).unwrap();
    assert_eq!(&read, leaf, "{what}");
    let subject = Subject::of(leaf);
    assert_eq!(subject.role, Some(role), "{what}");
    let usage = match kind {
        CertificateKind::LegacyAuthentication => CertificateUse::Authentication,
        CertificateKind::LegacySigning | CertificateKind::Single => CertificateUse::Signing,
    };
    assert_eq!(subject.usage, usage, "{what}");
    assert_eq!(subject.iin.is_some(), role != Role::System, "{what}");
    assert_eq!(subject.bin.is_some(), role.is_of_organisation(), "{what}");
    assert_eq!(subject.warnings, [], "{what}");
    let key = leaf.subject_public_key().unwrap();
    let (kind_of_key, bits) = match algorithm {
        KeyAlgorithm::P256 => (PublicKeyAlgorithm::P256, 256),
        KeyAlgorithm::Rsa2048 => (PublicKeyAlgorithm::Rsa, 2048),
        _ => (PublicKeyAlgorithm::Rsa, 4096),
    };
    assert_eq!((key.algorithm, key.bits()), (kind_of_key, bits), "{what}");
    let store = TrustStore::new([authority.root().clone()], &Provider);
    let issuing = [authority.issuing().clone()];
    let strict = PathPolicy::strict();
    let path = build_path(leaf, &store, &issuing, NOW, &strict, &Provider);
    assert!(path.is_ok(), "{what}: {path:?}");
}

fn assert_comes_back(identity: &Identity, kind: CertificateKind) {
    let random = SystemRandom::new();
    let mut read = Vec::new();
    let text = Pkcs12Contents::from(identity).to_pem();
    read.push((Identity::from_pem(text.as_bytes(), &random).unwrap(), 1));
    // The password of the published TEST keys.
    let password = "Qwerty12";
    let file = write_legacy_pkcs12(identity, password, &random).unwrap();
    let legacy = Identity::from_pkcs12(&file, password, &random).unwrap();
    read.push((legacy, 0));
    if kind == CertificateKind::Single {
        let file = write_pkcs12(identity, password, "Қайрат", &random).unwrap();
        let modern = Identity::from_pkcs12(&file, password, &random).unwrap();
        read.push((modern, 1));
    }
    for (read, issuers) in read {
        assert_eq!(read.leaf(), identity.leaf());
        assert_eq!(read.key().as_pkcs8(), identity.key().as_pkcs8());
        assert_eq!(read.issuers().len(), issuers);
    }
}
