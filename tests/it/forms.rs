//! The editions of the forms and their folders.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use ruqsat::form::Edition;

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
