use crate::model::error::Fact;
use crate::model::json::check::not_before;
use crate::model::json::fields::Fields;
use crate::model::json::party::provider;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::read::signatory;
use crate::model::json::scalar::bilingual;
use crate::model::json::scalar::date;
use crate::model::json::scalar::text;
use crate::model::json::scalar::word;
use crate::model::json::tree::Tree;
use crate::model::refusal::ApplicationReference;
use crate::model::refusal::Ground;
use crate::model::refusal::Refusal;
use crate::model::service::Service;

/// The refusal that the data describes.
pub(in crate::model) fn refusal(tree: &Tree<'_>, problems: &mut Problems) -> Option<Refusal> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let edition = fields.required("edition", text);
    let service = fields.required("service", service);
    let number = fields.required("number", text);
    let issue_date = fields.required("issue_date", date);
    let provider = fields.required("provider", provider);
    let application = fields.required("application", application);
    let ground = fields.required("ground", ground);
    let motive = fields.required("motive", bilingual);
    let signatory = fields.required("signatory", signatory);
    if let (Some(service), Some(ground)) = (service, ground)
        && !ground.is_of(service)
    {
        fields.problem(Some("ground"), Fact::GroundOfPermitService);
    }
    fields.finish();
    if let Some(application) = &application {
        let earlier = (application.date, "/application/date");
        not_before(issue_date, Place::ROOT.key("issue_date"), earlier, problems);
    }
    Some(Refusal {
        edition: edition?,
        service: service?,
        number: number?,
        issue_date: issue_date?,
        provider: provider?,
        application: application?,
        ground: ground?,
        motive: motive?,
        signatory: signatory?,
    })
}

pub(super) fn service(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Service> {
    word(tree, place, problems, Service::WORDS, &Service::ALL)
}

fn application(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<ApplicationReference> {
    let mut fields = Fields::of(tree, place, problems)?;
    let number = fields.required("number", text);
    let date = fields.required("date", date);
    fields.finish();
    Some(ApplicationReference {
        number: number?,
        date: date?,
    })
}

fn ground(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Ground> {
    word(tree, place, problems, Ground::WORDS, &Ground::ALL)
}
