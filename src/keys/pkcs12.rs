//! PKCS#12 containers (RFC 7292), read by `p12-keystore`.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as P12Error;

use crate::keys::Error;
use crate::keys::PrivateKey;
use crate::keys::pfx::Pfx;
use crate::x509::Certificate;

/// What a PKCS#12 file holds, before it is known what belongs together: [`Identity`] finds that out.
///
/// [`Identity`]: crate::keys::Identity
#[derive(Debug)]
pub struct Pkcs12 {
    pub(super) keys: Vec<PrivateKey>,
    pub(super) certificates: Vec<Certificate>,
}

impl Pkcs12 {
    /// Opens a container. The password is checked against the MAC, and by decryption where there
    /// is none.
    ///
    /// # Errors
    ///
    /// [`Error::WrongPassword`]; [`Error::MalformedPkcs12`] and [`Error::UnsupportedContainer`] when
    /// it cannot be read; [`Error::Malformed`] when a certificate in it cannot.
    pub fn open(file: &[u8], password: &str) -> Result<Self, Error> {
        let archive = match Pkcs12Archive::from_pkcs12(file, password) {
            Err(P12Error::DerError(error)) => in_ber(file, password)?.ok_or_else(|| error.into()),
            archive => archive,
        };
        let archive = archive.map_err(refusal)?;
        let keys = archive.keys.iter();
        let certificates = archive.certs.iter();
        Ok(Self {
            keys: keys
                .map(|bag| PrivateKey::from_pkcs8(bag.key.as_der().to_vec()))
                .collect(),
            certificates: certificates
                .map(|bag| Certificate::from_der(bag.cert.as_der()))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The private keys, of any kind, in their order.
    pub fn keys(&self) -> &[PrivateKey] {
        &self.keys
    }

    /// The certificates in their order.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
}

/// The content of a container in BER; `None` when it is damaged.
fn in_ber(file: &[u8], password: &str) -> Result<Option<Pkcs12Archive>, Error> {
    let Ok(pfx) = Pfx::parse(file) else {
        return Ok(None);
    };
    pfx.check_password(password)?;
    let archive = pfx
        .to_der()
        .map(|der| Pkcs12Archive::from_pkcs12(&der, password));
    archive.ok().transpose().map_err(refusal)
}

fn refusal(error: P12Error) -> Error {
    match error {
        P12Error::MacError(_) | P12Error::Pkcs5Error(_) | P12Error::UnpadError => {
            Error::WrongPassword
        }
        P12Error::UnsupportedEncryptionScheme | P12Error::UnsupportedMacAlgorithm => {
            Error::UnsupportedContainer
        }
        other => Error::MalformedPkcs12(other),
    }
}
