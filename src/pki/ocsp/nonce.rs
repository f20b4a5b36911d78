use crate::pki::ocsp::Error;
use crate::pki::ocsp::oids;
use crate::x509::Extension;
use crate::x509::der;

/// What binds a response to the request that it answers (RFC 9654 §2.1): 1 to 128 octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(Vec<u8>);

impl Nonce {
    /// The nonce of these octets. For a request they come from a random source, 32 of them.
    ///
    /// # Errors
    ///
    /// [`Error::NonceLength`] for no octets or more than 128.
    pub fn new(octets: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let octets = octets.into();
        match octets.len() {
            1..=128 => Ok(Self(octets)),
            length => Err(Error::NonceLength { length }),
        }
    }

    /// The octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The extension that brings it: an OCTET STRING inside that of the extension.
    pub fn to_extension(&self) -> Extension {
        Extension {
            oid: oids::NONCE,
            critical: false,
            value: der::octet_string(&self.0),
        }
    }
}
