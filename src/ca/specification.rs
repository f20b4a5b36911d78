//! What stands in the certificates: the national profile, marked as TEST.

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CrlDistributionPoint;
use rcgen::CustomExtension;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::KeyIdMethod;
use rcgen::KeyUsagePurpose;
use rcgen::PublicKeyData;
use time::OffsetDateTime;

use crate::ca::Application;
use crate::ca::BaseUrl;
use crate::ca::CertificateKind;
use crate::ca::Error;
use crate::ca::subject;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::eds;
use crate::eds::Role;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::oids;

/// Common name of the root.
pub(super) const ROOT_NAME: &str = eds::TEST_ROOT_NAME;
/// Common name of the issuing authority.
pub(super) const ISSUING_NAME: &str = eds::TEST_ISSUING_NAME;

/// A root or issuing authority: no path length, as the national ones.
pub(super) fn authority(
    name: &str,
    key: &impl PublicKeyData,
    now: OffsetDateTime,
) -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = whole_seconds(now);
    params.not_after = years_after(params.not_before, 10);
    params.serial_number = Some(rcgen::SerialNumber::from_slice(serial(key).as_bytes()));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params.key_identifier_method = key_identifier(key);
    let mark = der::utf8_string("TEST – NOT FOR REAL DOCUMENTS");
    params.custom_extensions = vec![extension(eds::TEST_MARK, mark)];
    if name == ISSUING_NAME {
        params.custom_extensions.push(policies(oids::ANY_POLICY));
    }
    Ok(params)
}

/// The OCSP responder, as the national authority has one: valid a year, itself never asked about
/// (RFC 6960 §4.2.2.2.1).
pub(super) fn responder(
    key: &impl PublicKeyData,
    now: OffsetDateTime,
) -> Result<CertificateParams, Error> {
    let mut params = service(RESPONDER_NAME, key, now, 1);
    let purpose = der::sequence(&[der::oid(&OCSP_SIGNING)]);
    params
        .custom_extensions
        .push(extension(oids::EXT_KEY_USAGE, purpose));
    params
        .custom_extensions
        .push(extension(OCSP_NO_CHECK, der::null()));
    Ok(params)
}

/// The time-stamping authority: valid three years, its purpose critical and alone (RFC 3161 §2.3).
pub(super) fn time_stamping(
    key: &impl PublicKeyData,
    now: OffsetDateTime,
    base: &BaseUrl,
) -> Result<CertificateParams, Error> {
    let mut params = service(TIME_STAMPING_NAME, key, now, 3);
    let purpose = der::sequence(&[der::oid(&TIME_STAMPING)]);
    let mut purpose = extension(oids::EXT_KEY_USAGE, purpose);
    purpose.set_criticality(true);
    params.custom_extensions.push(purpose);
    params.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![base.join(LIST)],
    }];
    Ok(params)
}

fn service(
    name: &str,
    key: &impl PublicKeyData,
    now: OffsetDateTime,
    years: i32,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
        .distinguished_name
        .push(DnType::OrganizationName, TEST_ORGANISATION);
    params.not_before = whole_seconds(now);
    params.not_after = years_after(params.not_before, years);
    params.serial_number = Some(rcgen::SerialNumber::from_slice(serial(key).as_bytes()));
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    params.key_identifier_method = key_identifier(key);
    params
}

/// The certificate of a signer or an information system, as its generation had it.
pub(super) fn leaf(
    application: &Application,
    key: &impl PublicKeyData,
    base: &BaseUrl,
) -> Result<CertificateParams, Error> {
    let not_before = whole_seconds(application.not_before);
    let years = if application.role == Role::System {
        3
    } else {
        1
    };
    let not_after = application
        .not_after
        .unwrap_or_else(|| years_after(not_before, years));
    let not_after = whole_seconds(not_after);
    if not_after <= not_before {
        return Err(Error::EmptyValidity {
            not_before,
            not_after,
        });
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = subject::of(application)?;
    params.not_before = not_before;
    params.not_after = not_after;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = key_usages(application.kind, key);
    params.extended_key_usages = extended_key_usages(application);
    params.use_authority_key_identifier_extension = true;
    params.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![base.join(LIST)],
    }];
    params.custom_extensions = vec![policies(policy(application))];
    params.key_identifier_method = if application.kind.is_legacy() {
        legacy_key_identifier(key)
    } else {
        params.custom_extensions.push(key_storage());
        key_identifier(key)
    };
    Ok(params)
}

/// The key identifier with its top bit cleared, as the national authority numbers certificates
/// since 2022.
pub(super) fn serial(key: &impl PublicKeyData) -> SerialNumber {
    let mut serial = DigestAlgorithm::Sha1.digest(key.der_bytes());
    if let Some(first) = serial.first_mut() {
        *first &= 0x7f;
    }
    SerialNumber::from_magnitude(&serial)
}

/// The key identifier: SHA-1 of the content of the BIT STRING (RFC 5280 §4.2.1.2, method 1).
pub(super) fn key_identifier(key: &impl PublicKeyData) -> KeyIdMethod {
    KeyIdMethod::PreSpecified(DigestAlgorithm::Sha1.digest(key.der_bytes()))
}

/// The key identifier of the generation before 2022: SHA-1 of the whole subjectPublicKeyInfo.
fn legacy_key_identifier(key: &impl PublicKeyData) -> KeyIdMethod {
    KeyIdMethod::PreSpecified(DigestAlgorithm::Sha1.digest(&key.subject_public_key_info()))
}

/// The instant without its fraction of a second, which certificates and lists cannot hold.
pub(super) fn whole_seconds(time: OffsetDateTime) -> OffsetDateTime {
    let time = time.to_offset(time::UtcOffset::UTC);
    time.replace_nanosecond(0)
        .expect("0 is a nanosecond of every second")
}

/// The instant in whole seconds, if a certificate or list can hold it.
pub(super) fn dated(time: OffsetDateTime) -> Result<OffsetDateTime, Error> {
    let time = whole_seconds(time);
    match time.year() {
        1950..=9999 => Ok(time),
        _ => Err(Error::DateOutOfRange(time)),
    }
}

fn years_after(time: OffsetDateTime, years: i32) -> OffsetDateTime {
    let year = time.year() + years;
    // Only 29 February has no anniversary in every year; its certificate ends a day earlier.
    time.replace_year(year)
        .or_else(|_| {
            time.replace_day(28)
                .and_then(|time| time.replace_year(year))
        })
        .unwrap_or(time)
}

fn key_usages(kind: CertificateKind, key: &impl PublicKeyData) -> Vec<KeyUsagePurpose> {
    let mut usages = vec![KeyUsagePurpose::DigitalSignature];
    usages.push(match kind {
        CertificateKind::LegacyAuthentication => KeyUsagePurpose::KeyEncipherment,
        CertificateKind::LegacySigning | CertificateKind::Single => {
            KeyUsagePurpose::ContentCommitment
        }
    });
    // RSA agrees on no keys, so the bit would promise what the key cannot do.
    if kind == CertificateKind::Single && key.algorithm() != &rcgen::PKCS_RSA_SHA256 {
        usages.push(KeyUsagePurpose::KeyAgreement);
    }
    usages
}

fn extended_key_usages(application: &Application) -> Vec<ExtendedKeyUsagePurpose> {
    let mut usages = Vec::new();
    match (application.kind, application.role) {
        (CertificateKind::LegacyAuthentication, _) => {
            usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        }
        // A system receives no mail, and its template says so.
        (_, Role::System) => {}
        _ => usages.push(ExtendedKeyUsagePurpose::EmailProtection),
    }
    if application.role.is_of_organisation() {
        usages.push(ExtendedKeyUsagePurpose::Other(arcs(eds::ORGANISATION)));
    }
    usages.push(ExtendedKeyUsagePurpose::Other(arcs(application.role.oid())));
    usages
}

fn policy(application: &Application) -> Oid {
    match (application.kind, application.role.is_of_organisation()) {
        (CertificateKind::Single, _) => const { Oid::new("1.2.398.3.3.2") },
        (CertificateKind::LegacySigning, true) => const { Oid::new("1.2.398.3.3.2.1") },
        (CertificateKind::LegacyAuthentication, true) => const { Oid::new("1.2.398.3.3.2.2") },
        (CertificateKind::LegacySigning, false) => const { Oid::new("1.2.398.3.3.2.3") },
        (CertificateKind::LegacyAuthentication, false) => const { Oid::new("1.2.398.3.3.2.4") },
    }
}

/// certificatePolicies (RFC 5280 §4.2.1.4) with one policy and no qualifier: the national practice
/// statement does not speak for this authority.
fn policies(policy: Oid) -> CustomExtension {
    let information = der::sequence(&[der::oid(&policy)]);
    extension(oids::CERTIFICATE_POLICIES, der::sequence(&[information]))
}

/// Where the key is kept: a PKCS#12 file.
fn key_storage() -> CustomExtension {
    extension(KEY_STORAGE, der::sequence(&[der::oid(&PKCS12_FILE)]))
}

fn extension(oid: Oid, content: Vec<u8>) -> CustomExtension {
    CustomExtension::from_oid_content(&arcs(oid), content)
}

pub(super) fn arcs(oid: Oid) -> Vec<u64> {
    let dotted = oid.to_string();
    dotted
        .split('.')
        .map(|arc| arc.parse().expect("arcs of constants are small numbers"))
        .collect()
}

/// Where, below its base address, a server of this authority would have its list (RFC 5280 §4.2.1.13). NSS, below `pdfsig
/// -no-ocsp`, does not trust a signer's certificate without any address.
const LIST: &str = "crl/ca.crl";
const KEY_STORAGE: Oid = Oid::new("1.2.398.3.3.5");
const PKCS12_FILE: Oid = Oid::new("1.2.398.3.3.5.1.1");
const OCSP_SIGNING: Oid = Oid::new("1.3.6.1.5.5.7.3.9");
const OCSP_NO_CHECK: Oid = Oid::new("1.3.6.1.5.5.7.48.1.5");
const TIME_STAMPING: Oid = Oid::new("1.3.6.1.5.5.7.3.8");
const RESPONDER_NAME: &str = "OCSP RESPONDER";
const TIME_STAMPING_NAME: &str = "TIME-STAMPING AUTHORITY";
const TEST_ORGANISATION: &str = "RUQSAT TEST – NOT FOR REAL DOCUMENTS";
