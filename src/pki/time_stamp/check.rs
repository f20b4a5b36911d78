use time::OffsetDateTime;

use crate::cms::Conduct;
use crate::cms::TimeStampReq;
use crate::cms::TimeStampToken;
use crate::cms::TstInfo;
use crate::crypto;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::pki::Evidence;
use crate::pki::NotRevoked;
use crate::pki::PathPolicy;
use crate::pki::TimeStampError;
use crate::pki::TrustStore;
use crate::pki::ValidatedPath;
use crate::pki::build_path;
use crate::pki::check_revocation;
use crate::x509::Certificate;
use crate::x509::GeneralName;
use crate::x509::KeyUsage;
use crate::x509::Oid;
use crate::x509::oids;

/// What a time-stamp is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Stamped<'a> {
    imprinted: &'a [u8],
    existed: OffsetDateTime,
    request: Option<&'a TimeStampReq>,
}

impl<'a> Stamped<'a> {
    /// These very bytes: for a signature the octets of its value.
    ///
    /// `existed` is a time at which the token is known to have existed: that of checking, or that
    /// of a later stamp over it. Whoever can forge the algorithms of a token can write any earlier
    /// time into it, so they must have protected until then.
    pub fn new(imprinted: &'a [u8], existed: OffsetDateTime) -> Self {
        Self {
            imprinted,
            existed,
            request: None,
        }
    }

    /// The same, as the answer to a request, whose nonce and policy it must have.
    pub fn asked_by(self, request: &'a TimeStampReq) -> Self {
        Self {
            request: Some(request),
            ..self
        }
    }
}

/// Proof that something existed at a time: an authority that was trusted and not revoked then says
/// so.
///
/// It comes only from [`check_time_stamp`]:
///
/// ```compile_fail,E0451
/// # use ruqsat::cms::TstInfo;
/// # use ruqsat::pki::{NotRevoked, TimeStamped, ValidatedPath};
/// fn forged(tst_info: TstInfo, path: ValidatedPath, not_revoked: NotRevoked) -> TimeStamped {
///     TimeStamped { tst_info, path, not_revoked }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStamped {
    tst_info: TstInfo,
    path: ValidatedPath,
    not_revoked: NotRevoked,
}

impl TimeStamped {
    /// The time of the stamp, in UTC. It may be wrong by [`TstInfo::accuracy`].
    pub fn time(&self) -> OffsetDateTime {
        self.tst_info.gen_time()
    }

    /// All that the authority says.
    pub fn tst_info(&self) -> &TstInfo {
        &self.tst_info
    }

    /// The path of the authority at that time.
    pub fn path(&self) -> &ValidatedPath {
        &self.path
    }

    /// The proof that nobody in the path was revoked at that time.
    pub fn not_revoked(&self) -> &NotRevoked {
        &self.not_revoked
    }
}

/// Verifies a time-stamp over `stamped`: the imprint, the one signature, the authority's certificate
/// by what the signature says about it, its purpose, its path and revocation at the time of the
/// stamp.
///
/// Trust comes from `store`; certificates of the token, the evidence and the store may be in the
/// path. What a
/// path is wanted for by `policy` is about documents and not asked of the authority. A revocation
/// counts whatever its date and reason: whether one after the stamp spares it is for the caller to
/// say, to whom both are told.
///
/// # Errors
///
/// The first of these that fails, in this order: critical extensions, imprint, number of signers
/// and signature ([`TimeStampError::Signature`]), purpose, path, revocation, name, nonce, policy.
pub fn check_time_stamp(
    token: &TimeStampToken<'_>,
    stamped: &Stamped<'_>,
    store: &TrustStore,
    evidence: &Evidence<'_>,
    policy: &PathPolicy,
    verifier: &dyn SignatureVerifier,
) -> Result<TimeStamped, TimeStampError> {
    let tst_info = token.tst_info();
    if let Some(&oid) = tst_info.critical_extensions().first() {
        return Err(TimeStampError::UnknownCriticalExtension { oid });
    }
    check_imprint(tst_info, stamped, policy)?;
    let check = Check {
        token,
        existed: stamped.existed,
        store,
        evidence,
        policy,
        verifier,
    };
    let authority = check.signature()?;
    check_purpose(&authority)?;
    let path = check.path(&authority)?;
    let time = tst_info.gen_time();
    let not_revoked = check_revocation(&path, store, evidence, time, policy, verifier)?;
    check_name(tst_info, &authority)?;
    check_request(tst_info, stamped)?;
    Ok(TimeStamped {
        tst_info: tst_info.clone(),
        path,
        not_revoked,
    })
}

fn check_imprint(
    tst_info: &TstInfo,
    stamped: &Stamped<'_>,
    policy: &PathPolicy,
) -> Result<(), TimeStampError> {
    let imprint = tst_info.message_imprint();
    if !imprint.is_of(stamped.imprinted)? {
        return Err(TimeStampError::ImprintMismatch);
    }
    policy
        .algorithms
        .check_digest(imprint.hash_algorithm_oid(), stamped.existed)
        .map_err(TimeStampError::ObsoleteImprint)
}

/// A token and what it is judged by.
struct Check<'a> {
    token: &'a TimeStampToken<'a>,
    existed: OffsetDateTime,
    store: &'a TrustStore,
    evidence: &'a Evidence<'a>,
    policy: &'a PathPolicy,
    verifier: &'a dyn SignatureVerifier,
}

impl Check<'_> {
    /// The certificate of the one who signed the token.
    fn signature(&self) -> Result<Certificate, TimeStampError> {
        let signed_data = self.token.signed_data();
        let signer_info = signed_data.only_signer_info()?;
        let others = [self.evidence.certificates, self.store.intermediates()].concat();
        let authority = signed_data.signer_certificate(signer_info, &others)?;
        let content = signed_data.content(None)?;
        let conduct = Conduct::time_stamp();
        let verified = signer_info.verify_content(&authority, content, conduct, self.verifier)?;
        self.check_algorithm(Ok(verified.algorithm()), &authority)?;
        Ok(authority)
    }

    /// The path of the authority at the time of the stamp.
    fn path(&self, authority: &Certificate) -> Result<ValidatedPath, TimeStampError> {
        let signed_data = self.token.signed_data();
        let mut extra = signed_data.parsed_certificates()?;
        extra.extend_from_slice(self.evidence.certificates);
        let policy = PathPolicy {
            key_usage: KeyUsage::from_bits(0),
            extended_key_usage: vec![TIME_STAMPING],
            ..self.policy.clone()
        };
        let time = self.token.tst_info().gen_time();
        let path = build_path(authority, self.store, &extra, time, &policy, self.verifier)?;
        let attributes = signed_data.only_signer_info()?.signed_attributes()?;
        if !attributes.allow(path.certificates()) {
            return Err(TimeStampError::PathNotNamed);
        }
        for pair in path.certificates().windows(2) {
            let [certificate, issuer] = pair else {
                break;
            };
            self.check_algorithm(certificate.signature_algorithm(), issuer)?;
        }
        Ok(path)
    }

    /// Whether a signature by this signer protected until the token is known to have existed.
    fn check_algorithm(
        &self,
        algorithm: Result<SignatureAlgorithm, crypto::Error>,
        signer: &Certificate,
    ) -> Result<(), TimeStampError> {
        let algorithm = algorithm.map_err(TimeStampError::Unjudged)?;
        let key = signer
            .subject_public_key()
            .map_err(TimeStampError::Unjudged)?;
        self.policy
            .algorithms
            .check(algorithm, &key, self.existed)
            .map_err(TimeStampError::Obsolete)
    }
}

/// extKeyUsage is critical and names time-stamping alone (RFC 3161 §2.3).
fn check_purpose(authority: &Certificate) -> Result<(), TimeStampError> {
    let purposes = authority.extended_key_usage().unwrap_or_default();
    if !purposes.contains(&TIME_STAMPING) {
        return Err(TimeStampError::NotForTimeStamping);
    }
    if let Some(&purpose) = purposes.iter().find(|purpose| **purpose != TIME_STAMPING) {
        return Err(TimeStampError::OtherPurpose { purpose });
    }
    let extension = authority.extension(oids::EXT_KEY_USAGE);
    if !extension.is_some_and(|extension| extension.critical) {
        return Err(TimeStampError::PurposeNotCritical);
    }
    let may_sign = |usage: KeyUsage| usage.digital_signature() || usage.non_repudiation();
    match authority.key_usage().is_none_or(may_sign) {
        true => Ok(()),
        false => Err(TimeStampError::KeyUsage),
    }
}

/// The name in the stamp is the subject or one of its other names (RFC 3161 §2.4.2).
fn check_name(tst_info: &TstInfo, authority: &Certificate) -> Result<(), TimeStampError> {
    let Some(tsa) = tst_info.tsa() else {
        return Ok(());
    };
    let is_subject = matches!(tsa, GeneralName::DirectoryName(name) if name == authority.subject());
    let others = authority.subject_alt_names().unwrap_or_default();
    if is_subject || others.contains(tsa) {
        Ok(())
    } else {
        Err(TimeStampError::NameMismatch { tsa: tsa.clone() })
    }
}

fn check_request(tst_info: &TstInfo, stamped: &Stamped<'_>) -> Result<(), TimeStampError> {
    let Some(request) = stamped.request else {
        return Ok(());
    };
    match (request.nonce(), tst_info.nonce()) {
        (Some(_), None) => return Err(TimeStampError::NonceMissing),
        (Some(sent), Some(found)) if sent != found => return Err(TimeStampError::NonceMismatch),
        _ => {}
    }
    let found = tst_info.policy();
    match request.policy() {
        Some(wanted) if wanted != found => Err(TimeStampError::PolicyMismatch { wanted, found }),
        _ => Ok(()),
    }
}

/// id-kp-timeStamping.
const TIME_STAMPING: Oid = Oid::new("1.3.6.1.5.5.7.3.8");

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
