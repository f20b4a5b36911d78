//! What stands in the certificates: the national profile, marked as TEST.

use time::OffsetDateTime;

use crate::ca::Application;
use crate::ca::BaseUrl;
use crate::ca::CertificateKind;
use crate::ca::Error;
use crate::ca::extensions;
use crate::ca::public_key::PublicKey;
use crate::ca::specification::AuthorityKey;
use crate::ca::specification::Criticality;
use crate::ca::specification::Specification;
use crate::ca::specification::SubjectType;
use crate::ca::specification::whole_seconds;
use crate::ca::subject;
use crate::ca::subject::SubjectAttribute;
use crate::crypto::Oid;
use crate::eds;
use crate::eds::Role;
use crate::x509::Extension;
use crate::x509::KeyUsage;
use crate::x509::der;
use crate::x509::oids;

/// The root: no path length, as the national ones, and an identifier of itself with issuer and
/// number. It names its own list, since lists say whom they are for: who wants the root's status as
/// well (`openssl verify -crl_check_all`) finds none otherwise.
pub(super) fn root<'a>(
    key: PublicKey<'a>,
    now: OffsetDateTime,
    base: &BaseUrl,
) -> Result<Specification<'a>, Error> {
    let mut root = authority(eds::TEST_ROOT_NAME, key, now)?;
    root.list = Some(base.join(ROOT_LIST));
    let policy = extensions::certificate_policies(ROOT_POLICY, Some(NOTICE));
    root.others.push(policy);
    Ok(root)
}

/// The issuing authority below the root.
pub(super) fn issuing<'a>(
    key: PublicKey<'a>,
    now: OffsetDateTime,
    base: &BaseUrl,
) -> Result<Specification<'a>, Error> {
    let mut issuing = authority(eds::TEST_ISSUING_NAME, key, now)?;
    issuing.list = Some(base.join(ROOT_LIST));
    issuing.others.extend([
        extensions::certificate_policies(oids::ANY_POLICY, None),
        extensions::authority_information(None, &base.join(ROOT_CERTIFICATE)),
    ]);
    Ok(issuing)
}

/// The OCSP responder, as the national authority has one: valid a year, itself never asked about
/// (RFC 6960 §4.2.2.2.1).
pub(super) fn responder<'a>(
    key: PublicKey<'a>,
    now: OffsetDateTime,
    base: &BaseUrl,
) -> Result<Specification<'a>, Error> {
    let mut responder = service("OCSP RESPONDER", key, now, 1)?;
    responder.purposes = (vec![OCSP_SIGNING], Criticality::NotCritical);
    responder.list = Some(base.join(LIST));
    responder.others = vec![
        extensions::plain(OCSP_NO_CHECK, der::null()),
        extensions::authority_information(None, &base.join(CERTIFICATE)),
    ];
    Ok(responder)
}

/// The time-stamping authority: valid three years, its purpose critical and alone (RFC 3161 §2.3).
pub(super) fn time_stamping<'a>(
    key: PublicKey<'a>,
    now: OffsetDateTime,
    base: &BaseUrl,
) -> Result<Specification<'a>, Error> {
    let mut time_stamping = service("TIME-STAMPING AUTHORITY", key, now, 3)?;
    time_stamping.purposes = (vec![TIME_STAMPING], Criticality::Critical);
    time_stamping.list = Some(base.join(LIST));
    time_stamping.others = addresses(base).into();
    Ok(time_stamping)
}

/// The certificate of a signer or an information system, as its generation had it.
pub(super) fn leaf<'a>(
    application: &Application,
    key: PublicKey<'a>,
    base: &BaseUrl,
) -> Result<Specification<'a>, Error> {
    let years = match application.role {
        Role::System => 3,
        _ => 1,
    };
    let (not_before, not_after) = validity(application.not_before, application.not_after, years)?;
    let subject = subject::of(application)?;
    let is_legacy = application.kind.is_legacy();
    let mut others = vec![extensions::certificate_policies(
        policy(application),
        Some(NOTICE),
    )];
    others.extend(addresses(base));
    if !is_legacy {
        others.push(key_storage());
    }
    // The template of the right to sign marks the purposes instead of the usage as critical.
    let (of_usage, of_purposes) = match (application.role, is_legacy) {
        (Role::CanSign, false) => (Criticality::NotCritical, Criticality::Critical),
        _ => (Criticality::Critical, Criticality::NotCritical),
    };
    Ok(Specification {
        serial: key.serial(),
        not_before,
        not_after,
        subject,
        public_key: key,
        authority_key: AuthorityKey::Identifier,
        key_usage: (key_usage(application.kind, &key), of_usage),
        purposes: (purposes(application), of_purposes),
        list: Some(base.join(LIST)),
        key_identifier: match is_legacy {
            true => key.legacy_identifier(),
            false => key.identifier(),
        },
        subject_type: SubjectType::EndEntity,
        others,
    })
}

fn authority<'a>(
    name: &str,
    key: PublicKey<'a>,
    now: OffsetDateTime,
) -> Result<Specification<'a>, Error> {
    let (not_before, not_after) = validity(now, None, 10)?;
    let mark = der::utf8_string(NOTICE);
    Ok(Specification {
        serial: key.serial(),
        not_before,
        not_after,
        subject: vec![SubjectAttribute::utf8(oids::COMMON_NAME, name)],
        public_key: key,
        authority_key: AuthorityKey::IdentifierAndCertificate,
        key_usage: (KEY_CERT_SIGN_AND_CRL_SIGN, Criticality::Critical),
        purposes: (Vec::new(), Criticality::NotCritical),
        list: None,
        key_identifier: key.identifier(),
        subject_type: SubjectType::Authority,
        others: vec![extensions::plain(eds::TEST_MARK, mark)],
    })
}

fn service<'a>(
    name: &str,
    key: PublicKey<'a>,
    now: OffsetDateTime,
    years: i32,
) -> Result<Specification<'a>, Error> {
    let (not_before, not_after) = validity(now, None, years)?;
    Ok(Specification {
        serial: key.serial(),
        not_before,
        not_after,
        subject: vec![
            SubjectAttribute::utf8(oids::COMMON_NAME, name),
            SubjectAttribute::utf8(oids::ORGANIZATION_NAME, TEST_ORGANISATION),
        ],
        public_key: key,
        authority_key: AuthorityKey::Identifier,
        key_usage: (DIGITAL_SIGNATURE, Criticality::Critical),
        purposes: (Vec::new(), Criticality::NotCritical),
        list: None,
        key_identifier: key.identifier(),
        subject_type: SubjectType::EndEntity,
        others: Vec::new(),
    })
}

/// First and last instant: so many years if nothing else is asked for.
fn validity(
    not_before: OffsetDateTime,
    not_after: Option<OffsetDateTime>,
    years: i32,
) -> Result<(OffsetDateTime, OffsetDateTime), Error> {
    let not_before = whole_seconds(not_before);
    let not_after = not_after.unwrap_or_else(|| years_after(not_before, years));
    let not_after = whole_seconds(not_after);
    match not_after > not_before {
        true => Ok((not_before, not_after)),
        false => Err(Error::EmptyValidity {
            not_before,
            not_after,
        }),
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

fn key_usage(kind: CertificateKind, key: &PublicKey<'_>) -> KeyUsage {
    match kind {
        CertificateKind::LegacyAuthentication => KeyUsage::from_bits(0b101),
        CertificateKind::LegacySigning => KeyUsage::from_bits(0b11),
        // RSA agrees on no keys, so the bit would promise what the key cannot do.
        CertificateKind::Single if key.is_rsa() => KeyUsage::from_bits(0b11),
        CertificateKind::Single => KeyUsage::from_bits(0b1_0011),
    }
}

fn purposes(application: &Application) -> Vec<Oid> {
    let mut purposes = Vec::new();
    match (application.kind, application.role) {
        (CertificateKind::LegacyAuthentication, _) => purposes.push(eds::CLIENT_AUTH),
        // A system receives no mail, and its template says so.
        (_, Role::System) => {}
        _ => purposes.push(eds::EMAIL_PROTECTION),
    }
    if application.role.is_of_organisation() {
        purposes.push(eds::ORGANISATION);
    }
    purposes.push(application.role.oid());
    purposes
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

/// Where to ask about a certificate, and where its issuer and the newest changes are.
fn addresses(base: &BaseUrl) -> [Extension; 2] {
    let delta = extensions::distribution_points(&base.join(DELTA_LIST));
    [
        extensions::authority_information(Some(&base.join(OCSP)), &base.join(CERTIFICATE)),
        extensions::plain(oids::FRESHEST_CRL, delta),
    ]
}

/// Where the key is kept: a PKCS#12 file.
fn key_storage() -> Extension {
    extensions::plain(KEY_STORAGE, der::sequence(&[der::oid(&PKCS12_FILE)]))
}

/// Below the base address: the issuing authority's certificate, its lists, and the root's.
const CERTIFICATE: &str = "ca/ca.cer";
pub(super) const DELTA_LIST: &str = "crl/ca-delta.crl";
pub(super) const LIST: &str = "crl/ca.crl";
const OCSP: &str = "ocsp";
const ROOT_CERTIFICATE: &str = "ca/root.cer";
pub(super) const ROOT_DELTA_LIST: &str = "crl/root-delta.crl";
pub(super) const ROOT_LIST: &str = "crl/root.crl";

const DIGITAL_SIGNATURE: KeyUsage = KeyUsage::from_bits(0b1);
const KEY_CERT_SIGN_AND_CRL_SIGN: KeyUsage = KeyUsage::from_bits(0b110_0000);
const KEY_STORAGE: Oid = Oid::new("1.2.398.3.3.5");
/// The national practice statement does not speak for this authority: these are its own words.
const NOTICE: &str = "TEST – NOT FOR REAL DOCUMENTS";
const OCSP_NO_CHECK: Oid = Oid::new("1.3.6.1.5.5.7.48.1.5");
const OCSP_SIGNING: Oid = Oid::new("1.3.6.1.5.5.7.3.9");
const PKCS12_FILE: Oid = Oid::new("1.2.398.3.3.5.1.1");
const ROOT_POLICY: Oid = Oid::new("1.2.398.3.1.2");
const TEST_ORGANISATION: &str = "RUQSAT TEST – NOT FOR REAL DOCUMENTS";
const TIME_STAMPING: Oid = Oid::new("1.3.6.1.5.5.7.3.8");
