//! What a verification found: plain values for text, JSON and callers.

use time::Date;
use time::OffsetDateTime;

use crate::document::QrText;
use crate::eds::Role;
use crate::eds::Warning;
use crate::model::Bilingual;
use crate::verify::reason::Note;
use crate::verify::reason::NoteCode;
use crate::verify::reason::Reason;
use crate::verify::reason::ReasonCode;
use crate::verify::reason::Status;
use crate::verify::verdict::Verdict;

/// The result of verifying one file.
#[derive(Debug, Clone)]
pub struct Report {
    /// The file and what its embedded data says.
    pub document: DocumentFacts,
    /// One for each signature, in the order of the file.
    pub signatures: Vec<SignatureReport>,
    /// Reasons that belong to no single signature: none found, too complex, one of several.
    pub reasons: Vec<Reason>,
    /// Remarks on the whole, in the order in which they are shown.
    pub notes: Vec<Note>,
    /// The time for which everything was checked.
    pub time: OffsetDateTime,
    /// SHA-256 of each trust anchor that a path ended in, lower-case hex.
    pub anchors: Vec<String>,
}

impl Report {
    /// The verdict on the whole file: the worst of its signatures, and never valid without one.
    #[must_use]
    pub fn status(&self) -> Status {
        let own = self.reasons.iter().map(|reason| reason.code.status());
        let signatures = self
            .signatures
            .iter()
            .map(|signature| signature.verdict.status());
        own.chain(signatures).max().unwrap_or(Status::Invalid)
    }

    /// Holds the text of a QR code, from a print of the document, against the file: another code
    /// than the data of the file gives is [`ReasonCode::DataMismatch`] with the field `qr`. Data that
    /// was not looked at, because of a limit, is not another.
    pub fn hold_against(&mut self, code: &QrText) {
        let is_limit = |reason: &Reason| reason.code == ReasonCode::CheckLimitReached;
        if self.document.code.is_none() && self.reasons.iter().any(is_limit) {
            return;
        }
        if self.document.code.as_ref() != Some(code) {
            let reason = Reason::new(ReasonCode::DataMismatch);
            self.reasons.push(reason.with("field", "qr"));
            // Its sentence begins with what the check confirms.
            self.notes
                .retain(|note| note.code != NoteCode::PermitStatusNotChecked);
        }
    }

    /// True when the file has no signature at all.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        self.reasons
            .iter()
            .any(|reason| reason.code == ReasonCode::NoSignature)
    }

    /// The reasons of the whole and of every signature with its number (from 1), gravest first.
    #[must_use]
    pub fn all_reasons(&self) -> Vec<(Option<usize>, &Reason)> {
        let own = self.reasons.iter().map(|reason| (None, reason));
        let signatures = self.signatures.iter().flat_map(|signature| {
            signature
                .verdict
                .reasons()
                .iter()
                .map(|reason| (Some(signature.index), reason))
        });
        let mut all: Vec<_> = own.chain(signatures).collect();
        all.sort_by_key(|(_, reason)| (std::cmp::Reverse(reason.code.status()), reason.code));
        all
    }

    /// Each check over all signatures: the worst outcome.
    #[must_use]
    pub fn checks(&self) -> Checks {
        self.signatures
            .iter()
            .map(|signature| signature.checks)
            .reduce(Checks::worst)
            .unwrap_or_default()
    }
}

/// The file itself.
#[derive(Debug, Clone, Default)]
pub struct DocumentFacts {
    /// Length in bytes.
    pub size: usize,
    /// SHA-256 of all bytes, lower-case hex.
    pub sha256: String,
    /// Number of pages, where the page tree could be read.
    pub pages: Option<usize>,
    /// What the embedded data says, where there is any that can be read.
    pub permit: Option<PermitFacts>,
    /// The QR code that this data gives.
    pub code: Option<QrText>,
}

/// A permit as its embedded data names it; as trustworthy as the signature over it.
#[derive(Debug, Clone)]
pub struct PermitFacts {
    /// Name of the form (`permit`).
    pub kind: String,
    /// Series and number; none where the form has none.
    pub number: Option<String>,
    /// Date of issue; none where the form has none.
    pub date: Option<Date>,
    /// Whom it concerns: the nature user, the customer, the applicant.
    pub holder: Option<Bilingual>,
    /// Position of the signatory, as stated in the document.
    pub position: Option<Bilingual>,
    /// Whether it permits something for a term.
    pub has_term: bool,
    /// Last day of its term; none when open-ended.
    pub last_day: Option<Date>,
}

/// One signature.
#[derive(Debug, Clone)]
pub struct SignatureReport {
    /// From 1, in the order of the file.
    pub index: usize,
    /// Name of its form field.
    pub field: String,
    /// The outcome with its proofs or reasons.
    pub verdict: Verdict,
    /// `PAdES-B-B`, `PAdES` (with attributes that the baseline does not allow) or `CMS`.
    pub format: Format,
    /// What part of the file it covers.
    pub coverage: CoverageFacts,
    /// Who signed, as far as a certificate was identified.
    pub signer: Option<SignerFacts>,
    /// When the signer says it was: /M, or else the signing-time attribute.
    pub claimed_time: Option<OffsetDateTime>,
    /// The signer's certificate.
    pub certificate: Option<CertificateFacts>,
    /// Name of the signature algorithm.
    pub algorithm: Option<String>,
    /// The root that its path ends in, where there is one.
    pub anchor: Option<AnchorFacts>,
    /// The checks one by one.
    pub checks: Checks,
}

impl SignatureReport {
    /// A signature that cannot be read at all: it is listed, not hidden.
    pub(crate) fn unreadable(index: usize, field: String) -> Self {
        let reason = Reason::new(ReasonCode::SignatureUnreadable);
        Self {
            index,
            field,
            verdict: Verdict::against(vec![reason]),
            format: Format::Cms,
            coverage: CoverageFacts::Partial,
            signer: None,
            claimed_time: None,
            certificate: None,
            algorithm: None,
            anchor: None,
            checks: Checks {
                unaltered: CheckOutcome::Fail,
                ..Checks::default()
            },
        }
    }
}

/// A trust anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorFacts {
    /// SHA-256 of its certificate, lower-case hex.
    pub sha256: String,
    /// It is a TEST root: nothing below it has legal force.
    pub is_test: bool,
}

/// The form of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Any other CMS in a PDF (SubFilter adbe.pkcs7.detached).
    Cms,
    /// SubFilter ETSI.CAdES.detached, but not a baseline signature of ETSI EN 319 142-1.
    Pades,
    /// ETSI EN 319 142-1, level B-B.
    PadesBB,
}

impl Format {
    /// As reports write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cms => "CMS",
            Self::Pades => "PAdES",
            Self::PadesBB => "PAdES-B-B",
        }
    }
}

/// What part of the file a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageFacts {
    /// All of it.
    WholeDocument,
    /// An earlier revision; only permitted updates follow.
    EarlierRevision,
    /// Neither.
    Partial,
}

impl CoverageFacts {
    /// As reports write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WholeDocument => "whole-document",
            Self::EarlierRevision => "earlier-revision",
            Self::Partial => "partial",
        }
    }
}

/// The signer as the certificate names them.
#[derive(Debug, Clone)]
pub struct SignerFacts {
    /// CN, and the patronymic.
    pub name: String,
    /// Twelve digits, as they stand.
    pub iin: Option<String>,
    /// Role in the extended key usage.
    pub role: Option<Role>,
    /// Name of the organisation.
    pub organisation: Option<String>,
    /// Twelve digits, as they stand.
    pub bin: Option<String>,
    /// What is odd about the numbers; it changes no verdict.
    pub warnings: Vec<Warning>,
}

/// The signer's certificate.
#[derive(Debug, Clone)]
pub struct CertificateFacts {
    /// Serial number in hex.
    pub serial: String,
    /// Common name of its issuer, or the whole name.
    pub issuer: String,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// End of validity: until then a signature without a time-stamp can be proven.
    pub not_after: OffsetDateTime,
}

/// The outcome of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum CheckOutcome {
    /// Held.
    Pass,
    /// There was nothing to ask it of.
    #[default]
    NotMade,
    /// Could not be found out.
    Undetermined,
    /// Did not hold.
    Fail,
}

impl CheckOutcome {
    /// As reports write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::NotMade => "not-made",
            Self::Undetermined => "undetermined",
            Self::Fail => "fail",
        }
    }
}

/// The checks that a person sees one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checks {
    /// The document is as it was signed.
    pub unaltered: CheckOutcome,
    /// The certificate was in force and not revoked.
    pub certificate: CheckOutcome,
    /// It was issued by a trusted authority.
    pub trust: CheckOutcome,
    /// The signer had the right to sign this document.
    pub authority: CheckOutcome,
    /// The time of signing contradicts nothing.
    pub time: CheckOutcome,
}

impl Checks {
    fn worst(self, other: Self) -> Self {
        Self {
            unaltered: self.unaltered.max(other.unaltered),
            certificate: self.certificate.max(other.certificate),
            trust: self.trust.max(other.trust),
            authority: self.authority.max(other.authority),
            time: self.time.max(other.time),
        }
    }
}
