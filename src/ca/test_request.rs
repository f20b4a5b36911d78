//! A request for the tests of everything that needs a signer.

use time::OffsetDateTime;

use crate::ca::Request;
use crate::eds::CertificateUse;
use crate::eds::Role;

/// A natural person who signs, from this moment on for the usual time.
pub(crate) fn individual(not_before: OffsetDateTime) -> Request {
    Request {
        role: Role::Individual,
        name: "Ким Олег".parse().unwrap(),
        iin: "850214300129".parse().unwrap(),
        organisation: None,
        usage: CertificateUse::Signing,
        not_before,
        not_after: None,
    }
}
