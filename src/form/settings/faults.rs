//! What the types of the settings cannot hold.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::form::context;
use crate::form::helpers;
use crate::form::settings::FormSettings;
use crate::form::settings::Lines;
use crate::form::settings::Note;
use crate::form::settings::Settings;
use crate::form::xml;
use crate::model::Bilingual;

/// What is wrong with the settings.
#[derive(Debug)]
pub(in crate::form) struct Fault {
    pub(in crate::form) line: usize,
    pub(in crate::form) reason: String,
}

impl Settings {
    /// What is wrong with them by themselves.
    pub(super) fn faults(&self, text: &str) -> Vec<Fault> {
        let mut noted = Noted {
            text,
            lines: OnceCell::new(),
            faults: Vec::new(),
        };
        self.texts(&mut noted);
        self.sources(&mut noted);
        self.days(&mut noted);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        if self.id.is_empty() || !self.id.chars().all(is_name) {
            let reason = format!(
                "id {:?} is no name of a folder: letters, digits, - and _",
                self.id
            );
            noted.note(&["id"], reason);
        }
        for (name, form) in &self.forms {
            self.form(name, form, &mut noted);
        }
        noted.faults
    }

    /// A text in one language only.
    fn texts(&self, noted: &mut Noted<'_>) {
        noted.bilingual(&["name"], &self.name);
        for (name, note) in self.notes() {
            noted.both(&[name], &note.kk.text, &note.ru.text);
        }
        for (index, clause) in self.clauses.iter().enumerate() {
            noted.both(&["clauses", &index.to_string()], &clause.kk, &clause.ru);
        }
        for (group, words) in &self.words {
            for (code, word) in words {
                noted.both(&["words", group, code], &word.kk, &word.ru);
            }
        }
    }

    fn notes(&self) -> impl Iterator<Item = (&'static str, &Note)> {
        let notes = [
            ("repeal_note", &self.repeal_note),
            ("account_note", &self.account_note),
        ];
        notes
            .into_iter()
            .filter_map(|(name, note)| Some((name, note.as_ref()?)))
    }

    fn sources(&self, noted: &mut Noted<'_>) {
        for (name, note) in self.notes() {
            noted.source(&[name, "kk", "src"], &note.kk.src);
            noted.source(&[name, "ru", "src"], &note.ru.src);
        }
        for (index, clause) in self.clauses.iter().enumerate() {
            noted.source(&["clauses", &index.to_string(), "source"], &clause.source);
        }
        for (index, correction) in self.corrections.iter().enumerate() {
            let path = ["corrections", &index.to_string(), "source"];
            noted.source(&path, &correction.source);
        }
        for (group, words) in &self.words {
            for (code, word) in words {
                noted.source(&["words", group, code, "src"], &word.src);
            }
        }
    }

    fn days(&self, noted: &mut Noted<'_>) {
        if self.in_force.from > self.in_force.to {
            noted.note(
                &["in_force"],
                "the last day lies before the first".to_owned(),
            );
        }
        for (index, clause) in self.clauses.iter().enumerate() {
            let at = index.to_string();
            if clause.from > clause.to {
                let reason = "the last day lies before the first".to_owned();
                noted.note(&["clauses", &at, "to"], reason);
            }
            let before = self.clauses.iter().take(index);
            let overlapping = before
                .filter(|other| other.from <= clause.to && clause.from <= other.to)
                .map(|other| other.from.max(clause.from));
            for day in overlapping {
                let reason = format!("two clauses hold on {day}: which is to be printed?");
                noted.note(&["clauses", &at, "from"], reason);
            }
        }
    }

    fn form(&self, name: &str, form: &FormSettings, noted: &mut Noted<'_>) {
        let at = ["forms", name];
        noted.bilingual(&["forms", name, "name"], &form.name);
        match form.like.as_deref() {
            Some(like) if like == name => {
                noted.note(
                    &["forms", name, "like"],
                    "a form is not like itself".to_owned(),
                );
            }
            Some(like) => match self.forms.get(like) {
                None => {
                    let reason = format!("there is no form {like:?} to be like");
                    noted.note(&["forms", name, "like"], reason);
                }
                Some(other) if other.like.is_some() => {
                    let reason = format!("{like} is like another form itself: name that one");
                    noted.note(&["forms", name, "like"], reason);
                }
                Some(_) => {}
            },
            None => {}
        }
        match (form.signed, form.signer_roles.is_empty()) {
            (true, true) => {
                let reason =
                    format!("{name} is signed: signer_roles is to say by whom, or signed = false");
                noted.note(&at, reason);
            }
            (false, false) => {
                let reason = format!("{name} is not signed, and has signer_roles");
                noted.note(&["forms", name, "signer_roles"], reason);
            }
            _ => {}
        }
        for role in &form.signer_roles {
            if !ROLES.contains(&role.as_str()) {
                let reason = format!("{role:?} is no role of a signer: {}", ROLES.join(", "));
                noted.note(&["forms", name, "signer_roles"], reason);
            }
        }
        for pointer in form.values.keys() {
            if self.field(name, pointer).is_none() {
                let reason = format!("{name} has no field {pointer}");
                noted.note(&["forms", name, "values", pointer], reason);
            }
        }
        self.tables_of(name, form, noted);
        self.fields(name, &form.fields, noted);
    }

    fn tables_of(&self, name: &str, form: &FormSettings, noted: &mut Noted<'_>) {
        for (table, settings) in &form.tables {
            for (key, pointer) in [("rows", &settings.rows), ("total", &settings.total)] {
                if !pointer.starts_with('/') {
                    let reason = format!("{pointer:?} is no JSON pointer: it begins with /");
                    noted.note(&["forms", name, "tables", table, key], reason);
                }
            }
            for (key, width) in [("fixed", settings.fixed), ("text", settings.text)] {
                if !(0.0..=SHEET).contains(&width) {
                    let reason = format!("{width} mm is no width of a column");
                    noted.note(&["forms", name, "tables", table, key], reason);
                }
            }
        }
    }

    fn fields(&self, name: &str, fields: &BTreeMap<String, Bilingual>, noted: &mut Noted<'_>) {
        for (pointer, label) in fields {
            let path = ["forms", name, "fields", pointer];
            noted.bilingual(&path, label);
            let last = pointer.rsplit('/').next().unwrap_or_default();
            if !pointer.starts_with('/') || last.is_empty() {
                let reason = format!("{pointer:?} of {name} is no JSON pointer: it begins with /");
                noted.note(&path, reason);
            } else if helpers::is_reserved(last) {
                let reason = format!("no field can have the name {last} of a function");
                noted.note(&path, reason);
            } else if context::ADDED.contains(&&pointer[1..]) {
                let reason = format!("no field can have the name {last} of the edition");
                noted.note(&path, reason);
            }
        }
    }
}

struct Noted<'t> {
    text: &'t str,
    /// Read when there is something to be told.
    lines: OnceCell<Lines<'t>>,
    faults: Vec<Fault>,
}

impl Noted<'_> {
    fn note(&mut self, path: &[&str], reason: String) {
        let lines = self.lines.get_or_init(|| Lines::new(self.text));
        let line = lines.of(path);
        self.faults.push(Fault { line, reason });
    }

    fn bilingual(&mut self, path: &[&str], text: &Bilingual) {
        self.both(path, &text.kk, &text.ru);
    }

    fn both(&mut self, path: &[&str], kk: &str, ru: &str) {
        for (lang, text) in [("kk", kk), ("ru", ru)] {
            if text.trim().is_empty() {
                let path: Vec<_> = path.iter().copied().chain([lang]).collect();
                self.note(&path, format!("the text has no {lang}"));
            }
        }
    }

    fn source(&mut self, path: &[&str], source: &str) {
        if !xml::is_valid(source) {
            let reason = format!("{source:?} is no source: {}", xml::SOURCES);
            self.note(path, reason);
        }
    }
}

/// The roles of the national profile by their names.
const ROLES: [&str; 8] = [
    "can-sign",
    "employee",
    "financial",
    "head",
    "hr",
    "individual",
    "system",
    "treasury",
];
/// Millimetres of the longer side of a sheet.
const SHEET: f32 = 297.0;
