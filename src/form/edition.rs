use handlebars::Context;
use time::Date;

use crate::form::context::PermitContext;
use crate::form::error::Error;
use crate::form::language::FilledForm;
use crate::form::options::FillOptions;
use crate::form::options::Medium;
use crate::form::options::Notice;
use crate::form::settings::Clause;
use crate::form::settings::Correction;
use crate::form::settings::Settings;
use crate::form::template::Template;
use crate::form::xml;
use crate::model::Bilingual;
use crate::model::Permit;

/// An edition of forms: the templates of one regulation and what holds for them.
#[derive(Debug)]
pub struct Edition {
    settings: Settings,
    permit: Template,
}

impl Edition {
    /// The names of the editions that the program brings with it.
    pub const BUILTIN: [&str; 1] = [BUILTIN[0].id];

    /// An edition that the program brings with it.
    ///
    /// # Errors
    ///
    /// When there is none of that name, or its templates are faulty.
    pub fn builtin(id: &str) -> Result<Self, Error> {
        let source = source(id)?;
        Self::new(source.settings, source.templates)
    }

    /// [`Edition::signer_roles`] of an edition that the program brings with it, without reading its
    /// templates: who checks a document does not print one.
    ///
    /// # Errors
    ///
    /// When there is none of that name, or its settings are faulty.
    pub fn builtin_signer_roles(id: &str) -> Result<Vec<String>, Error> {
        Ok(read_settings(source(id)?.settings)?.permit.signer_roles)
    }

    fn new(settings: &str, sources: &[(&str, &str)]) -> Result<Self, Error> {
        let settings = read_settings(settings)?;
        let permit = Template::new("permit", sources)?;
        Ok(Self { settings, permit })
    }

    /// Its name (`atyrau-2013`).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.settings.id
    }

    /// Whether its regulation was in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.settings.in_force.contains(day)
    }

    /// Roles, one of which the signer of a permit must have, by the names of the national profile
    /// (`head`, `can-sign`).
    #[must_use]
    pub fn signer_roles(&self) -> &[String] {
        &self.settings.permit.signer_roles
    }

    /// Wordings of the regulation that are printed otherwise.
    #[must_use]
    pub fn corrections(&self) -> &[Correction] {
        &self.settings.corrections
    }

    /// What the form calls the field that a JSON pointer names; `None` for what it does not have.
    #[must_use]
    pub fn field_name(&self, pointer: &str) -> Option<&Bilingual> {
        let pattern: String = pointer
            .split_inclusive('/')
            .map(|step| {
                let name = step.trim_end_matches('/');
                let is_number = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
                if is_number {
                    step.replacen(name, "*", 1)
                } else {
                    step.to_owned()
                }
            })
            .collect();
        let fields = &self.settings.fields;
        fields.get(&pattern).or_else(|| {
            let (parent, last) = pattern.rsplit_once('/')?;
            matches!(last, "kk" | "ru").then(|| fields.get(parent))?
        })
    }

    /// Puts the data of a permit into the form.
    ///
    /// # Errors
    ///
    /// When a template is faulty, or the rows of an appendix sum to more than can be counted:
    /// never for a permit that came from [`Permit::from_json`] with a builtin edition.
    pub fn fill(
        &self,
        permit: &Permit,
        options: &FillOptions,
    ) -> Result<(FilledForm, Vec<Notice>), Error> {
        let text = self.filled_xml(permit, options.medium)?;
        let form = xml::parse(&text, options.language)?;
        Ok((form, self.notices(permit, options.medium)))
    }

    fn filled_xml(&self, permit: &Permit, medium: Medium) -> Result<String, Error> {
        let clause = match medium {
            Medium::Draft => None,
            Medium::Electronic => self.clause(permit.issue_date),
        };
        let context = PermitContext::new(
            permit,
            medium,
            clause,
            self.in_force(permit.issue_date),
            &self.settings,
        )?;
        let context = Context::wraps(context).map_err(|error| Error::Fill(error.into()))?;
        self.permit.fill(&context)
    }

    fn notices(&self, permit: &Permit, medium: Medium) -> Vec<Notice> {
        let issue_date = permit.issue_date;
        let mut notices = Vec::new();
        if !self.in_force(issue_date) {
            let period = self.settings.in_force;
            notices.push(Notice::EditionNotInForce {
                issue_date,
                from: period.from,
                to: period.to,
            });
        }
        if medium == Medium::Electronic && self.clause(issue_date).is_none() {
            notices.push(Notice::ClauseNotPrinted { issue_date });
        }
        notices
    }

    fn clause(&self, day: Date) -> Option<&Clause> {
        self.settings
            .clauses
            .iter()
            .find(|clause| clause.from <= day && day <= clause.to)
    }
}

struct Source {
    id: &'static str,
    settings: &'static str,
    templates: &'static [(&'static str, &'static str)],
}

fn source(id: &str) -> Result<&'static Source, Error> {
    BUILTIN
        .iter()
        .find(|source| source.id == id)
        .ok_or_else(|| Error::UnknownEdition { id: id.to_owned() })
}

fn read_settings(settings: &str) -> Result<Settings, Error> {
    toml::from_str(settings).map_err(|error| Error::Settings(error.into()))
}

const BUILTIN: [Source; 1] = [Source {
    id: "atyrau-2013",
    settings: include_str!("../../templates/atyrau-2013/form.toml"),
    templates: &[
        (
            "permit",
            include_str!("../../templates/atyrau-2013/permit.hbs"),
        ),
        ("main", include_str!("../../templates/atyrau-2013/main.hbs")),
        (
            "limits",
            include_str!("../../templates/atyrau-2013/limits.hbs"),
        ),
        (
            "duties",
            include_str!("../../templates/atyrau-2013/duties.hbs"),
        ),
        (
            "signature",
            include_str!("../../templates/atyrau-2013/signature.hbs"),
        ),
        (
            "annex1",
            include_str!("../../templates/atyrau-2013/annex1.hbs"),
        ),
        (
            "annex2",
            include_str!("../../templates/atyrau-2013/annex2.hbs"),
        ),
        (
            "annex3",
            include_str!("../../templates/atyrau-2013/annex3.hbs"),
        ),
        (
            "annex4",
            include_str!("../../templates/atyrau-2013/annex4.hbs"),
        ),
        (
            "annex5",
            include_str!("../../templates/atyrau-2013/annex5.hbs"),
        ),
        (
            "footer",
            include_str!("../../templates/atyrau-2013/footer.hbs"),
        ),
        (
            "holder",
            include_str!("../../templates/atyrau-2013/holder.hbs"),
        ),
        (
            "series",
            include_str!("../../templates/atyrau-2013/series.hbs"),
        ),
    ],
}];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::*;
    use crate::model::Permit;

    /// Strict mode takes a misspelt name in a condition for false without a word.
    #[test]
    fn conditions_of_the_templates_ask_for_names_that_are_there() {
        for source in &BUILTIN {
            let names = names_of_context(source);
            for (file, template) in source.templates {
                for tag in template.split("{{#").skip(1) {
                    let (tag, _) = tag.split_once("}}").unwrap();
                    let Some((_, path)) = tag.split_once(' ') else {
                        continue;
                    };
                    for name in path.split('.') {
                        assert!(names.contains(name), "{file}: {tag}");
                    }
                }
            }
        }
    }

    /// Every name anywhere in the context of a permit that has all a permit can have.
    fn names_of_context(source: &Source) -> HashSet<String> {
        let edition = Edition::new(source.settings, source.templates).unwrap();
        let mut names = HashSet::from(["@last".to_owned()]);
        for data in [
            include_bytes!("../../fixtures/permits/atyrau-2013.json").as_slice(),
            include_bytes!("../../fixtures/permits/atyrau-2013-open-ended.json"),
        ] {
            let permit = Permit::from_json(data).unwrap();
            let clause = edition.clause(permit.issue_date);
            let medium = Medium::Electronic;
            let context =
                PermitContext::new(&permit, medium, clause, true, &edition.settings).unwrap();
            collect(&serde_json::to_value(context).unwrap(), &mut names);
        }
        names
    }

    fn collect(value: &Value, names: &mut HashSet<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                names.insert(name.clone());
                collect(value, names);
            }),
            Value::Array(elements) => elements.iter().for_each(|value| collect(value, names)),
            _ => {}
        }
    }
}
