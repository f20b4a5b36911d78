//! Readers of the persons and organisations that a document names.

use crate::model::application::Representative;
use crate::model::error::Fact;
use crate::model::json::fields::Fields;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::read::address;
use crate::model::json::read::person_id;
use crate::model::json::read::reference;
use crate::model::json::scalar::bilingual;
use crate::model::json::scalar::bin;
use crate::model::json::scalar::iin;
use crate::model::json::scalar::text;
use crate::model::json::tree::Tree;
use crate::model::party::Applicant;
use crate::model::party::Developer;
use crate::model::party::Organisation;
use crate::model::party::Party;
use crate::model::party::Person;
use crate::model::party::Provider;

pub(super) fn provider(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Provider> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let details = fields.required("details", bilingual);
    let bin = fields.required("bin", bin);
    fields.finish();
    Some(Provider {
        name: name?,
        details: details?,
        bin: bin?,
    })
}

pub(super) fn party(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Party> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let address = fields.required("address", address);
    let id = fields.required("id", person_id);
    fields.finish();
    Some(Party {
        name: name?,
        address: address?,
        id: id?,
    })
}

pub(super) fn applicant(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Applicant> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let address = fields.required("address", address);
    let phone = fields.required("phone", text);
    let email = fields.required("email", email);
    let id = fields.required("id", person_id);
    fields.finish();
    Some(Applicant {
        name: name?,
        address: address?,
        phone: phone?,
        email: email?,
        id: id?,
    })
}

/// Something, an at sign, something, and no space: the rest only the mail itself can tell.
fn email(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<String> {
    let text = text(tree, place, problems)?;
    let is_address = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.contains(char::is_whitespace);
    problems.ok(place, is_address.then_some(text).ok_or(Fact::NotAnEmail))
}

pub(super) fn developer(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Developer> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let id = fields.required("id", person_id);
    let license_no = fields.required("license_no", text);
    fields.finish();
    Some(Developer {
        name: name?,
        id: id?,
        license_no: license_no?,
    })
}

pub(super) fn person(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Person> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let iin = fields.required("iin", iin);
    fields.finish();
    Some(Person {
        name: name?,
        iin: iin?,
    })
}

pub(super) fn organisation(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Organisation> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let bin = fields.required("bin", bin);
    fields.finish();
    Some(Organisation {
        name: name?,
        bin: bin?,
    })
}

pub(super) fn representative(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Representative> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let iin = fields.required("iin", iin);
    let power_of_attorney = fields.required("power_of_attorney", reference);
    fields.finish();
    Some(Representative {
        name: name?,
        iin: iin?,
        power_of_attorney: power_of_attorney?,
    })
}
