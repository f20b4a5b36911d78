//! One question to `certval`: does this certificate hold?

use std::fs;
use std::path::Path;

use certval::CertFile;
use certval::CertVector;
use certval::CertificationPath;
use certval::CertificationPathResults;
use certval::CertificationPathSettings;
use certval::DefaultSignatureVerificationCache;
use certval::Error;
use certval::MemoryCrlSource;
use certval::PDVCertificate;
use certval::PDVTrustAnchorChoice;
use certval::PathValidationStatus;
use certval::PkiEnvironment;
use certval::TaSource;
use certval::TimeOfInterest;
use certval::check_revocation_local;
use certval::compare_names;
use certval::get_trust_anchor_name;
use der::asn1::BitString;
use ring::signature;
use ring::signature::UnparsedPublicKey;
use ring::signature::VerificationAlgorithm;
use spki::AlgorithmIdentifierOwned;
use spki::SubjectPublicKeyInfoOwned;

/// The version that `Cargo.toml` pins.
pub const VERSION: &str = "0.2.0-rc.1";

/// The longest path that is laid from the certificates at hand.
const LONGEST: usize = 10;

/// Whether the status of every certificate must be known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Revocation {
    Asked,
    NotAsked,
}

/// Whether a signature that was once found good is verified again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Memory {
    None,
    OfSignatures,
}

/// What all questions share: an anchor, lists, and how signatures are verified.
pub struct Judge {
    environment: PkiEnvironment,
    anchor: PDVTrustAnchorChoice,
}

impl Judge {
    /// A judge that trusts `anchor` (a certificate) and holds `lists`.
    pub fn new(anchor: &[u8], lists: &[Vec<u8>], memory: Memory) -> Result<Self, String> {
        let mut environment = PkiEnvironment::new();
        environment.add_validate_path_callback(certval::validate_path_rfc5280);
        environment.add_calculate_hash_callback(certval::calculate_hash_rust_crypto);
        environment.add_verify_signature_message_callback(verify);
        environment.add_oid_lookup(certval::oid_lookup);
        if memory == Memory::OfSignatures {
            environment.add_signature_cache(Box::new(DefaultSignatureVerificationCache::new()));
        }
        let source = MemoryCrlSource::new();
        for list in lists {
            // A list that it cannot read is one that it does not have.
            source.add(list);
        }
        environment.add_crl_source(Box::new(source));
        let mut store = TaSource::new();
        store.push(CertFile {
            filename: "anchor".to_owned(),
            bytes: anchor.to_vec(),
        });
        store.initialize().map_err(|e| e.to_string())?;
        environment.add_trust_anchor_source(Box::new(store));
        let anchor = environment
            .get_trust_anchors()
            .first()
            .map(|anchor| (*anchor).clone());
        let anchor = anchor.ok_or("the anchor is unreadable")?;
        Ok(Self {
            environment,
            anchor,
        })
    }

    /// The verdict on `leaf`: every path by name from the anchor is tried, and the error is that of
    /// the first whose signatures hold, if there is one.
    pub fn ask(
        &self,
        leaf: &[u8],
        others: &[Vec<u8>],
        settings: &CertificationPathSettings,
    ) -> Result<(), String> {
        let leaf = PDVCertificate::try_from(leaf).map_err(|e| format!("leaf unreadable: {e}"))?;
        let others: Vec<PDVCertificate> = others
            .iter()
            .filter_map(|der| PDVCertificate::try_from(der.as_slice()).ok())
            .collect();
        let mut errors = Vec::new();
        for path in self.paths(&leaf, &others) {
            match self.validate(path, settings) {
                Ok(()) => return Ok(()),
                Err(error) => errors.push(error),
            }
        }
        let forged = Error::PathValidation(PathValidationStatus::SignatureVerificationFailure);
        let told_of = errors
            .iter()
            .find(|error| **error != forged)
            .or(errors.first());
        Err(told_of.map_or("no path by name to the anchor".to_owned(), told))
    }

    fn validate(
        &self,
        path: CertificationPath,
        settings: &CertificationPathSettings,
    ) -> Result<(), Error> {
        let mut results = CertificationPathResults::new();
        let environment = &self.environment;
        environment.validate_path(environment, settings, &path, &mut results)?;
        check_revocation_local(environment, settings, &path, &mut results)
    }

    /// All chains by name, the shortest first, without repetition.
    fn paths(&self, leaf: &PDVCertificate, others: &[PDVCertificate]) -> Vec<CertificationPath> {
        let Ok(anchor) = get_trust_anchor_name(self.anchor.decoded()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut open: Vec<Vec<usize>> = vec![Vec::new()];
        while !open.is_empty() {
            let mut next = Vec::new();
            for above in open {
                let lowest = above.last().map_or(leaf, |&i| &others[i]);
                let issuer = lowest.decoded().tbs_certificate().issuer();
                if compare_names(issuer, anchor) {
                    let chain = above.iter().rev().map(|&i| others[i].clone()).collect();
                    found.push(CertificationPath::new(
                        self.anchor.clone(),
                        chain,
                        leaf.clone(),
                    ));
                }
                if above.len() == LONGEST {
                    continue;
                }
                next.extend(
                    (0..others.len())
                        .filter(|i| !above.contains(i))
                        .filter_map(|i| {
                            let subject = others[i].decoded().tbs_certificate().subject();
                            compare_names(subject, issuer)
                                .then(|| [above.as_slice(), &[i]].concat())
                        }),
                );
            }
            open = next;
        }
        found
    }
}

/// Settings of RFC 5280 §6.1.1 at one moment; the rest as `certval` has it.
pub fn settings(unix_seconds: u64, revocation: Revocation) -> CertificationPathSettings {
    let mut settings = CertificationPathSettings::new();
    if let Ok(time) = TimeOfInterest::from_unix_secs(unix_seconds) {
        settings.set_time_of_interest(time);
    }
    settings.set_check_revocation_status(revocation == Revocation::Asked);
    settings.set_check_crls(true);
    settings
}

fn told(error: &Error) -> String {
    match error {
        Error::PathValidation(status) => format!("{status:?}"),
        other => format!("{other:?}"),
    }
}

/// The algorithms of RFC 4055 and 5758 that `ring` verifies, small RSA keys included.
fn verify(
    _: &PkiEnvironment,
    message: &[u8],
    value: &BitString,
    algorithm: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
) -> certval::Result<()> {
    let verifier: &'static dyn VerificationAlgorithm = match algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.5" => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        "1.2.840.113549.1.1.11" => &signature::RSA_PKCS1_2048_8192_SHA256,
        "1.2.840.113549.1.1.12" => &signature::RSA_PKCS1_2048_8192_SHA384,
        "1.2.840.113549.1.1.13" => &signature::RSA_PKCS1_2048_8192_SHA512,
        "1.2.840.10045.4.3.2" => &signature::ECDSA_P256_SHA256_ASN1,
        "1.2.840.10045.4.3.3" => &signature::ECDSA_P384_SHA384_ASN1,
        _ => return Err(Error::Unrecognized),
    };
    let (Some(key), Some(value)) = (key.subject_public_key.as_bytes(), value.as_bytes()) else {
        return Err(Error::ParseError);
    };
    UnparsedPublicKey::new(verifier, key)
        .verify(message, value)
        .map_err(|_| Error::PathValidation(PathValidationStatus::SignatureVerificationFailure))
}

/// The bytes of a file, or which file could not be read.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}
