//! What `form.toml` says of the data is held against the schema of the data.

use std::collections::BTreeSet;

use crate::form::check::DataSchema;
use crate::form::check::Finding;
use crate::form::check::at;
use crate::form::check::nearest;
use crate::form::check::schema::Schema;
use crate::form::edition::Edition;
use crate::form::settings::FormSettings;
use crate::form::settings::Lines;
use crate::form::settings::TableSettings;
use crate::form::template::FORM_TOML;
use crate::model::FormName;

/// Finds forms and fields that the program does not know, and fields without a name.
pub(super) fn check(edition: &Edition, data: DataSchema<'_>, faults: &mut Vec<Finding>) {
    let text = edition.files.get(FORM_TOML).map_or("", String::as_str);
    let mut fields = Fields {
        edition,
        lines: Lines::new(text),
        faults,
    };
    for (name, form) in &edition.settings.forms {
        match data(name) {
            Some(_) if !edition.settings.is_like_one(name) => {}
            Some(schema) => fields.form(name, form, &schema),
            None => {
                let names: Vec<_> = FormName::ALL.iter().map(|form| form.as_str()).collect();
                let text = format!("the program knows no form {name}: {}", names.join(", "));
                fields.fault(&["forms", name], &text);
            }
        }
    }
}

/// Lists the fields that every document has and that no template of the form asks for. Those of the
/// signer's certificate, and what says which kind another field is of, are not for the eye.
pub(super) fn unprinted(
    edition: &Edition,
    name: &str,
    schema: &Schema,
    used: &BTreeSet<String>,
    found: &mut Vec<Finding>,
) {
    let mut known = Vec::new();
    schema.always("", &mut known, 0);
    let mut asked = used.clone();
    for (table, settings) in edition.settings.tables(name) {
        let table = format!("/tables/{table}");
        let rows = format!("{}/*", settings.rows);
        let group = settings.rows.rsplit_once("/*").map(|(list, _)| list);
        for pointer in used.iter().filter_map(|used| used.strip_prefix(&table)) {
            asked.insert(settings.total.clone());
            for (front, place) in [
                ("/parts/*/rows/*", rows.as_str()),
                ("/groups/*/parts/*/rows/*", &rows),
                ("/groups", group.unwrap_or(&rows)),
            ] {
                asked.extend(
                    pointer
                        .strip_prefix(front)
                        .map(|rest| format!("{place}{rest}")),
                );
            }
            // What the rows sum to is printed year by year.
            asked.insert(format!("{}/*/tonnes", settings.rows));
        }
    }
    let text = edition.files.get(FORM_TOML).map_or("", String::as_str);
    let lines = Lines::new(text);
    for pointer in known {
        let last = pointer.rsplit('/').next().unwrap_or_default();
        let is_for_machines = matches!(last, "edition" | "iin" | "bin")
            || last.ends_with("_bin")
            || pointer.ends_with("/id/kind")
            || schema
                .find(&pointer)
                .is_some_and(|schema| schema.values().len() == 1);
        let below = format!("{pointer}/");
        let is_asked = asked
            .iter()
            .any(|asked| *asked == pointer || asked.starts_with(&below));
        if !is_for_machines && !is_asked {
            let line = lines.of(&["forms", name, "fields", &pointer]);
            let text =
                format!("no template of {name} asks for {pointer}, which every document has");
            found.push(at(FORM_TOML, line, &text));
        }
    }
}

struct Fields<'f> {
    edition: &'f Edition,
    lines: Lines<'f>,
    faults: &'f mut Vec<Finding>,
}

impl Fields<'_> {
    fn form(&mut self, name: &str, form: &FormSettings, schema: &Schema) {
        let mut known = Vec::new();
        schema.pointers("", &mut known, 0);
        // Those of the form that it is like need not be all of this one.
        for pointer in form
            .fields
            .keys()
            .filter(|pointer| !known.contains(pointer))
        {
            let hint = nearest::hint(pointer, known.iter().map(String::as_str));
            let text = format!("the data of {name} has no field {pointer}{hint}");
            self.fault(&["forms", name, "fields", pointer], &text);
        }
        let mut unnamed: Vec<&str> = known
            .iter()
            .filter(|pointer| self.edition.field_name(name, pointer).is_none())
            .map(String::as_str)
            .collect();
        // A whole without a name is enough to tell.
        let wholes = unnamed.clone();
        unnamed.retain(|pointer| {
            let mut wholes = wholes.iter();
            !wholes.any(|whole| pointer.starts_with(&format!("{whole}/")))
        });
        for pointer in unnamed {
            let text = format!("{name} has no name for the field {pointer}: it is for messages");
            self.fault(&["forms", name, "fields"], &text);
        }
        self.date(name, form, schema);
        self.values(name, form, schema);
        for (table, settings) in &form.tables {
            self.table(name, table, settings, schema);
        }
    }

    fn date(&mut self, name: &str, form: &FormSettings, schema: &Schema) {
        let Some(pointer) = &form.date else { return };
        if !schema.find(pointer).is_some_and(Schema::is_day) {
            let text = format!("the data of {name} has no day {pointer}");
            self.fault(&["forms", name, "date"], &text);
        }
    }

    fn values(&mut self, name: &str, form: &FormSettings, schema: &Schema) {
        for (pointer, values) in &form.values {
            let known = schema.find(pointer).map_or(&[][..], Schema::values);
            for value in values.iter().filter(|value| !known.contains(value)) {
                let hint = nearest::hint(value, known.iter().map(String::as_str));
                let text = format!("{pointer} of the data of {name} is never {value:?}{hint}");
                self.fault(&["forms", name, "values", pointer], &text);
            }
        }
    }

    fn table(&mut self, name: &str, table: &str, settings: &TableSettings, schema: &Schema) {
        let path = |key| ["forms", name, "tables", table, key];
        let rows = schema.find(&settings.rows).and_then(Schema::each);
        let Some(row) = rows else {
            let text = format!("the data of {name} has no list {}", settings.rows);
            self.fault(&path("rows"), &text);
            return;
        };
        let is_by_year = |schema: &Schema| schema.each().is_some_and(Schema::is_value);
        if !schema.find(&settings.total).is_some_and(is_by_year) {
            let text = format!(
                "the data of {name} has no amounts by year {}",
                settings.total
            );
            self.fault(&path("total"), &text);
        }
        for figure in &settings.figures {
            if !row.member(&figure.field).is_some_and(Schema::is_value) {
                let hint = nearest::hint(&figure.field, row.members().map(|(name, _)| name));
                let text = format!("{} has no figure {}{hint}", settings.rows, figure.field);
                self.fault(&path("figures"), &text);
            }
        }
    }

    fn fault(&mut self, path: &[&str], text: &str) {
        let line = self.lines.of(path);
        self.faults.push(at(FORM_TOML, line, text));
    }
}
