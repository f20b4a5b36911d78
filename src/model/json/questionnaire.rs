use crate::model::error::Fact;
use crate::model::error::JsonType;
use crate::model::json::fields::Fields;
use crate::model::json::fields::list;
use crate::model::json::fields::wrong_type;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::scalar::bilingual;
use crate::model::json::scalar::string;
use crate::model::json::scalar::text;
use crate::model::json::scalar::word;
use crate::model::json::tree::Tree;
use crate::model::questionnaire::Answers;
use crate::model::questionnaire::CalendarMonth;
use crate::model::questionnaire::Questionnaire;
use crate::model::questionnaire::QuestionnaireSummary;
use crate::model::questionnaire::Satisfaction;
use crate::model::service::Channel;

/// The questionnaire that the data describes.
pub(in crate::model) fn questionnaire(
    tree: &Tree<'_>,
    problems: &mut Problems,
) -> Option<Questionnaire> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let edition = fields.required("edition", text);
    let service_name = fields.required("service_name", bilingual);
    let month = fields.optional("month", month);
    let channel = fields.optional("channel", channel);
    let answers = answer_fields(&mut fields);
    fields.finish();
    Some(Questionnaire {
        edition: edition?,
        service_name: service_name?,
        month: month?,
        channel: channel?,
        answers: answers?,
    })
}

/// The summary that the data describes.
pub(in crate::model) fn questionnaire_summary(
    tree: &Tree<'_>,
    problems: &mut Problems,
) -> Option<QuestionnaireSummary> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let edition = fields.required("edition", text);
    let service_name = fields.required("service_name", bilingual);
    let month = fields.optional("month", month);
    let channel = fields.optional("channel", channel);
    let answers = fields.required("answers", all_answers);
    fields.finish();
    Some(QuestionnaireSummary {
        edition: edition?,
        service_name: service_name?,
        month: month?,
        channel: channel?,
        answers: answers?,
    })
}

fn all_answers(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Vec<Answers>> {
    list(tree, place, problems, answers)
}

fn answers(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Answers> {
    let mut fields = Fields::of(tree, place, problems)?;
    let answers = answer_fields(&mut fields);
    fields.finish();
    answers
}

fn answer_fields(fields: &mut Fields<'_, '_>) -> Option<Answers> {
    let q1 = fields.required("q1", answer);
    let q2 = fields.required("q2", answer);
    Some(Answers { q1: q1?, q2: q2? })
}

fn answer(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Satisfaction> {
    let Tree::Number(number) = tree else {
        problems.add(place, wrong_type(JsonType::Number, tree));
        return None;
    };
    let mut answers = Satisfaction::ALL.into_iter();
    let answer = answers.find(|answer| Some(u64::from(answer.number())) == *number);
    problems.ok(place, answer.ok_or(Fact::NotAnAnswer))
}

fn month(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<CalendarMonth> {
    let month = CalendarMonth::parse(string(tree, place, problems)?);
    problems.ok(place, month.ok_or(Fact::NotAMonth))
}

pub(super) fn channel(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Channel> {
    word(tree, place, problems, Channel::WORDS, &Channel::ALL)
}
