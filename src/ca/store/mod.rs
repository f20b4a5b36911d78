//! The authority in a folder, safe against crashes and against a second process.
//!
//! ```text
//! DIR/root.pem  ca.pem                 the certificates of root and issuing authority
//! DIR/responder.pem  tsa.pem           those of the OCSP responder and the time-stamping authority
//! DIR/crl/root.crl  DIR/crl/ca.crl     the complete revocation lists, DER
//! DIR/crl/NAME-delta.crl               what has changed since the complete list
//! DIR/issued/SERIAL.pem                every certificate issued, so that no serial number repeats
//! DIR/state.json                       what was revoked and released, and the numbers of the lists
//! DIR/private/NAME.key                 the keys, readable by their owner only
//! DIR/private/seed                     the seed of a reproducible authority, and its draws
//! ```
//!
//! Every file appears by write and rename. `state.json` is the truth: a revocation is done when it
//! is there, and lists that a crash left behind are written by the next command.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this module is the folder; everything else of the authority lives in memory"
)]

mod contents;
mod folder;
mod lists;

pub use lists::ListKind;

use std::fs;
use std::path::Path;

use time::OffsetDateTime;

use crate::ca::Application;
use crate::ca::Authority;
use crate::ca::Defect;
use crate::ca::DefectiveIdentity;
use crate::ca::Error;
use crate::ca::Founding;
use crate::ca::Randomness;
use crate::ca::Status;
use crate::ca::lists::Term;
use crate::ca::store::contents::CRL;
use crate::ca::store::contents::ISSUED;
use crate::ca::store::contents::ROOT;
use crate::ca::store::contents::SEED;
use crate::ca::store::contents::TIME_STAMPING;
use crate::ca::store::contents::issued_name;
use crate::ca::store::folder::Folder;
use crate::crypto::SubjectPublicKey;
use crate::keys::Identity;
use crate::keys::KeyAlgorithm;
use crate::keys::PrivateKey;
use crate::x509::Certificate;
use crate::x509::CrlReason;
use crate::x509::SerialNumber;

/// The folder of an authority. Each call reads it anew and holds its lock until it is done.
#[derive(Clone, Debug)]
pub struct Store {
    folder: Folder,
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
        founding: &Founding,
        randomness: Randomness,
    ) -> Result<Self, Error> {
        let store = Self {
            folder: Folder::new(folder),
        };
        store.folder.create(&["", CRL, ISSUED])?;
        store.folder.locked(|| {
            // The root is written last: without it there is no authority.
            if store.folder.exists(ROOT) {
                if existing == Existing::Keep {
                    return Err(Error::Exists {
                        path: folder.to_owned(),
                    });
                }
                store.folder.remove(ROOT)?;
            }
            for serial in store.issued()? {
                store.folder.remove(&issued_name(&serial))?;
            }
            store.folder.remove(SEED)?;
            let mut authority = Authority::create(founding, randomness)?;
            store.write_seed(&authority)?;
            store.write_units(&authority)?;
            let term = Term::of(founding.at, None)?;
            store.write_lists(&mut authority, ListKind::Complete, term)?;
            store
                .folder
                .write(ROOT, authority.root().to_pem().as_bytes())
        })?;
        Ok(store)
    }

    /// Takes a folder that an authority was made in. Its content is read by each call.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when there is no authority in it, [`Error::EarlierVersion`] when it has no
    /// responders.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let store = Self {
            folder: Folder::new(folder),
        };
        let root = store.folder.path(ROOT);
        fs::metadata(&root).map_err(folder::at(&root))?;
        match store.folder.exists(TIME_STAMPING) {
            true => Ok(store),
            false => Err(Error::EarlierVersion {
                path: folder.to_owned(),
            }),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.root_path()
    }

    /// The authority as it stands in the folder now; changes to it are not written back.
    ///
    /// # Errors
    ///
    /// When a file is missing or damaged.
    pub fn authority(&self) -> Result<Authority, Error> {
        self.folder.locked(|| self.load())
    }

    /// Issues a certificate for a new key of the authority's kind and notes it.
    ///
    /// # Errors
    ///
    /// As [`Authority::issue`], and when the folder cannot be read or written.
    pub fn issue(&self, application: impl Into<Application>) -> Result<Identity, Error> {
        self.note(|authority| authority.issue(application), Identity::leaf)
    }

    /// Issues a certificate for a new key of this kind and notes it.
    ///
    /// # Errors
    ///
    /// As [`Authority::issue_with`], and when the folder cannot be read or written.
    pub fn issue_with(
        &self,
        algorithm: KeyAlgorithm,
        application: impl Into<Application>,
    ) -> Result<Identity, Error> {
        self.note(
            |authority| authority.issue_with(algorithm, application),
            Identity::leaf,
        )
    }

    /// Issues a certificate with a defect and notes the right one.
    ///
    /// # Errors
    ///
    /// As [`Authority::issue_defective`], and when the folder cannot be read or written.
    pub fn issue_defective(
        &self,
        defect: Defect,
        algorithm: KeyAlgorithm,
        application: impl Into<Application>,
    ) -> Result<DefectiveIdentity, Error> {
        self.note(
            |authority| authority.issue_defective(defect, algorithm, application),
            |issued| &issued.right,
        )
    }

    /// A source of random octets for what is made of a certificate outside of the folder, such as
    /// the salts of a container: reproducible when the authority is.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written.
    pub fn fork_randomness(&self) -> Result<Randomness, Error> {
        self.folder.locked(|| {
            let authority = self.load()?;
            let fork = authority.randomness().fork()?;
            self.write_seed(&authority)?;
            Ok(fork)
        })
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
    ) -> Result<Identity, Error> {
        self.note(
            |authority| authority.issue_for(key, application),
            Identity::leaf,
        )
    }

    /// Issues a certificate for a public key and notes it.
    ///
    /// # Errors
    ///
    /// As [`Authority::certify`], and when the folder cannot be read or written.
    pub fn certify(
        &self,
        key: &SubjectPublicKey<'_>,
        application: impl Into<Application>,
    ) -> Result<Certificate, Error> {
        self.note(|authority| authority.certify(key, application), |leaf| leaf)
    }

    /// Issues something and notes its certificate; only what is noted leaves the authority.
    fn note<T>(
        &self,
        issue: impl FnOnce(&mut Authority) -> Result<T, Error>,
        certificate: impl Fn(&T) -> &Certificate,
    ) -> Result<T, Error> {
        self.folder.locked(|| {
            let mut authority = self.load()?;
            let issued = issue(&mut authority)?;
            // What was drawn from a seed is never drawn again, even if the next step is not reached.
            self.write_seed(&authority)?;
            let leaf = certificate(&issued);
            let name = issued_name(leaf.serial());
            self.folder.write(&name, leaf.to_pem().as_bytes())?;
            Ok(issued)
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
    ) -> Result<(), Error> {
        let change = |authority: &mut Authority| authority.revoke(serial, reason, at);
        self.change(change, lists, now)
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
    ) -> Result<(), Error> {
        let change = |authority: &mut Authority| authority.release(serial, at);
        self.change(change, lists, now)
    }

    /// Writes lists with the next number, dated `now` and promising the next ones for `next_update`
    /// or in a year, and returns the number.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyValidity`], and when the folder cannot be read or written.
    pub fn renew_lists(
        &self,
        lists: ListKind,
        now: OffsetDateTime,
        next_update: Option<OffsetDateTime>,
    ) -> Result<u64, Error> {
        let term = Term::of(now, next_update)?;
        self.folder.locked(|| {
            let mut authority = self.load_finished(now)?;
            self.write_lists(&mut authority, lists, term)?;
            Ok(authority.memory().list_number)
        })
    }

    /// Every certificate issued, oldest first, with its status at `now`; among them those of the
    /// issuing authority and the responders.
    ///
    /// # Errors
    ///
    /// When a file is missing or damaged.
    pub fn certificates(&self, now: OffsetDateTime) -> Result<Vec<(Certificate, Status)>, Error> {
        self.folder.locked(|| {
            let authority = self.load()?;
            let own = authority.units().issued_units();
            let own = own.map(|unit| unit.certificate.serial());
            let mut certificates = Vec::new();
            for serial in own.chain(&authority.memory().issued) {
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
        self.folder
            .locked(|| self.with_status(&self.load()?, serial, now))
    }

    fn with_status(
        &self,
        authority: &Authority,
        serial: &SerialNumber,
        now: OffsetDateTime,
    ) -> Result<(Certificate, Status), Error> {
        let revocation = authority.revocation(serial)?;
        let own = authority.units().issued_units();
        let mut own = own.map(|unit| &unit.certificate);
        let certificate = match own.find(|own| own.serial() == serial) {
            Some(own) => own.clone(),
            None => Certificate::from_pem(&self.folder.read(&issued_name(serial))?)?,
        };
        let status = Status::of(&certificate, revocation, now);
        Ok((certificate, status))
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Authority) -> Result<(), Error>,
        lists: ListKind,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        self.folder.locked(|| {
            let mut authority = self.load_finished(now)?;
            change(&mut authority)?;
            self.write_lists(&mut authority, lists, Term::of(now, None)?)
        })
    }
}

#[cfg(test)]
mod tests;
