//! Who may sign which form of which edition.

use std::collections::BTreeSet;

use ruqsat::ca::Application;
use ruqsat::ca::Holder;
use ruqsat::ca::Organisation;
use ruqsat::ca::Request;
use ruqsat::eds::Role;
use ruqsat::model::Document;
use ruqsat::model::Iin;
use ruqsat::verify::Report;
use ruqsat::verify::Status;

use crate::files::with_attachments;
use crate::fixtures::documents;
use crate::forge::Forge;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::codes;

/// The roles that the regulations of both editions let sign each form.
const SIGNERS: [(&str, &[Role]); 9] = [
    ("permit", OFFICIALS),
    ("reissue", OFFICIALS),
    ("refusal", OFFICIALS),
    ("conclusion", OFFICIALS),
    ("application-permit", APPLICANTS),
    ("application-expertise", APPLICANTS),
    ("notice", &[Role::System]),
    ("questionnaire", &[]),
    ("questionnaire-summary", &[]),
];
const OFFICIALS: &[Role] = &[Role::Head, Role::CanSign];
const APPLICANTS: &[Role] = &[Role::Head, Role::CanSign, Role::Employee, Role::Individual];

/// A file with the data of a document, signed past every question that `sign` asks.
fn signed(world: &mut World, document: &Document, request: &Request) -> Report {
    let data = document.to_json();
    let form = document.form().as_str();
    let options = serde_json::json!({
        "form": form,
        "edition": document.edition(),
        "language": "kk-ru",
        "medium": "electronic",
        "time": "2013-12-04T03:00:00Z",
    });
    let name = match form {
        "permit" => "permit.json",
        _ => "document.json",
    };
    let options = options.to_string();
    let pdf = with_attachments(&[(name, &data), ("render.json", options.as_bytes())]);
    let mut application = Application::from(request);
    if request.role == Role::System {
        application.holder = Holder::System {
            name: "ИС «Рұқсат»".to_owned(),
        };
    }
    let signer = world.authority.issue(application).unwrap();
    check(&Forge::new(&signer).sign(&pdf), &world.evidence())
}

/// Whom a document asks for, in a role.
fn asked(world: &World, document: &Document, role: Role) -> Request {
    let mut request = Request {
        role,
        ..world.request()
    };
    if let Some(signer) = document.required_signer() {
        if let Some(iin) = signer.iin {
            request.iin = iin.clone();
        }
        if let Some(bin) = signer.bin {
            let name = request.organisation.map(|organisation| organisation.name);
            request.organisation = Some(Organisation {
                name: name.unwrap_or_default(),
                bin: bin.clone(),
            });
        }
    }
    if role == Role::Individual {
        request.organisation = None;
    }
    request
}

/// An IIN that is not this one.
fn another_than(iin: Option<&Iin>) -> &'static str {
    match iin.map(Iin::as_str) {
        Some("920401490411") => "850214300129",
        _ => "920401490411",
    }
}

/// One document of each form and edition, and of each kind of signer that it asks for.
fn one_of_each() -> Vec<Document> {
    let mut seen = BTreeSet::new();
    let documents = documents().into_iter().map(|(_, document)| document);
    let kind = |document: &Document| {
        let signer = document.required_signer();
        (
            document.form(),
            document.edition().to_owned(),
            signer.map(|signer| (signer.bin.is_some(), signer.iin.is_some())),
        )
    };
    documents
        .filter(|document| seen.insert(kind(document)))
        .collect()
}

#[test]
fn each_form_of_each_edition_is_signed_by_its_roles_alone() {
    let mut world = World::new();
    let mut asked_for = 0;
    for document in one_of_each() {
        let form = document.form();
        let (_, signers) = SIGNERS
            .iter()
            .find(|(name, _)| *name == form.as_str())
            .unwrap();
        let signer = document.required_signer();
        let asks_for_organisation = signer.is_some_and(|signer| signer.bin.is_some());
        for role in Role::ALL {
            let request = asked(&world, &document, role);
            let report = signed(&mut world, &document, &request);
            let mut reasons = Vec::new();
            if !signers.contains(&role) {
                reasons.push("SIGNER_NO_AUTHORITY");
            }
            if asks_for_organisation && role == Role::Individual {
                reasons.push("BIN_MISMATCH");
            }
            // The certificate of an information system names no person.
            if signer.is_some_and(|signer| signer.iin.is_some()) && role == Role::System {
                reasons.push("IIN_MISMATCH");
            }
            let status = match reasons.is_empty() {
                true => Status::Valid,
                false => Status::Invalid,
            };
            let told = (report.status(), codes(&report));
            assert_eq!(
                told,
                (status, reasons),
                "{form} of {} by {role}",
                document.edition()
            );
            asked_for += 1;
        }
    }
    println!("{asked_for} signatures");
    assert!(asked_for >= 15 * Role::ALL.len());
}

#[test]
fn each_form_asks_for_its_own_organisation_and_person() {
    let mut world = World::new();
    for document in one_of_each() {
        let form = document.form();
        let (_, signers) = SIGNERS
            .iter()
            .find(|(name, _)| *name == form.as_str())
            .unwrap();
        let (Some(signer), Some(role)) = (document.required_signer(), signers.first()) else {
            continue;
        };
        let mut request = asked(&world, &document, *role);
        request.organisation.as_mut().unwrap().bin = "120440001234".parse().unwrap();
        let report = signed(&mut world, &document, &request);
        match signer.bin {
            Some(_) => assert_verdict(&report, Status::Invalid, &["BIN_MISMATCH"]),
            None => assert_verdict(&report, Status::Valid, &[]),
        }
        let mut request = asked(&world, &document, *role);
        request.iin = another_than(signer.iin).parse().unwrap();
        let report = signed(&mut world, &document, &request);
        match signer.iin {
            Some(_) => assert_verdict(&report, Status::Invalid, &["IIN_MISMATCH"]),
            None => assert_verdict(&report, Status::Valid, &[]),
        }
    }
}
