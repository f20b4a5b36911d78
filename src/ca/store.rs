//! The authority in a folder, safe against crashes and against a second process.
//!
//! ```text
//! DIR/root.pem  DIR/ca.pem             the certificates
//! DIR/crl/root.crl  DIR/crl/ca.crl     the revocation lists, DER
//! DIR/issued/SERIAL.pem                every certificate issued, so that no serial number repeats
//! DIR/state.json                       what was revoked, and the number of the lists
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
use serde::Deserialize;
use serde::Serialize;
use serde::de;
use serde::ser;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ca::Application;
use crate::ca::Authority;
use crate::ca::Error;
use crate::ca::Revocation;
use crate::ca::authority::Memory;
use crate::ca::authority::Unit;
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
            store.write_lists(&mut authority, now, rng)?;
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

    /// Revokes a certificate at the time `at` and writes new lists, dated `now`.
    ///
    /// # Errors
    ///
    /// As [`Authority::revoke`], and when the folder cannot be read or written.
    pub fn revoke(
        &self,
        serial: &SerialNumber,
        reason: CrlReason,
        at: OffsetDateTime,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<(), Error> {
        self.locked(|| {
            let mut authority = self.load()?;
            if self.lists_are_behind(&authority) {
                self.write_lists(&mut authority, now, rng)?;
            }
            authority.revoke(serial, reason, at)?;
            self.write_lists(&mut authority, now, rng)
        })
    }

    /// Writes the lists with the next number, dated `now`.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written.
    pub fn renew_lists(&self, now: OffsetDateTime, rng: &SystemRandom) -> Result<(), Error> {
        self.locked(|| self.write_lists(&mut self.load()?, now, rng))
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
        let revoked = state.revoked.iter().map(RevokedCertificate::read);
        let memory = Memory {
            issued: self.issued()?,
            revoked: revoked.collect::<Result<_, _>>().map_err(damaged)?,
            list_number: state.list_number,
        };
        Ok(Authority::from_parts(
            unit(ROOT, ROOT_KEY)?,
            unit(ISSUING, ISSUING_KEY)?,
            memory,
        ))
    }

    /// First the state, then the lists that follow from it.
    fn write_lists(
        &self,
        authority: &mut Authority,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<(), Error> {
        let lists = authority.revocation_lists(now, rng)?;
        let unwritten = |source| Error::State {
            path: self.path(STATE),
            source,
        };
        let revoked = authority.revoked().iter().map(RevokedCertificate::write);
        let revoked = revoked.collect::<Result<_, _>>().map_err(unwritten)?;
        let state = State {
            list_number: authority.list_number(),
            revoked,
        };
        let mut text = serde_json::to_vec_pretty(&state).map_err(unwritten)?;
        text.push(b'\n');
        self.write(STATE, &text)?;
        self.write(ROOT_LIST, &lists.root)?;
        self.write(ISSUING_LIST, &lists.issuing)
    }

    fn lists_are_behind(&self, authority: &Authority) -> bool {
        let number = authority.list_number().to_be_bytes();
        let number = number.iter().copied().skip_while(|octet| *octet == 0);
        [ROOT_LIST, ISSUING_LIST].into_iter().any(|name| {
            let list = self
                .read(name)
                .ok()
                .and_then(|der| CertificateList::from_der(&der).ok());
            let found = list
                .as_ref()
                .and_then(CertificateList::crl_number)
                .unwrap_or_default();
            !found
                .iter()
                .copied()
                .skip_while(|octet| *octet == 0)
                .eq(number.clone())
        })
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

/// `state.json`: plain text, so that its owner can read it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    list_number: u64,
    revoked: Vec<RevokedCertificate>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokedCertificate {
    serial: String,
    at: String,
    reason: String,
}

impl RevokedCertificate {
    fn write(revocation: &Revocation) -> Result<Self, serde_json::Error> {
        Ok(Self {
            serial: revocation.serial.to_string(),
            at: revocation.at.format(&Rfc3339).map_err(ser::Error::custom)?,
            reason: revocation.reason.to_string(),
        })
    }

    fn read(&self) -> Result<Revocation, serde_json::Error> {
        Ok(Revocation {
            serial: self.serial.parse().map_err(de::Error::custom)?,
            at: OffsetDateTime::parse(&self.at, &Rfc3339).map_err(de::Error::custom)?,
            reason: self.reason.parse().map_err(de::Error::custom)?,
        })
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

const CRL: &str = "crl";
const ISSUED: &str = "issued";
const ISSUING: &str = "ca.pem";
const ISSUING_KEY: &str = "private/ca.key";
const ISSUING_LIST: &str = "crl/ca.crl";
const LOCK: &str = "private/lock";
const PRIVATE: &str = "private";
const ROOT: &str = "root.pem";
const ROOT_KEY: &str = "private/root.key";
const ROOT_LIST: &str = "crl/root.crl";
const STATE: &str = "state.json";

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
