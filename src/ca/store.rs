//! The authority in a folder, safe against crashes and against a second process.
//!
//! ```text
//! DIR/root.pem  DIR/ca.pem             the certificates
//! DIR/crl/root.crl  DIR/crl/ca.crl     the complete revocation lists, DER
//! DIR/crl/NAME-delta.crl               what has changed since; gone when a complete list follows
//! DIR/issued/SERIAL.pem                every certificate issued, so that no serial number repeats
//! DIR/state.json                       what was revoked and released, and the numbers of the lists
//! DIR/private/root.key, ca.key         the keys, readable by their owner only
//! ```
//!
//! Every file appears by write and rename. `state.json` is the truth: a revocation is done when it
//! is there, and lists that a crash left behind are written by the next command.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this module is the folder; everything else of the authority lives in memory"
)]

use std::collections::BTreeSet;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use fd_lock::RwLock;
use ring::rand::SystemRandom;
use time::OffsetDateTime;

use crate::ca::Application;
use crate::ca::Authority;
use crate::ca::Error;
use crate::ca::Status;
use crate::ca::authority::Memory;
use crate::ca::authority::Unit;
use crate::ca::state::State;
use crate::keys::Identity;
use crate::keys::PrivateKey;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::SerialNumber;

/// The folder of an authority. Each call reads it anew and holds its lock until it is done.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// What [`Store::init`] does with an authority that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Leave it, and fail.
    Keep,
    /// Put a new one in its place; everything it issued becomes worthless.
    Replace,
}

/// How a change becomes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Complete lists; earlier delta lists are removed.
    Complete,
    /// Delta lists beside the complete ones.
    Delta,
}

impl Store {
    /// Makes a new authority in a folder, which is created if need be, with an empty revocation list
    /// of root and issuing authority.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`], or when the folder cannot be written.
    pub fn init(
        folder: &Path,
        existing: Existing,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<Self, Error> {
        let store = Self {
            folder: folder.to_owned(),
        };
        for inner in ["", CRL, ISSUED] {
            let path = store.folder.join(inner);
            fs::create_dir_all(&path).map_err(at(&path))?;
        }
        store.create_private_folder()?;
        store.locked(|| {
            // The root is written last: without it there is no authority.
            if store.path(ROOT).exists() {
                if existing == Existing::Keep {
                    return Err(Error::Exists {
                        path: store.folder.clone(),
                    });
                }
                store.remove(ROOT)?;
                for serial in store.issued()? {
                    store.remove(&issued_name(&serial))?;
                }
            }
            let mut authority = Authority::create(rng, now)?;
            let [root, issuing] = authority.units();
            store.write(ROOT_KEY, root.key.to_pem().as_bytes())?;
            store.write(ISSUING_KEY, issuing.key.to_pem().as_bytes())?;
            store.write(ISSUING, issuing.certificate.to_pem().as_bytes())?;
            store.write_lists(&mut authority, ListKind::Complete, now, rng)?;
            store.write(ROOT, authority.root().to_pem().as_bytes())
        })?;
        Ok(store)
    }

    /// Takes a folder that an authority was made in. Its content is read by each call.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when there is no authority in it.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let store = Self {
            folder: folder.to_owned(),
        };
        let root = store.path(ROOT);
        fs::metadata(&root).map_err(at(&root))?;
        Ok(store)
    }

    /// The authority as it stands in the folder now; changes to it are not written back.
    ///
    /// # Errors
    ///
    /// When a file is missing or damaged.
    pub fn authority(&self) -> Result<Authority, Error> {
        self.locked(|| self.load())
    }

    /// Issues a certificate for a new P-256 key and notes it.
    ///
    /// # Errors
    ///
    /// As [`Authority::issue`], and when the folder cannot be read or written.
    pub fn issue(
        &self,
        application: impl Into<Application>,
        rng: &SystemRandom,
    ) -> Result<Identity, Error> {
        self.issue_for(PrivateKey::generate_p256(rng)?, application, rng)
    }

    /// Issues a certificate for a key that exists already and notes it.
    ///
    /// # Errors
    ///
    /// As [`Authority::issue_for`], and when the folder cannot be read or written.
    pub fn issue_for(
        &self,
        key: PrivateKey,
        application: impl Into<Application>,
        rng: &SystemRandom,
    ) -> Result<Identity, Error> {
        self.locked(|| {
            let mut authority = self.load()?;
            let identity = authority.issue_for(key, application, rng)?;
            let leaf = identity.leaf();
            self.write(&issued_name(leaf.serial()), leaf.to_pem().as_bytes())?;
            Ok(identity)
        })
    }

    /// Revokes or suspends a certificate at the time `at` and writes new lists, dated `now`.
    ///
    /// # Errors
    ///
    /// As [`Authority::revoke`], and when the folder cannot be read or written.
    pub fn revoke(
        &self,
        serial: &SerialNumber,
        reason: CrlReason,
        at: OffsetDateTime,
        lists: ListKind,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<(), Error> {
        let change = |authority: &mut Authority| authority.revoke(serial, reason, at);
        self.change(change, lists, now, rng)
    }

    /// Ends the suspension of a certificate at the time `at` and writes new lists, dated `now`.
    ///
    /// # Errors
    ///
    /// As [`Authority::release`], and when the folder cannot be read or written.
    pub fn release(
        &self,
        serial: &SerialNumber,
        at: OffsetDateTime,
        lists: ListKind,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<(), Error> {
        let change = |authority: &mut Authority| authority.release(serial, at);
        self.change(change, lists, now, rng)
    }

    /// Writes lists with the next number, dated `now`, and returns the number.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written.
    pub fn renew_lists(
        &self,
        lists: ListKind,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<u64, Error> {
        self.locked(|| {
            let mut authority = self.load_finished(now, rng)?;
            self.write_lists(&mut authority, lists, now, rng)?;
            Ok(authority.memory().list_number)
        })
    }

    /// Every certificate issued, oldest first, with its status at `now`.
    ///
    /// # Errors
    ///
    /// When a file is missing or damaged.
    pub fn certificates(&self, now: OffsetDateTime) -> Result<Vec<(Certificate, Status)>, Error> {
        self.locked(|| {
            let authority = self.load()?;
            let mut certificates = Vec::new();
            for serial in &authority.memory().issued {
                certificates.push(self.with_status(&authority, serial, now)?);
            }
            certificates.sort_by_key(|(certificate, _)| certificate.not_before());
            Ok(certificates)
        })
    }

    /// One certificate with its status at `now`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSerial`], and when a file is missing or damaged.
    pub fn certificate(
        &self,
        serial: &SerialNumber,
        now: OffsetDateTime,
    ) -> Result<(Certificate, Status), Error> {
        self.locked(|| self.with_status(&self.load()?, serial, now))
    }

    fn with_status(
        &self,
        authority: &Authority,
        serial: &SerialNumber,
        now: OffsetDateTime,
    ) -> Result<(Certificate, Status), Error> {
        let revocation = authority.revocation(serial)?;
        let issuing = authority.issuing();
        let certificate = if issuing.serial() == serial {
            issuing.clone()
        } else {
            Certificate::from_pem(&self.read(&issued_name(serial))?)?
        };
        let status = Status::of(&certificate, revocation, now);
        Ok((certificate, status))
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Authority) -> Result<(), Error>,
        lists: ListKind,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<(), Error> {
        self.locked(|| {
            let mut authority = self.load_finished(now, rng)?;
            change(&mut authority)?;
            self.write_lists(&mut authority, lists, now, rng)
        })
    }

    /// Does something while no other process works on the folder. The system drops the lock when
    /// its process ends, however it ends.
    fn locked<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let path = self.path(LOCK);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let mut lock = RwLock::new(file.map_err(at(&path))?);
        let _guard = lock.write().map_err(at(&path))?;
        work()
    }

    fn load(&self) -> Result<Authority, Error> {
        let unit = |certificate, key| {
            Ok::<_, Error>(Unit {
                certificate: Certificate::from_pem(&self.read(certificate)?)?,
                key: PrivateKey::from_pem(&self.read(key)?)?,
            })
        };
        let damaged = |source| Error::State {
            path: self.path(STATE),
            source,
        };
        let state: State = serde_json::from_slice(&self.read(STATE)?).map_err(damaged)?;
        let memory = Memory {
            issued: self.issued()?,
            register: state.register().map_err(damaged)?,
            list_number: state.list_number,
            // Before there were delta lists, every list was a complete one.
            complete_number: state.complete_number.unwrap_or(state.list_number),
        };
        Ok(Authority::from_parts(
            unit(ROOT, ROOT_KEY)?,
            unit(ISSUING, ISSUING_KEY)?,
            memory,
        ))
    }

    /// The authority, its lists as its state says: what a crash left undone is done first.
    fn load_finished(&self, now: OffsetDateTime, rng: &SystemRandom) -> Result<Authority, Error> {
        let mut authority = self.load()?;
        if self.lists_are_behind(&authority) {
            self.write_lists(&mut authority, ListKind::Complete, now, rng)?;
        }
        Ok(authority)
    }

    /// First the state, then the lists that follow from it.
    fn write_lists(
        &self,
        authority: &mut Authority,
        kind: ListKind,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<(), Error> {
        let (lists, names) = match kind {
            ListKind::Complete => (authority.revocation_lists(now, rng)?, COMPLETE_LISTS),
            ListKind::Delta => (authority.delta_lists(now, rng)?, DELTA_LISTS),
        };
        let unwritten = |source| Error::State {
            path: self.path(STATE),
            source,
        };
        let state = State::of(authority.memory()).map_err(unwritten)?;
        let mut text = serde_json::to_vec_pretty(&state).map_err(unwritten)?;
        text.push(b'\n');
        self.write(STATE, &text)?;
        let [root, issuing] = names;
        self.write(root, &lists.root)?;
        self.write(issuing, &lists.issuing)?;
        if kind == ListKind::Complete {
            for name in DELTA_LISTS {
                if self.path(name).exists() {
                    self.remove(name)?;
                }
            }
        }
        Ok(())
    }

    fn lists_are_behind(&self, authority: &Authority) -> bool {
        let memory = authority.memory();
        let has_delta = memory.list_number > memory.complete_number;
        let complete_is_behind = COMPLETE_LISTS
            .into_iter()
            .any(|name| !self.list_has_number(name, memory.complete_number));
        complete_is_behind
            || DELTA_LISTS.into_iter().any(|name| match has_delta {
                true => !self.list_has_number(name, memory.list_number),
                false => self.path(name).exists(),
            })
    }

    fn list_has_number(&self, name: &str, number: u64) -> bool {
        let list = self
            .read(name)
            .ok()
            .and_then(|der| CertificateList::from_der(&der).ok());
        let found = list
            .as_ref()
            .and_then(CertificateList::crl_number)
            .unwrap_or_default();
        let number = number.to_be_bytes();
        let without_zeros = |octets: &[u8]| -> Vec<u8> {
            let octets = octets.iter().copied();
            octets.skip_while(|octet| *octet == 0).collect()
        };
        without_zeros(found) == without_zeros(&number)
    }

    fn issued(&self) -> Result<BTreeSet<SerialNumber>, Error> {
        let folder = self.path(ISSUED);
        let mut serials = BTreeSet::new();
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let name = entry.map_err(at(&folder))?.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(".pem"));
            serials.extend(name.and_then(|serial| serial.parse::<SerialNumber>().ok()));
        }
        Ok(serials)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        let path = self.path(name);
        fs::read(&path).map_err(at(&path))
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.path(name);
        fs::remove_file(&path).map_err(at(&path))
    }

    /// Writes a file beside its place, makes it durable and moves it there.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.path(name);
        // One name a folder: what a crash leaves there, the next writing takes.
        let beside = path.with_file_name(".new");
        let write = || {
            let mut file = open_new(&beside)?;
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&beside, &path)?;
            sync_folder(&path)
        };
        write().map_err(at(&path))
    }

    fn create_private_folder(&self) -> Result<(), Error> {
        let path = self.path(PRIVATE);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(at(&path))
    }
}

fn issued_name(serial: &SerialNumber) -> String {
    format!("{ISSUED}/{serial}.pem")
}

fn at(path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io {
        path: path.clone(),
        source,
    }
}

/// A new or emptied file that only its owner may read: the certificates lose nothing by it.
fn open_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    if path
        .parent()
        .is_some_and(|folder| folder.ends_with(PRIVATE))
    {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)
}

/// Makes the renaming itself durable; elsewhere than on Unix a folder cannot be opened.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Those of the root first, as everywhere.
const COMPLETE_LISTS: [&str; 2] = ["crl/root.crl", "crl/ca.crl"];
const CRL: &str = "crl";
const DELTA_LISTS: [&str; 2] = ["crl/root-delta.crl", "crl/ca-delta.crl"];
const ISSUED: &str = "issued";
const ISSUING: &str = "ca.pem";
const ISSUING_KEY: &str = "private/ca.key";
const LOCK: &str = "private/lock";
const PRIVATE: &str = "private";
const ROOT: &str = "root.pem";
const ROOT_KEY: &str = "private/root.key";
const STATE: &str = "state.json";

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
