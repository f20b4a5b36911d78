//! An application for a certificate of any kind.

use time::OffsetDateTime;

use crate::ca::Organisation;
use crate::ca::PersonName;
use crate::ca::Request;
use crate::eds::CertificateUse;
use crate::eds::Role;
use crate::model::Iin;

/// Everything that the authority may be asked to certify.
///
/// ```
/// use ruqsat::ca::Application;
/// use ruqsat::ca::Authority;
/// use ruqsat::ca::CertificateKind;
/// use ruqsat::ca::Holder;
/// use ruqsat::ca::Organisation;
/// use ruqsat::eds::Role;
/// use time::macros::datetime;
///
/// let now = datetime!(2026-11-24 09:00 UTC);
/// let mut authority = Authority::in_memory(1, now)?;
/// let application = Application {
///     role: Role::System,
///     holder: Holder::System { name: "ИС «Рұқсат»".to_owned() },
///     organisation: Some(Organisation {
///         name: "Басқарма".to_owned(),
///         bin: "101140900013".parse().unwrap(),
///     }),
///     kind: CertificateKind::Single,
///     not_before: now,
///     not_after: None,
/// };
/// let system = authority.issue(application)?;
/// assert_eq!(system.leaf().not_after(), datetime!(2029-11-24 09:00 UTC));
/// # Ok::<(), ruqsat::ca::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Application {
    /// The role in the extended key usage.
    pub role: Role,
    /// Who holds the key: an information system for the role `system`, a person for every other.
    pub holder: Holder,
    /// The legal entity the holder acts for; exactly the roles other than `individual` have one.
    pub organisation: Option<Organisation>,
    /// The generation, and what the key is for.
    pub kind: CertificateKind,
    /// First instant of the validity; fractions of a second are cut.
    pub not_before: OffsetDateTime,
    /// Last instant of the validity; without one it is a year after the first, as the national
    /// authority sets it for keys in files, and three years for information systems.
    pub not_after: Option<OffsetDateTime>,
}

/// Who holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A natural person.
    Person {
        /// The name, written to `CN`, `SURNAME` and `GIVENNAME`.
        name: PersonName,
        /// The IIN, written to `serialNumber`.
        iin: Iin,
    },
    /// An information system of a legal entity; its subject names no person.
    System {
        /// The name, written to `CN`.
        name: String,
    },
}

/// The kinds of certificates that the national authority issued, by generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateKind {
    /// Since 2022: one certificate for signing and log-in. Its serial number is its key identifier
    /// with the top bit cleared.
    Single,
    /// Before: a certificate for signing alone, with a random serial number.
    LegacySigning,
    /// Before: a certificate for log-in alone, which may not sign.
    LegacyAuthentication,
}

impl CertificateKind {
    /// Whether it is of the generation before 2022.
    pub fn is_legacy(self) -> bool {
        self != Self::Single
    }
}

impl From<&Request> for Application {
    fn from(request: &Request) -> Self {
        Self {
            role: request.role,
            holder: Holder::Person {
                name: request.name.clone(),
                iin: request.iin.clone(),
            },
            organisation: request.organisation.clone(),
            kind: match request.usage {
                CertificateUse::Authentication => CertificateKind::LegacyAuthentication,
                CertificateUse::Signing | CertificateUse::Unknown => CertificateKind::Single,
            },
            not_before: request.not_before,
            not_after: request.not_after,
        }
    }
}
