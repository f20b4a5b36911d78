//! Object identifiers of RFC 5280: attributes of names, and extensions.

use crate::x509::Oid;

/// commonName, CN.
pub const COMMON_NAME: Oid = Oid::new("2.5.4.3");
/// surname, SN.
pub const SURNAME: Oid = Oid::new("2.5.4.4");
/// serialNumber of a subject (not of a certificate).
pub const SERIAL_NUMBER: Oid = Oid::new("2.5.4.5");
/// countryName, C.
pub const COUNTRY_NAME: Oid = Oid::new("2.5.4.6");
/// localityName, L.
pub const LOCALITY_NAME: Oid = Oid::new("2.5.4.7");
/// stateOrProvinceName, ST.
pub const STATE_OR_PROVINCE_NAME: Oid = Oid::new("2.5.4.8");
/// streetAddress, STREET.
pub const STREET_ADDRESS: Oid = Oid::new("2.5.4.9");
/// organizationName, O.
pub const ORGANIZATION_NAME: Oid = Oid::new("2.5.4.10");
/// organizationalUnitName, OU.
pub const ORGANIZATIONAL_UNIT_NAME: Oid = Oid::new("2.5.4.11");
/// givenName.
pub const GIVEN_NAME: Oid = Oid::new("2.5.4.42");
/// userId, UID.
pub const USER_ID: Oid = Oid::new("0.9.2342.19200300.100.1.1");
/// domainComponent, DC.
pub const DOMAIN_COMPONENT: Oid = Oid::new("0.9.2342.19200300.100.1.25");
/// emailAddress of PKCS#9.
pub const EMAIL_ADDRESS: Oid = Oid::new("1.2.840.113549.1.9.1");

/// id-ce-subjectKeyIdentifier.
pub const SUBJECT_KEY_IDENTIFIER: Oid = Oid::new("2.5.29.14");
/// id-ce-keyUsage.
pub const KEY_USAGE: Oid = Oid::new("2.5.29.15");
/// id-ce-subjectAltName.
pub const SUBJECT_ALT_NAME: Oid = Oid::new("2.5.29.17");
/// id-ce-issuerAltName.
pub const ISSUER_ALT_NAME: Oid = Oid::new("2.5.29.18");
/// id-ce-basicConstraints.
pub const BASIC_CONSTRAINTS: Oid = Oid::new("2.5.29.19");
/// id-ce-cRLNumber.
pub const CRL_NUMBER: Oid = Oid::new("2.5.29.20");
/// id-ce-cRLReasons.
pub const CRL_REASONS: Oid = Oid::new("2.5.29.21");
/// id-ce-invalidityDate.
pub const INVALIDITY_DATE: Oid = Oid::new("2.5.29.24");
/// id-ce-deltaCRLIndicator.
pub const DELTA_CRL_INDICATOR: Oid = Oid::new("2.5.29.27");
/// id-ce-issuingDistributionPoint.
pub const ISSUING_DISTRIBUTION_POINT: Oid = Oid::new("2.5.29.28");
/// id-ce-certificateIssuer.
pub const CERTIFICATE_ISSUER: Oid = Oid::new("2.5.29.29");
/// id-ce-nameConstraints.
pub const NAME_CONSTRAINTS: Oid = Oid::new("2.5.29.30");
/// id-ce-cRLDistributionPoints.
pub const CRL_DISTRIBUTION_POINTS: Oid = Oid::new("2.5.29.31");
/// id-ce-certificatePolicies.
pub const CERTIFICATE_POLICIES: Oid = Oid::new("2.5.29.32");
/// anyPolicy of certificatePolicies.
pub const ANY_POLICY: Oid = Oid::new("2.5.29.32.0");
/// id-ce-policyMappings.
pub const POLICY_MAPPINGS: Oid = Oid::new("2.5.29.33");
/// id-ce-authorityKeyIdentifier.
pub const AUTHORITY_KEY_IDENTIFIER: Oid = Oid::new("2.5.29.35");
/// id-ce-policyConstraints.
pub const POLICY_CONSTRAINTS: Oid = Oid::new("2.5.29.36");
/// id-ce-extKeyUsage.
pub const EXT_KEY_USAGE: Oid = Oid::new("2.5.29.37");
/// anyExtendedKeyUsage of extKeyUsage.
pub const ANY_EXTENDED_KEY_USAGE: Oid = Oid::new("2.5.29.37.0");
/// id-ce-freshestCRL.
pub const FRESHEST_CRL: Oid = Oid::new("2.5.29.46");
/// id-ce-inhibitAnyPolicy.
pub const INHIBIT_ANY_POLICY: Oid = Oid::new("2.5.29.54");
/// id-pe-authorityInfoAccess.
pub const AUTHORITY_INFO_ACCESS: Oid = Oid::new("1.3.6.1.5.5.7.1.1");
