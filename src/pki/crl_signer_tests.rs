use rcgen::IsCa;
use rcgen::KeyUsagePurpose;
use time::Duration;

use crate::crypto;
use crate::crypto::Provider;
use crate::pki;
use crate::pki::Evidence;
use crate::pki::ListDistrust;
use crate::pki::NotRevoked;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::pki::TrustStore;
use crate::pki::check_revocation;
use crate::pki::check_revocation_of;
use crate::pki::ocsp::OcspResponse;
use crate::pki::ocsp::test_responder::Forge;
use crate::pki::ocsp::test_responder::delegate;
use crate::pki::test_revocation::Pki;
use crate::pki::test_revocation::check_with;
use crate::pki::test_revocation::directory_name;
use crate::pki::test_revocation::flag;
use crate::pki::test_revocation::list_with;
use crate::pki::test_revocation::number;
use crate::pki::test_revocation::path;
use crate::pki::test_revocation::point;
use crate::pki::test_revocation::points;
use crate::pki::test_revocation::scope;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::der;
use crate::x509::oids;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::extension;
use crate::x509::test_authority::raw_entry;
use crate::x509::test_authority::revoked;

#[test]
fn a_separate_key_of_the_issuer_signs_its_lists() {
    let world = World::new(|_| {});
    let list = world.signer.list(&[]);
    assert!(world.check(&[list, world.root.list(&[])]).is_ok());
}

#[test]
fn what_a_separate_key_says_against_a_certificate_counts() {
    let world = World::new(|_| {});
    let list = world.signer.list(&[revoked(&world.leaf, None)]);
    assert!(matches!(
        world.check(&[list, world.root.list(&[])]),
        Err(RevocationError::Revoked {
            depth: 0,
            reason: None,
            ..
        })
    ));
}

#[test]
fn a_revoked_signer_is_not_believed() {
    let world = World::new(|_| {});
    let list = world.signer.list(&[]);
    let entry = revoked(&world.signer.certificate, None);
    assert_eq!(
        world.check(&[list, world.root.list(&[entry])]),
        Err(distrust(ListDistrust::SignerRevocation(Box::new(
            RevocationError::Revoked {
                depth: 0,
                date: NOW - Duration::HOUR,
                reason: None,
                invalidity_date: None,
            }
        ))))
    );
}

#[test]
fn a_signer_of_whom_nothing_is_known_is_not_believed() {
    let world = World::new(|_| {});
    let unavailable = RevocationError::Unavailable { depth: 0 };
    assert_eq!(
        world.check(&[world.signer.list(&[])]),
        Err(distrust(ListDistrust::SignerRevocation(Box::new(
            unavailable
        ))))
    );
}

#[test]
fn a_signer_needs_the_usage_for_lists_and_a_valid_path() {
    let world = World::new(|signer| signer.key_usages = vec![KeyUsagePurpose::DigitalSignature]);
    let list = list_with(&world.signer, &[], &[number(7)]);
    let lists = [list, world.root.list(&[])];
    assert_eq!(world.check(&lists), Err(distrust(ListDistrust::NoCrlSign)));
    let not_after = NOW - Duration::SECOND;
    let world = World::new(|signer| signer.not_after = not_after);
    let lists = [world.signer.list(&[]), world.root.list(&[])];
    assert_eq!(
        world.check(&lists),
        Err(distrust(ListDistrust::Path(Box::new(
            pki::Error::CertExpired {
                depth: 0,
                time: NOW,
                not_after,
                certificate: world.signer.certificate,
            }
        ))))
    );
}

#[test]
fn a_signer_without_key_usage_must_be_an_authority_of_the_path_in_strict_policy() {
    let world = World::new(|signer| signer.key_usages = Vec::new());
    let list = list_with(&world.signer, &[], &[number(7)]);
    let lists = [list, world.root.list(&[])];
    assert_eq!(world.check(&lists), Err(distrust(ListDistrust::NoCrlSign)));
    assert!(world.check_by(&lists, &PathPolicy::rfc5280()).is_ok());
}

#[test]
fn a_signer_below_another_anchor_is_not_believed() {
    let world = World::new(|_| {});
    let other = TestAuthority::root("Root");
    let impostor = other.ca("CA");
    let lists = [impostor.list(&[]), world.root.list(&[])];
    let found = world.check_among(&lists, std::slice::from_ref(&impostor.certificate));
    assert!(matches!(
        found,
        Err(RevocationError::Untrusted {
            depth: 0,
            source: ListDistrust::Path(_),
        })
    ));
}

#[test]
fn an_authority_beside_the_issuer_cannot_name_a_signer_of_its_lists() {
    let world = World::new(|_| {});
    let neighbour = world.root.ca("Neighbour");
    let impostor = neighbour.ca_with("CA", |signer| {
        signer.is_ca = IsCa::ExplicitNoCa;
        signer.key_usages = vec![KeyUsagePurpose::CrlSign];
    });
    let lists = [
        impostor.list(&[]),
        neighbour.list(&[]),
        world.root.list(&[]),
    ];
    let certificates = [impostor.certificate, neighbour.certificate];
    assert_eq!(
        world.check_among(&lists, &certificates),
        Err(distrust(ListDistrust::OtherAuthority))
    );
}

#[test]
fn a_signer_cannot_vouch_for_itself_unless_the_authority_says_so() {
    let by_itself = |change: fn(&mut rcgen::CertificateParams, &TestAuthority)| {
        let root = TestAuthority::root("Root");
        let signer = root.ca_with("Root", |signer| {
            signer.is_ca = IsCa::ExplicitNoCa;
            signer.key_usages = vec![KeyUsagePurpose::CrlSign];
            change(signer, &root);
        });
        let leaf = root.leaf("Leaf");
        let lists = [signer.list(&[])];
        let certificates = [signer.certificate];
        let evidence = Evidence {
            lists: &lists,
            certificates: &certificates,
            ..Evidence::default()
        };
        let path = path(&leaf, &[&root]);
        check_with(&path, &evidence, &PathPolicy::strict())
    };
    let unproven = by_itself(|_, _| {});
    let Err(RevocationError::Untrusted {
        depth: 0,
        source: ListDistrust::SignerRevocation(source),
    }) = unproven
    else {
        panic!("{unproven:?}");
    };
    assert_eq!(*source, distrust(ListDistrust::Circle));
    let said = by_itself(|signer, root| {
        let own = [directory_name(&root.certificate)];
        let of_itself = points(&[point(&own, &[], &own)]);
        signer.custom_extensions.push(of_itself);
    });
    assert!(said.is_ok(), "{said:?}");
}

#[test]
fn signers_that_vouch_for_each_other_are_not_believed() {
    let root = TestAuthority::root("Root");
    let [one, other] = ["One", "Other"].map(|name| {
        let of_other = if name == "One" { "Other" } else { "One" };
        let issuer = [der::context(4, &name_of(of_other))];
        root.ca_with(name, |signer| {
            signer.is_ca = IsCa::ExplicitNoCa;
            signer.key_usages = vec![KeyUsagePurpose::CrlSign];
            signer
                .custom_extensions
                .push(points(&[point(&[], &[], &issuer)]));
        })
    });
    let issuer = [directory_name(&one.certificate)];
    let leaf = root.leaf_with("Leaf", |leaf| {
        leaf.custom_extensions
            .push(points(&[point(&[], &[], &issuer)]));
    });
    let indirect = scope(&[], &[flag(4)]);
    let lists = [&one, &other].map(|signer| list_with(signer, &[], &[number(7), indirect.clone()]));
    let certificates = [one.certificate, other.certificate];
    let evidence = Evidence {
        lists: &lists,
        certificates: &certificates,
        ..Evidence::default()
    };
    let path = path(&leaf, &[&root]);
    let found = check_with(&path, &evidence, &PathPolicy::strict());
    assert!(matches!(
        found,
        Err(RevocationError::Untrusted {
            depth: 0,
            source: ListDistrust::SignerRevocation(_),
        })
    ));
}

#[test]
fn who_is_named_in_the_certificate_revokes_it_by_an_indirect_list() {
    let root = TestAuthority::root("Root");
    let service = root.ca("Service");
    let issuer = [directory_name(&service.certificate)];
    let leaf = root.leaf_with("Leaf", |leaf| {
        leaf.custom_extensions
            .push(points(&[point(&[], &[], &issuer)]));
    });
    let of_root = der::sequence(&[directory_name(&root.certificate)]);
    let of_root = extension(oids::CERTIFICATE_ISSUER, true, &of_root);
    let of_others = raw_entry(&leaf, &[]);
    let ours = raw_entry(&leaf, &[of_root]);
    let certificates = [service.certificate.clone()];
    let check = |entry: Vec<u8>| {
        let extensions = [number(7), scope(&[], &[flag(4)])];
        // The service's own certificate is on the list of the root.
        let about_service = for_authorities(&root);
        let lists = [list_with(&service, &[entry], &extensions), about_service];
        let evidence = Evidence {
            lists: &lists,
            certificates: &certificates,
            ..Evidence::default()
        };
        check_with(&path(&leaf, &[&root]), &evidence, &PathPolicy::strict())
    };
    assert!(check(of_others).is_ok(), "the same number of the service");
    assert!(matches!(
        check(ours),
        Err(RevocationError::Revoked { depth: 0, .. })
    ));
}

#[test]
fn an_unknown_signer_is_told_as_such() {
    let root = TestAuthority::root("Root");
    let service = root.ca("Service");
    let issuer = [directory_name(&service.certificate)];
    let leaf = root.leaf_with("Leaf", |leaf| {
        leaf.custom_extensions
            .push(points(&[point(&[], &[], &issuer)]));
    });
    let lists = [list_with(
        &service,
        &[],
        &[number(7), scope(&[], &[flag(4)])],
    )];
    let evidence = Evidence {
        lists: &lists,
        ..Evidence::default()
    };
    assert_eq!(
        check_with(&path(&leaf, &[&root]), &evidence, &PathPolicy::strict()),
        Err(distrust(ListDistrust::SignerUnknown))
    );
}

#[test]
fn of_several_keys_the_failure_that_tells_most_is_reported() {
    let world = World::new(|_| {});
    let stranger = TestAuthority::root("CA");
    let lists = [stranger.list(&[]), world.root.list(&[])];
    assert_eq!(
        world.check(&lists),
        Err(distrust(ListDistrust::Signature(
            crypto::Error::BadSignature
        )))
    );
}

#[test]
fn one_certificate_alone_is_asked_of_its_issuers_own_key() {
    let world = World::new(|_| {});
    let ask = |list: CertificateList| {
        let lists = [list];
        let evidence = Evidence {
            lists: &lists,
            ..Evidence::default()
        };
        let (leaf, ca) = (&world.leaf, &world.ca.certificate);
        check_revocation_of(leaf, ca, &evidence, NOW, &PathPolicy::strict(), &Provider)
    };
    assert_eq!(ask(world.ca.list(&[])), Ok(()));
    assert!(ask(world.signer.list(&[])).is_err());
    let hold = revoked(&world.leaf, Some(rcgen::RevocationReason::CertificateHold));
    assert!(matches!(
        ask(world.ca.list(&[hold])),
        Err(RevocationError::Revoked {
            reason: Some(CrlReason::CertificateHold),
            ..
        })
    ));
}

#[test]
fn another_key_of_the_authority_may_sign_its_lists() {
    let pki = Pki::new();
    let second = pki.root.ca("CA");
    let lists = [second.list(&[]), pki.root.list(&[])];
    assert!(check_beside(&pki, &lists, &[], &[second.certificate]).is_ok());
}

#[test]
fn a_namesake_under_another_authority_of_the_anchor_does_not_speak_for_this_one() {
    let pki = Pki::new();
    let other = pki.root.ca("Other");
    let namesake = other.ca("CA");
    let signer = namesake.ca("CA");
    let lists = [&signer, &namesake, &other, &pki.root].map(|authority| authority.list(&[]));
    let certificates = [signer, namesake, other].map(|authority| authority.certificate);
    let refused = check_beside(&pki, &lists, &[], &certificates).unwrap_err();
    assert!(
        matches!(
            refused,
            RevocationError::Untrusted {
                depth: 0,
                source: ListDistrust::OtherAuthority | ListDistrust::Path(_),
            }
        ),
        "{refused:?}"
    );
}

#[test]
fn a_responder_that_an_authority_names_like_its_issuer_does_not_speak_for_that_one() {
    let pki = Pki::new();
    let responder = delegate(&pki.ca, |params| {
        let mut name = rcgen::DistinguishedName::new();
        name.push(rcgen::DnType::CommonName, "Root");
        params.distinguished_name = name;
        params.key_usages.push(rcgen::KeyUsagePurpose::CrlSign);
    });
    let good = Forge::good(&pki.leaf, &pki.ca.certificate, &responder.certificate);
    let good = OcspResponse::from_der(&good.build(&responder)).unwrap();
    // The list of the authority shows its responder; that of the responder would show the authority.
    let for_responder = pki.ca.list(&[]);
    let by_responder = responder.list(&[]);
    let certificates = [responder.certificate];
    assert_eq!(
        check_beside(&pki, &[for_responder, by_responder], &[good], &certificates),
        Err(RevocationError::Untrusted {
            depth: 1,
            source: ListDistrust::OtherAuthority,
        })
    );
}

/// An authority whose lists another key of the same name signs.
struct World {
    root: TestAuthority,
    ca: TestAuthority,
    signer: TestAuthority,
    leaf: Certificate,
}

impl World {
    fn new(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Self {
        let root = TestAuthority::root("Root");
        let ca = root.ca("CA");
        let signer = root.ca_with("CA", |signer| {
            signer.is_ca = IsCa::ExplicitNoCa;
            signer.key_usages = vec![KeyUsagePurpose::CrlSign];
            change(signer);
        });
        let leaf = ca.leaf("Leaf");
        Self {
            root,
            ca,
            signer,
            leaf,
        }
    }

    fn check(&self, lists: &[CertificateList]) -> Result<NotRevoked, RevocationError> {
        self.check_by(lists, &PathPolicy::strict())
    }

    fn check_by(
        &self,
        lists: &[CertificateList],
        policy: &PathPolicy,
    ) -> Result<NotRevoked, RevocationError> {
        let certificates = [self.signer.certificate.clone()];
        let evidence = Evidence {
            lists,
            certificates: &certificates,
            ..Evidence::default()
        };
        let path = path(&self.leaf, &[&self.root, &self.ca]);
        check_with(&path, &evidence, policy)
    }

    fn check_among(
        &self,
        lists: &[CertificateList],
        certificates: &[Certificate],
    ) -> Result<NotRevoked, RevocationError> {
        let evidence = Evidence {
            lists,
            certificates,
            ..Evidence::default()
        };
        let path = path(&self.leaf, &[&self.root, &self.ca]);
        check_with(&path, &evidence, &PathPolicy::strict())
    }
}

fn distrust(source: ListDistrust) -> RevocationError {
    RevocationError::Untrusted { depth: 0, source }
}

/// A list that says nothing about end entities.
fn for_authorities(authority: &TestAuthority) -> CertificateList {
    list_with(authority, &[], &[number(7), scope(&[], &[flag(2)])])
}

/// The distinguished name that a test authority of this name has.
fn name_of(common_name: &str) -> Vec<u8> {
    let attribute = der::sequence(&[der::oid(&oids::COMMON_NAME), der::utf8_string(common_name)]);
    der::sequence(&[der::set_of(&[attribute])])
}

fn check_beside(
    pki: &Pki,
    lists: &[CertificateList],
    responses: &[OcspResponse],
    certificates: &[Certificate],
) -> Result<NotRevoked, RevocationError> {
    let path = path(&pki.leaf, &[&pki.root, &pki.ca]);
    let store = TrustStore::from_anchors([path.anchor().clone()], []);
    let evidence = Evidence {
        lists,
        responses,
        certificates,
        ..Evidence::default()
    };
    check_revocation(
        &path,
        &store,
        &evidence,
        NOW,
        &PathPolicy::strict(),
        &Provider,
    )
}
