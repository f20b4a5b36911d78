//! The authority in memory: a root, an issuing authority, and what it remembers.

use std::collections::BTreeSet;

use rcgen::Issuer;
use rcgen::PublicKeyData;
use ring::rand::SecureRandom;
use ring::rand::SystemRandom;
use time::OffsetDateTime;

use crate::ca::Application;
use crate::ca::Error;
use crate::ca::Revocation;
use crate::ca::certificate_list::Entry;
use crate::ca::certificate_list::ListContent;
use crate::ca::rcgen_key::AuthorityKey;
use crate::ca::rcgen_key::CertifiedKey;
use crate::ca::revocation::Register;
use crate::ca::specification;
use crate::crypto;
use crate::crypto::RingSigner;
use crate::crypto::SubjectPublicKey;
use crate::keys::Identity;
use crate::keys::PrivateKey;
use crate::x509::Certificate;
use crate::x509::CrlReason;
use crate::x509::SerialNumber;

/// A TEST authority: a self-signed root, and the issuing authority below it that certifies signers.
///
/// It lives in memory and reads neither clock nor files; [`store`](crate::ca::store) keeps one in a
/// folder.
///
/// ```
/// use ring::rand::SystemRandom;
/// use ruqsat::ca::Authority;
/// use time::macros::datetime;
///
/// let authority = Authority::create(&SystemRandom::new(), datetime!(2026-11-24 09:00 UTC))?;
/// assert!(authority.root().subject().to_string().contains("NOT FOR REAL DOCUMENTS"));
/// # Ok::<(), ruqsat::ca::Error>(())
/// ```
pub struct Authority {
    root: Unit,
    issuing: Unit,
    memory: Memory,
}

/// The revocation lists of an authority in DER, a year from their issue to their `nextUpdate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationLists {
    /// The root's list: it names the issuing authority if that is revoked.
    pub root: Vec<u8>,
    /// The issuing authority's list: it names revoked signers.
    pub issuing: Vec<u8>,
}

impl Authority {
    /// Makes the keys (P-256) and certificates of a new authority, valid ten years from `now`.
    ///
    /// # Errors
    ///
    /// When the random source fails.
    pub fn create(rng: &SystemRandom, now: OffsetDateTime) -> Result<Self, Error> {
        let root_key = PrivateKey::generate_p256(rng)?;
        let signer = AuthorityKey::new(root_key.signer(None, rng.clone())?)?;
        let params = specification::authority(specification::ROOT_NAME, &signer, now)?;
        let root = Certificate::from_der(params.self_signed(&signer)?.der())?;
        let issuer = Issuer::new(params, signer);

        let issuing_key = PrivateKey::generate_p256(rng)?;
        let signer = AuthorityKey::new(issuing_key.signer(None, rng.clone())?)?;
        let params = specification::authority(specification::ISSUING_NAME, &signer, now)?;
        let issuing = Certificate::from_der(params.signed_by(&signer, &issuer)?.der())?;

        Ok(Self::from_parts(
            Unit {
                certificate: root,
                key: root_key,
            },
            Unit {
                certificate: issuing,
                key: issuing_key,
            },
            Memory::default(),
        ))
    }

    pub(super) fn from_parts(root: Unit, issuing: Unit, memory: Memory) -> Self {
        Self {
            root,
            issuing,
            memory,
        }
    }

    /// The self-signed certificate to trust.
    pub fn root(&self) -> &Certificate {
        &self.root.certificate
    }

    /// The certificate of the issuing authority, signed by the root.
    pub fn issuing(&self) -> &Certificate {
        &self.issuing.certificate
    }

    /// What is revoked or on hold, in the order of revocation.
    pub fn revoked(&self) -> &[Revocation] {
        &self.memory.register.revoked
    }

    /// The revocation or hold of a certificate, `None` when it has neither.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSerial`] when this authority did not issue it.
    pub fn revocation(&self, serial: &SerialNumber) -> Result<Option<&Revocation>, Error> {
        self.check_known(serial)?;
        Ok(self.memory.register.find(serial))
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    pub(super) fn units(&self) -> [&Unit; 2] {
        [&self.root, &self.issuing]
    }

    /// Makes a new P-256 key and certifies it.
    ///
    /// # Errors
    ///
    /// As [`Authority::certify`].
    pub fn issue(
        &mut self,
        application: impl Into<Application>,
        rng: &SystemRandom,
    ) -> Result<Identity, Error> {
        self.issue_for(PrivateKey::generate_p256(rng)?, application, rng)
    }

    /// Certifies a key that exists already, such as an RSA key.
    ///
    /// # Errors
    ///
    /// As [`Authority::certify`], and when the key cannot be used.
    pub fn issue_for(
        &mut self,
        key: PrivateKey,
        application: impl Into<Application>,
        rng: &SystemRandom,
    ) -> Result<Identity, Error> {
        let public_key = AuthorityKey::new(key.signer(None, rng.clone())?)?;
        let leaf = self.sign(&public_key, &application.into(), rng)?;
        Ok(Identity::new(
            key,
            leaf,
            vec![self.issuing.certificate.clone()],
            rng,
        )?)
    }

    /// Certifies a public key as the national authority would: the profile of eds, the serial
    /// number of its generation (another one when that number was given before).
    ///
    /// # Errors
    ///
    /// [`Error::NoOrganisation`], [`Error::OrganisationNotAllowed`], [`Error::NoPerson`] and
    /// [`Error::PersonNotAllowed`] when the application does not fit its role; [`Error::Name`] when the
    /// system has none; [`Error::EmptyValidity`] when it is valid never.
    pub fn certify(
        &mut self,
        key: &SubjectPublicKey<'_>,
        application: impl Into<Application>,
        rng: &SystemRandom,
    ) -> Result<Certificate, Error> {
        self.sign(&CertifiedKey::new(key)?, &application.into(), rng)
    }

    fn sign(
        &mut self,
        key: &impl PublicKeyData,
        application: &Application,
        rng: &SystemRandom,
    ) -> Result<Certificate, Error> {
        let mut params = specification::leaf(application, key)?;
        let mut serial = match application.kind.is_legacy() {
            true => random_serial(rng)?,
            false => specification::serial(key),
        };
        while self.memory.issued.contains(&serial) {
            serial = random_serial(rng)?;
        }
        params.serial_number = Some(rcgen::SerialNumber::from_slice(serial.as_bytes()));
        let certificate = params.signed_by(key, &self.issuing.issuer(rng)?)?;
        let certificate = Certificate::from_der(certificate.der())?;
        self.memory.issued.insert(serial);
        Ok(certificate)
    }

    /// Notes a certificate as revoked, or as suspended with the reason `certificateHold`; the next
    /// lists name it. A suspended one may be revoked for good.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSerial`] when this authority did not issue it, [`Error::AlreadyRevoked`] when
    /// it was revoked or suspended before, [`Error::NoReason`] for `removeFromCRL`,
    /// [`Error::DateOutOfRange`] when no list can hold `at`.
    pub fn revoke(
        &mut self,
        serial: &SerialNumber,
        reason: CrlReason,
        at: OffsetDateTime,
    ) -> Result<(), Error> {
        self.check_known(serial)?;
        self.memory.register.revoke(Revocation {
            serial: serial.clone(),
            at: specification::dated(at)?,
            reason,
        })
    }

    /// Ends the suspension of a certificate; the next complete list leaves it out, and until then
    /// delta lists take it back (RFC 5280 §5.3.1, `removeFromCRL`).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSerial`], [`Error::NotHeld`], and [`Error::DateOutOfRange`].
    pub fn release(&mut self, serial: &SerialNumber, at: OffsetDateTime) -> Result<(), Error> {
        self.check_known(serial)?;
        let at = specification::dated(at)?;
        self.memory.register.release(serial, at)
    }

    /// The complete lists of both authorities with the next number.
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] when no list can hold `now`, or when signing fails.
    pub fn revocation_lists(
        &mut self,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<RevocationLists, Error> {
        let entries = self.memory.register.complete();
        let lists = self.lists(entries, None, now, rng)?;
        self.memory.complete_number = self.memory.list_number;
        self.memory.register.changed.clear();
        Ok(lists)
    }

    /// The delta lists of both authorities with the next number: what has changed since the complete
    /// lists made last (RFC 5280 §5.2.4).
    ///
    /// # Errors
    ///
    /// [`Error::NoCompleteList`], and as [`Authority::revocation_lists`].
    pub fn delta_lists(
        &mut self,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<RevocationLists, Error> {
        let base = match self.memory.complete_number {
            0 => return Err(Error::NoCompleteList),
            number => number,
        };
        self.lists(self.memory.register.delta(), Some(base), now, rng)
    }

    fn lists(
        &mut self,
        entries: Vec<Entry>,
        base: Option<u64>,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<RevocationLists, Error> {
        let number = self.memory.list_number + 1;
        let this_update = specification::dated(now)?;
        let (of_root, of_issuing) = entries
            .into_iter()
            .partition(|entry| self.is_issuing(&entry.serial));
        let list = |unit: &Unit, entries| {
            let content = ListContent {
                number,
                base,
                this_update,
                entries,
            };
            content.sign(&unit.certificate, &unit.signer(rng)?)
        };
        let lists = RevocationLists {
            root: list(&self.root, of_root)?,
            issuing: list(&self.issuing, of_issuing)?,
        };
        self.memory.list_number = number;
        Ok(lists)
    }

    fn check_known(&self, serial: &SerialNumber) -> Result<(), Error> {
        match self.memory.issued.contains(serial) || self.is_issuing(serial) {
            true => Ok(()),
            false => Err(Error::UnknownSerial(serial.clone())),
        }
    }

    fn is_issuing(&self, serial: &SerialNumber) -> bool {
        self.issuing.certificate.serial() == serial
    }
}

/// A certificate that signs others, with its key.
pub(super) struct Unit {
    pub(super) certificate: Certificate,
    pub(super) key: PrivateKey,
}

impl Unit {
    fn signer(&self, rng: &SystemRandom) -> Result<RingSigner, Error> {
        let public_key = self.certificate.subject_public_key()?;
        Ok(self.key.signer(Some(public_key.octets), rng.clone())?)
    }

    fn issuer(&self, rng: &SystemRandom) -> Result<Issuer<'static, AuthorityKey>, Error> {
        let key = AuthorityKey::new(self.signer(rng)?)?;
        Ok(Issuer::from_ca_cert_der(
            &self.certificate.as_der().into(),
            key,
        )?)
    }
}

/// What an authority remembers beside its keys.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) issued: BTreeSet<SerialNumber>,
    pub(super) register: Register,
    /// The number of the lists made last, complete or delta; 0 before the first.
    pub(super) list_number: u64,
    /// The number of the complete lists made last; 0 before the first.
    pub(super) complete_number: u64,
}

fn random_serial(rng: &dyn SecureRandom) -> Result<SerialNumber, Error> {
    let mut serial = [0; 20];
    rng.fill(&mut serial)
        .map_err(|_| crypto::Error::Randomness)?;
    // Positive, and of full length.
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_magnitude(&serial))
}

#[cfg(test)]
#[path = "authority_tests.rs"]
mod tests;
