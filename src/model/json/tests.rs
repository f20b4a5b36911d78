use serde_json::Value;
use serde_json::json;

use crate::model::error::Error;
use crate::model::error::Fact;
use crate::model::error::JsonType;
use crate::model::identifier::IdentifierError;
use crate::model::permit::Deadline;
use crate::model::permit::Permit;
use crate::model::permit_number::PermitNumberError;
use crate::model::quantity::QuantityError;
use crate::model::validity::Validity;

const SAMPLE: &str = include_str!("../../../fixtures/permits/atyrau-2013.json");

fn sample() -> Value {
    serde_json::from_str(SAMPLE).unwrap()
}

/// The sample with some values put in place, or taken out where the new value is `null`.
fn changed(changes: &[(&str, Value)]) -> Value {
    let mut data = sample();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match data.pointer_mut(parent).unwrap() {
            Value::Object(members) if value.is_null() => {
                members.shift_remove(name).unwrap();
            }
            Value::Object(members) => {
                members.insert(name.to_owned(), value.clone());
            }
            Value::Array(elements) => elements[name.parse::<usize>().unwrap()] = value.clone(),
            _ => panic!("{pointer} has no parent"),
        }
    }
    data
}

fn read(data: &Value) -> Result<Permit, Error> {
    Permit::from_json(data.to_string().as_bytes())
}

fn problems(data: &Value) -> Vec<(String, Fact)> {
    problems_of(data.to_string().as_bytes())
}

fn problems_of(bytes: &[u8]) -> Vec<(String, Fact)> {
    match Permit::from_json(bytes) {
        Err(Error::Invalid(problems)) => problems
            .into_iter()
            .map(|problem| (problem.pointer, problem.fact))
            .collect(),
        other => panic!("no list of problems: {other:?}"),
    }
}

/// The one problem that these changes of the sample make.
#[track_caller]
fn assert_problem(changes: &[(&str, Value)], pointer: &str, fact: &Fact) {
    assert_eq!(
        problems(&changed(changes)),
        [(pointer.to_owned(), fact.clone())]
    );
}

#[test]
fn the_sample_is_read_and_written_back_byte_for_byte() {
    let permit = Permit::from_json(SAMPLE.as_bytes()).unwrap();
    assert_eq!(permit.number.to_string(), "А-W № 00017");
    assert_eq!(permit.limits.annex1.len(), 12);
    assert_eq!(permit.limits.annex2[0].rows.len(), 6);
    assert_eq!(String::from_utf8(permit.to_json()).unwrap(), SAMPLE);
}

#[test]
fn the_order_of_the_fields_does_not_matter() {
    let Value::Object(members) = sample() else {
        unreachable!()
    };
    let reversed: Value = members
        .into_iter()
        .rev()
        .collect::<serde_json::Map<_, _>>()
        .into();
    assert_eq!(read(&reversed).unwrap().to_json(), SAMPLE.as_bytes());
}

#[test]
fn optional_fields_are_kept() {
    let data = changed(&[
        ("/annex1/0/source_no", json!("0001")),
        ("/annex5/0/deadline", json!("2014-05-01")),
        (
            "/annex5/1/deadline",
            json!({"kk": "тоқсан сайын", "ru": "ежеквартально"}),
        ),
        (
            "/annex5/1/report_to",
            json!({"kk": "басқарма", "ru": "управление"}),
        ),
        ("/annex4/0/form", Value::Null),
        ("/nature_user/account_number", Value::Null),
    ]);
    let permit = read(&data).unwrap();
    assert!(matches!(permit.annex5[0].deadline, Some(Deadline::Date(_))));
    assert!(matches!(permit.annex5[1].deadline, Some(Deadline::Rule(_))));
    assert_eq!(Permit::from_json(&permit.to_json()).unwrap(), permit);
}

#[test]
fn what_is_no_utf8_or_no_json_is_told_with_its_place() {
    assert!(matches!(
        Permit::from_json(b"{\"a\": \"\xff\"}"),
        Err(Error::NotUtf8 { offset: 7 })
    ));
    for (text, at) in [("", (1, 0)), ("{\n\"a\": 1,\n}", (3, 1)), ("{} {}", (1, 4))] {
        let Err(Error::NotJson { line, column, .. }) = Permit::from_json(text.as_bytes()) else {
            panic!("{text} is taken for JSON");
        };
        assert_eq!((line, column), at, "{text}");
    }
}

#[test]
fn what_is_no_object_is_told() {
    let wrong = Fact::WrongType {
        expected: JsonType::Object,
        found: JsonType::Array,
    };
    assert_eq!(problems_of(b"[]"), [(String::new(), wrong)]);
}

#[test]
fn all_missing_fields_are_listed_at_once() {
    let missing: Vec<_> = problems(&json!({}))
        .into_iter()
        .map(|(pointer, fact)| {
            assert_eq!(fact, Fact::Missing);
            pointer
        })
        .collect();
    assert_eq!(
        missing,
        [
            "/edition",
            "/series",
            "/number",
            "/issue_date",
            "/issue_place",
            "/issuing_body",
            "/issuing_body_bin",
            "/nature_user",
            "/facility",
            "/validity",
            "/totals",
            "/annex5",
            "/signatory",
        ]
    );
}

#[test]
fn faults_of_all_sorts_are_listed_at_once() {
    let data = changed(&[
        ("/issuing_body_bin", json!("101140900014")),
        ("/nature_user/address/index", json!("6000")),
        ("/facility/name/ru", Value::Null),
        ("/annex1/2/name/kk", Value::Null),
        ("/totals/air/2016", json!("321.110122153")),
        ("/unknown", json!(1)),
    ]);
    let pointers: Vec<_> = problems(&data)
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(
        pointers,
        [
            "/issuing_body_bin",
            "/nature_user/address/index",
            "/facility/name/ru",
            "/annex1/2/name/kk",
            "/unknown",
            "/totals/air/2016",
        ]
    );
}

#[test]
fn a_name_that_stands_twice_is_refused_at_every_depth() {
    for (once, twice, pointer) in [
        (
            r#""number": "00017","#,
            r#""number": "00017", "number": "00018","#,
            "/number",
        ),
        (
            r#""2014": "43.363","#,
            r#""2014": "43.363", "2014": "43.364","#,
            "/totals/waste/2014",
        ),
        (
            r#""map": "№ 1","#,
            r#""map": "№ 1", "map": "№ 3","#,
            "/annex4/0/map",
        ),
    ] {
        let data = SAMPLE.replacen(once, twice, 1);
        assert_eq!(
            problems_of(data.as_bytes()),
            [(pointer.to_owned(), Fact::DuplicateKey)]
        );
    }
}

/// An object with more names than any of ours is searched in another way.
#[test]
fn a_name_that_stands_twice_among_many_is_told() {
    let names = (0..40).map(|number| format!(r#""x{number}": 1"#));
    let names: Vec<_> = names.collect();
    let many = format!(r#"{{{}, "x7": 2, "#, names.join(", "));
    let data = SAMPLE.replacen('{', &many, 1);
    let problems = problems_of(data.as_bytes());
    let twice: Vec<_> = problems
        .iter()
        .filter(|(_, fact)| *fact == Fact::DuplicateKey)
        .collect();
    assert_eq!(twice, [&("/x7".to_owned(), Fact::DuplicateKey)]);
}

#[test]
fn unknown_fields_are_refused_at_every_depth() {
    for pointer in [
        "/extra",
        "/nature_user/bin",
        "/annex2/0/rows/0/unit",
        "/totals/noise",
    ] {
        assert_problem(&[(pointer, json!("1"))], pointer, &Fact::UnknownField);
    }
}

#[test]
fn a_value_of_another_type_is_refused() {
    use JsonType as T;
    for (pointer, value, expected, found) in [
        ("/number", json!(17), T::String, T::Number),
        ("/annex1/0/gps", json!(0.5), T::String, T::Number),
        ("/validity/from_year", json!("2014"), T::Number, T::String),
        ("/signatory", json!([]), T::Object, T::Array),
        ("/annex5", json!({}), T::Array, T::Object),
        ("/annex5/0/deadline", json!(true), T::String, T::Boolean),
    ] {
        let fact = Fact::WrongType { expected, found };
        assert_problem(&[(pointer, value)], pointer, &fact);
    }
    let null = SAMPLE.replacen(r#""ТП-06-0017""#, "null", 1);
    let fact = Fact::WrongType {
        expected: T::String,
        found: T::Null,
    };
    let pointer = "/nature_user/account_number".to_owned();
    assert_eq!(problems_of(null.as_bytes()), [(pointer, fact)]);
}

#[test]
fn unprintable_characters_are_refused() {
    // Controls, soft hyphen, direction override, zero-width space, noncharacters
    for character in [
        '\0',
        '\u{1}',
        '\n',
        '\t',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{202e}',
        '\u{200b}',
        '\u{feff}',
        '\u{fffe}',
        '\u{1ffff}',
    ] {
        let text = format!("Үлгі{character}");
        let fact = Fact::ControlCharacter {
            character,
            position: 5,
        };
        let pointer = "/facility/name/kk";
        assert_problem(&[(pointer, json!(text))], pointer, &fact);
    }
}

#[test]
fn blank_texts_are_refused() {
    for text in ["", " ", "\u{a0}"] {
        let pointer = "/signatory/name/ru";
        assert_problem(&[(pointer, json!(text))], pointer, &Fact::Empty);
    }
    assert_problem(&[("/annex5", json!([]))], "/annex5", &Fact::EmptyList);
    assert_problem(&[("/annex1", json!([]))], "/annex1", &Fact::EmptyList);
}

#[test]
fn wrong_numbers_of_persons_are_refused() {
    let wrong = IdentifierError::ControlDigit {
        expected: 8,
        found: 9,
    };
    assert_problem(
        &[("/signatory/iin", json!("691007390019"))],
        "/signatory/iin",
        &Fact::Iin(wrong),
    );
    let wrong = IdentifierError::Kind { digit: 0 };
    assert_problem(
        &[("/issuing_body_bin", json!("691007390018"))],
        "/issuing_body_bin",
        &Fact::Bin(wrong),
    );
    assert_problem(
        &[("/nature_user/id/kind", json!("iin"))],
        "/nature_user/id/value",
        &Fact::Iin(IdentifierError::Date),
    );
}

#[test]
fn an_individual_may_be_the_nature_user() {
    let data = changed(&[(
        "/nature_user/id",
        json!({"kind": "iin", "value": "780315390019"}),
    )]);
    assert_eq!(read(&data).unwrap().nature_user.id.as_str(), "780315390019");
}

#[test]
fn category_one_is_another_authoritys() {
    assert_problem(
        &[("/facility/category", json!("I"))],
        "/facility/category",
        &Fact::CategoryOne,
    );
}

#[test]
fn words_that_the_form_does_not_know_are_refused() {
    for (pointer, allowed) in [
        ("/facility/category", &["II", "III", "IV"][..]),
        ("/nature_user/id/kind", &["bin", "iin"]),
        ("/basis/decision", &["agreed", "not_agreed"]),
        ("/annex3/1/level", &["green", "amber", "red"]),
        ("/annex4/0/form", &["open", "closed"]),
    ] {
        let data = changed(&[(pointer, json!("V"))]);
        let expected = [(pointer.to_owned(), allowed.to_vec())];
        let found: Vec<_> = problems(&data)
            .into_iter()
            .map(|(pointer, fact)| match fact {
                Fact::UnknownValue { allowed, .. } => (pointer, allowed.to_vec()),
                other => panic!("{pointer}: {other}"),
            })
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn series_and_number_have_their_form() {
    let series = Fact::Number(PermitNumberError::Series);
    let number = Fact::Number(PermitNumberError::Number);
    let data = changed(&[("/series", json!("Б-W")), ("/number", json!("17"))]);
    assert_eq!(
        problems(&data),
        [
            ("/series".to_owned(), series),
            ("/number".to_owned(), number)
        ]
    );
    let latin = changed(&[("/series", json!("\u{41}-W"))]);
    assert_eq!(read(&latin).unwrap().to_json(), SAMPLE.as_bytes());
}

#[test]
fn dates_are_those_of_the_calendar() {
    for pointer in [
        "/issue_date",
        "/basis/conclusion_date",
        "/attachments/monitoring/date",
    ] {
        assert_problem(&[(pointer, json!("2014-02-29"))], pointer, &Fact::NotADate);
    }
}

#[test]
fn quantities_are_plain_decimals() {
    for (text, error) in [
        ("0,1041", QuantityError::NotDecimal),
        ("1e3", QuantityError::NotDecimal),
        ("-5", QuantityError::NotDecimal),
        (
            "0.1234567890123",
            QuantityError::TooLong {
                whole: 1,
                fraction: 13,
            },
        ),
    ] {
        let pointer = "/annex2/0/rows/3/mg_dm3";
        assert_problem(&[(pointer, json!(text))], pointer, &Fact::Quantity(error));
    }
}

#[test]
fn a_sum_wrong_in_its_last_place_is_told_with_both_figures() {
    let pointer = "/totals/air/2016";
    let fact = Fact::SumDiffers {
        year: 2016,
        stated: "321.110122153".parse().unwrap(),
        computed: "321.110122152".parse().unwrap(),
    };
    assert_problem(&[(pointer, json!("321.110122153"))], pointer, &fact);
    assert_eq!(
        fact.to_string(),
        "the total of 2016 is 321.110122153 t, the appendix rows sum to 321.110122152 t"
    );
}

#[test]
fn thirty_two_digits_are_summed_exactly() {
    let rows = |last: &str| {
        changed(&[
            (
                "/annex4/0/tonnes/2014",
                json!("12345678901234567890.123456789012"),
            ),
            ("/annex4/1/tonnes/2014", json!("1.000000000001")),
            (
                "/totals/sulfur/2014",
                json!(format!("12345678901234567891.12345678901{last}")),
            ),
        ])
    };
    assert!(read(&rows("3")).is_ok());
    assert!(matches!(
        problems(&rows("4")).as_slice(),
        [(pointer, Fact::SumDiffers { year: 2014, .. })] if pointer == "/totals/sulfur/2014"
    ));
}

#[test]
fn trailing_zeros_make_no_other_sum() {
    let data = changed(&[("/totals/waste/2014", json!("43.3630"))]);
    assert_eq!(
        read(&data)
            .unwrap()
            .limits
            .totals
            .waste
            .unwrap()
            .iter()
            .next()
            .unwrap()
            .1
            .printed(),
        "43,3630"
    );
}

#[test]
fn the_sum_of_appendix_2_runs_over_all_outlets() {
    let mut data = sample();
    let outlet = data["annex2"][0].clone();
    data["annex2"].as_array_mut().unwrap().push(outlet);
    let differing = problems(&data);
    assert_eq!(differing.len(), 5);
    assert!(differing.iter().all(|(_, fact)| matches!(
        fact,
        Fact::SumDiffers { computed, .. } if computed.to_string() == "76.501080"
    )));
}

#[test]
fn years_lie_in_the_validity() {
    let fact = Fact::YearOutsideValidity {
        year: 2014,
        from: 2015,
        to: Some(2018),
    };
    let found = problems(&changed(&[("/validity/from_year", json!(2015))]));
    let expected: Vec<_> = ["air", "discharge", "waste", "sulfur"]
        .iter()
        .map(|kind| (format!("/totals/{kind}/2014"), fact.clone()))
        .collect();
    assert_eq!(found, expected);
    let late = Fact::YearOutsideValidity {
        year: 2018,
        from: 2014,
        to: Some(2017),
    };
    let found = problems(&changed(&[("/validity/to_year", json!(2017))]));
    let expected: Vec<_> = ["air", "discharge", "waste", "sulfur"]
        .iter()
        .map(|kind| (format!("/totals/{kind}/2018"), late.clone()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn rows_have_the_years_of_their_totals() {
    let pointer = "/annex3/2/tonnes/2016";
    assert_problem(&[(pointer, Value::Null)], pointer, &Fact::Missing);
    let pointer = "/annex3/2/tonnes/2019";
    let fact = Fact::YearNotInTotals { year: 2019 };
    assert_problem(&[(pointer, json!("1"))], pointer, &fact);
    let pointer = "/annex1/0/tonnes/14";
    assert_problem(&[(pointer, json!("1"))], pointer, &Fact::NotAYear);
}

#[test]
fn years_leave_none_out() {
    let mut changes = vec![("/totals/sulfur/2016".to_owned(), Value::Null)];
    for row in 0..2 {
        changes.push((format!("/annex4/{row}/tonnes/2016"), Value::Null));
    }
    let changes: Vec<_> = changes
        .iter()
        .map(|(p, v)| (p.as_str(), v.clone()))
        .collect();
    let fact = Fact::YearsNotConsecutive { missing: 2016 };
    assert_problem(&changes, "/totals/sulfur", &fact);
}

#[test]
fn one_to_ten_years_have_lines() {
    let years = |count: u16| {
        let amounts: serde_json::Map<_, _> = (2014..2014 + count)
            .map(|year| (year.to_string(), json!("1")))
            .collect();
        let row = json!({"map": "1", "tonnes": amounts, "place": {"kk": "а", "ru": "а"}});
        changed(&[
            ("/validity/to_year", json!(2030)),
            ("/totals/sulfur", amounts.into()),
            ("/annex4", json!([row])),
        ])
    };
    assert!(read(&years(1)).is_ok());
    assert!(read(&years(10)).is_ok());
    for count in [0, 11] {
        let fact = Fact::YearLines {
            count: count.into(),
        };
        assert_eq!(
            problems(&years(count)),
            [("/totals/sulfur".to_owned(), fact)]
        );
    }
}

#[test]
fn totals_and_appendix_belong_together() {
    let fact = Fact::TotalsWithoutAnnex { annex: "/annex2" };
    assert_problem(&[("/annex2", Value::Null)], "/totals/discharge", &fact);
    let fact = Fact::AnnexWithoutTotals {
        totals: "/totals/discharge",
    };
    assert_problem(&[("/totals/discharge", Value::Null)], "/annex2", &fact);
    let both = [("/totals/discharge", Value::Null), ("/annex2", Value::Null)];
    assert!(read(&changed(&both)).unwrap().limits.annex2.is_empty());
}

#[test]
fn a_permit_limits_something() {
    let changes = [
        ("/totals", json!({})),
        ("/annex1", Value::Null),
        ("/annex2", Value::Null),
        ("/annex3", Value::Null),
        ("/annex4", Value::Null),
    ];
    assert_problem(&changes, "/totals", &Fact::NoKind);
}

#[test]
fn validity_may_be_given_in_dates() {
    let data = changed(&[(
        "/validity",
        json!({"from": "2014-01-01", "to": "2018-12-31"}),
    )]);
    let permit = read(&data).unwrap();
    assert!(matches!(permit.validity, Validity::Dates { .. }));
    assert_eq!(Permit::from_json(&permit.to_json()).unwrap(), permit);
}

#[test]
fn a_validity_may_be_one_year_or_one_day() {
    for validity in [
        json!({"from_year": 2014, "to_year": 2014}),
        json!({"from": "2014-07-01", "to": "2014-07-01"}),
    ] {
        let amounts = json!({"2014": "1"});
        let row = json!({"map": "1", "tonnes": amounts, "place": {"kk": "а", "ru": "а"}});
        let data = changed(&[
            ("/validity", validity),
            ("/totals", json!({"sulfur": amounts})),
            ("/annex1", Value::Null),
            ("/annex2", Value::Null),
            ("/annex3", Value::Null),
            ("/annex4", json!([row])),
        ]);
        assert!(read(&data).is_ok(), "{data}");
    }
}

#[test]
fn an_open_end_is_for_category_four() {
    for start in [
        json!({"from_year": 2014, "open_ended": true}),
        json!({"from": "2014-01-01", "open_ended": true}),
    ] {
        let open = [("/validity", start.clone())];
        assert_problem(&open, "/validity/open_ended", &Fact::OpenEndedCategory);
        let data = changed(&[("/validity", start), ("/facility/category", json!("IV"))]);
        let permit = read(&data).unwrap();
        assert_eq!(permit.validity.last_day(), None);
        assert_eq!(Permit::from_json(&permit.to_json()).unwrap(), permit);
    }
}

#[test]
fn forms_of_validity_are_not_mixed() {
    for validity in [
        json!({"from_year": 2014, "to": "2018-12-31"}),
        json!({"from_year": 2014, "to_year": 2018, "from": "2014-01-01", "to": "2018-12-31"}),
        json!({"from_year": 2014, "to_year": 2018, "open_ended": true}),
        json!({"from": "2014-01-01", "to": "2018-12-31", "open_ended": true}),
    ] {
        assert_problem(&[("/validity", validity)], "/validity", &Fact::ValidityForm);
    }
    for (validity, missing) in [
        (json!({"from_year": 2014}), "/validity/to_year"),
        (
            json!({"from": "2014-01-01", "open_ended": false}),
            "/validity/to",
        ),
        (json!({"to_year": 2018}), "/validity/from_year"),
    ] {
        assert_problem(&[("/validity", validity)], missing, &Fact::Missing);
    }
    let reversed = [(
        "/validity",
        json!({"from": "2019-01-01", "to": "2018-12-31"}),
    )];
    assert_problem(&reversed, "/validity", &Fact::PeriodReversed);
    let reversed = [("/validity", json!({"from_year": 2019, "to_year": 2018}))];
    assert_problem(&reversed, "/validity", &Fact::PeriodReversed);
    assert_problem(
        &[("/validity/to_year", json!(99))],
        "/validity/to_year",
        &Fact::NotAYear,
    );
}

#[test]
fn conclusion_and_programmes_are_mandatory_but_for_category_four() {
    for pointer in [
        "/basis",
        "/attachments",
        "/attachments/action_plan",
        "/attachments/monitoring",
    ] {
        assert_problem(&[(pointer, Value::Null)], pointer, &Fact::Missing);
        let data = changed(&[(pointer, Value::Null), ("/facility/category", json!("IV"))]);
        let permit = read(&data).unwrap();
        assert_eq!(Permit::from_json(&permit.to_json()).unwrap(), permit);
    }
}

#[test]
fn a_conclusion_that_does_not_agree_is_no_basis() {
    let pointer = "/basis/decision";
    assert_problem(
        &[(pointer, json!("not_agreed"))],
        pointer,
        &Fact::DecisionNotAgreed,
    );
}

#[test]
fn pointers_in_messages_carry_no_terminal_sequences() {
    let data = changed(&[("/\u{1b}[31m", json!(1))]);
    let Err(Error::Invalid(problems)) = read(&data) else {
        panic!("accepted")
    };
    assert_eq!(
        problems[0].to_string(),
        "/\\u{1b}[31m: the form has no such field"
    );
}

#[test]
fn whatever_value_is_spoilt_there_is_a_problem_or_a_permit_that_reads_back() {
    let data: Value = serde_json::from_str(include_str!(
        "../../../fixtures/permits/atyrau-2013-open-ended.json"
    ))
    .unwrap();
    let mut pointers = Vec::new();
    collect_pointers(&data, &mut String::new(), &mut pointers);
    assert!(pointers.len() > 50);
    for pointer in pointers {
        for value in [
            json!(null),
            json!(1),
            json!(-1.5),
            json!(""),
            json!("x"),
            json!([]),
            json!({}),
            json!([1]),
        ] {
            let mut spoilt = data.clone();
            *spoilt.pointer_mut(&pointer).unwrap() = value;
            match read(&spoilt) {
                Ok(permit) => assert_eq!(Permit::from_json(&permit.to_json()).unwrap(), permit),
                Err(Error::Invalid(problems)) => assert!(!problems.is_empty(), "{pointer}"),
                Err(other) => panic!("{pointer}: {other}"),
            }
        }
    }
}

fn collect_pointers(value: &Value, pointer: &mut String, pointers: &mut Vec<String>) {
    pointers.push(pointer.clone());
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .map(|(index, v)| (index.to_string(), v))
            .collect(),
        _ => return,
    };
    for (name, value) in members {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&name);
        collect_pointers(value, pointer, pointers);
        pointer.truncate(length);
    }
}
