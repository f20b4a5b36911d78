//! `ruqsat issue`

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use ruqsat::document;
use ruqsat::document::Document;
use ruqsat::document::RenderOptions;
use ruqsat::form::Edition;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::model;
use ruqsat::model::Permit;
use ruqsat::model::Problem;
use time::OffsetDateTime;

use crate::args::DocumentLanguage;
use crate::args::IssueArgs;
use crate::batch;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;
use crate::signing::SigningKey;
use crate::table;

/// Fills, typesets and, with a key, signs one permit, or a whole batch.
pub(crate) fn run(args: &IssueArgs) -> Result<Exit, Failure> {
    if args.batch.out_dir.is_some() || batch::is_batch(&args.data) {
        return batch::run(args);
    }
    let output = match (&args.output, args.batch.dry_run) {
        (_, true) => None,
        (Some(path), false) => Some(Output::new(path, Overwrite::forced(args.force))?),
        (None, false) => {
            return Err(
                Failure::usage("NO_OUTPUT", "no place for the PDF was named")
                    .hint("name it with -o, or a folder for a batch with --out-dir"),
            );
        }
    };
    let issuer = Issuer::new(args)?;
    let filled = table::fill(files::read(&args.data)?, &args.data, &args.table)?;
    let permit = read_permit(&filled.data, &args.data).map_err(|failure| filled.placed(failure))?;
    let name = args.output.as_deref().unwrap_or(&args.data);
    let Issued {
        pdf,
        pages,
        remarks,
    } = issuer.issue(&permit, name)?;
    let name = name.display();
    let kind = issuer.kind();
    match output {
        Some(output) => {
            output.write(&pdf, Secrecy::Public)?;
            eprintln!("{name}: {pages} pages, {kind}");
        }
        None => eprintln!("{name}: {pages} pages, {kind}; nothing was written"),
    }
    for remark in remarks {
        eprintln!("{remark}");
    }
    Ok(Exit::Success)
}

/// Makes documents out of data: all that one run shares between them.
pub(crate) struct Issuer {
    /// The edition that the arguments name.
    named: Option<String>,
    /// Those that were asked for so far: reading one costs as much as a document.
    editions: Mutex<BTreeMap<String, Arc<Edition>>>,
    key: Option<SigningKey>,
    language: Language,
    medium: Medium,
    time: Option<OffsetDateTime>,
    dry_run: bool,
}

/// A document as a file, and what the person who issued it must know.
pub(crate) struct Issued {
    pub(crate) pdf: Vec<u8>,
    pub(crate) pages: usize,
    pub(crate) remarks: Vec<String>,
}

impl Issuer {
    /// Reads what the arguments name.
    pub(crate) fn new(args: &IssueArgs) -> Result<Self, Failure> {
        let key = SigningKey::read(&args.signing)?;
        let medium = if key.is_some() || args.for_signing {
            Medium::Electronic
        } else {
            Medium::Draft
        };
        Ok(Self {
            named: args.edition.clone(),
            editions: Mutex::default(),
            key,
            language: args.lang.into(),
            medium,
            time: args.time,
            dry_run: args.batch.dry_run,
        })
    }

    /// Fills, typesets and, with a key, signs one permit. A dry run stops before the signature.
    pub(crate) fn issue(&self, permit: &Permit, name: &Path) -> Result<Issued, Failure> {
        let edition = self.edition(permit)?;
        let time = self.time.unwrap_or_else(crate::now);
        let options = RenderOptions::new(self.language, self.medium, time);
        let Document {
            pdf,
            pages,
            notices,
        } = document::render(&edition, permit, &options).map_err(|error| failure(&error))?;
        let mut remarks: Vec<String> = notices.iter().map(|notice| notice.to_string()).collect();
        let pdf = match &self.key {
            None => pdf,
            Some(key) if self.dry_run => {
                key.check(&pdf, name, &permit.clone().into(), time)?;
                pdf
            }
            Some(key) => {
                let signed = key.sign(&pdf, name, Some(&permit.clone().into()), time)?;
                remarks.extend(signed.remarks());
                signed.pdf
            }
        };
        Ok(Issued {
            pdf,
            pages,
            remarks,
        })
    }

    /// What kind of document it makes.
    pub(crate) fn kind(&self) -> &'static str {
        match (self.medium, &self.key) {
            (Medium::Draft, _) => "a draft, not for signing",
            (_, None) => "with an empty signature field",
            (_, Some(_)) if self.dry_run => "to be signed",
            (_, Some(_)) => "signed",
        }
    }

    fn edition(&self, permit: &Permit) -> Result<Arc<Edition>, Failure> {
        let mut editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(edition) = editions.get(&permit.edition) {
            return Ok(Arc::clone(edition));
        }
        let edition = Arc::new(edition(self.named.as_deref(), permit)?);
        editions.insert(permit.edition.clone(), Arc::clone(&edition));
        Ok(edition)
    }
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
                .problems(problems)
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
        let known: Vec<_> = Edition::builtin_ids().collect();
        Failure::new(exit, "EDITION_UNKNOWN", with_causes(&error))
            .hint(format!("this version knows {}", known.join(", ")))
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
