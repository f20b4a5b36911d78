use crate::model::json::fields::Fields;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::refusal::service;
use crate::model::json::scalar::bilingual;
use crate::model::json::scalar::bin;
use crate::model::json::scalar::moment;
use crate::model::json::scalar::text;
use crate::model::json::scalar::word;
use crate::model::json::tree::Tree;
use crate::model::notice::EdsFailure;
use crate::model::notice::Notice;
use crate::model::notice::NoticeMessage;
use crate::model::notice::NoticeSystem;
use crate::model::notice::Register;

/// The notice that the data describes.
pub(in crate::model) fn notice(tree: &Tree<'_>, problems: &mut Problems) -> Option<Notice> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let edition = fields.required("edition", text);
    let service = fields.required("service", service);
    let system = fields.required("system", system);
    let issuing_body_bin = fields.required("issuing_body_bin", bin);
    let recipient = fields.required("recipient", bilingual);
    let time = fields.required("time", moment);
    let request_number = fields.optional("request_number", text);
    let code = fields.required("code", code);
    let message = code.and_then(|code| message(code, &mut fields));
    if code.is_none() {
        // What belongs there cannot be said.
        let _ = fields.optional("params", any);
    }
    fields.finish();
    Some(Notice {
        edition: edition?,
        service: service?,
        system: system?,
        issuing_body_bin: issuing_body_bin?,
        recipient: recipient?,
        time: time?,
        request_number: request_number?,
        message: message?,
    })
}

fn system(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<NoticeSystem> {
    word(
        tree,
        place,
        problems,
        NoticeSystem::WORDS,
        &NoticeSystem::ALL,
    )
}

fn code(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<&'static str> {
    let codes = NoticeMessage::CODES;
    word(tree, place, problems, codes, codes)
}

/// The message of a code, with the values that it prints.
fn message(code: &'static str, fields: &mut Fields<'_, '_>) -> Option<NoticeMessage> {
    Some(match code {
        "AUTH_DENIED_APPLICANT" => NoticeMessage::AuthDeniedApplicant,
        "AUTH_DENIED_EMPLOYEE" => NoticeMessage::AuthDeniedEmployee,
        "EDS_NOT_CONFIRMED" => NoticeMessage::EdsNotConfirmed {
            reason: fields.required("params", eds_params)?,
        },
        "NO_DATA" => NoticeMessage::NoData {
            register: fields.required("params", register_params)?,
        },
        "NO_POWER_OF_ATTORNEY" => NoticeMessage::NoPowerOfAttorney,
        "DATA_VIOLATIONS" => NoticeMessage::DataViolations,
        "DOCUMENT_VIOLATIONS" => NoticeMessage::DocumentViolations,
        "PAYMENT_MISSING" => NoticeMessage::PaymentMissing,
        "REQUEST_FORMED" => NoticeMessage::RequestFormed,
        "ACTION_DONE" => NoticeMessage::ActionDone,
        "REQUEST_ROUTED" => NoticeMessage::RequestRouted,
        "SERVICE_DENIED" => NoticeMessage::ServiceDenied,
        "REQUEST_REGISTERED" => NoticeMessage::RequestRegistered {
            number: fields.required("params", number_params)?,
        },
        _ => return None,
    })
}

fn eds_params(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<EdsFailure> {
    let mut fields = Fields::of(tree, place, problems)?;
    let reason = fields.required("reason", eds_failure);
    fields.finish();
    reason
}

fn eds_failure(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<EdsFailure> {
    word(tree, place, problems, EdsFailure::WORDS, &EdsFailure::ALL)
}

fn register_params(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Register> {
    let mut fields = Fields::of(tree, place, problems)?;
    let register = fields.required("register", register);
    fields.finish();
    register
}

fn register(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Register> {
    word(tree, place, problems, Register::WORDS, &Register::ALL)
}

fn number_params(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<String> {
    let mut fields = Fields::of(tree, place, problems)?;
    let number = fields.required("number", text);
    fields.finish();
    number
}

fn any(_: &Tree<'_>, _: Place<'_>, _: &mut Problems) -> Option<()> {
    Some(())
}
