//! The editions of the forms and their folders.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use ruqsat::form;
use ruqsat::form::Edition;
use ruqsat::form::Sample;

#[test]
fn the_program_brings_every_edition_with_it_whole() {
    let folders = folders();
    let names: BTreeSet<_> = folders.iter().map(|folder| name(folder)).collect();
    let known: BTreeSet<_> = Edition::builtin_ids().map(str::to_owned).collect();
    assert_eq!(known, names);
    for folder in folders {
        let edition = Edition::builtin(&name(&folder)).unwrap();
        assert_eq!(edition.id(), name(&folder));
        let on_disk: BTreeSet<_> = files(&folder).iter().map(|file| name(file)).collect();
        let known: BTreeSet<_> = edition.files().map(str::to_owned).collect();
        assert_eq!(known, on_disk, "src/form/builtin.rs lists the files");
    }
}

#[test]
fn the_editions_of_the_program_are_sound() {
    for id in Edition::builtin_ids() {
        let edition = Edition::builtin(id).unwrap();
        let samples: Vec<_> = edition.forms().flat_map(|form| samples(id, form)).collect();
        let filled: BTreeSet<_> = samples.iter().map(|sample| sample.form.as_str()).collect();
        let forms: BTreeSet<_> = edition.forms().collect();
        assert_eq!(filled, forms, "each form of {id} has a sample");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("templates")
            .join(id);
        let texts = files(&folder)
            .iter()
            .map(|file| (name(file), fs::read_to_string(file).unwrap()))
            .collect();
        let findings = form::check(&texts, &samples);
        let faults: Vec<_> = findings.faults.iter().map(ToString::to_string).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert!(findings.sourced > 300, "{}", findings.sourced);
    }
}

fn samples(id: &str, form: &str) -> Vec<Sample> {
    let samples = Edition::builtin_samples(id, form).map(|data| Sample {
        form: form.to_owned(),
        value: serde_json::from_str(data).unwrap(),
    });
    samples.collect()
}

fn folders() -> Vec<PathBuf> {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let entries = fs::read_dir(templates).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("form.toml").exists())
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
