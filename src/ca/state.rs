//! The file that says what an authority remembers.

use serde::Deserialize;
use serde::Serialize;
use serde::de;
use serde::ser;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ca::BaseUrl;
use crate::ca::Revocation;
use crate::ca::authority::Memory;
use crate::ca::revocation::Change;
use crate::ca::revocation::Register;

/// `state.json`: plain text, so that its owner can read it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    base_url: String,
    pub(super) list_number: u64,
    pub(super) complete_number: u64,
    revoked: Vec<RevokedCertificate>,
    /// What is another than in the complete lists; what is not revoked was released.
    changed: Vec<ChangedCertificate>,
}

impl State {
    pub(super) fn of(memory: &Memory) -> Result<Self, serde_json::Error> {
        let register = &memory.register;
        let revoked = register.revoked().map(RevokedCertificate::write);
        let changed = register.changed().map(ChangedCertificate::write);
        Ok(Self {
            base_url: memory.base_url.to_string(),
            list_number: memory.list_number,
            complete_number: memory.complete_number,
            revoked: revoked.collect::<Result<_, _>>()?,
            changed: changed.collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn base_url(&self) -> Result<BaseUrl, serde_json::Error> {
        self.base_url.parse().map_err(de::Error::custom)
    }

    pub(super) fn register(&self) -> Result<Register, serde_json::Error> {
        let revoked = self.revoked.iter().map(RevokedCertificate::read);
        let changed = self.changed.iter().map(ChangedCertificate::read);
        let revoked = revoked.collect::<Result<Vec<_>, _>>()?;
        let changed = changed.collect::<Result<Vec<_>, _>>()?;
        Ok(Register::new(revoked, changed))
    }
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
            at: write_time(revocation.at)?,
            reason: revocation.reason.to_string(),
        })
    }

    fn read(&self) -> Result<Revocation, serde_json::Error> {
        Ok(Revocation {
            serial: self.serial.parse().map_err(de::Error::custom)?,
            at: read_time(&self.at)?,
            reason: self.reason.parse().map_err(de::Error::custom)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangedCertificate {
    serial: String,
    at: String,
}

impl ChangedCertificate {
    fn write(change: &Change) -> Result<Self, serde_json::Error> {
        Ok(Self {
            serial: change.serial.to_string(),
            at: write_time(change.at)?,
        })
    }

    fn read(&self) -> Result<Change, serde_json::Error> {
        Ok(Change {
            serial: self.serial.parse().map_err(de::Error::custom)?,
            at: read_time(&self.at)?,
        })
    }
}

fn write_time(time: OffsetDateTime) -> Result<String, serde_json::Error> {
    time.format(&Rfc3339).map_err(ser::Error::custom)
}

fn read_time(text: &str) -> Result<OffsetDateTime, serde_json::Error> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(de::Error::custom)
}
