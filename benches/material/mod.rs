//! What the speed of paths is measured on: three RSA-2048 certificates and the two lists that cover
//! them, with new keys, and the cases of PKITS.
#![allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "each program measures its part, makes its own keys and stops where something is wrong"
)]

pub(crate) mod ours;

use std::fs;
use std::path::Path;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CertificateRevocationListParams;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyIdMethod;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::RevokedCertParams;
use rcgen::SerialNumber;
use ring::rand::SystemRandom;
use ruqsat::crypto::generate_rsa;
use serde_json::Value;
use time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

/// When the path is valid and the lists are current.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);
/// The moment of all cases of PKITS.
pub(crate) const PKITS_MOMENT: OffsetDateTime = datetime!(2023-11-01 0:00 UTC);

/// Four signatures: of two certificates below the anchor and of their lists. All in DER.
pub(crate) struct ThreeCertificates {
    pub(crate) root: Vec<u8>,
    pub(crate) ca: Vec<u8>,
    pub(crate) leaf: Vec<u8>,
    pub(crate) root_list: Vec<u8>,
    pub(crate) ca_list: Vec<u8>,
}

impl ThreeCertificates {
    pub(crate) fn new() -> Self {
        let (root_params, root_key) = (ca_params("Root", 1), rsa_key());
        let root = root_params.self_signed(&root_key).unwrap();
        let root_issuer = Issuer::from_params(&root_params, &root_key);

        let (ca_params, ca_key) = (ca_params("CA", 2), rsa_key());
        let ca = ca_params.signed_by(&ca_key, &root_issuer).unwrap();
        let ca_issuer = Issuer::from_params(&ca_params, &ca_key);

        let mut leaf_params = params("Leaf", 3);
        leaf_params.is_ca = IsCa::ExplicitNoCa;
        leaf_params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let leaf = leaf_params.signed_by(&rsa_key(), &ca_issuer).unwrap();
        Self {
            root: root.der().to_vec(),
            ca: ca.der().to_vec(),
            leaf: leaf.der().to_vec(),
            root_list: list(&root_issuer),
            ca_list: list(&ca_issuer),
        }
    }

    /// Writes each as a file.
    pub(crate) fn write_to(&self, folder: &Path) {
        for (name, der) in [
            ("root.der", &self.root),
            ("ca.der", &self.ca),
            ("leaf.der", &self.leaf),
            ("root.crl", &self.root_list),
            ("ca.crl", &self.ca_list),
        ] {
            fs::write(folder.join(name), der).unwrap();
        }
    }
}

fn ca_params(name: &str, serial: u64) -> CertificateParams {
    let mut params = params(name, serial);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn params(name: &str, serial: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Speed");
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from(serial));
    params.not_before = NOW - Duration::days(90);
    params.not_after = NOW + Duration::days(90);
    params.use_authority_key_identifier_extension = true;
    params
}

/// A list of ten others.
fn list(issuer: &Issuer<'_, &KeyPair>) -> Vec<u8> {
    let revoked = |serial| RevokedCertParams {
        serial_number: SerialNumber::from(serial),
        revocation_time: NOW - Duration::days(30),
        reason_code: None,
        invalidity_date: None,
    };
    let list = CertificateRevocationListParams {
        this_update: NOW - Duration::hours(1),
        next_update: NOW + Duration::days(1),
        crl_number: SerialNumber::from(7_u64),
        issuing_distribution_point: None,
        revoked_certs: (100_u64..110).map(revoked).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(issuer).unwrap().der().to_vec()
}

fn rsa_key() -> KeyPair {
    let pkcs8 = generate_rsa(2048, &SystemRandom::new()).unwrap();
    KeyPair::try_from(pkcs8.as_slice()).unwrap()
}

/// One case of PKITS with its files.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) is_valid: bool,
    pub(crate) leaf: Vec<u8>,
    pub(crate) others: Vec<Vec<u8>>,
    pub(crate) lists: Vec<Vec<u8>>,
    pub(crate) policies: Option<Vec<String>>,
    pub(crate) explicit_policy: bool,
    pub(crate) mapping_inhibit: bool,
    pub(crate) any_policy_inhibit: bool,
    pub(crate) asks_revocation: bool,
}

/// All cases of the folder `pkits`, and their anchor.
pub(crate) fn pkits(folder: &Path) -> (Vec<Case>, Vec<u8>) {
    let read = |kind: &str, name: &str| fs::read(folder.join(kind).join(name)).unwrap();
    let cases: Value =
        serde_json::from_slice(&fs::read(folder.join("pkits.json")).unwrap()).unwrap();
    let cases = cases.as_array().unwrap().iter().map(|case| {
        let params = &case["params"];
        let is_set = |name: &str| params[name].as_bool().unwrap_or(false);
        let of_anchor = "TrustAnchorRootCRL.crl";
        let mut lists = names(&case["crls"]).unwrap_or_default();
        lists.retain(|name| name != of_anchor);
        lists.push(of_anchor.to_owned());
        Case {
            name: case["name"].as_str().unwrap().to_owned(),
            is_valid: case.get("error").is_none(),
            leaf: read("certs", case["cert"].as_str().unwrap()),
            others: names(&case["other_certs"])
                .unwrap_or_default()
                .iter()
                .map(|name| read("certs", name))
                .collect(),
            lists: lists.iter().map(|name| read("crls", name)).collect(),
            policies: names(&params["user_initial_policy_set"]),
            explicit_policy: is_set("initial_explicit_policy"),
            mapping_inhibit: is_set("initial_policy_mapping_inhibit"),
            any_policy_inhibit: is_set("initial_any_policy_inhibit"),
            asks_revocation: case["revocation"].as_bool().unwrap_or(true),
        }
    });
    (
        cases.collect(),
        read("certs", "TrustAnchorRootCertificate.crt"),
    )
}

fn names(value: &Value) -> Option<Vec<String>> {
    let texts = value.as_array()?.iter();
    texts.map(|text| text.as_str().map(str::to_owned)).collect()
}
