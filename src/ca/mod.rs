//! The TEST certification authority: certificates of the national profile and revocation lists,
//! for practice and tests only. Everything it issues names itself a TEST.

mod application;
mod authority;
mod certificate_list;
mod defect;
mod defective;
mod defective_issuers;
mod error;
mod extensions;
mod fault;
mod founding;
mod lists;
mod ocsp_responder;
mod profile;
mod public_key;
mod randomness;
mod rcgen_writer;
mod request;
mod revocation;
#[cfg(feature = "serve")]
pub mod serve;
mod specification;
mod state;
mod status;
pub mod store;
mod subject;
mod tbs_certificate;
#[cfg(test)]
pub(crate) mod test_request;
mod time_stamping;
mod unit;

pub use application::Application;
pub use application::CertificateKind;
pub use application::Holder;
pub use authority::Authority;
pub use defect::Defect;
pub use defect::UnknownDefect;
pub use defective::DefectiveIdentity;
pub use error::Error;
pub use error::NameDefect;
pub use fault::Fault;
pub use fault::Faults;
pub use fault::ListFault;
pub use fault::OcspFault;
pub use fault::TimeStampFault;
pub use fault::UnknownFault;
pub use founding::BaseUrl;
pub use founding::Founding;
pub use lists::RevocationLists;
pub use ocsp_responder::OcspConduct;
pub use ocsp_responder::OcspSigner;
pub use randomness::Randomness;
pub use randomness::Seed;
pub use request::Organisation;
pub use request::PersonName;
pub use request::Request;
pub use revocation::Revocation;
pub use status::Status;
