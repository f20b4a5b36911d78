//! Private keys and the containers they come in (RFC 5958, RFC 7292).

mod error;
mod identity;
mod key_algorithm;
mod pem;
mod pfx;
mod pkcs12;
mod pkcs12_kdf;
mod pkcs12_writer;
mod private_key;

pub use error::Error;
pub use identity::Identity;
pub use key_algorithm::KeyAlgorithm;
pub use key_algorithm::UnknownKeyAlgorithm;
pub use pkcs12::Pkcs12;
pub use pkcs12_writer::Pkcs12Contents;
pub use pkcs12_writer::check_pkcs12_text;
pub use pkcs12_writer::write_legacy_pkcs12;
pub use pkcs12_writer::write_pkcs12;
pub use private_key::PrivateKey;
