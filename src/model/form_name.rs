use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde::Serializer;

/// The forms of the service, by the names that the command line, `render.json` and the files of an
/// edition give them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FormName {
    /// Permit for emissions into the environment.
    Permit,
    /// Re-issued permit.
    Reissue,
    /// Motivated refusal.
    Refusal,
    /// Conclusion of the state ecological expertise.
    Conclusion,
    /// Application for a permit (өтінім / заявка).
    ApplicationPermit,
    /// Application for a conclusion of the expertise (өтініш / заявление).
    ApplicationExpertise,
    /// Message of the process.
    Notice,
    /// Quality and accessibility questionnaire, one person's answers.
    Questionnaire,
    /// The answers of many persons to the questionnaire.
    QuestionnaireSummary,
}

/// Whether a document of a form ends in a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// It counts only with its signature.
    Signed,
    /// It is finished as it is: nobody signs it.
    Unsigned,
}

/// A text that names no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no form {name:?}")]
pub struct UnknownForm {
    /// The name asked for.
    pub name: String,
}

impl FormName {
    /// All forms, in the order of the regulation.
    pub const ALL: [Self; 9] = [
        Self::Permit,
        Self::Reissue,
        Self::Refusal,
        Self::Conclusion,
        Self::ApplicationPermit,
        Self::ApplicationExpertise,
        Self::Notice,
        Self::Questionnaire,
        Self::QuestionnaireSummary,
    ];

    /// Its name: `application-permit`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Reissue => "reissue",
            Self::Refusal => "refusal",
            Self::Conclusion => "conclusion",
            Self::ApplicationPermit => "application-permit",
            Self::ApplicationExpertise => "application-expertise",
            Self::Notice => "notice",
            Self::Questionnaire => "questionnaire",
            Self::QuestionnaireSummary => "questionnaire-summary",
        }
    }

    /// Whether its documents are signed: the questionnaire is anonymous, and its summary counts it.
    #[must_use]
    pub fn signing(self) -> Signing {
        match self {
            Self::Questionnaire | Self::QuestionnaireSummary => Signing::Unsigned,
            Self::Permit
            | Self::Reissue
            | Self::Refusal
            | Self::Conclusion
            | Self::ApplicationPermit
            | Self::ApplicationExpertise
            | Self::Notice => Signing::Signed,
        }
    }
}

impl fmt::Display for FormName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for FormName {
    type Err = UnknownForm;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|form| form.as_str() == text);
        named.ok_or_else(|| UnknownForm {
            name: text.to_owned(),
        })
    }
}

impl Serialize for FormName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for form in FormName::ALL {
            assert_eq!(form.to_string().parse(), Ok(form));
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["", "Permit", "permits", "application_permit"] {
            let unknown = UnknownForm {
                name: name.to_owned(),
            };
            assert_eq!(name.parse::<FormName>(), Err(unknown));
        }
    }

    #[test]
    fn only_the_questionnaire_and_its_summary_are_not_signed() {
        let unsigned = FormName::ALL
            .into_iter()
            .filter(|form| form.signing() == Signing::Unsigned);
        let expected = [FormName::Questionnaire, FormName::QuestionnaireSummary];
        assert!(unsigned.eq(expected));
    }
}
