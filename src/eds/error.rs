use crate::eds::Role;

/// Why a certificate's holder may not do what is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The certificate names a role that may not sign this document, or none at all.
    #[error("the role of the certificate is {}, not one of {}", role_or_none(*.role), names(.allowed))]
    NoAuthority {
        /// The role in the certificate.
        role: Option<Role>,
        /// The roles that may sign.
        allowed: Vec<Role>,
    },
    /// No role has this name.
    #[error("no role is called {0:?}")]
    UnknownRole(String),
}

fn role_or_none(role: Option<Role>) -> &'static str {
    role.map_or("not named", Role::as_str)
}

fn names(roles: &[Role]) -> String {
    roles
        .iter()
        .map(|role| role.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
