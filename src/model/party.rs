//! Persons and organisations that a document names.

use serde::Serialize;

use crate::model::bilingual::Bilingual;
use crate::model::bin::Bin;
use crate::model::iin::Iin;
use crate::model::permit::Address;
use crate::model::permit::PersonId;

/// The body that provides the service, as its letterhead names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// Its name, in the nominative.
    pub name: Bilingual,
    /// Address, telephone, e-mail.
    pub details: Bilingual,
    /// Its BIN, unprinted; that of the signer's certificate must be the same.
    pub bin: Bin,
}

/// A party with its number and its postal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// Full name.
    pub name: Bilingual,
    /// Postal address.
    pub address: Address,
    /// Number of the person.
    pub id: PersonId,
}

/// Who applies, and how to reach them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applicant {
    /// Full name.
    pub name: Bilingual,
    /// Postal address.
    pub address: Address,
    /// Telephone.
    pub phone: String,
    /// Electronic mail.
    pub email: String,
    /// Number of the person; that of the signer's certificate must be the same.
    pub id: PersonId,
}

/// Who worked out the materials for the expertise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Developer {
    /// Full name.
    pub name: Bilingual,
    /// Number of the person.
    pub id: PersonId,
    /// Number of the licence for such work.
    pub license_no: String,
}

/// A natural person by name and number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Surname, name, and patronymic where there is one.
    pub name: Bilingual,
    /// IIN.
    pub iin: Iin,
}

/// An organisation by name and number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Full name.
    pub name: Bilingual,
    /// BIN.
    pub bin: Bin,
}
