use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use time::Date;

use crate::model::bin::Bin;
use crate::model::error::Error;
use crate::model::form_name::FormName;
use crate::model::iin::Iin;
use crate::model::permit::Permit;

/// A document of the service: the data of one of its forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Document {
    /// Permit for emissions into the environment.
    Permit(Permit),
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
            form => Err(Error::NoReader { form }),
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
        }
    }

    /// Name of the edition of forms it is printed on.
    #[must_use]
    pub fn edition(&self) -> &str {
        match self {
            Self::Permit(permit) => &permit.edition,
        }
    }

    /// Its number as it is printed, with the series where it has one; none when it has no number.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        match self {
            Self::Permit(permit) => Some(permit.number.to_string()),
        }
    }

    /// The day it bears; none for a questionnaire, which bears none.
    #[must_use]
    pub fn issue_date(&self) -> Option<Date> {
        match self {
            Self::Permit(permit) => Some(permit.issue_date),
        }
    }

    /// Whose signature it asks for; none when nobody signs it.
    #[must_use]
    pub fn required_signer(&self) -> Option<RequiredSigner<'_>> {
        match self {
            Self::Permit(permit) => Some(RequiredSigner {
                bin: Some(&permit.issuing_body_bin),
                iin: Some(&permit.signatory.iin),
            }),
        }
    }
}

impl From<Permit> for Document {
    fn from(permit: Permit) -> Self {
        Self::Permit(permit)
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
