//! Paths with one defect each beyond those of names and signatures.

use std::cell::Cell;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::SanType;
use time::Duration;

use crate::crypto;
use crate::crypto::Provider;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::pki::AnchorRules;
use crate::pki::BudgetExceeded;
use crate::pki::Error;
use crate::pki::Limits;
use crate::pki::PathPolicy;
use crate::pki::ProfileRules;
use crate::pki::TrustStore;
use crate::pki::Unit;
use crate::pki::ValidatedPath;
use crate::pki::build_path;
use crate::x509::Certificate;
use crate::x509::GeneralName;
use crate::x509::KeyUsage;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::oids;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::custom_extension;

#[test]
fn a_name_outside_of_what_an_authority_may_certify_is_refused() {
    let pki = Pki::new(|ca| permit(ca, "example.kz"), |leaf| san(leaf, "other.kz"));
    assert_eq!(
        pki.build(),
        Err(Error::NameConstraintViolated {
            depth: 0,
            name: dns("other.kz"),
            subtree: None,
            authority: Some(1),
            certificate: pki.leaf,
        })
    );
    let pki = Pki::new(
        |ca| permit(ca, "example.kz"),
        |leaf| san(leaf, "a.example.kz"),
    );
    assert!(pki.build().is_ok());
}

#[test]
fn a_name_inside_of_what_an_authority_may_not_certify_is_refused() {
    let pki = Pki::new(
        |ca| exclude(ca, "example.kz"),
        |leaf| san(leaf, "a.example.kz"),
    );
    assert_eq!(
        pki.build(),
        Err(Error::NameConstraintViolated {
            depth: 0,
            name: dns("a.example.kz"),
            subtree: Some(dns("example.kz")),
            authority: Some(1),
            certificate: pki.leaf,
        })
    );
}

#[test]
fn a_name_that_cannot_be_held_against_its_constraint_is_refused() {
    let pki = Pki::new(|ca| permit(ca, "*.kz"), |leaf| san(leaf, "a.example.kz"));
    assert_eq!(
        pki.build(),
        Err(Error::NameNotJudged {
            depth: 0,
            name: dns("a.example.kz"),
            authority: Some(1),
            certificate: pki.leaf,
        })
    );
}

#[test]
fn an_address_in_the_subject_is_bound_like_an_alternative_name() {
    let address = custom_address("a@other.kz");
    let pki = Pki::new(
        |ca| constrain(ca, 0, &der::context_primitive(1, b"example.kz")),
        |leaf| {
            let oid = rcgen::DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1]);
            leaf.distinguished_name.push(oid, "a@other.kz");
        },
    );
    assert_eq!(
        pki.build(),
        Err(Error::NameConstraintViolated {
            depth: 0,
            name: address,
            subtree: None,
            authority: Some(1),
            certificate: pki.leaf,
        })
    );
}

#[test]
fn constraints_of_all_authorities_bind_together() {
    let root = TestAuthority::root("Root");
    let ca = root.ca_with("CA", |ca| permit(ca, "example.kz"));
    let sub_ca = ca.ca_with("Sub CA", |ca| permit(ca, "a.example.kz"));
    let within = sub_ca.leaf_with("Leaf", |leaf| san(leaf, "a.example.kz"));
    let widened = sub_ca.leaf_with("Leaf", |leaf| san(leaf, "b.example.kz"));
    let extra = [ca.certificate, sub_ca.certificate];
    assert!(build(&within, &root, &extra, &policy()).is_ok());
    let error = build(&widened, &root, &extra, &policy()).unwrap_err();
    assert!(
        matches!(
            error,
            Error::NameConstraintViolated {
                authority: Some(1),
                ..
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_new_key_of_an_authority_need_not_keep_its_name_constraints() {
    let root = TestAuthority::root("Root");
    let ca = root.ca_with("CA", |ca| permit(ca, "example.kz"));
    let new_key = ca.ca_with("CA", |ca| san(ca, "other.kz"));
    let leaf = new_key.leaf_with("Leaf", |leaf| san(leaf, "example.kz"));
    let extra = [ca.certificate, new_key.certificate];
    assert!(build(&leaf, &root, &extra, &policy()).is_ok());
}

#[test]
fn the_policy_can_set_name_constraints_of_its_own() {
    let pki = Pki::new(|_| {}, |leaf| san(leaf, "other.kz"));
    let name = || *dns("other.kz");
    let permitted = PathPolicy {
        initial_permitted_subtrees: vec![name()],
        ..policy()
    };
    assert!(pki.build_with(&permitted).is_ok());
    let excluded = PathPolicy {
        initial_excluded_subtrees: vec![name()],
        ..policy()
    };
    assert_eq!(
        pki.build_with(&excluded),
        Err(Error::NameConstraintViolated {
            depth: 0,
            name: dns("other.kz"),
            subtree: Some(dns("other.kz")),
            authority: None,
            certificate: pki.leaf,
        })
    );
}

#[test]
fn names_and_constraints_made_to_multiply_are_stopped() {
    let bases: Vec<_> = (0..600).map(|i| format!("{i}.kz")).collect();
    let pki = Pki::new(
        |ca| {
            let subtrees = bases
                .iter()
                .map(|base| der::sequence(&[der::context_primitive(2, base.as_bytes())]));
            let subtrees = subtrees.collect::<Vec<_>>().concat();
            let value = der::sequence(&[der::context(1, &subtrees)]);
            add(ca, oids::NAME_CONSTRAINTS, &value);
        },
        |leaf| (0..600).for_each(|i| san(leaf, &format!("a{i}.example.kz"))),
    );
    let exceeded = BudgetExceeded {
        unit: Unit::Names,
        limit: Limits::strict().names,
    };
    assert_eq!(pki.build(), Err(exceeded.into()));
}

#[test]
fn a_policy_that_is_demanded_must_be_valid_for_the_whole_path() {
    let explicit = PathPolicy {
        initial_explicit_policy: true,
        ..policy()
    };
    let pki = Pki::new(|ca| policies(ca, &[A, B]), |leaf| policies(leaf, &[B]));
    let path = pki.build_with(&explicit).unwrap();
    assert_eq!(path.valid_policies(), [B]);

    let pki = Pki::new(|ca| policies(ca, &[A]), |leaf| policies(leaf, &[B]));
    let path = pki.build().unwrap();
    assert!(path.valid_policies().is_empty());
    assert_eq!(
        pki.build_with(&explicit),
        Err(Error::NoValidPolicy {
            depth: 0,
            demanded_at: 0,
            certificate: pki.leaf,
        })
    );

    let pki = Pki::new(|_| {}, |leaf| policies(leaf, &[A]));
    assert_eq!(
        pki.build_with(&explicit),
        Err(Error::NoValidPolicy {
            depth: 1,
            demanded_at: 1,
            certificate: pki.ca.certificate,
        })
    );
}

#[test]
fn an_authority_can_demand_a_policy_and_so_can_the_end_entity() {
    let demand = der::sequence(&[der::context_primitive(0, &[0])]);
    let by_ca = Pki::new(
        |ca| {
            policies(ca, &[A]);
            add(ca, oids::POLICY_CONSTRAINTS, &demand);
        },
        |_| {},
    );
    let by_leaf = Pki::new(|_| {}, |leaf| add(leaf, oids::POLICY_CONSTRAINTS, &demand));
    for (pki, depth) in [(by_ca, 0), (by_leaf, 1)] {
        let error = pki.build().unwrap_err();
        let Error::NoValidPolicy {
            depth: ended,
            demanded_at: 0,
            ..
        } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(ended, depth);
    }
}

#[test]
fn a_path_for_other_policies_than_the_wanted_is_refused_where_one_is_demanded() {
    let pki = Pki::new(|ca| policies(ca, &[A]), |leaf| policies(leaf, &[A]));
    let wanted = |explicit| PathPolicy {
        initial_policies: Some(vec![B]),
        initial_explicit_policy: explicit,
        ..policy()
    };
    let path = pki.build_with(&wanted(false)).unwrap();
    assert!(path.valid_policies().is_empty());
    assert_eq!(
        pki.build_with(&wanted(true)),
        Err(Error::PolicyNotWanted {
            wanted: vec![B],
            valid: vec![A],
        })
    );
    let any = PathPolicy {
        initial_policies: Some(vec![B, oids::ANY_POLICY]),
        ..wanted(true)
    };
    assert_eq!(pki.build_with(&any).unwrap().valid_policies(), [A]);
}

#[test]
fn any_policy_is_valid_for_the_wanted_ones_until_it_is_inhibited() {
    let any = [oids::ANY_POLICY];
    let pki = Pki::new(|ca| policies(ca, &any), |leaf| policies(leaf, &any));
    let wanted = PathPolicy {
        initial_policies: Some(vec![A]),
        initial_explicit_policy: true,
        ..policy()
    };
    let path = pki.build_with(&wanted).unwrap();
    assert_eq!(path.valid_policies(), [A]);
    let inhibited = PathPolicy {
        initial_any_policy_inhibit: true,
        ..wanted
    };
    let error = pki.build_with(&inhibited).unwrap_err();
    assert!(matches!(error, Error::NoValidPolicy { depth: 1, .. }));

    let pki = Pki::new(
        |ca| {
            policies(ca, &any);
            add(ca, oids::INHIBIT_ANY_POLICY, &der::unsigned(0));
        },
        |leaf| policies(leaf, &any),
    );
    let error = pki
        .build_with(&PathPolicy {
            initial_any_policy_inhibit: false,
            ..inhibited
        })
        .unwrap_err();
    assert!(matches!(error, Error::NoValidPolicy { depth: 0, .. }));
}

#[test]
fn a_mapped_policy_is_valid_unless_mapping_is_inhibited() {
    let pki = Pki::new(
        |ca| {
            policies(ca, &[A]);
            map(ca, A, B);
        },
        |leaf| policies(leaf, &[B]),
    );
    let explicit = PathPolicy {
        initial_explicit_policy: true,
        ..policy()
    };
    let path = pki.build_with(&explicit).unwrap();
    assert_eq!(path.valid_policies(), [A]);
    let inhibited = PathPolicy {
        initial_policy_mapping_inhibit: true,
        ..explicit
    };
    let error = pki.build_with(&inhibited).unwrap_err();
    assert!(matches!(error, Error::NoValidPolicy { depth: 1, .. }));
}

#[test]
fn any_policy_is_never_mapped() {
    for (issuer, subject) in [(A, oids::ANY_POLICY), (oids::ANY_POLICY, A)] {
        let pki = Pki::new(|ca| map(ca, issuer, subject), |_| {});
        assert_eq!(
            pki.build(),
            Err(Error::MappingOfAnyPolicy {
                depth: 1,
                certificate: pki.ca.certificate.clone(),
            })
        );
    }
}

#[test]
fn what_binds_an_anchor_binds_its_path_only_where_the_policy_says_so() {
    let limit: fn(&mut CertificateParams) =
        |root| root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let name: fn(&mut CertificateParams) = |root| permit(root, "example.kz");
    let demand: fn(&mut CertificateParams) = |root| {
        let value = der::sequence(&[der::context_primitive(0, &[0])]);
        add(root, oids::POLICY_CONSTRAINTS, &value);
    };
    let expired: fn(&mut CertificateParams) = |root| root.not_after = NOW - Duration::DAY;
    for (change, place) in [(limit, 2), (name, 0), (demand, 1), (expired, 2)] {
        let root = TestAuthority::root_with("Root", change);
        let ca = root.ca("CA");
        let leaf = ca.leaf_with("Leaf", |leaf| san(leaf, "other.kz"));
        let extra = [ca.certificate];
        let error = build(&leaf, &root, &extra, &policy()).unwrap_err();
        assert_eq!(error.depth(), Some(place), "{error:?}");
        let ignoring = PathPolicy {
            anchor_rules: AnchorRules::Ignore,
            ..policy()
        };
        assert!(build(&leaf, &root, &extra, &ignoring).is_ok());
    }
}

#[test]
fn an_anchor_without_policies_binds_to_none() {
    let pki = Pki::new(|ca| policies(ca, &[A]), |leaf| policies(leaf, &[A]));
    let explicit = PathPolicy {
        initial_explicit_policy: true,
        ..policy()
    };
    assert!(pki.build_with(&explicit).is_ok());
    let root = TestAuthority::root_with("Root", |root| policies(root, &[B]));
    let ca = root.ca_with("CA", |ca| policies(ca, &[A]));
    let leaf = ca.leaf_with("Leaf", |leaf| policies(leaf, &[A]));
    let error = build(&leaf, &root, &[ca.certificate], &explicit).unwrap_err();
    assert!(matches!(error, Error::NoValidPolicy { depth: 1, .. }));
}

#[test]
fn a_key_must_be_allowed_for_what_it_is_wanted() {
    let email = Oid::new("1.3.6.1.5.5.7.3.4");
    let time_stamping = Oid::new("1.3.6.1.5.5.7.3.8");
    let pki = Pki::new(
        |_| {},
        |leaf| leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection],
    );
    let wanted = |purposes: &[Oid], bits| PathPolicy {
        extended_key_usage: purposes.to_vec(),
        key_usage: KeyUsage::from_bits(bits),
        ..policy()
    };
    assert!(pki.build_with(&wanted(&[email], 1)).is_ok());
    assert_eq!(
        pki.build_with(&wanted(&[email, time_stamping], 1)),
        Err(Error::MissingExtendedKeyUsage {
            purpose: time_stamping,
            certificate: pki.leaf.clone(),
        })
    );
    assert_eq!(
        pki.build_with(&wanted(&[email], 3)),
        Err(Error::MissingKeyUsage {
            wanted: KeyUsage::from_bits(3),
            certificate: pki.leaf,
        })
    );
    let any = Pki::new(
        |_| {},
        |leaf| leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any],
    );
    assert!(any.build_with(&wanted(&[time_stamping], 1)).is_ok());
}

#[test]
fn the_policy_can_limit_the_length_of_a_path() {
    let pki = Pki::new(|_| {}, |_| {});
    let limited = |limit| PathPolicy {
        max_path_len: Some(limit),
        ..policy()
    };
    assert!(pki.build_with(&limited(1)).is_ok());
    assert_eq!(
        pki.build_with(&limited(0)),
        Err(Error::TooManyIntermediates {
            allowed: 0,
            found: 1,
        })
    );
}

#[test]
fn of_several_certificates_of_an_authority_the_one_that_permits_the_name_is_found() {
    let root = TestAuthority::root("Root");
    let other = TestAuthority::root("Other root");
    let ca = root.ca_with("CA", |ca| permit(ca, "example.kz"));
    let cross = other.certify(&ca, |ca| {
        ca.custom_extensions.clear();
        permit(ca, "other.kz");
    });
    let leaf = ca.leaf_with("Leaf", |leaf| san(leaf, "a.other.kz"));
    let anchors = [root.certificate, other.certificate.clone()];
    let store = TrustStore::from_anchors(anchors, []);
    let extra = [ca.certificate, cross.clone()];
    let path = build_path(&leaf, &store, &extra, NOW, &policy(), &Provider).unwrap();
    assert_eq!(path.certificates(), [leaf, cross, other.certificate]);
}

#[test]
fn an_anchor_that_has_expired_can_be_certified_by_another() {
    let other = TestAuthority::root("Other root");
    let root = TestAuthority::root_with("Root", |root| root.not_after = NOW - Duration::DAY);
    let cross = other.certify(&root, |root| root.not_after = NOW + Duration::DAY);
    let leaf = root.leaf("Leaf");
    let anchors = [root.certificate, other.certificate.clone()];
    let store = TrustStore::from_anchors(anchors, []);
    let extra = [cross.clone()];
    let path = build_path(&leaf, &store, &extra, NOW, &policy(), &Provider).unwrap();
    assert_eq!(path.certificates(), [leaf, cross, other.certificate]);
}

#[test]
fn of_several_failures_the_one_nearest_to_the_end_entity_is_told() {
    let root = TestAuthority::root("Root");
    let ca = root.ca("CA");
    let expired = root.certify(&ca, |ca| ca.not_after = NOW - Duration::DAY);
    let leaf = ca.leaf_with("Leaf", |leaf| leaf.not_after = NOW - Duration::DAY);
    for extra in [
        [ca.certificate.clone(), expired.clone()],
        [expired, ca.certificate],
    ] {
        let error = build(&leaf, &root, &extra, &policy()).unwrap_err();
        assert_eq!(error.depth(), Some(0), "{error:?}");
    }
}

/// Twelve authorities that certify each other, and so some hundred million paths to the anchor.
#[test]
fn where_no_path_through_a_certificate_can_be_valid_they_are_not_all_tried() {
    let expire: fn(&mut CertificateParams) = |leaf| leaf.not_after = NOW - Duration::DAY;
    let root = TestAuthority::root("Root");
    let all: Vec<_> = (0..12).map(|i| root.ca(&format!("CA {i}"))).collect();
    let mut extra: Vec<_> = all.iter().map(|ca| ca.certificate.clone()).collect();
    for (one, other) in all
        .iter()
        .flat_map(|ca| all.iter().map(move |other| (ca, other)))
    {
        extra.push(one.certify(other, |_| {}));
    }
    let leaf = all[0].leaf_with("Leaf", expire);
    let error = build(&leaf, &root, &extra, &policy()).unwrap_err();
    assert!(matches!(error, Error::CertExpired { depth: 0, .. }));
    // Where only all paths together could tell, the budget ends it.
    let demanding = PathPolicy {
        initial_explicit_policy: true,
        ..policy()
    };
    let exceeded = BudgetExceeded {
        unit: Unit::Steps,
        limit: Limits::strict().steps,
    };
    let leaf = all[0].leaf("Leaf");
    assert_eq!(
        build(&leaf, &root, &extra, &demanding),
        Err(exceeded.into())
    );
}

#[test]
fn each_signature_is_verified_once() {
    let root = TestAuthority::root("Root");
    let ca = root.ca("CA");
    let leaf = ca.leaf_with("Leaf", |leaf| san(leaf, "a.example.kz"));
    // Ten certificates of the same key: the end entity is not asked again for each.
    let extra: Vec<_> = (0..10)
        .map(|_| root.certify(&ca, |ca| exclude(ca, "example.kz")))
        .collect();
    let counter = Counter(Cell::new(0));
    let store = TrustStore::from_anchors([root.certificate], []);
    let path = build_path(&leaf, &store, &extra, NOW, &policy(), &counter);
    assert!(matches!(path, Err(Error::NameConstraintViolated { .. })));
    assert_eq!(counter.0.get(), 1 + 10);
}

struct Counter(Cell<usize>);

impl SignatureVerifier for Counter {
    fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &SubjectPublicKey<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), crypto::Error> {
        self.0.set(self.0.get() + 1);
        Provider.verify(algorithm, key, message, signature)
    }
}

struct Pki {
    root: TestAuthority,
    ca: TestAuthority,
    leaf: Certificate,
}

impl Pki {
    fn new(
        ca: impl FnOnce(&mut CertificateParams),
        leaf: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        let root = TestAuthority::root("Root");
        let ca = root.ca_with("CA", ca);
        let leaf = ca.leaf_with("Leaf", leaf);
        Self { root, ca, leaf }
    }

    fn build(&self) -> Result<ValidatedPath, Error> {
        self.build_with(&policy())
    }

    fn build_with(&self, policy: &PathPolicy) -> Result<ValidatedPath, Error> {
        let extra = std::slice::from_ref(&self.ca.certificate);
        build(&self.leaf, &self.root, extra, policy)
    }
}

fn build(
    leaf: &Certificate,
    root: &TestAuthority,
    extra: &[Certificate],
    policy: &PathPolicy,
) -> Result<ValidatedPath, Error> {
    let store = TrustStore::from_anchors([root.certificate.clone()], []);
    build_path(leaf, &store, extra, NOW, policy, &Provider)
}

/// RFC 5280 §6.1, the anchor judged too; whether the certificates keep §4 is tested elsewhere.
fn policy() -> PathPolicy {
    PathPolicy {
        profile_rules: ProfileRules::None,
        ..PathPolicy::strict()
    }
}

fn add(params: &mut CertificateParams, oid: Oid, value: &[u8]) {
    let extension = custom_extension(oid, true, value);
    params.custom_extensions.push(extension);
}

fn permit(params: &mut CertificateParams, domain: &str) {
    constrain(params, 0, &der::context_primitive(2, domain.as_bytes()));
}

fn exclude(params: &mut CertificateParams, domain: &str) {
    constrain(params, 1, &der::context_primitive(2, domain.as_bytes()));
}

fn constrain(params: &mut CertificateParams, kind: u8, base: &[u8]) {
    let subtrees = der::context(kind, &der::sequence(&[base]));
    add(params, oids::NAME_CONSTRAINTS, &der::sequence(&[subtrees]));
}

fn san(params: &mut CertificateParams, domain: &str) {
    let name = SanType::DnsName(domain.try_into().unwrap());
    params.subject_alt_names.push(name);
}

fn policies(params: &mut CertificateParams, policies: &[Oid]) {
    let policies = policies
        .iter()
        .map(|policy| der::sequence(&[der::oid(policy)]));
    let value = der::sequence(&policies.collect::<Vec<_>>());
    add(params, oids::CERTIFICATE_POLICIES, &value);
}

fn map(params: &mut CertificateParams, issuer: Oid, subject: Oid) {
    let pair = der::sequence(&[der::oid(&issuer), der::oid(&subject)]);
    add(params, oids::POLICY_MAPPINGS, &der::sequence(&[pair]));
}

fn dns(domain: &str) -> Box<GeneralName> {
    Box::new(GeneralName::DnsName(domain.into()))
}

fn custom_address(address: &str) -> Box<GeneralName> {
    Box::new(GeneralName::Rfc822Name(address.into()))
}

const A: Oid = Oid::new("2.999.1");
const B: Oid = Oid::new("2.999.2");
