use std::fmt;

use crate::crypto::DigestAlgorithm;
use crate::pki::ocsp::Error;
use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// Who signed a response, as it says itself (RFC 6960 §4.2.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderId {
    /// By name.
    ByName(Name),
    /// By the SHA-1 of the key: the content of the BIT STRING subjectPublicKey.
    ByKey(Vec<u8>),
}

impl ResponderId {
    pub(super) fn read(fields: &mut Reader<'_>) -> Result<Self, Error> {
        let choice = fields.any()?;
        match choice.tag {
            BY_NAME => Ok(Self::ByName(Name::from_der(choice.content)?)),
            BY_KEY => {
                let mut key = choice.reader()?;
                let hash = key.octet_string()?.into_owned();
                key.finish()?;
                Ok(Self::ByKey(hash))
            }
            tag => Err(der::Error::InvalidValue { tag }.into()),
        }
    }

    /// The holder of this certificate, by key.
    pub fn by_key(certificate: &Certificate) -> Self {
        let key = certificate.subject_public_key_octets();
        Self::ByKey(DigestAlgorithm::Sha1.digest(key))
    }

    /// The identifier in DER.
    pub fn to_der(&self) -> Vec<u8> {
        match self {
            Self::ByName(name) => der::context(1, name.as_der()),
            Self::ByKey(hash) => der::context(2, &der::octet_string(hash)),
        }
    }

    /// Whether this certificate's holder is meant.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::ByName(name) => name == certificate.subject(),
            Self::ByKey(hash) => {
                let key = certificate.subject_public_key_octets();
                *hash == DigestAlgorithm::Sha1.digest(key)
            }
        }
    }
}

impl fmt::Display for ResponderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByName(name) => name.fmt(f),
            Self::ByKey(hash) => {
                f.write_str("key ")?;
                hash.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
            }
        }
    }
}

const BY_NAME: Tag = Tag::context(1);
const BY_KEY: Tag = Tag::context(2);
