//! The rules of each form but the permit's: a fixture with one defect, and the exact answer.

use serde_json::Value;
use serde_json::json;
use time::macros::date;

use crate::model::document::Document;
use crate::model::error::Error;
use crate::model::error::Fact;
use crate::model::error::JsonType;
use crate::model::form_name::FormName;
use crate::model::permit_number::PermitNumberError;
use crate::model::quantity::Tonnes;

const REISSUE: Fixture = Fixture {
    form: FormName::Reissue,
    json: include_str!("../../../fixtures/reissues/zhambyl-2014.json"),
};
const REFUSAL: Fixture = Fixture {
    form: FormName::Refusal,
    json: include_str!("../../../fixtures/refusals/atyrau-2013.json"),
};
const CONCLUSION: Fixture = Fixture {
    form: FormName::Conclusion,
    json: include_str!("../../../fixtures/conclusions/zhambyl-2014.json"),
};
const PERMIT_APPLICATION: Fixture = Fixture {
    form: FormName::ApplicationPermit,
    json: include_str!("../../../fixtures/applications-permit/zhambyl-2014.json"),
};
const INDIVIDUAL: Fixture = Fixture {
    form: FormName::ApplicationPermit,
    json: include_str!("../../../fixtures/applications-permit/atyrau-2013-individual.json"),
};
const AT_A_CENTRE: Fixture = Fixture {
    form: FormName::ApplicationPermit,
    json: include_str!("../../../fixtures/applications-permit/zhambyl-2014-reissue.json"),
};
const EXPERTISE_APPLICATION: Fixture = Fixture {
    form: FormName::ApplicationExpertise,
    json: include_str!("../../../fixtures/applications-expertise/zhambyl-2014.json"),
};
const NOTICE: Fixture = Fixture {
    form: FormName::Notice,
    json: include_str!("../../../fixtures/notices/atyrau-2013.json"),
};
const QUESTIONNAIRE: Fixture = Fixture {
    form: FormName::Questionnaire,
    json: include_str!("../../../fixtures/questionnaires/atyrau-2013.json"),
};
const SUMMARY: Fixture = Fixture {
    form: FormName::QuestionnaireSummary,
    json: include_str!("../../../fixtures/questionnaire-summaries/atyrau-2013.json"),
};

struct Fixture {
    form: FormName,
    json: &'static str,
}

impl Fixture {
    fn value(&self) -> Value {
        serde_json::from_str(self.json).unwrap()
    }

    fn read(&self, data: &Value) -> Result<Document, Error> {
        Document::from_json(self.form, data.to_string().as_bytes())
    }

    /// The problems of the fixture with some values put in place, or taken out where `null`.
    fn problems(&self, changes: &[(&str, Value)]) -> Vec<(String, Fact)> {
        let mut data = self.value();
        for (pointer, value) in changes {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            match data.pointer_mut(parent).unwrap() {
                Value::Object(members) if value.is_null() => {
                    members.shift_remove(name).unwrap();
                }
                Value::Object(members) => {
                    members.insert(name.to_owned(), value.clone());
                }
                Value::Array(elements) if value.is_null() => {
                    elements.remove(name.parse().unwrap());
                }
                Value::Array(elements) => elements[name.parse::<usize>().unwrap()] = value.clone(),
                _ => panic!("{pointer} has no parent"),
            }
        }
        match self.read(&data) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(problems)) => problems
                .into_iter()
                .map(|problem| (problem.pointer, problem.fact))
                .collect(),
            Err(other) => panic!("{other}"),
        }
    }

    /// The one problem that one change makes.
    #[track_caller]
    fn assert(&self, (place, value): (&str, Value), pointer: &str, fact: Fact) {
        let problems = self.problems(&[(place, value)]);
        assert_eq!(problems, [(pointer.to_owned(), fact)], "{place}");
    }

    #[track_caller]
    fn assert_missing(&self, pointers: &[&str]) {
        for pointer in pointers {
            self.assert((pointer, Value::Null), pointer, Fact::Missing);
        }
    }
}

fn tonnes(text: &str) -> Tonnes {
    text.parse().unwrap()
}

#[test]
fn every_form_lists_all_that_is_missing_at_once() {
    for (form, count) in [
        (FormName::Permit, 13),
        (FormName::Reissue, 15),
        (FormName::Refusal, 9),
        (FormName::Conclusion, 14),
        (FormName::ApplicationPermit, 13),
        (FormName::ApplicationExpertise, 12),
        (FormName::Notice, 7),
        (FormName::Questionnaire, 4),
        (FormName::QuestionnaireSummary, 3),
    ] {
        let Err(Error::Invalid(problems)) = Document::from_json(form, b"{}") else {
            panic!("{form} is read from nothing");
        };
        assert!(problems.iter().all(|problem| problem.fact == Fact::Missing));
        assert_eq!(problems.len(), count, "{form}");
        let Err(Error::Invalid(problems)) = Document::from_json(form, b"[]") else {
            panic!("{form} is read from a list");
        };
        let wrong = Fact::WrongType {
            expected: JsonType::Object,
            found: JsonType::Array,
        };
        assert_eq!(problems[0].fact, wrong, "{form}");
    }
}

#[test]
fn every_form_refuses_a_name_that_it_does_not_know() {
    for fixture in [
        REISSUE,
        REFUSAL,
        CONCLUSION,
        PERMIT_APPLICATION,
        EXPERTISE_APPLICATION,
        NOTICE,
        QUESTIONNAIRE,
        SUMMARY,
    ] {
        fixture.assert(("/stamp", json!(1)), "/stamp", Fact::UnknownField);
    }
}

#[test]
fn a_reissue_is_not_longer_than_what_it_replaces() {
    let replaced = date!(2017 - 12 - 31);
    for (to, last) in [
        (json!("2018-01-01"), Some(date!(2018 - 01 - 01))),
        (json!("2018-12-31"), Some(date!(2018 - 12 - 31))),
    ] {
        let longer = Fact::TermLonger { to: last, replaced };
        REISSUE.assert(("/validity/to", to), "/validity", longer);
    }
    let begins = Fact::TermBegins {
        from: date!(2014 - 12 - 04),
        replaced: date!(2015 - 01 - 01),
    };
    REISSUE.assert(("/validity/from", json!("2014-12-04")), "/validity", begins);
    let open = REISSUE.problems(&[
        (
            "/validity",
            json!({"from": "2015-01-01", "open_ended": true}),
        ),
        ("/facility/category", json!("IV")),
    ]);
    let longer = Fact::TermLonger { to: None, replaced };
    assert_eq!(open, [("/validity".to_owned(), longer)]);
}

/// It is a permit, with all that holds of one.
#[test]
fn a_reissue_keeps_the_rules_of_the_permit() {
    let problems = REISSUE.problems(&[("/annex3", Value::Null)]);
    let fact = Fact::TotalsWithoutAnnex { annex: "/annex3" };
    assert_eq!(problems, [("/totals/waste".to_owned(), fact)]);
}

#[test]
fn a_reissue_has_no_higher_limit_than_what_it_replaces() {
    let raised = Fact::LimitRaised {
        year: 2015,
        stated: tonnes("416.220"),
        replaced: Some(tonnes("416.219999999999")),
    };
    let change = ("/replaces/totals/waste/2015", json!("416.219999999999"));
    REISSUE.assert(change, "/totals/waste/2015", raised);
    REISSUE.assert(
        ("/replaces/totals/waste/2017", Value::Null),
        "/totals/waste/2017",
        Fact::LimitRaised {
            year: 2017,
            stated: tonnes("407.960"),
            replaced: None,
        },
    );
    // A lower limit is none of that.
    let lower = ("/replaces/totals/waste/2015", json!("500"));
    assert_eq!(REISSUE.problems(&[lower]), []);
    let kind = REISSUE.problems(&[("/replaces/totals/waste", Value::Null)]);
    assert_eq!(kind.len(), 3);
}

#[test]
fn a_reissue_replaces_another_permit_that_is_in_force() {
    REISSUE.assert(
        ("/replaces/number", json!("00042")),
        "/replaces/number",
        Fact::ReplacesItself,
    );
    REISSUE.assert(
        ("/replaces/number", json!("42")),
        "/replaces/number",
        Fact::Number(PermitNumberError::Number),
    );
    REISSUE.assert(
        ("/replaces/date", json!("2015-03-17")),
        "/issue_date",
        Fact::DateBefore {
            date: date!(2015 - 03 - 16),
            earlier: date!(2015 - 03 - 17),
            pointer: "/replaces/date",
        },
    );
    let ended = Fact::ReplacedNotInForce {
        last_day: date!(2017 - 12 - 31),
        issue_date: date!(2018 - 01 - 01),
    };
    let late = ("/issue_date", json!("2018-01-01"));
    REISSUE.assert(late, "/replaces/validity", ended);
    // On its last day it is in force.
    let last = ("/issue_date", json!("2017-12-31"));
    assert_eq!(REISSUE.problems(&[last]), []);
    REISSUE.assert_missing(&[
        "/replaces",
        "/reason",
        "/replaces/validity",
        "/replaces/totals",
    ]);
    let unknown = Fact::UnknownValue {
        value: "sold".to_owned(),
        allowed: &[
            "name_changed",
            "legal_form_changed",
            "reorganised",
            "operator_replaced",
        ],
    };
    REISSUE.assert(("/reason", json!("sold")), "/reason", unknown);
}

#[test]
fn a_fault_elsewhere_does_not_hide_a_raised_limit() {
    let problems = REISSUE.problems(&[
        ("/issuing_body_bin", json!("1")),
        ("/replaces/totals/waste/2015", json!("1")),
    ]);
    let pointers: Vec<_> = problems
        .iter()
        .map(|(pointer, _)| pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/issuing_body_bin", "/totals/waste/2015"]);
}

#[test]
fn a_refusal_has_a_ground_and_its_motive() {
    REFUSAL.assert_missing(&["/ground", "/motive", "/provider/details", "/application"]);
    REFUSAL.assert(("/motive/kk", json!(" ")), "/motive/kk", Fact::Empty);
    let problems = REFUSAL.problems(&[("/ground", json!("LATE"))]);
    assert!(matches!(&problems[..], [(_, Fact::UnknownValue { value, .. })] if value == "LATE"));
}

#[test]
fn the_expertise_is_refused_for_incomplete_documents_only() {
    let expertise = ("/service", json!("expertise"));
    assert_eq!(REFUSAL.problems(std::slice::from_ref(&expertise)), []);
    let problems = REFUSAL.problems(&[expertise, ("/ground", json!("NOT_QUALIFIED"))]);
    assert_eq!(
        problems,
        [("/ground".to_owned(), Fact::GroundOfPermitService)]
    );
}

#[test]
fn a_refusal_is_not_older_than_the_application() {
    let before = Fact::DateBefore {
        date: date!(2013 - 11 - 03),
        earlier: date!(2013 - 11 - 04),
        pointer: "/application/date",
    };
    REFUSAL.assert(("/issue_date", json!("2013-11-03")), "/issue_date", before);
    assert_eq!(
        REFUSAL.problems(&[("/issue_date", json!("2013-11-04"))]),
        []
    );
}

#[test]
fn a_conclusion_that_does_not_agree_says_why() {
    let decision = ("/decision", json!("not_agreed"));
    CONCLUSION.assert(decision.clone(), "/remarks", Fact::Missing);
    let empty = CONCLUSION.problems(&[decision.clone(), ("/remarks", json!([]))]);
    assert_eq!(empty, [("/remarks".to_owned(), Fact::EmptyList)]);
    let remarks = ("/remarks", json!([{"kk": "ескерту", "ru": "замечание"}]));
    assert_eq!(CONCLUSION.problems(&[decision, remarks.clone()]), []);
    assert_eq!(CONCLUSION.problems(&[remarks]), []);
}

#[test]
fn a_conclusion_is_of_known_materials_that_came_before() {
    CONCLUSION.assert_missing(&[
        "/submitted",
        "/received/no",
        "/general_info",
        "/assessment",
        "/decision",
        "/developer/license_no",
        "/customer/id",
    ]);
    CONCLUSION.assert(("/category", json!("I")), "/category", Fact::CategoryOne);
    CONCLUSION.assert(
        ("/received/date", json!("2014-11-11")),
        "/issue_date",
        Fact::DateBefore {
            date: date!(2014 - 11 - 10),
            earlier: date!(2014 - 11 - 11),
            pointer: "/received/date",
        },
    );
}

#[test]
fn an_application_comes_with_what_its_category_asks_for() {
    for (index, kind) in [(0, "conclusion"), (1, "action_plan")] {
        PERMIT_APPLICATION.assert(
            (&format!("/attachments/{index}"), Value::Null),
            "/attachments",
            Fact::AttachmentMissing { kind },
        );
    }
    let standards = Fact::AttachmentMissing {
        kind: "emission_standards",
    };
    let other = ("/attachments/0/kind", json!("conclusion"));
    INDIVIDUAL.assert(other, "/attachments", standards);
    let power = Fact::AttachmentMissing {
        kind: "power_of_attorney",
    };
    let gone = ("/attachments/3", Value::Null);
    EXPERTISE_APPLICATION.assert(gone.clone(), "/attachments", power);
    // Without a representative nobody needs one.
    let alone = EXPERTISE_APPLICATION.problems(&[gone, ("/representative", Value::Null)]);
    assert_eq!(alone, []);
}

#[test]
fn an_attachment_taken_in_at_a_desk_says_whether_it_is_paper() {
    let flag = ("/attachments/1/paper", Value::Null);
    PERMIT_APPLICATION.assert(flag.clone(), "/attachments/1/paper", Fact::Missing);
    AT_A_CENTRE.assert(flag.clone(), "/attachments/1/paper", Fact::Missing);
    let portal = ("/channel", json!("portal"));
    assert_eq!(PERMIT_APPLICATION.problems(&[flag, portal]), []);
}

#[test]
fn an_attachment_has_a_name_of_its_own_or_of_the_form() {
    AT_A_CENTRE.assert_missing(&["/attachments/2/name"]);
    let own = Fact::OnlyWhere {
        pointer: "kind",
        value: "other",
    };
    let name = json!({"kk": "жоспар", "ru": "план"});
    let change = ("/attachments/0/name", name);
    PERMIT_APPLICATION.assert(change, "/attachments/0/name", own);
}

#[test]
fn the_operator_signs_at_a_centre_and_stands_nowhere_else() {
    AT_A_CENTRE.assert_missing(&["/centre", "/operator", "/operator/iin"]);
    let only = Fact::OnlyWhere {
        pointer: "/channel",
        value: "centre",
    };
    let problems = AT_A_CENTRE.problems(&[("/channel", json!("provider"))]);
    let places = ["/centre", "/operator"];
    assert_eq!(
        problems,
        places.map(|place| (place.to_owned(), only.clone()))
    );
    let document = AT_A_CENTRE.read(&AT_A_CENTRE.value()).unwrap();
    let signer = document.required_signer().unwrap();
    assert_eq!(signer.bin.unwrap().as_str(), "120541900014");
    assert_eq!(signer.iin.unwrap().as_str(), "920401490411");
}

#[test]
fn a_reissue_that_is_applied_for_names_what_it_replaces() {
    AT_A_CENTRE.assert_missing(&["/replaces", "/reason"]);
    let only = Fact::OnlyWhere {
        pointer: "/kind",
        value: "reissue",
    };
    let problems = AT_A_CENTRE.problems(&[("/kind", json!("initial"))]);
    let places = ["/replaces", "/reason"];
    assert_eq!(
        problems,
        places.map(|place| (place.to_owned(), only.clone()))
    );
}

#[test]
fn an_individual_signs_or_their_representative_does() {
    let other = ("/signatory/iin", json!("780315390019"));
    INDIVIDUAL.assert(other.clone(), "/signatory/iin", Fact::SignerIsAnother);
    let representative = json!({
        "name": {"kk": "Сағынов Ерлан", "ru": "Сагынов Ерлан"},
        "iin": "780315390019",
        "power_of_attorney": {"no": "1", "date": "2014-01-10"},
    });
    let acts = ("/representative", representative);
    assert_eq!(INDIVIDUAL.problems(&[other, acts]), []);
    let document = INDIVIDUAL.read(&INDIVIDUAL.value()).unwrap();
    let signer = document.required_signer().unwrap();
    assert_eq!(signer.bin, None);
    assert_eq!(signer.iin.unwrap().as_str(), "920401490411");
    // Nobody heads an individual; somebody heads every organisation.
    PERMIT_APPLICATION.assert_missing(&["/head"]);
}

#[test]
fn an_application_can_be_answered() {
    for address in ["x", "@x", "x@", "a b@c", "a@b@c"] {
        let change = ("/nature_user/email", json!(address));
        PERMIT_APPLICATION.assert(change, "/nature_user/email", Fact::NotAnEmail);
    }
    PERMIT_APPLICATION.assert_missing(&["/nature_user/phone", "/language", "/activity"]);
    let time = ("/registration/time", json!("2014-11-11"));
    PERMIT_APPLICATION.assert(time, "/registration/time", Fact::NotATime);
}

#[test]
fn limits_that_are_applied_for_keep_the_rules_of_the_permit() {
    let differs = Fact::SumDiffers {
        year: 2015,
        stated: tonnes("1"),
        computed: tonnes("416.220"),
    };
    let change = ("/totals/waste/2015", json!("1"));
    PERMIT_APPLICATION.assert(change, "/totals/waste/2015", differs);
    let open = PERMIT_APPLICATION.problems(&[(
        "/validity",
        json!({"from": "2015-01-01", "open_ended": true}),
    )]);
    let fact = Fact::OpenEndedCategory;
    assert_eq!(open, [("/validity/open_ended".to_owned(), fact)]);
}

#[test]
fn a_notice_has_the_values_that_its_code_prints_and_no_others() {
    NOTICE.assert_missing(&[
        "/params",
        "/params/number",
        "/recipient",
        "/time",
        "/system",
    ]);
    let unit = NOTICE.problems(&[("/code", json!("REQUEST_FORMED"))]);
    assert_eq!(unit, [("/params".to_owned(), Fact::UnknownField)]);
    let reason = NOTICE.problems(&[("/code", json!("EDS_NOT_CONFIRMED"))]);
    assert_eq!(
        reason,
        [
            ("/params/reason".to_owned(), Fact::Missing),
            ("/params/number".to_owned(), Fact::UnknownField),
        ]
    );
    let unknown = NOTICE.problems(&[("/code", json!("HELLO"))]);
    assert!(matches!(&unknown[..], [(_, Fact::UnknownValue { .. })]));
}

#[test]
fn an_answer_is_1_2_or_3() {
    for answer in [json!(0), json!(4), json!(-1), json!(1.5)] {
        QUESTIONNAIRE.assert(("/q1", answer), "/q1", Fact::NotAnAnswer);
    }
    let text = Fact::WrongType {
        expected: JsonType::Number,
        found: JsonType::String,
    };
    QUESTIONNAIRE.assert(("/q2", json!("3")), "/q2", text);
    QUESTIONNAIRE.assert(("/month", json!("2013-13")), "/month", Fact::NotAMonth);
    SUMMARY.assert(
        ("/answers/2/q2", Value::Null),
        "/answers/2/q2",
        Fact::Missing,
    );
    SUMMARY.assert(("/answers", json!([])), "/answers", Fact::EmptyList);
}

#[test]
fn a_summary_shares_out_the_answers() {
    let Document::QuestionnaireSummary(summary) = SUMMARY.read(&SUMMARY.value()).unwrap() else {
        panic!("no summary");
    };
    let counts = summary
        .shares()
        .map(|shares| shares.map(|share| (share.count, share.per_mille())));
    assert_eq!(
        counts,
        [[(1, 333), (1, 333), (1, 333)], [(0, 0), (1, 333), (2, 667)],]
    );
}
