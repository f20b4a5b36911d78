//! Does the certificate lead to a trusted root, and is nothing on the way revoked?

use time::OffsetDateTime;

use crate::cms::SignedData;
use crate::eds::is_test_authority;
use crate::eds::is_test_name;
use crate::pki;
use crate::pki::NotRevoked;
use crate::pki::RevocationError;
use crate::pki::ValidatedPath;
use crate::pki::build_path;
use crate::pki::check_revocation;
use crate::verify::integrity;
use crate::verify::reason::Reason;
use crate::verify::reason::ReasonCode;
use crate::verify::report::AnchorFacts;
use crate::verify::signature::Context;
use crate::x509::Certificate;
use crate::x509::CrlReason;

/// The outcome of path validation and revocation checking; reasons where there is no proof.
pub(crate) struct Trusted {
    pub(crate) path: Result<ValidatedPath, Vec<Reason>>,
    pub(crate) revocation: Result<NotRevoked, Vec<Reason>>,
    pub(crate) anchor: Option<AnchorFacts>,
}

impl Trusted {
    /// Builds the path at the time of checking and asks the lists about it.
    pub(crate) fn check(
        context: &Context<'_>,
        signed_data: &SignedData<'_>,
        certificate: &Certificate,
        claims: &[OffsetDateTime],
    ) -> Self {
        let embedded = match signed_data.parsed_certificates() {
            Ok(embedded) => embedded,
            Err(error) => return Self::without_path(vec![integrity::reason(&error)], Vec::new()),
        };
        match path_at(context, certificate, &embedded, context.at) {
            Ok(path) => {
                let revocation = revocation(context, &path, &embedded, claims);
                let anchor = Some(anchor_facts(path.anchor()));
                let defect = unaccounted(context, signed_data, &path)
                    .or_else(|| not_allowed(signed_data, &path));
                let path = match defect {
                    None => Ok(path),
                    Some(reason) => Err(vec![reason]),
                };
                Self {
                    path,
                    revocation,
                    anchor,
                }
            }
            Err(error) => {
                let path = path_reason(context, &error).into_iter().collect();
                let earlier = earlier_path(context, certificate, &embedded, claims);
                let revoked = earlier
                    .as_ref()
                    .and_then(|path| revoked_earlier(context, path, &embedded, claims));
                Self {
                    anchor: earlier.map(|path| anchor_facts(path.anchor())),
                    ..Self::without_path(path, revoked.into_iter().collect())
                }
            }
        }
    }

    fn without_path(path: Vec<Reason>, revocation: Vec<Reason>) -> Self {
        Self {
            path: Err(path),
            revocation: Err(revocation),
            anchor: None,
        }
    }
}

fn path_at(
    context: &Context<'_>,
    certificate: &Certificate,
    embedded: &[Certificate],
    time: OffsetDateTime,
) -> Result<ValidatedPath, pki::Error> {
    let (trust, policy) = (&context.evidence.trust, context.policy);
    build_path(
        certificate,
        trust,
        embedded,
        time,
        &policy.path,
        policy.verifier,
    )
}

fn revocation(
    context: &Context<'_>,
    path: &ValidatedPath,
    embedded: &[Certificate],
    claims: &[OffsetDateTime],
) -> Result<NotRevoked, Vec<Reason>> {
    ask(context, path, embedded).map_err(|error| vec![revocation_reason(&error, path, claims)])
}

/// Asks the lists at hand about a path, at the time of checking.
fn ask(
    context: &Context<'_>,
    path: &ValidatedPath,
    embedded: &[Certificate],
) -> Result<NotRevoked, RevocationError> {
    let evidence = pki::Evidence {
        lists: &context.evidence.lists,
        certificates: embedded,
        ..pki::Evidence::default()
    };
    let policy = context.policy;
    check_revocation(
        path,
        &context.evidence.trust,
        &evidence,
        context.at,
        &policy.path,
        policy.verifier,
    )
}

/// A path at another time than that of checking, when something in it had not expired yet. It proves
/// nothing, but tells which anchor it would have been, and whom to ask about revocation.
fn earlier_path(
    context: &Context<'_>,
    certificate: &Certificate,
    embedded: &[Certificate],
    claims: &[OffsetDateTime],
) -> Option<ValidatedPath> {
    let mut times = std::iter::once(certificate.not_after()).chain(claims.iter().copied());
    times.find_map(|time| path_at(context, certificate, embedded, time).ok())
}

/// An expired certificate may be revoked as well, and that is the graver fact.
fn revoked_earlier(
    context: &Context<'_>,
    path: &ValidatedPath,
    embedded: &[Certificate],
    claims: &[OffsetDateTime],
) -> Option<Reason> {
    match ask(context, path, embedded) {
        Err(error @ RevocationError::Revoked { .. }) => {
            Some(revocation_reason(&error, path, claims))
        }
        _ => None,
    }
}

/// An embedded certificate that is neither in the path nor signed by anybody at hand could have
/// been changed after signing: the signature does not cover it.
fn unaccounted(
    context: &Context<'_>,
    signed_data: &SignedData<'_>,
    path: &ValidatedPath,
) -> Option<Reason> {
    let found = signed_data.unaccounted_certificates(path.certificates(), context.policy.verifier);
    match found {
        Ok(none) if none.is_empty() => None,
        Ok(_) => Some(rule("embedded certificates")),
        Err(error) => Some(integrity::reason(&error)),
    }
}

/// A signer that names more certificates than its own wants no others in the path.
fn not_allowed(signed_data: &SignedData<'_>, path: &ValidatedPath) -> Option<Reason> {
    let signer_info = signed_data.only_signer_info().ok()?;
    // Attributes that cannot be read are held against the signature elsewhere.
    let attributes = signer_info.signed_attributes().ok()?;
    let allowed = attributes.allow(path.certificates());
    (!allowed).then(|| rule("RFC 5035 3, signing-certificate"))
}

/// What a missing path makes of the signature; none where the check of the certificate's own
/// validity says it already.
fn path_reason(context: &Context<'_>, error: &pki::Error) -> Option<Reason> {
    if bears_test_mark(error) {
        return Some(Reason::new(ReasonCode::TestCertificate));
    }
    Some(match error {
        pki::Error::CertExpired { depth: 0, .. } | pki::Error::CertNotYetValid { depth: 0, .. } => {
            return None;
        }
        pki::Error::CertExpired { certificate, .. }
        | pki::Error::CertNotYetValid { certificate, .. } => {
            Reason::new(ReasonCode::CaCertExpired).with("name", certificate.subject().to_string())
        }
        pki::Error::Impostor { .. } => Reason::new(ReasonCode::RootImpostor),
        pki::Error::UntrustedRoot { root, .. } if context.evidence.trust.is_impostor(root) => {
            Reason::new(ReasonCode::RootImpostor)
        }
        pki::Error::UntrustedRoot { .. } => Reason::new(ReasonCode::RootUntrusted),
        pki::Error::NoIssuer { .. } => Reason::new(ReasonCode::IssuerUnknown),
        pki::Error::BudgetExceeded(_) | pki::Error::PathTooLong { .. } => {
            Reason::new(ReasonCode::CheckLimitReached)
        }
        pki::Error::UnsupportedAlgorithm { source, .. } => integrity::algorithm_reason(source),
        pki::Error::WeakAlgorithm { algorithm, .. } => {
            Reason::new(ReasonCode::WeakAlgorithm).with("alg", algorithm.to_string())
        }
        pki::Error::BadSignature { .. } => rule("RFC 5280 6.1.3 (a)(1)"),
        pki::Error::CaVersion { .. } => rule("RFC 5280 6.1.4 (k), version"),
        pki::Error::MissingKeyCertSign { .. } => rule("RFC 5280 6.1.4 (n), keyCertSign"),
        pki::Error::NotCa { .. } => rule("RFC 5280 6.1.4 (k), basicConstraints"),
        pki::Error::PathLenExceeded { .. } => rule("RFC 5280 6.1.4 (m), pathLenConstraint"),
        pki::Error::ProfileViolated { violation, .. } => {
            rule(&format!("RFC 5280 {}", violation.clause()))
        }
        pki::Error::UnknownCriticalExtension { depth: 0, oid, .. } => {
            rule(&format!("RFC 5280 6.1.5 (f), {oid}"))
        }
        pki::Error::UnknownCriticalExtension { oid, .. } => {
            rule(&format!("RFC 5280 6.1.4 (o), {oid}"))
        }
        pki::Error::NameMismatch { .. } => rule("RFC 5280 6.1.3 (a)(4)"),
        pki::Error::NameConstraintViolated { subtree: None, .. } => rule("RFC 5280 6.1.3 (b)"),
        pki::Error::NameConstraintViolated { .. } => rule("RFC 5280 6.1.3 (c)"),
        pki::Error::NameNotJudged { .. } => rule("RFC 5280 4.2.1.10"),
        pki::Error::NoValidPolicy { .. } => rule("RFC 5280 6.1.3 (f)"),
        pki::Error::MappingOfAnyPolicy { .. } => rule("RFC 5280 6.1.4 (a)"),
        pki::Error::TooManyIntermediates { .. } => rule("RFC 5280 6.1.4 (l)"),
        pki::Error::PolicyNotWanted { .. } => rule("RFC 5280 6.1.5 (g)"),
        pki::Error::MissingKeyUsage { .. } => rule("RFC 5280 4.2.1.3, keyUsage"),
        pki::Error::MissingExtendedKeyUsage { purpose, .. } => {
            rule(&format!("RFC 5280 4.2.1.12, {purpose}"))
        }
    })
}

/// A TEST authority that the caller did not name: every such authority bears the same name, so this
/// comes before any talk of impostors.
fn bears_test_mark(error: &pki::Error) -> bool {
    match error {
        pki::Error::UntrustedRoot { root, .. } => is_test_authority(root),
        pki::Error::BadSignature { certificate, .. }
        | pki::Error::Impostor { certificate, .. }
        | pki::Error::NoIssuer { certificate, .. } => {
            is_test_authority(certificate) || is_test_name(certificate.issuer())
        }
        _ => false,
    }
}

/// What the lists say, or do not say, about a certificate of the path.
fn revocation_reason(
    error: &RevocationError,
    path: &ValidatedPath,
    claims: &[OffsetDateTime],
) -> Reason {
    match error {
        RevocationError::Revoked {
            depth: 0,
            date,
            reason,
            ..
        } => signer_revoked(*date, *reason, claims),
        RevocationError::Revoked { depth, .. } => {
            let revoked = path
                .certificates()
                .get(*depth)
                .unwrap_or_else(|| path.anchor());
            Reason::new(ReasonCode::CaCertRevoked).with("name", revoked.subject().to_string())
        }
        RevocationError::Stale { this_update, .. } => {
            Reason::new(ReasonCode::RevocationStale).with("date", *this_update)
        }
        RevocationError::Untrusted { .. }
        | RevocationError::Response { .. }
        | RevocationError::ResponderRevocation { .. } => {
            Reason::new(ReasonCode::RevocationUntrusted)
        }
        RevocationError::BudgetExceeded { .. } => Reason::new(ReasonCode::CheckLimitReached),
        _ => Reason::new(ReasonCode::RevocationUnavailable),
    }
}

/// Without a time-stamp the claimed time counts only against the signer: a signature that claims
/// to be older than the revocation is not proven to be.
fn signer_revoked(
    date: OffsetDateTime,
    reason: Option<CrlReason>,
    claims: &[OffsetDateTime],
) -> Reason {
    match reason {
        Some(reason) if reason.is_compromise() => {
            Reason::new(ReasonCode::CertRevokedCompromise).with("reason", reason.to_string())
        }
        Some(CrlReason::CertificateHold) => Reason::new(ReasonCode::CertOnHold),
        // The same second counts as before.
        _ if claims.iter().any(|claimed| date <= *claimed) => {
            Reason::new(ReasonCode::CertRevokedBeforeSigning).with("date", date)
        }
        _ => Reason::new(ReasonCode::CertRevokedTimeUnproven),
    }
}

fn anchor_facts(anchor: &Certificate) -> AnchorFacts {
    AnchorFacts {
        sha256: anchor
            .sha256()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        is_test: is_test_authority(anchor),
    }
}

fn rule(name: &str) -> Reason {
    Reason::new(ReasonCode::ChainInvalid).with("rule", name)
}
