//! Our own verdicts on the material.

use ruqsat::crypto::Provider;
use ruqsat::pki::Evidence;
use ruqsat::pki::NotRevoked;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::TrustStore;
use ruqsat::pki::VerifiedCertificateList;
use ruqsat::pki::build_path;
use ruqsat::pki::check_revocation;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::Oid;

use super::Case;
use super::NOW;
use super::PKITS_MOMENT;
use super::ThreeCertificates;

/// Everything from bytes: three certificates and two lists are read, four signatures verified.
pub(crate) fn cold(material: &ThreeCertificates) -> NotRevoked {
    let lists = [&material.root_list, &material.ca_list];
    let lists = lists.map(|der| CertificateList::from_der(der).unwrap());
    let evidence = Evidence {
        lists: &lists,
        ..Evidence::default()
    };
    judge(material, &evidence)
}

/// The certificates from bytes, with lists whose signatures were verified before.
pub(crate) fn warm(material: &ThreeCertificates, lists: &[VerifiedCertificateList]) -> NotRevoked {
    let evidence = Evidence {
        verified_lists: lists,
        ..Evidence::default()
    };
    judge(material, &evidence)
}

fn judge(material: &ThreeCertificates, evidence: &Evidence<'_>) -> NotRevoked {
    let read = |der: &[u8]| Certificate::from_der(der).unwrap();
    let (leaf, ca) = (read(&material.leaf), read(&material.ca));
    let store = TrustStore::from_anchors([read(&material.root)], []);
    let policy = PathPolicy::strict();
    let path = build_path(&leaf, &store, &[ca], NOW, &policy, &Provider).unwrap();
    check_revocation(&path, &store, evidence, NOW, &policy, &Provider).unwrap()
}

/// Whether a case of PKITS is valid, everything from bytes. Without a verifier for DSA, as here, two
/// cases that are valid are not.
pub(crate) fn is_valid(case: &Case, anchor: &[u8]) -> bool {
    let Ok(anchor) = Certificate::from_der(anchor) else {
        return false;
    };
    let Ok(leaf) = Certificate::from_der(&case.leaf) else {
        return false;
    };
    let others: Vec<Certificate> = case
        .others
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
        .collect();
    let store = TrustStore::from_anchors([anchor], []);
    let policies = case.policies.as_ref();
    let policy = PathPolicy {
        initial_policies: policies.map(|all| {
            all.iter()
                .map(|text| text.parse::<Oid>().unwrap())
                .collect()
        }),
        initial_explicit_policy: case.explicit_policy,
        initial_policy_mapping_inhibit: case.mapping_inhibit,
        initial_any_policy_inhibit: case.any_policy_inhibit,
        ..PathPolicy::rfc5280()
    };
    let Ok(path) = build_path(&leaf, &store, &others, PKITS_MOMENT, &policy, &Provider) else {
        return false;
    };
    if !case.asks_revocation {
        return true;
    }
    let lists: Vec<CertificateList> = case
        .lists
        .iter()
        .filter_map(|der| CertificateList::from_der(der).ok())
        .collect();
    let evidence = Evidence {
        lists: &lists,
        certificates: &others,
        ..Evidence::default()
    };
    check_revocation(&path, &store, &evidence, PKITS_MOMENT, &policy, &Provider).is_ok()
}
