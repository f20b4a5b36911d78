//! The signed messages of NIST PKITS: in every one the signature holds, and its certificate is worth
//! what its path is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ruqsat::cms;
use ruqsat::cms::Conduct;
use ruqsat::cms::SignedData;
use ruqsat::pki::Evidence;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::TrustStore;
use ruqsat::pki::ValidatedPath;
use ruqsat::pki::build_path;
use ruqsat::pki::check_revocation;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::corpora::all_files;
use crate::corpora::folder;
use crate::suites::dsa::DsaVerifier;

const MOMENT: OffsetDateTime = datetime!(2023-11-01 0:00 UTC);

#[test]
fn each_message_holds_and_its_signer_is_worth_what_its_path_is() {
    let Some(folder) = folder("pkits") else {
        return;
    };
    let pkits = Pkits::read(&folder);
    let messages = all_files(&folder.join("smime"));
    let mut wrong = Vec::new();
    let mut without_a_case = 0;
    for path in &messages {
        let message = Message::read(path);
        let (signed_data, _) = SignedData::parse(&message.signature).unwrap();
        let signer_info = signed_data.only_signer_info().unwrap();
        let signer = signed_data.signer_certificate(signer_info, &[]).unwrap();
        let case = pkits.cases.get(signer.as_der());
        without_a_case += usize::from(case.is_none());
        let (trusted, path_found) = pkits.judge(&signed_data, &signer, case);
        let key = path_found.as_ref().and_then(|path| path.public_key(0).ok());
        let key = key.unwrap_or_else(|| signer.subject_public_key().unwrap());
        let verify = |content| {
            let content = signed_data.content(Some(content))?;
            let conduct = Conduct::rfc5652();
            signer_info.verify_with_key(&signer, &key, content, conduct, &DsaVerifier)
        };
        if let Err(error) = verify(message.content.as_bytes()) {
            wrong.push(format!("{}: {error}", path.display()));
        }
        let changed = verify(b"Content-Type: text/plain\r\n\r\nThis is another message.\r\n");
        assert_eq!(changed.unwrap_err(), cms::Error::MessageDigestMismatch);
        let expected = case.is_none_or(|case| case.get("error").is_none());
        if trusted != expected {
            wrong.push(format!("{}: trusted is {trusted}", path.display()));
        }
    }
    println!(
        "PKITS S/MIME: {}/{}",
        messages.len() - wrong.len(),
        messages.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((messages.len(), without_a_case), (224, 11));
}

/// What the messages are judged by.
struct Pkits {
    folder: PathBuf,
    store: TrustStore,
    lists: Vec<CertificateList>,
    /// The cases without parameters, by the certificate in question.
    cases: BTreeMap<Vec<u8>, Value>,
}

impl Pkits {
    fn read(folder: &Path) -> Self {
        let cases: Vec<Value> =
            serde_json::from_slice(&fs::read(folder.join("pkits.json")).unwrap()).unwrap();
        let plain = cases
            .into_iter()
            .filter(|case| case.get("params").is_none());
        let mut pkits = Self {
            folder: folder.to_owned(),
            store: TrustStore::default(),
            lists: all_files(&folder.join("crls"))
                .iter()
                .map(|path| read_list(path))
                .collect(),
            cases: BTreeMap::new(),
        };
        let anchor = pkits.certificate("TrustAnchorRootCertificate.crt");
        pkits.store = TrustStore::from_anchors([anchor], []);
        for case in plain {
            let certificate = pkits.certificate(case["cert"].as_str().unwrap());
            pkits.cases.insert(certificate.as_der().to_vec(), case);
        }
        pkits
    }

    /// Whether a valid path leads to the anchor and nobody in it is revoked, and the path. Of a
    /// signer without a case every list at hand is asked.
    fn judge(
        &self,
        signed_data: &SignedData<'_>,
        signer: &Certificate,
        case: Option<&Value>,
    ) -> (bool, Option<ValidatedPath>) {
        let mut extra = signed_data.parsed_certificates().unwrap();
        let named = case.map_or(&[][..], |case| names(case, "other_certs"));
        extra.extend(
            named
                .iter()
                .map(|name| self.certificate(name.as_str().unwrap())),
        );
        let policy = PathPolicy::rfc5280();
        let path = build_path(signer, &self.store, &extra, MOMENT, &policy, &DsaVerifier);
        let Ok(path) = path else {
            return (false, None);
        };
        if case.is_some_and(|case| case["revocation"] == Value::Bool(false)) {
            return (true, Some(path));
        }
        let lists = match case {
            Some(case) => names(case, "crls")
                .iter()
                .map(|name| name.as_str().unwrap())
                .chain(["TrustAnchorRootCRL.crl"])
                .map(|name| read_list(&self.folder.join("crls").join(name)))
                .collect(),
            None => self.lists.clone(),
        };
        let evidence = Evidence {
            lists: &lists,
            certificates: &extra,
            ..Evidence::default()
        };
        let store = &self.store;
        let not_revoked = check_revocation(&path, store, &evidence, MOMENT, &policy, &DsaVerifier);
        (not_revoked.is_ok(), Some(path))
    }

    fn certificate(&self, name: &str) -> Certificate {
        Certificate::from_der(&fs::read(self.folder.join("certs").join(name)).unwrap()).unwrap()
    }
}

fn names<'a>(case: &'a Value, key: &str) -> &'a [Value] {
    case[key].as_array().map_or(&[], Vec::as_slice)
}

fn read_list(path: &Path) -> CertificateList {
    CertificateList::from_der(&fs::read(path).unwrap()).unwrap()
}

/// A message multipart/signed (RFC 8551 §3.5.3).
struct Message {
    content: String,
    signature: Vec<u8>,
}

impl Message {
    /// Two parts between lines of the boundary; the last line break belongs to the boundary (RFC
    /// 2046 §5.1.1). The text has CRLF already.
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let (_, boundary) = text.split_once("boundary=\"").unwrap();
        let boundary = format!("\n--{}", boundary.split('"').next().unwrap());
        let mut parts = text.split(&boundary).skip(1);
        let mut part = || parts.next().unwrap().strip_prefix('\n').unwrap();
        let (content, signature) = (part(), part());
        let (_, base64) = signature.split_once("\n\n").unwrap();
        let base64: String = base64.split_ascii_whitespace().collect();
        Self {
            content: content.to_owned(),
            signature: STANDARD.decode(base64).unwrap(),
        }
    }
}
