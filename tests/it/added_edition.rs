//! An edition made as the README says: a sentence, a paragraph and the clause of a new law, and a form
//! less.

use ruqsat::form;
use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::form::Notice;
use ruqsat::form::Provenance;
use ruqsat::form::Sample;
use serde_json::Value;
use serde_json::json;
use time::macros::date;

use crate::breakages::edition;
use crate::breakages::told;

const CLAUSE: &str = r#"[[clauses]]
source = "P"
from = "2026-07-12"
to = "2030-12-31"
kk = "Жаңа заңның сөзі."
ru = "Слова нового закона."

# Wordings of the regulation"#;
const PARAGRAPH: &str = r#"  <p><kk src="P">Қосылған сөйлем.</kk><ru src="P">Добавленное предложение.</ru></p>
  <space mm="2"/>"#;

fn added() -> Edition {
    let mut files = edition();
    for (file, old, new) in [
        ("form.toml", "# Wordings of the regulation", CLAUSE),
        ("duties.hbs", "  <space mm=\"2\"/>", PARAGRAPH),
        (
            "duties.hbs",
            "7. Условия природопользования",
            "7. Особые условия",
        ),
    ] {
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(old), "{old}");
        *text = text.replacen(old, new, 1);
    }
    // The questionnaire goes, and its summary.
    let settings = files.get_mut("form.toml").unwrap();
    let start = settings.find("[forms.questionnaire]").unwrap();
    settings.truncate(start);
    for file in ["questionnaire.hbs", "questionnaire-summary.hbs"] {
        files.remove(file).unwrap();
    }
    let unreached = told(&files);
    for line in &unreached {
        let (file, rest) = line.split_once(':').unwrap();
        assert_eq!(rest, "1: no form includes this template");
        files.remove(file).unwrap();
    }
    assert!(!unreached.is_empty());
    assert!(told(&files).is_empty(), "{:?}", told(&files));
    Edition::from_files(files).unwrap()
}

fn filled(day: &str, provenance: Provenance) -> (String, Vec<Notice>) {
    let data = Edition::builtin_samples("zhambyl-2014", "permit")
        .next()
        .unwrap();
    let mut value: Value = serde_json::from_str(data).unwrap();
    value["edition"] = json!("zhambyl-2027");
    value["issue_date"] = json!(day);
    let sample = Sample {
        form: "permit".to_owned(),
        value,
    };
    let mut options = FillOptions::new(Language::KkRu, Medium::Electronic);
    options.provenance = provenance;
    let (form, notices) = added().fill(&sample, &options).unwrap();
    (format!("{form:?}"), notices)
}

#[test]
fn its_words_are_printed() {
    let (text, _) = filled("2027-02-01", Provenance::Hidden);
    for words in [
        "Қосылған сөйлем.",
        "Добавленное предложение.",
        "7. Особые условия",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(
        !added()
            .forms()
            .any(|form| form.starts_with("questionnaire"))
    );
}

#[test]
fn the_clause_of_its_day_is_printed_and_past_the_last_one_none() {
    let (old, new) = ("2003 жылғы 7 қаңтардағы № 370-II", "Жаңа заңның сөзі.");
    for (day, old_law, new_law) in [
        ("2026-07-11", true, false),
        ("2026-07-12", false, true),
        ("2030-12-31", false, true),
        ("2031-01-01", false, false),
    ] {
        let (text, notices) = filled(day, Provenance::Hidden);
        assert_eq!(
            (text.contains(old), text.contains(new)),
            (old_law, new_law),
            "{day}"
        );
        let is_told = |notice: &Notice| matches!(notice, Notice::ClauseNotPrinted { .. });
        assert_eq!(notices.iter().any(is_told), !old_law && !new_law, "{day}");
    }
}

#[test]
fn its_own_days_decide_over_the_repeal_note() {
    for (day, in_force) in [
        ("2026-12-31", false),
        ("2027-01-01", true),
        ("2037-01-01", true),
        ("2037-01-02", false),
    ] {
        let (text, notices) = filled(day, Provenance::Hidden);
        assert_eq!(text.contains("Утратил"), !in_force, "{day}");
        let is_told = notices.iter().any(|notice| {
            let period = (date!(2027 - 01 - 01), date!(2037 - 01 - 01));
            matches!(notice, Notice::EditionNotInForce { from, to, .. } if (*from, *to) == period)
        });
        assert_eq!(is_told, !in_force, "{day}");
    }
}

#[test]
fn words_that_stand_for_a_value_show_where_they_come_from_too() {
    let (text, _) = filled("2027-02-01", Provenance::Printed);
    assert!(text.contains("зеленый [P]") || text.contains("янтарный [P]"));
    let (text, _) = filled("2027-02-01", Provenance::Hidden);
    assert!(!text.contains("[P]"));
}

/// Years are names of the data, and are printed.
#[test]
fn names_in_the_data_that_are_printed_bring_in_no_markup() {
    let data = Edition::builtin_samples("zhambyl-2014", "permit")
        .next()
        .unwrap();
    let filled = |name: &str| {
        let mut value: Value = serde_json::from_str(data).unwrap();
        value["totals"]["air"] = json!({ name: "1.5" });
        let rows = value["annex1"].as_array_mut().unwrap();
        for row in rows {
            row["tonnes"] = json!({ name: "1.5" });
        }
        let sample = Sample {
            form: "permit".to_owned(),
            value,
        };
        let edition = Edition::builtin("zhambyl-2014").unwrap();
        let options = FillOptions::new(Language::KkRu, Medium::Electronic);
        edition.fill(&sample, &options)
    };
    let markup = "</v><h1>&{{number}}";
    assert!(format!("{:?}", filled(markup).unwrap()).contains(markup));
    for character in ['\u{1}', '\u{202e}', '\u{fdd0}'] {
        let found = filled(&format!("20{character}14"));
        assert!(
            matches!(&found, Err(form::Error::Character { pointer, character: c }) if ["/annex1/0/tonnes", "/totals/air"].contains(&pointer.as_str()) && *c == character),
            "{found:?}"
        );
    }
}
