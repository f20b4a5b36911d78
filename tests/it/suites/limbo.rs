//! x509-limbo: paths as they must and must not be, judged by the rules that documents are verified
//! by. The names that a peer is expected to have are judged here; nothing else is.

use std::collections::BTreeMap;
use std::fs;
use std::net::IpAddr;
use std::time::Duration;
use std::time::Instant;

use ruqsat::crypto::AlgorithmPolicy;
use ruqsat::crypto::Provider;
use ruqsat::pki::Evidence;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::TrustStore;
use ruqsat::pki::build_path;
use ruqsat::pki::check_revocation;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::GeneralName;
use ruqsat::x509::KeyUsage;
use ruqsat::x509::Oid;
use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::corpora::folder;

#[test]
fn limbo_is_judged_as_it_asks_or_as_the_standard_demands() {
    let Some(folder) = folder("x509-limbo") else {
        return;
    };
    let text = fs::read_to_string(folder.join("limbo.json")).unwrap();
    let limbo: Limbo = serde_json::from_str(&text).unwrap();
    let cases: Vec<&Case> = limbo
        .testcases
        .iter()
        .filter(|case| case.counts())
        .collect();
    assert_eq!(cases.len(), 138);

    let mut found = BTreeMap::new();
    for case in &cases {
        let start = Instant::now();
        let answer = case.judge();
        let took = start.elapsed();
        assert!(took < Duration::from_secs(1), "{} took {took:?}", case.id);
        if answer.is_ok() != (case.expected_result == Outcome::Success) {
            let answer = answer.map_or_else(|reason| reason, |()| "valid".to_owned());
            found.insert(case.id.as_str(), answer);
        }
    }
    let agreed = cases.len() - found.len();
    println!("x509-limbo: {agreed}/{}", cases.len());

    let deviations: Deviations = toml::from_str(include_str!("limbo_deviations.toml")).unwrap();
    let justified: BTreeMap<&str, String> = deviations
        .deviation
        .iter()
        .map(|deviation| (deviation.id.as_str(), deviation.answer.clone()))
        .collect();
    assert_eq!(found, justified);
    assert!(agreed >= 125);
    assert_eq!(deviations.deviation.len(), justified.len());
    for deviation in &deviations.deviation {
        assert!(deviation.clause.starts_with("RFC "), "{}", deviation.id);
        assert!(!deviation.because.is_empty(), "{}", deviation.id);
    }
}

#[test]
fn a_peer_is_known_by_its_alternative_names() {
    let dns = |name: &str| GeneralName::DnsName(name.into());
    let mail = |address: &str| GeneralName::Rfc822Name(address.into());
    for (kind, value, name, known) in [
        (PeerKind::Dns, "b.kz", dns("B.KZ"), true),
        (PeerKind::Dns, "a.b.kz", dns("*.b.kz"), true),
        (PeerKind::Dns, "b.kz", dns("*.b.kz"), false),
        (PeerKind::Dns, "c.a.b.kz", dns("*.b.kz"), false),
        (PeerKind::Dns, "ab.kz", dns("a*.kz"), false),
        (PeerKind::Rfc822, "a@b.kz", mail("a@B.kz"), true),
        (PeerKind::Rfc822, "a@b.kz", mail("A@b.kz"), false),
        (PeerKind::Rfc822, "a@b.kz", dns("b.kz"), false),
        (
            PeerKind::Ip,
            "::1",
            GeneralName::IpAddress([[0; 15].as_slice(), &[1]].concat()),
            true,
        ),
        (
            PeerKind::Ip,
            "10.0.0.1",
            GeneralName::IpAddress(vec![10, 0, 0, 2]),
            false,
        ),
    ] {
        let value = value.to_owned();
        assert_eq!(PeerName { kind, value }.is(&name), known, "{name:?}");
    }
}

#[derive(Deserialize)]
struct Limbo {
    testcases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    #[serde(with = "time_or_none")]
    validation_time: Option<OffsetDateTime>,
    key_usage: Vec<String>,
    extended_key_usage: Vec<String>,
    expected_result: Outcome,
    expected_peer_name: Option<PeerName>,
    expected_peer_names: Vec<PeerName>,
    max_chain_depth: Option<u32>,
    crls: Vec<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum Outcome {
    Success,
    Failure,
}

#[derive(Deserialize)]
struct PeerName {
    kind: PeerKind,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum PeerKind {
    Dns,
    Ip,
    Rfc822,
}

/// What we answer otherwise than the suite asks, and what demands it.
#[derive(Deserialize)]
struct Deviations {
    #[serde(default)]
    deviation: Vec<Deviation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deviation {
    id: String,
    answer: String,
    clause: String,
    because: String,
}

impl Case {
    /// Some cases need a network, others the rules of the web.
    fn counts(&self) -> bool {
        !["online::", "webpki::"]
            .iter()
            .any(|kind| self.id.starts_with(kind))
    }

    /// Certificates that cannot be read are as good as absent.
    fn judge(&self) -> Result<(), String> {
        let read = |pems: &[String]| -> Vec<Certificate> {
            pems.iter()
                .filter_map(|pem| Certificate::from_pem(pem.as_bytes()).ok())
                .collect()
        };
        let leaf = Certificate::from_pem(self.peer_certificate.as_bytes());
        let leaf = leaf.map_err(|error| error.to_string())?;
        let store = TrustStore::from_anchors(read(&self.trusted_certs), []);
        let extra = read(&self.untrusted_intermediates);
        let time = self.validation_time.unwrap_or(USUAL_TIME);
        let policy = self.policy();
        let path = build_path(&leaf, &store, &extra, time, &policy, &Provider);
        let path = path.map_err(|error| error.to_string())?;
        if !self.crls.is_empty() {
            let lists: Vec<CertificateList> = self
                .crls
                .iter()
                .filter_map(|pem| CertificateList::from_pem(pem.as_bytes()).ok())
                .collect();
            let evidence = Evidence {
                lists: &lists,
                ..Evidence::default()
            };
            check_revocation(&path, &store, &evidence, time, &policy, &Provider)
                .map_err(|error| error.to_string())?;
        }
        self.check_peer(&leaf)
    }

    fn policy(&self) -> PathPolicy {
        let usages = self.key_usage.iter().map(|usage| {
            let bit = KEY_USAGES.iter().position(|known| known == usage).unwrap();
            1 << bit
        });
        let purposes = self.extended_key_usage.iter().map(|purpose| {
            let known = PURPOSES.iter().find(|(known, _)| known == purpose).unwrap();
            known.1
        });
        PathPolicy {
            key_usage: KeyUsage::from_bits(usages.sum()),
            extended_key_usage: purposes.collect(),
            max_path_len: self.max_chain_depth,
            algorithms: AlgorithmPolicy::off(),
            ..PathPolicy::strict()
        }
    }

    fn check_peer(&self, leaf: &Certificate) -> Result<(), String> {
        let names = leaf.subject_alt_names().unwrap_or_default();
        let mut expected = self
            .expected_peer_name
            .iter()
            .chain(&self.expected_peer_names);
        match expected.find(|peer| !names.iter().any(|name| peer.is(name))) {
            Some(stranger) => Err(format!("the peer is not {}", stranger.value)),
            None => Ok(()),
        }
    }
}

impl PeerName {
    fn is(&self, name: &GeneralName) -> bool {
        match (&self.kind, name) {
            (PeerKind::Dns, GeneralName::DnsName(name)) => match name.strip_prefix("*.") {
                // A wildcard is one whole label, the first (RFC 9525 §6.3).
                Some(rest) => self
                    .value
                    .split_once('.')
                    .is_some_and(|(_, parent)| parent.eq_ignore_ascii_case(rest)),
                None => self.value.eq_ignore_ascii_case(name),
            },
            (PeerKind::Ip, GeneralName::IpAddress(octets)) => {
                match self.value.parse::<IpAddr>().unwrap() {
                    IpAddr::V4(address) => address.octets()[..] == octets[..],
                    IpAddr::V6(address) => address.octets()[..] == octets[..],
                }
            }
            (PeerKind::Rfc822, GeneralName::Rfc822Name(address)) => {
                match (self.value.rsplit_once('@'), address.rsplit_once('@')) {
                    (Some((one, host)), Some((other, other_host))) => {
                        one == other && host.eq_ignore_ascii_case(other_host)
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

mod time_or_none {
    use serde::Deserialize;
    use serde::Deserializer;
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        text: D,
    ) -> Result<Option<OffsetDateTime>, D::Error> {
        Option::<String>::deserialize(text)?
            .map(|text| OffsetDateTime::parse(&text, &Rfc3339))
            .transpose()
            .map_err(serde::de::Error::custom)
    }
}

/// The moment of a case that names none.
const USUAL_TIME: OffsetDateTime = datetime!(2024-01-01 0:00 UTC);
const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "contentCommitment",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];
const PURPOSES: [(&str, Oid); 7] = [
    ("anyExtendedKeyUsage", Oid::new("2.5.29.37.0")),
    ("serverAuth", Oid::new("1.3.6.1.5.5.7.3.1")),
    ("clientAuth", Oid::new("1.3.6.1.5.5.7.3.2")),
    ("codeSigning", Oid::new("1.3.6.1.5.5.7.3.3")),
    ("emailProtection", Oid::new("1.3.6.1.5.5.7.3.4")),
    ("timeStamping", Oid::new("1.3.6.1.5.5.7.3.8")),
    ("OCSPSigning", Oid::new("1.3.6.1.5.5.7.3.9")),
];
