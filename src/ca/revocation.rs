//! Revoked certificates, as an authority remembers them.

use std::collections::BTreeMap;

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

    fn entry(&self) -> Entry {
        Entry {
            serial: self.serial.clone(),
            at: self.at,
            reason: self.reason,
        }
    }
}

/// Everything that was revoked, and what of it has changed since the last complete list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Register {
    pub(super) revoked: Vec<Revocation>,
    /// Changes since the last complete list, each certificate once: what delta lists name. A
    /// certificate that is not revoked any more was released.
    pub(super) changed: Vec<Change>,
}

/// A certificate whose status is another one than in the last complete list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) serial: SerialNumber,
    pub(super) at: OffsetDateTime,
}

impl Register {
    pub(super) fn find(&self, serial: &SerialNumber) -> Option<&Revocation> {
        self.revoked.iter().find(|one| one.serial == *serial)
    }

    /// Notes a revocation; a hold may become a revocation for good.
    pub(super) fn revoke(&mut self, revocation: Revocation) -> Result<(), Error> {
        if revocation.reason == CrlReason::RemoveFromCrl {
            return Err(Error::NoReason(revocation.reason));
        }
        match self.find(&revocation.serial) {
            Some(earlier) if !earlier.is_hold() || revocation.is_hold() => {
                return Err(Error::AlreadyRevoked {
                    serial: revocation.serial,
                    at: earlier.at,
                });
            }
            _ => {}
        }
        self.note(&revocation.serial, revocation.at);
        self.revoked.retain(|one| one.serial != revocation.serial);
        self.revoked.push(revocation);
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
        self.revoked.retain(|one| one.serial != *serial);
        Ok(())
    }

    /// The entries of a complete list.
    pub(super) fn complete(&self) -> Vec<Entry> {
        self.revoked.iter().map(Revocation::entry).collect()
    }

    /// The entries of a delta list. One held and released since the complete list is named as
    /// well: a delta list in between may have had it (RFC 5280 §5.2.4).
    pub(super) fn delta(&self) -> Vec<Entry> {
        let revoked: BTreeMap<_, _> = self.revoked.iter().map(|one| (&one.serial, one)).collect();
        let entry = |change: &Change| {
            let released = || Entry {
                serial: change.serial.clone(),
                at: change.at,
                reason: CrlReason::RemoveFromCrl,
            };
            revoked
                .get(&change.serial)
                .map_or_else(released, |one| one.entry())
        };
        self.changed.iter().map(entry).collect()
    }

    fn note(&mut self, serial: &SerialNumber, at: OffsetDateTime) {
        self.changed.retain(|one| one.serial != *serial);
        self.changed.push(Change {
            serial: serial.clone(),
            at,
        });
    }
}
