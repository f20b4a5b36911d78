//! The subject of a certificate: the attributes of the national profile, in its order and with its
//! types of strings.

use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::DnValue;
use rcgen::string::Ia5String;
use rcgen::string::PrintableString;

use crate::ca::Application;
use crate::ca::Error;
use crate::ca::Holder;
use crate::ca::PersonName;
use crate::ca::error::NameDefect;
use crate::ca::specification::arcs;
use crate::crypto::Oid;
use crate::eds::Role;
use crate::model::Iin;
use crate::x509::oids;

/// The subject that an application asks for.
///
/// Persons: `CN, SN, serialNumber, C, O, OU, GN`; clients of the Treasury have `DC` before and
/// `businessCategory` after `OU`; systems: `UID, CN, C, O, OU`.
pub(super) fn of(application: &Application) -> Result<DistinguishedName, Error> {
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
) -> Result<DistinguishedName, Error> {
    let mut subject = DistinguishedName::new();
    let is_treasury = application.role == Role::Treasury;
    if is_treasury {
        let role = DnValue::Ia5String(Ia5String::try_from(TREASURY_ROLE)?);
        subject.push(attribute(oids::DOMAIN_COMPONENT), role);
    }
    subject.push(DnType::CommonName, name.common_name());
    subject.push(attribute(oids::SURNAME), name.surname());
    let iin = printable(&format!("IIN{iin}"))?;
    subject.push(attribute(oids::SERIAL_NUMBER), iin);
    subject.push(DnType::CountryName, printable("KZ")?);
    push_organisation(&mut subject, application);
    if is_treasury {
        subject.push(attribute(BUSINESS_CATEGORY), TREASURY_CLIENT);
    }
    if let Some(patronymic) = name.patronymic() {
        subject.push(attribute(oids::GIVEN_NAME), patronymic);
    }
    Ok(subject)
}

fn system(application: &Application, name: &str) -> Result<DistinguishedName, Error> {
    let defect = match name {
        name if name.trim().is_empty() => Some(NameDefect::Empty),
        name if name.chars().any(char::is_control) => Some(NameDefect::ControlCharacter),
        _ => None,
    };
    if let Some(defect) = defect {
        let name = name.to_owned();
        return Err(Error::Name { name, defect });
    }
    let mut subject = DistinguishedName::new();
    subject.push(attribute(oids::USER_ID), TEST_SYSTEM);
    subject.push(DnType::CommonName, name);
    subject.push(DnType::CountryName, printable("KZ")?);
    push_organisation(&mut subject, application);
    Ok(subject)
}

fn push_organisation(subject: &mut DistinguishedName, application: &Application) {
    if let Some(organisation) = &application.organisation {
        subject.push(DnType::OrganizationName, organisation.name.as_str());
        let bin = format!("BIN{}", organisation.bin);
        subject.push(DnType::OrganizationalUnitName, bin);
    }
}

fn attribute(oid: Oid) -> DnType {
    DnType::from_oid(&arcs(oid))
}

fn printable(text: &str) -> Result<DnValue, Error> {
    Ok(DnValue::PrintableString(PrintableString::try_from(text)?))
}

const BUSINESS_CATEGORY: Oid = Oid::new("2.5.4.15");
/// The code of a client and its rights at the Treasury, and the number of a registered system: what
/// stands in the published TEST certificates.
const TREASURY_CLIENT: &str = "KS1234";
const TREASURY_ROLE: &str = "ROLE02";
const TEST_SYSTEM: &str = "1.2.398.6.10.1.1";
