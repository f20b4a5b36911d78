use crate::cms::Error;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::x509::der;
use crate::x509::der::Reader;

/// What is stamped: a digest, and how it was made (RFC 3161 §2.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageImprint {
    hash_algorithm: Oid,
    hashed_message: Vec<u8>,
}

impl MessageImprint {
    /// The imprint of a message.
    pub fn of(message: &[u8], algorithm: DigestAlgorithm) -> Self {
        Self {
            hash_algorithm: algorithm.oid(),
            hashed_message: algorithm.digest(message),
        }
    }

    pub(super) fn read(mut fields: Reader<'_>) -> Result<Self, Error> {
        let algorithm = fields.algorithm_identifier()?;
        if algorithm.parameters.is_some() && !algorithm.has_null_parameters() {
            return Err(Error::WrongParameters {
                algorithm: algorithm.oid,
            });
        }
        let imprint = Self {
            hash_algorithm: algorithm.oid,
            hashed_message: fields.octet_string()?.into_owned(),
        };
        fields.finish()?;
        Ok(imprint)
    }

    /// The imprint in DER. Parameters are NULL, as authorities of all ages expect them.
    pub fn to_der(&self) -> Vec<u8> {
        der::sequence(&[
            der::algorithm_identifier(&self.hash_algorithm, Some(&der::null())),
            der::octet_string(&self.hashed_message),
        ])
    }

    /// The digest algorithm.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedDigest`] when it is not known here.
    pub fn hash_algorithm(&self) -> Result<DigestAlgorithm, Error> {
        let algorithm = self.hash_algorithm;
        DigestAlgorithm::from_oid(algorithm).ok_or(Error::UnsupportedDigest { algorithm })
    }

    /// The digest algorithm as it stands in the imprint.
    pub fn hash_algorithm_oid(&self) -> Oid {
        self.hash_algorithm
    }

    /// The digest.
    pub fn hashed_message(&self) -> &[u8] {
        &self.hashed_message
    }

    /// Whether this is the imprint of a message.
    ///
    /// # Errors
    ///
    /// As [`MessageImprint::hash_algorithm`].
    pub fn is_of(&self, message: &[u8]) -> Result<bool, Error> {
        Ok(self.hash_algorithm()?.digest(message) == self.hashed_message)
    }
}
