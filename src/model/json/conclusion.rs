use crate::model::bilingual::Bilingual;
use crate::model::conclusion::Conclusion;
use crate::model::conclusion::ExpertiseDecision;
use crate::model::conclusion::ExpertiseObject;
use crate::model::conclusion::ObjectKind;
use crate::model::conclusion::Receipt;
use crate::model::error::Fact;
use crate::model::json::check::not_before;
use crate::model::json::fields::Fields;
use crate::model::json::fields::list;
use crate::model::json::party::developer;
use crate::model::json::party::party;
use crate::model::json::party::provider;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::read::category;
use crate::model::json::read::signatory;
use crate::model::json::scalar::bilingual;
use crate::model::json::scalar::date;
use crate::model::json::scalar::text;
use crate::model::json::scalar::word;
use crate::model::json::tree::Tree;

/// The conclusion that the data describes.
pub(in crate::model) fn conclusion(tree: &Tree<'_>, problems: &mut Problems) -> Option<Conclusion> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let edition = fields.required("edition", text);
    let number = fields.required("number", text);
    let issue_date = fields.required("issue_date", date);
    let provider = fields.required("provider", provider);
    let object = fields.required("object", object);
    let customer = fields.required("customer", party);
    let developer = fields.required("developer", developer);
    let submitted = fields.required("submitted", texts);
    let received = fields.required("received", receipt);
    let category = fields.required("category", category);
    let general_info = fields.required("general_info", bilingual);
    let assessment = fields.required("assessment", bilingual);
    let decision = fields.required("decision", decision);
    if decision == Some(ExpertiseDecision::NotAgreed) && !fields.has("remarks") {
        fields.problem(Some("remarks"), Fact::Missing);
    }
    let remarks = fields.optional("remarks", texts);
    let signatory = fields.required("signatory", signatory);
    fields.finish();
    if let Some(received) = &received {
        let earlier = (received.date, "/received/date");
        not_before(issue_date, Place::ROOT.key("issue_date"), earlier, problems);
    }
    Some(Conclusion {
        edition: edition?,
        number: number?,
        issue_date: issue_date?,
        provider: provider?,
        object: object?,
        customer: customer?,
        developer: developer?,
        submitted: submitted?,
        received: received?,
        category: category?,
        general_info: general_info?,
        assessment: assessment?,
        remarks: remarks?.unwrap_or_default(),
        decision: decision?,
        signatory: signatory?,
    })
}

pub(super) fn object(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<ExpertiseObject> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let kind = fields.required("kind", object_kind);
    fields.finish();
    Some(ExpertiseObject {
        name: name?,
        kind: kind?,
    })
}

fn object_kind(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<ObjectKind> {
    word(tree, place, problems, ObjectKind::WORDS, &ObjectKind::ALL)
}

fn texts(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Vec<Bilingual>> {
    list(tree, place, problems, bilingual)
}

fn receipt(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Receipt> {
    let mut fields = Fields::of(tree, place, problems)?;
    let date = fields.required("date", date);
    let no = fields.required("no", text);
    fields.finish();
    Some(Receipt {
        date: date?,
        no: no?,
    })
}

fn decision(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<ExpertiseDecision> {
    let decisions = &ExpertiseDecision::ALL;
    word(tree, place, problems, ExpertiseDecision::WORDS, decisions)
}
