use crate::crypto::AlgorithmIdentifier;
use crate::crypto::Error;
use crate::crypto::Oid;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::tlv;

/// A PrivateKeyInfo or OneAsymmetricKey (RFC 5958 §2), as far as ring does not read it itself.
pub(super) struct PrivateKeyInfo<'a> {
    identifier: AlgorithmIdentifier<'a>,
    private_key: &'a [u8],
}

impl<'a> PrivateKeyInfo<'a> {
    pub(super) fn parse(pkcs8: &'a [u8]) -> Option<Self> {
        let (sequence, _) = tlv::take(pkcs8, tlv::SEQUENCE)?;
        let (_version, rest) = tlv::take(sequence, tlv::INTEGER)?;
        let (identifier, rest) = tlv::take(rest, tlv::SEQUENCE)?;
        let (oid, parameters) = tlv::take(identifier, tlv::OBJECT_IDENTIFIER)?;
        let (private_key, _attributes) = tlv::take(rest, tlv::OCTET_STRING)?;
        Some(Self {
            identifier: AlgorithmIdentifier {
                oid: Oid::from_octets(oid).ok()?,
                parameters: Some(parameters).filter(|parameters| !parameters.is_empty()),
            },
            private_key,
        })
    }

    pub(super) fn algorithm(&self) -> Result<PublicKeyAlgorithm, Error> {
        PublicKeyAlgorithm::from_identifier(&self.identifier)
    }

    /// The size of the modulus of an RSAPrivateKey (RFC 8017 §A.1.2).
    pub(super) fn rsa_bits(&self) -> Option<usize> {
        let (sequence, _) = tlv::take(self.private_key, tlv::SEQUENCE)?;
        let (_version, rest) = tlv::take(sequence, tlv::INTEGER)?;
        let (modulus, _) = tlv::take(rest, tlv::INTEGER)?;
        let zeros = modulus.iter().take_while(|&&octet| octet == 0).count();
        let first = modulus.get(zeros)?;
        Some((modulus.len() - zeros) * 8 - first.leading_zeros() as usize)
    }

    /// The private scalar of an ECPrivateKey (RFC 5915 §3).
    pub(super) fn ec_scalar(&self) -> Option<&'a [u8]> {
        let (sequence, _) = tlv::take(self.private_key, tlv::SEQUENCE)?;
        let (_version, rest) = tlv::take(sequence, tlv::INTEGER)?;
        let (scalar, _) = tlv::take(rest, tlv::OCTET_STRING)?;
        Some(scalar)
    }
}
