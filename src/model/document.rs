use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use time::Date;

use crate::model::application::Registration;
use crate::model::application::Submission;
use crate::model::bin::Bin;
use crate::model::conclusion::Conclusion;
use crate::model::doubt::Doubt;
use crate::model::error::Error;
use crate::model::expertise_application::ExpertiseApplication;
use crate::model::form_name::FormName;
use crate::model::iin::Iin;
use crate::model::notice::Notice;
use crate::model::party::Applicant;
use crate::model::party::Person;
use crate::model::permit::Permit;
use crate::model::permit::PersonId;
use crate::model::permit_application::PermitApplication;
use crate::model::questionnaire::Questionnaire;
use crate::model::questionnaire::QuestionnaireSummary;
use crate::model::refusal::Refusal;
use crate::model::reissue::Reissue;

/// A document of the service: the data of one of its forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Document {
    /// Permit for emissions into the environment.
    Permit(Permit),
    /// Re-issued permit.
    Reissue(Reissue),
    /// Motivated refusal.
    Refusal(Refusal),
    /// Conclusion of the state ecological expertise.
    Conclusion(Conclusion),
    /// Application for a permit.
    ApplicationPermit(PermitApplication),
    /// Application for a conclusion.
    ApplicationExpertise(ExpertiseApplication),
    /// Message of the process.
    Notice(Notice),
    /// One person's answers to the questionnaire.
    Questionnaire(Questionnaire),
    /// The answers of many.
    QuestionnaireSummary(QuestionnaireSummary),
}

/// Whose signature a document asks for. A number that is `None` is not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequiredSigner<'d> {
    /// The organisation that signs.
    pub bin: Option<&'d Bin>,
    /// The person who signs.
    pub iin: Option<&'d Iin>,
}

impl Document {
    /// Reads and checks the data of a form.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(form: FormName, bytes: &[u8]) -> Result<Self, Error> {
        match form {
            FormName::Permit => Permit::from_json(bytes).map(Self::Permit),
            FormName::Reissue => Reissue::from_json(bytes).map(Self::Reissue),
            FormName::Refusal => Refusal::from_json(bytes).map(Self::Refusal),
            FormName::Conclusion => Conclusion::from_json(bytes).map(Self::Conclusion),
            FormName::ApplicationPermit => {
                PermitApplication::from_json(bytes).map(Self::ApplicationPermit)
            }
            FormName::ApplicationExpertise => {
                ExpertiseApplication::from_json(bytes).map(Self::ApplicationExpertise)
            }
            FormName::Notice => Notice::from_json(bytes).map(Self::Notice),
            FormName::Questionnaire => Questionnaire::from_json(bytes).map(Self::Questionnaire),
            FormName::QuestionnaireSummary => {
                QuestionnaireSummary::from_json(bytes).map(Self::QuestionnaireSummary)
            }
        }
    }

    /// The data in its one canonical form: the same document always gives the same bytes, and these
    /// read back to the same document.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }

    /// The form it fills.
    #[must_use]
    pub fn form(&self) -> FormName {
        match self {
            Self::Permit(_) => FormName::Permit,
            Self::Reissue(_) => FormName::Reissue,
            Self::Refusal(_) => FormName::Refusal,
            Self::Conclusion(_) => FormName::Conclusion,
            Self::ApplicationPermit(_) => FormName::ApplicationPermit,
            Self::ApplicationExpertise(_) => FormName::ApplicationExpertise,
            Self::Notice(_) => FormName::Notice,
            Self::Questionnaire(_) => FormName::Questionnaire,
            Self::QuestionnaireSummary(_) => FormName::QuestionnaireSummary,
        }
    }

    /// Name of the edition of forms it is printed on.
    #[must_use]
    pub fn edition(&self) -> &str {
        match self {
            Self::Permit(permit) => &permit.edition,
            Self::Reissue(reissue) => &reissue.permit.edition,
            Self::Refusal(refusal) => &refusal.edition,
            Self::Conclusion(conclusion) => &conclusion.edition,
            Self::ApplicationPermit(application) => &application.edition,
            Self::ApplicationExpertise(application) => &application.edition,
            Self::Notice(notice) => &notice.edition,
            Self::Questionnaire(questionnaire) => &questionnaire.edition,
            Self::QuestionnaireSummary(summary) => &summary.edition,
        }
    }

    /// Its number as it is printed, with the series where it has one; none when it has no number.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        match self {
            Self::Permit(permit) => Some(permit.number.to_string()),
            Self::Reissue(reissue) => Some(reissue.permit.number.to_string()),
            Self::Refusal(refusal) => Some(refusal.number.clone()),
            Self::Conclusion(conclusion) => Some(conclusion.number.clone()),
            Self::ApplicationPermit(application) => registered(application.registration.as_ref()),
            Self::ApplicationExpertise(application) => {
                registered(application.registration.as_ref())
            }
            Self::Notice(_) | Self::Questionnaire(_) | Self::QuestionnaireSummary(_) => None,
        }
    }

    /// The day it bears; none for a questionnaire, which bears none.
    #[must_use]
    pub fn issue_date(&self) -> Option<Date> {
        match self {
            Self::Permit(permit) => Some(permit.issue_date),
            Self::Reissue(reissue) => Some(reissue.permit.issue_date),
            Self::Refusal(refusal) => Some(refusal.issue_date),
            Self::Conclusion(conclusion) => Some(conclusion.issue_date),
            Self::ApplicationPermit(application) => Some(application.date),
            Self::ApplicationExpertise(application) => Some(application.date),
            Self::Notice(notice) => Some(notice.time.date()),
            Self::Questionnaire(_) | Self::QuestionnaireSummary(_) => None,
        }
    }

    /// Figures in it that can hardly be, though no rule of its form forbids them.
    #[must_use]
    pub fn doubts(&self) -> Vec<Doubt> {
        match self {
            Self::Permit(permit) => permit.limits.doubts(),
            Self::Reissue(reissue) => reissue.permit.limits.doubts(),
            Self::ApplicationPermit(application) => application.limits.doubts(),
            Self::Refusal(_)
            | Self::Conclusion(_)
            | Self::ApplicationExpertise(_)
            | Self::Notice(_)
            | Self::Questionnaire(_)
            | Self::QuestionnaireSummary(_) => Vec::new(),
        }
    }

    /// Whose signature it asks for; none when nobody signs it.
    #[must_use]
    pub fn required_signer(&self) -> Option<RequiredSigner<'_>> {
        match self {
            Self::Permit(permit) => Some(signer_of_permit(permit)),
            Self::Reissue(reissue) => Some(signer_of_permit(&reissue.permit)),
            Self::Refusal(refusal) => Some(RequiredSigner {
                bin: Some(&refusal.provider.bin),
                iin: Some(&refusal.signatory.iin),
            }),
            Self::Conclusion(conclusion) => Some(RequiredSigner {
                bin: Some(&conclusion.provider.bin),
                iin: Some(&conclusion.signatory.iin),
            }),
            Self::ApplicationPermit(application) => Some(signer_of_application(
                &application.submission,
                &application.nature_user,
                &application.signatory,
            )),
            Self::ApplicationExpertise(application) => Some(signer_of_application(
                &application.submission,
                &application.applicant,
                &application.signatory,
            )),
            Self::Notice(notice) => Some(RequiredSigner {
                bin: Some(&notice.issuing_body_bin),
                iin: None,
            }),
            Self::Questionnaire(_) | Self::QuestionnaireSummary(_) => None,
        }
    }
}

impl From<Permit> for Document {
    fn from(permit: Permit) -> Self {
        Self::Permit(permit)
    }
}

fn registered(registration: Option<&Registration>) -> Option<String> {
    registration.map(|registration| registration.number.clone())
}

fn signer_of_permit(permit: &Permit) -> RequiredSigner<'_> {
    RequiredSigner {
        bin: Some(&permit.issuing_body_bin),
        iin: Some(&permit.signatory.iin),
    }
}

/// At a centre its operator signs; elsewhere the applicant, who is an organisation or is not.
fn signer_of_application<'d>(
    submission: &'d Submission,
    applicant: &'d Applicant,
    signatory: &'d Person,
) -> RequiredSigner<'d> {
    match (submission, &applicant.id) {
        (Submission::Centre { centre, operator }, _) => RequiredSigner {
            bin: Some(&centre.bin),
            iin: Some(&operator.iin),
        },
        (Submission::Portal | Submission::Provider, PersonId::Bin(bin)) => RequiredSigner {
            bin: Some(bin),
            iin: Some(&signatory.iin),
        },
        (Submission::Portal | Submission::Provider, PersonId::Iin(_)) => RequiredSigner {
            bin: None,
            iin: Some(&signatory.iin),
        },
    }
}

/// Data as it is kept and embedded: one space a level, a line feed at the end.
pub(super) fn canonical_json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 * 1024);
    let formatter = PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    value
        .serialize(&mut serializer)
        .expect("names are strings, and a Vec takes all bytes");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_is_read_as_the_document_that_it_is() {
        let json = include_bytes!("../../fixtures/permits/atyrau-2013.json");
        let document = Document::from_json(FormName::Permit, json).unwrap();
        assert_eq!(document.form(), FormName::Permit);
        assert_eq!(document.edition(), "atyrau-2013");
        assert_eq!(document.number().unwrap(), "А-W № 00017");
        assert_eq!(document.to_json(), json);
        let signer = document.required_signer().unwrap();
        assert_eq!(signer.bin.unwrap().as_str(), "101140900013");
        assert_eq!(signer.iin.unwrap().as_str(), "691007390018");
    }
}
