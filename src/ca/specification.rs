//! What stands in the certificates: the national profile, marked as TEST.

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CrlDistributionPoint;
use rcgen::CustomExtension;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::DnValue;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::KeyIdMethod;
use rcgen::KeyUsagePurpose;
use rcgen::PublicKeyData;
use rcgen::string::PrintableString;
use time::OffsetDateTime;

use crate::ca::Error;
use crate::ca::Request;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::eds;
use crate::eds::CertificateUse;
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

/// A signer of the generation of 2022 (one certificate for everything), or an authentication
/// certificate as the generation before had it.
pub(super) fn leaf(
    request: &Request,
    key: &impl PublicKeyData,
) -> Result<CertificateParams, Error> {
    let not_before = whole_seconds(request.not_before);
    let not_after = request
        .not_after
        .unwrap_or_else(|| years_after(not_before, 1));
    let not_after = whole_seconds(not_after);
    if not_after <= not_before {
        return Err(Error::EmptyValidity {
            not_before,
            not_after,
        });
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = subject(request)?;
    params.not_before = not_before;
    params.not_after = not_after;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = key_usages(request.usage, key);
    params.extended_key_usages = extended_key_usages(request);
    params.use_authority_key_identifier_extension = true;
    params.key_identifier_method = key_identifier(key);
    params.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![LIST_ADDRESS.to_owned()],
    }];
    params.custom_extensions = vec![policies(policy(request)), key_storage()];
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

/// The instant without its fraction of a second, which certificates and lists cannot hold.
pub(super) fn whole_seconds(time: OffsetDateTime) -> OffsetDateTime {
    let time = time.to_offset(time::UtcOffset::UTC);
    time.replace_nanosecond(0)
        .expect("0 is a nanosecond of every second")
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

fn subject(request: &Request) -> Result<DistinguishedName, Error> {
    let role = request.role;
    if matches!(role, Role::System | Role::Treasury) {
        return Err(Error::RoleNotIssued(role));
    }
    match (&request.organisation, role.is_of_organisation()) {
        (None, true) => return Err(Error::NoOrganisation(role)),
        (Some(_), false) => return Err(Error::OrganisationNotAllowed(role)),
        _ => {}
    }
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, request.name.common_name());
    name.push(DnType::from_oid(&[2, 5, 4, 4]), request.name.surname());
    name.push(
        DnType::from_oid(&[2, 5, 4, 5]),
        printable(&format!("IIN{}", request.iin))?,
    );
    name.push(DnType::CountryName, printable("KZ")?);
    if let Some(organisation) = &request.organisation {
        name.push(DnType::OrganizationName, organisation.name.as_str());
        name.push(
            DnType::OrganizationalUnitName,
            format!("BIN{}", organisation.bin),
        );
    }
    if let Some(patronymic) = request.name.patronymic() {
        name.push(DnType::from_oid(&[2, 5, 4, 42]), patronymic);
    }
    Ok(name)
}

fn printable(text: &str) -> Result<DnValue, Error> {
    Ok(DnValue::PrintableString(PrintableString::try_from(text)?))
}

fn key_usages(usage: CertificateUse, key: &impl PublicKeyData) -> Vec<KeyUsagePurpose> {
    let mut usages = vec![KeyUsagePurpose::DigitalSignature];
    if usage == CertificateUse::Authentication {
        usages.push(KeyUsagePurpose::KeyEncipherment);
        return usages;
    }
    usages.push(KeyUsagePurpose::ContentCommitment);
    // RSA agrees on no keys; the RSA generation has the first two bits only.
    if key.algorithm() != &rcgen::PKCS_RSA_SHA256 {
        usages.push(KeyUsagePurpose::KeyAgreement);
    }
    usages
}

fn extended_key_usages(request: &Request) -> Vec<ExtendedKeyUsagePurpose> {
    let mut usages = vec![match request.usage {
        CertificateUse::Authentication => ExtendedKeyUsagePurpose::ClientAuth,
        _ => ExtendedKeyUsagePurpose::EmailProtection,
    }];
    if request.role.is_of_organisation() {
        usages.push(ExtendedKeyUsagePurpose::Other(arcs(eds::ORGANISATION)));
    }
    usages.push(ExtendedKeyUsagePurpose::Other(arcs(request.role.oid())));
    usages
}

fn policy(request: &Request) -> Oid {
    match (request.usage, request.role.is_of_organisation()) {
        (CertificateUse::Authentication, true) => const { Oid::new("1.2.398.3.3.2.2") },
        (CertificateUse::Authentication, false) => const { Oid::new("1.2.398.3.3.2.4") },
        _ => const { Oid::new("1.2.398.3.3.2") },
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

fn arcs(oid: Oid) -> Vec<u64> {
    let dotted = oid.to_string();
    dotted
        .split('.')
        .map(|arc| arc.parse().expect("arcs of constants are small numbers"))
        .collect()
}

/// Where a server of this authority would have its list (RFC 5280 §4.2.1.13). NSS, below `pdfsig
/// -no-ocsp`, does not trust a signer's certificate without any address.
const LIST_ADDRESS: &str = "http://127.0.0.1:8888/crl/ca.crl";
const KEY_STORAGE: Oid = Oid::new("1.2.398.3.3.5");
const PKCS12_FILE: Oid = Oid::new("1.2.398.3.3.5.1.1");
