//! Readers of a permit and its parts but the limits, in the order of the fields.

use crate::model::bilingual::Bilingual;
use crate::model::digits::Digits;
use crate::model::error::Fact;
use crate::model::error::JsonType;
use crate::model::json::check;
use crate::model::json::fields::Fields;
use crate::model::json::fields::list;
use crate::model::json::fields::wrong_type;
use crate::model::json::limits;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::scalar::bilingual;
use crate::model::json::scalar::bin;
use crate::model::json::scalar::date;
use crate::model::json::scalar::digits;
use crate::model::json::scalar::iin;
use crate::model::json::scalar::string;
use crate::model::json::scalar::text;
use crate::model::json::scalar::word;
use crate::model::json::tree::Tree;
use crate::model::json::validity::validity;
use crate::model::permit::Address;
use crate::model::permit::Attachments;
use crate::model::permit::Basis;
use crate::model::permit::Category;
use crate::model::permit::Condition;
use crate::model::permit::Deadline;
use crate::model::permit::Decision;
use crate::model::permit::Facility;
use crate::model::permit::NatureUser;
use crate::model::permit::Permit;
use crate::model::permit::PersonId;
use crate::model::permit::Reference;
use crate::model::permit::Signatory;
use crate::model::permit_number::PermitNumber;
use crate::model::permit_number::PermitNumberError;
use crate::model::validity::Validity;

/// The permit that the data describes.
pub(in crate::model) fn permit(tree: &Tree<'_>, problems: &mut Problems) -> Option<Permit> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let permit = permit_fields(&mut fields);
    fields.finish();
    let (permit, validity) = permit;
    check::permit(tree, validity, problems);
    permit
}

/// The fields of a permit among those of an object that may have more, and its validity where
/// that can be read.
pub(super) fn permit_fields(fields: &mut Fields<'_, '_>) -> (Option<Permit>, Option<Validity>) {
    let edition = fields.required("edition", text);
    let series = fields.required("series", series);
    let number = fields.required("number", number);
    let issue_date = fields.required("issue_date", date);
    let issue_place = fields.required("issue_place", bilingual);
    let issuing_body = fields.required("issuing_body", bilingual);
    let issuing_body_bin = fields.required("issuing_body_bin", bin);
    let nature_user = fields.required("nature_user", nature_user);
    let facility = fields.required("facility", facility);
    let validity = fields.required("validity", validity);
    let basis = fields.optional("basis", basis);
    let limits = limits::limits(fields);
    let annex5 = fields.required("annex5", conditions);
    let attachments = fields.optional("attachments", attachments);
    let signatory = fields.required("signatory", signatory);
    let permit = || {
        Some(Permit {
            edition: edition?,
            number: PermitNumber::new(series?, number?.as_str()).ok()?,
            issue_date: issue_date?,
            issue_place: issue_place?,
            issuing_body: issuing_body?,
            issuing_body_bin: issuing_body_bin?,
            nature_user: nature_user?,
            facility: facility?,
            validity: validity?,
            basis: basis?,
            limits: limits?,
            annex5: annex5?,
            attachments: attachments?.unwrap_or_default(),
            signatory: signatory?,
        })
    };
    (permit(), validity)
}

pub(super) fn series(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<&'static str> {
    let series = PermitNumber::series_of(string(tree, place, problems)?);
    problems.ok(place, series.map_err(Fact::Number))
}

pub(super) fn number(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Digits<5>> {
    let number = string(tree, place, problems)?.parse();
    problems.ok(
        place,
        number.map_err(|_| Fact::Number(PermitNumberError::Number)),
    )
}

fn nature_user(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<NatureUser> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let address = fields.required("address", address);
    let id = fields.required("id", person_id);
    let account_number = fields.optional("account_number", text);
    fields.finish();
    Some(NatureUser {
        name: name?,
        address: address?,
        id: id?,
        account_number: account_number?,
    })
}

pub(super) fn address(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Address> {
    let mut fields = Fields::of(tree, place, problems)?;
    let index = fields.required("index", digits);
    let kk = fields.required("kk", text);
    let ru = fields.required("ru", text);
    fields.finish();
    Some(Address {
        index: index?,
        text: Bilingual { kk: kk?, ru: ru? },
    })
}

pub(super) fn person_id(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<PersonId> {
    let mut fields = Fields::of(tree, place, problems)?;
    let kind = fields.required("kind", person_kind);
    let id = match kind {
        Some(PersonKind::Bin) => fields.required("value", bin).map(PersonId::Bin),
        Some(PersonKind::Iin) => fields.required("value", iin).map(PersonId::Iin),
        None => {
            // Whose number it is cannot be said: only that it must be there.
            fields.required("value", text);
            None
        }
    };
    fields.finish();
    id
}

#[derive(Clone, Copy)]
enum PersonKind {
    Bin,
    Iin,
}

fn person_kind(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<PersonKind> {
    let kinds = [PersonKind::Bin, PersonKind::Iin];
    word(tree, place, problems, &["bin", "iin"], &kinds)
}

pub(super) fn facility(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Facility> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let location = fields.required("location", bilingual);
    let category = fields.required("category", category);
    fields.finish();
    Some(Facility {
        name: name?,
        location: location?,
        category: category?,
    })
}

pub(super) fn category(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Category> {
    if matches!(tree, Tree::String(text) if **text == *"I") {
        problems.add(place, Fact::CategoryOne);
        return None;
    }
    let categories = [Category::Ii, Category::Iii, Category::Iv];
    word(tree, place, problems, &["II", "III", "IV"], &categories)
}

fn basis(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Basis> {
    let mut fields = Fields::of(tree, place, problems)?;
    let conclusion_name = fields.required("conclusion_name", bilingual);
    let conclusion_no = fields.required("conclusion_no", text);
    let conclusion_date = fields.required("conclusion_date", date);
    let decision = fields.required("decision", decision);
    fields.finish();
    Some(Basis {
        conclusion_name: conclusion_name?,
        conclusion_no: conclusion_no?,
        conclusion_date: conclusion_date?,
        decision: decision?,
    })
}

fn decision(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Decision> {
    let words = &["agreed", "not_agreed"];
    let decisions = [Some(Decision::Agreed), None];
    let decision = word(tree, place, problems, words, &decisions)?;
    problems.ok(place, decision.ok_or(Fact::DecisionNotAgreed))
}

fn conditions(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Vec<Condition>> {
    list(tree, place, problems, condition)
}

fn condition(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Condition> {
    let mut fields = Fields::of(tree, place, problems)?;
    let kk = fields.required("kk", text);
    let ru = fields.required("ru", text);
    let deadline = fields.optional("deadline", deadline);
    let report_to = fields.optional("report_to", bilingual);
    fields.finish();
    Some(Condition {
        text: Bilingual { kk: kk?, ru: ru? },
        deadline: deadline?,
        report_to: report_to?,
    })
}

fn deadline(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Deadline> {
    match tree {
        Tree::String(_) => date(tree, place, problems).map(Deadline::Date),
        Tree::Object(_) => bilingual(tree, place, problems).map(Deadline::Rule),
        _ => {
            problems.add(place, wrong_type(JsonType::String, tree));
            None
        }
    }
}

fn attachments(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Attachments> {
    let mut fields = Fields::of(tree, place, problems)?;
    let action_plan = fields.optional("action_plan", reference);
    let monitoring = fields.optional("monitoring", reference);
    fields.finish();
    Some(Attachments {
        action_plan: action_plan?,
        monitoring: monitoring?,
    })
}

pub(super) fn reference(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Reference> {
    let mut fields = Fields::of(tree, place, problems)?;
    let no = fields.required("no", text);
    let date = fields.required("date", date);
    fields.finish();
    Some(Reference {
        no: no?,
        date: date?,
    })
}

pub(super) fn signatory(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Signatory> {
    let mut fields = Fields::of(tree, place, problems)?;
    let position = fields.required("position", bilingual);
    let name = fields.required("name", bilingual);
    let iin = fields.required("iin", iin);
    fields.finish();
    Some(Signatory {
        position: position?,
        name: name?,
        iin: iin?,
    })
}
