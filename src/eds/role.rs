//! The role that a certificate's extended key usage gives its holder.

use std::fmt;
use std::str::FromStr;

use crate::eds::Error;
use crate::x509::Oid;

/// The role of a certificate's holder, told by the object identifiers of its extended key usage
/// (branch 1.2.398.3.3.4.1 of the national authority; the Treasury has a branch of its own).
///
/// The order is that of the rights: a certificate that names several roles has the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// First head of a legal entity.
    Head,
    /// Person with the right to sign for a legal entity.
    CanSign,
    /// Person with the right to sign financial documents of a legal entity.
    Financial,
    /// Personnel department of a legal entity.
    Hr,
    /// Employee of a legal entity, without the right to sign for it.
    Employee,
    /// Natural person.
    Individual,
    /// Information system of a legal entity.
    System,
    /// Client of the Treasury system.
    Treasury,
}

impl Role {
    /// All roles, in the order of their rights.
    pub const ALL: [Self; 8] = [
        Self::Head,
        Self::CanSign,
        Self::Financial,
        Self::Hr,
        Self::Employee,
        Self::Individual,
        Self::System,
        Self::Treasury,
    ];

    /// The role that an extended key usage names, if it names one.
    pub fn from_extended_key_usage(usages: &[Oid]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|role| usages.contains(&role.oid()))
    }

    /// The object identifier of this role.
    pub fn oid(self) -> Oid {
        match self {
            Self::Head => const { Oid::new("1.2.398.3.3.4.1.2.1") },
            Self::CanSign => const { Oid::new("1.2.398.3.3.4.1.2.2") },
            Self::Financial => const { Oid::new("1.2.398.3.3.4.1.2.3") },
            Self::Hr => const { Oid::new("1.2.398.3.3.4.1.2.4") },
            Self::Employee => const { Oid::new("1.2.398.3.3.4.1.2.5") },
            Self::Individual => const { Oid::new("1.2.398.3.3.4.1.1") },
            Self::System => const { Oid::new("1.2.398.3.3.4.1.2.6") },
            Self::Treasury => const { Oid::new("1.2.398.5.19.1.2.2.1") },
        }
    }

    /// Whether holders of this role act for a legal entity, whose BIN their certificate carries.
    pub fn is_of_organisation(self) -> bool {
        self != Self::Individual
    }

    /// Name on the command line and in `form.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::CanSign => "can-sign",
            Self::Financial => "financial",
            Self::Hr => "hr",
            Self::Employee => "employee",
            Self::Individual => "individual",
            Self::System => "system",
            Self::Treasury => "treasury",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == name)
            .ok_or_else(|| Error::UnknownRole(name.to_owned()))
    }
}

/// Whether a role is among those that may sign a document.
///
/// # Errors
///
/// [`Error::NoAuthority`] when it is not, or the certificate names no role.
pub fn may_sign(role: Option<Role>, allowed: &[Role]) -> Result<(), Error> {
    match role {
        Some(role) if allowed.contains(&role) => Ok(()),
        _ => Err(Error::NoAuthority {
            role,
            allowed: allowed.to_vec(),
        }),
    }
}

/// The extended key usage `id-kp-clientAuth` of authentication certificates (RFC 5280 §4.2.1.12).
pub const CLIENT_AUTH: Oid = Oid::new("1.3.6.1.5.5.7.3.2");
/// The extended key usage `id-kp-emailProtection` of signing certificates (RFC 5280 §4.2.1.12).
pub const EMAIL_PROTECTION: Oid = Oid::new("1.3.6.1.5.5.7.3.4");
/// The extended key usage of everybody who acts for a legal entity.
pub const ORGANISATION: Oid = Oid::new("1.2.398.3.3.4.1.2");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_by_its_name() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse::<Role>(), Ok(role));
        }
    }

    #[test]
    fn employee_may_not_sign_for_the_body() {
        let allowed = [Role::Head, Role::CanSign];
        assert_eq!(may_sign(Some(Role::CanSign), &allowed), Ok(()));
        for role in [Some(Role::Employee), None] {
            let refused = Err(Error::NoAuthority {
                role,
                allowed: allowed.to_vec(),
            });
            assert_eq!(may_sign(role, &allowed), refused);
        }
    }

    #[test]
    fn unknown_role_names_itself() {
        assert_eq!(
            "boss".parse::<Role>(),
            Err(Error::UnknownRole("boss".to_owned()))
        );
    }
}
