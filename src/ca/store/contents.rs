//! What stands in the folder: keys, certificates, state and seed.

use std::collections::BTreeSet;

use ring::rand::SystemRandom;

use crate::ca::Authority;
use crate::ca::Error;
use crate::ca::Randomness;
use crate::ca::authority::Memory;
use crate::ca::authority::Units;
use crate::ca::state::State;
use crate::ca::store::Store;
use crate::ca::unit::Unit;
use crate::keys::PrivateKey;
use crate::x509::Certificate;
use crate::x509::SerialNumber;

impl Store {
    pub(super) fn load(&self) -> Result<Authority, Error> {
        let randomness = self.randomness()?;
        let unit = |certificate, key| {
            let certificate = Certificate::from_pem(&self.folder.read(certificate)?)?;
            let key = PrivateKey::from_pem(&self.folder.read(key)?)?;
            Unit::new(certificate, key, &randomness)
        };
        let units = Units {
            root: unit(ROOT, ROOT_KEY)?,
            issuing: unit(ISSUING, ISSUING_KEY)?,
            responder: unit(RESPONDER, RESPONDER_KEY)?,
            time_stamping: unit(TIME_STAMPING, TIME_STAMPING_KEY)?,
        };
        let damaged = |source| Error::State {
            path: self.folder.path(STATE),
            source,
        };
        let state: State = serde_json::from_slice(&self.folder.read(STATE)?).map_err(damaged)?;
        let memory = Memory {
            base_url: state.base_url().map_err(damaged)?,
            issued: self.issued()?,
            register: state.register().map_err(damaged)?,
            list_number: state.list_number,
            complete_number: state.complete_number,
        };
        Ok(Authority::from_parts(units, memory, randomness))
    }

    fn randomness(&self) -> Result<Randomness, Error> {
        if !self.folder.exists(SEED) {
            return Ok(Randomness::System(SystemRandom::new()));
        }
        let file = self.folder.read(SEED)?;
        let numbers = serde_json::from_slice(&file);
        let (seed, draws) = numbers.map_err(|source| Error::State {
            path: self.folder.path(SEED),
            source,
        })?;
        Ok(Randomness::continued(seed, draws))
    }

    /// The seed, if there is one, and how often it was drawn from.
    pub(super) fn write_seed(&self, authority: &Authority) -> Result<(), Error> {
        let Randomness::Seeded(seed) = authority.randomness() else {
            return Ok(());
        };
        let text = format!("[{}, {}]\n", seed.number(), seed.draws());
        self.folder.write(SEED, text.as_bytes())
    }

    pub(super) fn write_units(&self, authority: &Authority) -> Result<(), Error> {
        let units = authority.units();
        for (unit, certificate, key) in [
            (&units.root, None, ROOT_KEY),
            (&units.issuing, Some(ISSUING), ISSUING_KEY),
            (&units.responder, Some(RESPONDER), RESPONDER_KEY),
            (&units.time_stamping, Some(TIME_STAMPING), TIME_STAMPING_KEY),
        ] {
            self.folder.write(key, unit.key.to_pem().as_bytes())?;
            if let Some(name) = certificate {
                self.folder
                    .write(name, unit.certificate.to_pem().as_bytes())?;
            }
        }
        Ok(())
    }

    pub(super) fn issued(&self) -> Result<BTreeSet<SerialNumber>, Error> {
        let names = self.folder.names(ISSUED)?;
        let serials = names.iter().filter_map(|name| name.strip_suffix(".pem"));
        Ok(serials.filter_map(|serial| serial.parse().ok()).collect())
    }
}

pub(super) fn issued_name(serial: &SerialNumber) -> String {
    format!("{ISSUED}/{serial}.pem")
}

pub(super) const CRL: &str = "crl";
pub(super) const ISSUED: &str = "issued";
const ISSUING: &str = "ca.pem";
pub(super) const ISSUING_KEY: &str = "private/ca.key";
const RESPONDER: &str = "responder.pem";
const RESPONDER_KEY: &str = "private/responder.key";
pub(super) const ROOT: &str = "root.pem";
pub(super) const ROOT_KEY: &str = "private/root.key";
pub(super) const SEED: &str = "private/seed";
pub(super) const STATE: &str = "state.json";
pub(super) const TIME_STAMPING: &str = "tsa.pem";
const TIME_STAMPING_KEY: &str = "private/tsa.key";
