//! `ruqsat issue`

use std::path::Path;
use std::sync::Arc;

use ruqsat::document;
use ruqsat::document::Document;
use ruqsat::document::Embedded;
use ruqsat::document::QrBaseUrl;
use ruqsat::document::RenderOptions;
use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::form::RepealNote;
use ruqsat::form::Wording;
use ruqsat::model;
use ruqsat::model::FormName;
use ruqsat::model::Problem;
use ruqsat::model::Signing;
use ruqsat::pdf;
use ruqsat::pdf::Pdf;
use time::OffsetDateTime;

use crate::args::DocumentLanguage;
use crate::args::IssueArgs;
use crate::args::LookArgs;
use crate::args::MediumName;
use crate::batch;
use crate::editions::Editions;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;
use crate::signing::SigningKey;
use crate::table;

/// Fills, typesets and, with a key, signs one document, or a whole batch.
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
    let data = files::read(&args.data)?;
    let filled = table::fill(data, &args.data, &args.table, args.form, &issuer.editions)?;
    let data = issuer
        .read(&filled.data, &args.data)
        .map_err(|failure| filled.placed(failure))?;
    let name = args.output.as_deref().unwrap_or(&args.data);
    let Issued {
        pdf,
        pages,
        remarks,
    } = issuer.issue(&data, name)?;
    let name = name.display();
    let kind = issuer.kind();
    match output {
        Some(output) => {
            output.write(&pdf, Secrecy::Public)?;
            files::tell(&format!("{name}: {pages} pages, {kind}"));
        }
        None => files::tell(&format!(
            "{name}: {pages} pages, {kind}; nothing was written"
        )),
    }
    for remark in remarks {
        files::tell(&remark);
    }
    Ok(Exit::Success)
}

/// Makes documents out of data: all that one run shares between them.
pub(crate) struct Issuer {
    form: FormName,
    /// The edition that the arguments name.
    named: Option<String>,
    editions: Editions,
    key: Option<SigningKey>,
    fill: FillOptions,
    qr_base: Option<QrBaseUrl>,
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
        let medium = medium(args)?;
        let editions = Editions::new(args.look.templates.as_deref())?;
        let key = SigningKey::read(&args.signing, || editions.signer_roles())?;
        Ok(Self {
            form: args.form,
            named: args.edition.clone(),
            editions,
            key,
            fill: args.look.fill(args.lang.into(), medium),
            qr_base: args.look.qr_base.clone(),
            time: args.time,
            dry_run: args.batch.dry_run,
        })
    }

    /// Reads the data of a document; every wrong field is named at once.
    pub(crate) fn read(&self, data: &[u8], name: &Path) -> Result<model::Document, Failure> {
        read_document(self.form, data, name, &self.editions)
    }

    /// Fills, typesets and, with a key, signs one document. A dry run stops before the signature.
    pub(crate) fn issue(&self, data: &model::Document, name: &Path) -> Result<Issued, Failure> {
        let edition = self.edition(data)?;
        let time = self.time.unwrap_or_else(crate::now);
        let options = self.options(time);
        let Document {
            pdf,
            pages,
            notices,
        } = document::render(&edition, data, &options).map_err(|error| failure(&error))?;
        let mut remarks: Vec<String> = notices.iter().map(|notice| notice.to_string()).collect();
        let doubts = data.doubts();
        remarks.extend(doubts.iter().map(|doubt| format!("warning: {doubt}")));
        let pdf = match &self.key {
            None => pdf,
            Some(key) if self.dry_run => {
                key.check(&pdf, name, data, time)?;
                pdf
            }
            Some(key) => {
                let signed = key.sign(&pdf, name, Some(data), time)?;
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

    /// Whether a document that is there already is of the kind that is asked for now, its time
    /// apart: a draft is not the document that somebody asks for with a key.
    pub(crate) fn would_make(&self, pdf: &Pdf<'_>, there: &Embedded) -> Result<bool, Failure> {
        let Some(render) = &there.render else {
            return Ok(false);
        };
        let edition = self.edition(&there.document)?;
        let options = self.options(self.time.unwrap_or_else(crate::now));
        let mut asked = options.record(&edition, self.form.as_str());
        asked.time.clone_from(&render.time);
        let is_signed = pdf::signatures(pdf).is_ok_and(|signatures| !signatures.is_empty());
        Ok(asked == *render && is_signed == self.key.is_some())
    }

    fn options(&self, time: OffsetDateTime) -> RenderOptions {
        RenderOptions {
            fill: self.fill,
            qr_base: self.qr_base.clone(),
            time,
        }
    }

    /// What kind of document it makes.
    pub(crate) fn kind(&self) -> &'static str {
        match (self.fill.medium, &self.key) {
            (Medium::Draft, _) => "a draft, not for signing",
            (Medium::Paper, _) => "a sheet to be signed by hand",
            (Medium::Electronic, None) if self.form.signing() == Signing::Unsigned => "finished",
            (Medium::Electronic, None) => "with an empty signature field",
            (Medium::Electronic, Some(_)) if self.dry_run => "to be signed",
            (Medium::Electronic, Some(_)) => "signed",
        }
    }

    fn edition(&self, data: &model::Document) -> Result<Arc<Edition>, Failure> {
        let id = self.named.as_deref().unwrap_or_else(|| data.edition());
        let exit = match self.named {
            Some(_) => Exit::Usage,
            None => Exit::Refused,
        };
        let edition = self.editions.open(id)?.ok_or_else(|| {
            let message = format!("there is no edition {id:?} of the forms");
            Failure::new(exit, "EDITION_UNKNOWN", message).hint(format!(
                "this version knows {}",
                self.editions.ids().join(", ")
            ))
        })?;
        if id != data.edition() {
            let message = format!("the data is for the edition {}, not {id}", data.edition());
            return Err(Failure::new(Exit::Refused, "PERMIT_DATA", message));
        }
        if !edition.forms().any(|form| form == self.form.as_str()) {
            let forms: Vec<_> = edition.forms().collect();
            let message = format!("the edition {id} has no form {}", self.form);
            return Err(Failure::usage("FORM_UNKNOWN", message)
                .hint(format!("it has {}", forms.join(", "))));
        }
        Ok(edition)
    }
}

/// What the document is to be. Who asks for a signature gets an electronic document, nobody else
/// does, save for a form that nobody signs.
fn medium(args: &IssueArgs) -> Result<Medium, Failure> {
    let is_signing = args.for_signing || args.signing.key.is_some();
    let is_unsigned = args.form.signing() == Signing::Unsigned;
    let asked = match (args.look.draft, args.look.medium) {
        (true, _) => Some(Medium::Draft),
        (false, medium) => medium.map(Medium::from),
    };
    let refused = |message: String, hint| Err(Failure::usage("NOT_SIGNED", message).hint(hint));
    match asked {
        _ if is_signing && is_unsigned => refused(
            format!("a {} is finished without a signature", args.form),
            "leave out --key and --for-signing",
        ),
        Some(Medium::Paper) if is_signing => refused(
            "a sheet of paper is finished without an electronic signature".to_owned(),
            "leave out --key and --for-signing, or --medium paper",
        ),
        Some(Medium::Draft) if is_signing => refused(
            "a draft is never signed".to_owned(),
            "leave out --key and --for-signing, or the draft",
        ),
        Some(Medium::Electronic) if !is_signing && !is_unsigned => refused(
            "an electronic document counts only with its signature".to_owned(),
            "sign it with --key, or write it with --for-signing",
        ),
        Some(medium) => Ok(medium),
        None if is_signing || is_unsigned => Ok(Medium::Electronic),
        None => Ok(Medium::Draft),
    }
}

/// Reads the data of a form; every wrong field is named at once.
pub(crate) fn read_document(
    form: FormName,
    data: &[u8],
    name: &Path,
    editions: &Editions,
) -> Result<model::Document, Failure> {
    model::Document::from_json(form, data).map_err(|error| match &error {
        model::Error::Invalid(problems) => {
            let message = format!(
                "{}: the data breaks the rules of the form in {} places",
                name.display(),
                problems.len()
            );
            let edition = names_of(form, data, editions);
            let described = |problem| described(problem, form, edition.as_deref());
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

/// The edition that names the fields of faulty data: its own, or else one that has the form.
fn names_of(form: FormName, data: &[u8], editions: &Editions) -> Option<Arc<Edition>> {
    let own: Option<serde_json::Value> = serde_json::from_slice(data).ok();
    let own = own.as_ref().and_then(|data| data.get("edition")?.as_str());
    own.map(str::to_owned)
        .into_iter()
        .chain(editions.ids())
        .filter_map(|id| editions.open(&id).ok()?)
        .find(|edition| edition.form_name(form.as_str()).is_some())
}

/// A problem with its place, and the name that the form gives to the field.
fn described(problem: &Problem, form: FormName, edition: Option<&Edition>) -> String {
    let name = edition.and_then(|edition| edition.field_name(form.as_str(), &problem.pointer));
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

impl From<MediumName> for Medium {
    fn from(medium: MediumName) -> Self {
        match medium {
            MediumName::Draft => Self::Draft,
            MediumName::Electronic => Self::Electronic,
            MediumName::Paper => Self::Paper,
        }
    }
}

impl LookArgs {
    fn fill(&self, language: Language, medium: Medium) -> FillOptions {
        let mut fill = FillOptions::new(language, medium);
        if self.verbatim {
            fill.wording = Wording::Verbatim;
        }
        if self.no_repeal_note {
            fill.repeal_note = RepealNote::Hidden;
        }
        fill
    }
}
