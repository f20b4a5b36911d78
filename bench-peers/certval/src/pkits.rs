//! The cases of `pkits.json`.

use std::path::Path;

use serde::Deserialize;

use crate::judge;
use crate::judge::Judge;
use crate::judge::Memory;
use crate::judge::Revocation;
use crate::judge::read;

/// 2023-11-01T00:00:00Z, the moment of all cases.
const MOMENT: u64 = 1_698_796_800;

/// One line of the list.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    cert: String,
    #[serde(default)]
    other_certs: Vec<String>,
    #[serde(default)]
    crls: Vec<String>,
    #[serde(default)]
    params: Params,
    revocation: Option<bool>,
    error: Option<serde_json::Value>,
}

impl Case {
    /// Whether the certificate holds, as the list says.
    pub fn is_valid(&self) -> bool {
        self.error.is_none()
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Params {
    user_initial_policy_set: Option<Vec<String>>,
    initial_explicit_policy: bool,
    initial_policy_mapping_inhibit: bool,
    initial_any_policy_inhibit: bool,
}

/// A case with its files read.
pub struct Loaded {
    pub case: Case,
    leaf: Vec<u8>,
    others: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
}

/// All cases of the folder `pkits`, and its anchor.
pub fn load(pkits: &Path) -> Result<(Vec<Loaded>, Vec<u8>), String> {
    let cases: Vec<Case> = serde_json::from_slice(&read(&pkits.join("pkits.json"))?)
        .map_err(|e| format!("pkits.json: {e}"))?;
    let certificate = |name: &String| read(&pkits.join("certs").join(name));
    let list = |name: &String| read(&pkits.join("crls").join(name));
    let of_anchor = "TrustAnchorRootCRL.crl".to_owned();
    let loaded = cases.into_iter().map(|case| {
        Ok(Loaded {
            leaf: certificate(&case.cert)?,
            others: case
                .other_certs
                .iter()
                .map(certificate)
                .collect::<Result<_, _>>()?,
            lists: std::iter::once(&of_anchor)
                .chain(case.crls.iter().filter(|name| **name != of_anchor))
                .map(list)
                .collect::<Result<_, _>>()?,
            case,
        })
    });
    let anchor = certificate(&"TrustAnchorRootCertificate.crt".to_owned())?;
    Ok((loaded.collect::<Result<_, String>>()?, anchor))
}

/// What `certval` says of one case.
pub fn ask(loaded: &Loaded, anchor: &[u8]) -> Result<(), String> {
    let Loaded { case, .. } = loaded;
    let revocation = match case.revocation {
        Some(false) => Revocation::NotAsked,
        _ => Revocation::Asked,
    };
    let mut settings = judge::settings(MOMENT, revocation);
    if let Some(policies) = &case.params.user_initial_policy_set {
        settings.set_initial_policy_set(policies.clone());
    }
    settings.set_initial_explicit_policy_indicator(case.params.initial_explicit_policy);
    settings
        .set_initial_policy_mapping_inhibit_indicator(case.params.initial_policy_mapping_inhibit);
    settings.set_initial_inhibit_any_policy_indicator(case.params.initial_any_policy_inhibit);
    Judge::new(anchor, &loaded.lists, Memory::None)?.ask(&loaded.leaf, &loaded.others, &settings)
}
