//! `form.toml` as text: all that cannot be read in it, and the line of each of its entries.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;
use toml::de::ValueDeserializer;

use crate::form::settings::Clause;
use crate::form::settings::Correction;
use crate::form::settings::CorrectionClass;
use crate::form::settings::Fault;
use crate::form::settings::FormSettings;
use crate::form::settings::Note;
use crate::form::settings::Period;
use crate::form::settings::Settings;
use crate::form::settings::TableSettings;
use crate::form::settings::Word;
use crate::model::Bilingual;

/// The settings, and what is wrong with them: none where they cannot be read.
pub(in crate::form) fn read(text: &str) -> (Option<Settings>, Vec<Fault>) {
    match toml::from_str::<Settings>(text) {
        Ok(settings) => {
            let faults = settings.faults(text);
            (Some(settings), faults)
        }
        Err(error) => {
            let mut faults = each_fault(text);
            if faults.is_empty() {
                faults.push(fault_of(text, &error));
            }
            (None, faults)
        }
    }
}

/// The reader of a whole file stops at the first fault: so each entry is read alone.
fn each_fault(text: &str) -> Vec<Fault> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reading = Reading {
        text,
        faults: errors.iter().map(|error| fault_of(text, error)).collect(),
    };
    // Behind a quotation mark without its other, nothing is what it seems.
    if reading.faults.is_empty() {
        reading.settings(table.into_inner());
    }
    reading.faults
}

fn fault_of(text: &str, error: &toml::de::Error) -> Fault {
    Fault {
        line: line_at(text, error.span().map_or(0, |span| span.start)),
        reason: words_of(error),
    }
}

/// What the parser says, in the words of somebody who writes no programs.
fn words_of(error: &toml::de::Error) -> String {
    let message = error.message().replace('\n', "; ");
    if let Some(name) = message.strip_prefix("missing field `") {
        return format!("{} is missing here", name.trim_end_matches('`'));
    }
    match message.contains("string, expected") {
        true => "a text has no quotation mark at its end".to_owned(),
        false => message,
    }
}

fn line_at(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

struct Reading<'t> {
    text: &'t str,
    faults: Vec<Fault>,
}

impl<'t> Reading<'t> {
    fn settings(&mut self, table: DeTable<'t>) {
        let mut missing = vec!["id", "name", "in_force", "forms"];
        for (key, value) in table {
            missing.retain(|name| *name != key.get_ref());
            match key.get_ref().as_ref() {
                "id" => self.one::<String>(value),
                "name" => self.one::<Bilingual>(value),
                "in_force" => self.one::<Period>(value),
                "correct" => self.one::<Vec<CorrectionClass>>(value),
                "repeal_note" | "account_note" => self.one::<Note>(value),
                "clauses" => self.all_of::<Clause>(value),
                "corrections" => self.all_of::<Correction>(value),
                "words" => self.members(value, |reading, _, group| {
                    reading.members(group, |reading, _, word| reading.one::<Word>(word));
                }),
                "forms" => self.members(value, |reading, _, form| reading.form(form)),
                other => {
                    let reason = format!(
                        "form.toml knows no {other}: it has id, name, in_force, correct, \
                         repeal_note, account_note, clauses, corrections, words and forms"
                    );
                    self.fault(key.span().start, reason);
                }
            }
        }
        for name in missing {
            self.fault(0, format!("form.toml has no {name}"));
        }
    }

    fn form(&mut self, form: Spanned<DeValue<'t>>) {
        let span = form.span();
        match form.into_inner() {
            DeValue::Table(mut table) => {
                for (name, read) in [
                    ("fields", Self::one::<Bilingual> as fn(&mut Self, _)),
                    ("tables", Self::one::<TableSettings>),
                ] {
                    let key = table.keys().find(|key| key.get_ref() == name).cloned();
                    if let Some(part) = key.and_then(|key| table.remove(&key)) {
                        self.members(part, |reading, _, member| read(reading, member));
                    }
                }
                self.one::<FormSettings>(Spanned::new(span, DeValue::Table(table)));
            }
            other => self.one::<FormSettings>(Spanned::new(span, other)),
        }
    }

    fn members(
        &mut self,
        value: Spanned<DeValue<'t>>,
        mut read: impl FnMut(&mut Self, &str, Spanned<DeValue<'t>>),
    ) {
        let start = value.span().start;
        match value.into_inner() {
            DeValue::Table(table) => {
                for (key, member) in table {
                    read(self, key.get_ref(), member);
                }
            }
            _ => self.fault(start, "a table is to stand here".to_owned()),
        }
    }

    fn all_of<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'t>>) {
        let start = value.span().start;
        match value.into_inner() {
            DeValue::Array(elements) => {
                for element in elements {
                    self.one::<T>(element);
                }
            }
            _ => self.fault(start, "a list is to stand here, [[…]]".to_owned()),
        }
    }

    fn one<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'t>>) {
        let start = value.span().start;
        if let Err(error) = T::deserialize(ValueDeserializer::from(value)) {
            let start = error.span().map_or(start, |span| span.start);
            self.fault(start, words_of(&error));
        }
    }

    fn fault(&mut self, byte: usize, reason: String) {
        self.faults.push(Fault {
            line: line_at(self.text, byte),
            reason,
        });
    }
}

/// Where the entries of a `form.toml` stand.
pub(in crate::form) struct Lines<'t> {
    text: &'t str,
    table: DeTable<'t>,
}

impl<'t> Lines<'t> {
    pub(in crate::form) fn new(text: &'t str) -> Self {
        let (table, _) = DeTable::parse_recoverable(text);
        Self {
            text,
            table: table.into_inner(),
        }
    }

    /// The line of an entry, by the names of the tables and the numbers of the lists that it is in;
    /// that of the last of them which is there, where it is not.
    pub(in crate::form) fn of(&self, path: &[&str]) -> usize {
        let mut line = 1;
        let mut place: Option<&DeValue<'_>> = None;
        for step in path {
            let found = match place {
                None => member(&self.table, step),
                Some(DeValue::Table(table)) => member(table, step),
                Some(DeValue::Array(list)) => {
                    let element = step.parse().ok().and_then(|index: usize| list.get(index));
                    element.map(|element| (element.span().start, element.get_ref()))
                }
                Some(_) => None,
            };
            let Some((start, value)) = found else { break };
            line = line_at(self.text, start);
            place = Some(value);
        }
        line
    }
}

fn member<'v, 't>(table: &'v DeTable<'t>, name: &str) -> Option<(usize, &'v DeValue<'t>)> {
    let mut members = table.iter();
    let (key, value) = members.find(|(key, _)| key.get_ref() == name)?;
    Some((key.span().start, value.get_ref()))
}
