//! The authority in memory: a root, an issuing authority, and what it remembers.

use std::collections::BTreeSet;

use rcgen::CertificateRevocationListParams;
use rcgen::Issuer;
use rcgen::PublicKeyData;
use rcgen::RevokedCertParams;
use ring::rand::SecureRandom;
use ring::rand::SystemRandom;
use time::Duration;
use time::OffsetDateTime;

use crate::ca::Application;
use crate::ca::Error;
use crate::ca::Revocation;
use crate::ca::rcgen_key::AuthorityKey;
use crate::ca::rcgen_key::CertifiedKey;
use crate::ca::revocation;
use crate::ca::specification;
use crate::crypto;
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
    issued: BTreeSet<SerialNumber>,
    revoked: Vec<Revocation>,
    list_number: u64,
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
        let Memory {
            issued,
            revoked,
            list_number,
        } = memory;
        Self {
            root,
            issuing,
            issued,
            revoked,
            list_number,
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

    /// What was revoked, in the order of revocation.
    pub fn revoked(&self) -> &[Revocation] {
        &self.revoked
    }

    /// The number of the lists made last, 0 before the first.
    pub(super) fn list_number(&self) -> u64 {
        self.list_number
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
        while self.issued.contains(&serial) {
            serial = random_serial(rng)?;
        }
        params.serial_number = Some(rcgen::SerialNumber::from_slice(serial.as_bytes()));
        let certificate = params.signed_by(key, &self.issuing.issuer(rng)?)?;
        let certificate = Certificate::from_der(certificate.der())?;
        self.issued.insert(serial);
        Ok(certificate)
    }

    /// Notes a certificate as revoked; the next lists name it.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownSerial`] when this authority did not issue it, [`Error::AlreadyRevoked`] when
    /// it was revoked before.
    pub fn revoke(
        &mut self,
        serial: &SerialNumber,
        reason: CrlReason,
        at: OffsetDateTime,
    ) -> Result<(), Error> {
        if reason == CrlReason::RemoveFromCrl {
            return Err(Error::NoReason(reason));
        }
        if !self.issued.contains(serial) && !self.is_issuing(serial) {
            return Err(Error::UnknownSerial(serial.clone()));
        }
        if let Some(earlier) = self
            .revoked
            .iter()
            .find(|revoked| revoked.serial == *serial)
        {
            return Err(Error::AlreadyRevoked {
                serial: serial.clone(),
                at: earlier.at,
            });
        }
        let at = specification::whole_seconds(at);
        self.revoked.push(Revocation {
            serial: serial.clone(),
            at,
            reason,
        });
        Ok(())
    }

    /// The lists of both authorities with the next number.
    ///
    /// # Errors
    ///
    /// When `now` has no place in a list, or signing fails.
    pub fn revocation_lists(
        &mut self,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<RevocationLists, Error> {
        let number = self.list_number + 1;
        let (of_root, of_issuing): (Vec<_>, Vec<_>) = self
            .revoked
            .iter()
            .partition(|revoked| self.is_issuing(&revoked.serial));
        let lists = RevocationLists {
            root: self.root.list(&of_root, number, now, rng)?,
            issuing: self.issuing.list(&of_issuing, number, now, rng)?,
        };
        self.list_number = number;
        Ok(lists)
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
    fn signing_key(&self, rng: &SystemRandom) -> Result<AuthorityKey, Error> {
        let public_key = self.certificate.subject_public_key()?;
        AuthorityKey::new(self.key.signer(Some(public_key.octets), rng.clone())?)
    }

    fn issuer(&self, rng: &SystemRandom) -> Result<Issuer<'static, AuthorityKey>, Error> {
        let key = self.signing_key(rng)?;
        Ok(Issuer::from_ca_cert_der(
            &self.certificate.as_der().into(),
            key,
        )?)
    }

    fn list(
        &self,
        revoked: &[&Revocation],
        number: u64,
        now: OffsetDateTime,
        rng: &SystemRandom,
    ) -> Result<Vec<u8>, Error> {
        let issuer = self.issuer(rng)?;
        let now = specification::whole_seconds(now);
        let params = CertificateRevocationListParams {
            this_update: now,
            next_update: now + LIST_VALIDITY,
            crl_number: number.into(),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(|revoked| entry(revoked)).collect(),
            key_identifier_method: specification::key_identifier(issuer.key()),
        };
        Ok(params.signed_by(&issuer)?.der().to_vec())
    }
}

/// What an authority remembers beside its keys.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) issued: BTreeSet<SerialNumber>,
    pub(super) revoked: Vec<Revocation>,
    pub(super) list_number: u64,
}

fn entry(revoked: &Revocation) -> RevokedCertParams {
    RevokedCertParams {
        serial_number: rcgen::SerialNumber::from_slice(revoked.serial.as_bytes()),
        revocation_time: revoked.at,
        reason_code: revocation::reason_code(revoked.reason),
        invalidity_date: None,
    }
}

fn random_serial(rng: &dyn SecureRandom) -> Result<SerialNumber, Error> {
    let mut serial = [0; 20];
    rng.fill(&mut serial)
        .map_err(|_| crypto::Error::Randomness)?;
    // Positive, and of full length.
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_magnitude(&serial))
}

/// Files made today must still verify next month: nobody renews the lists of a demonstration.
const LIST_VALIDITY: Duration = Duration::days(365);

#[cfg(test)]
#[path = "authority_tests.rs"]
mod tests;
