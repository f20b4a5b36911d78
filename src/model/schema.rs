//! The data of each form as a JSON Schema (draft 2020-12).
//!
//! A schema tells which names there are, which of them must be there, and what a value looks like.
//! What it has no words for, the readers of the data check alone: control digits, sums, and that one
//! date does not lie before another. Tests hold that both agree on everything else.

use std::collections::BTreeSet;

use serde_json::Map;
use serde_json::Value;

use crate::model::form_name::FormName;

/// The JSON Schema of a form's data.
///
/// # Panics
///
/// Never: the schemas are part of the program, and a test reads each.
#[must_use]
pub fn schema(form: FormName) -> Value {
    let source = match form {
        FormName::Permit => include_str!("schema/permit.json"),
        FormName::Reissue => include_str!("schema/reissue.json"),
        FormName::Refusal => include_str!("schema/refusal.json"),
        FormName::Conclusion => include_str!("schema/conclusion.json"),
        FormName::ApplicationPermit => include_str!("schema/application-permit.json"),
        FormName::ApplicationExpertise => include_str!("schema/application-expertise.json"),
        FormName::Notice => include_str!("schema/notice.json"),
        FormName::Questionnaire => include_str!("schema/questionnaire.json"),
        FormName::QuestionnaireSummary => include_str!("schema/questionnaire-summary.json"),
    };
    let parse = |source| serde_json::from_str(source).expect("a test reads every schema");
    let mut schema: Map<String, Value> = parse(source);
    let all: Map<String, Value> = parse(include_str!("schema/definitions.json"));
    let mut used = BTreeSet::new();
    let mut open: Vec<&Value> = schema.values().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => open.extend(members.values()),
            Value::String(text) => {
                let name = text.strip_prefix(DEFINITIONS);
                if let Some((name, definition)) = name.and_then(|name| all.get_key_value(name))
                    && used.insert(name.as_str())
                {
                    open.push(definition);
                }
            }
            _ => {}
        }
    }
    let definitions = all.iter().filter(|(name, _)| used.contains(name.as_str()));
    let definitions: Map<_, _> = definitions
        .map(|(name, definition)| (name.clone(), definition.clone()))
        .collect();
    if !definitions.is_empty() {
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Value::Object(schema)
}

const DEFINITIONS: &str = "#/$defs/";

#[cfg(test)]
#[path = "schema/tests.rs"]
mod tests;
