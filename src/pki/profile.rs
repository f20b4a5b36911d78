use std::fmt;

use crate::pki::AnchorRules;
use crate::pki::Error;
use crate::pki::name_syntax::is_absolute_uri;
use crate::pki::name_syntax::is_host_name;
use crate::pki::name_syntax::is_mailbox;
use crate::pki::name_syntax::is_network;
use crate::x509::AuthorityKeyIdentifier;
use crate::x509::Certificate;
use crate::x509::GeneralName;
use crate::x509::KeyUsage;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::oids;

/// How a certificate departs from what RFC 5280 §4 demands of conforming authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileViolation {
    /// A name of subjectAltName that its form does not allow (§4.2.1.6).
    AltNameForm {
        /// The name.
        name: GeneralName,
    },
    /// authorityKeyIdentifier names the issuer of the authority's certificate without its number,
    /// or the number without the issuer (§4.2.1.1).
    AuthorityCertInHalves,
    /// subjectAltName without any name (§4.2.1.6).
    EmptyAltNames,
    /// A CA without a name (§4.1.2.6).
    EmptyCaSubject,
    /// An issuer without a name (§4.1.2.4).
    EmptyIssuer,
    /// keyUsage without any usage (§4.2.1.3).
    EmptyKeyUsage,
    /// Neither a subject nor a critical subjectAltName (§4.1.2.6).
    EmptySubject,
    /// keyCertSign for a subject that is no CA (§4.2.1.9).
    KeyCertSignWithoutCa,
    /// No key identifier of the issuer, though the certificate is not self-signed (§4.2.1.1).
    MissingAuthorityKeyIdentifier,
    /// A CA without subjectKeyIdentifier (§4.2.1.2).
    MissingSubjectKeyIdentifier,
    /// An extension that must be critical is not.
    MustBeCritical {
        /// The extension.
        oid: Oid,
    },
    /// An extension that must not be critical is.
    MustNotBeCritical {
        /// The extension.
        oid: Oid,
    },
    /// A subtree of nameConstraints that its form does not allow, or of a form that must not be
    /// constrained (§4.2.1.10).
    NameConstraintForm {
        /// The base of the subtree.
        base: GeneralName,
    },
    /// nameConstraints for a subject that is no CA (§4.2.1.10).
    NameConstraintsWithoutCa,
    /// pathLenConstraint for a subject that is no CA or may not sign certificates (§4.2.1.9).
    PathLenWithoutCa,
    /// A distribution point that says neither where a list is nor who issues it (§4.2.1.13).
    PlacelessDistributionPoint,
    /// A serial number that is zero or negative (§4.1.2.2).
    SerialNotPositive,
    /// A serial number of more than 20 octets (§4.1.2.2).
    SerialTooLong {
        /// Its length.
        octets: usize,
    },
}

impl ProfileViolation {
    /// The clause of RFC 5280 that is broken: `4.2.1.9`.
    pub fn clause(&self) -> &'static str {
        match self {
            Self::EmptyIssuer => "4.1.2.4",
            Self::SerialNotPositive | Self::SerialTooLong { .. } => "4.1.2.2",
            Self::EmptyCaSubject | Self::EmptySubject => "4.1.2.6",
            Self::AuthorityCertInHalves | Self::MissingAuthorityKeyIdentifier => "4.2.1.1",
            Self::MissingSubjectKeyIdentifier => "4.2.1.2",
            Self::EmptyKeyUsage => "4.2.1.3",
            Self::AltNameForm { .. } | Self::EmptyAltNames => "4.2.1.6",
            Self::KeyCertSignWithoutCa | Self::PathLenWithoutCa => "4.2.1.9",
            Self::NameConstraintForm { .. } | Self::NameConstraintsWithoutCa => "4.2.1.10",
            Self::PlacelessDistributionPoint => "4.2.1.13",
            Self::MustBeCritical { oid } | Self::MustNotBeCritical { oid } => clause_of(*oid),
        }
    }

    fn write_fact(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AltNameForm { name } => return write!(f, "malformed alternative name {name:?}"),
            Self::MustBeCritical { oid } => return write!(f, "extension {oid} must be critical"),
            Self::MustNotBeCritical { oid } => {
                return write!(f, "extension {oid} must not be critical");
            }
            Self::NameConstraintForm { base } => {
                return write!(f, "malformed name constraint {base:?}");
            }
            Self::SerialTooLong { octets } => {
                return write!(f, "serial number of {octets} octets");
            }
            Self::AuthorityCertInHalves => {
                "issuer and serial number of the authority's certificate must stand together"
            }
            Self::EmptyAltNames => "subjectAltName without any name",
            Self::EmptyCaSubject => "CA without a name",
            Self::EmptyIssuer => "issuer without a name",
            Self::EmptyKeyUsage => "key usage without any usage",
            Self::EmptySubject => "neither a subject nor a critical alternative name",
            Self::KeyCertSignWithoutCa => "keyCertSign without the CA bit",
            Self::MissingAuthorityKeyIdentifier => "missing key identifier of the authority",
            Self::MissingSubjectKeyIdentifier => "missing key identifier of the CA",
            Self::NameConstraintsWithoutCa => "name constraints without the CA bit",
            Self::PathLenWithoutCa => "path length without the CA bit or without keyCertSign",
            Self::PlacelessDistributionPoint => {
                "distribution point with neither a place nor an issuer"
            }
            Self::SerialNotPositive => "serial number that is not positive",
        })
    }
}

impl fmt::Display for ProfileViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_fact(f)?;
        write!(f, " (RFC 5280 §{})", self.clause())
    }
}

/// Judges the certificates of a path; the end entity is first, the trust anchor last.
pub(super) fn check(path: &[&Certificate], anchor_rules: AnchorRules) -> Result<(), Error> {
    for (depth, certificate) in path.iter().enumerate() {
        let issuer = path.get(depth + 1).copied();
        if issuer.is_none() && anchor_rules == AnchorRules::Ignore {
            break;
        }
        check_profile(certificate, issuer).map_err(|violation| Error::ProfileViolated {
            depth,
            violation,
            certificate: (*certificate).clone(),
        })?;
    }
    Ok(())
}

/// Judges whether a conforming authority may have issued the certificate (RFC 5280 §4).
///
/// `issuer` is the certificate of its issuer, `None` for a trust anchor, of which nobody asks by
/// which key it was signed.
///
/// # Errors
///
/// The first rule that it breaks. Upper bounds of attributes are no rule here: national names exceed
/// them.
pub fn check_profile(
    certificate: &Certificate,
    issuer: Option<&Certificate>,
) -> Result<(), ProfileViolation> {
    let by_own_key = issuer.is_none_or(|issuer| issuer.spki() == certificate.spki());
    let self_signed = by_own_key && certificate.is_self_issued();
    check_serial(certificate.serial())?;
    check_names(certificate)?;
    check_criticality(certificate)?;
    check_authority_key(certificate.authority_key_identifier(), self_signed)?;
    check_ca(certificate)?;
    check_name_constraints(certificate)?;
    check_distribution_points(certificate)
}

/// A number of 20 octets whose first bit needs one more to stay positive is let pass: the limit can
/// be read as that of the number.
fn check_serial(serial: &SerialNumber) -> Result<(), ProfileViolation> {
    let magnitude = match serial.as_bytes() {
        [] | [0] | [0x80..=0xff, ..] => return Err(ProfileViolation::SerialNotPositive),
        [0, magnitude @ ..] => magnitude,
        magnitude => magnitude,
    };
    match magnitude.len() {
        0..=MAX_SERIAL_OCTETS => Ok(()),
        octets => Err(ProfileViolation::SerialTooLong { octets }),
    }
}

fn check_names(certificate: &Certificate) -> Result<(), ProfileViolation> {
    if certificate.issuer().is_empty() {
        return Err(ProfileViolation::EmptyIssuer);
    }
    if certificate.subject().is_empty() {
        if is_ca(certificate) {
            return Err(ProfileViolation::EmptyCaSubject);
        }
        let names = certificate.extension(oids::SUBJECT_ALT_NAME);
        if !names.is_some_and(|names| names.critical) {
            return Err(ProfileViolation::EmptySubject);
        }
    }
    let Some(names) = certificate.subject_alt_names() else {
        return Ok(());
    };
    if names.is_empty() {
        return Err(ProfileViolation::EmptyAltNames);
    }
    match names.iter().find(|name| !is_sound_name(name)) {
        Some(name) => Err(ProfileViolation::AltNameForm { name: name.clone() }),
        None => Ok(()),
    }
}

/// What the standard leaves to applications, such as a wildcard for the first label of a DNS name,
/// is let pass.
fn is_sound_name(name: &GeneralName) -> bool {
    match name {
        GeneralName::DnsName(name) => is_host_name(name.strip_prefix("*.").unwrap_or(name)),
        GeneralName::Rfc822Name(address) => is_mailbox(address),
        GeneralName::Uri(uri) => is_absolute_uri(uri),
        GeneralName::IpAddress(octets) => matches!(octets.len(), 4 | 16),
        GeneralName::DirectoryName(_)
        | GeneralName::EdiPartyName(_)
        | GeneralName::OtherName { .. }
        | GeneralName::RegisteredId(_)
        | GeneralName::X400Address(_) => true,
    }
}

fn check_criticality(certificate: &Certificate) -> Result<(), ProfileViolation> {
    for extension in certificate.extensions() {
        let oid = extension.oid;
        if extension.critical && NEVER_CRITICAL.contains(&oid) {
            return Err(ProfileViolation::MustNotBeCritical { oid });
        }
        let must_be = ALWAYS_CRITICAL.contains(&oid)
            || (oid == oids::BASIC_CONSTRAINTS && is_ca(certificate));
        if !extension.critical && must_be {
            return Err(ProfileViolation::MustBeCritical { oid });
        }
    }
    Ok(())
}

fn check_authority_key(
    identifier: Option<&AuthorityKeyIdentifier>,
    self_signed: bool,
) -> Result<(), ProfileViolation> {
    let key = identifier.and_then(|identifier| identifier.key_identifier.as_ref());
    if key.is_none() && !self_signed {
        return Err(ProfileViolation::MissingAuthorityKeyIdentifier);
    }
    let in_halves = identifier.is_some_and(|identifier| {
        identifier.authority_cert_issuer.is_some()
            != identifier.authority_cert_serial_number.is_some()
    });
    if in_halves {
        return Err(ProfileViolation::AuthorityCertInHalves);
    }
    Ok(())
}

fn check_ca(certificate: &Certificate) -> Result<(), ProfileViolation> {
    let usage = certificate.key_usage();
    if usage == Some(KeyUsage::from_bits(0)) {
        return Err(ProfileViolation::EmptyKeyUsage);
    }
    let may_sign = usage.is_none_or(KeyUsage::key_cert_sign);
    let has_path_len = certificate
        .basic_constraints()
        .is_some_and(|constraints| constraints.path_len_constraint.is_some());
    if is_ca(certificate) {
        if certificate.subject_key_identifier().is_none() {
            return Err(ProfileViolation::MissingSubjectKeyIdentifier);
        }
        if has_path_len && !may_sign {
            return Err(ProfileViolation::PathLenWithoutCa);
        }
    } else {
        if usage.is_some_and(KeyUsage::key_cert_sign) {
            return Err(ProfileViolation::KeyCertSignWithoutCa);
        }
        if has_path_len {
            return Err(ProfileViolation::PathLenWithoutCa);
        }
    }
    Ok(())
}

fn check_name_constraints(certificate: &Certificate) -> Result<(), ProfileViolation> {
    let Some(constraints) = certificate.name_constraints() else {
        return Ok(());
    };
    if !is_ca(certificate) {
        return Err(ProfileViolation::NameConstraintsWithoutCa);
    }
    let mut bases = constraints.permitted.iter().chain(&constraints.excluded);
    match bases.find(|base| !is_sound_base(base)) {
        Some(base) => Err(ProfileViolation::NameConstraintForm { base: base.clone() }),
        None => Ok(()),
    }
}

/// An empty base is the whole name space of its form: the standard does not say so of all forms,
/// but nothing else can be meant.
fn is_sound_base(base: &GeneralName) -> bool {
    match base {
        GeneralName::DnsName(name) => name.is_empty() || is_host_name(name),
        GeneralName::Rfc822Name(address) if address.contains('@') => is_mailbox(address),
        GeneralName::Rfc822Name(host) | GeneralName::Uri(host) => {
            host.is_empty() || is_host_name(host.strip_prefix('.').unwrap_or(host))
        }
        GeneralName::IpAddress(octets) => is_network(octets),
        GeneralName::DirectoryName(_) | GeneralName::OtherName { .. } => true,
        GeneralName::EdiPartyName(_)
        | GeneralName::RegisteredId(_)
        | GeneralName::X400Address(_) => false,
    }
}

fn check_distribution_points(certificate: &Certificate) -> Result<(), ProfileViolation> {
    let mut points = certificate
        .crl_distribution_points()
        .iter()
        .chain(certificate.freshest_crl());
    if points.any(|point| point.names.is_empty() && point.crl_issuer.is_none()) {
        return Err(ProfileViolation::PlacelessDistributionPoint);
    }
    Ok(())
}

fn is_ca(certificate: &Certificate) -> bool {
    certificate
        .basic_constraints()
        .is_some_and(|constraints| constraints.ca)
}

/// Where the standard says how critical an extension is.
fn clause_of(oid: Oid) -> &'static str {
    CLAUSES
        .iter()
        .find_map(|(known, clause)| (*known == oid).then_some(*clause))
        .unwrap_or("4.2")
}

const MAX_SERIAL_OCTETS: usize = 20;
const ALWAYS_CRITICAL: [Oid; 3] = [
    oids::INHIBIT_ANY_POLICY,
    oids::NAME_CONSTRAINTS,
    oids::POLICY_CONSTRAINTS,
];
const NEVER_CRITICAL: [Oid; 4] = [
    oids::AUTHORITY_INFO_ACCESS,
    oids::AUTHORITY_KEY_IDENTIFIER,
    oids::FRESHEST_CRL,
    oids::SUBJECT_KEY_IDENTIFIER,
];
const CLAUSES: [(Oid, &str); 8] = [
    (oids::AUTHORITY_INFO_ACCESS, "4.2.2.1"),
    (oids::AUTHORITY_KEY_IDENTIFIER, "4.2.1.1"),
    (oids::BASIC_CONSTRAINTS, "4.2.1.9"),
    (oids::FRESHEST_CRL, "4.2.1.15"),
    (oids::INHIBIT_ANY_POLICY, "4.2.1.14"),
    (oids::NAME_CONSTRAINTS, "4.2.1.10"),
    (oids::POLICY_CONSTRAINTS, "4.2.1.11"),
    (oids::SUBJECT_KEY_IDENTIFIER, "4.2.1.2"),
];

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
