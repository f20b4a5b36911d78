//! `ruqsat issue`

use std::path::Path;

use ruqsat::document;
use ruqsat::document::Document;
use ruqsat::document::RenderOptions;
use ruqsat::form::Edition;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::model;
use ruqsat::model::Permit;
use ruqsat::model::Problem;

use crate::args::DocumentLanguage;
use crate::args::IssueArgs;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;
use crate::signing::SigningKey;

/// Fills, typesets and, with a key, signs one permit.
pub(crate) fn run(args: &IssueArgs) -> Result<Exit, Failure> {
    let output = Output::new(&args.output, Overwrite::forced(args.force))?;
    let key = SigningKey::read(&args.signing)?;
    let permit = read_permit(&files::read(&args.data)?, &args.data)?;
    let edition = edition(args.edition.as_deref(), &permit)?;
    let time = args.time.unwrap_or_else(crate::now);
    let medium = if key.is_some() || args.for_signing {
        Medium::Electronic
    } else {
        Medium::Draft
    };
    let options = RenderOptions {
        language: args.lang.into(),
        medium,
        time,
    };
    let document =
        document::render(&edition, &permit, &options).map_err(|error| failure(&error))?;
    let mut remarks: Vec<String> = document
        .notices
        .iter()
        .map(|notice| notice.to_string())
        .collect();
    let Document { pdf, pages, .. } = document;
    let pdf = match &key {
        None => pdf,
        Some(key) => {
            let signed = key.sign(&pdf, &args.output, Some(&permit), time)?;
            remarks.extend(signed.remarks());
            signed.pdf
        }
    };
    output.write(&pdf, Secrecy::Public)?;
    let kind = match (medium, &key) {
        (Medium::Draft, _) => "a draft, not for signing",
        (_, None) => "with an empty signature field",
        (_, Some(_)) => "signed",
    };
    eprintln!("{}: {pages} pages, {kind}", args.output.display());
    for remark in remarks {
        eprintln!("{remark}");
    }
    Ok(Exit::Success)
}

/// Reads the data of a permit; every wrong field is named at once.
pub(crate) fn read_permit(data: &[u8], name: &Path) -> Result<Permit, Failure> {
    Permit::from_json(data).map_err(|error| match &error {
        model::Error::Invalid(problems) => {
            let message = format!(
                "{}: the data breaks the rules of the form in {} places",
                name.display(),
                problems.len()
            );
            let edition = Edition::builtin(DEFAULT_EDITION).ok();
            let described = |problem| described(problem, edition.as_ref());
            Failure::new(Exit::Refused, "PERMIT_DATA", message)
                .details(problems.iter().map(described).collect())
        }
        _ => Failure::new(
            Exit::Unreadable,
            "NOT_JSON",
            format!("{}: {}", name.display(), with_causes(&error)),
        ),
    })
}

/// A problem with its place, and the name that the form gives to the field.
fn described(problem: &Problem, edition: Option<&Edition>) -> String {
    let name = edition.and_then(|edition| edition.field_name("permit", &problem.pointer));
    match name {
        Some(name) => {
            let place = &problem.pointer;
            format!("{place} ({} / {}): {}", name.kk, name.ru, problem.fact)
        }
        None if problem.pointer.is_empty() => format!("/: {}", problem.fact),
        // Its display shows what a name that the form does not know may hold.
        None => problem.to_string(),
    }
}

fn edition(named: Option<&str>, permit: &Permit) -> Result<Edition, Failure> {
    let id = named.unwrap_or(&permit.edition);
    let exit = if named.is_some() {
        Exit::Usage
    } else {
        Exit::Refused
    };
    let edition = Edition::builtin(id).map_err(|error| {
        Failure::new(exit, "EDITION_UNKNOWN", with_causes(&error))
            .hint(format!("this version knows {DEFAULT_EDITION}"))
    })?;
    if id != permit.edition {
        let message = format!("the data is for the edition {}, not {id}", permit.edition);
        return Err(Failure::new(Exit::Refused, "PERMIT_DATA", message));
    }
    Ok(edition)
}

fn failure(error: &document::Error) -> Failure {
    Failure::new(Exit::Refused, "PERMIT_DATA", with_causes(error))
}

impl From<DocumentLanguage> for Language {
    fn from(language: DocumentLanguage) -> Self {
        match language {
            DocumentLanguage::KkRu => Self::KkRu,
            DocumentLanguage::Kk => Self::Kk,
            DocumentLanguage::Ru => Self::Ru,
        }
    }
}

/// Names the fields of data that names no edition that is known.
const DEFAULT_EDITION: &str = "atyrau-2013";
