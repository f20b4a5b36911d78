//! The editions of the forms: those that the program brings with it, and those of a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use ruqsat::document::SignerRoles;
use ruqsat::form;
use ruqsat::form::Edition;

use crate::failure::Failure;
use crate::failure::with_causes;

/// Where editions come from, and those that were asked for so far: reading one costs as much as a
/// document.
#[derive(Debug, Default)]
pub(crate) struct Editions {
    /// Folders of `--templates` by their names; one hides the builtin edition of its name.
    folders: BTreeMap<String, PathBuf>,
    open: Mutex<BTreeMap<String, Arc<Edition>>>,
}

impl Editions {
    /// The builtin ones, and the folders in a folder.
    pub(crate) fn new(templates: Option<&Path>) -> Result<Self, Failure> {
        let Some(templates) = templates else {
            return Ok(Self::default());
        };
        let unreadable = |error| {
            Failure::usage(
                "TEMPLATES_UNREADABLE",
                format!("{} cannot be read: {error}", templates.display()),
            )
            .hint("--templates names a folder that holds a folder for each edition")
        };
        let mut folders = BTreeMap::new();
        for entry in fs::read_dir(templates).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.filter(|name| !name.starts_with('.'));
            if let Some(name) = name.filter(|_| path.join(FORM_TOML).is_file()) {
                folders.insert(name.to_owned(), path.clone());
            }
        }
        if folders.is_empty() {
            let message = format!("{} holds no edition", templates.display());
            let hint = match templates.join(FORM_TOML).is_file() {
                true => "this is an edition itself: name the folder above it",
                false => "an edition is a folder with a form.toml, below the one that is named",
            };
            return Err(Failure::usage("TEMPLATES_EMPTY", message).hint(hint));
        }
        Ok(Self {
            folders,
            open: Mutex::default(),
        })
    }

    /// The names of all of them, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        let builtin = Edition::builtin_ids().map(str::to_owned);
        let mut ids: Vec<_> = builtin.chain(self.folders.keys().cloned()).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// An edition by its name; none when there is none of that name.
    pub(crate) fn open(&self, id: &str) -> Result<Option<Arc<Edition>>, Failure> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(edition) = open.get(id) {
            return Ok(Some(Arc::clone(edition)));
        }
        let edition = match self.folders.get(id) {
            Some(folder) => read(folder)?,
            None => match Edition::builtin(id) {
                Ok(edition) => edition,
                Err(form::Error::UnknownEdition { .. }) => return Ok(None),
                Err(error) => return Err(faulty(Path::new(id), &error)),
            },
        };
        let edition = Arc::new(edition);
        open.insert(id.to_owned(), Arc::clone(&edition));
        Ok(Some(edition))
    }

    /// Who may sign the forms of all of them. A text that is wrong in a template does not make a
    /// signature wrong: what counts here is form.toml alone.
    pub(crate) fn signer_roles(&self) -> Result<SignerRoles, Failure> {
        let mut roles = SignerRoles::builtin();
        for folder in self.folders.values() {
            let edition = Edition::from_files(files(folder)?);
            let edition = edition.map_err(|error| faulty(folder, &error))?;
            has_its_name(folder, &edition)?;
            roles.add(&edition);
        }
        Ok(roles)
    }
}

/// The edition in a folder, when nothing is wrong with it: the engine would take a misspelt name in a
/// condition for false, and print less without a word.
pub(crate) fn read(folder: &Path) -> Result<Edition, Failure> {
    let files = files(folder)?;
    let findings = form::check(&files, &[]);
    if !findings.faults.is_empty() {
        let message = format!(
            "{}: the edition has faults in {} places",
            folder.display(),
            findings.faults.len()
        );
        let details = findings.faults.iter().map(ToString::to_string);
        return Err(Failure::usage("EDITION_FAULTY", message).details(details.collect()));
    }
    let edition = Edition::from_files(files).map_err(|error| faulty(folder, &error))?;
    has_its_name(folder, &edition)?;
    Ok(edition)
}

fn has_its_name(folder: &Path, edition: &Edition) -> Result<(), Failure> {
    if name_of(folder).is_none_or(|name| name == edition.id()) {
        return Ok(());
    }
    let message = format!(
        "{}: the folder has another name than its edition, {}",
        folder.display(),
        edition.id()
    );
    Err(Failure::usage("EDITION_NAME", message)
        .hint("id in form.toml is the name of the folder, and of the edition in the data"))
}

/// The name of a folder, that of `.` too. A link has its own name.
pub(crate) fn name_of(folder: &Path) -> Option<String> {
    let name = match folder.file_name() {
        Some(name) => name.to_owned(),
        None => folder.canonicalize().ok()?.file_name()?.to_owned(),
    };
    name.into_string().ok()
}

/// The files of an edition's folder with their names.
pub(crate) fn files(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut files = BTreeMap::new();
    let failed = |path: &Path, fact: &dyn std::fmt::Display| {
        Failure::usage(
            "TEMPLATES_UNREADABLE",
            format!("{} cannot be read: {fact}", path.display()),
        )
    };
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        // Editors and systems leave files of their own: .permit.hbs.swp, ._permit.hbs, form.toml~.
        if name.starts_with('.') || name != FORM_TOML && !name.ends_with(".hbs") {
            continue;
        }
        if !path.is_file() {
            return Err(failed(&path, &"it is no file"));
        }
        if files.len() == MOST_FILES {
            return Err(failed(folder, &format!("more than {MOST_FILES} files")));
        }
        let mut text = Vec::new();
        fs::File::open(&path)
            .and_then(|file| file.take(LONGEST_FILE + 1).read_to_end(&mut text))
            .map_err(|error| failed(&path, &error))?;
        if text.len() as u64 > LONGEST_FILE {
            return Err(failed(&path, &format!("more than {LONGEST_FILE} bytes")));
        }
        // What is not UTF-8 is told with its line by the check.
        let text = String::from_utf8_lossy(&text);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        files.insert(name.to_owned(), text.to_owned());
    }
    Ok(files)
}

fn faulty(folder: &Path, error: &form::Error) -> Failure {
    let message = format!("{}: {}", folder.display(), with_causes(error));
    Failure::usage("EDITION_FAULTY", message)
        .hint("ruqsat forms check DIR tells all that is wrong with an edition")
}

/// The file that makes a folder an edition.
const FORM_TOML: &str = "form.toml";
/// Files of an edition.
const MOST_FILES: usize = 500;
/// Bytes of a file of an edition.
const LONGEST_FILE: u64 = 1024 * 1024;
