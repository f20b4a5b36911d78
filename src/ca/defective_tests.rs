#![allow(
    clippy::disallowed_methods,
    reason = "tests may take the system's random source"
)]

use ring::rand::SystemRandom;
use time::OffsetDateTime;
use time::macros::datetime;

use super::*;
use crate::ca::CertificateKind;
use crate::ca::Founding;
use crate::ca::Holder;
use crate::ca::Organisation;
use crate::ca::Randomness;
use crate::crypto::Provider;
use crate::eds::CertificateUse;
use crate::eds::Subject;
use crate::eds::Warning;
use crate::keys;
use crate::model::IdentifierError;
use crate::pki;
use crate::pki::AnchorRules;
use crate::pki::PathPolicy;
use crate::pki::ProfileViolation;
use crate::pki::TrustStore;
use crate::pki::build_path;
use crate::x509::CrlReason;
use crate::x509::GeneralName;

const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 UTC);
const LATER: OffsetDateTime = datetime!(2026-11-24 10:00 UTC);
const NATIONAL_POLICY: Oid = Oid::new("1.2.398.3.3.2");

fn head() -> Application {
    Application {
        role: Role::Head,
        holder: Holder::Person {
            name: "Ким Олег".parse().unwrap(),
            iin: "850214300129".parse().unwrap(),
        },
        organisation: Some(Organisation {
            name: "Басқарма".to_owned(),
            bin: "101140900013".parse().unwrap(),
        }),
        kind: CertificateKind::Single,
        not_before: NOW,
        not_after: None,
    }
}

/// What stands in the way of a defective certificate.
#[derive(Debug)]
enum Obstacle {
    /// It cannot be read.
    Reading(x509::Error),
    /// No path leads to the root.
    Path(pki::Error),
    /// No path does for one of the wanted policies.
    Policy(pki::Error),
    /// It breaks a rule about certificates, at this depth of the path.
    Rule(usize, ProfileViolation),
    /// What it says of its holder does not fit.
    Holder(fn(&Subject) -> bool),
    /// Its key signs nothing here.
    Key { bits: usize },
}

struct World {
    authority: Authority,
    identity: DefectiveIdentity,
}

impl World {
    fn of(defect: Defect) -> Self {
        let mut authority = Authority::in_memory(7, NOW).unwrap();
        let identity = authority
            .issue_defective(defect, KeyAlgorithm::P256, head())
            .unwrap();
        Self {
            authority,
            identity,
        }
    }

    fn leaf(&self) -> Certificate {
        Certificate::from_der(&self.identity.leaf).unwrap()
    }

    fn issuer(&self, depth: usize) -> Certificate {
        self.identity.issuers[depth - 1].clone()
    }

    fn path(&self, leaf: &Certificate, policy: &PathPolicy) -> Result<(), pki::Error> {
        self.path_through(&self.identity.issuers, leaf, policy)
    }

    fn path_through(
        &self,
        issuers: &[Certificate],
        leaf: &Certificate,
        policy: &PathPolicy,
    ) -> Result<(), pki::Error> {
        let store = TrustStore::new([self.authority.root().clone()], &Provider);
        build_path(leaf, &store, issuers, LATER, policy, &Provider).map(|_| ())
    }

    /// The one thing that is wrong with the certificate.
    fn assert_refused(&self, obstacle: Obstacle) {
        let strict = PathPolicy::strict();
        let leaf = match Certificate::from_der(&self.identity.leaf) {
            Ok(leaf) => leaf,
            Err(error) => {
                assert!(
                    matches!(&obstacle, Obstacle::Reading(expected) if *expected == error),
                    "{error:?}, not {obstacle:?}"
                );
                return;
            }
        };
        let path = self.path(&leaf, &strict);
        match obstacle {
            Obstacle::Reading(expected) => panic!("{expected} was expected"),
            Obstacle::Path(expected) => assert_eq!(path, Err(expected)),
            Obstacle::Rule(depth, violation) => {
                let expected = pki::Error::ProfileViolated {
                    depth,
                    violation,
                    certificate: match depth {
                        0 => leaf,
                        depth => self.issuer(depth),
                    },
                };
                assert_eq!(path, Err(expected));
            }
            Obstacle::Policy(expected) => {
                assert_eq!(path, Ok(()));
                assert_eq!(self.path(&leaf, &wanting_a_policy()), Err(expected));
            }
            Obstacle::Holder(is_wrong) => {
                assert_eq!(path, Ok(()));
                assert!(is_wrong(&Subject::of(&leaf)));
                assert!(!is_wrong(&Subject::of(&self.identity.right)));
            }
            Obstacle::Key { bits } => {
                assert_eq!(path, Ok(()));
                let refused = self.identity.key.signer(None, SystemRandom::new());
                let Err(keys::Error::UnsupportedKey {
                    bits: Some(found), ..
                }) = refused
                else {
                    panic!("{refused:?}");
                };
                assert_eq!(found, bits);
            }
        }
    }

    /// What a defect is refused with, and nothing else.
    fn obstacle(&self, defect: Defect) -> Obstacle {
        match defect {
            Defect::AlgorithmMismatch => Obstacle::Reading(x509::Error::SignatureAlgorithmMismatch),
            Defect::BadBin => Obstacle::Holder(|subject| {
                let error = IdentifierError::ControlDigit {
                    expected: 3,
                    found: 4,
                };
                subject.warnings == [Warning::Bin(error)]
            }),
            Defect::BadIin => Obstacle::Holder(|subject| {
                let error = IdentifierError::ControlDigit {
                    expected: 9,
                    found: 0,
                };
                subject.warnings == [Warning::Iin(error)]
            }),
            Defect::BadSignature => Obstacle::Path(pki::Error::BadSignature {
                depth: 0,
                certificate: self.leaf(),
            }),
            Defect::CaExpired => Obstacle::Path(pki::Error::CertExpired {
                depth: 1,
                time: LATER,
                not_after: datetime!(2026-11-24 8:59:59 UTC),
                certificate: self.issuer(1),
            }),
            Defect::CaFalse | Defect::CaNoBasicConstraints => Obstacle::Path(pki::Error::NotCa {
                depth: 1,
                certificate: self.issuer(1),
            }),
            Defect::CaNoKeyCertSign => Obstacle::Path(pki::Error::MissingKeyCertSign {
                depth: 1,
                certificate: self.issuer(1),
            }),
            Defect::CaNoSubjectKeyIdentifier => {
                Obstacle::Rule(1, ProfileViolation::MissingSubjectKeyIdentifier)
            }
            Defect::CaVersion1 => Obstacle::Path(pki::Error::CaVersion {
                depth: 1,
                version: 1,
                certificate: self.issuer(1),
            }),
            Defect::CaWeakKey => Obstacle::Path(pki::Error::WeakAlgorithm {
                depth: 0,
                algorithm: SignatureAlgorithm::RsaPkcs1Sha256,
                bits: Some(1024),
                since: datetime!(2019-10-01 0:00 UTC),
                certificate: self.leaf(),
            }),
            Defect::CriticalKeyIdentifier => {
                let oid = oids::SUBJECT_KEY_IDENTIFIER;
                Obstacle::Rule(0, ProfileViolation::MustNotBeCritical { oid })
            }
            Defect::DuplicateExtension => {
                let oid = oids::KEY_USAGE;
                Obstacle::Reading(x509::Error::DuplicateExtension { oid })
            }
            Defect::EmptyKeyUsage => Obstacle::Rule(0, ProfileViolation::EmptyKeyUsage),
            Defect::Expired => Obstacle::Path(pki::Error::CertExpired {
                depth: 0,
                time: LATER,
                not_after: datetime!(2026-11-23 9:00 UTC),
                certificate: self.leaf(),
            }),
            Defect::ExtensionsInVersion1 => {
                Obstacle::Reading(x509::Error::UnexpectedExtensions { version: 1 })
            }
            Defect::Impostor => Obstacle::Path(pki::Error::Impostor {
                depth: 2,
                certificate: self.issuer(2),
            }),
            Defect::KeyCertSign => Obstacle::Rule(0, ProfileViolation::KeyCertSignWithoutCa),
            Defect::KeyUsageWithoutSigning | Defect::NoKeyUsage => {
                Obstacle::Holder(|subject| subject.usage == CertificateUse::Unknown)
            }
            Defect::LongSerial => Obstacle::Rule(0, ProfileViolation::SerialTooLong { octets: 21 }),
            Defect::MalformedExtension => {
                let oid = oids::KEY_USAGE;
                Obstacle::Reading(x509::Error::MalformedExtension { oid })
            }
            Defect::NegativeSerial | Defect::ZeroSerial => {
                Obstacle::Rule(0, ProfileViolation::SerialNotPositive)
            }
            Defect::NoAuthorityKeyIdentifier => {
                Obstacle::Rule(0, ProfileViolation::MissingAuthorityKeyIdentifier)
            }
            Defect::NoBin => Obstacle::Holder(|subject| subject.bin.is_none()),
            Defect::NoIin => Obstacle::Holder(|subject| subject.iin.is_none()),
            Defect::NoPolicy => Obstacle::Policy(pki::Error::NoValidPolicy {
                depth: 0,
                demanded_at: 0,
                certificate: self.leaf(),
            }),
            Defect::NoRole => Obstacle::Holder(|subject| subject.role.is_none()),
            Defect::NoSubject => Obstacle::Rule(0, ProfileViolation::EmptySubject),
            Defect::NotYetValid => Obstacle::Path(pki::Error::CertNotYetValid {
                depth: 0,
                time: LATER,
                not_before: datetime!(2027-11-24 9:00 UTC),
                certificate: self.leaf(),
            }),
            Defect::OutsideNameConstraints => Obstacle::Path(pki::Error::NameConstraintViolated {
                depth: 0,
                name: Box::new(GeneralName::DirectoryName(self.leaf().subject().clone())),
                subtree: None,
                authority: Some(1),
                certificate: self.leaf(),
            }),
            Defect::PathTooLong => Obstacle::Path(pki::Error::PathLenExceeded {
                depth: 2,
                allowed: 0,
                found: 1,
                certificate: self.issuer(2),
            }),
            Defect::PlacelessDistributionPoint => {
                Obstacle::Rule(0, ProfileViolation::PlacelessDistributionPoint)
            }
            Defect::Sha1Signature => Obstacle::Path(pki::Error::WeakAlgorithm {
                depth: 0,
                algorithm: SignatureAlgorithm::EcdsaSha1,
                bits: None,
                since: datetime!(2012-08-01 0:00 UTC),
                certificate: self.leaf(),
            }),
            Defect::UnknownCriticalExtension => {
                Obstacle::Path(pki::Error::UnknownCriticalExtension {
                    depth: 0,
                    oid: UNKNOWN,
                    certificate: self.leaf(),
                })
            }
            Defect::UnknownVersion => Obstacle::Reading(x509::Error::UnknownVersion { version: 4 }),
            Defect::WeakKey => Obstacle::Key { bits: 1024 },
            Defect::WrongIssuer => Obstacle::Path(pki::Error::NoIssuer {
                depth: 0,
                certificate: self.leaf(),
            }),
            Defect::WrongPolicy => Obstacle::Policy(pki::Error::PolicyNotWanted {
                wanted: vec![NATIONAL_POLICY],
                valid: vec![WRONG_POLICY],
            }),
            Defect::WrongRole => Obstacle::Holder(|subject| subject.role == Some(Role::Individual)),
        }
    }
}

/// The policy of the national authority is wanted. The root names none.
fn wanting_a_policy() -> PathPolicy {
    PathPolicy {
        anchor_rules: AnchorRules::Ignore,
        initial_policies: Some(vec![NATIONAL_POLICY]),
        initial_explicit_policy: true,
        ..PathPolicy::strict()
    }
}

#[test]
fn each_defect_is_refused_with_its_reason() {
    for defect in Defect::ALL {
        let world = World::of(defect);
        world.assert_refused(world.obstacle(defect));
    }
}

#[test]
fn the_authority_remembers_the_right_certificate_of_the_same_key() {
    for defect in Defect::ALL {
        let mut world = World::of(defect);
        let right = world.identity.right.clone();
        let issuing = [world.authority.issuing().clone()];
        let path = world.path_through(&issuing, &right, &wanting_a_policy());
        assert_eq!(path, Ok(()), "{defect}");
        let revoked = world
            .authority
            .revoke(right.serial(), CrlReason::Superseded, LATER);
        assert!(revoked.is_ok(), "{defect}");
        let key = right.subject_public_key_octets();
        let is_in = world
            .identity
            .leaf
            .windows(key.len())
            .any(|part| part == key);
        assert!(is_in, "{defect}");
    }
}

#[test]
fn a_seed_makes_the_same_defective_certificates_again() {
    for defect in Defect::ALL {
        let (one, other) = (World::of(defect).identity, World::of(defect).identity);
        assert_eq!(one.leaf, other.leaf, "{defect}");
        assert_eq!(one.issuers, other.issuers, "{defect}");
        assert_eq!(one.key.as_pkcs8(), other.key.as_pkcs8(), "{defect}");
    }
}

#[test]
fn an_rsa_authority_makes_the_same_defects() {
    let founding = Founding {
        algorithm: KeyAlgorithm::Rsa2048,
        ..Founding::at(NOW)
    };
    let mut authority = Authority::create(&founding, Randomness::seeded(3)).unwrap();
    let mut issue = |defect| {
        let identity = authority.issue_defective(defect, KeyAlgorithm::Rsa2048, head());
        identity.unwrap().leaf
    };
    let leaf = issue(Defect::AlgorithmMismatch);
    let mismatch = x509::Error::SignatureAlgorithmMismatch;
    assert_eq!(Certificate::from_der(&leaf).err(), Some(mismatch));
    let leaf = Certificate::from_der(&issue(Defect::Sha1Signature)).unwrap();
    let algorithm = leaf.signature_algorithm();
    assert_eq!(algorithm, Ok(SignatureAlgorithm::RsaPkcs1Sha1));
    let key = authority.issuing().subject_public_key().unwrap();
    assert_eq!(leaf.verify_signature(&key, &Provider), Ok(()));
}

#[test]
fn a_defect_of_what_is_not_there_is_refused() {
    let mut authority = Authority::in_memory(7, NOW).unwrap();
    let person = Application {
        role: Role::Individual,
        organisation: None,
        ..head()
    };
    let system = Application {
        role: Role::System,
        holder: Holder::System {
            name: "ИС".to_owned(),
        },
        ..head()
    };
    for (defect, application) in [
        (Defect::NoBin, &person),
        (Defect::BadBin, &person),
        (Defect::NoIin, &system),
        (Defect::BadIin, &system),
    ] {
        let application = application.clone();
        let role = application.role;
        let refused = authority.issue_defective(defect, KeyAlgorithm::P256, application);
        assert!(
            matches!(refused, Err(Error::DefectDoesNotApply { defect: found, role: of })
                if (found, of) == (defect, role)),
            "{defect}"
        );
    }
    let employee = authority
        .issue_defective(Defect::WrongRole, KeyAlgorithm::P256, person)
        .unwrap();
    let leaf = Certificate::from_der(&employee.leaf).unwrap();
    assert_eq!(Subject::of(&leaf).role, Some(Role::Employee));
}
