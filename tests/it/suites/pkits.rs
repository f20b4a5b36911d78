//! NIST PKITS: certification paths with policies, name constraints and revocation lists.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

use ruqsat::pki;
use ruqsat::pki::Evidence;
use ruqsat::pki::ListDistrust;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::RevocationError;
use ruqsat::pki::TrustStore;
use ruqsat::pki::build_path;
use ruqsat::pki::check_revocation;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::GeneralName;
use ruqsat::x509::Oid;
use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::corpora::folder;
use crate::suites::dsa::DsaVerifier;

/// All 246 cases. Each that is invalid is so for the very defect that the case is made of:
/// `pkits_errors.toml` names it.
#[test]
fn every_case_of_pkits_is_judged_as_it_should_be_and_for_its_own_defect() {
    let Some(suite) = Suite::read() else { return };
    let expected: BTreeMap<String, String> = toml::from_str(ERRORS).unwrap();
    let mut wrong = Vec::new();
    for case in &suite.cases {
        let found = suite.judge(case).map_err(|failure| failure.fact());
        let expected = match (expected.get(&case.name), &case.error) {
            (Some(fact), Some(_)) => Err(fact.clone()),
            (None, None) => Ok(case.path_len),
            _ => Err("nothing in the file of errors".into()),
        };
        if found != expected {
            wrong.push(format!("{} = {found:?}, not {expected:?}", case.name));
        }
    }
    let number = suite.cases.len();
    println!("PKITS: {}/{number}", number - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((number, expected.len()), (246, 136));
}

/// A second judge, certval, was asked the same questions once. Where its verdict is another,
/// `pkits_certval_differences.toml` says why; where it is the same, that file says nothing.
#[test]
fn where_an_independent_judge_of_pkits_differs_it_is_known_why() {
    let Some(suite) = Suite::read() else { return };
    let oracle: Oracle = serde_json::from_str(CERTVAL).unwrap();
    let explained: BTreeMap<String, String> = toml::from_str(DIFFERENCES).unwrap();
    assert_eq!(oracle.cases.len(), suite.cases.len());
    let differing: Vec<&str> = suite
        .cases
        .iter()
        .filter(|case| oracle.cases[&case.name].valid != suite.judge(case).is_ok())
        .map(|case| case.name.as_str())
        .collect();
    for name in &differing {
        assert!(explained.contains_key(*name), "{name} is not explained");
    }
    for (name, why) in &explained {
        assert!(differing.contains(&name.as_str()), "{name} does not differ");
        assert!(!why.is_empty(), "{name} has no explanation");
    }
}

/// The cases with the files that they name, read once.
struct Suite {
    cases: Vec<Case>,
    certificates: HashMap<String, Certificate>,
    lists: HashMap<String, CertificateList>,
    store: TrustStore,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    cert: String,
    #[serde(default)]
    other_certs: Vec<String>,
    #[serde(default)]
    crls: Vec<String>,
    path_len: usize,
    #[serde(default = "asked")]
    revocation: bool,
    #[serde(default)]
    params: Params,
    error: Option<serde_json::Value>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Params {
    user_initial_policy_set: Option<Vec<String>>,
    initial_explicit_policy: bool,
    initial_policy_mapping_inhibit: bool,
    initial_any_policy_inhibit: bool,
}

#[derive(Deserialize)]
struct Oracle {
    cases: HashMap<String, OracleAnswer>,
}

#[derive(Deserialize)]
struct OracleAnswer {
    valid: bool,
}

#[derive(Debug)]
enum Failure {
    Path(pki::Error),
    Revocation(RevocationError),
}

impl Suite {
    fn read() -> Option<Self> {
        let folder = folder("pkits")?;
        let cases = fs::read(folder.join("pkits.json")).unwrap();
        let certificates = all(&folder.join("certs"), |der| {
            Certificate::from_der(der).unwrap()
        });
        let anchor = certificates["TrustAnchorRootCertificate.crt"].clone();
        Some(Self {
            cases: serde_json::from_slice(&cases).unwrap(),
            lists: all(&folder.join("crls"), |der| {
                CertificateList::from_der(der).unwrap()
            }),
            store: TrustStore::from_anchors([anchor], []),
            certificates,
        })
    }

    /// The length of the path.
    fn judge(&self, case: &Case) -> Result<usize, Failure> {
        let others: Vec<Certificate> = case
            .other_certs
            .iter()
            .map(|name| self.certificates[name].clone())
            .collect();
        let policy = policy(&case.params);
        let path = build_path(
            &self.certificates[&case.cert],
            &self.store,
            &others,
            MOMENT,
            &policy,
            &DsaVerifier,
        )
        .map_err(Failure::Path)?;
        if case.revocation {
            let names = case.crls.iter().map(String::as_str);
            let lists: Vec<CertificateList> = names
                .chain(["TrustAnchorRootCRL.crl"])
                .map(|name| self.lists[name].clone())
                .collect();
            let evidence = Evidence {
                lists: &lists,
                certificates: &others,
                ..Evidence::default()
            };
            check_revocation(&path, &self.store, &evidence, MOMENT, &policy, &DsaVerifier)
                .map_err(Failure::Revocation)?;
        }
        Ok(path.certificates().len())
    }
}

fn policy(params: &Params) -> PathPolicy {
    let wanted = params.user_initial_policy_set.as_ref();
    PathPolicy {
        initial_policies: wanted.map(|set| set.iter().map(|policy| oid(policy)).collect()),
        initial_explicit_policy: params.initial_explicit_policy,
        initial_policy_mapping_inhibit: params.initial_policy_mapping_inhibit,
        initial_any_policy_inhibit: params.initial_any_policy_inhibit,
        ..PathPolicy::rfc5280()
    }
}

fn oid(text: &str) -> Oid {
    text.parse().unwrap()
}

fn all<T>(folder: &Path, read: impl Fn(&[u8]) -> T) -> HashMap<String, T> {
    let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
    files
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, read(&fs::read(file.path()).unwrap()))
        })
        .collect()
}

impl Failure {
    /// The name of the error with its values, certificates left out.
    fn fact(&self) -> String {
        match self {
            Self::Path(error) => path_fact(error),
            Self::Revocation(error) => revocation_fact(error),
        }
    }
}

fn path_fact(error: &pki::Error) -> String {
    use pki::Error as E;

    let with_depth = |name: &str, depth: &usize| format!("{name}, depth {depth}");
    match error {
        E::BadSignature { depth, .. } => with_depth("BadSignature", depth),
        E::CertExpired {
            depth, not_after, ..
        } => format!("CertExpired, depth {depth}, not after {not_after}"),
        E::CertNotYetValid {
            depth, not_before, ..
        } => format!("CertNotYetValid, depth {depth}, not before {not_before}"),
        E::MappingOfAnyPolicy { depth, .. } => with_depth("MappingOfAnyPolicy", depth),
        E::MissingKeyCertSign { depth, .. } => with_depth("MissingKeyCertSign", depth),
        E::NameConstraintViolated {
            depth,
            name,
            subtree,
            authority,
            ..
        } => {
            let (name, authority) = (text(name), authority.unwrap());
            match subtree {
                None => format!(
                    "NameConstraintViolated, depth {depth}, {name} not permitted by depth {authority}"
                ),
                Some(subtree) => format!(
                    "NameConstraintViolated, depth {depth}, {name} in {} excluded by depth {authority}",
                    text(subtree)
                ),
            }
        }
        E::NameNotJudged { depth, name, .. } => {
            format!("NameNotJudged, depth {depth}, {}", text(name))
        }
        E::NoIssuer { depth, .. } => with_depth("NoIssuer", depth),
        E::NotCa { depth, .. } => with_depth("NotCa", depth),
        E::NoValidPolicy {
            depth, demanded_at, ..
        } => format!("NoValidPolicy, ended at depth {depth}, demanded at depth {demanded_at}"),
        E::PathLenExceeded {
            depth,
            allowed,
            found,
            ..
        } => format!("PathLenExceeded, depth {depth} allows {allowed}, found {found}"),
        E::PolicyNotWanted { wanted, valid } => {
            format!(
                "PolicyNotWanted, wanted {}, valid {}",
                oids(wanted),
                oids(valid)
            )
        }
        E::UnknownCriticalExtension { depth, oid, .. } => {
            format!("UnknownCriticalExtension, depth {depth}, {oid}")
        }
        other => format!("{other:?}"),
    }
}

fn oids(oids: &[Oid]) -> String {
    let texts: Vec<String> = oids.iter().map(Oid::to_string).collect();
    texts.join(" ")
}

fn revocation_fact(error: &RevocationError) -> String {
    use RevocationError as E;

    match error {
        E::Revoked {
            depth,
            date,
            reason,
            ..
        } => match reason {
            Some(reason) => format!("Revoked, depth {depth}, {date}, {reason}"),
            None => format!("Revoked, depth {depth}, {date}"),
        },
        E::ReasonsOpen { depth, .. } => format!("ReasonsOpen, depth {depth}"),
        E::Stale {
            depth, next_update, ..
        } => format!("Stale, depth {depth}, next update {}", next_update.unwrap()),
        E::Unavailable { depth } => format!("Unavailable, depth {depth}"),
        E::Untrusted { depth, source } => {
            format!("Untrusted, depth {depth}, {}", distrust_fact(source))
        }
        E::Unusable { depth, source } => format!("Unusable, depth {depth}, {source:?}"),
        other => format!("{other:?}"),
    }
}

fn distrust_fact(distrust: &ListDistrust) -> String {
    match distrust {
        ListDistrust::Path(error) => format!("Path: {}", path_fact(error)),
        ListDistrust::SignerRevocation(error) => {
            format!("SignerRevocation: {}", revocation_fact(error))
        }
        other => format!("{other:?}"),
    }
}

fn text(name: &GeneralName) -> String {
    match name {
        GeneralName::DirectoryName(name) => name.to_string(),
        GeneralName::DnsName(name) | GeneralName::Rfc822Name(name) | GeneralName::Uri(name) => {
            name.clone()
        }
        other => format!("{other:?}"),
    }
}

/// Revocation is asked unless a case says otherwise.
fn asked() -> bool {
    true
}

const MOMENT: OffsetDateTime = datetime!(2023-11-01 0:00 UTC);
const ERRORS: &str = include_str!("pkits_errors.toml");
const CERTVAL: &str = include_str!("pkits_certval.json");
const DIFFERENCES: &str = include_str!("pkits_certval_differences.toml");
