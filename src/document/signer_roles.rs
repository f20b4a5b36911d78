//! Who may sign the forms of each edition.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::form::Edition;

/// The roles that may sign each form, by edition. It is read once, since that means parsing the
/// editions, and handed to everything that signs and verifies.
#[derive(Debug, Clone)]
pub struct SignerRoles {
    by_edition: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The editions that the program brings with it.
    builtin: BTreeSet<String>,
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
            builtin: Edition::builtin_ids().map(str::to_owned).collect(),
        }
    }

    /// Adds those of an edition, in the place of one of the same name.
    pub fn add(&mut self, edition: &Edition) {
        let forms = edition.forms();
        let roles = forms.map(|form| (form.to_owned(), edition.signer_roles(form).to_vec()));
        self.by_edition
            .insert(edition.id().to_owned(), roles.collect());
    }

    /// Who may sign a form of an edition.
    #[must_use]
    pub fn of(&self, edition: &str, form: &str) -> FormRoles<'_> {
        match self.by_edition.get(edition) {
            Some(forms) => FormRoles::OfEdition(forms.get(form).map_or(&[], Vec::as_slice)),
            None => {
                let editions = self.by_edition.iter();
                let builtin = editions.filter(|(id, _)| self.builtin.contains(*id));
                let roles = builtin.filter_map(|(_, forms)| forms.get(form)).flatten();
                FormRoles::OfAnyEdition(roles.map(String::as_str).collect())
            }
        }
    }
}

/// The names of the roles, one of which the signer of a form must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormRoles<'a> {
    /// Those of its edition: none for a form that the edition does not have, which nobody may sign.
    OfEdition(&'a [String]),
    /// The edition is not known here; those that any edition of the program lets sign a form of this
    /// name. Else an employee could sign a permit by writing the name of no edition into it. What an
    /// added edition allows holds for its own documents alone.
    OfAnyEdition(BTreeSet<&'a str>),
}

impl<'a> FormRoles<'a> {
    /// The names.
    #[must_use]
    pub fn names(&self) -> Vec<&'a str> {
        match self {
            Self::OfEdition(names) => names.iter().map(String::as_str).collect(),
            Self::OfAnyEdition(names) => names.iter().copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_names_who_may_sign_and_for_an_unknown_one_all_editions_do() {
        let roles = SignerRoles::builtin();
        let names = |edition, form| roles.of(edition, form).names();
        assert_eq!(names("atyrau-2013", "permit"), ["head", "can-sign"]);
        // Its regulation has no re-issue: a form of that name is nobody's to sign.
        assert_eq!(
            roles.of("atyrau-2013", "reissue"),
            FormRoles::OfEdition(&[])
        );
        let unknown = roles.of("atyrau-1913", "permit");
        assert!(matches!(unknown, FormRoles::OfAnyEdition(_)));
        assert_eq!(unknown.names(), ["can-sign", "head"]);
        assert!(names("atyrau-1913", "bylaw").is_empty());
    }

    /// An edition in a folder may bear the name of one that the program brings, and says who signs.
    #[test]
    fn an_edition_that_is_added_stands_in_the_place_of_one_of_its_name() {
        let mut roles = SignerRoles {
            by_edition: BTreeMap::new(),
            builtin: BTreeSet::new(),
        };
        let nobody = BTreeMap::from([("permit".to_owned(), Vec::new())]);
        roles.by_edition.insert("zhambyl-2014".to_owned(), nobody);
        roles.add(&Edition::builtin("zhambyl-2014").unwrap());
        let names = |edition, form| roles.of(edition, form).names();
        assert_eq!(names("zhambyl-2014", "permit"), ["head", "can-sign"]);
        assert_eq!(names("zhambyl-2014", "reissue"), ["head", "can-sign"]);
        assert_eq!(names("zhambyl-2014", "notice"), ["system"]);
        assert!(names("zhambyl-2014", "questionnaire").is_empty());
    }

    #[test]
    fn an_added_edition_says_who_signs_its_own_documents_and_no_others() {
        let settings = r#"
            id = "wide-2027"
            name = { kk = "Кең", ru = "Широкая" }
            in_force = { from = "2027-01-01", to = "2027-12-31" }
            [forms.permit]
            name = { kk = "Рұқсат", ru = "Разрешение" }
            signer_roles = ["employee"]
        "#;
        let file = ("form.toml".to_owned(), settings.to_owned());
        let mut roles = SignerRoles::builtin();
        roles.add(&Edition::from_files([file]).unwrap());
        assert_eq!(roles.of("wide-2027", "permit").names(), ["employee"]);
        let unknown = roles.of("atyrau-1913", "permit");
        assert_eq!(unknown.names(), ["can-sign", "head"]);
    }
}
