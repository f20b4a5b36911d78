use std::path::PathBuf;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ca::Defect;
use crate::cms;
use crate::crypto;
use crate::eds::Role;
use crate::keys;
use crate::x509;
use crate::x509::CrlReason;
use crate::x509::SerialNumber;

/// Why the TEST authority did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// This certificate is suspended already.
    #[error("certificate {serial} is on hold since {}", rfc3339(at))]
    AlreadyHeld {
        /// Its serial number.
        serial: SerialNumber,
        /// When it was suspended.
        at: OffsetDateTime,
    },
    /// This certificate was revoked before; a list names each one once.
    #[error("certificate {serial} is revoked since {}", rfc3339(at))]
    AlreadyRevoked {
        /// Its serial number.
        serial: SerialNumber,
        /// When it was revoked.
        at: OffsetDateTime,
    },
    /// An address that certificates cannot begin theirs with.
    #[error(
        "{0:?} is no address for certificates: it is http://HOST, perhaps with a port and a path"
    )]
    BaseUrl(String),
    /// A time that certificates and lists cannot express: their years are 1950 to 9999.
    #[error("{} has no place in a list", rfc3339(.0))]
    DateOutOfRange(OffsetDateTime),
    /// The algorithm of a key makes no time-stamps.
    #[error(transparent)]
    Cms(#[from] cms::Error),
    /// Making a key or a signature failed.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    /// A folder that a version without OCSP responder and time-stamping authority made.
    #[error(
        "{path} was made by an earlier version: it has no OCSP responder and no time-stamping \
         authority. Make a new authority in another folder"
    )]
    EarlierVersion {
        /// The folder.
        path: PathBuf,
    },
    /// A certificate of this role has nothing that could be wrong in this way.
    #[error("the defect {defect} is of nothing that a certificate for the role {role} has")]
    DefectDoesNotApply {
        /// The defect.
        defect: Defect,
        /// The role.
        role: Role,
    },
    /// A folder that holds an authority already.
    #[error("{path} holds an authority already")]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// A file could not be read or written.
    #[error("{path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A key does not fit.
    #[error(transparent)]
    Keys(#[from] keys::Error),
    /// A name that names nobody.
    #[error("{name:?} is no name of a holder: {defect}")]
    Name {
        /// The name given.
        name: String,
        /// What is wrong with it.
        defect: NameDefect,
    },
    /// A delta list holds the changes since a complete list, and there is none yet.
    #[error("there is no complete list whose changes a delta list could hold")]
    NoCompleteList,
    /// Only a certificate that is suspended can be released.
    #[error("certificate {0} is not on hold")]
    NotHeld(SerialNumber),
    /// The role needs an organisation, and none was given.
    #[error("the role {0} needs an organisation and its BIN")]
    NoOrganisation(Role),
    /// The end of the validity does not lie after its begin, or no certificate can express it.
    #[error(
        "the validity from {} to {} is empty",
        rfc3339(not_before),
        rfc3339(not_after)
    )]
    EmptyValidity {
        /// First instant.
        not_before: OffsetDateTime,
        /// Last instant.
        not_after: OffsetDateTime,
    },
    /// The role is one of persons, and its holder is none.
    #[error("the role {0} needs a person with an IIN")]
    NoPerson(Role),
    /// The role has no organisation, and one was given.
    #[error("the role {0} has no organisation")]
    OrganisationNotAllowed(Role),
    /// The role is one of information systems, and its holder is a person.
    #[error("the role {0} is of no person: its certificate has no IIN")]
    PersonNotAllowed(Role),
    /// The encoder of certificates refused its input.
    #[error("the certificate or list could not be written")]
    Rcgen(#[from] rcgen::Error),
    /// The state file, or that of the seed, is not what this program writes.
    #[error("{path} is damaged")]
    State {
        /// The file.
        path: PathBuf,
        /// Where and how.
        source: serde_json::Error,
    },
    /// Only delta lists say that a certificate is no longer suspended.
    #[error("{0} is no reason to revoke")]
    NoReason(CrlReason),
    /// The authority never issued this serial number.
    #[error("certificate {0} was not issued by this authority")]
    UnknownSerial(SerialNumber),
    /// What was just issued cannot be read back.
    #[error(transparent)]
    X509(#[from] x509::Error),
}

/// What is wrong with the name of a person or a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameDefect {
    /// It holds a control character.
    ControlCharacter,
    /// It is empty.
    Empty,
}

impl std::fmt::Display for NameDefect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ControlCharacter => "it holds a control character",
            Self::Empty => "it is empty",
        })
    }
}

fn rfc3339(time: &OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_default()
}
