//! Object identifiers of RFC 5652, RFC 5035, RFC 6211 and RFC 3161.

use crate::crypto::Oid;

pub(super) const DATA: Oid = Oid::new("1.2.840.113549.1.7.1");
pub(super) const SIGNED_DATA: Oid = Oid::new("1.2.840.113549.1.7.2");
pub(super) const RSA_ENCRYPTION: Oid = Oid::new("1.2.840.113549.1.1.1");

pub(super) const CONTENT_TYPE: Oid = Oid::new("1.2.840.113549.1.9.3");
pub(super) const MESSAGE_DIGEST: Oid = Oid::new("1.2.840.113549.1.9.4");
pub(super) const SIGNING_TIME: Oid = Oid::new("1.2.840.113549.1.9.5");
pub(super) const SIGNING_CERTIFICATE: Oid = Oid::new("1.2.840.113549.1.9.16.2.12");
pub(super) const SIGNING_CERTIFICATE_V2: Oid = Oid::new("1.2.840.113549.1.9.16.2.47");
pub(super) const CMS_ALGORITHM_PROTECTION: Oid = Oid::new("1.2.840.113549.1.9.52");

pub(super) const TST_INFO: Oid = Oid::new("1.2.840.113549.1.9.16.1.4");
