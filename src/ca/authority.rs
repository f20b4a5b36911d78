//! The authority in memory: a root, an issuing authority, and what it remembers.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::ca::Application;
use crate::ca::BaseUrl;
use crate::ca::Error;
use crate::ca::Founding;
use crate::ca::Randomness;
use crate::ca::Revocation;
use crate::ca::profile;
use crate::ca::public_key::PublicKey;
use crate::ca::revocation::Register;
use crate::ca::specification;
use crate::ca::unit::Unit;
use crate::crypto;
use crate::crypto::RandomSource;
use crate::crypto::SubjectPublicKey;
use crate::keys::Identity;
use crate::keys::KeyAlgorithm;
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
/// use ruqsat::ca::Authority;
/// use time::macros::datetime;
///
/// let authority = Authority::in_memory(1, datetime!(2026-11-24 09:00 UTC))?;
/// assert!(authority.root().subject().to_string().contains("NOT FOR REAL DOCUMENTS"));
/// # Ok::<(), ruqsat::ca::Error>(())
/// ```
pub struct Authority {
    units: Units,
    memory: Memory,
    randomness: Randomness,
}

impl Authority {
    /// Makes the keys and certificates of a new authority: root and issuing authority are valid ten
    /// years, the OCSP responder a year, the time-stamping authority three.
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] when no certificate can hold that validity, or when the random
    /// source fails.
    pub fn create(founding: &Founding, randomness: Randomness) -> Result<Self, Error> {
        let now = specification::dated(founding.at)?;
        let base = &founding.base_url;
        let generate = || {
            let key = PrivateKey::generate(founding.algorithm, &randomness)?;
            let signer = randomness.signer(&key, None)?;
            Ok::<_, Error>((key, signer))
        };

        let (key, signer) = generate()?;
        let root = profile::root(PublicKey::of(&*signer)?, now, base)?.self_signed(&*signer)?;
        let root = Unit::with_signer(root, key, signer);
        let (key, signer) = generate()?;
        let issuing = profile::issuing(PublicKey::of(&*signer)?, now, base)?.issued_by(&root)?;
        let issuing = Unit::with_signer(issuing, key, signer);
        let (key, signer) = generate()?;
        let responder = profile::responder(PublicKey::of(&*signer)?, now, base)?;
        let responder = Unit::with_signer(responder.issued_by(&issuing)?, key, signer);
        let (key, signer) = generate()?;
        let time_stamping = profile::time_stamping(PublicKey::of(&*signer)?, now, base)?;
        let time_stamping = Unit::with_signer(time_stamping.issued_by(&issuing)?, key, signer);

        let units = Units {
            root,
            issuing,
            responder,
            time_stamping,
        };
        let memory = Memory {
            base_url: founding.base_url.clone(),
            issued: BTreeSet::new(),
            register: Register::default(),
            list_number: 0,
            complete_number: 0,
        };
        Ok(Self::from_parts(units, memory, randomness))
    }

    /// An authority that is the same every time: P-256 keys and everything it signs follow from the
    /// seed, so that a test needs no files, no clock and no chance.
    ///
    /// ```
    /// use ruqsat::ca::Authority;
    /// use ruqsat::ca::Request;
    /// use ruqsat::eds::CertificateUse;
    /// use ruqsat::eds::Role;
    /// use ruqsat::x509::CertificateList;
    /// use ruqsat::x509::CrlReason;
    /// use time::Duration;
    /// use time::macros::datetime;
    ///
    /// let now = datetime!(2026-11-24 09:00 UTC);
    /// let mut authority = Authority::in_memory(1, now)?;
    /// let request = Request {
    ///     role: Role::Individual,
    ///     name: "Ким Олег".parse()?,
    ///     iin: "850214300129".parse().unwrap(),
    ///     organisation: None,
    ///     usage: CertificateUse::Signing,
    ///     not_before: now,
    ///     not_after: None,
    /// };
    /// let signer = authority.issue(&request)?;
    /// let serial = signer.leaf().serial();
    ///
    /// let stolen = now + Duration::HOUR;
    /// authority.revoke(serial, CrlReason::KeyCompromise, stolen)?;
    /// let list = authority.revocation_lists(stolen)?.issuing;
    /// let entry = CertificateList::from_der(&list)?.find(serial).unwrap();
    /// assert_eq!(entry.revocation_date, stolen);
    ///
    /// let mut again = Authority::in_memory(1, now)?;
    /// assert_eq!(again.issue(&request)?.leaf(), signer.leaf());
    /// # Ok::<(), ruqsat::ca::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Authority::create`].
    pub fn in_memory(seed: u64, time: OffsetDateTime) -> Result<Self, Error> {
        Self::create(&Founding::at(time), Randomness::seeded(seed))
    }

    pub(super) fn from_parts(units: Units, memory: Memory, randomness: Randomness) -> Self {
        Self {
            units,
            memory,
            randomness,
        }
    }

    /// The self-signed certificate to trust.
    pub fn root(&self) -> &Certificate {
        &self.units.root.certificate
    }

    /// The certificate of the issuing authority, signed by the root.
    pub fn issuing(&self) -> &Certificate {
        &self.units.issuing.certificate
    }

    /// The certificate of the OCSP responder, signed by the issuing authority.
    pub fn responder(&self) -> &Certificate {
        &self.units.responder.certificate
    }

    /// The certificate of the time-stamping authority, signed by the issuing authority.
    pub fn time_stamping(&self) -> &Certificate {
        &self.units.time_stamping.certificate
    }

    /// Where its certificates say that its responders and lists are.
    pub fn base_url(&self) -> &BaseUrl {
        &self.memory.base_url
    }

    /// What is revoked or on hold, in the order of revocation.
    pub fn revoked(&self) -> impl Iterator<Item = &Revocation> {
        self.memory.register.revoked()
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

    pub(super) fn memory_mut(&mut self) -> &mut Memory {
        &mut self.memory
    }

    pub(super) fn units(&self) -> &Units {
        &self.units
    }

    pub(super) fn randomness(&self) -> &Randomness {
        &self.randomness
    }

    /// Makes a new key of the authority's own kind and certifies it.
    ///
    /// # Errors
    ///
    /// As [`Authority::certify`].
    pub fn issue(&mut self, application: impl Into<Application>) -> Result<Identity, Error> {
        self.issue_with(self.algorithm()?, application)
    }

    /// Makes a new key of this kind and certifies it.
    ///
    /// # Errors
    ///
    /// As [`Authority::certify`].
    pub fn issue_with(
        &mut self,
        algorithm: KeyAlgorithm,
        application: impl Into<Application>,
    ) -> Result<Identity, Error> {
        let key = PrivateKey::generate(algorithm, &self.randomness)?;
        self.issue_for(key, application)
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
    ) -> Result<Identity, Error> {
        let signer = self.randomness.signer(&key, None)?;
        let leaf = self.sign(PublicKey::of(&*signer)?, &application.into())?;
        Ok(Identity::certified(key, leaf, self.issuing().clone()))
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
    ) -> Result<Certificate, Error> {
        self.sign(PublicKey::new(key)?, &application.into())
    }

    /// The kind of the authority's own keys.
    ///
    /// # Errors
    ///
    /// When the authority was not made here and has keys of another kind.
    pub fn algorithm(&self) -> Result<KeyAlgorithm, Error> {
        let key = self.issuing().subject_public_key()?;
        KeyAlgorithm::of(&key).ok_or_else(|| {
            crypto::Error::UnsupportedAlgorithm {
                algorithm: key.algorithm.oid(),
            }
            .into()
        })
    }

    fn sign(
        &mut self,
        key: PublicKey<'_>,
        application: &Application,
    ) -> Result<Certificate, Error> {
        let mut leaf = profile::leaf(application, key, &self.memory.base_url)?;
        if application.kind.is_legacy() {
            leaf.serial = self.random_serial()?;
        }
        while self.is_taken(&leaf.serial) {
            leaf.serial = self.random_serial()?;
        }
        let certificate = leaf.issued_by(&self.units.issuing)?;
        self.memory.issued.insert(leaf.serial);
        Ok(certificate)
    }

    fn random_serial(&self) -> Result<SerialNumber, Error> {
        let mut serial = [0; 20];
        self.randomness.fill(&mut serial)?;
        // Positive, and of full length.
        serial[0] = serial[0] & 0x7f | 0x40;
        Ok(SerialNumber::from_magnitude(&serial))
    }

    fn is_taken(&self, serial: &SerialNumber) -> bool {
        self.memory.issued.contains(serial) || self.units.has_serial(serial)
    }

    /// Notes a certificate as revoked, or as suspended with the reason `certificateHold`; the next
    /// lists name it. A suspended one may be revoked for good.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSerial`] when this authority did not issue it, [`Error::AlreadyRevoked`] or
    /// [`Error::AlreadyHeld`] when it was revoked or suspended before, [`Error::NoReason`] for `removeFromCRL`,
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

    fn check_known(&self, serial: &SerialNumber) -> Result<(), Error> {
        let is_own = self
            .units
            .issued_units()
            .any(|unit| unit.certificate.serial() == serial);
        match self.memory.issued.contains(serial) || is_own {
            true => Ok(()),
            false => Err(Error::UnknownSerial(serial.clone())),
        }
    }
}

/// The parts of an authority that sign.
pub(super) struct Units {
    pub(super) root: Unit,
    pub(super) issuing: Unit,
    pub(super) responder: Unit,
    pub(super) time_stamping: Unit,
}

impl Units {
    /// Those that another one certified, and whose certificates can be revoked.
    pub(super) fn issued_units(&self) -> impl Iterator<Item = &Unit> {
        [&self.issuing, &self.responder, &self.time_stamping].into_iter()
    }

    fn has_serial(&self, serial: &SerialNumber) -> bool {
        self.root.certificate.serial() == serial
            || self
                .issued_units()
                .any(|unit| unit.certificate.serial() == serial)
    }
}

/// What an authority remembers beside its keys.
pub(super) struct Memory {
    pub(super) base_url: BaseUrl,
    pub(super) issued: BTreeSet<SerialNumber>,
    pub(super) register: Register,
    /// The number of the lists made last, complete or delta; 0 before the first.
    pub(super) list_number: u64,
    /// The number of the complete lists made last; 0 before the first.
    pub(super) complete_number: u64,
}

#[cfg(test)]
#[path = "authority_tests.rs"]
mod tests;
