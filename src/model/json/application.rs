//! Readers of the two applications.

use crate::model::application::AttachedDocument;
use crate::model::application::Attachment;
use crate::model::application::NoticeLanguage;
use crate::model::application::Registration;
use crate::model::application::Submission;
use crate::model::error::Fact;
use crate::model::expertise_application::ExpertiseApplication;
use crate::model::iin::Iin;
use crate::model::json::check;
use crate::model::json::check::facility_category;
use crate::model::json::conclusion::object;
use crate::model::json::fields::Fields;
use crate::model::json::fields::list;
use crate::model::json::limits;
use crate::model::json::party::applicant;
use crate::model::json::party::developer;
use crate::model::json::party::organisation;
use crate::model::json::party::person;
use crate::model::json::party::representative;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::questionnaire::channel;
use crate::model::json::read::category;
use crate::model::json::read::facility;
use crate::model::json::read::number;
use crate::model::json::read::reference;
use crate::model::json::read::series;
use crate::model::json::reissue::reason;
use crate::model::json::scalar::bilingual;
use crate::model::json::scalar::boolean;
use crate::model::json::scalar::date;
use crate::model::json::scalar::moment;
use crate::model::json::scalar::text;
use crate::model::json::scalar::word;
use crate::model::json::tree::Tree;
use crate::model::json::validity::validity;
use crate::model::permit::Category;
use crate::model::permit::PersonId;
use crate::model::permit_application::ApplicationKind;
use crate::model::permit_application::PermitApplication;
use crate::model::permit_application::PermitReference;
use crate::model::permit_number::PermitNumber;
use crate::model::service::Channel;

/// The application for a permit that the data describes.
pub(in crate::model) fn permit_application(
    tree: &Tree<'_>,
    problems: &mut Problems,
) -> Option<PermitApplication> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let edition = fields.required("edition", text);
    let submission = submission(&mut fields);
    let kind = kind(&mut fields);
    let date = fields.required("date", date);
    let issuing_body = fields.required("issuing_body", bilingual);
    let nature_user = fields.required("nature_user", applicant);
    let is_legal = matches!(&nature_user, Some(user) if matches!(user.id, PersonId::Bin(_)));
    if is_legal && !fields.has("head") {
        fields.problem(Some("head"), Fact::Missing);
    }
    let head = fields.optional("head", bilingual);
    let representative = fields.optional("representative", representative);
    let facility = fields.required("facility", facility);
    let activity = fields.required("activity", bilingual);
    let validity = fields.required("validity", validity);
    let limits = limits::limits(&mut fields);
    let attachments = fields.required("attachments", attachments);
    let language = fields.required("language", language);
    let signatory = fields.required("signatory", person);
    let registration = fields.optional("registration", registration);
    fields.finish();
    check::open_end(facility_category(tree), validity, problems);
    check::all_limits(tree, validity, problems);
    paper_flags(tree, problems);
    let category = facility_category(tree);
    demanded(tree, demanded_by_category(category), problems);
    if let (Some(user), Some(signatory), Some(representative)) =
        (&nature_user, &signatory, &representative)
    {
        let representative = representative.as_ref().map(|person| &person.iin);
        signer(&user.id, representative, &signatory.iin, problems);
    }
    Some(PermitApplication {
        edition: edition?,
        submission: submission?,
        kind: kind?,
        date: date?,
        issuing_body: issuing_body?,
        nature_user: nature_user?,
        head: head?,
        representative: representative?,
        facility: facility?,
        activity: activity?,
        validity: validity?,
        limits: limits?,
        attachments: attachments?,
        language: language?,
        signatory: signatory?,
        registration: registration?,
    })
}

/// The application for a conclusion that the data describes.
pub(in crate::model) fn expertise_application(
    tree: &Tree<'_>,
    problems: &mut Problems,
) -> Option<ExpertiseApplication> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let edition = fields.required("edition", text);
    let submission = submission(&mut fields);
    let date = fields.required("date", date);
    let provider = fields.required("provider", bilingual);
    let applicant = fields.required("applicant", applicant);
    let has_representative = fields.has("representative");
    let representative = fields.optional("representative", representative);
    let object = fields.required("object", object);
    let category = fields.required("category", category);
    let developer = fields.required("developer", developer);
    let location = fields.required("location", bilingual);
    let attachments = fields.required("attachments", attachments);
    let language = fields.required("language", language);
    let signatory = fields.required("signatory", person);
    let registration = fields.optional("registration", registration);
    fields.finish();
    paper_flags(tree, problems);
    if has_representative {
        demanded(tree, &["power_of_attorney"], problems);
    }
    if let (Some(applicant), Some(signatory), Some(representative)) =
        (&applicant, &signatory, &representative)
    {
        let representative = representative.as_ref().map(|person| &person.iin);
        signer(&applicant.id, representative, &signatory.iin, problems);
    }
    Some(ExpertiseApplication {
        edition: edition?,
        submission: submission?,
        date: date?,
        provider: provider?,
        applicant: applicant?,
        representative: representative?,
        object: object?,
        category: category?,
        developer: developer?,
        location: location?,
        attachments: attachments?,
        language: language?,
        signatory: signatory?,
        registration: registration?,
    })
}

/// The channel; at a centre, the centre and its operator, which stand nowhere else.
fn submission(fields: &mut Fields<'_, '_>) -> Option<Submission> {
    let channel = fields.required("channel", channel);
    if channel == Some(Channel::Centre) {
        let centre = fields.required("centre", organisation);
        let operator = fields.required("operator", person);
        return Some(Submission::Centre {
            centre: centre?,
            operator: operator?,
        });
    }
    let centre = fields.optional("centre", organisation);
    let operator = fields.optional("operator", person);
    let channel = channel?;
    let only_at_a_centre = Fact::OnlyWhere {
        pointer: "/channel",
        value: "centre",
    };
    for name in ["centre", "operator"] {
        if fields.has(name) {
            fields.problem(Some(name), only_at_a_centre.clone());
        }
    }
    centre.and(operator)?;
    Some(match channel {
        Channel::Provider => Submission::Provider,
        _ => Submission::Portal,
    })
}

/// What is applied for; with a re-issue, the permit replaced and the reason, which stand nowhere
/// else.
fn kind(fields: &mut Fields<'_, '_>) -> Option<ApplicationKind> {
    let kind = fields.required("kind", kind_word);
    if kind == Some(Kind::Reissue) {
        let replaces = fields.required("replaces", permit_reference);
        let reason = fields.required("reason", reason);
        return Some(ApplicationKind::Reissue {
            replaces: replaces?,
            reason: reason?,
        });
    }
    let replaces = fields.optional("replaces", permit_reference);
    let reason = fields.optional("reason", reason);
    kind?;
    for name in ["replaces", "reason"] {
        if fields.has(name) {
            let fact = Fact::OnlyWhere {
                pointer: "/kind",
                value: "reissue",
            };
            fields.problem(Some(name), fact);
        }
    }
    replaces.and(reason)?;
    Some(ApplicationKind::Initial)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Initial,
    Reissue,
}

fn kind_word(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Kind> {
    let kinds = [Kind::Initial, Kind::Reissue];
    word(tree, place, problems, &["initial", "reissue"], &kinds)
}

fn permit_reference(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<PermitReference> {
    let mut fields = Fields::of(tree, place, problems)?;
    let series = fields.required("series", series);
    let number = fields.required("number", number);
    let date = fields.required("date", date);
    fields.finish();
    Some(PermitReference {
        number: PermitNumber::new(series?, number?.as_str()).ok()?,
        date: date?,
    })
}

fn attachments(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Vec<Attachment>> {
    list(tree, place, problems, attachment)
}

fn attachment(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Attachment> {
    let mut fields = Fields::of(tree, place, problems)?;
    let kind = fields.required("kind", attachment_kind);
    let document = match kind {
        Some("other") => fields
            .required("name", bilingual)
            .map(|name| AttachedDocument::Other { name }),
        Some(kind) => {
            if fields.has("name") {
                let _ = fields.optional("name", bilingual);
                let fact = Fact::OnlyWhere {
                    pointer: "kind",
                    value: "other",
                };
                fields.problem(Some("name"), fact);
            }
            named_by_the_form(kind)
        }
        None => {
            let _ = fields.optional("name", bilingual);
            None
        }
    };
    let reference = fields.optional("reference", reference);
    let paper = fields.optional("paper", boolean);
    fields.finish();
    Some(Attachment {
        document: document?,
        reference: reference?,
        paper: paper?,
    })
}

fn attachment_kind(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<&'static str> {
    word(tree, place, problems, ATTACHMENT_KINDS, ATTACHMENT_KINDS)
}

fn named_by_the_form(kind: &str) -> Option<AttachedDocument> {
    Some(match kind {
        "conclusion" => AttachedDocument::Conclusion,
        "action_plan" => AttachedDocument::ActionPlan,
        "emission_standards" => AttachedDocument::EmissionStandards,
        "hearings_protocol" => AttachedDocument::HearingsProtocol,
        "power_of_attorney" => AttachedDocument::PowerOfAttorney,
        _ => return None,
    })
}

fn language(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<NoticeLanguage> {
    let languages = &NoticeLanguage::ALL;
    word(tree, place, problems, NoticeLanguage::WORDS, languages)
}

fn registration(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Registration> {
    let mut fields = Fields::of(tree, place, problems)?;
    let number = fields.required("number", text);
    let time = fields.required("time", moment);
    fields.finish();
    Some(Registration {
        number: number?,
        time: time?,
    })
}

/// Where people take papers in, each attachment says whether it is one.
fn paper_flags(tree: &Tree<'_>, problems: &mut Problems) {
    let at_a_desk = matches!(
        tree.get("channel"),
        Some(Tree::String(channel)) if matches!(&**channel, "provider" | "centre")
    );
    let Some(attachments) = tree.get("attachments").filter(|_| at_a_desk) else {
        return;
    };
    let place = Place::ROOT.key("attachments");
    for (index, attachment) in attachments.elements().iter().enumerate() {
        if matches!(attachment, Tree::Object(_)) && attachment.get("paper").is_none() {
            problems.add(place.index(index).key("paper"), Fact::Missing);
        }
    }
}

/// What the Environmental Code of 2007, article 72, asks for beside the application itself.
fn demanded_by_category(category: Option<Category>) -> &'static [&'static str] {
    match category {
        Some(Category::Ii | Category::Iii) => &["conclusion", "action_plan"],
        Some(Category::Iv) => &["emission_standards"],
        None => &[],
    }
}

fn demanded(tree: &Tree<'_>, kinds: &[&'static str], problems: &mut Problems) {
    let Some(attachments @ Tree::Array(_)) = tree.get("attachments") else {
        return;
    };
    for kind in kinds.iter().copied() {
        let is_of_kind = |attachment: &Tree<'_>| matches!(attachment.get("kind"), Some(Tree::String(found)) if **found == *kind);
        if !attachments.elements().iter().any(is_of_kind) {
            let place = Place::ROOT.key("attachments");
            problems.add(place, Fact::AttachmentMissing { kind });
        }
    }
}

/// An individual signs themselves, or their representative does; who signs for a legal person,
/// the data alone says.
fn signer(
    applicant: &PersonId,
    representative: Option<&Iin>,
    signatory: &Iin,
    problems: &mut Problems,
) {
    let PersonId::Iin(applicant) = applicant else {
        return;
    };
    if signatory != applicant && Some(signatory) != representative {
        let place = Place::ROOT.key("signatory");
        problems.add(place.key("iin"), Fact::SignerIsAnother);
    }
}

const ATTACHMENT_KINDS: &[&str] = &[
    "conclusion",
    "action_plan",
    "emission_standards",
    "hearings_protocol",
    "power_of_attorney",
    "other",
];
