//! Who may sign the forms of each edition.

use std::collections::BTreeMap;

use crate::form::Edition;

/// The roles that may sign each form, by edition. It is read once, since that means parsing the
/// editions, and handed to everything that signs and verifies.
#[derive(Debug, Clone)]
pub struct SignerRoles {
    by_edition: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl SignerRoles {
    /// Those of the editions that the program brings with it.
    #[must_use]
    pub fn builtin() -> Self {
        let by_edition = Edition::builtin_ids().filter_map(|id| {
            let roles = Edition::builtin_signer_roles(id).ok()?;
            Some((id.to_owned(), roles))
        });
        Self {
            by_edition: by_edition.collect(),
        }
    }

    /// Adds those of an edition, in the place of one of the same name.
    pub fn add(&mut self, edition: &Edition) {
        let forms = edition.forms();
        let roles = forms.map(|form| (form.to_owned(), edition.signer_roles(form).to_vec()));
        self.by_edition
            .insert(edition.id().to_owned(), roles.collect());
    }

    /// The names of the roles, one of which the signer of a form must have; none for an edition
    /// that is not known here. Nobody may sign a form that a known edition does not have.
    #[must_use]
    pub fn of(&self, edition: &str, form: &str) -> Option<&[String]> {
        let roles = self.by_edition.get(edition)?.get(form);
        Some(roles.map_or(&[], Vec::as_slice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_names_who_may_sign_and_an_unknown_one_does_not() {
        let roles = SignerRoles::builtin();
        assert_eq!(
            roles.of("atyrau-2013", "permit").unwrap(),
            ["head", "can-sign"]
        );
        assert_eq!(roles.of("atyrau-1913", "permit"), None);
        // Its regulation has no re-issue: a form of that name is nobody's to sign.
        assert_eq!(roles.of("atyrau-2013", "reissue"), Some(&[][..]));
    }
}
