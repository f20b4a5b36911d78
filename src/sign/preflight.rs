//! What is asked before a key is used: nobody signs what would not verify.

use time::OffsetDateTime;

use crate::crypto::SignatureVerifier;
use crate::document::Embedded;
use crate::document::SignerRoles;
use crate::eds::CertificateUse;
use crate::eds::Misfit;
use crate::eds::Requirement;
use crate::eds::Subject;
use crate::eds::Warning;
use crate::model::Document;
use crate::pdf::Pdf;
use crate::pki;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::sign::Chain;
use crate::sign::Error;
use crate::sign::ListDefect;
use crate::sign::Refusal;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;

/// What was found before signing, for the person who signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// Name of the signer, as the certificate has it.
    pub signer: String,
    /// End of the signer's certificate: without a time-stamp the signature can be proven until
    /// then.
    pub provable_until: OffsetDateTime,
    /// Role, BIN and IIN were compared with the document's data; false when it has none.
    pub authority_checked: bool,
    /// A revocation list was given, and the certificate is not on it.
    pub revocation_checked: bool,
    /// What is odd about the numbers in the certificate.
    pub warnings: Vec<Warning>,
}

/// What the checks need.
pub(crate) struct Situation<'a> {
    pub(crate) pdf: &'a Pdf<'a>,
    pub(crate) chain: &'a Chain,
    pub(crate) made_of: Option<&'a Document>,
    pub(crate) signer_roles: &'a SignerRoles,
    pub(crate) lists: Option<&'a [CertificateList]>,
    pub(crate) time: OffsetDateTime,
    pub(crate) verifier: &'a dyn SignatureVerifier,
}

impl Situation<'_> {
    /// Makes every check.
    pub(crate) fn check(&self) -> Result<Preflight, Error> {
        let leaf = self.chain.leaf();
        let subject = Subject::of(leaf);
        if subject.usage != CertificateUse::Signing {
            return Err(Refusal::WrongKeyUsage.into());
        }
        in_force(leaf, self.time)?;
        for (_, issuer) in self.chain.links() {
            check_issuer(issuer, self.time)?;
        }
        let authority_checked = self.check_document(&subject)?;
        let revocation_checked = self.check_revocation()?;
        Ok(Preflight {
            signer: subject.name,
            provable_until: leaf.not_after(),
            authority_checked,
            revocation_checked,
            warnings: subject.warnings,
        })
    }

    /// The document must not be a draft, and its data must name this signer.
    fn check_document(&self, subject: &Subject) -> Result<bool, Refusal> {
        if let Some(document) = self.made_of {
            return self.check_signer(subject, document);
        }
        let embedded = Embedded::read(self.pdf).map_err(|_| Refusal::DataMismatch)?;
        let Some(embedded) = embedded else {
            return Ok(false);
        };
        if embedded.is_draft() {
            return Err(Refusal::Draft);
        }
        if embedded.is_finished_unsigned() {
            return Err(Refusal::FinishedUnsigned);
        }
        self.check_signer(subject, &embedded.document)
    }

    fn check_signer(&self, subject: &Subject, document: &Document) -> Result<bool, Refusal> {
        let form = document.form();
        let roles = self.signer_roles.of(document.edition(), form.as_str());
        let misfits = Requirement::of(document, &roles.names()).misfits(subject);
        match misfits.into_iter().next() {
            None => Ok(true),
            Some(Misfit::Bin {
                certificate,
                document,
            }) => Err(Refusal::BinMismatch {
                certificate,
                document,
            }),
            Some(Misfit::Role { certificate }) => Err(Refusal::SignerNoAuthority { certificate }),
            Some(Misfit::Iin { document }) => Err(Refusal::IinMismatch { document }),
        }
    }

    fn check_revocation(&self) -> Result<bool, Error> {
        let Some(lists) = self.lists else {
            return Ok(false);
        };
        let evidence = pki::Evidence {
            lists,
            ..pki::Evidence::default()
        };
        let policy = PathPolicy::strict();
        for (certificate, issuer) in self.chain.links() {
            let outcome = pki::check_revocation_of(
                certificate,
                issuer,
                &evidence,
                self.time,
                &policy,
                self.verifier,
            );
            outcome.map_err(|error| self.revocation_error(certificate, &error))?;
        }
        Ok(true)
    }

    fn revocation_error(&self, certificate: &Certificate, error: &RevocationError) -> Error {
        let is_leaf = certificate == self.chain.leaf();
        match error {
            RevocationError::Revoked { date, reason, .. } if is_leaf => {
                revoked(*date, *reason, self.time).into()
            }
            RevocationError::Revoked { date, .. } => Refusal::CaCertRevoked {
                issuer: certificate.subject().to_string(),
                at: *date,
            }
            .into(),
            RevocationError::Stale { .. } => Error::RevocationList(ListDefect::Stale),
            RevocationError::Untrusted { .. } => Error::RevocationList(ListDefect::Untrusted),
            _ => Error::RevocationList(ListDefect::Unavailable),
        }
    }
}

fn in_force(certificate: &Certificate, time: OffsetDateTime) -> Result<(), Refusal> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if certificate.has_expired(time) {
        return Err(Refusal::CertExpiredAtSigning { not_after });
    }
    if certificate.is_not_yet_valid(time) {
        return Err(Refusal::CertNotYetValid { not_before });
    }
    Ok(())
}

fn check_issuer(issuer: &Certificate, time: OffsetDateTime) -> Result<(), Refusal> {
    let name = || issuer.subject().to_string();
    if !issuer
        .basic_constraints()
        .is_some_and(|constraints| constraints.ca)
    {
        return Err(Refusal::ChainInvalid { issuer: name() });
    }
    in_force(issuer, time).map_err(|_| Refusal::CaCertExpired { issuer: name() })
}

fn revoked(at: OffsetDateTime, reason: Option<CrlReason>, signing_time: OffsetDateTime) -> Refusal {
    match reason {
        Some(reason) if reason.is_compromise() => Refusal::CertRevokedCompromise { at },
        Some(CrlReason::CertificateHold) => Refusal::CertOnHold { at },
        _ if at <= signing_time => Refusal::CertRevokedBeforeSigning { at },
        _ => Refusal::CertRevokedTimeUnproven { at },
    }
}
