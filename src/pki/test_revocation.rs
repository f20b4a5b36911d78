//! An authority above an authority, lists for them, and what comes of asking about a certificate.

use rcgen::CrlDistributionPoint;
use rcgen::CrlIssuingDistributionPoint;
use rcgen::CrlScope;
use rcgen::CustomExtension;
use time::Duration;
use time::OffsetDateTime;

use crate::crypto::Provider;
use crate::pki::Evidence;
use crate::pki::NotRevoked;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::pki::TrustStore;
use crate::pki::ValidatedPath;
use crate::pki::build_path;
use crate::pki::check_revocation;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::der;
use crate::x509::oids;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::copy;
use crate::x509::test_authority::custom_extension;
use crate::x509::test_authority::extension;

pub(super) struct Pki {
    pub(super) root: TestAuthority,
    pub(super) ca: TestAuthority,
    pub(super) leaf: Certificate,
}

impl Pki {
    pub(super) fn new() -> Self {
        let root = TestAuthority::root("Root");
        let ca = root.ca("CA");
        let leaf = ca.leaf("Leaf");
        Self { root, ca, leaf }
    }

    pub(super) fn check(&self, lists: &[CertificateList]) -> Result<NotRevoked, RevocationError> {
        let path = path(&self.leaf, &[&self.root, &self.ca]);
        check(&path, lists)
    }
}

pub(super) fn path(leaf: &Certificate, authorities: &[&TestAuthority]) -> ValidatedPath {
    let trusted = authorities
        .iter()
        .map(|authority| authority.certificate.clone());
    let store = TrustStore::new(trusted, &Provider);
    build_path(leaf, &store, &[], NOW, &PathPolicy::strict(), &Provider).unwrap()
}

pub(super) fn check(
    path: &ValidatedPath,
    lists: &[CertificateList],
) -> Result<NotRevoked, RevocationError> {
    let evidence = Evidence {
        lists,
        ..Evidence::default()
    };
    check_with(path, &evidence, &PathPolicy::strict())
}

pub(super) fn check_with(
    path: &ValidatedPath,
    evidence: &Evidence<'_>,
    policy: &PathPolicy,
) -> Result<NotRevoked, RevocationError> {
    let store = TrustStore::from_anchors([path.anchor().clone()], []);
    check_revocation(path, &store, evidence, NOW, policy, &Provider)
}

/// A list of an hour ago with these entries and extensions.
pub(super) fn list_with(
    authority: &TestAuthority,
    entries: &[Vec<u8>],
    extensions: &[Vec<u8>],
) -> CertificateList {
    let raw = authority.raw_list(entries, extensions);
    CertificateList::from_der(&authority.sign_raw(&raw)).unwrap()
}

/// cRLNumber.
pub(super) fn number(number: u64) -> Vec<u8> {
    extension(oids::CRL_NUMBER, false, &der::unsigned(number))
}

/// deltaCRLIndicator.
pub(super) fn base_number(number: u64) -> Vec<u8> {
    extension(oids::DELTA_CRL_INDICATOR, true, &der::unsigned(number))
}

pub(super) fn was_revoked(
    depth: usize,
    reason: Option<CrlReason>,
) -> Result<NotRevoked, RevocationError> {
    Err(RevocationError::Revoked {
        depth,
        date: NOW - Duration::HOUR,
        reason,
        invalidity_date: None,
    })
}

pub(super) fn list_of(
    authority: &TestAuthority,
    this_update: OffsetDateTime,
    next_update: OffsetDateTime,
    entries: &[rcgen::RevokedCertParams],
) -> CertificateList {
    authority.list_with(|list| {
        list.this_update = this_update;
        list.next_update = next_update;
        list.revoked_certs = entries.iter().map(copy).collect();
    })
}

pub(super) fn for_point(
    authority: &TestAuthority,
    uri: &str,
    scope: Option<CrlScope>,
) -> CertificateList {
    authority.list_with(|list| {
        list.issuing_distribution_point = Some(CrlIssuingDistributionPoint {
            distribution_point: CrlDistributionPoint {
                uris: vec![uri.into()],
            },
            scope,
        });
    })
}

/// A GeneralName: an address.
pub(super) fn uri(text: &str) -> Vec<u8> {
    der::context_primitive(6, text.as_bytes())
}

/// A GeneralName: who the certificate is of.
pub(super) fn directory_name(certificate: &Certificate) -> Vec<u8> {
    der::context(4, certificate.subject().as_der())
}

/// DistributionPoint with these full names, flags of reasons and cRLIssuer, each left out when empty.
pub(super) fn point(names: &[Vec<u8>], reasons: &[u8], crl_issuer: &[Vec<u8>]) -> Vec<u8> {
    let mut fields = Vec::new();
    if !names.is_empty() {
        fields.extend(der::context(0, &der::context(0, &names.concat())));
    }
    if !reasons.is_empty() {
        fields.extend(der::context_primitive(1, reasons));
    }
    if !crl_issuer.is_empty() {
        fields.extend(der::context(2, &crl_issuer.concat()));
    }
    der::tlv(der::Tag::SEQUENCE, &fields)
}

/// cRLDistributionPoints.
pub(super) fn points(points: &[Vec<u8>]) -> CustomExtension {
    let value = der::sequence(points);
    custom_extension(oids::CRL_DISTRIBUTION_POINTS, false, &value)
}

/// issuingDistributionPoint with these full names and further fields.
pub(super) fn scope(names: &[Vec<u8>], fields: &[Vec<u8>]) -> Vec<u8> {
    let mut content = Vec::new();
    if !names.is_empty() {
        content.extend(der::context(0, &der::context(0, &names.concat())));
    }
    content.extend(fields.concat());
    let value = der::tlv(der::Tag::SEQUENCE, &content);
    extension(oids::ISSUING_DISTRIBUTION_POINT, true, &value)
}

/// A flag of issuingDistributionPoint that is set.
pub(super) fn flag(number: u8) -> Vec<u8> {
    der::context_primitive(number, &[0xff])
}

/// onlySomeReasons.
pub(super) fn only_reasons(bits: &[u8]) -> Vec<u8> {
    der::context_primitive(3, bits)
}
