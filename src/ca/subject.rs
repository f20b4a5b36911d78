//! The subject of a certificate: the attributes of the national profile, in its order and with its
//! types of strings.

use rcgen::DnType;
use rcgen::DnValue;
use rcgen::string::Ia5String;
use rcgen::string::PrintableString;

use crate::ca::Application;
use crate::ca::Error;
use crate::ca::Holder;
use crate::ca::PersonName;
use crate::ca::error::NameDefect;
use crate::ca::rcgen_writer::arcs;
use crate::crypto::Oid;
use crate::eds::Role;
use crate::model::Iin;
use crate::x509::Name;
use crate::x509::der;
use crate::x509::oids;

/// One attribute of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SubjectAttribute {
    oid: Oid,
    value: Text,
}

/// The text of an attribute, by its type of string.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Text {
    Ia5(String),
    Printable(String),
    Utf8(String),
}

impl SubjectAttribute {
    pub(super) fn utf8(oid: Oid, text: impl Into<String>) -> Self {
        let value = Text::Utf8(text.into());
        Self { oid, value }
    }

    fn printable(oid: Oid, text: impl Into<String>) -> Self {
        let value = Text::Printable(text.into());
        Self { oid, value }
    }

    /// The name of these attributes, each in a set of its own.
    pub(super) fn to_name(attributes: &[Self]) -> Result<Name, Error> {
        let set = |attribute: &Self| {
            let value = match &attribute.value {
                Text::Ia5(text) => der::ia5_string(text),
                Text::Printable(text) => der::printable_string(text),
                Text::Utf8(text) => der::utf8_string(text),
            };
            der::set_of(&[der::sequence(&[der::oid(&attribute.oid), value])])
        };
        let sets: Vec<_> = attributes.iter().map(set).collect();
        Ok(Name::from_der(&der::sequence(&sets))?)
    }

    pub(super) fn for_rcgen(&self) -> Result<(DnType, DnValue), Error> {
        let value = match &self.value {
            Text::Ia5(text) => DnValue::Ia5String(Ia5String::try_from(text.as_str())?),
            Text::Printable(text) => {
                DnValue::PrintableString(PrintableString::try_from(text.as_str())?)
            }
            Text::Utf8(text) => DnValue::Utf8String(text.clone()),
        };
        Ok((DnType::from_oid(&arcs(self.oid)), value))
    }
}

/// The subject that an application asks for.
///
/// Persons: `CN, SN, serialNumber, C, O, OU, GN`; clients of the Treasury have `DC` before and
/// `businessCategory` after `OU`; systems: `UID, CN, C, O, OU`.
pub(super) fn of(application: &Application) -> Result<Vec<SubjectAttribute>, Error> {
    let role = application.role;
    match (&application.organisation, role.is_of_organisation()) {
        (None, true) => return Err(Error::NoOrganisation(role)),
        (Some(_), false) => return Err(Error::OrganisationNotAllowed(role)),
        _ => {}
    }
    match (&application.holder, role == Role::System) {
        (Holder::Person { name, iin }, false) => person(application, name, iin),
        (Holder::System { name }, true) => system(application, name),
        (Holder::Person { .. }, true) => Err(Error::PersonNotAllowed(role)),
        (Holder::System { .. }, false) => Err(Error::NoPerson(role)),
    }
}

fn person(
    application: &Application,
    name: &PersonName,
    iin: &Iin,
) -> Result<Vec<SubjectAttribute>, Error> {
    let mut subject = Vec::new();
    let is_treasury = application.role == Role::Treasury;
    if is_treasury {
        subject.push(SubjectAttribute {
            oid: oids::DOMAIN_COMPONENT,
            value: Text::Ia5(TREASURY_ROLE.to_owned()),
        });
    }
    subject.extend([
        SubjectAttribute::utf8(oids::COMMON_NAME, name.common_name()),
        SubjectAttribute::utf8(oids::SURNAME, name.surname()),
        SubjectAttribute::printable(oids::SERIAL_NUMBER, format!("IIN{iin}")),
        SubjectAttribute::printable(oids::COUNTRY_NAME, "KZ"),
    ]);
    subject.extend(organisation(application));
    if is_treasury {
        subject.push(SubjectAttribute::utf8(BUSINESS_CATEGORY, TREASURY_CLIENT));
    }
    let patronymic = name.patronymic();
    subject.extend(patronymic.map(|text| SubjectAttribute::utf8(oids::GIVEN_NAME, text)));
    Ok(subject)
}

fn system(application: &Application, name: &str) -> Result<Vec<SubjectAttribute>, Error> {
    let defect = match name {
        name if name.trim().is_empty() => Some(NameDefect::Empty),
        name if name.chars().any(char::is_control) => Some(NameDefect::ControlCharacter),
        _ => None,
    };
    if let Some(defect) = defect {
        let name = name.to_owned();
        return Err(Error::Name { name, defect });
    }
    let mut subject = vec![
        SubjectAttribute::utf8(oids::USER_ID, TEST_SYSTEM),
        SubjectAttribute::utf8(oids::COMMON_NAME, name),
        SubjectAttribute::printable(oids::COUNTRY_NAME, "KZ"),
    ];
    subject.extend(organisation(application));
    Ok(subject)
}

fn organisation(application: &Application) -> impl Iterator<Item = SubjectAttribute> {
    let organisation = application.organisation.iter();
    organisation.flat_map(|it| {
        [
            SubjectAttribute::utf8(oids::ORGANIZATION_NAME, it.name.as_str()),
            SubjectAttribute::utf8(oids::ORGANIZATIONAL_UNIT_NAME, format!("BIN{}", it.bin)),
        ]
    })
}

const BUSINESS_CATEGORY: Oid = Oid::new("2.5.4.15");
/// The code of a client and its rights at the Treasury, and the number of a registered system: what
/// stands in the published TEST certificates.
const TREASURY_CLIENT: &str = "KS1234";
const TREASURY_ROLE: &str = "ROLE02";
const TEST_SYSTEM: &str = "1.2.398.6.10.1.1";
