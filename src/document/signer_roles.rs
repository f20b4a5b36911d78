//! Who may sign the forms of each edition.

use crate::form::Edition;

/// The roles that may sign a permit, by edition. It is read once, since that means parsing the
/// editions, and handed to everything that signs and verifies.
#[derive(Debug, Clone)]
pub struct SignerRoles {
    by_edition: Vec<(String, Vec<String>)>,
}

impl SignerRoles {
    /// Those of the editions that the program brings with it.
    #[must_use]
    pub fn builtin() -> Self {
        let by_edition = Edition::BUILTIN.iter().filter_map(|id| {
            let roles = Edition::builtin_signer_roles(id).ok()?;
            Some(((*id).to_owned(), roles))
        });
        Self {
            by_edition: by_edition.collect(),
        }
    }

    /// The names of the roles, one of which the signer must have; none for an edition that is not
    /// known here.
    #[must_use]
    pub fn of(&self, edition: &str) -> Option<&[String]> {
        let found = self.by_edition.iter().find(|(id, _)| id == edition);
        found.map(|(_, roles)| roles.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_names_who_may_sign_and_an_unknown_one_does_not() {
        let roles = SignerRoles::builtin();
        assert_eq!(roles.of("atyrau-2013").unwrap(), ["head", "can-sign"]);
        assert_eq!(roles.of("atyrau-1913"), None);
    }
}
