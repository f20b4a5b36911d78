//! The national profile: subject, roles, who may sign what.

mod certificate_use;
mod error;
mod requirement;
mod role;
mod subject;
mod test_mark;

pub use certificate_use::CertificateUse;
pub use error::Error;
pub use requirement::Misfit;
pub use requirement::Requirement;
pub use role::CLIENT_AUTH;
pub use role::EMAIL_PROTECTION;
pub use role::ORGANISATION;
pub use role::Role;
pub use role::may_sign;
pub use subject::CertifiedId;
pub use subject::Subject;
pub use subject::Warning;
pub use test_mark::TEST_ISSUING_NAME;
pub use test_mark::TEST_MARK;
pub use test_mark::TEST_ROOT_NAME;
pub use test_mark::is_test_authority;
pub use test_mark::is_test_name;
