//! What a person does wrong who edits an edition is told with the file and the line to look at, all of it
//! and nothing else: the table is `breakages.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;

use ruqsat::form;
use ruqsat::form::Edition;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    breakage: Vec<Breakage>,
}

/// One thing that is changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Breakage {
    what: String,
    file: String,
    /// The first such words are replaced; without them the file is new, or goes.
    old: Option<String>,
    new: Option<String>,
    /// All that the check says.
    told: Vec<String>,
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let table: Table = toml::from_str(include_str!("breakages.toml")).unwrap();
    let sound = edition();
    assert!(told(&sound).is_empty(), "{:?}", told(&sound));
    let judge = |breakage: &Breakage| {
        let found = told(&breakage.applied(&sound));
        let lines = found.iter().map(|line| format!("  '''{line}''',\n"));
        let lines: String = lines.collect();
        (found != breakage.told).then(|| format!("{}\ntold = [\n{lines}]\n", breakage.what))
    };
    let (first, second) = table.breakage.split_at(table.breakage.len() / 2);
    let wrong: Vec<_> = thread::scope(|scope| {
        let other = scope.spawn(|| second.iter().filter_map(judge).collect::<Vec<_>>());
        let mut wrong: Vec<_> = first.iter().filter_map(judge).collect();
        wrong.extend(other.join().unwrap());
        wrong
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(table.breakage.len() > 70, "{}", table.breakage.len());
}

/// Every breakage that leaves the others in their places, at once.
#[test]
fn the_faults_of_a_folder_are_told_at_once() {
    let table: Table = toml::from_str(include_str!("breakages.toml")).unwrap();
    let wanted = [
        "an element misspelt",
        "a field misspelt",
        "a cell too few in a row",
        "a comparison with a word that never comes",
        "a role that is none",
        "a source that is none",
    ];
    let mut files = edition();
    let mut expected = Vec::new();
    let chosen = table.breakage.iter();
    for breakage in
        chosen.filter(|breakage| wanted.iter().any(|name| breakage.what.ends_with(name)))
    {
        files = breakage.applied(&files);
        expected.extend(breakage.told.iter().cloned());
    }
    expected.sort();
    assert!(expected.len() > wanted.len());
    let mut found = told(&files);
    found.sort();
    assert_eq!(found, expected);
}

impl Breakage {
    fn applied(&self, sound: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut files = sound.clone();
        match (&self.old, &self.new) {
            (Some(old), new) => {
                let text = files.get_mut(&self.file).unwrap();
                assert!(text.contains(old), "{}: {old}", self.what);
                *text = text.replacen(old, new.as_deref().unwrap_or_default(), 1);
            }
            (None, Some(new)) => {
                files.insert(self.file.clone(), new.clone());
            }
            (None, None) => {
                files.remove(&self.file).unwrap();
            }
        }
        files
    }
}

pub(crate) fn told(files: &BTreeMap<String, String>) -> Vec<String> {
    let faults = form::check(files, &[]).faults;
    faults.iter().map(ToString::to_string).collect()
}

/// The folder of an edition, copied as the README says.
pub(crate) fn edition() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/zhambyl-2014");
    let known = Edition::builtin("zhambyl-2014").unwrap();
    let file = |name: &str| {
        (
            name.to_owned(),
            fs::read_to_string(folder.join(name)).unwrap(),
        )
    };
    let mut files: BTreeMap<_, _> = known.files().map(file).collect();
    let settings = files.get_mut("form.toml").unwrap();
    for (old, new) in [
        ("id = \"zhambyl-2014\"", "id = \"zhambyl-2027\""),
        ("from = \"2014-10-07\"", "from = \"2027-01-01\""),
        ("to = \"2015-08-06\"", "to = \"2037-01-01\""),
    ] {
        assert!(settings.contains(old));
        *settings = settings.replacen(old, new, 1);
    }
    files
}
