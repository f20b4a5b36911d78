//! Model and schema say the same of every document: of the fixtures, and of each with one thing
//! removed, of another type, or too much.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::collections::HashMap;

use regex::Regex;
use serde_json::Value;
use serde_json::json;

use super::*;
use crate::model::Document;
use crate::model::Error;
use crate::model::Fact;
use crate::model::IdentifierError;
use crate::model::Problem;

#[test]
fn the_fixtures_are_valid_by_their_schemas() {
    let mut forms = BTreeSet::new();
    for (form, bytes) in FIXTURES {
        let data: Value = serde_json::from_slice(bytes).unwrap();
        Document::from_json(form, bytes).unwrap();
        assert!(is_valid(&schema(form), &data), "{form}");
        forms.insert(form);
    }
    assert_eq!(forms.len(), FormName::ALL.len());
}

#[test]
fn model_and_schema_agree_on_every_change_of_a_document() {
    let mut changes = 0;
    for (form, bytes) in FIXTURES {
        let schema = schema(form);
        let data: Value = serde_json::from_slice(bytes).unwrap();
        for pointer in pointers(&data) {
            for changed in changed(&data, &pointer) {
                agree(form, &schema, &changed);
                changes += 1;
            }
        }
    }
    assert!(changes > 5_000, "{changes} changes");
}

#[test]
fn what_depends_on_another_value_is_in_the_schema_too() {
    for (form, bytes) in FIXTURES {
        let schema = schema(form);
        let data: Value = serde_json::from_slice(bytes).unwrap();
        for (pointer, value) in [
            ("/facility/category", json!("IV")),
            ("/facility/category", json!("III")),
            ("/facility/category", json!("I")),
            ("/nature_user/id/kind", json!("iin")),
            ("/nature_user/id/kind", json!("bin")),
            ("/validity", json!({"from_year": 2014, "open_ended": true})),
            (
                "/validity",
                json!({"from_year": 2014, "to_year": 2018, "open_ended": true}),
            ),
            ("/validity", json!({"from_year": 2014, "to": "2018-12-31"})),
            (
                "/validity",
                json!({"from": "2014-01-01", "to": "2018-12-31", "open_ended": false}),
            ),
            ("/decision", json!("not_agreed")),
            ("/decision", json!("agreed")),
            ("/basis/decision", json!("not_agreed")),
            ("/channel", json!("centre")),
            ("/channel", json!("provider")),
            ("/channel", json!("portal")),
            ("/kind", json!("reissue")),
            ("/kind", json!("initial")),
            ("/attachments/0/kind", json!("other")),
            ("/attachments/0/kind", json!("power_of_attorney")),
            ("/code", json!("EDS_NOT_CONFIRMED")),
            ("/code", json!("NO_DATA")),
            ("/code", json!("REQUEST_REGISTERED")),
            ("/code", json!("ACTION_DONE")),
            ("/month", json!("2013-13")),
            ("/q1", json!(4)),
            ("/series", json!("A-W")),
            ("/number", json!("1234")),
        ] {
            let mut changed = data.clone();
            if let Some(place) = changed.pointer_mut(pointer) {
                *place = value;
                agree(form, &schema, &changed);
            }
        }
    }
}

#[test]
fn the_evaluator_refuses_words_that_it_does_not_know() {
    let unknown = std::panic::catch_unwind(|| is_valid(&json!({"minLength": 1}), &json!("")));
    assert!(unknown.is_err());
    assert!(!is_valid(
        &json!({"oneOf": [{"type": "string"}, {"const": "a"}]}),
        &json!("a")
    ));
}

/// Model and schema both take the data or both refuse it, and each fault of the model names a
/// place that the schema has.
#[track_caller]
fn agree(form: FormName, schema: &Value, data: &Value) {
    let problems = match Document::from_json(form, &serde_json::to_vec(data).unwrap()) {
        Ok(_) => Vec::new(),
        Err(Error::Invalid(problems)) => problems,
        Err(error) => panic!("{error}"),
    };
    for problem in &problems {
        assert!(knows(schema, problem), "{form}: {problem}");
    }
    match is_valid(schema, data) {
        true => {
            let structural = problems.iter().find(|problem| !is_between_values(problem));
            assert!(structural.is_none(), "{form}: {structural:?}");
        }
        false => assert!(!problems.is_empty(), "{form}: the schema refuses\n{data}"),
    }
}

/// What a schema has no words for.
fn is_between_values(problem: &Problem) -> bool {
    match &problem.fact {
        Fact::Bin(error) | Fact::Iin(error) => matches!(
            error,
            IdentifierError::ControlDigit { .. }
                | IdentifierError::NoControlDigit
                | IdentifierError::Date
        ),
        // A row has the years that the main sheet has.
        Fact::Missing => problem.pointer.contains("/tonnes/"),
        Fact::GroundOfPermitService
        | Fact::LimitRaised { .. }
        | Fact::PeriodReversed
        | Fact::ReplacedNotInForce { .. }
        | Fact::ReplacesItself
        | Fact::SignerIsAnother
        | Fact::SumDiffers { .. }
        | Fact::TermBegins { .. }
        | Fact::TermLonger { .. }
        | Fact::YearNotInTotals { .. }
        | Fact::YearOutsideValidity { .. }
        | Fact::YearsNotConsecutive { .. } => true,
        _ => false,
    }
}

/// The pointers of all values; of a list, those of its first element only.
fn pointers(data: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), data)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(members) => open.extend(
                members
                    .iter()
                    .map(|(name, value)| (format!("{pointer}/{name}"), value)),
            ),
            Value::Array(elements) => {
                open.extend(
                    elements
                        .first()
                        .map(|first| (format!("{pointer}/0"), first)),
                );
            }
            _ => {}
        }
        found.push(pointer);
    }
    found
}

/// The data with the value of a pointer gone, another one, or with a name too much in it.
fn changed(data: &Value, pointer: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for value in [
        json!(null),
        json!(true),
        json!(7),
        json!(""),
        json!("x"),
        json!("a\u{7}b"),
        json!([]),
        json!({}),
    ] {
        let mut changed = data.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        all.push(changed);
    }
    if let Some((parent, name)) = pointer.rsplit_once('/') {
        let mut changed = data.clone();
        match changed.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.shift_remove(name)),
            Value::Array(elements) => drop(elements.remove(0)),
            _ => {}
        }
        all.push(changed);
    }
    let mut changed = data.clone();
    if let Some(Value::Object(members)) = changed.pointer_mut(pointer) {
        members.insert("colour".to_owned(), json!("blue"));
        all.push(changed);
    }
    all
}

/// Whether the place of a problem is one of the schema's.
fn knows(schema: &Value, problem: &Problem) -> bool {
    let steps: Vec<_> = problem.pointer.split('/').skip(1).collect();
    let mut here = vec![schema];
    for (index, step) in steps.iter().enumerate() {
        let next: Vec<_> = all_of(schema, &here)
            .into_iter()
            .filter_map(|part| {
                let named = part.get("properties").and_then(|names| names.get(*step));
                let items = || part.get("items").filter(|_| step.parse::<usize>().is_ok());
                let others = || part.get("additionalProperties");
                named
                    .or_else(items)
                    .or_else(others)
                    .filter(|part| part.is_object())
            })
            .collect();
        if next.is_empty() {
            let is_last = index + 1 == steps.len();
            // A name that nobody knows, or that is no year, has no place of its own.
            return is_last && matches!(problem.fact, Fact::UnknownField | Fact::NotAYear);
        }
        here = next;
    }
    true
}

/// The schemas, and all that they are made of.
fn all_of<'s>(root: &'s Value, schemas: &[&'s Value]) -> Vec<&'s Value> {
    let mut open = schemas.to_vec();
    let mut all = Vec::new();
    while let Some(schema) = open.pop() {
        all.push(schema);
        open.extend(schema.get("$ref").map(|name| resolved(root, name)));
        for word in ["allOf", "oneOf"] {
            open.extend(
                schema
                    .get(word)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
        }
        open.extend(["then", "else"].iter().filter_map(|word| schema.get(word)));
    }
    all
}

fn resolved<'s>(root: &'s Value, name: &Value) -> &'s Value {
    root.pointer(name.as_str().unwrap().strip_prefix('#').unwrap())
        .unwrap()
}

/// Whether a value is valid by a schema of those words of draft 2020-12 that are used here.
fn is_valid(schema: &Value, value: &Value) -> bool {
    evaluate(schema, schema, value).is_some()
}

/// The names of the object that the schema knows; none when the value is not valid.
fn evaluate(root: &Value, schema: &Value, value: &Value) -> Option<BTreeSet<String>> {
    let words = match schema {
        Value::Bool(valid) => return valid.then(BTreeSet::new),
        Value::Object(words) => words,
        _ => panic!("{schema} is no schema"),
    };
    let mut known = BTreeSet::new();
    for (word, argument) in words {
        known.extend(by_word(root, words, word, argument, value)?);
    }
    if words.get("unevaluatedProperties") == Some(&json!(false)) {
        let is_known =
            |members: &Map<String, Value>| members.keys().all(|name| known.contains(name));
        value.as_object().is_none_or(is_known).then_some(())?;
    }
    Some(known)
}

fn by_word(
    root: &Value,
    words: &Map<String, Value>,
    word: &str,
    argument: &Value,
    value: &Value,
) -> Option<BTreeSet<String>> {
    let nothing = BTreeSet::new();
    let fits = |fits: bool| fits.then(BTreeSet::new);
    let count = || usize::try_from(argument.as_u64().unwrap()).unwrap();
    let list = || argument.as_array().unwrap().iter();
    match word {
        "$schema"
        | "$id"
        | "$defs"
        | "title"
        | "description"
        | "format"
        | "then"
        | "else"
        | "unevaluatedProperties" => Some(nothing),
        "$ref" => evaluate(root, resolved(root, argument), value),
        "type" => fits(match argument.as_str().unwrap() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_u64() || value.is_i64(),
            other => panic!("type {other}"),
        }),
        "enum" => fits(list().any(|allowed| allowed == value)),
        "const" => fits(argument == value),
        "pattern" => fits(value.as_str().is_none_or(|text| matches(argument, text))),
        "minimum" => fits(
            value
                .as_i64()
                .is_none_or(|number| number >= argument.as_i64().unwrap()),
        ),
        "maximum" => fits(
            value
                .as_i64()
                .is_none_or(|number| number <= argument.as_i64().unwrap()),
        ),
        "required" => {
            fits(value.as_object().is_none_or(|members| {
                list().all(|name| members.contains_key(name.as_str().unwrap()))
            }))
        }
        "minProperties" => fits(
            value
                .as_object()
                .is_none_or(|members| members.len() >= count()),
        ),
        "maxProperties" => fits(
            value
                .as_object()
                .is_none_or(|members| members.len() <= count()),
        ),
        "minItems" => fits(value.as_array().is_none_or(|items| items.len() >= count())),
        "items" => fits(value.as_array().is_none_or(|items| {
            items
                .iter()
                .all(|item| evaluate(root, argument, item).is_some())
        })),
        "contains" => fits(value.as_array().is_none_or(|items| {
            items
                .iter()
                .any(|item| evaluate(root, argument, item).is_some())
        })),
        "propertyNames" => fits(value.as_object().is_none_or(|members| {
            let mut names = members.keys().map(|name| json!(name));
            names.all(|name| evaluate(root, argument, &name).is_some())
        })),
        "properties" | "additionalProperties" => {
            let Some(members) = value.as_object() else {
                return Some(nothing);
            };
            let named = words.get("properties").and_then(Value::as_object);
            let mut known = BTreeSet::new();
            for (name, member) in members {
                let own = named.and_then(|named| named.get(name));
                let schema = match word {
                    "properties" => own,
                    _ => own.is_none().then_some(argument),
                };
                if let Some(schema) = schema {
                    evaluate(root, schema, member)?;
                    known.insert(name.clone());
                }
            }
            Some(known)
        }
        "allOf" => list().try_fold(nothing, |mut known, schema| {
            known.extend(evaluate(root, schema, value)?);
            Some(known)
        }),
        "oneOf" => {
            let mut valid = list().filter_map(|schema| evaluate(root, schema, value));
            let first = valid.next();
            first.filter(|_| valid.next().is_none())
        }
        "if" => {
            let branch = match evaluate(root, argument, value) {
                Some(_) => words.get("then"),
                None => words.get("else"),
            };
            // What only a condition names is not known by it.
            branch.map_or(Some(nothing), |schema| evaluate(root, schema, value))
        }
        other => panic!("the word {other}"),
    }
}

fn matches(pattern: &Value, text: &str) -> bool {
    thread_local! {
        static PATTERNS: RefCell<HashMap<String, Regex>> = RefCell::default();
    }
    let pattern = pattern.as_str().unwrap();
    PATTERNS.with_borrow_mut(|patterns| {
        let compile = || Regex::new(pattern).unwrap();
        let pattern = patterns.entry(pattern.to_owned()).or_insert_with(compile);
        pattern.is_match(text)
    })
}

const FIXTURES: [(FormName, &[u8]); 17] = [
    (
        FormName::Permit,
        include_bytes!("../../../fixtures/permits/zhambyl-2014.json"),
    ),
    (
        FormName::Permit,
        include_bytes!("../../../fixtures/permits/atyrau-2013-open-ended.json"),
    ),
    (
        FormName::Reissue,
        include_bytes!("../../../fixtures/reissues/zhambyl-2014.json"),
    ),
    (
        FormName::Refusal,
        include_bytes!("../../../fixtures/refusals/atyrau-2013.json"),
    ),
    (
        FormName::Refusal,
        include_bytes!("../../../fixtures/refusals/zhambyl-2014-expertise.json"),
    ),
    (
        FormName::Conclusion,
        include_bytes!("../../../fixtures/conclusions/zhambyl-2014.json"),
    ),
    (
        FormName::Conclusion,
        include_bytes!("../../../fixtures/conclusions/zhambyl-2014-not-agreed.json"),
    ),
    (
        FormName::ApplicationPermit,
        include_bytes!("../../../fixtures/applications-permit/zhambyl-2014.json"),
    ),
    (
        FormName::ApplicationPermit,
        include_bytes!("../../../fixtures/applications-permit/atyrau-2013-individual.json"),
    ),
    (
        FormName::ApplicationPermit,
        include_bytes!("../../../fixtures/applications-permit/zhambyl-2014-reissue.json"),
    ),
    (
        FormName::ApplicationExpertise,
        include_bytes!("../../../fixtures/applications-expertise/zhambyl-2014.json"),
    ),
    (
        FormName::Notice,
        include_bytes!("../../../fixtures/notices/atyrau-2013.json"),
    ),
    (
        FormName::Notice,
        include_bytes!("../../../fixtures/notices/atyrau-2013-eds-not-confirmed.json"),
    ),
    (
        FormName::Notice,
        include_bytes!("../../../fixtures/notices/atyrau-2013-no-data.json"),
    ),
    (
        FormName::Notice,
        include_bytes!("../../../fixtures/notices/atyrau-2013-action-done.json"),
    ),
    (
        FormName::Questionnaire,
        include_bytes!("../../../fixtures/questionnaires/atyrau-2013.json"),
    ),
    (
        FormName::QuestionnaireSummary,
        include_bytes!("../../../fixtures/questionnaire-summaries/atyrau-2013.json"),
    ),
];
