//! What is asked of the authority: whose certificate, in which role, for how long.

use std::str::FromStr;

use time::OffsetDateTime;

use crate::ca::Error;
use crate::ca::error::NameDefect;
use crate::eds::CertificateUse;
use crate::eds::Role;
use crate::model::Bin;
use crate::model::Iin;

/// A certificate that a person asks for, of the kind in use today. [`Application`] is for systems
/// and for older kinds as well.
///
/// [`Application`]: crate::ca::Application
#[derive(Clone, Debug)]
pub struct Request {
    /// The role in the extended key usage.
    pub role: Role,
    /// The natural person who holds the key.
    pub name: PersonName,
    /// The person's IIN, written to `serialNumber`.
    pub iin: Iin,
    /// The legal entity the person acts for; exactly the roles other than `individual` have one.
    pub organisation: Option<Organisation>,
    /// Authentication (log-in) as the generation before 2022 had it; else the one certificate for
    /// everything.
    pub usage: CertificateUse,
    /// First instant of the validity; fractions of a second are cut.
    pub not_before: OffsetDateTime,
    /// Last instant of the validity; without one it is a year after the first, as the national
    /// authority sets it for keys in files.
    pub not_after: Option<OffsetDateTime>,
}

/// A legal entity as a certificate names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Name, written to `O`. It may be longer than the 64 characters of X.520: real ones are.
    pub name: String,
    /// BIN, written to `OU`.
    pub bin: Bin,
}

/// A person's name as the national profile divides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName {
    surname: String,
    given: Option<String>,
    patronymic: Option<String>,
}

impl PersonName {
    /// Family name, written to `SURNAME`.
    pub fn surname(&self) -> &str {
        &self.surname
    }

    /// Family and first name, written to `CN`.
    pub fn common_name(&self) -> String {
        match &self.given {
            Some(given) => format!("{} {given}", self.surname),
            None => self.surname.clone(),
        }
    }

    /// Patronymic, written to `GIVENNAME`.
    pub fn patronymic(&self) -> Option<&str> {
        self.patronymic.as_deref()
    }
}

impl FromStr for PersonName {
    type Err = Error;

    /// Reads «Фамилия Имя Отчество»: the first word is the family name, the second the first name,
    /// the rest the patronymic.
    fn from_str(name: &str) -> Result<Self, Error> {
        let defect = |defect| Error::Name {
            name: name.to_owned(),
            defect,
        };
        if name.chars().any(char::is_control) {
            return Err(defect(NameDefect::ControlCharacter));
        }
        let mut words = name.split_whitespace().map(str::to_owned);
        let surname = words.next().ok_or_else(|| defect(NameDefect::Empty))?;
        let given = words.next();
        let patronymic = words.collect::<Vec<_>>().join(" ");
        Ok(Self {
            surname,
            given,
            patronymic: Some(patronymic).filter(|rest| !rest.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_divided_as_the_profile_says() {
        let name: PersonName = "Әбілқасымова Жұлдыз Еркінқызы".parse().unwrap();
        assert_eq!(name.surname(), "Әбілқасымова");
        assert_eq!(name.common_name(), "Әбілқасымова Жұлдыз");
        assert_eq!(name.patronymic(), Some("Еркінқызы"));
    }

    #[test]
    fn patronymic_may_have_two_words_or_be_absent() {
        let name: PersonName = " Мамедов  Али Гейдар оглы ".parse().unwrap();
        assert_eq!(name.patronymic(), Some("Гейдар оглы"));
        let name: PersonName = "Ким Олег".parse().unwrap();
        assert_eq!(
            (name.common_name().as_str(), name.patronymic()),
            ("Ким Олег", None)
        );
    }

    #[test]
    fn blank_name_is_refused() {
        let refused = "  ".parse::<PersonName>();
        assert!(matches!(
            refused,
            Err(Error::Name {
                defect: NameDefect::Empty,
                ..
            })
        ));
    }

    #[test]
    fn name_with_control_character_is_refused() {
        let refused = "Ким\u{7} Олег".parse::<PersonName>();
        assert!(matches!(
            refused,
            Err(Error::Name {
                defect: NameDefect::ControlCharacter,
                ..
            })
        ));
    }
}
