//! The permit data embedded in a document, and what it asks of the signer.

use crate::document::Embedded;
use crate::document::EmbeddedError;
use crate::document::QrText;
use crate::document::SignerRoles;
use crate::eds::Requirement;
use crate::pdf;
use crate::pdf::Pdf;
use crate::verify::report::PermitFacts;

/// What a revision of the file says about itself.
pub(crate) struct Data {
    embedded: Result<Option<Embedded>, EmbeddedError>,
    requirement: Option<Requirement>,
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
                let permit = &embedded.permit;
                Requirement::of_permit(permit, signer_roles.of(&permit.edition, "permit"))
            });
        Ok(Self {
            embedded,
            requirement,
        })
    }

    /// What the data asks of the signer; `Err` when there is data that cannot be read.
    pub(crate) fn requirement(&self) -> Result<Option<&Requirement>, &EmbeddedError> {
        self.embedded.as_ref().map(|_| self.requirement.as_ref())
    }

    /// True when the data names an edition that is not known here.
    pub(crate) fn edition_unknown(&self) -> bool {
        self.requirement
            .as_ref()
            .is_some_and(|requirement| requirement.roles.is_none())
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

    /// The permit as the data names it.
    pub(crate) fn permit(&self) -> Option<PermitFacts> {
        let permit = &self.embedded.as_ref().ok()?.as_ref()?.permit;
        Some(PermitFacts {
            kind: "permit".to_owned(),
            number: permit.number.to_string(),
            date: permit.issue_date,
            holder: permit.nature_user.name.clone(),
            position: permit.signatory.position.clone(),
            last_day: permit.validity.last_day(),
        })
    }
}
