//! Certificates and lists for tests, made at run time for a fixed time by new P-256 keys.

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CertificateRevocationListParams;
use rcgen::CustomExtension;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyIdMethod;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::RevocationReason;
use rcgen::RevokedCertParams;
use rcgen::SerialNumber;
use ring::rand::SystemRandom;
use time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::crypto::RingSigner;
use crate::crypto::Signer;
use crate::crypto::generate_p256;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::oids;

/// The time for which everything here is valid.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

/// A certification authority with its key.
pub(crate) struct TestAuthority {
    pub(crate) certificate: Certificate,
    params: CertificateParams,
    pkcs8: Vec<u8>,
}

impl TestAuthority {
    pub(crate) fn root(name: &str) -> Self {
        Self::root_with(name, |_| {})
    }

    pub(crate) fn root_with(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = ca_params(name);
        change(&mut params);
        let pkcs8 = new_key();
        let issued = params.self_signed(&key_pair(&pkcs8)).unwrap();
        Self {
            certificate: Certificate::from_der(issued.der()).unwrap(),
            params,
            pkcs8,
        }
    }

    pub(crate) fn ca(&self, name: &str) -> Self {
        self.ca_with(name, |_| {})
    }

    pub(crate) fn ca_with(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = ca_params(name);
        change(&mut params);
        let pkcs8 = new_key();
        Self {
            certificate: self.issue(&params, &pkcs8),
            params,
            pkcs8,
        }
    }

    pub(crate) fn leaf(&self, name: &str) -> Certificate {
        self.leaf_with(name, |_| {})
    }

    pub(crate) fn leaf_with(
        &self,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Certificate {
        let mut params = params(name);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        change(&mut params);
        self.issue(&params, &new_key())
    }

    /// Another certificate for the name and key of `subject`, issued by this authority.
    pub(crate) fn certify(
        &self,
        subject: &Self,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Certificate {
        let mut params = subject.params.clone();
        params.serial_number = Some(serial());
        change(&mut params);
        self.issue(&params, &subject.pkcs8)
    }

    /// A complete list of this moment with these entries.
    pub(crate) fn list(&self, entries: &[RevokedCertParams]) -> CertificateList {
        self.list_with(|list| list.revoked_certs = entries.iter().map(copy).collect())
    }

    pub(crate) fn list_with(
        &self,
        change: impl FnOnce(&mut CertificateRevocationListParams),
    ) -> CertificateList {
        let mut list = CertificateRevocationListParams {
            this_update: NOW - Duration::hours(1),
            next_update: NOW + Duration::days(1),
            crl_number: SerialNumber::from(7_u64),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        change(&mut list);
        let issuer = Issuer::from_params(&self.params, key_pair(&self.pkcs8));
        let signed = list.signed_by(&issuer).unwrap();
        CertificateList::from_der(signed.der()).unwrap()
    }

    /// What rcgen does not make: a certificate or list from its tbs fields behind the inner
    /// algorithm, with this authority's signature.
    pub(crate) fn sign_raw(&self, raw: &Raw) -> Vec<u8> {
        let algorithm = der::algorithm_identifier(&raw.algorithm, None);
        let mut fields = raw.before_algorithm.clone();
        fields.extend_from_slice(&algorithm);
        fields.extend_from_slice(&raw.after_algorithm.concat());
        let tbs = der::tlv(der::Tag::SEQUENCE, &fields);
        let signer = RingSigner::from_pkcs8(&self.pkcs8, None, random()).unwrap();
        let signature = der::bit_string(&signer.sign(&tbs).unwrap());
        let outer = der::algorithm_identifier(&raw.outer_algorithm.unwrap_or(raw.algorithm), None);
        der::sequence(&[tbs, outer, signature])
    }

    /// The fields of a certificate for the name and key of `subject`.
    pub(crate) fn raw_certificate(&self, subject: &Certificate, version: u64) -> Raw {
        let mut before = Vec::new();
        if version > 1 {
            before.extend(der::context(0, &der::unsigned(version - 1)));
        }
        before.extend(der::unsigned(0x4711));
        let validity = [
            der::time(NOW - Duration::days(1)),
            der::time(NOW + Duration::days(1)),
        ];
        Raw {
            before_algorithm: before,
            algorithm: ECDSA_SHA256,
            outer_algorithm: None,
            after_algorithm: vec![
                self.certificate.subject().as_der().to_vec(),
                der::sequence(&validity),
                subject.subject().as_der().to_vec(),
                subject.spki().to_vec(),
            ],
        }
    }

    /// The fields of a list: entries and extensions as they shall stand.
    pub(crate) fn raw_list(&self, entries: &[Vec<u8>], extensions: &[Vec<u8>]) -> Raw {
        let mut after = vec![
            self.certificate.subject().as_der().to_vec(),
            der::time(NOW - Duration::hours(1)),
            der::time(NOW + Duration::days(1)),
        ];
        if !entries.is_empty() {
            after.push(der::sequence(entries));
        }
        if !extensions.is_empty() {
            after.push(der::context(0, &der::sequence(extensions)));
        }
        Raw {
            before_algorithm: der::unsigned(1),
            algorithm: ECDSA_SHA256,
            outer_algorithm: None,
            after_algorithm: after,
        }
    }

    /// The authority's signature over a message, ECDSA with SHA-256.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signer = RingSigner::from_pkcs8(&self.pkcs8, None, random()).unwrap();
        signer.sign(message).unwrap()
    }

    fn issue(&self, params: &CertificateParams, pkcs8: &[u8]) -> Certificate {
        let issuer = Issuer::from_params(&self.params, key_pair(&self.pkcs8));
        let issued = params.signed_by(&key_pair(pkcs8), &issuer).unwrap();
        Certificate::from_der(issued.der()).unwrap()
    }
}

/// The fields of a certificate or list around the inner algorithm.
pub(crate) struct Raw {
    pub(crate) before_algorithm: Vec<u8>,
    pub(crate) algorithm: Oid,
    pub(crate) outer_algorithm: Option<Oid>,
    pub(crate) after_algorithm: Vec<Vec<u8>>,
}

/// An entry that revokes a certificate an hour before now.
pub(crate) fn revoked(
    certificate: &Certificate,
    reason: Option<RevocationReason>,
) -> RevokedCertParams {
    RevokedCertParams {
        serial_number: SerialNumber::from_slice(certificate.serial().as_bytes()),
        revocation_time: NOW - Duration::hours(1),
        reason_code: reason,
        invalidity_date: None,
    }
}

/// Extension in DER.
pub(crate) fn extension(oid: Oid, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut fields = der::oid(&oid);
    if critical {
        fields.extend(der::boolean(true));
    }
    fields.extend(der::octet_string(value));
    der::tlv(der::Tag::SEQUENCE, &fields)
}

/// An entry of a list with these extensions, revoked an hour before now.
pub(crate) fn raw_entry(certificate: &Certificate, extensions: &[Vec<u8>]) -> Vec<u8> {
    let mut fields = der::integer(certificate.serial().as_bytes());
    fields.extend(der::time(NOW - Duration::hours(1)));
    if !extensions.is_empty() {
        fields.extend(der::sequence(extensions));
    }
    der::tlv(der::Tag::SEQUENCE, &fields)
}

/// reasonCode.
pub(crate) fn reason_code(code: u8) -> Vec<u8> {
    extension(oids::CRL_REASONS, false, &der::enumerated(code))
}

/// An extension for rcgen.
pub(crate) fn custom_extension(oid: Oid, critical: bool, value: &[u8]) -> CustomExtension {
    let arcs: Vec<u64> = oid
        .to_string()
        .split('.')
        .map(|arc| arc.parse().unwrap())
        .collect();
    let mut extension = CustomExtension::from_oid_content(&arcs, value.to_vec());
    extension.set_criticality(critical);
    extension
}

/// The bytes with the last one changed: that of the signature, for certificates and lists.
pub(crate) fn with_broken_signature(der: &[u8]) -> Vec<u8> {
    let mut broken = der.to_vec();
    *broken.last_mut().unwrap() ^= 1;
    broken
}

fn ca_params(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(serial());
    params.not_before = datetime!(2026-01-01 0:00 UTC);
    params.not_after = datetime!(2026-12-31 23:59:59 UTC);
    params.use_authority_key_identifier_extension = true;
    params
}

/// rcgen's entries have no `Clone`.
pub(crate) fn copy(entry: &RevokedCertParams) -> RevokedCertParams {
    RevokedCertParams {
        serial_number: entry.serial_number.clone(),
        ..*entry
    }
}

fn key_pair(pkcs8: &[u8]) -> KeyPair {
    KeyPair::try_from(pkcs8).unwrap()
}

fn new_key() -> Vec<u8> {
    generate_p256(&random()).unwrap()
}

fn serial() -> SerialNumber {
    let mut octets = [0; 16];
    ring::rand::SecureRandom::fill(&random(), &mut octets).unwrap();
    octets[0] = 0x5a;
    SerialNumber::from_slice(&octets)
}

#[allow(clippy::disallowed_methods, reason = "a test is outside")]
pub(crate) fn random() -> SystemRandom {
    SystemRandom::new()
}

const ECDSA_SHA256: Oid = Oid::new("1.2.840.10045.4.3.2");
