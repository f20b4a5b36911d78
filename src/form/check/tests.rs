use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;

use crate::form::check::Findings;
use crate::form::check::Schema;
use crate::form::check::check_with;
use crate::form::data::Sample;

const SETTINGS: &str = r#"id = "x"
name = { kk = "x", ru = "x" }
in_force = { from = "2013-01-01", to = "2014-01-01" }
[words.level]
low = { kk = "a", ru = "b", src = "K1" }
high = { kk = "a", ru = "b", src = "K1" }
[forms.a]
name = { kk = "A", ru = "A" }
signed = false
[forms.a.fields]
"/name" = { kk = "n", ru = "n" }
"/list" = { kk = "l", ru = "l" }
"/list/*" = { kk = "l", ru = "l" }
"/list/*/no" = { kk = "l", ru = "l" }
"/list/*/level" = { kk = "l", ru = "l" }
"/list/*/note" = { kk = "l", ru = "l" }
"/word" = { kk = "l", ru = "l" }
"/kind" = { kk = "l", ru = "l" }
"/old" = { kk = "l", ru = "l" }
"/old/no" = { kk = "l", ru = "l" }
"/term" = { kk = "l", ru = "l" }
"/sealed" = { kk = "l", ru = "l" }
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
    faults_of(&files(&form(blocks)))
}

fn faults_of(files: &BTreeMap<String, String>) -> Vec<String> {
    let findings = check(files, &[]);
    findings.faults.iter().map(ToString::to_string).collect()
}

/// The data of the one form.
fn data() -> Value {
    let list = json!({
        "type": "object",
        "properties": {
            "no": {"type": "string"},
            "level": {"enum": ["low", "high"]},
            "note": {"type": "string"},
        },
        "required": ["no", "level"],
    });
    json!({
        "type": "object",
        "properties": {
            "name": {"$ref": "#/$defs/name"},
            "list": {"type": "array", "items": list},
            "word": {"type": "string"},
            "kind": {"enum": ["new", "old"]},
            "old": {"type": "object", "properties": {"no": {"type": "string"}}, "required": ["no"]},
            "term": {"oneOf": [{"type": "string", "format": "date"}, {"$ref": "#/$defs/name"}]},
            "sealed": {"type": "boolean"},
        },
        "required": ["name", "list", "kind", "word"],
        "if": {"required": ["kind"], "properties": {"kind": {"const": "old"}}},
        "then": {"required": ["old"]},
        "else": {"properties": {"old": false}},
        "$defs": {"name": {
            "type": "object",
            "properties": {"kk": {"type": "string"}, "ru": {"type": "string"}},
            "required": ["kk", "ru"],
        }},
    })
}

/// A check of an edition whose forms have these data.
fn check(files: &BTreeMap<String, String>, samples: &[Sample]) -> Findings {
    check_with(files, samples, &|form| match form {
        "a" => Some(Schema::of_data(&data())),
        _ => None,
    })
}

#[test]
fn a_sound_form_has_no_faults() {
    let blocks = "<p><v>{{name.kk}}</v></p>{{#each list}}<p><v>{{ordinal @index}} {{no}} \
                  {{../word}} {{word_kk \"level\" level}}</v></p>{{else}}<p src=\"K2\">b</p>\
                  {{/each}}{{#if (eq word \"x\")}}<p src=\"K3\">c</p>{{else if draft}}\
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
        ("<p><v>{{../word}}</v></p>", "../word goes out of the form"),
        ("<p><v>{{@index}}</v></p>", "there is no @index here"),
    ] {
        let found = faults(blocks);
        assert!(
            found
                .iter()
                .any(|found| found.starts_with(&format!("a.hbs:3: {fault}"))),
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
        "a.hbs:4: u may not stand in sheet, which has header, footer, p, h1, h2, h3, caption, bar, grid, \
         group, list, signature, space, table and twin",
        "a.hbs:6: the text has no src that says where it comes from: \"b\"",
        "a.hbs:8: the text has no <ru>: it is to stand in both languages",
        "a.hbs:11: attribute src of p means nothing: \"Z\"; a source is K323, R90 or S12 (a line, a found \
         source), T (translation), P (proposal), or several with ; between them",
        "a.hbs:14: space has no attribute mm; it is a number of millimetres, with a point",
    ];
    assert_eq!(found, expected);
}

#[test]
fn tags_that_fit_nowhere_are_told_with_their_line() {
    for (template, fault) in [
        ("\n{{#if name}}", "a.hbs:"),
        (
            "\n\n{{> other}}",
            "a.hbs:3: the folder has no other.hbs to include",
        ),
        (
            "\n{{{name}}}",
            "a.hbs:2: a value is always printed as it reads: write {{name}}",
        ),
        ("\n{{name", "a.hbs:2: the tag has no end"),
        ("\n<form></shape>", "a.hbs:2: <form> has no end: </form>"),
    ] {
        let found = faults_of(&files(template));
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
            "form.toml:11: no field can have the name day",
        ),
        (
            "\"/name\"",
            "\"/draft\"",
            "form.toml:11: no field can have the name draft",
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
            "form.toml:11: a has no field /nmae",
        ),
    ] {
        let mut files = files(&form("<p src=\"K1\">a</p>"));
        files.insert("form.toml".to_owned(), SETTINGS.replace(old, new));
        let found = faults_of(&files);
        let is_told = found.iter().any(|found| found.starts_with(fault));
        assert!(is_told, "{new}: {found:?}");
    }
}

#[test]
fn a_template_that_no_form_includes_and_a_form_without_one_are_told() {
    let mut files = files(&form("<p src=\"K1\">a</p>"));
    files.insert("spare.hbs".to_owned(), String::new());
    assert_eq!(
        faults_of(&files),
        ["spare.hbs:1: no form includes this template"]
    );
    files.remove("a.hbs");
    let found = faults_of(&files);
    assert!(
        found[0] == "a.hbs:1: the folder has no such file, and form.toml has a form of that name",
        "{found:?}"
    );
}

#[test]
fn what_is_not_official_is_listed() {
    let blocks = "<p src=\"K7\">law</p>\n<p><kk src=\"T;S4\">ours <b>too</b></kk>\
                  <ru src=\"K1*\">law</ru></p><p>\n<t src=\"P\">mine</t></p>";
    let findings = check(&files(&form(blocks)), &[]);
    let found: Vec<_> = findings
        .unofficial
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found, ["a.hbs:4: [T;S4] ours too", "a.hbs:5: [P] mine"]);
    assert_eq!(findings.sourced, 8);
}

#[test]
fn samples_are_filled_in_and_their_fields_have_names() {
    let template = form("<p><v>{{word}}</v></p>{{#each list}}<p><v>{{figure no}}</v></p>{{/each}}");
    let sample = |value| Sample {
        form: "a".to_owned(),
        value,
    };
    let found = |value| {
        let findings = check(&files(&template), &[sample(value)]);
        let faults = findings.faults.iter().map(ToString::to_string);
        faults.collect::<Vec<_>>()
    };
    let good = json!({"word": "n", "list": [{"no": "1.5"}]});
    assert_eq!(found(good), Vec::<String>::new());
    let wrong = found(json!({"word": "n", "list": [{"no": "1,5"}]}));
    assert_eq!(wrong, ["a.hbs:3: figure does not print the value \"1,5\""]);
    let wrong = found(json!({"list": []}));
    assert_eq!(wrong, ["a.hbs:3: there is no value word"]);
    let wrong = found(json!({"word": "n", "list": [], "extra": 1}));
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
    assert_eq!(faults_of(&files), Vec::<String>::new());
    files.insert("a.hbs".to_owned(), form("<p src=\"K9\">a new word</p>"));
    assert_eq!(
        faults_of(&files),
        ["form.toml:24: no text with src K9* has the words \"new\""]
    );
}

#[test]
fn a_field_that_a_document_may_lack_is_printed_only_where_it_is_there() {
    for (blocks, missing) in [
        ("<p><v>{{old.no}}</v></p>", Some("old")),
        ("{{#if old}}<p><v>{{old.no}}</v></p>{{/if}}", None),
        ("{{#if old.no}}<p><v>{{old.no}}</v></p>{{/if}}", None),
        (
            "{{#if old}}<p src=\"K1\">a</p>{{else}}<p><v>{{old.no}}</v></p>{{/if}}",
            Some("old"),
        ),
        (
            "{{#unless old}}<p><v>{{old.no}}</v></p>{{/unless}}",
            Some("old"),
        ),
        (
            "{{#unless old}}<p src=\"K1\">a</p>{{else}}<p><v>{{old.no}}</v></p>{{/unless}}",
            None,
        ),
        // The schema says that what is old has one.
        (
            "{{#if (eq kind \"old\")}}<p><v>{{old.no}}</v></p>{{/if}}",
            None,
        ),
        (
            "{{#if (ne kind \"new\")}}<p><v>{{old.no}}</v></p>{{/if}}",
            Some("old"),
        ),
        (
            "{{#if (eq kind \"new\")}}<p><v>{{old.no}}</v></p>{{/if}}",
            Some("old"),
        ),
        (
            "{{#if (not old)}}<p src=\"K1\">a</p>{{else}}<p><v>{{old.no}}</v></p>{{/if}}",
            None,
        ),
        (
            "{{#if (and draft old)}}<p><v>{{old.no}}</v></p>{{/if}}",
            None,
        ),
        (
            "{{#if (or draft old)}}<p><v>{{old.no}}</v></p>{{/if}}",
            Some("old"),
        ),
        (
            "{{#if (or old (eq kind \"old\"))}}<p><v>{{old.no}}</v></p>{{/if}}",
            None,
        ),
        ("{{#with old}}<p><v>{{no}}</v></p>{{/with}}", Some("old")),
        (
            "{{#with old}}<p><v>{{no}}</v></p>{{else}}<p src=\"K1\">a</p>{{/with}}",
            None,
        ),
        (
            "{{#each list}}<p><v>{{note}}</v></p>{{/each}}",
            Some("note"),
        ),
        (
            "{{#each list}}{{#if note}}<p><v>{{note}}</v></p>{{/if}}{{/each}}",
            None,
        ),
        // One element's note is not another's.
        (
            "{{#each list}}{{#if note}}{{#each ../list}}<p><v>{{note}}</v></p>{{/each}}{{/if}}\
             {{/each}}",
            Some("note"),
        ),
        (
            "{{#each list}}{{#if note}}{{#each ../list}}<p><v>{{../note}}</v></p>{{/each}}\
             {{/if}}{{/each}}",
            None,
        ),
        ("<p><v>{{day term}}</v></p>", Some("term")),
        (
            "{{#if term.kk}}<p><v>{{term.ru}}</v></p>{{else if term}}<p><v>{{day term}}</v></p>\
             {{/if}}",
            None,
        ),
        ("<p><v>{{figure (eq term \"x\")}}</v></p>", None),
    ] {
        let expected = missing.map(|field| {
            format!(
                "a.hbs:3: a document may lack {field}: put {{{{#if {field}}}}} … {{{{/if}}}} around it"
            )
        });
        let mut found = faults(blocks);
        found.retain(|fault| fault.contains("may lack"));
        assert_eq!(found, Vec::from_iter(expected), "{blocks}");
    }
}

#[test]
fn words_and_comparisons_know_what_a_field_may_be() {
    for (blocks, fault) in [
        (
            "{{#if (eq kind \"odl\")}}<p src=\"K1\">a</p>{{/if}}",
            "/kind is never \"odl\": it is one of new, old",
        ),
        (
            "<p><v>{{word_kk \"level\" kind}}</v></p>",
            "words.level of form.toml has no word for new, old, which kind may be",
        ),
        (
            "{{#if (eq kind \"old\")}}<p><v>{{word_kk \"level\" kind}}</v></p>{{/if}}",
            "words.level of form.toml has no word for old, which kind may be",
        ),
        (
            "<p><v>{{count list \"lvel\" \"low\"}}</v></p>",
            "/list has no field lvel; is it level?",
        ),
        (
            "<p><v>{{count list \"level\" \"middle\"}}</v></p>",
            "/list/*/level is never \"middle\": it is one of low, high",
        ),
        (
            "<p><v>{{count kind \"level\" \"low\"}}</v></p>",
            "/kind is no list that can be counted",
        ),
        (
            "<p><v>{{day word word}}</v></p>",
            "day takes one value and has 2",
        ),
        (
            "<p><v>{{name}}</v></p>",
            "name is not one value: it has name.kk, name.ru",
        ),
        (
            "{{#if term}}<p><v>{{term}}</v></p>{{/if}}",
            "term is not one value: it has term.kk, term.ru",
        ),
        (
            "<p><v>{{lookup list 0}}</v></p>",
            "there is no function lookup",
        ),
        (
            "<p><v>{{if word}}</v></p>",
            "if begins a block: write {{#if …}} … {{/if}}",
        ),
        (
            "<p indent=\"{{word}}\" src=\"K1\">a</p>",
            "the value word stands in an attribute, where only figures of the edition may stand",
        ),
    ] {
        assert_eq!(faults(blocks), [format!("a.hbs:3: {fault}")], "{blocks}");
    }
}

#[test]
fn rows_fill_their_columns_in_every_branch() {
    let table = |body: &str| {
        format!("<table borders=\"grid\" columns=\"* * *\"><body>\n{body}</body></table>")
    };
    let cell = "<cell><p src=\"K1\">a</p></cell>";
    for (body, fault) in [
        (
            format!("<row>{cell}{cell}</row>"),
            Some("a.hbs:4: the row fills 2 of the table's 3 columns"),
        ),
        (
            format!("<row>{cell}{cell}\n{{{{#if old}}}}{cell}{{{{/if}}}}</row>"),
            Some("a.hbs:4: the row fills 2 of the table's 3 columns"),
        ),
        (
            format!("<row>{cell}{cell}{{{{#if old}}}}{cell}{{{{else}}}}{cell}{{{{/if}}}}</row>"),
            None,
        ),
        (
            format!(
                "<row>{}{cell}{cell}</row>\n<row>{cell}{cell}</row>",
                cell.replace("<cell", "<cell rows=\"2\"")
            ),
            None,
        ),
        (
            format!(
                "<row>{}{cell}{cell}</row>",
                cell.replace("<cell", "<cell rows=\"2\"")
            ),
            Some(
                "a.hbs:3: cells cover rows below the last one of body: attribute rows is too large",
            ),
        ),
        (
            format!(
                "<row>{}{cell}</row>",
                cell.replace("<cell", "<cell columns=\"3\"")
            ),
            Some("a.hbs:4: the row fills 4 of the table's 3 columns"),
        ),
    ] {
        assert_eq!(faults(&table(&body)), Vec::from_iter(fault), "{body}");
    }
}

#[test]
fn a_part_that_a_document_may_lack_is_left_out_once() {
    let entry = "<grid columns=\"50 *\"><entry><key src=\"K1\">a</key>\n\
                 {{#if old}}<p src=\"K1\">b</p>{{/if}}</entry></grid>";
    assert_eq!(faults(entry), ["a.hbs:3: entry has no p"]);
}

#[test]
fn values_cannot_stand_where_they_would_not_be_text() {
    for (blocks, fault) in [
        (
            "<!-- {{word}} -->",
            "the language has no <!: a remark is written {{!-- … --}}",
        ),
        (
            "<p src=\"K1\"><![CDATA[{{word}}]]></p>",
            "the language has no <!: a remark is written {{!-- … --}}",
        ),
        ("<?x {{word}}?>", "the language has no <?: leave it out"),
        (
            "<p><v>{{{word}}}</v></p>",
            "a value is always printed as it reads: write {{word}}",
        ),
        (
            "<p><v>{{&word}}</v></p>",
            "a value is always printed as it reads: write {{word}}",
        ),
        (
            "<p><v>{word}</v></p>",
            "a { stands alone: a tag is written {{…}}",
        ),
    ] {
        let found = faults(blocks);
        assert!(found.contains(&format!("a.hbs:3: {fault}")), "{found:?}");
    }
}

#[test]
fn what_every_document_has_and_nobody_prints_is_listed() {
    let blocks = "<p><v>{{name.kk}} {{count list \"level\" \"low\"}}</v></p>\
                  {{#each list}}<p><v>{{no}}</v></p>{{/each}}{{#if (eq kind \"new\")}}\
                  <p src=\"K1\">a</p>{{/if}}";
    let findings = check(&files(&form(blocks)), &[]);
    let found: Vec<_> = findings.unprinted.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        ["form.toml:17: no template of a asks for /word, which every document has"]
    );
}
