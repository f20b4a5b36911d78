//! `ruqsat verify`

use ruqsat::crypto::Provider;
use ruqsat::document::QrText;
use ruqsat::pdf;
use ruqsat::report;
use ruqsat::report::Catalogue;
use ruqsat::report::Language;
use ruqsat::verify::Error;
use ruqsat::verify::Evidence;
use ruqsat::verify::Policy;
use ruqsat::verify::Reason;
use ruqsat::verify::ReasonCode;
use ruqsat::verify::Report;
use ruqsat::verify::Status;
use ruqsat::verify::verify;

use crate::args::ReportLanguage;
use crate::args::VerifyArgs;
use crate::editions::Editions;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::files;
use crate::material::Material;

/// Verifies one file and prints the verdict, which is the output.
pub(crate) fn run(args: &VerifyArgs) -> Result<Exit, Failure> {
    if args.trust.is_empty() {
        return Err(Failure::usage("NO_TRUST", "no trusted root certificate was named").hint(
            "name one with --trust root.pem, or the folder of a TEST authority with --trust DIR",
        ));
    }
    let code = args.qr.as_deref().map(code).transpose()?;
    let mut material = Material::trusted(&args.trust)?;
    material.add_lists(&args.crl)?;
    let trust = material.trust_store();
    if trust.anchors().is_empty() {
        return Err(Failure::usage(
            "TRUST_EMPTY",
            "none of the certificates after --trust is a root: all were issued by another",
        )
        .hint("name the self-signed certificate at the end of the chain"));
    }
    let evidence = Evidence {
        trust,
        lists: material.lists,
    };
    let mut policy = Policy::new(&Provider);
    if let Some(templates) = &args.templates {
        policy.signer_roles = Editions::new(Some(templates))?.signer_roles()?;
    }
    let at = args.at.unwrap_or_else(crate::now);
    let name = args.file.to_string_lossy();
    let catalogue = Catalogue::builtin();
    let language = args.lang.into();
    let file = files::read(&args.file).inspect_err(|failure| {
        if args.json {
            print_error(&name, 0, failure);
        }
    })?;
    match verify(&file, &evidence, &policy, at) {
        Ok(mut report) => {
            if let Some(code) = &code {
                report.hold_against(code);
            }
            if args.json {
                let chosen = args.at.is_some();
                let value = report::json(&report, &name, chosen, &catalogue, language);
                files::print_line(&value.to_string());
            } else {
                let text = report::text(&report, &name, &catalogue, language);
                files::print_line(text.trim_end());
            }
            Ok(exit(&report))
        }
        Err(error) => {
            let failure = unreadable(&error, &name);
            if args.json {
                print_error(&name, file.len(), &failure);
            } else {
                files::tell(catalogue.error_heading(language));
            }
            Err(failure)
        }
    }
}

fn print_error(name: &str, size: usize, failure: &Failure) {
    let hint = failure.hint.as_deref();
    let value = report::json_error(name, size, failure.code, &failure.message, hint);
    files::print_line(&value.to_string());
}

/// The text of a QR code.
fn code(text: &str) -> Result<QrText, Failure> {
    text.trim().parse().map_err(|error| {
        Failure::usage("NOT_A_CODE", format!("the text after --qr: {error}"))
            .hint("give the whole text that the reader of QR codes shows, in quotes")
    })
}

fn exit(report: &Report) -> Exit {
    // A file that the code on a print does not belong to is worse than one without a signature.
    let is_another = |reason: &Reason| reason.code == ReasonCode::DataMismatch;
    if report.is_unsigned() && !report.reasons.iter().any(is_another) {
        return Exit::NotSigned;
    }
    match report.status() {
        Status::Valid => Exit::Success,
        Status::Invalid => Exit::NotValid,
        Status::Indeterminate => Exit::Undetermined,
    }
}

fn unreadable(error: &Error, name: &str) -> Failure {
    let failure = Failure::new(Exit::Unreadable, "FILE_DAMAGED", format!("{name}: {error}"));
    match error {
        Error::Unreadable(pdf::Error::Encrypted) => {
            failure.hint("ask for the file without password protection")
        }
        _ => failure.hint(
            "download the file again; do not re-save it in an editor and do not \"print to PDF\"",
        ),
    }
}

impl From<ReportLanguage> for Language {
    fn from(language: ReportLanguage) -> Self {
        match language {
            ReportLanguage::Kk => Self::Kk,
            ReportLanguage::Ru => Self::Ru,
            ReportLanguage::En => Self::En,
        }
    }
}
