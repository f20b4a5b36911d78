//! The holder of a certificate, read by the national profile.

use std::fmt;
use std::str::FromStr;

use crate::eds::CertificateUse;
use crate::eds::Role;
use crate::model::Bin;
use crate::model::IdentifierError;
use crate::model::Iin;
use crate::x509::Attribute;
use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::oids;

/// The holder of a certificate. Reading is lenient: what is absent is absent, and a number whose
/// control digit is wrong is kept with a warning, as the authority's own test certificates have
/// such numbers.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Full name: `CN`, and `GIVENNAME`, which holds the patronymic.
    pub name: String,
    /// IIN of the person, from `serialNumber`.
    pub iin: Option<CertifiedId<Iin>>,
    /// BIN of the legal entity, from `OU`.
    pub bin: Option<CertifiedId<Bin>>,
    /// Name of the legal entity, from `O`.
    pub organisation: Option<String>,
    /// Role, from the extended key usage.
    pub role: Option<Role>,
    /// What the key is for, from the key usage.
    pub usage: CertificateUse,
    /// What is odd about the numbers.
    pub warnings: Vec<Warning>,
}

/// A number as a certificate states it: the text always, and the number if it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertifiedId<T> {
    text: String,
    value: Option<T>,
}

/// What is odd about a certificate's holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// The BIN is not formed as BINs are.
    #[error("BIN in the certificate: {0}")]
    Bin(IdentifierError),
    /// The IIN is not formed as IINs are.
    #[error("IIN in the certificate: {0}")]
    Iin(IdentifierError),
}

impl Subject {
    /// Reads the holder of a certificate.
    pub fn of(certificate: &Certificate) -> Self {
        let subject = certificate.subject();
        let mut warnings = Vec::new();
        let iin = identifier(subject, oids::SERIAL_NUMBER, "IIN").map(|text| {
            CertifiedId::read(text).unwrap_or_else(|(kept, error)| {
                warnings.push(Warning::Iin(error));
                kept
            })
        });
        let bin = identifier(subject, oids::ORGANIZATIONAL_UNIT_NAME, "BIN").map(|text| {
            CertifiedId::read(text).unwrap_or_else(|(kept, error)| {
                warnings.push(Warning::Bin(error));
                kept
            })
        });
        let names = [oids::COMMON_NAME, oids::GIVEN_NAME];
        let names = names
            .into_iter()
            .filter_map(|attribute| subject.attribute(attribute));
        Self {
            name: names.collect::<Vec<_>>().join(" "),
            iin,
            bin,
            organisation: subject
                .attribute(oids::ORGANIZATION_NAME)
                .map(str::to_owned),
            role: certificate
                .extended_key_usage()
                .and_then(Role::from_extended_key_usage),
            usage: CertificateUse::of(certificate),
            warnings,
        }
    }
}

impl<T> CertifiedId<T> {
    /// The number as it stands in the certificate, without its prefix.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number, when it is formed as it must be.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

impl<T: FromStr<Err = IdentifierError>> CertifiedId<T> {
    fn read(text: &str) -> Result<Self, (Self, IdentifierError)> {
        let text = text.to_owned();
        match text.parse() {
            Ok(value) => Ok(Self {
                text,
                value: Some(value),
            }),
            Err(error) => Err((Self { text, value: None }, error)),
        }
    }
}

impl<T> fmt::Display for CertifiedId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The first attribute of a type that begins with a prefix, without it.
fn identifier<'a>(subject: &'a Name, attribute: Oid, prefix: &str) -> Option<&'a str> {
    let attributes = subject
        .attributes()
        .filter(|candidate| candidate.oid() == attribute);
    attributes
        .filter_map(Attribute::text)
        .find_map(|value| value.strip_prefix(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_with_a_wrong_control_digit_is_kept_with_the_reason() {
        let Err((kept, error)) = CertifiedId::<Iin>::read("123456789011") else {
            panic!("the official test IIN has a wrong control digit");
        };
        assert_eq!((kept.as_str(), kept.value()), ("123456789011", None));
        assert_eq!(
            error,
            IdentifierError::ControlDigit {
                expected: 3,
                found: 1
            }
        );
    }

    #[test]
    fn right_number_has_a_value() {
        let id = CertifiedId::<Bin>::read("120440001234").unwrap();
        assert_eq!(id.value(), Some(&"120440001234".parse().unwrap()));
    }
}
