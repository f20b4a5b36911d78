use std::collections::BTreeMap;

use serde_json::json;

use crate::form::check::check;
use crate::form::data::Sample;

const SETTINGS: &str = r#"id = "x"
name = { kk = "x", ru = "x" }
in_force = { from = "2013-01-01", to = "2014-01-01" }
[words.level]
low = { kk = "a", ru = "b", src = "K1" }
[forms.a]
name = { kk = "A", ru = "A" }
[forms.a.fields]
"/name" = { kk = "n", ru = "n" }
"/list" = { kk = "l", ru = "l" }
"/list/*" = { kk = "l", ru = "l" }
"/list/*/no" = { kk = "l", ru = "l" }
"/list/*/level" = { kk = "l", ru = "l" }
"#;

/// A form with these blocks, in the third line of `a.hbs`.
fn form(blocks: &str) -> String {
    format!(
        "<form><title><kk src=\"K1\">a</kk><ru src=\"R1\">a</ru></title>\n\
         <sheet languages=\"together\" orientation=\"portrait\">\n{blocks}</sheet></form>"
    )
}

fn files(template: &str) -> BTreeMap<String, String> {
    [("form.toml", SETTINGS), ("a.hbs", template)]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into()
}

fn faults(blocks: &str) -> Vec<String> {
    faults_of(files(&form(blocks)))
}

fn faults_of(files: BTreeMap<String, String>) -> Vec<String> {
    let findings = check(files, &[]);
    findings.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_form_has_no_faults() {
    let blocks = "<p><v>{{name.kk}}</v></p>{{#each list}}<p><v>{{ordinal @index}} {{no}} \
                  {{../name}} {{word_kk \"level\" level}}</v></p>{{else}}<p src=\"K2\">b</p>\
                  {{/each}}{{#if (eq name \"x\")}}<p src=\"K3\">c</p>{{else if draft}}\
                  <p src=\"K4\">d</p>{{else}}<p src=\"K5\">e</p>{{/if}}";
    assert_eq!(faults(blocks), Vec::<String>::new());
}

#[test]
fn names_that_the_form_does_not_have_are_found_in_conditions_too() {
    for (blocks, fault) in [
        (
            "{{#if nmae}}<p src=\"K1\">a</p>{{/if}}",
            "the form has no field nmae",
        ),
        (
            "<p><v>{{#unless name.de}}a{{/unless}}b</v></p>",
            "the form has no field name.de",
        ),
        (
            "{{#each list}}<p><v>{{name}}</v></p>{{/each}}",
            "the form has no field name",
        ),
        (
            "{{#if (eq x \"1\")}}<p src=\"K1\">a</p>{{/if}}",
            "the form has no field x",
        ),
        ("<p><v>{{day x}}</v></p>", "the form has no field x"),
        ("<p><v>{{dya name}}</v></p>", "there is no function dya"),
        (
            "<p><v>{{word_kk \"lvel\" name}}</v></p>",
            "form.toml has no words.lvel",
        ),
        ("<p><v>{{list}}</v></p>", "list is not one value"),
        (
            "{{#each name}}<p src=\"K1\">a</p>{{/each}}",
            "each takes a list",
        ),
        ("<p><v>{{../name}}</v></p>", "../name goes out of the form"),
        ("<p><v>{{@index}}</v></p>", "there is no @index here"),
    ] {
        let found = faults(blocks);
        assert!(
            found.contains(&format!("a.hbs:3: {fault}")),
            "{blocks}: {found:?}"
        );
    }
}

#[test]
fn every_branch_is_read_and_its_faults_told_at_their_lines() {
    let blocks = "{{#if draft}}\n<u/>\n{{else if paper}}\n<p>b</p>\n{{else}}\n\
                  <p><kk src=\"K1\">c</kk></p>\n{{/if}}\n{{#each list}}\n<p src=\"Z\">d</p>\n\
                  {{else}}\n{{#if name}}\n<space/>\n{{/if}}\n{{/each}}";
    let found = faults(blocks);
    let expected = [
        "a.hbs:4: u may not stand in sheet",
        "a.hbs:6: the text has no provenance: \"b\"",
        "a.hbs:8: the text has no ru-KZ",
        "a.hbs:11: attribute src of p means nothing: \"Z\"",
        "a.hbs:14: space has no attribute mm",
    ];
    assert_eq!(found, expected);
}

#[test]
fn tags_that_fit_nowhere_are_told_with_their_line() {
    for (template, fault) in [
        ("\n{{#if name}}", "a.hbs:"),
        (
            "\n\n{{> other}}",
            "a.hbs:3: there is no template \"other\" to include",
        ),
        (
            "\n{{{name}}}",
            "a.hbs:2: the tag {{{name}} is none of this language",
        ),
        ("\n{{name", "a.hbs:2: the tag has no end"),
        ("\n<form></shape>", "a.hbs:2: the form is no XML"),
    ] {
        let found = faults_of(files(template));
        let is_told = found.iter().any(|found| found.starts_with(fault));
        assert!(is_told, "{template}: {found:?}");
    }
}

#[test]
fn settings_are_told_with_their_line() {
    for (old, new, fault) in [
        ("id = \"x\"", "id = 5", "form.toml:1: "),
        (
            "\"/name\"",
            "\"/day\"",
            "form.toml:9: no field can have the name day",
        ),
        (
            "\"/name\"",
            "\"/draft\"",
            "form.toml:9: no field can have the name draft",
        ),
        (
            "src = \"K1\"",
            "src = \"Q\"",
            "form.toml:5: \"Q\" is no source",
        ),
        ("[words.level]", "[word.level]", "form.toml:"),
        (
            "[forms.a.fields]",
            "[forms.a.values]\n\"/nmae\" = [\"x\"]\n[forms.a.fields]",
            "form.toml:9: a has no field /nmae",
        ),
    ] {
        let mut files = files(&form("<p src=\"K1\">a</p>"));
        files.insert("form.toml".to_owned(), SETTINGS.replace(old, new));
        let found = faults_of(files);
        assert!(found[0].starts_with(fault), "{new}: {found:?}");
    }
}

#[test]
fn a_template_that_no_form_includes_and_a_form_without_one_are_told() {
    let mut files = files(&form("<p src=\"K1\">a</p>"));
    files.insert("spare.hbs".to_owned(), String::new());
    assert_eq!(
        faults_of(files.clone()),
        ["spare.hbs:1: no form includes this template"]
    );
    files.remove("a.hbs");
    let found = faults_of(files);
    assert!(
        found[0].contains("there is no template \"a\" to include"),
        "{found:?}"
    );
}

#[test]
fn what_is_not_official_is_listed() {
    let blocks = "<p src=\"K7\">law</p>\n<p><kk src=\"T;S4\">ours <b>too</b></kk>\
                  <ru src=\"K1*\">law</ru></p><p>\n<t src=\"P\">mine</t></p>";
    let findings = check(files(&form(blocks)), &[]);
    let found: Vec<_> = findings
        .unofficial
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found, ["a.hbs:4: [T;S4] ours too", "a.hbs:5: [P] mine"]);
    assert_eq!(findings.sourced, 7);
}

#[test]
fn samples_are_filled_in_and_their_fields_have_names() {
    let template = form("<p><v>{{name}}</v></p>{{#each list}}<p><v>{{figure no}}</v></p>{{/each}}");
    let sample = |value| Sample {
        form: "a".to_owned(),
        value,
    };
    let found = |value| {
        let findings = check(files(&template), &[sample(value)]);
        let faults = findings.faults.iter().map(ToString::to_string);
        faults.collect::<Vec<_>>()
    };
    let good = json!({"name": "n", "list": [{"no": "1.5"}]});
    assert_eq!(found(good), Vec::<String>::new());
    let wrong = found(json!({"name": "n", "list": [{"no": "1,5"}]}));
    assert_eq!(wrong, ["a.hbs:3: figure does not print the value \"1,5\""]);
    let wrong = found(json!({"list": []}));
    assert_eq!(wrong, ["a.hbs:3: there is no value name"]);
    let wrong = found(json!({"name": "n", "list": [], "extra": 1}));
    assert_eq!(
        wrong,
        ["form.toml:1: the form a has no name for the field /extra of its sample"]
    );
}

#[test]
fn a_correction_without_its_text_is_told() {
    let correction = "[[corrections]]\nline = \"K9\"\nclass = \"W\"\nsource = \"P\"\n\
                      regulation = \"old\"\nprinted = \"new\"\n";
    let mut files = files(&form("<p src=\"K9*\">a\nnew word</p>"));
    files.insert("form.toml".to_owned(), format!("{SETTINGS}{correction}"));
    assert_eq!(faults_of(files.clone()), Vec::<String>::new());
    files.insert("a.hbs".to_owned(), form("<p src=\"K9\">a new word</p>"));
    assert_eq!(
        faults_of(files),
        ["form.toml:15: no text with src K9* has the words \"new\""]
    );
}
