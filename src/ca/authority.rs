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

use crate::ca::Error;
use crate::ca::Request;
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
    pub fn issue(&mut self, request: &Request, rng: &SystemRandom) -> Result<Identity, Error> {
        self.issue_for(PrivateKey::generate_p256(rng)?, request, rng)
    }

    /// Certifies a key that exists already, such as an RSA key.
    ///
    /// # Errors
    ///
    /// As [`Authority::certify`], and when the key cannot be used.
    pub fn issue_for(
        &mut self,
        key: PrivateKey,
        request: &Request,
        rng: &SystemRandom,
    ) -> Result<Identity, Error> {
        let public_key = AuthorityKey::new(key.signer(None, rng.clone())?)?;
        let leaf = self.sign(&public_key, request, rng)?;
        Ok(Identity::new(
            key,
            leaf,
            vec![self.issuing.certificate.clone()],
            rng,
        )?)
    }

    /// Certifies a public key as the national authority would: the profile of eds, the serial
    /// number equal to the key identifier with its top bit cleared (another one when that number
    /// was given before).
    ///
    /// # Errors
    ///
    /// [`Error::NoOrganisation`], [`Error::OrganisationNotAllowed`] and [`Error::RoleNotIssued`]
    /// when the request does not fit its role; [`Error::EmptyValidity`] when it is valid never.
    pub fn certify(
        &mut self,
        key: &SubjectPublicKey<'_>,
        request: &Request,
        rng: &SystemRandom,
    ) -> Result<Certificate, Error> {
        self.sign(&CertifiedKey::new(key)?, request, rng)
    }

    fn sign(
        &mut self,
        key: &impl PublicKeyData,
        request: &Request,
        rng: &SystemRandom,
    ) -> Result<Certificate, Error> {
        let mut params = specification::leaf(request, key)?;
        let mut serial = specification::serial(key);
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
#[allow(
    clippy::disallowed_methods,
    reason = "tests may take the system's random source"
)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::ca::Organisation;
    use crate::crypto::DigestAlgorithm;
    use crate::crypto::Provider;
    use crate::crypto::Signer;
    use crate::eds;
    use crate::eds::CertificateUse;
    use crate::eds::Role;
    use crate::eds::Subject;
    use crate::x509::CertificateList;

    const NOW: OffsetDateTime = datetime!(2026-11-24 09:00:00.7 UTC);

    fn request(role: Role) -> Request {
        let organisation = role.is_of_organisation().then(|| Organisation {
            name: "ГУ «Управление природных ресурсов»".to_owned(),
            bin: "120440001234".parse().unwrap(),
        });
        Request {
            role,
            name: "Сәрсенбаев Ерлан Қанатұлы".parse().unwrap(),
            iin: "850214300129".parse().unwrap(),
            organisation,
            usage: CertificateUse::Signing,
            not_before: NOW,
            not_after: None,
        }
    }

    fn authority() -> (Authority, SystemRandom) {
        let rng = SystemRandom::new();
        (Authority::create(&rng, NOW).unwrap(), rng)
    }

    #[test]
    fn both_authorities_are_marked_as_tests_and_chain_to_the_root() {
        let (authority, _) = authority();
        let (root, issuing) = (authority.root(), authority.issuing());
        assert_eq!(
            root.subject().to_string(),
            "CN=RUQSAT TEST ROOT – NOT FOR REAL DOCUMENTS"
        );
        for certificate in [root, issuing] {
            assert!(eds::is_test_authority(certificate));
            let key = root.subject_public_key().unwrap();
            assert_eq!(certificate.verify_signature(&key, &Provider), Ok(()));
            assert!(certificate.basic_constraints().unwrap().ca);
            let usage = certificate.key_usage().unwrap();
            assert!(usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
        }
        assert_eq!(
            issuing
                .authority_key_identifier()
                .unwrap()
                .key_identifier
                .as_deref(),
            root.subject_key_identifier()
        );
    }

    #[test]
    fn head_has_the_subject_of_the_national_profile() {
        let (mut authority, rng) = authority();
        let identity = authority.issue(&request(Role::Head), &rng).unwrap();
        let attributes: Vec<_> = identity.leaf().subject().attributes().collect();
        let order: Vec<_> = attributes.iter().map(|one| one.oid().to_string()).collect();
        let expected = [
            "2.5.4.3", "2.5.4.4", "2.5.4.5", "2.5.4.6", "2.5.4.10", "2.5.4.11", "2.5.4.42",
        ];
        assert_eq!(order, expected);
        let subject = Subject::of(identity.leaf());
        assert_eq!(subject.name, "Сәрсенбаев Ерлан Қанатұлы");
        assert_eq!(subject.iin.unwrap().as_str(), "850214300129");
        assert_eq!(subject.bin.unwrap().as_str(), "120440001234");
        assert_eq!(subject.role, Some(Role::Head));
        assert_eq!(subject.usage, CertificateUse::Signing);
        assert_eq!(subject.warnings, []);
    }

    #[test]
    fn signer_certificate_says_where_its_list_would_be() {
        let (mut authority, rng) = authority();
        let identity = authority.issue(&request(Role::Head), &rng).unwrap();
        let address = b"http://127.0.0.1:8888/crl/ca.crl";
        let der = identity.leaf().as_der();
        assert!(der.windows(address.len()).any(|bytes| bytes == address));
    }

    #[test]
    fn every_role_of_a_person_is_read_back() {
        let (mut authority, rng) = authority();
        for role in [
            Role::Head,
            Role::CanSign,
            Role::Financial,
            Role::Hr,
            Role::Employee,
            Role::Individual,
        ] {
            let identity = authority.issue(&request(role), &rng).unwrap();
            assert_eq!(Subject::of(identity.leaf()).role, Some(role));
        }
    }

    #[test]
    fn signer_is_valid_a_year_and_numbered_like_its_key() {
        let (mut authority, rng) = authority();
        let leaf = authority
            .issue(&request(Role::Head), &rng)
            .unwrap()
            .leaf()
            .clone();
        assert_eq!(leaf.not_before(), datetime!(2026-11-24 09:00 UTC));
        assert_eq!(leaf.not_after(), datetime!(2027-11-24 09:00 UTC));
        let mut serial = DigestAlgorithm::Sha1.digest(leaf.subject_public_key_octets());
        assert_eq!(leaf.subject_key_identifier(), Some(serial.as_slice()));
        serial[0] &= 0x7f;
        assert_eq!(leaf.serial(), &SerialNumber::from_magnitude(&serial));
    }

    #[test]
    fn second_certificate_for_a_key_has_another_serial_number() {
        let (mut authority, rng) = authority();
        let key = PrivateKey::generate_p256(&rng).unwrap();
        let first = authority
            .issue_for(key.clone(), &request(Role::Head), &rng)
            .unwrap();
        let second = authority
            .issue_for(key, &request(Role::Head), &rng)
            .unwrap();
        assert_ne!(first.leaf().serial(), second.leaf().serial());
    }

    #[test]
    fn authentication_certificate_is_not_for_signing() {
        let (mut authority, rng) = authority();
        let request = Request {
            usage: CertificateUse::Authentication,
            ..request(Role::Head)
        };
        let identity = authority.issue(&request, &rng).unwrap();
        assert_eq!(
            CertificateUse::of(identity.leaf()),
            CertificateUse::Authentication
        );
    }

    #[test]
    fn anniversary_of_29_february_is_the_day_before() {
        let (mut authority, rng) = authority();
        let not_before = datetime!(2028-02-29 12:00 UTC);
        let request = Request {
            not_before,
            ..request(Role::Head)
        };
        let identity = authority.issue(&request, &rng).unwrap();
        assert_eq!(identity.leaf().not_after(), datetime!(2029-02-28 12:00 UTC));
    }

    #[test]
    fn head_without_organisation_is_refused() {
        let (mut authority, rng) = authority();
        let request = Request {
            organisation: None,
            ..request(Role::Head)
        };
        let refused = authority.issue(&request, &rng);
        assert!(matches!(refused, Err(Error::NoOrganisation(Role::Head))));
    }

    #[test]
    fn individual_with_organisation_is_refused() {
        let (mut authority, rng) = authority();
        let request = Request {
            role: Role::Individual,
            ..request(Role::Head)
        };
        let refused = authority.issue(&request, &rng);
        assert!(matches!(
            refused,
            Err(Error::OrganisationNotAllowed(Role::Individual))
        ));
    }

    #[test]
    fn validity_that_ends_before_it_begins_is_refused() {
        let (mut authority, rng) = authority();
        let request = Request {
            not_after: Some(NOW),
            ..request(Role::Head)
        };
        let refused = authority.issue(&request, &rng);
        assert!(matches!(refused, Err(Error::EmptyValidity { .. })));
    }

    #[test]
    fn list_names_the_revoked_signer_with_time_and_reason() {
        let (mut authority, rng) = authority();
        let leaf = authority
            .issue(&request(Role::Head), &rng)
            .unwrap()
            .leaf()
            .clone();
        let empty = authority.revocation_lists(NOW, &rng).unwrap();
        let at = datetime!(2026-11-24 10:00:00.5 UTC);
        authority
            .revoke(leaf.serial(), CrlReason::KeyCompromise, at)
            .unwrap();
        let lists = authority.revocation_lists(at, &rng).unwrap();

        assert_eq!(
            CertificateList::from_der(&empty.issuing)
                .unwrap()
                .find(leaf.serial()),
            None
        );
        let list = CertificateList::from_der(&lists.issuing).unwrap();
        let entry = list.find(leaf.serial()).unwrap();
        assert_eq!(entry.reason, Some(CrlReason::KeyCompromise));
        assert_eq!(entry.revocation_date, datetime!(2026-11-24 10:00 UTC));
        assert_eq!(list.crl_number(), Some(&[2][..]));
        assert_eq!(list.next_update(), Some(datetime!(2027-11-24 10:00 UTC)));
        let key = authority.issuing().subject_public_key().unwrap();
        assert_eq!(list.verify_signature(&key, &Provider), Ok(()));
        let root_list = CertificateList::from_der(&lists.root).unwrap();
        assert_eq!(root_list.find(leaf.serial()), None);
    }

    #[test]
    fn revoked_issuing_authority_stands_in_the_list_of_the_root() {
        let (mut authority, rng) = authority();
        let serial = authority.issuing().serial().clone();
        authority
            .revoke(&serial, CrlReason::CaCompromise, NOW)
            .unwrap();
        let lists = authority.revocation_lists(NOW, &rng).unwrap();
        let list = CertificateList::from_der(&lists.root).unwrap();
        assert_eq!(
            list.find(&serial).unwrap().reason,
            Some(CrlReason::CaCompromise)
        );
    }

    #[test]
    fn revoking_twice_or_a_foreign_certificate_is_refused() {
        let (mut authority, rng) = authority();
        let leaf = authority
            .issue(&request(Role::Head), &rng)
            .unwrap()
            .leaf()
            .clone();
        authority
            .revoke(leaf.serial(), CrlReason::Superseded, NOW)
            .unwrap();
        let again = authority.revoke(leaf.serial(), CrlReason::KeyCompromise, NOW);
        assert!(matches!(again, Err(Error::AlreadyRevoked { .. })));
        let foreign = SerialNumber::from_magnitude(&[1]);
        let unknown = authority.revoke(&foreign, CrlReason::KeyCompromise, NOW);
        assert!(matches!(unknown, Err(Error::UnknownSerial(serial)) if serial == foreign));
    }

    #[test]
    fn issued_key_signs() {
        let (mut authority, rng) = authority();
        let identity = authority.issue(&request(Role::Head), &rng).unwrap();
        let signature = identity.signer(&rng).unwrap().sign(b"message").unwrap();
        assert!(!signature.is_empty());
    }
}
