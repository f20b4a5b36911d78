//! The names that a template may ask for: those of the data's JSON Schema, and what the edition adds.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::form::check::facts::Facet;
use crate::form::check::facts::Rule;
use crate::form::settings::Settings;
use crate::form::settings::TableSettings;

/// What stands at a place of the data: members by name, elements of a list, or a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Schema {
    members: BTreeMap<String, Member>,
    each: Option<Box<Self>>,
    is_text: bool,
    /// Yes or no.
    is_switch: bool,
    /// All that it can be, where that is a list.
    values: Vec<String>,
    /// A day, or a moment, which has one.
    is_day: bool,
    /// It is the edition's own, not a text of the data.
    of_edition: bool,
    /// The data has no schema here: any value may be one in two languages.
    is_loose: bool,
    /// Nobody knows what it is: `form.toml` names what the data does not have, and says so once.
    is_unknown: bool,
    rules: Vec<Rule>,
    /// Each list: one of them holds.
    choices: Vec<Vec<Facet>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    pub(super) schema: Schema,
    /// Every document has it that has what it is a member of.
    pub(super) always: bool,
}

/// A value without parts that are known.
static VALUE: Schema = part(false);

/// See `is_unknown`.
static UNKNOWN: Schema = part(true);

const fn part(is_unknown: bool) -> Schema {
    Schema {
        members: BTreeMap::new(),
        each: None,
        is_text: true,
        is_switch: false,
        is_day: false,
        values: Vec::new(),
        of_edition: is_unknown,
        is_loose: false,
        is_unknown,
        rules: Vec::new(),
        choices: Vec::new(),
    }
}

/// Whether a part of a schema holds for every document.
#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Always,
    Sometimes,
}

impl Schema {
    /// The schema of a form's data.
    pub(super) fn of_data(json: &Value) -> Self {
        let mut schema = Self::default();
        schema.merge(json, json.get("$defs"), Holds::Always, 0);
        schema
    }

    fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        let member = |(name, schema): (&str, Self)| (name.to_owned(), Member::always(schema));
        Self {
            members: members.into_iter().map(member).collect(),
            ..Self::default()
        }
    }

    fn list(each: Self) -> Self {
        Self {
            each: Some(Box::new(each)),
            ..Self::default()
        }
    }

    fn value() -> Self {
        VALUE.clone()
    }

    /// A value that the edition itself gives.
    fn own() -> Self {
        Self {
            of_edition: true,
            ..VALUE.clone()
        }
    }

    /// Adds what a JSON Schema says.
    fn merge(&mut self, json: &Value, definitions: Option<&Value>, holds: Holds, depth: usize) {
        let Some(json) = json.as_object().filter(|_| depth < DEEPEST) else {
            return;
        };
        if let Some(target) = resolve(json.get("$ref"), definitions) {
            self.merge(target, definitions, holds, depth + 1);
        }
        for part in list_of(json.get("allOf")) {
            self.merge(part, definitions, holds, depth + 1);
        }
        let choices = list_of(json.get("oneOf"));
        for choice in choices {
            self.merge(choice, definitions, Holds::Sometimes, depth + 1);
        }
        if !choices.is_empty() {
            let facets = choices.iter().map(|choice| Facet::of(choice, definitions));
            self.choices.push(facets.collect());
        }
        if let Some(when) = json.get("if") {
            let branch = |name| json.get(name).map(|branch| Facet::of(branch, definitions));
            self.rules.push(Rule {
                when: Facet::of(when, definitions),
                then: branch("then").unwrap_or_default(),
                otherwise: branch("else").unwrap_or_default(),
            });
            for branch in ["then", "else"].iter().filter_map(|name| json.get(*name)) {
                self.merge(branch, definitions, Holds::Sometimes, depth + 1);
            }
        }
        let members = json.get("properties").and_then(Value::as_object);
        for (name, member) in members.into_iter().flatten() {
            if *member != Value::Bool(false) {
                let known = &mut self.members.entry(name.clone()).or_default().schema;
                known.merge(member, definitions, holds, depth + 1);
            }
        }
        for name in list_of(json.get("required"))
            .iter()
            .filter_map(Value::as_str)
        {
            if holds == Holds::Always {
                self.members.entry(name.to_owned()).or_default().always = true;
            }
        }
        for each in ["items", "additionalProperties"]
            .iter()
            .filter_map(|name| json.get(*name))
        {
            if each.is_object() {
                let known = self.each.get_or_insert_default();
                known.merge(each, definitions, holds, depth + 1);
            }
        }
        self.merge_value(json, holds);
    }

    fn merge_value(&mut self, json: &serde_json::Map<String, Value>, holds: Holds) {
        let kind = json.get("type").and_then(Value::as_str);
        self.is_text |= matches!(kind, Some("string" | "integer" | "number"));
        self.is_switch |= kind == Some("boolean");
        let format = json.get("format").and_then(Value::as_str);
        self.is_day |= matches!(format, Some("date" | "date-time"));
        let constant = json.get("const").map(std::slice::from_ref);
        let values = constant.unwrap_or_else(|| list_of(json.get("enum")));
        if !values.is_empty() && holds == Holds::Always {
            self.is_text |= !values.iter().all(Value::is_boolean);
            if self.values.is_empty() {
                self.values = values.iter().map(text_of).collect();
            }
        }
    }

    /// A member.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match self.members.get(name) {
            Some(member) => Some(&member.schema),
            None if self.is_unknown => Some(&UNKNOWN),
            None if self.is_loose && self.each.is_none() && matches!(name, "kk" | "ru") => {
                Some(&VALUE)
            }
            None => None,
        }
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Member)> {
        let members = self.members.iter();
        members.map(|(name, member)| (name.as_str(), member))
    }

    /// What each element is.
    pub(super) fn each(&self) -> Option<&Self> {
        match &self.each {
            None if self.is_unknown => Some(&UNKNOWN),
            each => each.as_deref(),
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.is_unknown
    }

    /// Whether it can be printed.
    pub(super) fn is_value(&self) -> bool {
        self.is_text || self.members.is_empty() && self.each.is_none()
    }

    pub(super) fn is_switch(&self) -> bool {
        self.is_switch
    }

    pub(super) fn is_day(&self) -> bool {
        self.is_day
    }

    pub(super) fn is_of_edition(&self) -> bool {
        self.of_edition
    }

    pub(super) fn values(&self) -> &[String] {
        &self.values
    }

    pub(super) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub(super) fn choices(&self) -> &[Vec<Facet>] {
        &self.choices
    }

    fn at(&mut self, pattern: &str) -> &mut Self {
        let mut place = self;
        for step in pattern.split('/').skip(1) {
            place.is_loose = true;
            place = match step {
                "*" => place.each.get_or_insert_default(),
                name => {
                    let member = place.members.entry(name.to_owned()).or_default();
                    member.always = true;
                    &mut member.schema
                }
            };
        }
        place.is_loose = true;
        place
    }

    /// What stands at a pointer, `*` being any element.
    pub(super) fn find(&self, pattern: &str) -> Option<&Self> {
        let mut steps = pattern.split('/').skip(1);
        steps.try_fold(self, |place, step| match step {
            "*" => place.each(),
            name => place.member(name),
        })
    }

    /// The pointers of what every document has, down to what is printed.
    pub(super) fn always(&self, pointer: &str, into: &mut Vec<String>, depth: usize) {
        let always = self.members().filter(|(_, member)| member.always);
        for (name, member) in always {
            let pointer = format!("{pointer}/{name}");
            let schema = &member.schema;
            let is_text = schema.member("kk").is_some() || schema.is_text;
            match schema.each().filter(|_| !is_text) {
                Some(each) if !each.members.is_empty() && depth < DEEPEST => {
                    each.always(&format!("{pointer}/*"), into, depth + 1);
                }
                None if !is_text && !schema.members.is_empty() && depth < DEEPEST => {
                    schema.always(&pointer, into, depth + 1);
                }
                _ => into.push(pointer),
            }
        }
    }

    /// Every pointer of the data, with what stands there; parts before the whole they are of.
    pub(super) fn pointers(&self, pointer: &str, into: &mut Vec<String>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for (name, member) in self.members() {
            let pointer = format!("{pointer}/{name}");
            into.push(pointer.clone());
            member.schema.pointers(&pointer, into, depth + 1);
        }
        if let Some(each) = self.each() {
            let pointer = format!("{pointer}/*");
            into.push(pointer.clone());
            each.pointers(&pointer, into, depth + 1);
        }
    }
}

impl Member {
    fn always(schema: Schema) -> Self {
        Self {
            schema,
            always: true,
        }
    }

    fn sometimes(schema: Schema) -> Self {
        Self {
            schema,
            always: false,
        }
    }
}

/// The definition that a `$ref` names.
pub(super) fn resolve<'v>(
    reference: Option<&Value>,
    definitions: Option<&'v Value>,
) -> Option<&'v Value> {
    let name = reference?.as_str()?.strip_prefix("#/$defs/")?;
    definitions?.get(name)
}

pub(super) fn list_of(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A value of a schema as a template writes it.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// All that the templates of a form may ask for at its top; `data` is the schema of its data, and
/// without one the fields are those of `form.toml`.
pub(super) fn of_form(settings: &Settings, form: &str, data: Option<&Schema>) -> Schema {
    let mut schema = data.cloned().unwrap_or_default();
    if data.is_none() {
        for form in settings.forms_of(form) {
            for pattern in form.fields.keys() {
                schema.at(pattern);
            }
        }
    }
    let mut tables = Schema::default();
    for (name, table) in settings.tables(form) {
        let member = Member::sometimes(of_table(table, &schema));
        tables.members.insert(name.to_owned(), member);
        // A table is there when there is something that its rows sum to.
        schema.rules.push(Rule {
            when: Facet::present(&format!("/tables/{name}")),
            then: Facet::present(&table.total),
            otherwise: Facet::default(),
        });
    }
    let text = || Schema::object([("text", Schema::own()), ("src", Schema::own())]);
    let clause = [
        ("src", Schema::own()),
        ("kk", Schema::own()),
        ("ru", Schema::own()),
    ];
    let clause = Member::sometimes(Schema::object(clause));
    let note = Member::sometimes(Schema::object([("kk", text()), ("ru", text())]));
    let mut added = vec![
        ("clause", clause),
        ("repeal_note", note.clone()),
        ("account_note", note),
        ("tables", Member::always(tables)),
    ];
    for name in [
        "draft",
        "electronic",
        "paper",
        "verbatim",
        "edition_in_force",
    ] {
        let switch = Schema {
            is_switch: true,
            ..Schema::own()
        };
        added.push((name, Member::always(switch)));
    }
    for (name, added) in added {
        schema.members.insert(name.to_owned(), added);
    }
    schema
}

fn of_table(table: &TableSettings, data: &Schema) -> Schema {
    let rows = data.find(&table.rows);
    let row = rows.and_then(Schema::each);
    let mut row = row.unwrap_or(&UNKNOWN).clone();
    row.members.remove("tonnes");
    for (name, added) in [
        ("number_in_table", Schema::own()),
        ("amounts", Schema::list(Schema::value())),
    ] {
        row.members.insert(name.to_owned(), Member::always(added));
    }
    let figures = |is_wanted: fn(bool) -> bool| {
        let figures = table.figures.iter().filter(|figure| is_wanted(figure.sum));
        let member = |name: &String| (name.clone(), Member::always(Schema::own()));
        Schema {
            members: figures.map(|figure| member(&figure.field)).collect(),
            ..Schema::default()
        }
    };
    let part = Schema::object([
        ("years", Schema::list(Schema::value())),
        ("years_count", Schema::own()),
        ("year_width", Schema::own()),
        ("width", figures(|_| true)),
        ("sum", figures(|sum| sum)),
        ("rows", Schema::list(row)),
        ("totals", Schema::list(Schema::value())),
    ]);
    match table.rows.split_once("/*") {
        None => Schema::object([
            ("orientation", Schema::own()),
            ("parts", Schema::list(part)),
        ]),
        Some((list, inner)) => {
            let group = data.find(list).and_then(Schema::each);
            let mut group = group.unwrap_or(&UNKNOWN).clone();
            group.members.remove(inner.trim_start_matches('/'));
            let parts = Member::always(Schema::list(part.clone()));
            group.members.insert("parts".to_owned(), parts);
            Schema::object([
                ("orientation", Schema::own()),
                ("groups", Schema::list(group)),
                ("sums", Schema::list(part)),
            ])
        }
    }
}

/// Levels of a schema.
const DEEPEST: usize = 32;
