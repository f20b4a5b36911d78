//! What a template may ask for: the data of the document, each value with its place in it, and what
//! the edition adds.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use time::Date;

use crate::form::error::Error;
use crate::form::options::FillOptions;
use crate::form::options::Medium;
use crate::form::options::Provenance;
use crate::form::options::RepealNote;
use crate::form::options::Wording;
use crate::form::pointed;
use crate::form::settings::Clause;
use crate::form::settings::Note;
use crate::form::settings::Settings;
use crate::form::settings::parse_date;
use crate::form::tables;

/// The context of a form, and the day it depends on.
pub(super) fn context(
    settings: &Settings,
    form: &str,
    data: Value,
    options: &FillOptions,
) -> Result<Value, Error> {
    let day = day_of(settings, form, &data);
    let mut data = data;
    point(&mut data, &mut String::new())?;
    let mut tables = Map::new();
    for (name, table) in settings.tables(form) {
        tables.insert(name.to_owned(), tables::table(table, &data)?);
    }
    let Value::Object(mut context) = data else {
        return Err(Error::NoObject);
    };
    let in_force = is_in_force(settings, day);
    let repeal_note = match options.repeal_note {
        RepealNote::Printed if !in_force => settings.repeal_note.as_ref(),
        RepealNote::Hidden | RepealNote::Printed => None,
    };
    let clause = match options.medium {
        Medium::Electronic => clause(settings, day),
        Medium::Draft | Medium::Paper => None,
    };
    let added = [
        ("draft", json!(options.medium == Medium::Draft)),
        ("electronic", json!(options.medium == Medium::Electronic)),
        ("paper", json!(options.medium == Medium::Paper)),
        (
            "verbatim",
            json!(settings.law(options.wording) == Wording::Verbatim),
        ),
        ("edition_in_force", json!(in_force)),
        (
            "clause",
            clause.map_or(
                Value::Null,
                |clause| json!({"src": clause.source, "kk": clause.kk, "ru": clause.ru}),
            ),
        ),
        ("repeal_note", note(repeal_note)),
        ("account_note", note(settings.account_note.as_ref())),
        ("tables", tables.into()),
        (PROVENANCE, json!(options.provenance == Provenance::Printed)),
    ];
    for (name, value) in added {
        context.insert(name.to_owned(), value);
    }
    Ok(context.into())
}

/// Whether words show where they come from; templates do not ask for it.
pub(super) const PROVENANCE: &str = "provenance";
/// The names that the edition adds; no field at the top of the data can have one of them.
pub(super) const ADDED: [&str; 10] = [
    "account_note",
    "clause",
    "draft",
    "edition_in_force",
    "electronic",
    "paper",
    PROVENANCE,
    "repeal_note",
    "tables",
    "verbatim",
];

fn note(note: Option<&Note>) -> Value {
    note.map_or(Value::Null, |note| json!({"kk": note.kk, "ru": note.ru}))
}

/// The day on which edition and clause depend; none for a form that has none.
pub(super) fn day_of(settings: &Settings, form: &str, data: &Value) -> Option<Date> {
    let pointer = settings.forms.get(form)?.date.as_deref()?;
    let text = data.pointer(pointer)?.as_str()?;
    // A moment begins with its day.
    parse_date(text.get(..10)?)
}

/// A document without a day is of its edition's time.
pub(super) fn is_in_force(settings: &Settings, day: Option<Date>) -> bool {
    day.is_none_or(|day| settings.in_force.contains(day))
}

/// The clause on electronic documents that holds on a day.
pub(super) fn clause(settings: &Settings, day: Option<Date>) -> Option<&Clause> {
    let day = day?;
    settings
        .clauses
        .iter()
        .find(|clause| clause.from <= day && day <= clause.to)
}

/// Gives every text and number of the data its pointer.
fn point(value: &mut Value, pointer: &mut String) -> Result<(), Error> {
    if pointer.len() > LONGEST_POINTER {
        return Err(Error::TooDeep);
    }
    let before = pointer.len();
    match value {
        Value::String(text) => {
            if let Some(character) = text.chars().find(|c| !is_printable(*c)) {
                return Err(Error::Character {
                    pointer: pointer.clone(),
                    character,
                });
            }
            *text = pointed::pointed(pointer, text);
        }
        Value::Number(number) => {
            *value = Value::String(pointed::pointed(pointer, &number.to_string()));
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                point(element, pointer)?;
                pointer.truncate(before);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                // Years are names, and are printed.
                if let Some(character) = name.chars().find(|c| !is_printable(*c)) {
                    return Err(Error::Character {
                        pointer: pointer.clone(),
                        character,
                    });
                }
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
                point(member, pointer)?;
                pointer.truncate(before);
            }
        }
        Value::Bool(_) | Value::Null => {}
    }
    Ok(())
}

/// Neither a control character, nor one that turns the direction of writing, nor one of ours.
pub(super) fn is_printable(character: char) -> bool {
    !(character.is_control()
        || pointed::is_reserved(character)
        || matches!(character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}

/// Bytes of a pointer: deeper than any form.
const LONGEST_POINTER: usize = 1000;
