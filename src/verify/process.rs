//! The flow of a verification: one file, every signature.

use time::OffsetDateTime;

use crate::crypto::DigestAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::document::SignerRoles;
use crate::model::KAZAKHSTAN;
use crate::pdf;
use crate::pdf::Coverage;
use crate::pdf::Limits;
use crate::pdf::Pdf;
use crate::pdf::SignatureEntry;
use crate::pki::PathPolicy;
use crate::pki::TrustStore;
use crate::verify::data::Data;
use crate::verify::error::Error;
use crate::verify::reason::Note;
use crate::verify::reason::NoteCode;
use crate::verify::reason::Reason;
use crate::verify::reason::ReasonCode;
use crate::verify::reason::Status;
use crate::verify::report::DocumentFacts;
use crate::verify::report::Report;
use crate::verify::report::SignatureReport;
use crate::verify::signature::Context;
use crate::x509::CertificateList;

/// What the caller gives to check against. Nothing is fetched.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Trusted roots, and unproven issuers.
    pub trust: TrustStore,
    /// Revocation lists.
    pub lists: Vec<CertificateList>,
}

/// How to check.
pub struct Policy<'a> {
    /// The limits of certification paths.
    pub path: PathPolicy,
    /// The limits of reading a file.
    pub limits: Limits,
    /// Who may sign which form.
    pub signer_roles: SignerRoles,
    /// The algorithms.
    pub verifier: &'a dyn SignatureVerifier,
}

impl<'a> Policy<'a> {
    /// The policy of this project: strict paths, everyday limits.
    #[must_use]
    pub fn new(verifier: &'a dyn SignatureVerifier) -> Self {
        Self {
            path: PathPolicy::strict(),
            limits: Limits::default(),
            signer_roles: SignerRoles::builtin(),
            verifier,
        }
    }
}

/// Verifies every signature of a PDF at a time.
///
/// # Errors
///
/// [`Error::Unreadable`] when the file is not a PDF that can be read: empty, damaged, encrypted.
/// A bad signature is no error.
pub fn verify(
    file: &[u8],
    evidence: &Evidence,
    policy: &Policy<'_>,
    at: OffsetDateTime,
) -> Result<Report, Error> {
    match examine(file, evidence, policy, at) {
        Err(pdf::Error::LimitReached(_)) => {
            let mut report = blank(file, at);
            report
                .reasons
                .push(Reason::new(ReasonCode::CheckLimitReached));
            Ok(report)
        }
        result => result.map_err(Error::Unreadable),
    }
}

fn examine(
    file: &[u8],
    evidence: &Evidence,
    policy: &Policy<'_>,
    at: OffsetDateTime,
) -> Result<Report, pdf::Error> {
    let pdf = Pdf::open(file, &policy.limits)?;
    let mut report = blank(file, at);
    report.document.pages = pdf.page_count().ok();
    let whole = Data::read(&pdf, &policy.signer_roles)?;
    let mut of_revision = None;
    let context = Context {
        pdf: &pdf,
        evidence,
        policy,
        at,
    };
    for entry in pdf::signatures(&pdf)? {
        let index = report.signatures.len() + 1;
        match entry {
            // A document time-stamp is evidence, not a signature of a person.
            SignatureEntry::Signature(signature) if signature.is_document_timestamp() => {}
            SignatureEntry::Signature(signature) => {
                // What was signed is the revision, not what came after it.
                of_revision = match signature.coverage() {
                    Coverage::Revision { end } => {
                        let revision = file.get(..end).unwrap_or_default();
                        let revision = Pdf::open(revision, &policy.limits)?;
                        Some(Data::read(&revision, &policy.signer_roles)?)
                    }
                    _ => None,
                };
                let data = of_revision.as_ref().unwrap_or(&whole);
                report
                    .signatures
                    .push(context.examine(index, &signature, data));
            }
            SignatureEntry::Unreadable { field_name, .. } => {
                report
                    .signatures
                    .push(SignatureReport::unreadable(index, field_name));
            }
        }
    }
    // The last signature's data is what the report names.
    conclude(&mut report, of_revision.as_ref().unwrap_or(&whole));
    Ok(report)
}

/// What belongs to the file as a whole.
fn conclude(report: &mut Report, data: &Data) {
    report.document.permit = data.permit();
    report.document.code = data.code();
    let count = report.signatures.len();
    if count == 0 {
        report.reasons.push(Reason::new(ReasonCode::NoSignature));
        return;
    }
    let invalid = report
        .signatures
        .iter()
        .filter(|signature| signature.verdict.status() == Status::Invalid)
        .count();
    if count > 1 && invalid > 0 {
        let reason = Reason::new(ReasonCode::OneOfSeveralInvalid);
        report
            .reasons
            .push(reason.with("n", count).with("k", invalid));
    }
    for signature in &report.signatures {
        report.anchors.extend(
            signature
                .anchor
                .as_ref()
                .map(|anchor| anchor.sha256.clone()),
        );
    }
    report.anchors.dedup();
    report.notes = notes(report, data);
}

fn notes(report: &Report, data: &Data) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code| notes.push(Note::new(code));
    let anchors = report
        .signatures
        .iter()
        .filter_map(|signature| signature.anchor.as_ref());
    if anchors.into_iter().any(|anchor| anchor.is_test) {
        note(NoteCode::TestAuthority);
    }
    if data.is_absent() {
        note(NoteCode::AuthorityNotChecked);
    }
    if data.edition_unknown() {
        note(NoteCode::TextNotCompared);
    }
    note(NoteCode::TimeClaimedOnly);
    if let Some(permit) = &report.document.permit {
        if permit.position.is_some() {
            note(NoteCode::PositionFromText);
        }
        let local = report.time.checked_to_offset(KAZAKHSTAN);
        let today = local.unwrap_or(report.time).date();
        let over = permit.last_day.filter(|last| today > *last);
        if let Some(last) = over {
            notes.push(Note::new(NoteCode::PermitTermOver).with("date", last));
        }
        // Its sentence begins with what a check confirms: nothing, where the verdict is another.
        if permit.has_term && report.status() == Status::Valid {
            notes.push(Note::new(NoteCode::PermitStatusNotChecked));
        }
    }
    notes
}

fn blank(file: &[u8], time: OffsetDateTime) -> Report {
    let digest = DigestAlgorithm::Sha256.digest(file);
    Report {
        document: DocumentFacts {
            size: file.len(),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            ..DocumentFacts::default()
        },
        signatures: Vec::new(),
        reasons: Vec::new(),
        notes: Vec::new(),
        time,
        anchors: Vec::new(),
    }
}
