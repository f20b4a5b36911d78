//! The permit data embedded in a document, and what it asks of the signer.

use crate::document::Embedded;
use crate::document::EmbeddedError;
use crate::document::FormRoles;
use crate::document::QrText;
use crate::document::SignerRoles;
use crate::eds::Requirement;
use crate::model::Bilingual;
use crate::model::Document;
use crate::model::Permit;
use crate::pdf;
use crate::pdf::Pdf;
use crate::verify::authority::AuthorityScope;
use crate::verify::authority::SignedMedium;
use crate::verify::report::PermitFacts;

/// What a revision of the file says about itself.
pub(crate) struct Data {
    embedded: Result<Option<Embedded>, EmbeddedError>,
    requirement: Option<(Requirement, AuthorityScope)>,
}

impl Data {
    /// Reads the embedded data of a file, or of a revision of it. Fails only at a limit: data that
    /// was not looked at is not wrong.
    pub(crate) fn read(pdf: &Pdf<'_>, signer_roles: &SignerRoles) -> Result<Self, pdf::Error> {
        let embedded = match Embedded::read(pdf) {
            Err(EmbeddedError::Files(limit @ pdf::Error::LimitReached(_))) => return Err(limit),
            embedded => embedded,
        };
        let requirement = embedded
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .map(|embedded| {
                let document = &embedded.document;
                let roles = signer_roles.of(document.edition(), document.form().as_str());
                let scope = match roles {
                    FormRoles::OfEdition(_) => AuthorityScope::Full,
                    FormRoles::OfAnyEdition(_) => AuthorityScope::Identity,
                };
                (Requirement::of(document, &roles.names()), scope)
            });
        Ok(Self {
            embedded,
            requirement,
        })
    }

    /// What the data asks of the signer, and how much that is; `Err` when there is data that cannot
    /// be read.
    pub(crate) fn requirement(
        &self,
    ) -> Result<Option<&(Requirement, AuthorityScope)>, &EmbeddedError> {
        self.embedded.as_ref().map(|_| self.requirement.as_ref())
    }

    /// What the document says that it is.
    pub(crate) fn medium(&self) -> SignedMedium {
        match &self.embedded {
            Ok(Some(embedded)) if embedded.is_draft() || embedded.is_paper() => {
                SignedMedium::NotForSigning
            }
            _ => SignedMedium::ForSigning,
        }
    }

    /// True when the data names an edition that is not known here.
    pub(crate) fn edition_unknown(&self) -> bool {
        self.requirement
            .as_ref()
            .is_some_and(|(_, scope)| *scope == AuthorityScope::Identity)
    }

    /// True when the file has no permit data at all.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self.embedded, Ok(None))
    }

    /// The QR code that the data gives.
    pub(crate) fn code(&self) -> Option<QrText> {
        let embedded = self.embedded.as_ref().ok()?.as_ref()?;
        Some(embedded.code.clone())
    }

    /// The document as the data names it.
    pub(crate) fn permit(&self) -> Option<PermitFacts> {
        let document = &self.embedded.as_ref().ok()?.as_ref()?.document;
        let permit = match document {
            Document::Permit(permit) => Some(permit),
            Document::Reissue(reissue) => Some(&reissue.permit),
            _ => None,
        };
        let (holder, position) = match document {
            Document::Permit(permit) => names_of_permit(permit),
            Document::Reissue(reissue) => names_of_permit(&reissue.permit),
            Document::Refusal(refusal) => (None, Some(&refusal.signatory.position)),
            Document::Conclusion(conclusion) => (
                Some(&conclusion.customer.name),
                Some(&conclusion.signatory.position),
            ),
            Document::ApplicationPermit(application) => (Some(&application.nature_user.name), None),
            Document::ApplicationExpertise(application) => {
                (Some(&application.applicant.name), None)
            }
            Document::Notice(notice) => (Some(&notice.recipient), None),
            Document::Questionnaire(_) | Document::QuestionnaireSummary(_) => (None, None),
        };
        Some(PermitFacts {
            kind: document.form().as_str().to_owned(),
            number: document.number(),
            date: document.issue_date(),
            holder: holder.cloned(),
            position: position.cloned(),
            has_term: permit.is_some(),
            last_day: permit.and_then(|permit| permit.validity.last_day()),
        })
    }
}

/// Who holds a permit, and what its signatory is.
fn names_of_permit(permit: &Permit) -> (Option<&Bilingual>, Option<&Bilingual>) {
    (
        Some(&permit.nature_user.name),
        Some(&permit.signatory.position),
    )
}
