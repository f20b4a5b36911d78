use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::OnceLock;

use handlebars::Context;
use serde_json::Value;
use time::Date;

use crate::form::builtin::BUILTIN;
use crate::form::builtin::Builtin;
use crate::form::context;
use crate::form::data::FormData;
use crate::form::error::Error;
use crate::form::error::Place;
use crate::form::language::FilledForm;
use crate::form::options::FillOptions;
use crate::form::options::Medium;
use crate::form::options::Notice;
use crate::form::options::Wording;
use crate::form::settings;
use crate::form::settings::Correction;
use crate::form::settings::Lines;
use crate::form::settings::Settings;
use crate::form::template::FORM_TOML;
use crate::form::template::Files;
use crate::form::template::Template;
use crate::form::xml;
use crate::form::xml::Reading;
use crate::model::Bilingual;

/// An edition of forms: the templates of one regulation and what holds for them.
#[derive(Debug)]
pub struct Edition {
    pub(super) settings: Arc<Settings>,
    pub(super) files: Files,
    /// Read when a form is first filled.
    templates: BTreeMap<String, OnceLock<Template>>,
}

impl Edition {
    /// The names of the editions that the program brings with it.
    pub fn builtin_ids() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|edition| edition.id)
    }

    /// An edition that the program brings with it.
    ///
    /// # Errors
    ///
    /// When there is none of that name, or its settings are faulty.
    pub fn builtin(id: &str) -> Result<Self, Error> {
        let files = builtin(id)?.files.iter();
        let files = files.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let files: Files = files.collect();
        let settings = sound(read_settings(files.get(FORM_TOML).map(String::as_str)))?;
        Ok(Self::new(settings, files))
    }

    /// An edition from the files of its folder: `form.toml` and templates, each with its name and
    /// its text.
    ///
    /// Templates are read when they are first filled; [`crate::form::check`] finds their faults
    /// before.
    ///
    /// # Errors
    ///
    /// When there is no `form.toml`, or it is faulty.
    pub fn from_files(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        let (edition, faults) = Self::with_faults(files.into_iter().collect());
        match (edition, faults.into_iter().next()) {
            (_, Some(fault)) => Err(fault),
            (Some(edition), None) => Ok(edition),
            (None, None) => Err(settings_fault(1, "the file cannot be read".to_owned())),
        }
    }

    /// An edition as far as it can be read, and all that is wrong with its settings.
    pub(super) fn with_faults(files: Files) -> (Option<Self>, Vec<Error>) {
        let text = files.get(FORM_TOML).map(String::as_str);
        let (settings, mut faults) = read_settings(text);
        let Some(settings) = settings else {
            return (None, faults);
        };
        faults.extend(more_roles(&settings, text.unwrap_or_default()));
        (Some(Self::new(settings, files)), faults)
    }

    fn new(settings: Settings, files: Files) -> Self {
        let forms = settings.forms.keys();
        Self {
            templates: forms.map(|form| (form.clone(), OnceLock::new())).collect(),
            settings: Arc::new(settings),
            files,
        }
    }

    /// Data that fills a form of an edition that the program brings with it, to look at the form;
    /// several for a form that comes in several shapes, none for a form that it does not have.
    pub fn builtin_samples(id: &str, form: &str) -> impl Iterator<Item = &'static str> {
        let edition = BUILTIN.iter().find(|edition| edition.id == id);
        edition
            .map_or(&[][..], |edition| edition.samples)
            .iter()
            .filter(move |(name, _)| *name == form)
            .map(|(_, data)| *data)
    }

    /// [`Edition::signer_roles`] of an edition that the program brings with it, for each form.
    ///
    /// # Errors
    ///
    /// When there is none of that name, or its settings are faulty.
    pub fn builtin_signer_roles(id: &str) -> Result<BTreeMap<String, Vec<String>>, Error> {
        let files = builtin(id)?.files;
        let text = files.iter().find(|(name, _)| *name == FORM_TOML);
        let settings = sound(read_settings(text.map(|(_, text)| *text)))?;
        let roles = settings.forms.into_iter();
        Ok(roles
            .map(|(name, form)| (name, form.signer_roles))
            .collect())
    }

    /// Its name (`atyrau-2013`).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.settings.id
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &Bilingual {
        &self.settings.name
    }

    /// The names of its files.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The names of its forms.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.settings.forms.keys().map(String::as_str)
    }

    /// What a form of it is called; none for a form that it does not have.
    #[must_use]
    pub fn form_name(&self, form: &str) -> Option<&Bilingual> {
        self.settings.forms.get(form).map(|form| &form.name)
    }

    /// Whether somebody signs a form; none for a form that it does not have.
    #[must_use]
    pub fn is_signed(&self, form: &str) -> Option<bool> {
        self.settings.forms.get(form).map(|form| form.signed)
    }

    /// The first and the last day on which its regulation was in force.
    #[must_use]
    pub fn period(&self) -> (Date, Date) {
        (self.settings.in_force.from, self.settings.in_force.to)
    }

    /// Whether its regulation was in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.settings.in_force.contains(day)
    }

    /// Roles, one of which the signer of a form must have, by the names of the national profile
    /// (`head`, `can-sign`).
    #[must_use]
    pub fn signer_roles(&self, form: &str) -> &[String] {
        let form = self.settings.forms.get(form);
        form.map_or(&[], |form| &form.signer_roles)
    }

    /// Wordings of the regulation that are printed otherwise.
    #[must_use]
    pub fn corrections(&self) -> &[Correction] {
        &self.settings.corrections
    }

    /// What a form calls the field that a JSON pointer names; `None` for what it does not have.
    #[must_use]
    pub fn field_name(&self, form: &str, pointer: &str) -> Option<&Bilingual> {
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
        self.settings.field(form, &pattern).or_else(|| {
            let (parent, last) = pattern.rsplit_once('/')?;
            matches!(last, "kk" | "ru").then(|| self.settings.field(form, parent))?
        })
    }

    /// Puts the data of a document into its form.
    ///
    /// # Errors
    ///
    /// When the edition does not have the form or a value of its data, a template is faulty, or the
    /// rows of a table sum to more than can be counted.
    pub fn fill(
        &self,
        document: &impl FormData,
        options: &FillOptions,
    ) -> Result<(FilledForm, Vec<Notice>), Error> {
        let form = document.form();
        let template = self.template(form)?;
        let data = document.value()?;
        self.has_values(form, &data)?;
        let day = context::day_of(&self.settings, form, &data);
        let context = context::context(&self.settings, form, data, options)?;
        let context = Context::from(context);
        let text = template.fill(&context)?;
        let filled = xml::parse(&text, self.reading(options, &self.regulation(options)));
        let filled = filled.map_err(|faults| {
            let first = faults.into_iter().next();
            let (at, fault) = first.map_or((0, None), |fault| (fault.at, Some(fault.fault)));
            let place = template.places(&context, &[at]).into_iter().next();
            match (place, fault) {
                (Some(place), Some(fault)) => Error::Language { place, fault },
                _ => Error::NoObject,
            }
        })?;
        Ok((filled, self.notices(day, options, template)))
    }

    /// Whether the edition has each value of a form's data that it lists the values of.
    ///
    /// # Errors
    ///
    /// [`Error::ValueNotInEdition`] for the first that it has not.
    pub fn has_values(&self, form: &str, data: &Value) -> Result<(), Error> {
        let listed = self.settings.forms.get(form).into_iter();
        for (pointer, values) in listed.flat_map(|form| &form.values) {
            let value = data.pointer(pointer).and_then(Value::as_str);
            if let Some(value) = value.filter(|value| !values.iter().any(|known| known == value)) {
                return Err(Error::ValueNotInEdition {
                    pointer: pointer.clone(),
                    value: value.to_owned(),
                    edition: self.id().to_owned(),
                    values: values.clone(),
                });
            }
        }
        Ok(())
    }

    /// The template of a form, read on first use.
    pub(super) fn template(&self, form: &str) -> Result<&Template, Error> {
        let slot = self.templates.get(form).ok_or_else(|| Error::UnknownForm {
            edition: self.id().to_owned(),
            form: form.to_owned(),
        })?;
        if let Some(template) = slot.get() {
            return Ok(template);
        }
        let template = Template::new(form, &self.files, &self.settings)?;
        Ok(slot.get_or_init(|| template))
    }

    /// The corrections that are not made.
    pub(super) fn regulation(&self, options: &FillOptions) -> Vec<&Correction> {
        let corrections = self.settings.corrections.iter();
        let is_left = |correction: &&Correction| {
            options.wording == Wording::Verbatim
                || !self.settings.correct.contains(&correction.class)
        };
        corrections.filter(is_left).collect()
    }

    pub(super) fn reading<'r>(
        &self,
        options: &FillOptions,
        regulation: &'r [&'r Correction],
    ) -> Reading<'r> {
        Reading {
            language: options.language,
            wording: self.settings.law(options.wording),
            provenance: options.provenance,
            regulation,
        }
    }

    fn notices(
        &self,
        day: Option<Date>,
        options: &FillOptions,
        template: &Template,
    ) -> Vec<Notice> {
        let mut notices = Vec::new();
        let Some(issue_date) = day else {
            return notices;
        };
        if !self.in_force(issue_date) {
            let (from, to) = self.period();
            notices.push(Notice::EditionNotInForce {
                issue_date,
                from,
                to,
            });
        }
        let clause = context::clause(&self.settings, day);
        let wants_clause = options.medium == Medium::Electronic && template.asks_for_clause();
        if wants_clause && clause.is_none() {
            notices.push(Notice::ClauseNotPrinted { issue_date });
        }
        notices
    }
}

fn builtin(id: &str) -> Result<&'static Builtin, Error> {
    BUILTIN
        .iter()
        .find(|edition| edition.id == id)
        .ok_or_else(|| Error::UnknownEdition { id: id.to_owned() })
}

/// The settings, and all that is wrong with them.
fn read_settings(text: Option<&str>) -> (Option<Settings>, Vec<Error>) {
    let Some(text) = text else {
        let fault = settings_fault(1, "the folder has no such file".to_owned());
        return (None, vec![fault]);
    };
    let (settings, faults) = settings::read(text);
    let faults = faults.into_iter();
    let faults = faults.map(|fault| settings_fault(fault.line, fault.reason));
    (settings, faults.collect())
}

fn settings_fault(line: usize, reason: String) -> Error {
    let file = FORM_TOML.to_owned();
    Error::Settings {
        place: Place { file, line },
        reason,
    }
}

/// The settings, when nothing is wrong with them.
fn sound(read: (Option<Settings>, Vec<Error>)) -> Result<Settings, Error> {
    match (read.0, read.1.into_iter().next()) {
        (_, Some(fault)) => Err(fault),
        (Some(settings), None) => Ok(settings),
        (None, None) => Err(settings_fault(1, "the file cannot be read".to_owned())),
    }
}

/// A folder with the name of an edition that the program brings with it may change its words, and not
/// who signs: whoever verifies its documents without the folder goes by the program's own roles.
fn more_roles(settings: &Settings, text: &str) -> Vec<Error> {
    let Ok(known) = Edition::builtin_signer_roles(&settings.id) else {
        return Vec::new();
    };
    let lines = Lines::new(text);
    let mut faults = Vec::new();
    for (form, own) in &settings.forms {
        let known = known.get(form).map_or(&[][..], Vec::as_slice);
        let added = own.signer_roles.iter().find(|role| !known.contains(role));
        if let Some(role) = added {
            let line = lines.of(&["forms", form, "signer_roles"]);
            let reason = format!(
                "the edition {} of the program does not let {role} sign {form}: where this one is to, \
                 give it a name of its own",
                settings.id
            );
            faults.push(settings_fault(line, reason));
        }
    }
    faults
}
