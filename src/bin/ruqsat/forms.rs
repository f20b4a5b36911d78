//! `ruqsat forms`

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use ruqsat::document;
use ruqsat::document::RenderOptions;
use ruqsat::form;
use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::form::Provenance;
use ruqsat::form::Sample;
use ruqsat::form::Wording;
use serde_json::Value;
use time::macros::datetime;

use crate::args::FormsPreviewArgs;
use crate::editions;
use crate::editions::Editions;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;

/// Which editions and forms there are.
pub(crate) fn list(templates: Option<&Path>) -> Result<Exit, Failure> {
    let editions = Editions::new(templates)?;
    for id in editions.ids() {
        let Some(edition) = editions.open(&id)? else {
            continue;
        };
        let (from, to) = edition.period();
        let name = edition.name();
        files::print_line(&format!("{id}  {from} to {to}"));
        files::print_line(&format!("  {}\n  {}", name.kk, name.ru));
        for form in edition.forms() {
            if let Some(name) = edition.form_name(form) {
                files::print_line(&format!("    {form:<22} {} / {}", name.kk, name.ru));
            }
        }
    }
    Ok(Exit::Success)
}

/// Tells all that is wrong with an edition, one fault a line, then what is not official.
pub(crate) fn check(dir: &Path) -> Result<Exit, Failure> {
    let files = editions::files(dir)?;
    // Faults of form.toml are told below; with them there are no forms to fill.
    let edition = Edition::from_files(files.clone()).ok();
    let samples = match &edition {
        Some(edition) => samples(dir, edition, None)?,
        None => Vec::new(),
    };
    let findings = form::check(&files, &samples);
    let mut faults: Vec<String> = findings.faults.iter().map(ToString::to_string).collect();
    faults.extend(
        edition
            .iter()
            .filter_map(|edition| misnamed(dir, edition, &files)),
    );
    faults.extend(strange_samples(dir, edition.as_ref()));
    if let (true, Some(edition)) = (faults.is_empty(), &edition) {
        faults.extend(misfits(edition, &samples));
    }
    let place = |finding: &String| dir.join(finding).display().to_string();
    for fault in faults.iter().map(place) {
        files::print_line(&fault);
    }
    for finding in &findings.unofficial {
        files::print_line(&format!("not official: {}", place(&finding.to_string())));
    }
    for finding in &findings.unprinted {
        files::print_line(&format!("not printed: {}", place(&finding.to_string())));
    }
    files::print_line(&format!(
        "{}: {} wrong; {} of {} texts are not official; {} samples were filled in",
        dir.display(),
        faults.len(),
        findings.unofficial.len(),
        findings.sourced,
        samples.len()
    ));
    Ok(match faults.is_empty() {
        true => Exit::Success,
        false => Exit::NotValid,
    })
}

/// The folder has another name than the edition in it.
fn misnamed(dir: &Path, edition: &Edition, files: &BTreeMap<String, String>) -> Option<String> {
    let id = edition.id();
    let name = editions::name_of(dir).filter(|name| name != id)?;
    let mut lines = files.get("form.toml")?.lines();
    let line = lines.position(|line| line.trim_start().starts_with("id"));
    let line = line.map_or(1, |line| line + 1);
    Some(format!(
        "form.toml:{line}: id is {id:?}, and the folder's name is {name:?}: both are to be the same"
    ))
}

/// Samples that fill no form.
fn strange_samples(dir: &Path, edition: Option<&Edition>) -> Vec<String> {
    let Some(edition) = edition else {
        return Vec::new();
    };
    let strange = |path: &PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str())?;
        match form_of(stem, edition) {
            None => Some(format!(
                "samples/{stem}.json:1: the edition has no form of that name"
            )),
            Some(_) => None,
        }
    };
    sample_files(dir).iter().filter_map(strange).collect()
}

/// What shows only when a form is set on pages.
fn misfits(edition: &Edition, samples: &[Sample]) -> Vec<String> {
    let mut faults = Vec::new();
    for sample in samples {
        for language in [Language::KkRu, Language::Kk, Language::Ru] {
            let options = RenderOptions::new(language, Medium::Draft, MIDNIGHT);
            if let Err(error) = document::render(edition, sample, &options) {
                faults.push(format!("{}.hbs:1: {}", sample.form, with_causes(&error)));
            }
        }
    }
    faults.dedup();
    faults
}

/// Typesets a form with sample data.
pub(crate) fn preview(args: &FormsPreviewArgs) -> Result<Exit, Failure> {
    let output = Output::new(&args.output, Overwrite::forced(args.force))?;
    let edition = editions::read(&args.dir)?;
    let form = form(&edition, args.form.as_deref())?;
    let samples = match &args.data {
        Some(path) => vec![sample(form, &files::read(path)?, path)?],
        None => samples(&args.dir, &edition, Some(form))?,
    };
    let Some(sample) = samples.first() else {
        let message = format!("there is no sample for the form {form}");
        return Err(Failure::usage("NO_SAMPLE", message).hint(format!(
            "write samples/{form}.json, or name one with --data"
        )));
    };
    let mut fill = FillOptions::new(args.lang.into(), args.medium.into());
    if args.provenance {
        fill.provenance = Provenance::Printed;
    }
    if args.verbatim {
        fill.wording = Wording::Verbatim;
    }
    let options = RenderOptions {
        fill,
        qr_base: None,
        time: args.time.unwrap_or_else(crate::now),
    };
    let made = document::render(&edition, sample, &options).map_err(|error| {
        let message = format!("{}: {}", args.dir.display(), with_causes(&error));
        Failure::new(Exit::Refused, "EDITION_FAULTY", message)
            .hint("ruqsat forms check DIR tells all that is wrong with an edition")
    })?;
    output.write(&made.pdf, Secrecy::Public)?;
    files::tell(&format!(
        "{}: {} pages, a preview",
        args.output.display(),
        made.pages
    ));
    for notice in made.notices {
        files::tell(&format!("{notice}"));
    }
    Ok(Exit::Success)
}

/// The form that is named, the permit, or the first one.
fn form<'e>(edition: &'e Edition, named: Option<&str>) -> Result<&'e str, Failure> {
    let mut forms = edition.forms();
    let found = match named {
        Some(named) => forms.find(|form| *form == named),
        None => forms
            .find(|form| *form == "permit")
            .or_else(|| edition.forms().next()),
    };
    found.ok_or_else(|| {
        let forms: Vec<_> = edition.forms().collect();
        let named = named.unwrap_or_default();
        let message = format!("the edition {} has no form {named}", edition.id());
        Failure::usage("FORM_UNKNOWN", message).hint(format!("it has {}", forms.join(", ")))
    })
}

/// The samples of an edition, or of one form of it: those in its folder, or else those that the
/// program has for a form of that name.
fn samples(dir: &Path, edition: &Edition, form: Option<&str>) -> Result<Vec<Sample>, Failure> {
    let mut samples = Vec::new();
    for name in edition.forms() {
        if form.is_some_and(|form| form != name) {
            continue;
        }
        let own = own_samples(dir, name, edition)?;
        match own.is_empty() {
            true => samples.extend(brought_samples(name, edition)),
            false => samples.extend(own),
        }
    }
    Ok(samples)
}

/// `samples/FORM.json`, and `samples/FORM-*.json` where that is not the name of another form.
fn own_samples(dir: &Path, form: &str, edition: &Edition) -> Result<Vec<Sample>, Failure> {
    let is_of_form = |path: &PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        stem.is_some_and(|stem| form_of(stem, edition) == Some(form))
    };
    let mut paths = sample_files(dir);
    paths.retain(is_of_form);
    let samples = paths.iter();
    samples
        .map(|path| sample(form, &files::read(path)?, path))
        .collect()
}

/// The files of samples in an edition's folder.
fn sample_files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir.join("samples")) else {
        return Vec::new();
    };
    let is_sample = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.ends_with(".json") && !name.starts_with('.'))
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths.filter(is_sample).collect();
    paths.sort();
    paths
}

/// The longest name of a form that a file name begins with.
fn form_of<'e>(stem: &str, edition: &'e Edition) -> Option<&'e str> {
    let begins = |form: &&str| {
        stem.strip_prefix(*form)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    edition.forms().filter(begins).max_by_key(|form| form.len())
}

fn sample(form: &str, data: &[u8], path: &Path) -> Result<Sample, Failure> {
    let value = serde_json::from_slice(data).map_err(|error| {
        let message = format!("{}: {error}", path.display());
        Failure::new(Exit::Unreadable, "NOT_JSON", message)
    })?;
    Ok(Sample {
        form: form.to_owned(),
        value,
    })
}

/// Those of the edition of the same name, or else what others have that fits this one.
fn brought_samples(form: &str, edition: &Edition) -> Vec<Sample> {
    let sample = |data: &str| {
        let mut value: Value = serde_json::from_str(data).ok()?;
        if let Some(id) = value.get_mut("edition") {
            *id = edition.id().into();
        }
        Some(Sample {
            form: form.to_owned(),
            value,
        })
    };
    let samples_of = |id: &str| -> Vec<Sample> {
        let samples = Edition::builtin_samples(id, form);
        samples.filter_map(sample).collect()
    };
    let of_the_same = samples_of(edition.id());
    if !of_the_same.is_empty() {
        return of_the_same;
    }
    Edition::builtin_ids()
        .flat_map(samples_of)
        .filter(|sample| edition.has_values(form, &sample.value).is_ok())
        .collect()
}

/// The time of the documents that are made to see whether they can be.
const MIDNIGHT: time::OffsetDateTime = datetime!(2014-01-01 00:00 UTC);
