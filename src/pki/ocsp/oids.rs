//! Object identifiers of RFC 6960.

use crate::x509::Oid;

/// id-pkix-ocsp-basic.
pub(super) const BASIC: Oid = Oid::new("1.3.6.1.5.5.7.48.1.1");
/// id-pkix-ocsp-nonce.
pub(super) const NONCE: Oid = Oid::new("1.3.6.1.5.5.7.48.1.2");
/// id-pkix-ocsp-crl.
pub(super) const CRL_REFERENCES: Oid = Oid::new("1.3.6.1.5.5.7.48.1.3");
/// id-pkix-ocsp-nocheck.
pub(super) const NO_CHECK: Oid = Oid::new("1.3.6.1.5.5.7.48.1.5");
/// id-pkix-ocsp-archive-cutoff.
pub(super) const ARCHIVE_CUTOFF: Oid = Oid::new("1.3.6.1.5.5.7.48.1.6");
/// id-pkix-ocsp-extended-revoke.
pub(super) const EXTENDED_REVOKE: Oid = Oid::new("1.3.6.1.5.5.7.48.1.9");
/// id-kp-OCSPSigning.
pub(super) const OCSP_SIGNING: Oid = Oid::new("1.3.6.1.5.5.7.3.9");
