//! What a reader of the folder sees: every file whole, every list signed, and all of one mind.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ruqsat::ca::store::Store;
use ruqsat::crypto::Provider;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::CrlReason;
use ruqsat::x509::SerialNumber;

/// The certificates that are revoked or on hold, and why.
pub(super) type Revoked = BTreeMap<SerialNumber, CrlReason>;

/// The folder of an authority, read by nothing of `ca` but its opening.
#[derive(Clone)]
pub(super) struct Observed {
    /// By serial number.
    pub(super) issued: BTreeMap<SerialNumber, Vec<u8>>,
    /// As `state.json` has it.
    pub(super) revoked: Revoked,
    /// The number of the lists made last, as `state.json` has it.
    pub(super) list_number: u64,
    /// What a reader of the issuing authority's lists believes.
    pub(super) listed: Revoked,
    /// The number of each list, by the name of its file.
    pub(super) numbers: BTreeMap<String, u64>,
    /// Every list's bytes, by the name of its file.
    lists: BTreeMap<String, Vec<u8>>,
    /// Every key's file.
    keys: BTreeMap<String, Vec<u8>>,
    /// Of an authority of a seed: how much was drawn from it.
    draws: u64,
}

impl Observed {
    /// Reads the folder, and stops where one file is not whole or no list of its issuer.
    #[track_caller]
    pub(super) fn of(folder: &Path) -> Self {
        Store::open(folder).unwrap().authority().unwrap();
        let certificate = |name| Certificate::from_pem(&fs::read(folder.join(name)).unwrap());
        let root = certificate("root.pem").unwrap();
        let issuing = certificate("ca.pem").unwrap();
        let lists = files(&folder.join("crl"));
        let parsed: BTreeMap<_, _> = lists
            .iter()
            .map(|(name, der)| {
                let issuer = if name.starts_with("root") {
                    &root
                } else {
                    &issuing
                };
                (name.clone(), signed_list(der, issuer))
            })
            .collect();
        let (revoked, list_number) = state(folder);
        let mut private = files(&folder.join("private"));
        let seed = private.remove("seed");
        Self {
            issued: issued(folder),
            revoked,
            list_number,
            listed: believed(&parsed["ca.crl"], parsed.get("ca-delta.crl")),
            numbers: parsed
                .iter()
                .map(|(name, list)| (name.clone(), number(list.crl_number())))
                .collect(),
            lists,
            keys: private,
            draws: seed.map(|seed| draws(&seed)).unwrap_or_default(),
        }
    }

    /// What must hold between two looks, whatever happened between them.
    #[track_caller]
    pub(super) fn assert_follows(&self, before: &Self) {
        assert!(self.keys == before.keys, "the keys are as they were");
        assert!(self.draws >= before.draws, "nothing is drawn twice");
        assert!(self.list_number >= before.list_number, "numbers grow");
        for (serial, certificate) in &before.issued {
            let same = self.issued.get(serial) == Some(certificate);
            assert!(same, "{serial} is still the certificate that it was");
        }
        for (name, der) in &self.lists {
            let old = before.numbers.get(name).copied().unwrap_or_default();
            let new = self.numbers[name];
            assert!(
                new <= self.list_number,
                "{name}: {new} is known to the state"
            );
            assert!(new >= old, "{name}: {new} after {old}");
            let same = before.lists.get(name) == Some(der);
            assert!(new > old || same, "{name}: two lists of number {new}");
        }
    }

    /// What must hold when no command was stopped: the lists say what the state says.
    #[track_caller]
    pub(super) fn assert_settled(&self) {
        assert_eq!(self.listed, self.revoked, "lists and state agree");
        assert_eq!(self.numbers.values().max(), Some(&self.list_number));
    }
}

/// What the complete list says, changed by the delta list where that belongs to it (RFC 5280
/// §5.2.4).
fn believed(complete: &CertificateList, delta: Option<&CertificateList>) -> Revoked {
    let entries = |list: &CertificateList| -> Vec<_> { list.entries().collect() };
    let mut revoked = Revoked::new();
    let number_of = |list: &CertificateList| number(list.crl_number());
    let fits = |delta: &&CertificateList| {
        number_of(delta) >= number_of(complete)
            && number(delta.base_crl_number()) <= number_of(complete)
    };
    let changes = delta.filter(fits).map(entries).unwrap_or_default();
    for (serial, entry) in entries(complete).into_iter().chain(changes) {
        match entry.reason.unwrap_or(CrlReason::Unspecified) {
            CrlReason::RemoveFromCrl => revoked.remove(&serial),
            reason => revoked.insert(serial, reason),
        };
    }
    revoked
}

fn signed_list(der: &[u8], issuer: &Certificate) -> CertificateList {
    let list = CertificateList::from_der(der).unwrap();
    let key = issuer.subject_public_key().unwrap();
    list.verify_signature(&key, &Provider).unwrap();
    list
}

fn number(octets: Option<&[u8]>) -> u64 {
    let octets = octets.unwrap();
    octets
        .iter()
        .fold(0, |sum, &octet| sum << 8 | u64::from(octet))
}

fn state(folder: &Path) -> (Revoked, u64) {
    let text = fs::read(folder.join("state.json")).unwrap();
    let state: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let revoked = state["revoked"].as_array().unwrap();
    let word = |entry: &serde_json::Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let revoked = revoked.iter().map(|entry| {
        let serial = word(entry, "serial").parse().unwrap();
        (serial, word(entry, "reason").parse().unwrap())
    });
    (revoked.collect(), state["list_number"].as_u64().unwrap())
}

/// The seed and how much was drawn from it: a list of two numbers.
fn draws(text: &[u8]) -> u64 {
    let [_, draws]: [u64; 2] = serde_json::from_slice(text).unwrap();
    draws
}

/// Each file named by the serial number of the certificate in it.
fn issued(folder: &Path) -> BTreeMap<SerialNumber, Vec<u8>> {
    let certificates = files(&folder.join("issued"));
    let read = |(name, pem): (String, Vec<u8>)| {
        let certificate = Certificate::from_pem(&pem).unwrap();
        assert_eq!(name, format!("{}.pem", certificate.serial()));
        (certificate.serial().clone(), pem)
    };
    certificates.into_iter().map(read).collect()
}

/// Every file of a folder but what a killed program was still writing.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name != UNFINISHED {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

/// One name in each folder, so that what is left there by a crash does not add up.
const UNFINISHED: &str = ".new";
