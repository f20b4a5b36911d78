//! Values of extensions in DER (RFC 5280 §4.2 and §5.2).

use crate::crypto::Oid;
use crate::x509::Extension;
use crate::x509::KeyUsage;
use crate::x509::Name;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Tag;
use crate::x509::oids;

/// An extension that may be passed over by who does not know it.
pub(super) fn plain(oid: Oid, value: Vec<u8>) -> Extension {
    Extension {
        oid,
        critical: false,
        value,
    }
}

/// An extension that nobody may pass over.
pub(super) fn critical(oid: Oid, value: Vec<u8>) -> Extension {
    Extension {
        critical: true,
        ..plain(oid, value)
    }
}

/// Extension (§4.1) in DER, which leaves out that one is not critical.
pub(super) fn to_der(extension: &Extension) -> Vec<u8> {
    let critical = extension.critical.then(|| der::boolean(true));
    der::sequence(&[
        der::oid(&extension.oid),
        critical.unwrap_or_default(),
        der::octet_string(&extension.value),
    ])
}

/// KeyUsage (§4.2.1.3), a list of named bits without zeros at its end (X.690 §11.2.2).
pub(super) fn key_usage(usage: KeyUsage) -> Vec<u8> {
    let [low, high] = usage.bits().to_le_bytes().map(u8::reverse_bits);
    let octets = match (low, high) {
        (0, 0) => vec![0],
        (low, 0) => vec![low.trailing_zeros() as u8, low],
        (low, high) => vec![high.trailing_zeros() as u8, low, high],
    };
    der::tlv(Tag::BIT_STRING, &octets)
}

/// ExtKeyUsageSyntax (§4.2.1.12).
pub(super) fn extended_key_usage(purposes: &[Oid]) -> Vec<u8> {
    let purposes: Vec<_> = purposes.iter().map(der::oid).collect();
    der::sequence(&purposes)
}

/// AuthorityKeyIdentifier (§4.2.1.1) of the key, and if given of the certificate with this issuer
/// and number.
pub(super) fn authority_key_identifier(
    key: &[u8],
    certificate: Option<(&Name, &SerialNumber)>,
) -> Vec<u8> {
    let mut fields = vec![der::context_primitive(0, key)];
    if let Some((issuer, serial)) = certificate {
        let directory_name = der::context(4, issuer.as_der());
        fields.push(der::context(1, &directory_name));
        fields.push(der::context_primitive(2, serial.as_bytes()));
    }
    der::sequence(&fields)
}

/// BasicConstraints (§4.2.1.9) without a path length.
pub(super) fn basic_constraints(is_ca: bool) -> Vec<u8> {
    let ca = is_ca.then(|| der::boolean(true));
    der::sequence(ca.as_slice())
}

/// CRLDistributionPoints (§4.2.1.13), also of freshestCRL: one point with one address.
pub(super) fn distribution_points(address: &str) -> Vec<u8> {
    der::sequence(&[der::sequence(&[point_name(address)])])
}

/// IssuingDistributionPoint (§5.2.5): the list at this address, with everything in it.
pub(super) fn issuing_distribution_point(address: &str) -> Extension {
    let point = der::sequence(&[point_name(address)]);
    critical(oids::ISSUING_DISTRIBUTION_POINT, point)
}

/// DistributionPointName, and in it fullName.
fn point_name(address: &str) -> Vec<u8> {
    der::context(0, &der::context(0, &uri(address)))
}

/// AuthorityInfoAccessSyntax (§4.2.2.1).
pub(super) fn authority_information(ocsp: Option<&str>, issuers: &str) -> Extension {
    let description = |method: Oid, address| der::sequence(&[der::oid(&method), uri(address)]);
    let ocsp = ocsp.map(|address| description(AD_OCSP, address));
    let mut descriptions = Vec::from_iter(ocsp);
    descriptions.push(description(AD_CA_ISSUERS, issuers));
    plain(oids::AUTHORITY_INFO_ACCESS, der::sequence(&descriptions))
}

/// CertificatePolicies (§4.2.1.4) of one policy; a notice says in words what it is worth.
pub(super) fn certificate_policies(policy: Oid, notice: Option<&str>) -> Extension {
    let mut information = vec![der::oid(&policy)];
    if let Some(text) = notice {
        let notice = der::sequence(&[der::utf8_string(text)]);
        let qualifier = der::sequence(&[der::oid(&USER_NOTICE), notice]);
        information.push(der::sequence(&[qualifier]));
    }
    let policies = der::sequence(&[der::sequence(&information)]);
    plain(oids::CERTIFICATE_POLICIES, policies)
}

fn uri(address: &str) -> Vec<u8> {
    der::context_primitive(6, address.as_bytes())
}

const AD_CA_ISSUERS: Oid = Oid::new("1.3.6.1.5.5.7.48.2");
const AD_OCSP: Oid = Oid::new("1.3.6.1.5.5.7.48.1");
/// id-qt-unotice.
const USER_NOTICE: Oid = Oid::new("1.3.6.1.5.5.7.2.2");
