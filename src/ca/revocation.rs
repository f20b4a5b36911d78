//! Revoked certificates, as an authority remembers them.

use std::collections::BTreeMap;
use std::collections::HashMap;

use time::OffsetDateTime;

use crate::ca::Error;
use crate::ca::certificate_list::Entry;
use crate::x509::CrlReason;
use crate::x509::SerialNumber;

/// A revoked certificate, as the next list will name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Its serial number.
    pub serial: SerialNumber,
    /// When it was revoked, in whole seconds.
    pub at: OffsetDateTime,
    /// Why.
    pub reason: CrlReason,
}

impl Revocation {
    /// Whether the certificate is suspended only, and may be released.
    pub fn is_hold(&self) -> bool {
        self.reason == CrlReason::CertificateHold
    }

    fn entry(&self) -> Entry<'_> {
        Entry {
            serial: &self.serial,
            at: self.at,
            reason: self.reason,
        }
    }
}

/// Everything that was revoked, and what of it has changed since the last complete list.
#[derive(Clone, Debug, Default)]
pub(super) struct Register {
    revoked: Latest<Revocation>,
    changed: Latest<Change>,
}

/// A certificate whose status is another one than in the last complete list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) serial: SerialNumber,
    pub(super) at: OffsetDateTime,
}

impl Register {
    /// The register of these, oldest first. A changed certificate that is not revoked was released.
    pub(super) fn new(
        revoked: impl IntoIterator<Item = Revocation>,
        changed: impl IntoIterator<Item = Change>,
    ) -> Self {
        let mut register = Self::default();
        for revocation in revoked {
            register.revoked.note(revocation.serial.clone(), revocation);
        }
        for change in changed {
            register.changed.note(change.serial.clone(), change);
        }
        register
    }

    /// In the order of revocation.
    pub(super) fn revoked(&self) -> impl Iterator<Item = &Revocation> {
        self.revoked.all.values()
    }

    /// Changes since the last complete list, each certificate once: what delta lists name.
    pub(super) fn changed(&self) -> impl Iterator<Item = &Change> {
        self.changed.all.values()
    }

    pub(super) fn find(&self, serial: &SerialNumber) -> Option<&Revocation> {
        self.revoked.find(serial)
    }

    /// Notes a revocation; a hold may become a revocation for good.
    pub(super) fn revoke(&mut self, revocation: Revocation) -> Result<(), Error> {
        if revocation.reason == CrlReason::RemoveFromCrl {
            return Err(Error::NoReason(revocation.reason));
        }
        let Revocation { serial, at, .. } = revocation.clone();
        match self.find(&serial) {
            Some(earlier) if !earlier.is_hold() => {
                let at = earlier.at;
                return Err(Error::AlreadyRevoked { serial, at });
            }
            Some(earlier) if revocation.is_hold() => {
                let at = earlier.at;
                return Err(Error::AlreadyHeld { serial, at });
            }
            _ => {}
        }
        self.note(&serial, at);
        self.revoked.note(serial, revocation);
        Ok(())
    }

    /// Ends a hold.
    pub(super) fn release(
        &mut self,
        serial: &SerialNumber,
        at: OffsetDateTime,
    ) -> Result<(), Error> {
        if !self.find(serial).is_some_and(Revocation::is_hold) {
            return Err(Error::NotHeld(serial.clone()));
        }
        self.note(serial, at);
        self.revoked.forget(serial);
        Ok(())
    }

    /// The entries of a complete list.
    pub(super) fn complete(&self) -> Vec<Entry<'_>> {
        self.revoked().map(Revocation::entry).collect()
    }

    /// The entries of a delta list. One held and released since the complete list is named as
    /// well: a delta list in between may have had it (RFC 5280 §5.2.4).
    pub(super) fn delta(&self) -> Vec<Entry<'_>> {
        let changed = self.changed();
        changed.map(|change| self.changed_entry(change)).collect()
    }

    fn changed_entry<'a>(&'a self, change: &'a Change) -> Entry<'a> {
        let revocation = self.find(&change.serial).map(Revocation::entry);
        revocation.unwrap_or(Entry {
            serial: &change.serial,
            at: change.at,
            reason: CrlReason::RemoveFromCrl,
        })
    }

    /// A complete list says all this now.
    pub(super) fn settle(&mut self) {
        self.changed = Latest::default();
    }

    fn note(&mut self, serial: &SerialNumber, at: OffsetDateTime) {
        let change = Change {
            serial: serial.clone(),
            at,
        };
        self.changed.note(serial.clone(), change);
    }
}

/// What was noted last about each certificate, in the order of noting.
#[derive(Clone, Debug)]
struct Latest<T> {
    all: BTreeMap<u64, T>,
    places: HashMap<SerialNumber, u64>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            places: HashMap::new(),
        }
    }
}

impl<T> Latest<T> {
    fn find(&self, serial: &SerialNumber) -> Option<&T> {
        self.all.get(self.places.get(serial)?)
    }

    fn note(&mut self, serial: SerialNumber, value: T) {
        let last = self.all.last_key_value();
        let place = last.map_or(0, |(place, _)| place + 1);
        if let Some(earlier) = self.places.insert(serial, place) {
            self.all.remove(&earlier);
        }
        self.all.insert(place, value);
    }

    fn forget(&mut self, serial: &SerialNumber) {
        if let Some(place) = self.places.remove(serial) {
            self.all.remove(&place);
        }
    }
}
